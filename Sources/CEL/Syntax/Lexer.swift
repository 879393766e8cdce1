/// Source bytes to tokens, one at a time. Faults are thrown as the one diagnostic that ends a
/// parse.
struct Lexer {
  let source: [UInt8]
  private var index = 0

  init(_ source: [UInt8]) { self.source = source }

  private func peek(_ ahead: Int = 0) -> UInt8 {
    index + ahead < source.count ? source[index + ahead] : 0
  }

  mutating func next() throws(Diagnostic) -> Token {
    skipSpace()
    let start = index
    guard start < source.count else { return Token(kind: .end, start: start, end: start) }
    let byte = source[start]
    if Self.isLetter(byte) { return try identifierOrString() }
    if Self.isDigit(byte) || byte == UInt8(ascii: ".") && Self.isDigit(peek(1)) {
      return try number()
    }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      return try string(prefix: 0, raw: false, kind: .string)
    case UInt8(ascii: "`"): return try quotedIdentifier()
    default: return try symbol()
    }
  }

  private mutating func skipSpace() {
    while index < source.count {
      switch source[index] {
      case 0x20, 0x09, 0x0a, 0x0c, 0x0d: index += 1
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
        while index < source.count, source[index] != 0x0a, source[index] != 0x0d { index += 1 }
      default: return
      }
    }
  }

  private mutating func token(_ kind: Token.Kind, from start: Int) -> Token {
    Token(kind: kind, start: start, end: index)
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x61 && byte <= 0x7a || byte >= 0x41 && byte <= 0x5a || byte == 0x5f
  }
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isHexDigit(_ byte: UInt8) -> Bool { Escapes.hexValue(byte) != nil }

  // MARK: Words

  private mutating func identifierOrString() throws(Diagnostic) -> Token {
    let start = index
    while index < source.count, Self.isLetter(source[index]) || Self.isDigit(source[index]) {
      index += 1
    }
    let length = index - start
    if length <= 2, peek() == UInt8(ascii: "\"") || peek() == UInt8(ascii: "'") {
      let letters = source[start..<index].map { $0 | 0x20 }
      switch letters {
      case [UInt8(ascii: "r")]:
        return try string(prefix: 1, raw: true, kind: .string)
      case [UInt8(ascii: "b")]:
        return try string(prefix: 1, raw: false, kind: .bytes)
      case [UInt8(ascii: "b"), UInt8(ascii: "r")]:
        return try string(prefix: 2, raw: true, kind: .bytes)
      default: break
      }
    }
    return token(keyword(start..<index), from: start)
  }

  private func keyword(_ range: Range<Int>) -> Token.Kind {
    guard range.count <= 9 else { return .identifier }
    switch String(decoding: source[range], as: UTF8.self) {
    case "in": return .in
    case "true": return .true
    case "false": return .false
    case "null": return .null
    case let word: return Token.reservedWords.contains(word) ? .reserved : .identifier
    }
  }

  private mutating func quotedIdentifier() throws(Diagnostic) -> Token {
    let start = index
    index += 1
    while index < source.count, source[index] != UInt8(ascii: "`") {
      let byte = source[index]
      let allowed =
        Self.isLetter(byte) || Self.isDigit(byte)
        || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: " ")].contains(
          byte)
      guard allowed else {
        throw Diagnostic(
          "syntax", "a name in backticks can hold letters, digits, `_`, `.`, `-`, `/` and spaces",
          at: SourceSpan(index, index + 1))
      }
      index += 1
    }
    guard index < source.count, index > start + 1 else {
      throw Diagnostic(
        "syntax",
        index < source.count ? "an empty name in backticks" : "a name in backticks does not end",
        at: SourceSpan(start, index))
    }
    index += 1
    return token(.quotedIdentifier, from: start)
  }

  // MARK: Numbers

  private mutating func number() throws(Diagnostic) -> Token {
    let start = index
    if peek() == UInt8(ascii: "0"), peek(1) | 0x20 == UInt8(ascii: "x"), Self.isHexDigit(peek(2)) {
      index += 2
      while Self.isHexDigit(peek()) { index += 1 }
      return try integerEnd(from: start)
    }
    while Self.isDigit(peek()) { index += 1 }
    var isDouble = false
    if peek() == UInt8(ascii: "."), Self.isDigit(peek(1)) {
      isDouble = true
      index += 1
      while Self.isDigit(peek()) { index += 1 }
    }
    if peek() | 0x20 == UInt8(ascii: "e") {
      let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
      if Self.isDigit(peek(1 + sign)) {
        isDouble = true
        index += 1 + sign
        while Self.isDigit(peek()) { index += 1 }
      }
    }
    guard isDouble else { return try integerEnd(from: start) }
    try rejectLetter(after: start)
    return token(.double, from: start)
  }

  private mutating func integerEnd(from start: Int) throws(Diagnostic) -> Token {
    if peek() | 0x20 == UInt8(ascii: "u") {
      index += 1
      try rejectLetter(after: start)
      return token(.uint, from: start)
    }
    try rejectLetter(after: start)
    return token(.int, from: start)
  }

  private func rejectLetter(after start: Int) throws(Diagnostic) {
    guard index < source.count, Self.isLetter(source[index]) || Self.isDigit(source[index]) else {
      return
    }
    throw Diagnostic(
      "syntax", "a number is followed by `\(Character(Unicode.Scalar(source[index])))`",
      at: SourceSpan(start, index + 1), help: helpForSuffix(of: start))
  }

  private func helpForSuffix(of start: Int) -> String {
    let suffix = source[index...].prefix { Self.isLetter($0) || Self.isDigit($0) }
    if ["and", "or", "in", "is", "not"].contains(String(decoding: suffix, as: UTF8.self)) {
      return "put a space between them"
    }
    if source[index] == UInt8(ascii: "_") {
      return "digits are not grouped: write `1000`, not `1_000`"
    }
    if index == start + 1, source[start] == UInt8(ascii: "0"), "oObBxX".utf8.contains(source[index])
    {
      return "numbers are decimal, or hexadecimal as in `0x1F`"
    }
    return "a number has no unit or suffix, but for the `u` of uint"
  }

  // MARK: Strings

  /// Finds the end of a string literal; its escapes are read later, when the text is needed.
  private mutating func string(
    prefix: Int, raw: Bool, kind: Token.Kind
  ) throws(Diagnostic) -> Token {
    let start = index - prefix
    let quote = source[index]
    let triple = peek(1) == quote && peek(2) == quote
    index += triple ? 3 : 1
    while index < source.count {
      let byte = source[index]
      if byte == quote, !triple || peek(1) == quote && peek(2) == quote {
        index += triple ? 3 : 1
        return token(kind, from: start)
      }
      if byte == UInt8(ascii: "\\"), !raw {
        index += 2
      } else if !triple, byte == 0x0a || byte == 0x0d {
        break
      } else {
        index += 1
      }
    }
    index = min(index, source.count)
    let mark =
      triple
      ? String(repeating: Character(Unicode.Scalar(quote)), count: 3)
      : String(Character(Unicode.Scalar(quote)))
    throw Diagnostic(
      "unterminated-string", "this \(kind == .bytes ? "bytes" : "string") literal does not end",
      at: SourceSpan(start, index),
      help: index == start + 1 ? "the quote at its beginning is missing" : "close it with `\(mark)`"
    )
  }

  // MARK: Symbols

  private mutating func symbol() throws(Diagnostic) -> Token {
    let start = index
    index += 1
    switch source[start] {
    case UInt8(ascii: "("): return token(.leftParenthesis, from: start)
    case UInt8(ascii: ")"): return token(.rightParenthesis, from: start)
    case UInt8(ascii: "["): return token(.leftBracket, from: start)
    case UInt8(ascii: "]"): return token(.rightBracket, from: start)
    case UInt8(ascii: "{"): return token(.leftBrace, from: start)
    case UInt8(ascii: "}"): return token(.rightBrace, from: start)
    case UInt8(ascii: "."): return token(.dot, from: start)
    case UInt8(ascii: ","): return token(.comma, from: start)
    case UInt8(ascii: ":"): return token(.colon, from: start)
    case UInt8(ascii: "?"): return token(.question, from: start)
    case UInt8(ascii: "+"): return token(.plus, from: start)
    case UInt8(ascii: "-"): return token(.minus, from: start)
    case UInt8(ascii: "*"): return token(.star, from: start)
    case UInt8(ascii: "/"): return token(.slash, from: start)
    case UInt8(ascii: "%"): return token(.percent, from: start)
    case UInt8(ascii: "!"): return pair(.not, or: .notEqual, if: "=", from: start)
    case UInt8(ascii: "<"): return pair(.less, or: .lessOrEqual, if: "=", from: start)
    case UInt8(ascii: ">"): return pair(.greater, or: .greaterOrEqual, if: "=", from: start)
    default: return try doubledSymbol(from: start)
    }
  }

  private mutating func pair(
    _ single: Token.Kind, or double: Token.Kind, if second: Unicode.Scalar, from start: Int
  ) -> Token {
    guard peek() == UInt8(ascii: second) else { return token(single, from: start) }
    index += 1
    return token(double, from: start)
  }

  private mutating func doubledSymbol(from start: Int) throws(Diagnostic) -> Token {
    let byte = source[start]
    guard let (kind, text) = Self.doubled(byte) else {
      while index < source.count, source[index] & 0xc0 == 0x80 { index += 1 }
      throw foreign(
        String(decoding: source[start..<index], as: UTF8.self), at: SourceSpan(start, index))
    }
    guard peek() == byte else {
      let single = Character(Unicode.Scalar(byte))
      throw Diagnostic(
        "syntax", "`\(single)` is not an operator", at: SourceSpan(start, index),
        help: byte == UInt8(ascii: "=") ? helpForEqualsSign(at: start) : "write `\(text)`")
    }
    index += 1
    return token(kind, from: start)
  }

  private func helpForEqualsSign(at start: Int) -> String {
    switch peek() {
    case UInt8(ascii: "<"): return "write `<=`"
    case UInt8(ascii: ">"):
      return "write `>=`; a macro is written `list.exists(x, x > 0)`, without an arrow"
    case UInt8(ascii: "!"): return "write `!=`"
    case UInt8(ascii: "~"): return "write `text.matches(pattern)`"
    default:
      let isThird = start > 0 && source[start - 1] == UInt8(ascii: "=")
      return isThird ? "two of them compare: `==`" : "`==` compares; there is no assignment"
    }
  }

  /// A character that no token begins with.
  private func foreign(_ character: String, at span: SourceSpan) -> Diagnostic {
    let value = character.unicodeScalars.first.map { Int($0.value) } ?? 0
    var shown = character.replacingControls()
    var help: String?
    switch character {
    case "“", "”", "‘", "’", "„", "«", "»": help = "write strings with straight quotes, `'` or `\"`"
    case ";": help = "there is one expression, without a `;`"
    case "#": help = "a comment begins with `//`"
    case "$", "@": help = "names have letters, digits and `_`"
    case "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2014}", "\u{2212}":
      help = "write the minus of the keyboard, `-`"
    case "≤": help = "write `<=`"
    case "≥": help = "write `>=`"
    case "≠": help = "write `!=`"
    case "∧": help = "write `&&`"
    case "∨": help = "write `||`"
    case "¬": help = "write `!`"
    case "×": help = "write `*`"
    case "÷": help = "write `/`"
    case "\u{A0}", "\u{2000}"..."\u{200F}", "\u{2028}"..."\u{202F}", "\u{205F}"..."\u{2064}",
      "\u{3000}", "\u{FEFF}":
      shown =
        "U+" + String(repeating: "0", count: max(0, 4 - String(value, radix: 16).count))
        + String(value, radix: 16, uppercase: true)
      help = "it can't be seen; put an ordinary space there, or nothing"
    default:
      help =
        value >= 128
        ? "names have the letters a to z, digits and `_`; other characters stand in texts" : nil
    }
    return Diagnostic("syntax", "`\(shown)` does not belong in an expression", at: span, help: help)
  }

  private static func doubled(_ byte: UInt8) -> (Token.Kind, String)? {
    switch byte {
    case UInt8(ascii: "="): (.equal, "==")
    case UInt8(ascii: "&"): (.and, "&&")
    case UInt8(ascii: "|"): (.or, "||")
    default: nil
    }
  }
}
