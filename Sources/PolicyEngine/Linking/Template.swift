import CEL

/// A message: fixed texts and the expressions of its `${…}` in turn.
struct Template: Sendable {
  enum Part: Sendable {
    case text(String)
    case expression(Program.Entry, source: String)
  }
  /// All that it says, if it is one text: most are, and there may be a hundred thousand of them.
  let fixed: String?
  /// None if it is fixed.
  let parts: [Part]
  /// About how many octets it says, for the room that they take.
  let length: Int

  init(fixed: String) {
    self.fixed = fixed
    (parts, length) = ([], 0)
  }

  init(parts: [Part]) {
    fixed = nil
    self.parts = parts
    length = parts.reduce(0) { length, part in
      if case .text(let fixed) = part { length + fixed.utf8.count } else { length + 24 }
    }
  }

  /// Whether it says the same about every request.
  var isFixed: Bool {
    parts.allSatisfy { if case .text = $0 { true } else { false } }
  }
}

/// The pieces of a message text, before the expressions are compiled.
enum TemplatePiece: Equatable {
  case text(String)
  /// The expression and the offset of its first byte in the message.
  case expression(String, offset: Int)
}

enum TemplateReader {
  /// Splits a message at `${…}`. `$${` is a literal `${`. A brace inside a string literal of the
  /// expression does not end it.
  static func pieces(of message: String) -> Result<[TemplatePiece], Diagnostic> {
    let bytes = Array(message.utf8)
    var pieces: [TemplatePiece] = []
    var text: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if isMark(bytes, index + 1), bytes[index] == UInt8(ascii: "$") {
        text += [UInt8(ascii: "$"), UInt8(ascii: "{")]
        index += 3
      } else if isMark(bytes, index) {
        guard let end = end(of: bytes, from: index + 2) else {
          return .failure(
            Diagnostic(
              "unterminated-template", "`${` is not closed", at: SourceSpan(index, bytes.count),
              help: "close it with `}`, or write `$${` for the characters themselves"))
        }
        if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
        pieces.append(
          .expression(String(decoding: bytes[index + 2..<end], as: UTF8.self), offset: index + 2))
        index = end + 1
      } else {
        text.append(bytes[index])
        index += 1
      }
    }
    if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
    return .success(pieces)
  }

  private static func isMark(_ bytes: [UInt8], _ index: Int) -> Bool {
    index + 1 < bytes.count && bytes[index] == UInt8(ascii: "$")
      && bytes[index + 1] == UInt8(ascii: "{")
  }

  /// The place of the brace that closes an expression.
  private static func end(of bytes: [UInt8], from start: Int) -> Int? {
    var depth = 0
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        guard let end = endOfLiteral(bytes, index, from: start) else { return nil }
        index = end
        continue
      case UInt8(ascii: "/") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "/"):
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        if depth == 0 { return index }
        depth -= 1
      default: break
      }
      index += 1
    }
    return nil
  }

  /// The place behind a string literal whose opening quote is at `open`. Backslashes in raw
  /// literals (`r'…'`) escape nothing, and a literal may stand in three quotes.
  private static func endOfLiteral(_ bytes: [UInt8], _ open: Int, from start: Int) -> Int? {
    let quote = bytes[open]
    let isTriple = bytes[open...].prefix(3).elementsEqual(repeatElement(quote, count: 3))
    let prefix = bytes[start..<open].suffix(2).reversed().prefix { "rRbB".utf8.contains($0) }
    let isRaw = prefix.contains { "rR".utf8.contains($0) }
    let closing = repeatElement(quote, count: isTriple ? 3 : 1)
    var index = open + closing.count
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\\"), !isRaw {
        index += 2
      } else if bytes[index...].starts(with: closing) {
        return index + closing.count
      } else {
        index += 1
      }
    }
    return nil
  }
}
