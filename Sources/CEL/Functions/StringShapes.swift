/// Functions of the `strings` library that change the look of a text.
extension Memory {
  mutating func changeCase(_ text: Value, upper: Bool) -> Value {
    guard afford(octets: count(of: text.text)) else { return exhausted }
    let start = octetCount
    for index in range(of: text.text) {
      let octet = octets[index]
      let isLetter = upper ? octet >= 0x61 && octet <= 0x7a : octet >= 0x41 && octet <= 0x5a
      append(octet: isLetter ? octet ^ 0x20 : octet)
    }
    return .string(internTail(from: start))
  }

  mutating func reverse(text: Value) -> Value {
    let range = range(of: text.text)
    guard afford(octets: range.count) else { return exhausted }
    let start = octetCount
    var end = range.upperBound
    while end > range.lowerBound {
      var begin = end - 1
      while begin > range.lowerBound, octets[begin] & 0xc0 == 0x80 { begin -= 1 }
      append(copyOf: begin..<end)
      end = begin
    }
    return .string(internTail(from: start))
  }

  /// A CEL string literal of the text, in double quotes.
  mutating func quote(_ text: Value) -> Value {
    let range = range(of: text.text)
    guard afford(octets: 2 * range.count + 2) else { return exhausted }
    let start = octetCount
    append(octet: UInt8(ascii: "\""))
    for index in range {
      let octet = octets[index]
      if let letter = Self.escapeLetter(octet) {
        append(octet: UInt8(ascii: "\\"))
        append(octet: letter)
      } else {
        append(octet: octet)
      }
    }
    append(octet: UInt8(ascii: "\""))
    return .string(internTail(from: start))
  }

  private static func escapeLetter(_ octet: UInt8) -> UInt8? {
    switch octet {
    case 7: UInt8(ascii: "a")
    case 8: UInt8(ascii: "b")
    case 12: UInt8(ascii: "f")
    case 10: UInt8(ascii: "n")
    case 13: UInt8(ascii: "r")
    case 9: UInt8(ascii: "t")
    case 11: UInt8(ascii: "v")
    case 0x5c, 0x22: octet
    default: nil
    }
  }

  /// Without white space at either end, which is Unicode's: the zero-width characters are none.
  mutating func trim(_ text: Value) -> Value {
    let range = range(of: text.text)
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower < upper {
      let length = whiteSpace(at: lower, in: range)
      guard length > 0 else { break }
      lower += length
    }
    while upper > lower {
      var begin = upper - 1
      while begin > lower, octets[begin] & 0xc0 == 0x80 { begin -= 1 }
      guard whiteSpace(at: begin, in: range) == upper - begin else { break }
      upper = begin
    }
    return lower == range.lowerBound && upper == range.upperBound
      ? text : self.text(copyOf: lower..<upper)
  }

  /// The length in octets of the white space character at `place`, or 0 if there is another one.
  private func whiteSpace(at place: Int, in range: Range<Int>) -> Int {
    func octet(_ ahead: Int) -> UInt8 {
      place + ahead < range.upperBound ? octets[place + ahead] : 0
    }
    switch (octet(0), octet(1), octet(2)) {
    case (0x09...0x0d, _, _), (0x20, _, _): return 1
    case (0xc2, 0x85, _), (0xc2, 0xa0, _): return 2
    case (0xe1, 0x9a, 0x80), (0xe2, 0x80, 0x80...0x8a), (0xe2, 0x80, 0xa8), (0xe2, 0x80, 0xa9),
      (0xe2, 0x80, 0xaf), (0xe2, 0x81, 0x9f), (0xe3, 0x80, 0x80):
      return 3
    default: return 0
    }
  }
}
