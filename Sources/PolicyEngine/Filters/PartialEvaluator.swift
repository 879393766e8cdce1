import CEL

/// Works out for which resources a condition may come out true, or false, when everything but the
/// resource is known.
///
/// Every answer is a superset: where nothing better is known it is everything.
struct PartialEvaluator {
  /// What a name in a condition stands for.
  enum Meaning {
    /// Something known.
    case value(CELValue)
    /// Any one element of the list at this path of the resource.
    case element(path: [String])
  }

  /// A part of a condition.
  struct Part {
    var tree: Expression
    var node: Expression.ID
    /// What the variables of macros around it stand for.
    var locals: [String: Meaning] = [:]

    func child(_ index: Int) -> Part {
      Part(tree: tree, node: tree.child(index, of: node), locals: locals)
    }
    var children: [Part] {
      tree.children(of: node).map { Part(tree: tree, node: $0, locals: locals) }
    }
    var kind: Expression.Kind { tree[node].kind }
  }

  private let known: [String: CELValue]
  private let definitions: [String: Expression]
  private let environment: Environment
  /// Values of definitions that don't depend on the resource; nil for those that have none.
  private var values: [String: CELValue?] = [:]
  private var dependent: [String: Bool] = [:]

  init(
    known: [String: CELValue], definitions: [String: Expression], environment: Environment
  ) {
    (self.known, self.definitions, self.environment) = (known, definitions, environment)
  }

  mutating func possible(_ wanted: Bool, _ tree: Expression) -> ResourceFilter {
    possible(wanted, Part(tree: tree, node: tree.root))
  }

  /// For which resources a part may come out as `wanted`.
  private mutating func possible(_ wanted: Bool, _ part: Part) -> ResourceFilter {
    if !depends(part) {
      guard case .bool(let value)? = value(of: part) else { return .everything }
      return value == wanted ? .everything : .nothing
    }
    switch part.kind {
    case .and: return wanted ? all(true, part.children) : any(false, part.children)
    case .or: return wanted ? any(true, part.children) : all(false, part.children)
    case .conditional: return choose(part) { $0.possible(wanted, $1) }
    case .presence:
      guard !wanted, let path = path(of: part), path.count == 1 else { return .everything }
      return ResourceFilter(.absent(path: path))
    case .identifier:
      guard let definition = definition(part) else { return .everything }
      return possible(wanted, definition)
    case .operation: return possibleOperation(wanted, part)
    case .comprehension: return wanted ? possibleSearch(part) : .everything
    default: return .everything
    }
  }

  private mutating func all(_ wanted: Bool, _ parts: [Part]) -> ResourceFilter {
    var filter = ResourceFilter.everything
    for part in parts { filter = filter.intersection(possible(wanted, part)) }
    return filter
  }

  private mutating func any(_ wanted: Bool, _ parts: [Part]) -> ResourceFilter {
    var filter = ResourceFilter.nothing
    for part in parts { filter = filter.union(possible(wanted, part)) }
    return filter
  }

  /// `condition ? one : other`, whatever is asked of the two.
  private mutating func choose(
    _ part: Part, _ ask: (inout PartialEvaluator, Part) -> ResourceFilter
  ) -> ResourceFilter {
    let one = possible(true, part.child(0)).intersection(ask(&self, part.child(1)))
    let other = possible(false, part.child(0)).intersection(ask(&self, part.child(2)))
    return one.union(other)
  }

  private mutating func possibleOperation(_ wanted: Bool, _ part: Part) -> ResourceFilter {
    switch part.tree.op(of: part.node) {
    case .not: return possible(!wanted, part.child(0))
    case .equal where wanted: return equal(part.child(0), part.child(1))
    case .notEqual where !wanted: return equal(part.child(0), part.child(1))
    case .in where wanted:
      if !depends(part.child(0)) {
        guard let element = value(of: part.child(0)) else { return .everything }
        return holds(element, part.child(1))
      }
      guard !depends(part.child(1)), case .list(let elements)? = value(of: part.child(1)) else {
        return .everything
      }
      var filter = ResourceFilter.nothing
      for element in elements { filter = filter.union(equal(part.child(0), element)) }
      return filter
    default: return .everything
    }
  }

  private mutating func equal(_ left: Part, _ right: Part) -> ResourceFilter {
    if !depends(right) { return value(of: right).map { equal(left, $0) } ?? .everything }
    if !depends(left) { return value(of: left).map { equal(right, $0) } ?? .everything }
    return .everything
  }

  /// For which resources a part may equal a value.
  private mutating func equal(_ part: Part, _ value: CELValue) -> ResourceFilter {
    if !depends(part) {
      guard let mine = self.value(of: part) else { return .everything }
      // Numbers of several types are equal where values here are not.
      guard case .string = mine, case .string = value else { return .everything }
      return mine == value ? .everything : .nothing
    }
    if part.kind == .conditional { return choose(part) { $0.equal($1, value) } }
    if let definition = definition(part) { return equal(definition, value) }
    guard case .string(let text) = value else { return .everything }
    if let path = path(of: part) { return ResourceFilter(.equals(path: path, text: text)) }
    if part.kind == .identifier,
      case .element(let path)? = part.locals[part.tree.name(of: part.node)]
    {
      return ResourceFilter(.contains(path: path, text: text))
    }
    return .everything
  }

