/// Tokens to an `Expression`, by precedence climbing. Never throws to its caller: a text that can't be parsed gives a
/// diagnostic. Depth is bounded, so no text can exhaust the stack.
package struct Parser {
  private var lexer: Lexer
  private var token = Token(kind: .end, start: 0, end: 0)
  private var previousEnd = 0
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
          "too-long", "an expression may have \(Limits.sourceOctets) bytes, this one has \(source.count)",
          at: SourceSpan(0, 0)))
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
    guard token.kind == .end else { throw unexpected("the end of the expression") }
    return tree
  }

  // MARK: Tokens

  private mutating func advance() throws(Diagnostic) {
    previousEnd = token.end
    token = try lexer.next()
  }

  private mutating func accept(_ kind: Token.Kind) throws(Diagnostic) -> Bool {
    guard token.kind == kind else { return false }
    try advance()
    return true
  }

  private mutating func expect(_ kind: Token.Kind, _ what: String) throws(Diagnostic) {
    guard token.kind == kind else { throw unexpected(what) }
    try advance()
  }

  func text(of token: Token) -> String {
    String(decoding: lexer.source[token.start..<token.end], as: UTF8.self)
  }

  private func unexpected(_ expected: String) -> Diagnostic {
    if token.kind == .end {
      return Diagnostic(
        "syntax", "the expression ends where \(expected) should be", at: token.span)
    }
    let found = text(of: token).replacingControls()
    let help: String? =
      switch found {
      case "and", "AND": "write `&&`"
      case "or", "OR": "write `||`"
      case "not", "NOT": "write `!`"
      default:
        token.kind == .reserved ? "`\(found)` is a reserved word of CEL" : nil
      }
    return Diagnostic("syntax", "expected \(expected), found `\(found)`", at: token.span, help: help)
  }

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
    let span = SourceSpan(start, previousEnd)
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

  private func start(of id: Expression.ID) -> Int { Int(tree.nodes[Int(id)].span.start) }

  // MARK: Grammar

  /// `Or ["?" Or ":" Expr]`: the middle operand is not a whole expression.
  private mutating func expression() throws(Diagnostic) -> Expression.ID {
    try deeper { parser throws(Diagnostic) in
      let start = parser.token.start
      let condition = try parser.chain(.or)
      let place = parser.token.span
      guard try parser.accept(.question) else { return condition }
      let first = try parser.deeper { inner throws(Diagnostic) in try inner.chain(.or) }
      try parser.expect(.colon, "`:` of the conditional")
      let second = try parser.expression()
      return try parser.add(
        .conditional, children: [condition, first, second], from: start, place: place)
    }
  }

  /// A run of `||` over runs of `&&`: one node each, so that long chains are not deep.
  private mutating func chain(_ kind: Token.Kind) throws(Diagnostic) -> Expression.ID {
    let start = token.start
    let first = kind == .or ? try chain(.and) : try relation()
    let place = token.span
    guard token.kind == kind else { return first }
    var operands = [first]
    while try accept(kind) {
      operands.append(kind == .or ? try chain(.and) : try relation())
    }
    return try add(kind == .or ? .or : .and, children: operands, from: start, place: place)
  }

  private static func relation(_ kind: Token.Kind) -> Expression.Operator? {
    switch kind {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .in: .in
    default: nil
    }
  }
  private static func sum(_ kind: Token.Kind) -> Expression.Operator? {
    kind == .plus ? .add : kind == .minus ? .subtract : nil
  }
  private static func product(_ kind: Token.Kind) -> Expression.Operator? {
    kind == .star ? .multiply : kind == .slash ? .divide : kind == .percent ? .modulo : nil
  }

  private mutating func relation() throws(Diagnostic) -> Expression.ID {
    try leftAssociative(Self.relation) { parser throws(Diagnostic) in
      try parser.leftAssociative(Self.sum) { parser throws(Diagnostic) in
        try parser.leftAssociative(Self.product) { parser throws(Diagnostic) in try parser.unary() }
      }
    }
  }

  private mutating func leftAssociative(
    _ operators: (Token.Kind) -> Expression.Operator?,
    _ operand: (inout Parser) throws(Diagnostic) -> Expression.ID
  ) throws(Diagnostic) -> Expression.ID {
    let start = token.start
    var left = try operand(&self)
    while let op = operators(token.kind) {
      let place = token.span
      try advance()
      let right = try operand(&self)
      left = try add(
        .operation, op: op.rawValue, children: [left, right], from: start, place: place)
    }
    return left
  }

  private mutating func unary() throws(Diagnostic) -> Expression.ID {
    let start = token.start
    let place = token.span
    guard token.kind == .not || token.kind == .minus else { return try member() }
    let kind = token.kind
    var count = 0
    while token.kind == kind {
      count += 1
      try advance()
    }
    // The sign belongs to the number, or the smallest int could not be written.
    if kind == .minus, token.kind == .int || token.kind == .double {
      count -= 1
      let literal = try number(negative: true, from: start)
      let value = try postfix(literal, from: start)
      return count % 2 == 0
        ? value
        : try add(
          .operation, op: Expression.Operator.negate.rawValue, children: [value], from: start, place: place)
    }
    let operand = try deeper { parser throws(Diagnostic) in
      parser.token.kind == .not || parser.token.kind == .minus ? try parser.unary() : try parser.member()
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

  private mutating func acceptOptionalMark() throws(Diagnostic) -> Bool {
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

  private mutating func arguments() throws(Diagnostic) -> [Expression.ID] {
    var arguments: [Expression.ID] = []
    if token.kind != .rightParenthesis {
      repeat { arguments.append(try expression()) } while try accept(.comma)
    }
    try expect(.rightParenthesis, "`)` or `,`")
    return arguments
  }

  private mutating func primary() throws(Diagnostic) -> Expression.ID {
    let start = token.start
    switch token.kind {
    case .dot:
      try advance()
      guard token.kind == .identifier else { throw unexpected("a name behind the leading dot") }
      return try identifier(root: true, from: start)
    case .identifier: return try identifier(root: false, from: start)
    case .leftParenthesis:
      try advance()
      let inner = try expression()
      try expect(.rightParenthesis, "`)`")
      return inner
    case .leftBracket: return try list(from: start)
    case .leftBrace: return try map(from: start)
    case .int, .uint, .double: return try number(negative: false, from: start)
    case .string, .bytes:
      let octets = try Escapes.contents(of: token, in: lexer.source)
      let isString = token.kind == .string
      try advance()
      return try addConstant(isString ? .string(octets) : .bytes(octets), from: start)
    case .true, .false, .null:
      let constant: Expression.Constant =
        token.kind == .null ? .null : .bool(token.kind == .true)
      try advance()
      return try addConstant(constant, from: start)
    default: throw unexpected("an expression")
    }
  }

  private mutating func identifier(root: Bool, from start: Int) throws(Diagnostic) -> Expression.ID {
    let name = text(of: token)
    let place = token.span
    try advance()
    if token.kind == .leftParenthesis {
      try advance()
      let arguments = try self.arguments()
      return try globalCall(name, arguments, root: root, from: start, place: place)
    }
    return try add(
      .identifier, flags: root ? 1 : 0, payload: addName(name), from: start, place: place)
  }

  private mutating func number(negative: Bool, from start: Int) throws(Diagnostic) -> Expression.ID {
    let digits = lexer.source[token.start..<token.end]
    guard let constant = NumberLiteral.parse(digits, negative: negative, kind: token.kind) else {
      let type = token.kind == .uint ? "uint" : token.kind == .int ? "int" : "double"
      throw Diagnostic(
        "number-out-of-range", "this number does not fit in \(type)", at: SourceSpan(start, token.end),
        help: token.kind == .int ? "numbers up to 2^64 - 1 can be written as uint, with a `u` behind" : nil)
    }
    try advance()
    return try addConstant(constant, from: start)
  }

  private mutating func list(from start: Int) throws(Diagnostic) -> Expression.ID {
    try advance()
    var elements: [Expression.ID] = []
    var optional: [Int] = []
    if token.kind == .comma {
      try advance()
    } else {
      while token.kind != .rightBracket {
        if try acceptOptionalMark() { optional.append(elements.count) }
        elements.append(try expression())
        guard try accept(.comma) else { break }
      }
    }
    try expect(.rightBracket, "`]` or `,`")
    return try addEntries(.list, elements, optional: optional, from: start)
  }

  private mutating func map(from start: Int) throws(Diagnostic) -> Expression.ID {
    try advance()
    var entries: [Expression.ID] = []
    var optional: [Int] = []
    if token.kind == .comma {
      try advance()
    } else {
      while token.kind != .rightBrace {
        if try acceptOptionalMark() { optional.append(entries.count) }
        entries.append(try expression())
        try expect(.colon, "`:` and the value of this key")
        entries.append(try expression())
        guard try accept(.comma) else { break }
      }
    }
    try expect(.rightBrace, "`}` or `,`")
    return try addEntries(.map, entries, optional: optional, from: start)
  }

  private mutating func addEntries(
    _ kind: Expression.Kind, _ entries: [Expression.ID], optional: [Int], payload: Int32 = 0,
    from start: Int
  ) throws(Diagnostic) -> Expression.ID {
    let first = Int32(tree.children.count)
    for index in optional { tree.optionalEntries.insert(first + Int32(index)) }
    return try add(kind, payload: payload, children: entries, from: start)
  }

  /// The dotted name that a chain of selections spells, if it is one.
  func qualifiedName(_ id: Expression.ID) -> String? {
    let node = tree.nodes[Int(id)]
    switch node.kind {
    case .identifier: return (node.flags == 1 ? "." : "") + tree.names[Int(node.payload)]
    case .select where node.flags == 0:
      return qualifiedName(tree.children[Int(node.firstChild)]).map {
        $0 + "." + tree.names[Int(node.payload)]
      }
    default: return nil
    }
  }

  private mutating func message(named name: String, from start: Int) throws(Diagnostic) -> Expression.ID {
    try advance()
    var names = [name]
    var values: [Expression.ID] = []
    var optional: [Int] = []
    while token.kind != .rightBrace {
      if try acceptOptionalMark() { optional.append(values.count) }
      switch token.kind {
      case .identifier, .reserved: names.append(text(of: token))
      case .quotedIdentifier: names.append(String(text(of: token).dropFirst().dropLast()))
      default: throw unexpected("a field name")
      }
      try advance()
      try expect(.colon, "`:` and the value of this field")
      values.append(try expression())
      guard try accept(.comma) else { break }
    }
    try expect(.rightBrace, "`}` or `,`")
    let payload = addName(names[0])
    for name in names.dropFirst() { _ = addName(name) }
    return try addEntries(.message, values, optional: optional, payload: payload, from: start)
  }
}

/// The value of a number token.
enum NumberLiteral {
  static func parse(
    _ digits: ArraySlice<UInt8>, negative: Bool, kind: Token.Kind
  ) -> Expression.Constant? {
    switch kind {
    case .double:
      guard let value = DoubleText.parse(digits), value.isFinite else { return nil }
      return .double((negative ? -value : value).bitPattern)
    case .uint: return integer(digits.dropLast()).map { .uint($0) }
    default:
      guard let magnitude = integer(digits) else { return nil }
      if negative {
        guard magnitude <= 1 << 63 else { return nil }
        return .int(Int64(truncatingIfNeeded: 0 &- magnitude))
      }
      return Int64(exactly: magnitude).map { .int($0) }
    }
  }

  private static func integer(_ digits: ArraySlice<UInt8>) -> UInt64? {
    let isHex = digits.count > 2 && digits[digits.startIndex + 1] | 0x20 == UInt8(ascii: "x")
    let text = String(decoding: isHex ? digits.dropFirst(2) : digits, as: UTF8.self)
    return UInt64(text, radix: isHex ? 16 : 10)
  }
}
