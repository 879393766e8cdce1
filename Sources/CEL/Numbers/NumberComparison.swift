/// Comparison and conversion between the three number types.
///
/// Ordering and equality follow the conformance suite: an integer meets a double *as a double*,
/// so `9223372036854775807 == 9223372036854775808.0`. Map keys and list indexes must use the
/// exact conversions below instead, where that pair is different.
///
/// cel-go checks the range before it converts. That check cannot change the answer, since
/// rounding keeps order: every integer rounds to a double inside the rounded range.
///
/// No use is made of `rounded(_:)` and `init(exactly:)`: they call the C mathematics library,
/// which nothing links in a program that imports no C module. The plain conversions truncate.
package enum NumberComparison {
  /// -1, 0 or 1.
  package static func compare(_ a: Int64, _ b: UInt64) -> Int {
    guard let a = UInt64(exactly: a) else { return -1 }
    return a < b ? -1 : (a == b ? 0 : 1)
  }

  /// -1, 0 or 1; `nil` when `b` is NaN, which is neither equal nor ordered.
  package static func compare(_ a: Int64, _ b: Double) -> Int? { compare(Double(a), b) }

  /// -1, 0 or 1; `nil` when `b` is NaN, which is neither equal nor ordered.
  package static func compare(_ a: UInt64, _ b: Double) -> Int? { compare(Double(a), b) }

  /// -1, 0 or 1; `nil` when either is NaN. The two zeros are equal.
  package static func compare(_ a: Double, _ b: Double) -> Int? {
    if a < b { return -1 }
    if a > b { return 1 }
    return a == b ? 0 : nil
  }

  /// The integer that a double denotes without loss, for map keys and list indexes.
  package static func exactInt64(_ value: Double) -> Int64? {
    guard value >= -0x1p63, value < 0x1p63 else { return nil }
    let integer = Int64(value)
    return Double(integer) == value ? integer : nil
  }

  /// The unsigned integer that a double denotes without loss, for map keys.
  package static func exactUInt64(_ value: Double) -> UInt64? {
    guard value >= 0, value < 0x1p64 else { return nil }
    let integer = UInt64(value)
    return Double(integer) == value ? integer : nil
  }

  /// `int(value)`: truncation toward zero. The range is open at both ends, so that
  /// -9223372036854775808.0, which many out of range numbers round to, is refused.
  package static func truncatedInt64(_ value: Double) -> Int64? {
    value > -0x1p63 && value < 0x1p63 ? Int64(value) : nil
  }

  /// `uint(value)`: truncation toward zero. Anything below zero is refused, -0.5 too.
  package static func truncatedUInt64(_ value: Double) -> UInt64? {
    value >= 0 && value < 0x1p64 ? UInt64(value) : nil
  }
}
