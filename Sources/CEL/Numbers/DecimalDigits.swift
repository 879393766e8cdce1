/// A finite double in decimal: `0.d1d2d3... x 10^point`, with a sign.
///
/// The digits have neither leading nor trailing zeros and zero has none at all, so that rounding
/// and both layouts need no special cases.
struct DecimalDigits {
  private(set) var digits: [UInt8]
  /// Where the decimal point stands, counted in digits from the first one; it can be negative.
  private(set) var point: Int
  let isNegative: Bool

  /// Steps that finding every digit costs: it grows with the square of the exponent.
  static func cost(exact value: Double) -> Int {
    guard value != 0, value.isFinite else { return 1 }
    let power = Int(value.exponentBitPattern) - 1075
    return 16 + power * power >> 10
  }

  /// Every digit of the binary value; at most 767 of them.
  init(exact value: Double) {
    isNegative = value.sign == .minus
    digits = []
    point = 0
    guard value != 0 else { return }
    // value = significand x 2^exponent, with an integral significand.
    let isNormal = value.exponentBitPattern != 0
    let significand = value.significandBitPattern | (isNormal ? 1 << 52 : 0)
    let exponent = Int(isNormal ? value.exponentBitPattern : 1) - 1075
    let shift = min(significand.trailingZeroBitCount, max(0, -exponent))
    var integer = BigNatural(significand >> UInt64(shift))
    let power = exponent + shift
    if power >= 0 {
      integer.multiply(by: 2, times: power)
      setDigits(integer.decimalDigits, fraction: 0)
    } else {
      // n x 2^-k = n x 5^k x 10^-k.
      integer.multiply(by: 5, times: -power)
      setDigits(integer.decimalDigits, fraction: -power)
    }
  }

  /// The fewest digits that read back as `value`; the standard library finds them.
  init(shortest value: Double) {
    isNegative = value.sign == .minus
    digits = []
    point = 0
    var cursor = ByteCursor(value.magnitude.description.utf8)
    var all: [UInt8] = []
    var fraction = 0
    while let digit = cursor.digit() { all.append(digit) }
    if cursor.skip(".") {
      while let digit = cursor.digit() {
        all.append(digit)
        fraction += 1
      }
    }
    if cursor.skip("e") {
      let sign = cursor.sign()
      let exponent = Int(cursor.number(upTo: 3) ?? 0)
      fraction -= sign == .minus ? -exponent : exponent
    }
    setDigits(all, fraction: fraction)
  }

  private mutating func setDigits(_ all: [UInt8], fraction: Int) {
    let leadingZeros = all.prefix { $0 == 0 }.count
    digits = Array(all.dropFirst(leadingZeros))
    point = digits.isEmpty ? 0 : digits.count - fraction
    dropTrailingZeros()
  }

  private mutating func dropTrailingZeros() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { point = 0 }
  }

  /// Rounds to the first `count` digits, exact halves to even. A negative count gives zero, since
  /// the value is then less than half a unit of the last place kept.
  mutating func round(keeping count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = []
      point = 0
      return
    }
    let next = digits[count]
    // Without trailing zeros, a lone 5 is an exact half.
    let isHalf = next == 5 && count + 1 == digits.count
    let isOdd = count > 0 && digits[count - 1] % 2 == 1
    digits.removeSubrange(count...)
    if isHalf ? isOdd : next >= 5 { increment() }
    dropTrailingZeros()
  }

  private mutating func increment() {
    while let last = digits.popLast() {
      guard last == 9 else {
        digits.append(last + 1)
        return
      }
    }
    digits = [1]
    point += 1
  }

  /// `123.45`, with exactly `precision` decimals, or as many as there are.
  func fixed(precision: Int?) -> String {
    var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    append(0..<max(point, 0), to: &text)
    if point <= 0 { text.append(UInt8(ascii: "0")) }
    let decimals = precision ?? max(0, digits.count - point)
    if decimals > 0 {
      text.append(UInt8(ascii: "."))
      append(point..<(point + decimals), to: &text)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `1.2345e+02`, with exactly `precision` decimals, or as many as there are.
  func scientific(precision: Int?) -> String {
    var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    append(0..<1, to: &text)
    let decimals = precision ?? max(0, digits.count - 1)
    if decimals > 0 {
      text.append(UInt8(ascii: "."))
      append(1..<(1 + decimals), to: &text)
    }
    let exponent = digits.isEmpty ? 0 : point - 1
    text.append(UInt8(ascii: "e"))
    text.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    text.append(decimal: UInt64(exponent.magnitude), width: 2)
    return String(decoding: text, as: UTF8.self)
  }

  /// Places outside the stored digits hold zeros.
  private func append(_ places: Range<Int>, to text: inout [UInt8]) {
    for place in places {
      let digit = digits.indices.contains(place) ? digits[place] : 0
      text.append(UInt8(ascii: "0") + digit)
    }
  }
}

/// Just enough of a big integer to write out a double: the largest needs 2,600 bits.
private struct BigNatural {
  /// Base 2^32, least significant first, no zeros at the end.
  private var limbs: [UInt32]

  init(_ value: UInt64) {
    limbs = [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
    normalize()
  }

  private mutating func normalize() {
    while limbs.last == 0 { limbs.removeLast() }
  }

  /// Multiplies by `factor`^`times`, taking as many factors at once as fit in a limb.
  mutating func multiply(by factor: UInt32, times: Int) {
    var left = times
    while left > 0 {
      var product: UInt32 = 1
      while left > 0 {
        let (next, overflow) = product.multipliedReportingOverflow(by: factor)
        if overflow { break }
        product = next
        left -= 1
      }
      multiply(by: product)
    }
  }

  private mutating func multiply(by factor: UInt32) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let product = UInt64(limbs[index]) * UInt64(factor) + carry
      limbs[index] = UInt32(truncatingIfNeeded: product)
      carry = product >> 32
    }
    if carry > 0 { limbs.append(UInt32(truncatingIfNeeded: carry)) }
  }

  /// Most significant first, possibly with leading zeros.
  var decimalDigits: [UInt8] {
    var rest = self
    var reversed: [UInt8] = []
    while !rest.limbs.isEmpty {
      var group = rest.divide(by: 1_000_000_000)
      for _ in 0..<9 {
        reversed.append(UInt8(truncatingIfNeeded: group % 10))
        group /= 10
      }
    }
    return reversed.reversed()
  }

  /// Divides in place and returns the remainder.
  private mutating func divide(by divisor: UInt64) -> UInt64 {
    var remainder: UInt64 = 0
    for index in limbs.indices.reversed() {
      let dividend = remainder << 32 | UInt64(limbs[index])
      limbs[index] = UInt32(truncatingIfNeeded: dividend / divisor)
      remainder = dividend % divisor
    }
    normalize()
    return remainder
  }
}
