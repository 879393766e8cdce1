/// What expressions are made of: names, literals, lists, maps, messages.
extension Parser {
  mutating func primary() throws(Diagnostic) -> Expression.ID {
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

  private mutating func identifier(root: Bool, from start: Int) throws(Diagnostic) -> Expression.ID
  {
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

  mutating func number(negative: Bool, from start: Int) throws(Diagnostic) -> Expression.ID {
    let digits = lexer.source[token.start..<token.end]
    guard let constant = NumberLiteral.parse(digits, negative: negative, kind: token.kind) else {
      let type = token.kind == .uint ? "uint" : token.kind == .int ? "int" : "double"
      throw Diagnostic(
        "number-out-of-range", "this number does not fit in \(type)",
        at: SourceSpan(start, token.end),
        help: token.kind == .int && !negative
          ? "numbers up to 2^64 - 1 can be written as uint, with a `u` behind" : nil)
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

  mutating func message(named name: String, from start: Int) throws(Diagnostic) -> Expression.ID {
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
