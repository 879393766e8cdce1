import CEL

/// Conditions, definitions and messages: CEL inside JSON strings.
extension Linker {
  /// A condition that was compiled, and the expression that it looks like, if it was copied.
  struct Condition: Equatable {
    var entry: Program.Entry
    var original: UInt32?
  }

  /// Compiles a condition; nil if it is wrong, which is then reported.
  mutating func condition(
    _ text: Named, _ file: SourceFile, _ scope: RuleScope, _ what: String
  ) -> Condition? {
    let source = Array(text.name.utf8)
    if options.usesTemplates,
      let copy = templates.add(source, .condition, scope: scope.number, to: &builder)
    {
      return Condition(entry: copy.entry, original: copy.original)
    }
    guard let checked = check(text.name, file, text.node, scope) else { return nil }
    guard checked.type == .bool || checked.type.isDynamic else {
      report(
        file, "not-a-condition", "`\(what)` must be true or false, this is \(checked.type)",
        text.node)
      return nil
    }
    let entry = compile(checked, file, text.node) { builder throws(Diagnostic) in
      try builder.add(condition: checked)
    }
    guard let entry else { return nil }
    templates.learn(entry, from: builder)
    return Condition(entry: entry)
  }

  /// Compiles a message; nil if a part is wrong, which is then reported.
  mutating func template(_ text: Named, _ file: SourceFile, _ scope: RuleScope) -> Template? {
    guard text.name.utf8.contains(UInt8(ascii: "$")) else {
      return Template(fixed: text.name)
    }
    let pieces: [TemplatePiece]
    switch TemplateReader.pieces(of: text.name) {
    case .failure(let diagnostic):
      diagnostics.append(file.diagnostic(diagnostic, inString: text.node))
      return nil
    case .success(let found): pieces = found
    }
    var parts: [Template.Part] = []
    var complete = true
    for piece in pieces {
      switch piece {
      case .text(let text): parts.append(.text(text))
      case .expression(let source, let offset):
        guard let entry = value(source, file, text.node, scope, offset: offset) else {
          complete = false
          continue
        }
        parts.append(.expression(entry, source: source))
      }
    }
    return complete ? Template(parts: parts) : nil
  }

  /// Compiles an expression inside a message.
  private mutating func value(
    _ text: String, _ file: SourceFile, _ node: Int, _ scope: RuleScope, offset: Int
  ) -> Program.Entry? {
    if options.usesTemplates,
      let copy = templates.add(Array(text.utf8), .value, scope: scope.number, to: &builder)
    {
      return copy.entry
    }
    guard let checked = check(text, file, node, scope, offset: offset),
      let entry = compile(
        checked, file, node, offset: offset,
        { builder throws(Diagnostic) in try builder.add(checked) })
    else { return nil }
    templates.learn(entry, from: builder)
    return entry
  }

  private mutating func check(
    _ source: String, _ file: SourceFile, _ node: Int, _ scope: RuleScope, offset: Int = 0
  ) -> CheckedExpression? {
    do throws(CompilationError) {
      return try checked(source, scope)
    } catch {
      diagnostics += error.diagnostics.map { file.diagnostic($0, inString: node, offset: offset) }
      return nil
    }
  }

  private mutating func compile<T>(
    _ checked: CheckedExpression, _ file: SourceFile, _ node: Int, offset: Int = 0,
    _ body: (inout ProgramBuilder) throws(Diagnostic) -> T
  ) -> T? {
    do throws(Diagnostic) {
      return try body(&builder)
    } catch {
      diagnostics.append(file.diagnostic(error, inString: node, offset: offset))
      return nil
    }
  }

  // MARK: Definitions

  private struct PendingDefinition {
    var name: Named
    var expression: Named
    var file: SourceFile
    var tree: Expression
    var uses: [String]
    var isOpen: Bool
  }

