/// A lexical unit: its kind and its bytes.
struct Token: Sendable {
  enum Kind: Sendable, Equatable {
    case end
    case identifier
    case quotedIdentifier
    case int, uint, double
    case string, bytes
    case `in`, `true`, `false`, `null`
    case reserved
    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
    case dot, comma, colon, question
    case plus, minus, star, slash, percent, not
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, and, or
  }
  var kind: Kind
  var start: Int
  var end: Int
  var span: SourceSpan { SourceSpan(start, end) }

  static let reservedWords: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
  ]
}
