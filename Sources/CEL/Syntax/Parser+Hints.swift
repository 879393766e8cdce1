/// What is said about a token that does not belong where it stands.
extension Parser {
  func unexpected(_ expected: String) -> Diagnostic {
    guard token.kind != .end else {
      let isNumber =
        previous.kind == .dot && previous.start > 0
        && Lexer.isDigit(lexer.source[previous.start - 1])
      return Diagnostic(
        "syntax", "the expression ends where \(expected) should be", at: token.span,
        help: isNumber ? "behind the dot of a number there are digits: `1.0`" : nil)
    }
    let found = text(of: token).replacingControls()
    let missing = expected.contains("`,`") ? "a `,`" : "an operator such as `&&` or `==`"
    let help = help(for: found) ?? (isOperandMisplaced ? "\(missing) is missing before it" : nil)
    return Diagnostic(
      "syntax", "expected \(expected), found `\(found)`", at: token.span, help: help)
  }

  private func help(for found: String) -> String? {
    switch token.kind {
    case .identifier, .reserved, .in: return help(forWord: found)
    case .quotedIdentifier where previous.kind != .dot:
      return "backticks name a field, behind a dot; a text has `'` or `\"` around it"
    case .string where previous.kind == .dot: return "write `[\(found)]`, without the dot"
    case .comma where previous.kind == .int && previous.end == token.start && isOperandComplete:
      return "digits are not grouped: write `1000`, not `1,000`"
    case .rightParenthesis, .rightBracket, .rightBrace:
      return isOperandComplete && isAtTop ? "nothing is open that it would close" : nil
    default: break
    }
    return helpForPair(found)
  }

  /// Whether what stands before could be a whole operand.
  private var isOperandComplete: Bool {
    switch previous.kind {
    case .identifier, .quotedIdentifier, .reserved, .int, .uint, .double, .string, .bytes, .true,
      .false, .null,
      .rightParenthesis, .rightBracket, .rightBrace:
      true
    default: false
    }
  }

  /// Two tokens that are one operator in another language.
  private func helpForPair(_ found: String) -> String? {
    if token.kind == .question, isOperandComplete {
      return "put a conditional inside another one into parentheses"
    }
    guard previous.end == token.start else { return nil }
    switch text(of: previous) + found {
    case "<>": return "write `!=`"
    case "/*": return "a comment begins with `//` and ends with its line"
    case "**": return "there is no operator for powers"
    case "++": return "there are no variables to count up: write `+ 1`"
    case "??", "?:": return "write `has(a.b) ? a.b : other`"
    default:
      if previous.kind == .dot, token.kind == .double {
        return "there are no ranges: write `low <= x && x <= high`"
      }
      return nil
    }
  }

  /// Whether an operand follows another with nothing between them.
  private var isOperandMisplaced: Bool {
    switch token.kind {
    case .identifier, .int, .uint, .double, .string, .bytes, .true, .false, .null, .leftParenthesis,
      .not:
      isOperandComplete
    default: false
    }
  }

  // MARK: Words

  private func help(forWord word: String) -> String? {
    if previous.kind == .string, previous.end == token.start {
      return "inside of a text write `\\'` for a quote, or put the text in quotes of the other kind"
    }
    if token.kind != .in, text(of: previous).lowercased() == "not" { return "write `!` for `not`" }
    let lower = word.lowercased()
    if lower == "not", follows("in") { return "write `!(x in list)`" }
    if let help = Self.words[lower] { return help }
    if token.kind == .reserved {
      return "`\(word)` is a reserved word; it may only name a field, behind a dot"
    }
    return nil
  }

  /// Whether this word comes next, behind the token that is looked at.
  private func follows(_ word: String) -> Bool {
    var place = token.end
    while place < lexer.source.count, lexer.source[place] == 0x20 { place += 1 }
    return lexer.source[place...].starts(with: Array(word.utf8))
  }

  /// Operators and statements of other languages.
  private static let words: [String: String] = {
    let choice = "write `condition ? value : other`"
    let part = "write `text.contains(part)`, or `startsWith`, `endsWith`, `matches` in the same way"
    let name = "an expression has no statements and gives no names"
    return [
      "and": "write `&&`", "or": "write `||`", "not": "write `!`", "xor": "write `!=`",
      "mod": "write `%`", "div": "write `/`",
      "is": "write `==`", "eq": "write `==`", "equals": "write `==`", "ne": "write `!=`",
      "lt": "write `<`", "gt": "write `>`",
      "le": "write `<=`", "ge": "write `>=`", "lte": "write `<=`", "gte": "write `>=`",
      "if": choice, "then": choice, "else": choice, "when": choice, "unless": choice,
      "like": part, "contains": part, "startswith": part, "endswith": part, "matches": part,
      "between": "write `low <= x && x <= high`",
      "let": name, "var": name, "const": name, "return": name, "function": name, "import": name,
      "for": name, "while": name,
    ]
  }()
}
