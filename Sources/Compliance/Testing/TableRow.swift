import CEL
import PolicyEngine

/// One row of a case's table: what `${column}` stands for.
///
/// A string that is one `${column}` and nothing else becomes the column's value, of whatever type;
/// inside a longer string texts, numbers and booleans are put in. `$${` is a literal `${`. Without
/// a table nothing is replaced.
struct TableRow {
  /// Values by column; nil for a case without a table.
  let columns: [String: Int]?
  let tape: JSONTape

  /// What a string is made of.
  enum Piece: Equatable {
    case text(String)
    case column(String)
  }

  /// What a node comes to.
  enum Resolved {
    /// A value that stands somewhere in the document: itself, or a column's.
    case node(Int)
    /// A text that was put together.
    case text(String)
    /// A column that there is not.
    case unknown(String)
    /// A column whose value can't stand inside a text.
    case unprintable(String, Int)
  }

  /// Splits a string; an opening without its end is text.
  static func pieces(of text: String) -> [Piece] {
    let bytes = Array(text.utf8)
    var pieces: [Piece] = []
    var fixed: [UInt8] = []
    var index = 0
    func isMark(_ place: Int) -> Bool {
      place + 1 < bytes.count && bytes[place] == UInt8(ascii: "$")
        && bytes[place + 1] == UInt8(ascii: "{")
    }
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "$"), isMark(index + 1) {
        fixed += [UInt8(ascii: "$"), UInt8(ascii: "{")]
        index += 3
      } else if isMark(index), let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) {
        if !fixed.isEmpty { pieces.append(.text(String(decoding: fixed, as: UTF8.self))) }
        fixed = []
        pieces.append(.column(String(decoding: bytes[index + 2..<end], as: UTF8.self)))
        index = end + 1
      } else {
        fixed.append(bytes[index])
        index += 1
      }
    }
    if !fixed.isEmpty { pieces.append(.text(String(decoding: fixed, as: UTF8.self))) }
    return pieces
  }

  func resolve(_ node: Int) -> Resolved {
    guard let columns, tape.kind(of: node) == .string else { return .node(node) }
    let text = tape.string(of: node)
    guard text.utf8.contains(UInt8(ascii: "$")) else { return .node(node) }
    let pieces = Self.pieces(of: text)
    if pieces.count == 1, case .column(let name) = pieces[0] {
      return columns[name].map { .node($0) } ?? .unknown(name)
    }
    var result = ""
    for piece in pieces {
      switch piece {
      case .text(let fixed): result += fixed
      case .column(let name):
        guard let value = columns[name] else { return .unknown(name) }
        switch tape.kind(of: value) {
        case .object, .array, .null: return .unprintable(name, value)
        default: result += tape.string(of: value)
        }
      }
    }
    return .text(result)
  }

  /// Writes a value with its columns filled in. What can't be filled in is written as it stands:
  /// it was reported before.
  func write(_ node: Int, _ writer: inout JSONWriter) {
    guard columns != nil else {
      return writer.value(verbatim: tape.source[tape.sourceRange(of: node)])
    }
    switch tape.kind(of: node) {
    case .object:
      writer.beginObject()
      for name in tape.children(of: node) {
        writer.name(tape.string(of: name))
        write(name + 1, &writer)
      }
      writer.endObject()
    case .array:
      writer.beginArray()
      for element in tape.children(of: node) { write(element, &writer) }
      writer.endArray()
    default:
      switch resolve(node) {
      case .text(let text): writer.value(text)
      case .node(let value):
        writer.value(verbatim: tape.source[tape.sourceRange(of: value)])
      default: writer.value(verbatim: tape.source[tape.sourceRange(of: node)])
      }
    }
  }
}
