/// Tokens to an `Expression`, by precedence climbing. Never throws to its caller: a text that can't
/// be parsed gives a diagnostic. Depth is bounded, so no text can exhaust the stack.
package struct Parser {
  var lexer: Lexer
  var token = Token(kind: .end, start: 0, end: 0)
  /// The token before; of kind `end` at the beginning.
  private(set) var previous = Token(kind: .end, start: 0, end: 0)
  private var depth = 0
  var tree = Expression()
  let extensions: Extensions

  /// Parses one expression that takes up all of `source`.
  package static func parse(
    _ source: [UInt8], extensions: Extensions
  ) -> Result<Expression, Diagnostic> {
    guard source.count <= Limits.sourceOctets else {
      return .failure(
        Diagnostic(
          "too-long",
          "an expression may have \(Limits.sourceOctets) bytes, this one has \(source.count)",
          at: SourceSpan(0, 0), help: "split it into definitions"))
    }
    var parser = Parser(lexer: Lexer(source), extensions: extensions)
    do throws(Diagnostic) {
      return .success(try parser.parseAll())
    } catch {
      return .failure(error)
    }
  }

  private init(lexer: Lexer, extensions: Extensions) {
    self.lexer = lexer
    self.extensions = extensions
  }

  private mutating func parseAll() throws(Diagnostic) -> Expression {
    tree.source = lexer.source
    try advance()
    if token.kind == .end {
      throw Diagnostic("syntax", "there is no expression here", at: token.span)
    }
    tree.root = try expression()
    guard token.kind == .end else { throw unexpected("an operator or the end of the expression") }
    return tree
  }

  // MARK: Tokens

  mutating func advance() throws(Diagnostic) {
    previous = token
    token = try lexer.next()
  }

  mutating func accept(_ kind: Token.Kind) throws(Diagnostic) -> Bool {
    guard token.kind == kind else { return false }
    try advance()
    return true
  }

  mutating func expect(_ kind: Token.Kind, _ what: String) throws(Diagnostic) {
    guard token.kind == kind else { throw unexpected(what) }
    try advance()
  }

  func text(of token: Token) -> String {
    String(decoding: lexer.source[token.start..<token.end], as: UTF8.self)
  }

  /// Whether no parenthesis, bracket or brace is open.
  var isAtTop: Bool { depth == 0 }

  private mutating func deeper<T>(
    _ body: (inout Parser) throws(Diagnostic) -> T
  ) throws(Diagnostic) -> T {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Limits.expressionDepth else { throw tooDeep(token.span) }
    return try body(&self)
  }

  private func tooDeep(_ span: SourceSpan) -> Diagnostic {
    Diagnostic(
      "too-deep", "the expression nests deeper than \(Limits.expressionDepth) levels", at: span,
      help: "split it into definitions")
  }

  // MARK: Nodes

  mutating func add(
    _ kind: Expression.Kind, op: UInt8 = 0, flags: UInt8 = 0, payload: Int32 = 0,
    children: [Expression.ID] = [], from start: Int, place: SourceSpan? = nil
  ) throws(Diagnostic) -> Expression.ID {
    var deepest: UInt16 = 0
    for child in children { deepest = max(deepest, tree.nodes[Int(child)].depth) }
    let span = SourceSpan(start, previous.end)
    guard Int(deepest) < Limits.expressionDepth else { throw tooDeep(place ?? span) }
    guard tree.nodes.count < Limits.expressionNodes else {
      throw Diagnostic(
        "too-long", "an expression may have \(Limits.expressionNodes) parts", at: span)
    }
    let first = Int32(tree.children.count)
    tree.children.append(contentsOf: children)
    tree.nodes.append(
      Expression.Node(
        kind: kind, flags: flags, op: op, depth: deepest + 1, payload: payload, firstChild: first,
        childCount: Int32(children.count), span: span, place: place ?? span))
    return Expression.ID(tree.nodes.count - 1)
  }

  mutating func addName(_ name: String) -> Int32 {
    tree.names.append(name)
    return Int32(tree.names.count - 1)
  }

  mutating func addConstant(
    _ constant: Expression.Constant, from start: Int
  ) throws(Diagnostic) -> Expression.ID {
    tree.constants.append(constant)
    return try add(.literal, payload: Int32(tree.constants.count - 1), from: start)
  }

  // MARK: Grammar

  /// `Or ["?" Or ":" Expr]`: the middle operand is not a whole expression.
  mutating func expression() throws(Diagnostic) -> Expression.ID {
    try deeper { parser throws(Diagnostic) in
      let start = parser.token.start
      let condition = try parser.operators()
      let place = parser.token.span
      guard try parser.accept(.question) else { return condition }
      let first = try parser.deeper { inner throws(Diagnostic) in try inner.operators() }
      try parser.expect(.colon, "`:` of the conditional")
      let second = try parser.expression()
      return try parser.add(
        .conditional, children: [condition, first, second], from: start, place: place)
    }
  }

  /// Operands joined by operators that bind tighter than `minimum`, by precedence climbing. A run
  /// of `||` or `&&` is one node, so that long chains are not deep; the others are
  /// left-associative.
  private mutating func operators(above minimum: Int = 0) throws(Diagnostic) -> Expression.ID {
    let start = token.start
    var left = try unary()
    while let (precedence, op) = Self.binary(token.kind), precedence > minimum {
      let (kind, place) = (token.kind, token.span)
      if let op {
        try advance()
        let right = try operators(above: precedence)
        left = try add(
          .operation, op: op.rawValue, children: [left, right], from: start, place: place)
      } else {
        var operands = [left]
        while try accept(kind) { operands.append(try operators(above: precedence)) }
        left = try add(kind == .or ? .or : .and, children: operands, from: start, place: place)
      }
    }
    return left
  }

  /// How tight a binary operator binds, and its kind of operation; `||` and `&&` have none.
  private static func binary(_ kind: Token.Kind) -> (precedence: Int, op: Expression.Operator?)? {
    switch kind {
    case .or: (1, nil)
    case .and: (2, nil)
    case .equal: (3, .equal)
    case .notEqual: (3, .notEqual)
    case .less: (3, .less)
    case .lessOrEqual: (3, .lessOrEqual)
    case .greater: (3, .greater)
    case .greaterOrEqual: (3, .greaterOrEqual)
    case .in: (3, .in)
    case .plus: (4, .add)
    case .minus: (4, .subtract)
    case .star: (5, .multiply)
    case .slash: (5, .divide)
    case .percent: (5, .modulo)
    default: nil
    }
  }

  private mutating func unary() throws(Diagnostic) -> Expression.ID {
    let start = token.start
    let place = token.span
    guard token.kind == .not || token.kind == .minus else { return try member() }
    let kind = token.kind
    var count = 0
    var last = start
    while token.kind == kind {
      count += 1
      last = token.start
      try advance()
    }
    // The sign belongs to the number, or the smallest int could not be written.
    if kind == .minus, token.kind == .int || token.kind == .double {
      count -= 1
      let literal = try number(negative: true, from: last)
      let value = try postfix(literal, from: last)
      return count % 2 == 0
        ? value
        : try add(
          .operation, op: Expression.Operator.negate.rawValue, children: [value], from: start,
          place: place)
    }
    let operand = try deeper { parser throws(Diagnostic) in
      parser.token.kind == .not || parser.token.kind == .minus
        ? try parser.unary() : try parser.member()
    }
    let op: Expression.Operator = kind == .not ? .not : .negate
    let once = try add(.operation, op: op.rawValue, children: [operand], from: start, place: place)
    guard count % 2 == 0 else { return once }
    // An even number is not nothing: the operand must still be of the operator's type.
    return try add(.operation, op: op.rawValue, children: [once], from: start, place: place)
  }

  private mutating func member() throws(Diagnostic) -> Expression.ID {
    let start = token.start
    return try postfix(try primary(), from: start)
  }

  private mutating func postfix(
    _ operand: Expression.ID, from start: Int
  ) throws(Diagnostic) -> Expression.ID {
    var operand = operand
    while true {
      let place = token.span
      switch token.kind {
      case .dot:
        try advance()
        operand = try selection(of: operand, from: start)
      case .leftBracket:
        try advance()
        let optional = try acceptOptionalMark()
        let index = try expression()
        try expect(.rightBracket, "`]`")
        operand = try add(
          .operation, op: Expression.Operator.index.rawValue, flags: optional ? 1 : 0,
          children: [operand, index], from: start, place: place)
      case .leftBrace where qualifiedName(operand) != nil:
        operand = try message(named: qualifiedName(operand) ?? "", from: start)
      default: return operand
      }
    }
  }

  mutating func acceptOptionalMark() throws(Diagnostic) -> Bool {
    let place = token.span
    guard try accept(.question) else { return false }
    guard extensions.contains(.optionals) else {
      throw Diagnostic(
        "syntax", "optional syntax is not switched on", at: place,
        help: "declare the `optionals` extension in the environment")
    }
    return true
  }

  private mutating func selection(
    of operand: Expression.ID, from start: Int
  ) throws(Diagnostic) -> Expression.ID {
    let optional = try acceptOptionalMark()
    let place = token.span
    let name: String
    switch token.kind {
    case .identifier, .reserved: name = text(of: token)
    case .quotedIdentifier: name = String(text(of: token).dropFirst().dropLast())
    default: throw unexpected("a field or function name")
    }
    let quoted = token.kind == .quotedIdentifier
    try advance()
    if token.kind == .leftParenthesis, !optional, !quoted {
      try advance()
      let arguments = try self.arguments()
      return try memberCall(name, on: operand, arguments, from: start, place: place)
    }
    return try add(
      .select, flags: optional ? 1 : 0, payload: addName(name), children: [operand], from: start,
      place: place)
  }

  mutating func arguments() throws(Diagnostic) -> [Expression.ID] {
    var arguments: [Expression.ID] = []
    if token.kind != .rightParenthesis {
      repeat { arguments.append(try expression()) } while try accept(.comma)
    }
    try expect(.rightParenthesis, "`)` or `,`")
    return arguments
  }
}
