/// The contents of string and bytes literals.
enum Escapes {
  static func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    default: nil
    }
  }

  /// The octets that a literal token stands for. In bytes literals `\x` and octal escapes are
  /// octets, in strings code points.
  static func contents(of token: Token, in source: [UInt8]) throws(Diagnostic) -> [UInt8] {
    var start = token.start
    var raw = false
    while source[start] != UInt8(ascii: "\""), source[start] != UInt8(ascii: "'") {
      if source[start] | 0x20 == UInt8(ascii: "r") { raw = true }
      start += 1
    }
    let quote = source[start]
    let length = token.end - start
    let triple = length >= 6 && source[start + 1] == quote && source[start + 2] == quote
    let body = start + (triple ? 3 : 1)..<token.end - (triple ? 3 : 1)
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    var index = body.lowerBound
    while index < body.upperBound {
      let byte = source[index]
      if byte == 0x0d {
        // Line ends in source are one newline each, however the file was saved.
        result.append(0x0a)
        index += index + 1 < body.upperBound && source[index + 1] == 0x0a ? 2 : 1
      } else if byte == UInt8(ascii: "\\"), !raw {
        try escape(&index, body.upperBound, source, isBytes: token.kind == .bytes, into: &result)
      } else {
        result.append(byte)
        index += 1
      }
    }
    return result
  }

  private static let simple: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
    UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, UInt8(ascii: "\\"): 0x5c,
    UInt8(ascii: "?"): 0x3f, UInt8(ascii: "\""): 0x22, UInt8(ascii: "'"): 0x27,
    UInt8(ascii: "`"): 0x60,
  ]

  private static func escape(
    _ index: inout Int, _ end: Int, _ source: [UInt8], isBytes: Bool, into result: inout [UInt8]
  ) throws(Diagnostic) {
    let start = index
    guard index + 1 < end else { throw invalid(0, start, end, isBytes) }
    let letter = source[index + 1]
    if let octet = simple[letter] {
      result.append(octet)
      index += 2
      return
    }
    var digits: Range<Int>
    var base: UInt32 = 16
    switch letter {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): digits = index + 2..<index + 4
    case UInt8(ascii: "u") where !isBytes: digits = index + 2..<index + 6
    case UInt8(ascii: "U") where !isBytes: digits = index + 2..<index + 10
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      digits = index + 1..<index + 4
      base = 8
    default: throw invalid(letter, start, min(index + 2, end), isBytes)
    }
    guard digits.upperBound <= end else { throw invalid(letter, start, end, isBytes) }
    var value: UInt32 = 0
    for place in digits {
      guard let digit = hexValue(source[place]), digit < base else {
        throw invalid(letter, start, digits.upperBound, isBytes)
      }
      value = value &* base &+ digit
    }
    index = digits.upperBound
    if isBytes {
      result.append(UInt8(truncatingIfNeeded: value))
    } else if let scalar = Unicode.Scalar(value) {
      result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    } else {
      throw Diagnostic(
        "invalid-escape", "this escape is not a Unicode code point", at: SourceSpan(start, index),
        help: value < 0x1_0000 ? "characters beyond U+FFFF have 8 digits: `\\U0001F600`" : nil)
    }
  }

  private static func invalid(_ letter: UInt8, _ start: Int, _ end: Int, _ isBytes: Bool)
    -> Diagnostic
  {
    let digits: String? =
      switch letter {
      case UInt8(ascii: "x"), UInt8(ascii: "X"): "2 hexadecimal digits, as in `\\x1F`"
      case UInt8(ascii: "u") where !isBytes: "4 hexadecimal digits, as in `\\u00E9`"
      case UInt8(ascii: "U") where !isBytes: "8 hexadecimal digits, as in `\\U0001F600`"
      case UInt8(ascii: "0")...UInt8(ascii: "3"): "3 octal digits, as in `\\033`"
      default: nil
      }
    if let digits {
      return Diagnostic("invalid-escape", "this escape needs \(digits)", at: SourceSpan(start, end))
    }
    let isCodePoint = isBytes && (letter | 0x20) == UInt8(ascii: "u")
    return Diagnostic(
      "invalid-escape", "this escape is not one that \(isBytes ? "bytes" : "string") literals know",
      at: SourceSpan(start, end),
      help: isCodePoint
        ? "bytes are written `\\x1F`, and characters as they are"
        : "for a backslash write `\\\\`, or put `r` before the literal")
  }
}
