/// The texts of doubles: what `double('...')` accepts and what `string(double)` prints.
///
/// Both follow Go's `strconv`, which cel-go uses, except that underscores are never accepted.
package enum DoubleText {
  /// Decimal and hexadecimal floating-point numbers, `inf`, `infinity` and `nan` in any case.
  ///
  /// `nil` for other forms (a signed `nan` is one) and for finite numbers that would round to
  /// infinity; numbers too small become zero.
  package static func parse(_ text: some Collection<UInt8>) -> Double? {
    var cursor = ByteCursor(text)
    let sign = cursor.sign()
    switch cursor.peek?.asciiLowercased {
    case UInt8(ascii: "i"):
      guard cursor.restMatches("inf") || cursor.restMatches("infinity") else { return nil }
      return sign == .minus ? -.infinity : .infinity
    case UInt8(ascii: "n"):
      return sign == nil && cursor.restMatches("nan") ? .nan : nil
    default:
      break
    }
    guard let number = NumberShape(&cursor) else { return nil }
    if let value = number.exactValue { return sign == .minus ? -value : value }
    // The text is known to be plain ASCII of the right form, so the standard library's correctly
    // rounding parser can do the work; it reports overflow as infinity.
    guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }

  /// The fewest digits that read back as `value`, as Go's `%g`: `1`, `0.0001`, `1e-05`, `1e+06`.
  package static func format(_ value: Double) -> String {
    guard value.isFinite else {
      return value.isNaN ? "NaN" : (value < 0 ? "-Inf" : "+Inf")
    }
    let decimal = DecimalDigits(shortest: value)
    // Go decides between the two notations as if six digits had been asked for.
    let usesExponent = decimal.point < -3 || decimal.point > 6
    return usesExponent ? decimal.scientific(precision: nil) : decimal.fixed(precision: nil)
  }
}

/// A number that has been checked against Go's grammar of floating-point texts, with its value
/// when that takes no more than one exact multiplication or division.
private struct NumberShape {
  /// Set for short decimals: most numbers people write, and no string is made for them.
  private(set) var exactValue: Double?

  private var mantissa: UInt64 = 0
  private var digits = 0
  private var fractionDigits = 0

  init?(_ cursor: inout ByteCursor<some Collection<UInt8>>) {
    var hasDigits = false
    if cursor.skip("0") {
      guard !cursor.skip("x"), !cursor.skip("X") else {
        guard Self.isHexadecimal(&cursor) else { return nil }
        return
      }
      hasDigits = true
    }
    while let digit = cursor.digit() {
      append(digit)
      hasDigits = true
    }
    if cursor.skip(".") {
      while let digit = cursor.digit() {
        append(digit)
        fractionDigits &+= 1
        hasDigits = true
      }
    }
    guard hasDigits, let exponent = Self.exponent(&cursor, "e", "E"), cursor.isAtEnd else {
      return nil
    }
    exactValue = evaluate(exponent: exponent)
  }

  private mutating func append(_ digit: UInt8) {
    mantissa = mantissa &* 10 &+ UInt64(digit)
    if mantissa > 0 { digits &+= 1 }
  }

  /// `nil` when the product would need rounding twice; the general parser does those.
  private func evaluate(exponent: Int) -> Double? {
    guard digits <= 15 else { return nil }
    let scale = exponent - fractionDigits
    let value = Double(mantissa)
    // Up to 10^22 powers of ten are exact doubles, so a single operation rounds correctly.
    if scale >= 0, scale < Self.powersOfTen.count { return value * Self.powersOfTen[scale] }
    if scale < 0, -scale < Self.powersOfTen.count { return value / Self.powersOfTen[-scale] }
    return mantissa == 0 ? 0 : nil
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The rest of `0x1.8p-2`; the exponent is not optional in this form.
  private static func isHexadecimal(_ cursor: inout ByteCursor<some Collection<UInt8>>) -> Bool {
    var hasDigits = false
    while cursor.peek?.hexDigitValue != nil {
      hasDigits = cursor.next() != nil
    }
    if cursor.skip(".") {
      while cursor.peek?.hexDigitValue != nil {
        hasDigits = cursor.next() != nil
      }
    }
    guard hasDigits, !cursor.isAtEnd else { return false }
    return exponent(&cursor, "p", "P") != nil && cursor.isAtEnd
  }

  /// 0 when there is none, `nil` when the letter is not followed by digits. Saturates far beyond
  /// the range of a double, where only the general parser is used.
  private static func exponent(
    _ cursor: inout ByteCursor<some Collection<UInt8>>, _ lower: Unicode.Scalar,
    _ upper: Unicode.Scalar
  ) -> Int? {
    guard cursor.skip(lower) || cursor.skip(upper) else { return 0 }
    let isNegative = cursor.sign() == .minus
    guard let first = cursor.digit() else { return nil }
    var value = Int(first)
    while let digit = cursor.digit() {
      value = min(value * 10 + Int(digit), 1_000_000_000)
    }
    return isNegative ? -value : value
  }
}
