/// Doubles with a given number of decimals, for `string.format`'s `%f` and `%e`.
///
/// The digits come from the exact binary value and exact halves round to even, so `%.2f` of 2.345
/// (which is a little above) is 2.35 and `%.0f` of 2.5 is 2. The values that are not numbers print
/// as the conformance suite wants them: `NaN`, `Infinity`, `-Infinity`.
package enum DoubleFormat {
  /// The most decimals that can be asked for; larger requests are cut to this many, so that a
  /// format string cannot ask for unbounded memory.
  package static let maximumPrecision = 1000

  /// Go's `%.{precision}f`: `123.500`.
  package static func fixed(_ value: Double, precision: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    let precision = clamped(precision)
    var decimal = DecimalDigits(exact: value)
    decimal.round(keeping: decimal.point + precision)
    return decimal.fixed(precision: precision)
  }

  /// Go's `%.{precision}e`: `1.234568e+04`, the exponent with a sign and at least two digits.
  package static func scientific(_ value: Double, precision: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    let precision = clamped(precision)
    var decimal = DecimalDigits(exact: value)
    decimal.round(keeping: precision + 1)
    return decimal.scientific(precision: precision)
  }

  /// The fewest digits that read back as `value`, never with an exponent: what `%s` and `%d` print.
  package static func shortest(_ value: Double) -> String {
    guard value.isFinite else { return nonFinite(value) }
    return DecimalDigits(shortest: value).fixed(precision: nil)
  }

  private static func nonFinite(_ value: Double) -> String {
    value.isNaN ? "NaN" : (value < 0 ? "-Infinity" : "Infinity")
  }

  private static func clamped(_ precision: Int) -> Int {
    min(max(precision, 0), maximumPrecision)
  }
}
