/// The words for a fault of the parser. Nothing here is on a hot path, and nothing here can fail.
struct JSONFaultWords {
  typealias Description = (code: JSONError.Code, message: String, help: String?)

  private let source: [UInt8]
  private let range: Range<Int>
  private let fault: JSONFault

  init(_ source: [UInt8], _ range: Range<Int>, _ fault: JSONFault) {
    self.source = source
    self.range = range
    self.fault = fault
  }

  func describe(_ limits: JSONLimits) -> Description {
    switch fault.reason {
    case .tooLarge:
      (.tooLarge, "expected at most \(mostBytes(limits)) bytes, found \(range.count)", nil)
    case .tooDeep:
      (.tooDeep, "expected at most \(limits.depth) arrays and objects inside one another", nil)
    case .tooManyValues:
      (.tooManyValues, "expected at most \(limits.nodes) values and names in one text", nil)
    case .doubleName: describeDoubleName()
    default: describeUTF16() ?? describeText()
    }
  }

  private func mostBytes(_ limits: JSONLimits) -> Int {
    max(0, min(limits.bytes, JSONTape.furthestByte - range.lowerBound))
  }

  private func describeText() -> Description {
    switch fault.reason {
    case .unexpected(let expected): describe(unexpected: expected)
    case .missing, .leadingZero, .numberOutOfRange: describeNumber()
    default: describeString()
    }
  }

  private func describeDoubleName() -> Description {
    let name = JSONFound.spelling(
      ofStringAt: fault.offset, in: source, before: range.upperBound)
    return (
      .duplicateKey, "expected each name once in an object, found `\(name)` again",
      "`\(name)` stood first at \(place(of: fault.beside)); remove one of the two"
    )
  }

  /// UTF-16 is half zeros, so the parser stops within its first characters; say what it is and not
  /// what it did.
  private func describeUTF16() -> Description? {
    guard fault.offset < range.lowerBound + 4, range.count >= 2 else { return nil }
    let first = source[range.lowerBound]
    let second = source[range.lowerBound + 1]
    let isMarked = (first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF)
    guard isMarked || first == 0 || second == 0 else { return nil }
    return (
      .invalidUTF8, "expected UTF-8, found what looks like UTF-16", "save the text as UTF-8"
    )
  }

  private func describeString() -> Description {
    switch fault.reason {
    case .byteOrderMark:
      (
        .byteOrderMark, "expected a value, found a byte order mark",
        "save the text as UTF-8 without a byte order mark"
      )
    case .unterminatedString:
      (
        .unexpectedEnd, "expected the closing quote of a string, found the end of the text",
        "the string starts at \(place(of: fault.beside))"
      )
    case .controlCharacter: describeControlCharacter()
    case .unknownEscape: describeEscape()
    case .incompleteUnicodeEscape:
      (
        .invalidEscape, "expected four hexadecimal digits after `\\u`, found \(escape(length: 6))",
        nil
      )
    case .unpairedSurrogate:
      (
        .unpairedSurrogate, "expected a pair of surrogates, found \(escape(length: 6)) alone",
        "a character beyond U+FFFF takes two escapes, such as `\\ud83d\\ude00`"
      )
    default: (.invalidUTF8, "expected UTF-8, found \(found.description)", "save the text as UTF-8")
    }
  }

  private func describeControlCharacter() -> Description {
    let byte = source[fault.offset]
    let start = "the string starts at \(place(of: fault.beside))"
    switch byte {
    case 0x0A, 0x0D:
      return (
        .controlCharacter, "expected the closing quote of a string, found the end of the line",
        start + "; a line break inside a string is written `\\n`"
      )
    case 0x09:
      return (
        .controlCharacter, "expected no tab character in a string",
        "a tab inside a string is written `\\t`"
      )
    default:
      return (
        .controlCharacter, "expected no control character in a string, found \(found.description)",
        "it is written `\\u00\(JSONFound.hex(byte))`"
      )
    }
  }

  private func describeEscape() -> Description {
    guard fault.offset + 1 < range.upperBound else {
      return (
        .unexpectedEnd, "expected the rest of an escape, found the end of the text", nil
      )
    }
    let bytes = source.span.extracting(0..<range.upperBound)
    let letter = max(1, JSONParser.sequenceLength(bytes, fault.offset + 1))
    return (
      .invalidEscape, "expected an escape that JSON has, found \(escape(length: 1 + letter))",
      "a backslash itself is written `\\\\`; the escapes are `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, "
        + "`\\n`, `\\r`, `\\t`, and `\\u` with four digits"
    )
  }

  private func describeNumber() -> Description {
    switch fault.reason {
    case .missing(.whole):
      (.invalidNumber, "expected a digit after `-`, found \(found.description)", found.helpAsValue)
    case .missing(.fraction):
      (.invalidNumber, "expected a digit after the decimal point, found \(found.description)", nil)
    case .missing:
      (.invalidNumber, "expected a digit in the exponent, found \(found.description)", nil)
    case .leadingZero:
      (
        .invalidNumber, "expected no further digit after a leading `0`",
        "remove the zeros at the start; an octal or padded number is written as a string"
      )
    default:
      (
        .numberOutOfRange, "expected a number a double can hold, found one beyond 1.8e308",
        "write it as a string"
      )
    }
  }

  var found: JSONFound { JSONFound(source, at: fault.offset, before: range.upperBound) }

  /// The start of the container or string that the fault is about.
  var beside: Int { fault.beside }

  /// What the text was read from starts here.
  var isEmpty: Bool { range.isEmpty }

  /// The bytes of an escape, as far as they are there.
  private func escape(length: Int) -> String {
    let end = min(fault.offset + length, range.upperBound)
    return "`\(JSONFound.printable(source[fault.offset..<end]))`"
  }

  func place(of offset: Int) -> String {
    let (line, column) = LineMap.position(of: offset, in: source, from: range.lowerBound)
    return "line \(line), column \(column)"
  }
}
