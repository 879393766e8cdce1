import CEL

/// The facts that would turn one clause, as far as its text tells.
extension ConditionOutlineMaker {
  func fact(_ node: Expression.ID, _ wanted: Bool) -> ConditionOutline.Fact {
    let text = tree.text(of: node)
    if case .definition(_, let defined) = program.name(of: node, in: expression) {
      return definitionFact(node, defined, wanted)
    }
    if wanted {
      if let shared = sharedFact(node) { return shared }
      if let fact = comparisonFact(node) { return .fixed(fact) }
    }
    if !wanted, let fact = differenceFact(node) { return .fixed(fact) }
    if tree[node].kind == .presence {
      return .fixed(
        .init(
          text: "`\(path(text))` is \(wanted ? "given" : "not given")", anyOf: [],
          path: path(text)))
    }
    if tree[node].kind == .select {
      return .fixed(.init(text: "`\(text)` is \(wanted)", anyOf: [.bool(wanted)], path: text))
    }
    return .fixed(.init(text: wanted ? "`\(text)`" : "not `\(text)`", anyOf: [], path: nil))
  }

  /// What `has(x.y)` is about.
  private func path(_ text: String) -> String {
    text.hasPrefix("has(") && text.hasSuffix(")") ? String(text.dropFirst(4).dropLast()) : text
  }

  /// For a definition that is one simple clause, the fact is that of the clause.
  private func definitionFact(
    _ node: Expression.ID, _ defined: UInt32, _ wanted: Bool
  ) -> ConditionOutline.Fact {
    if wanted {
      let inner = ConditionOutlineMaker(
        program: program, expression: defined,
        start: program.definition(node, in: expression, from: start)?.start ?? -1)
      if let shared = inner.sharedFact(inner.tree.root) { return shared }
      if let fact = inner.comparisonFact(inner.tree.root) { return .fixed(fact) }
    }
    let text = tree.text(of: node)
    return .fixed(.init(text: wanted ? "`\(text)`" : "not `\(text)`", anyOf: [], path: nil))
  }

  /// `xs.exists(x, x in ys)`.
  private func sharedFact(_ node: Expression.ID) -> ConditionOutline.Fact? {
    guard let (left, right) = program.expressions[Int(expression)].intersection(node) else {
      return nil
    }
    return .shared(list: tree.text(of: left), other: tree.text(of: right), place(right))
  }

  /// `path == value`, `value in path`, `path in [values]`.
  private func comparisonFact(_ node: Expression.ID) -> MissingFacts.Fact? {
    guard tree[node].kind == .operation else { return nil }
    let op = tree.op(of: node)
    guard op == .equal || op == .in else { return nil }
    let (left, right) = (tree.child(0, of: node), tree.child(1, of: node))
    switch (op, literal(left), literal(right)) {
    case (.equal, nil, let value?): return equalFact(left, value)
    case (.equal, let value?, nil): return equalFact(right, value)
    case (.in, let value?, nil):
      return .init(
        text: "`\(tree.text(of: right))` holds \(value.shown)", anyOf: [value],
        path: tree.text(of: right))
    case (.in, nil, .list(let values)?) where !values.isEmpty:
      return .init(
        text: "`\(tree.text(of: left))` is one of [\(values.map(\.shown).joined(separator: ", "))]",
        anyOf: values,
        path: tree.text(of: left))
    default: return nil
    }
  }

  /// `a != b` that should not hold: the two are the same.
  private func differenceFact(_ node: Expression.ID) -> MissingFacts.Fact? {
    guard tree[node].kind == .operation, tree.op(of: node) == .notEqual else { return nil }
    let (left, right) = (tree.child(0, of: node), tree.child(1, of: node))
    if let value = literal(right) { return equalFact(left, value) }
    if let value = literal(left) { return equalFact(right, value) }
    return .init(
      text: "`\(tree.text(of: left))` and `\(tree.text(of: right))` are the same", anyOf: [],
      path: nil)
  }

  private func equalFact(_ node: Expression.ID, _ value: CELValue) -> MissingFacts.Fact {
    let text = tree.text(of: node)
    return .init(text: "`\(text)` is \(value.shown)", anyOf: [value], path: text)
  }

  /// The value of a literal or of a list of literals.
  private func literal(_ node: Expression.ID) -> CELValue? {
    switch tree[node].kind {
    case .literal:
      switch tree.constants[Int(tree[node].payload)] {
      case .string(let octets): return .string(String(decoding: octets, as: UTF8.self))
      case .int(let value): return .int(value)
      case .uint(let value): return .uint(value)
      case .bool(let value): return .bool(value)
      default: return nil
      }
    case .list:
      let elements = tree.children(of: node).map { literal($0) }
      guard elements.allSatisfy({ $0 != nil }) else { return nil }
      return .list(elements.compactMap(\.self))
    default: return nil
    }
  }
}

extension CELValue {
  /// The value in a sentence.
  var shown: String {
    if case .string(let text) = self { return "`\(text)`" }
    return description
  }
}
