import CEL

/// The smallest sets of facts that would have turned a condition.
extension Explainer {
  /// Most alternatives that are kept while they are put together.
  private static let alternatives = 8

  /// Sets of facts, each of which would make the node `wanted`. An empty list: nothing is known to.
  func facts(_ node: Expression.ID, wanted: Bool) -> [[MissingFacts.Fact]] {
    let tree = report.tree(expression)
    if is_(node, wanted) { return [[]] }
    if let inner = inside(node) {
      return inner.facts(report.tree(inner.expression).root, wanted: wanted)
    }
    switch tree[node].kind {
    case .and, .or:
      let all = (tree[node].kind == .and) == wanted
      let children = Array(tree.children(of: node))
      return all ? product(children, wanted) : union(children, wanted)
    case .operation where tree.op(of: node) == .not:
      return facts(tree.child(0, of: node), wanted: !wanted)
    default: return [[fact(node, wanted)]]
    }
  }

  private func is_(_ node: Expression.ID, _ wanted: Bool) -> Bool {
    switch report.outcome(of: node, in: expression) {
    case .true: wanted
    case .false: !wanted
    default: false
    }
  }

  private func product(_ children: [Expression.ID], _ wanted: Bool) -> [[MissingFacts.Fact]] {
    var sets: [[MissingFacts.Fact]] = [[]]
    for child in children {
      let options = facts(child, wanted: wanted)
      sets = Array(sets.flatMap { set in options.map { set + $0 } }.prefix(Self.alternatives * 4))
    }
    return Self.smallest(sets)
  }

  private func union(_ children: [Expression.ID], _ wanted: Bool) -> [[MissingFacts.Fact]] {
    // That an attribute is not given would turn every rule that asks for it first; it is worth
    // saying only when nothing else is.
    let tree = report.tree(expression)
    let telling = wanted ? children : children.filter { tree[$0].kind != .presence }
    return Self.smallest(
      (telling.isEmpty ? children : telling).flatMap { facts($0, wanted: wanted) })
  }

  /// Sets that no other set is part of, smallest first, each once.
  static func smallest(_ sets: [[MissingFacts.Fact]]) -> [[MissingFacts.Fact]] {
    var kept: [[MissingFacts.Fact]] = []
    for set in sets.enumerated().sorted(by: {
      ($0.element.count, $0.offset) < ($1.element.count, $1.offset)
    }).map(\.element) {
      let isCovered = kept.contains { Set($0).isSubset(of: Set(set)) }
      if !isCovered { kept.append(set) }
      if kept.count == alternatives { break }
    }
    return kept
  }

  // MARK: One fact

  private func fact(_ node: Expression.ID, _ wanted: Bool) -> MissingFacts.Fact {
    let tree = report.tree(expression)
    let text = tree.text(of: node)
    if case .definition(_, let defined) = report.name(of: node, in: expression) {
      return definitionFact(node, defined, wanted)
    }
    if wanted {
      if let (left, right) = report.intersection(node, in: expression) {
        return sharedFact(left, right)
      }
      if let fact = comparisonFact(node) { return fact }
    }
    if !wanted, let fact = differenceFact(node) { return fact }
    if tree[node].kind == .presence {
      return .init(
        text: "`\(path(text))` is \(wanted ? "given" : "not given")", anyOf: [], path: path(text))
    }
    if tree[node].kind == .select {
      return .init(text: "`\(text)` is \(wanted)", anyOf: [.bool(wanted)], path: text)
    }
    return .init(text: wanted ? "`\(text)`" : "not `\(text)`", anyOf: [], path: nil)
  }

  /// What `has(x.y)` is about.
  private func path(_ text: String) -> String {
    text.hasPrefix("has(") && text.hasSuffix(")") ? String(text.dropFirst(4).dropLast()) : text
  }

  /// For a definition that is one simple clause, the fact is that of the clause.
  private func definitionFact(
    _ node: Expression.ID, _ defined: UInt32, _ wanted: Bool
  ) -> MissingFacts.Fact {
    let inner = Explainer(
      report: report, policies: policies, workspace: workspace, expression: defined)
    let root = report.tree(defined).root
    if wanted, let (left, right) = report.intersection(root, in: defined) {
      return inner.sharedFact(left, right)
    }
    if wanted, let fact = inner.comparisonFact(root) { return fact }
    let text = report.tree(expression).text(of: node)
    return .init(text: wanted ? "`\(text)`" : "not `\(text)`", anyOf: [], path: nil)
  }

  private func sharedFact(_ left: Expression.ID, _ right: Expression.ID) -> MissingFacts.Fact {
    let tree = report.tree(expression)
    let values = list(right)
    let shown = values.map(\.shown).joined(separator: ", ")
    return .init(
      text: values.isEmpty
        ? "`\(tree.text(of: left))` and `\(tree.text(of: right))` share an element"
        : "`\(tree.text(of: left))` holds one of [\(shown)]",
      anyOf: values, path: tree.text(of: left))
  }

  private func list(_ node: Expression.ID) -> [CELValue] {
    guard let value = raw(node, expression),
      case .list(let elements)? = workspace.memory.export(value)
    else { return [] }
    return elements
  }

  /// `path == value`, `value in path`, `path in [values]`.
  private func comparisonFact(_ node: Expression.ID) -> MissingFacts.Fact? {
    let tree = report.tree(expression)
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
    let tree = report.tree(expression)
    guard tree[node].kind == .operation, tree.op(of: node) == .notEqual else { return nil }
    let (left, right) = (tree.child(0, of: node), tree.child(1, of: node))
    if let value = literal(right) { return equalFact(left, value) }
    if let value = literal(left) { return equalFact(right, value) }
    return .init(
      text: "`\(tree.text(of: left))` and `\(tree.text(of: right))` are the same", anyOf: [],
      path: nil)
  }

  private func equalFact(_ node: Expression.ID, _ value: CELValue) -> MissingFacts.Fact {
    let text = report.tree(expression).text(of: node)
    return .init(text: "`\(text)` is \(value.shown)", anyOf: [value], path: text)
  }

  /// The value of a literal or of a list of literals.
  private func literal(_ node: Expression.ID) -> CELValue? {
    let tree = report.tree(expression)
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
