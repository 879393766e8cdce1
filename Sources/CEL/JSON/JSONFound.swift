/// What stands in the text at the place of a fault, ready to be shown.
struct JSONFound {
  enum Kind { case end, invalid, text }

  let kind: Kind

  /// A whole word where there is one, else one character.
  let text: String

  /// What a message says after "found".
  let description: String

  init(_ source: [UInt8], at offset: Int, before end: Int) {
    guard offset < end else {
      (kind, text, description) = (.end, "", "the end of the text")
      return
    }
    let bytes = source.span.extracting(0..<end)
    let length = JSONParser.sequenceLength(bytes, offset)
    guard length > 0 else {
      (kind, text, description) = (.invalid, "", "byte 0x\(Self.hex(source[offset]))")
      return
    }
    var stop = offset + length
    if Self.isWord(source[offset]) {
      while stop < end, stop < offset + 24, Self.isWord(source[stop]) { stop += 1 }
    }
    kind = .text
    text = String(decoding: source[offset..<stop], as: UTF8.self)
    let shown = Self.printable(source[offset..<stop])
    description = shown == text ? "`\(shown)`" : shown
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Whether a value could start like this, so that only a comma is missing.
  var startsValue: Bool {
    guard let first = text.utf8.first else { return false }
    return "\"{[-0123456789".utf8.contains(first) || ["true", "false", "null"].contains(text)
  }

  /// What the writer may have meant by this where a value belongs.
  var helpAsValue: String? {
    switch text {
    case "'", "\u{2018}", "\u{201C}", "\u{201D}": "strings are written in straight double quotes"
    case "+": "a positive number is written without a sign"
    case ".": "a number has a digit before the decimal point"
    case "NaN", "nan", "Infinity", "inf": "JSON has only finite numbers"
    case "None", "nil", "undefined", "Null", "NULL": "it is written `null`"
    case "True", "TRUE", "yes": "it is written `true`"
    case "False", "FALSE", "no": "it is written `false`"
    default:
      Self.isWord(text.utf8.first ?? 0) ? "strings are written in double quotes" : nil
    }
  }

  var helpAsName: String? {
    switch text {
    case "'", "\u{2018}", "\u{201C}", "\u{201D}": "names are written in straight double quotes"
    default: nil
    }
  }
}

extension JSONFound {
  /// Two hexadecimal digits.
  static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return byte < 16 ? "0" + digits : digits
  }

  /// Bytes as text in which nothing can break the line or the terminal it is shown on.
  static func printable(_ bytes: ArraySlice<UInt8>) -> String {
    var result = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A string as it is spelled in the source, without its quotes, and cut where it gets long.
  static func spelling(ofStringAt start: Int, in source: [UInt8], before end: Int) -> String {
    var close = start + 1
    while close < end, source[close] != UInt8(ascii: "\"") {
      close += source[close] == UInt8(ascii: "\\") ? 2 : 1
    }
    close = min(close, end)
    var stop = min(start + 65, close)
    guard stop < close else { return printable(source[start + 1..<stop]) }
    while stop > start + 1, source[stop] & 0xC0 == 0x80 { stop -= 1 }
    return printable(source[start + 1..<stop]) + "…"
  }
}
