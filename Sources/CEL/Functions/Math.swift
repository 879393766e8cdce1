/// The `math` library.
extension Memory {
  mutating func callMath(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    let first = arguments.first
    switch builtin {
    case .greatest, .least: return extreme(builtin, arguments)
    case .abs: return Self.absolute(first)
    case .sign: return Self.sign(first)
    case .sqrt: return Self.squareRoot(first)
    case .bitNot:
      switch first.tag {
      case .int: return .int(~first.int)
      case .uint: return .uint(~first.bits)
      default: return .noOverload(first)
      }
    case .bitAnd, .bitOr, .bitXor: return Self.bits(builtin, first, arguments.second)
    case .bitShiftLeft, .bitShiftRight: return shift(builtin, first, arguments.second)
    default:
      guard first.tag == .double else { return .noOverload(first) }
      return Self.ofDouble(builtin, first.double)
    }
  }

  private static func ofDouble(_ builtin: Builtin, _ value: Double) -> Value {
    switch builtin {
    case .ceil: .double(Rounding.up(value))
    case .floor: .double(Rounding.down(value))
    case .round: .double(Rounding.nearest(value))
    case .trunc: .double(Rounding.towardZero(value))
    case .isNaN: .bool(value.isNaN)
    case .isInf: .bool(value.isInfinite)
    case .isFinite: .bool(value.isFinite)
    default: .failure(.noSuchFunction)
    }
  }

  // MARK: Greatest and least

  /// Of one number, of two, or of a list. Of equal ones the first; what is not a number has no
  /// order.
  private mutating func extreme(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    if arguments.count == 2 { return pick(builtin, arguments.first, arguments.second) }
    let operand = arguments.first
    guard operand.tag == .list else { return operand.isNumber ? operand : .noOverload(operand) }
    guard operand.count > 0 else {
      return invalid("an empty list has no greatest or least element")
    }
    guard pay(operand.count) else { return .failure(.budgetExceeded) }
    var best = element(0, of: operand)
    if !best.isNumber { return .noOverload(best) }
    for index in 1..<operand.count {
      best = pick(builtin, best, element(index, of: operand))
      if best.isError { return best }
    }
    return best
  }

  private mutating func pick(_ builtin: Builtin, _ first: Value, _ second: Value) -> Value {
    guard first.isNumber, second.isNumber else { return .noOverload(first, second) }
    guard let order = Self.compareNumbers(first, second) else { return invalid("NaN has no order") }
    return (builtin == .greatest ? order < 0 : order > 0) ? second : first
  }

  // MARK: Signs

  private static func absolute(_ value: Value) -> Value {
    switch value.tag {
    case .uint: value
    case .int: value.int == .min ? .failure(.overflow) : .int(abs(value.int))
    case .double: .double(value.double.magnitude)
    default: .noOverload(value)
    }
  }

  private static func sign(_ value: Value) -> Value {
    switch value.tag {
    case .int: .int(value.int.signum())
    case .uint: .uint(value.bits == 0 ? 0 : 1)
    case .double:
      value.double.isNaN ? value : .double(value.double > 0 ? 1 : value.double < 0 ? -1 : 0)
    default: .noOverload(value)
    }
  }

  private static func squareRoot(_ value: Value) -> Value {
    switch value.tag {
    case .double: .double(value.double.squareRoot())
    case .int: .double(Double(value.int).squareRoot())
    case .uint: .double(Double(value.bits).squareRoot())
    default: .noOverload(value)
    }
  }

  // MARK: Bits

  private static func bits(_ builtin: Builtin, _ left: Value, _ right: Value) -> Value {
    guard left.tag == right.tag, left.tag == .int || left.tag == .uint else {
      return .noOverload(left, right)
    }
    let bits: UInt64 =
      switch builtin {
      case .bitAnd: left.bits & right.bits
      case .bitOr: left.bits | right.bits
      default: left.bits ^ right.bits
      }
    return Value(left.tag, bits: bits)
  }

  /// Shifting by 64 or more leaves nothing; to the right the sign is a bit like any other.
  private mutating func shift(_ builtin: Builtin, _ value: Value, _ offset: Value) -> Value {
    guard value.tag == .int || value.tag == .uint, offset.tag == .int else {
      return .noOverload(value, offset)
    }
    guard offset.int >= 0 else { return invalid("bits can't be shifted by a negative number") }
    guard offset.int < 64 else { return Value(value.tag) }
    let bits =
      builtin == .bitShiftLeft
      ? value.bits << UInt64(offset.int) : value.bits >> UInt64(offset.int)
    return Value(value.tag, bits: bits)
  }
}

/// Whole numbers near a double. The standard library's own `rounded` calls into C's mathematics,
/// which this module does not link.
enum Rounding {
  static func towardZero(_ value: Double) -> Double {
    // From 2^52 on every double is whole; so are the infinities, and NaN is left alone.
    guard value.magnitude < 4_503_599_627_370_496 else { return value }
    let whole = Double(Int64(value))
    return whole == 0 && value.sign == .minus ? -0.0 : whole
  }

  static func down(_ value: Double) -> Double {
    let whole = towardZero(value)
    return whole > value ? whole - 1 : whole
  }

  static func up(_ value: Double) -> Double {
    let whole = towardZero(value)
    return whole < value ? whole + 1 : whole
  }

  /// Halves away from zero.
  static func nearest(_ value: Double) -> Double {
    let whole = towardZero(value)
    guard (value - whole).magnitude >= 0.5 else { return whole }
    return value < 0 ? whole - 1 : whole + 1
  }
}
