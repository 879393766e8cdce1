/// What an expression looks like: its text without what stands in plain string literals.
///
/// Expressions that look alike have the same tokens but for the contents of these literals, and so
/// the same tree, byte offsets shifted. Rules of one kind differ in a literal or two; see
/// `ExpressionTemplates`.
struct ExpressionLook {
  /// The text, each literal's contents replaced by one byte that no expression holds.
  private(set) var key: [UInt8] = []
  /// Where the contents of the literals stand, in order, without their quotes.
  private(set) var literals: [Range<Int>] = []

  /// Stands for the contents of a literal.
  private static let placeholder: UInt8 = 1

  /// Reads a text; the key begins with `prefix`. False if the text has anything that would have to
  /// be understood to be left out: comments, escapes, prefixes, three quotes, names in backticks.
  mutating func read(_ source: [UInt8], prefix: UInt32) -> Bool {
    key.removeAll(keepingCapacity: true)
    literals.removeAll(keepingCapacity: true)
    for shift in [UInt32(0), 8, 16, 24] { key.append(UInt8(truncatingIfNeeded: prefix >> shift)) }
    let bytes = source.span
    var before: UInt8 = 0x20
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        guard !Self.isWord(before), let end = Self.end(of: bytes, from: index) else { return false }
        key.append(byte)
        key.append(Self.placeholder)
        literals.append(index + 1..<end)
        index = end
      case UInt8(ascii: "/") where before == UInt8(ascii: "/"): return false
      case UInt8(ascii: "`"), UInt8(ascii: "\\"): return false
      case 0x09, 0x0a, 0x0d: break
      case 0..<0x20, 0x7f: return false
      default: break
      }
      key.append(byte)
      before = byte
      index += 1
    }
    return true
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    Lexer.isLetter(byte) || Lexer.isDigit(byte)
  }

  /// The closing quote of a literal without escapes; nil for any other literal.
  private static func end(of bytes: Span<UInt8>, from start: Int) -> Int? {
    let quote = bytes[start]
    var index = start + 1
    while index < bytes.count, bytes[index] != quote {
      guard bytes[index] >= 0x20, bytes[index] != UInt8(ascii: "\\") else { return nil }
      index += 1
    }
    guard index < bytes.count else { return nil }
    let isTriple = index == start + 1 && index + 1 < bytes.count && bytes[index + 1] == quote
    return isTriple ? nil : index
  }
}
