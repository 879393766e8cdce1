/// A decimal number on its way to becoming an integer or the nearest double.
///
/// The value is `mantissa` times ten to the `exponent`, exactly while no digit had to be left out.
struct JSONNumber {
  let isNegative: Bool

  /// The first significant digits, at most 19: more might not fit.
  private var mantissa: UInt64 = 0
  private var digits = 0
  private var exponent = 0

  /// How many digits did not fit; only a number of 20 digits can still be an integer then.
  private var leftOut = 0
  private var lastLeftOut: UInt8 = 0

  /// Whether there is no fraction and no exponent.
  private var isWhole = true

  init(isNegative: Bool) {
    self.isNegative = isNegative
  }

  /// Takes digits until something else comes; returns its place.
  mutating func take(_ bytes: Span<UInt8>, from start: Int, isFraction: Bool) -> Int {
    if isFraction { isWhole = false }
    var index = start
    while index < bytes.count {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      if digits < 19 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        if mantissa != 0 { digits &+= 1 }
        if isFraction { exponent &-= 1 }
      } else {
        leftOut &+= 1
        lastLeftOut = digit
        if !isFraction { exponent &+= 1 }
      }
      index &+= 1
    }
    return index
  }

  mutating func scale(by power: Int) {
    isWhole = false
    exponent &+= power
  }

  /// The bits of the number as a 64-bit signed integer, if it is one.
  var int: UInt64? {
    guard isWhole, leftOut == 0 else { return nil }
    let most: UInt64 = isNegative ? 1 << 63 : 1 << 63 - 1
    guard mantissa <= most else { return nil }
    return isNegative ? 0 &- mantissa : mantissa
  }

  /// The bits of the number as a 64-bit unsigned integer, if it is one.
  var uint: UInt64? {
    guard isWhole, !isNegative, leftOut <= 1 else { return nil }
    if leftOut == 0 { return mantissa }
    let (tens, overflowed) = mantissa.multipliedReportingOverflow(by: 10)
    let (sum, carried) = tens.addingReportingOverflow(UInt64(lastLeftOut))
    return overflowed || carried ? nil : sum
  }

  /// The double nearest to the number, or nothing when that is infinite.
  func double(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Double? {
    let size = magnitude(bytes, from: start, to: end)
    guard size.isFinite else { return nil }
    return isNegative ? -size : size
  }

  /// The fast path is exact: both factors are doubles without rounding, so their product or
  /// quotient is rounded once.
  private func magnitude(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Double {
    if mantissa == 0 { return 0 }
    if leftOut == 0, mantissa <= 1 << 53 {
      if exponent >= 0, exponent <= 22 { return Double(mantissa) * Self.powersOfTen[exponent] }
      if exponent < 0, exponent >= -22 { return Double(mantissa) / Self.powersOfTen[0 &- exponent] }
    }
    return slowMagnitude(bytes, from: start, to: end)
  }

  /// Rounds by the standard library, over a text that is never longer than what rounding can depend
  /// on.
  ///
  /// The halfway point between two doubles has at most 767 significant digits. So digits past the
  /// 800th only matter in whether one of them is not zero, and a single 1 says so.
  @inline(never)
  private func slowMagnitude(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Double {
    // The number is 0.d₁d₂d₃… times ten to this power, with d₁ not zero.
    let power = exponent &+ digits
    if power > 310 { return .infinity }
    if power < -330 { return 0 }
    var text = [UInt8(ascii: "0"), UInt8(ascii: ".")]
    var hasMore = false
    for index in start..<end {
      let byte = bytes[index]
      if byte | 0x20 == UInt8(ascii: "e") { break }
      if byte == UInt8(ascii: ".") || (text.count == 2 && byte == UInt8(ascii: "0")) { continue }
      if text.count < 802 {
        text.append(byte)
      } else if byte != UInt8(ascii: "0") {
        hasMore = true
      }
    }
    if hasMore { text.append(UInt8(ascii: "1")) }
    text.append(UInt8(ascii: "e"))
    text.append(contentsOf: String(power).utf8)
    return Double(String(decoding: text, as: UTF8.self)) ?? .infinity
  }

  private static let powersOfTen: InlineArray<23, Double> = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
