import CEL

/// Equality and order of values, from the language definition.
enum ReferenceEquality {
  /// CEL's `==`: numbers on one line, everything else only with its own type.
  static func isEqual(_ left: CELValue, _ right: CELValue) -> Bool {
    if let order = numericOrder(left, right) { return order == 0 }
    switch (left, right) {
    case (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.string(let a), .string(let b)): return Array(a.unicodeScalars) == Array(b.unicodeScalars)
    case (.bytes(let a), .bytes(let b)): return a == b
    case (.duration(let a), .duration(let b)): return a == b
    case (.timestamp(let a, let m), .timestamp(let b, let n)): return a == b && m == n
    case (.type(let a), .type(let b)): return a == b
    case (.list(let a), .list(let b)): return a.count == b.count && zip(a, b).allSatisfy(isEqual)
    case (.map(let a), .map(let b)):
      return a.count == b.count
        && a.allSatisfy { entry in
          b.contains { isSameKey(entry.key, $0.key) && isEqual(entry.value, $0.value) }
        }
    default: return false
    }
  }

  /// -1, 0, 1 or (with NaN) 2; nil unless both are numbers. An integer meets a double as a double.
  static func numericOrder(_ left: CELValue, _ right: CELValue) -> Int? {
    switch (left, right) {
    case (.int(let a), .int(let b)): order(a, b)
    case (.uint(let a), .uint(let b)): order(a, b)
    case (.int(let a), .uint(let b)): order(Int128(a), Int128(b))
    case (.uint(let a), .int(let b)): order(Int128(a), Int128(b))
    case (.double(let a), .double(let b)): order(a, b)
    case (.int(let a), .double(let b)): order(Double(a), b)
    case (.uint(let a), .double(let b)): order(Double(a), b)
    case (.double(let a), .int(let b)): order(a, Double(b))
    case (.double(let a), .uint(let b)): order(a, Double(b))
    default: nil
    }
  }

  private static func order<T: Comparable>(_ left: T, _ right: T) -> Int {
    left < right ? -1 : left == right ? 0 : left > right ? 1 : 2
  }

  /// Whether two keys find the same entry: as numbers without loss, unlike `==`.
  static func isSameKey(_ left: CELValue, _ right: CELValue) -> Bool {
    switch (left, right) {
    case (.string, .string), (.bool, .bool): isEqual(left, right)
    default: exact(left).map { $0 == exact(right) } ?? false
    }
  }

  /// The whole number that a value is.
  static func exact(_ value: CELValue) -> Int128? {
    switch value {
    case .int(let number): Int128(number)
    case .uint(let number): Int128(number)
    case .double(let number):
      number.isFinite ? Int128(exactly: max(-0x1p100, min(0x1p100, number))) : nil
    default: nil
    }
  }

  /// The order of two values: -1, 0, 1, or 2 when neither comes first (NaN).
  static func order(_ left: CELValue, _ right: CELValue) throws(ReferenceFailure) -> Int {
    if let order = numericOrder(left, right) { return order }
    switch (left, right) {
    case (.bool(let a), .bool(let b)): return order(a ? 1 : 0, b ? 1 : 0)
    case (.duration(let a), .duration(let b)): return order(a, b)
    case (.timestamp(let a, let m), .timestamp(let b, let n)):
      return a == b ? order(m, n) : order(a, b)
    case (.string(let a), .string(let b)):
      return sequenceOrder(a.unicodeScalars.map(\.value), b.unicodeScalars.map(\.value))
    case (.bytes(let a), .bytes(let b)): return sequenceOrder(a, b)
    default: throw .noOverload
    }
  }

  private static func sequenceOrder<T: Comparable>(_ left: [T], _ right: [T]) -> Int {
    for (a, b) in zip(left, right) where a != b { return a < b ? -1 : 1 }
    return order(left.count, right.count)
  }
}
