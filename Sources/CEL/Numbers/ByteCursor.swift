/// A forward reader over text bytes that answers `nil` at the end instead of trapping.
///
/// The parsers of numbers and times all take any collection of bytes, so that a slice of an arena
/// and the UTF-8 view of a string are read in place, without a copy.
struct ByteCursor<Bytes: Collection<UInt8>> {
  private let bytes: Bytes
  private var position: Bytes.Index

  init(_ bytes: Bytes) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var isAtEnd: Bool { position == bytes.endIndex }

  /// The next byte, left in place.
  var peek: UInt8? { isAtEnd ? nil : bytes[position] }

  mutating func next() -> UInt8? {
    guard !isAtEnd else { return nil }
    let byte = bytes[position]
    bytes.formIndex(after: &position)
    return byte
  }

  /// Consumes `character` if it comes next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    bytes.formIndex(after: &position)
    return true
  }

  /// Consumes a `+` or `-`; `nil` when there is neither, so that callers can tell `5` from `+5`.
  mutating func sign() -> FloatingPointSign? {
    if skip("-") { return .minus }
    return skip("+") ? .plus : nil
  }

  /// Consumes one decimal digit.
  mutating func digit() -> UInt8? {
    guard let byte = peek, let value = byte.digitValue else { return nil }
    bytes.formIndex(after: &position)
    return value
  }

  /// Consumes exactly `count` decimal digits. `count` is small, so the value cannot overflow.
  mutating func number(digits count: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }

  /// Consumes between one and `count` decimal digits, as many as there are.
  mutating func number(upTo count: Int) -> Int64? {
    guard let first = digit() else { return nil }
    var value = Int64(first)
    for _ in 1..<count {
      guard let digit = digit() else { break }
      value = value * 10 + Int64(digit)
    }
    return value
  }

  /// Whether all that is left spells `word`, which must be lower case, in any case.
  func restMatches(_ word: String) -> Bool {
    bytes[position...].lazy.map(\.asciiLowercased).elementsEqual(word.utf8)
  }

}

extension UInt8 {
  /// 0 to 9 for an ASCII decimal digit.
  var digitValue: UInt8? {
    let value = self &- UInt8(ascii: "0")
    return value <= 9 ? value : nil
  }

  /// 0 to 15 for an ASCII hexadecimal digit of either case.
  var hexDigitValue: UInt8? {
    if let value = digitValue { return value }
    let value = asciiLowercased &- UInt8(ascii: "a")
    return value < 6 ? value + 10 : nil
  }

  var asciiLowercased: UInt8 {
    self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
  }
}

extension [UInt8] {
  /// Appends `value` in decimal, padded with zeros on the left to at least `width` digits.
  mutating func append(decimal value: UInt64, width: Int = 1) {
    var rest = value
    var count = 1
    var scale: UInt64 = 1
    while rest >= 10 {
      rest /= 10
      scale *= 10
      count += 1
    }
    append(zeros: width - count)
    rest = value
    while scale > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / scale % 10))
      scale /= 10
    }
  }

  /// Appends `count` times the digit zero, nothing when it is negative.
  mutating func append(zeros count: Int) {
    append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Swift.max(0, count)))
  }

  /// Appends `.` and `nanoseconds` as a fraction of a second without trailing zeros, or nothing.
  mutating func append(fraction nanoseconds: UInt32) {
    guard nanoseconds > 0 else { return }
    append(UInt8(ascii: "."))
    append(decimal: UInt64(nanoseconds), width: 9)
    while last == UInt8(ascii: "0") { removeLast() }
  }
}
