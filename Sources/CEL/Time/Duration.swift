/// The texts of durations. A duration itself is a plain `Int64` of nanoseconds, about 292 years.
package enum DurationText {
  /// Reads what Go's `time.ParseDuration` reads: `1h30m`, `-1.5h`, `.5s`, `1.s`, `0`.
  ///
  /// Units are h, m, s, ms, us (also µs) and ns, in any order and number; only zero needs none.
  package static func parse(_ text: some Collection<UInt8>) -> Int64? {
    var cursor = ByteCursor(text)
    let isNegative = cursor.sign() == .minus
    if cursor.restMatches("0") { return 0 }
    guard !cursor.isAtEnd else { return nil }
    var total: UInt64 = 0
    while !cursor.isAtEnd {
      guard let term = term(&cursor) else { return nil }
      // Both are at most 2^63, so the sum cannot wrap.
      total += term
      guard total <= Int64.min.magnitude else { return nil }
    }
    return isNegative ? Int64(truncatingIfNeeded: 0 &- total) : Int64(exactly: total)
  }

  /// One number with its unit, in nanoseconds; at most 2^63.
  private static func term(_ cursor: inout ByteCursor<some Collection<UInt8>>) -> UInt64? {
    let limit = Int64.min.magnitude
    var hasDigits = false
    var whole: UInt64 = 0
    while let digit = cursor.digit() {
      hasDigits = true
      guard whole <= limit / 10 else { return nil }
      whole = whole * 10 + UInt64(digit)
      guard whole <= limit else { return nil }
    }
    var fraction = Fraction()
    if cursor.skip(".") {
      while let digit = cursor.digit() {
        hasDigits = true
        fraction.append(digit)
      }
    }
    guard hasDigits, let unit = unit(&cursor), whole <= limit / unit else { return nil }
    let sum = whole * unit + fraction.nanoseconds(unit: unit)
    return sum <= limit ? sum : nil
  }

  /// The nanoseconds of the unit, which reaches to the next digit or point.
  private static func unit(_ cursor: inout ByteCursor<some Collection<UInt8>>) -> UInt64? {
    // The longest unit has three bytes, so all of them fit in one number.
    var name: UInt32 = 0
    while let byte = cursor.peek, byte.digitValue == nil, byte != UInt8(ascii: ".") {
      guard name >> 24 == 0, cursor.next() != nil else { return nil }
      name = name << 8 | UInt32(byte)
    }
    switch name {
    case 0x68: return 3_600_000_000_000  // h
    case 0x6D: return 60_000_000_000  // m
    case 0x73: return 1_000_000_000  // s
    case 0x6D73: return 1_000_000  // ms
    case 0x7573, 0xC2B573, 0xCEBC73: return 1_000  // us, with the micro sign, with the letter mu
    case 0x6E73: return 1  // ns
    default: return nil
    }
  }

  /// The decimals of a number, kept as Go keeps them: digits that do not fit are dropped and the
  /// product is a double's, cut to an integer, so that `0.3333333333333333333h` is 20 minutes.
  private struct Fraction {
    private var digits: UInt64 = 0
    private var scale = 1.0
    private var isFull = false

    mutating func append(_ digit: UInt8) {
      let limit = UInt64(Int64.max)
      guard !isFull, digits <= limit / 10 else {
        isFull = true
        return
      }
      let next = digits * 10 + UInt64(digit)
      guard next <= limit + 1 else {
        isFull = true
        return
      }
      digits = next
      scale *= 10
    }

    /// Less than one unit, or exactly one after rounding; the conversion truncates.
    func nanoseconds(unit: UInt64) -> UInt64 {
      let product = Double(digits) * (Double(unit) / scale)
      return product < 0x1p63 ? UInt64(product) : 0
    }
  }

  /// Seconds with the shortest exact fraction: `3661.001s`, `-1.5s`, `0s`.
  package static func format(_ nanoseconds: Int64) -> String {
    var text: [UInt8] = nanoseconds < 0 ? [UInt8(ascii: "-")] : []
    let (seconds, fraction) = nanoseconds.magnitude.quotientAndRemainder(
      dividingBy: Int64.nanosecondsPerSecond.magnitude)
    text.append(decimal: seconds)
    text.append(fraction: UInt32(truncatingIfNeeded: fraction))
    text.append(UInt8(ascii: "s"))
    return String(decoding: text, as: UTF8.self)
  }
}
