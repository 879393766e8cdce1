/// Every function that the machine knows, one case a name.
enum Builtin: UInt16, CaseIterable, Sendable {
  // Core
  case size, contains, startsWith, endsWith, matches
  case type, dyn, int, uint, double, string, bytes, bool, timestamp, duration
  case getFullYear, getMonth, getDate, getDayOfMonth, getDayOfWeek, getDayOfYear
  case getHours, getMinutes, getSeconds, getMilliseconds
  // Extension libraries
  case join, lowerAscii, upperAscii

  /// Whether a call with constant arguments may be computed when the program is made.
  var isFoldable: Bool { self != .dyn && self != .type }

  /// Whether the second argument names a time zone.
  var takesTimeZone: Bool {
    rawValue >= Self.getFullYear.rawValue && rawValue <= Self.getMilliseconds.rawValue
  }
}

/// The arguments of a call: at most four.
struct Arguments: BitwiseCopyable {
  var count: Int
  var first = Value.null
  var second = Value.null
  var third = Value.null
  var fourth = Value.null

  init(_ values: [Value]) {
    count = values.count
    if count > 0 { first = values[0] }
    if count > 1 { second = values[1] }
    if count > 2 { third = values[2] }
    if count > 3 { fourth = values[3] }
  }

  init(_ registers: borrowing MutableSpan<Value>, from start: Int, count: Int) {
    self.count = count
    if count > 0 { first = registers[start] }
    if count > 1 { second = registers[start + 1] }
    if count > 2 { third = registers[start + 2] }
    if count > 3 { fourth = registers[start + 3] }
  }

  /// The first error among them.
  var error: Value? {
    if first.isError { return first }
    if count > 1, second.isError { return second }
    if count > 2, third.isError { return third }
    if count > 3, fourth.isError { return fourth }
    return nil
  }
}
