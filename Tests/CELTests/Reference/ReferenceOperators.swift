import CEL

/// Operators over values.
extension ReferenceEvaluator {
  func operation(_ id: ID, _ scope: Scope) throws(ReferenceFailure) -> CELValue {
    let operands = try children(of: id, scope)
    let left = operands[0]
    let right = operands.count > 1 ? operands[1] : .null
    switch expression.op(of: id) {
    case .not:
      guard case .bool(let value) = left else { throw .noOverload }
      return .bool(!value)
    case .negate: return try negated(left)
    case .equal: return .bool(ReferenceEquality.isEqual(left, right))
    case .notEqual: return .bool(!ReferenceEquality.isEqual(left, right))
    case .less: return .bool(try ReferenceEquality.order(left, right) == -1)
    case .lessOrEqual: return .bool([-1, 0].contains(try ReferenceEquality.order(left, right)))
    case .greater: return .bool(try ReferenceEquality.order(left, right) == 1)
    case .greaterOrEqual: return .bool([1, 0].contains(try ReferenceEquality.order(left, right)))
    case .in: return .bool(try isMember(left, of: right))
    case .index: return try element(left, at: right)
    case .add: return try sum(left, right)
    case .subtract: return try difference(left, right)
    case .multiply:
      return try arithmetic(left, right, { $0.multipliedReportingOverflow(by: $1) }, { $0 * $1 })
    case .divide:
      switch (left, right) {
      case (.int, .int(0)), (.uint, .uint(0)): throw ReferenceFailure("division_by_zero")
      default:
        return try arithmetic(left, right, { $0.dividedReportingOverflow(by: $1) }, { $0 / $1 })
      }
    case .modulo: return try remainder(left, right)
    }
  }

  private func negated(_ operand: CELValue) throws(ReferenceFailure) -> CELValue {
    switch operand {
    case .int(let value): return try int(-Int128(value))
    case .double(let value): return .double(-value)
    default: throw .noOverload
    }
  }

  private func isMember(_ element: CELValue, of collection: CELValue) throws(ReferenceFailure)
    -> Bool
  {
    switch collection {
    case .list(let elements): elements.contains { ReferenceEquality.isEqual($0, element) }
    case .map(let entries): entries.contains { ReferenceEquality.isSameKey($0.key, element) }
    default: throw .noOverload
    }
  }

  private func element(_ collection: CELValue, at key: CELValue) throws(ReferenceFailure)
    -> CELValue
  {
    switch collection {
    case .list(let elements):
      guard let index = ReferenceEquality.exact(key) else {
        throw ReferenceFailure("invalid_index")
      }
      guard index >= 0, index < elements.count else { throw ReferenceFailure("index_out_of_range") }
      return elements[Int(index)]
    case .map(let entries):
      guard let entry = entries.first(where: { ReferenceEquality.isSameKey($0.key, key) }) else {
        throw ReferenceFailure("no_such_key")
      }
      return entry.value
    default: throw .noOverload
    }
  }

  // MARK: Numbers

  private typealias Whole = (Int128, Int128) -> (partialValue: Int128, overflow: Bool)

  private func int(_ value: Int128) throws(ReferenceFailure) -> CELValue {
    guard let int = Int64(exactly: value) else { throw ReferenceFailure("overflow") }
    return .int(int)
  }

  /// Numbers of one type: whole ones with so many bits that an overflow can be seen.
  private func arithmetic(
    _ left: CELValue, _ right: CELValue, _ whole: Whole, _ real: (Double, Double) -> Double
  ) throws(ReferenceFailure) -> CELValue {
    switch (left, right) {
    case (.int(let a), .int(let b)): return try int(whole(Int128(a), Int128(b)).partialValue)
    case (.uint(let a), .uint(let b)):
      let result = whole(Int128(a), Int128(b))
      guard !result.overflow, let uint = UInt64(exactly: result.partialValue) else {
        throw ReferenceFailure("overflow")
      }
      return .uint(uint)
    case (.double(let a), .double(let b)): return .double(real(a, b))
    default: throw .noOverload
    }
  }

  private func remainder(_ left: CELValue, _ right: CELValue) throws(ReferenceFailure) -> CELValue {
    switch (left, right) {
    case (.int(let a), .int(let b)):
      if b == 0 { throw ReferenceFailure("modulus_by_zero") }
      // The quotient does not fit, so there is no remainder either.
      if a == .min, b == -1 { throw ReferenceFailure("overflow") }
      return .int(a % b)
    case (.uint(let a), .uint(let b)):
      if b == 0 { throw ReferenceFailure("modulus_by_zero") }
      return .uint(a % b)
    default: throw .noOverload
    }
  }

  // MARK: Sums

  private func sum(_ left: CELValue, _ right: CELValue) throws(ReferenceFailure) -> CELValue {
    switch (left, right) {
    case (.string(let a), .string(let b)): return .string(a + b)
    case (.bytes(let a), .bytes(let b)): return .bytes(a + b)
    case (.list(let a), .list(let b)): return .list(a + b)
    case (.duration(let a), .duration(let b)): return try duration(Int128(a) + Int128(b))
    case (.timestamp, .duration(let b)): return try timestamp(try instant(left) + Int128(b))
    case (.duration(let a), .timestamp): return try timestamp(try instant(right) + Int128(a))
    default: return try arithmetic(left, right, { $0.addingReportingOverflow($1) }, { $0 + $1 })
    }
  }

  private func difference(_ left: CELValue, _ right: CELValue) throws(ReferenceFailure) -> CELValue
  {
    switch (left, right) {
    case (.duration(let a), .duration(let b)): return try duration(Int128(a) - Int128(b))
    case (.timestamp, .duration(let b)): return try timestamp(try instant(left) - Int128(b))
    case (.timestamp, .timestamp): return try duration(try instant(left) - (try instant(right)))
    default:
      return try arithmetic(left, right, { $0.subtractingReportingOverflow($1) }, { $0 - $1 })
    }
  }

  // MARK: Time

  /// Nanoseconds since the Unix epoch.
  private func instant(_ value: CELValue) throws(ReferenceFailure) -> Int128 {
    guard case .timestamp(let seconds, let nanoseconds) = value else { throw .noOverload }
    return Int128(seconds) * 1_000_000_000 + Int128(nanoseconds)
  }

  private func duration(_ nanoseconds: Int128) throws(ReferenceFailure) -> CELValue {
    guard let value = Int64(exactly: nanoseconds) else { throw ReferenceFailure("overflow") }
    return .duration(value)
  }

  /// The years 1 to 9999.
  private func timestamp(_ nanoseconds: Int128) throws(ReferenceFailure) -> CELValue {
    let (first, end) = (Int128(-62_135_596_800), Int128(253_402_300_800))
    guard nanoseconds >= first * 1_000_000_000, nanoseconds < end * 1_000_000_000 else {
      throw ReferenceFailure("overflow")
    }
    var seconds = nanoseconds / 1_000_000_000
    var rest = nanoseconds % 1_000_000_000
    if rest < 0 {
      seconds -= 1
      rest += 1_000_000_000
    }
    return .timestamp(seconds: Int64(seconds), nanoseconds: UInt32(rest))
  }
}