  /// For which resources a list may hold a value.
  private mutating func holds(_ element: CELValue, _ list: Part) -> ResourceFilter {
    if !depends(list) {
      guard case .list(let elements)? = value(of: list) else { return .everything }
      guard case .string = element,
        elements.allSatisfy({ if case .string = $0 { true } else { false } })
      else { return .everything }
      return elements.contains(element) ? .everything : .nothing
    }
    if list.kind == .conditional { return choose(list) { $0.holds(element, $1) } }
    if let definition = definition(list) { return holds(element, definition) }
    guard case .string(let text) = element, let path = path(of: list) else { return .everything }
    return ResourceFilter(.contains(path: path, text: text))
  }

  /// `list.exists(x, …)`, for a list that is known, or one of the resource.
  private mutating func possibleSearch(_ part: Part) -> ResourceFilter {
    guard part.tree.comprehension(of: part.node) == .exists, part.children.count == 2 else {
      return .everything
    }
    let name = part.tree.name(of: part.node)
    let range = part.child(0)
    var body = part.child(1)
    guard depends(range) else {
      guard case .list(let elements)? = value(of: range),
        elements.count <= EngineLimits.filterAlternatives
      else { return .everything }
      var filter = ResourceFilter.nothing
      for element in elements {
        body.locals[name] = .value(element)
        filter = filter.union(possible(true, body))
      }
      return filter
    }
    return searchResource(range, name, body)
  }

  private mutating func searchResource(
    _ range: Part, _ name: String, _ body: Part
  ) -> ResourceFilter {
    if range.kind == .conditional { return choose(range) { $0.searchResource($1, name, body) } }
    if let definition = definition(range) { return searchResource(definition, name, body) }
    // Nothing is found in an empty list.
    if range.kind == .list, range.children.isEmpty { return .nothing }
    guard let path = path(of: range) else { return .everything }
    var body = body
    body.locals[name] = .element(path: path)
    return possible(true, body)
  }
}

extension PartialEvaluator {
  /// The definition that a name stands for. Its own names mean nothing here.
  private func definition(_ part: Part) -> Part? {
    guard part.kind == .identifier else { return nil }
    let name = part.tree.name(of: part.node)
    guard part.locals[name] == nil, known[name] == nil, let tree = definitions[name] else {
      return nil
    }
    return Part(tree: tree, node: tree.root)
  }

  /// `resource.a.b`, or `has(resource.a.b)`, as `["a", "b"]`.
  private func path(of part: Part) -> [String]? {
    var names: [String] = []
    var node = part.node
    while part.tree[node].kind == .select || part.tree[node].kind == .presence {
      guard part.tree[node].flags == 0 || part.tree[node].kind == .presence else { return nil }
      names.append(part.tree.name(of: node))
      node = part.tree.child(0, of: node)
    }
    guard part.tree[node].kind == .identifier, part.tree.name(of: node) == "resource",
      part.locals["resource"] == nil, !names.isEmpty
    else { return nil }
    return names.reversed()
  }

  /// Whether a part can't be worked out without the resource.
  private mutating func depends(_ part: Part) -> Bool {
    var pending = [part.node]
    while let node = pending.popLast() {
      pending += part.tree.children(of: node)
      guard part.tree[node].kind == .identifier else { continue }
      let name = part.tree.name(of: node)
      switch part.locals[name] {
      case .element?: return true
      case .value?: continue
      case nil: if name == "resource" || dependsByDefinition(name) { return true }
      }
    }
    return false
  }

  private mutating func dependsByDefinition(_ name: String) -> Bool {
    if let answer = dependent[name] { return answer }
    guard known[name] == nil, let tree = definitions[name] else { return false }
    dependent[name] = false
    let answer = depends(Part(tree: tree, node: tree.root))
    dependent[name] = answer
    return answer
  }

  /// The value of a part that does not depend on the resource; nil if it has none, or is written so
  /// that it can't be taken out of its expression.
  private mutating func value(of part: Part) -> CELValue? {
    var environment = environment
    var bindings = known
    var pending = [part.node]
    while let node = pending.popLast() {
      pending += part.tree.children(of: node)
      guard part.tree[node].kind == .identifier else { continue }
      let name = part.tree.name(of: node)
      if case .value(let value)? = part.locals[name] {
        environment.declare(name)
        bindings[name] = value
      } else if definitions[name] != nil, known[name] == nil {
        environment.declare(name)
        if let value = valueOfDefinition(name) { bindings[name] = value }
      }
    }
    guard let compiled = try? environment.compile(part.tree.text(of: part.node)) else { return nil }
    return try? compiled.evaluate(bindings)
  }

  private mutating func valueOfDefinition(_ name: String) -> CELValue? {
    if let value = values[name] { return value }
    guard let tree = definitions[name] else { return nil }
    let value = value(of: Part(tree: tree, node: tree.root))
    values[name] = value
    return value
  }
}