  /// Definitions in the order of their use of each other; a definition that uses itself is an
  /// error.
  mutating func linkDefinitions(_ documents: [PolicyDocument]) {
    let (pending, unreadable) = readDefinitions(documents)
    var index: [String: Int] = [:]
    for (number, definition) in pending.enumerated() { index[definition.name.name] = number }
    let edges = pending.map { definition in definition.uses.compactMap { index[$0] } }
    let (order, rest) = RoleLinker.topologicalOrder(edges)
    for cycle in RoleLinker.cycles(edges, rest) {
      let definition = pending[cycle[0]]
      let path = RoleLinker.path(cycle.map { pending[$0].name.name })
      report(
        definition.file, "definition-cycle",
        "definition `\(definition.name.name)` uses itself\(path)",
        definition.name.node)
    }
    var scope = DefinitionScope(&vocabulary)
    // What uses these is not wrong by itself.
    for name in unreadable + rest.map({ pending[$0].name.name }) { scope.declare(name, .dyn) }
    for number in order { define(pending[number], &scope) }
    vocabulary.setDefinitions(scope.types)
  }

  /// What definitions may use: all attributes and the definitions before them. One that only grows,
  /// or a thousand definitions would be declared half a million times.
  private struct DefinitionScope {
    private(set) var types: [String: CELType] = [:]
    private(set) var closed: Environment
    /// For documents with rules about actions that no vocabulary declares.
    private(set) var open: Environment

    init(_ vocabulary: inout Vocabulary) {
      closed = vocabulary.environment(actions: nil, types: nil).environment
      open = closed
      for name in Linker.variables { open.declare(name, .dyn) }
    }

    mutating func declare(_ name: String, _ type: CELType) {
      types[name] = type
      closed.declare(name, type)
      open.declare(name, type)
    }
  }

  /// The definitions of all documents, and the names of those that can't be parsed.
  private mutating func readDefinitions(
    _ documents: [PolicyDocument]
  ) -> (pending: [PendingDefinition], unreadable: [String]) {
    var pending: [PendingDefinition] = []
    var unreadable: [String] = []
    var positions: [String: SourcePosition] = [:]
    for document in documents {
      let isOpen = hasOpenRules(document)
      for definition in document.definitions {
        let name = definition.name.name
        if Self.variables.contains(name) || name == Self.grantingPrivileges {
          report(
            document.file, "invalid-name", "`\(name)` is already a variable", definition.name.node)
          continue
        }
        if let first = positions[name] {
          report(
            document.file, "duplicate-name", "definition `\(name)` is declared twice",
            definition.name.node,
            help: "it stands first at \(first)")
          continue
        }
        guard positions.count < EngineLimits.definitions else {
          report(
            document.file, "too-many-definitions",
            "a policy set has at most \(EngineLimits.definitions) definitions",
            definition.name.node)
          return (pending, unreadable)
        }
        positions[name] = document.file.position(ofNode: definition.name.node)
        switch Parser.parse(
          Array(definition.expression.name.utf8), extensions: vocabulary.base.extensions)
        {
        case .failure(let diagnostic):
          diagnostics.append(
            document.file.diagnostic(diagnostic, inString: definition.expression.node))
          unreadable.append(name)
        case .success(let tree):
          pending.append(
            PendingDefinition(
              name: definition.name, expression: definition.expression, file: document.file,
              tree: tree,
              uses: tree.identifiers, isOpen: isOpen))
        }
      }
    }
    return (pending, unreadable)
  }

  /// Whether a document has rules about actions that no vocabulary declares: then its definitions
  /// may use any attribute.
  private func hasOpenRules(_ document: PolicyDocument) -> Bool {
    guard !vocabulary.actionNames.isEmpty else { return true }
    return document.rules.contains { rule in
      guard let actions = rule.actions else { return false }
      let scope = RoleLinker.set(actions)
      return !vocabulary.actionNames.contains { scope.contains($0) }
    }
  }

  private mutating func define(_ definition: PendingDefinition, _ scope: inout DefinitionScope) {
    let result = Checker.check(definition.tree, in: definition.isOpen ? scope.open : scope.closed)
    guard let checked = result.checked else {
      diagnostics += result.diagnostics.map {
        definition.file.diagnostic($0, inString: definition.expression.node)
      }
      return scope.declare(definition.name.name, .dyn)
    }
    scope.declare(definition.name.name, checked.type)
    let name = definition.name.name
    _ = compile(checked, definition.file, definition.expression.node) {
      builder throws(Diagnostic) in
      try builder.define(name, checked)
    }
  }
}
