import CEL

/// Rules to their places in the program.
extension Linker {
  /// Rules between two calls of `LoadOptions.progress`.
  private static let progressStep = 4_096

  /// What tells scopes apart.
  struct ScopeKey: Hashable {
    var actions: [String]?
    var types: [String]?
  }

  /// Room for all rules, with a condition each.
  mutating func reserve() {
    let count = ruleCount
    rules.reserveCapacity(count)
    scopeOfRule.reserveCapacity(count)
    ids.reserveCapacity(count)
    builder.reserve(expressions: count)
  }

  mutating func link(_ document: PolicyDocument) {
    for fixture in document.fixtures { fixtures[document.file.index][fixture.name] = fixture.node }
    for index in document.rules.indices {
      link(document.rules[index], document)
      linked += 1
      if linked % Self.progressStep == 0 { options.progress?(linked, ruleCount) }
    }
    for part in document.unauthorized { link(part, document) }
  }

  private mutating func link(_ part: PolicyDocument.Unauthorized, _ document: PolicyDocument) {
    let actions = part.actions.map { RoleLinker.set($0) }
    var environment = vocabulary.environment(actions: actions, types: nil).environment
    environment.declare(Self.grantingPrivileges, .list(.string))
    let scope = RuleScope(environment: environment, number: vocabulary.nextNumber())
    guard let message = template(part.message, document.file, scope) else { return }
    unauthorized.append(LinkedUnauthorized(actions: actions, message: message, error: part.error))
  }

  private mutating func link(_ rule: PolicyDocument.Rule, _ document: PolicyDocument) {
    let position = document.file.position(ofNode: rule.id.node)
    rejectDuplicate(rule, document, position)
    let number = scope(of: rule)
    let scope = scopes[Int(number)]
    let when = rule.when.map { condition($0, document.file, scope, "when") }
    let unless = rule.unless.map { condition($0, document.file, scope, "unless") }
    let message = rule.message.map { template($0, document.file, scope) }
    guard when != .some(nil), unless != .some(nil) else { return }
    if case .some(nil) = message { return }
    for example in rule.examples {
      examples.append(
        LinkedExample(
          rule: rules.count, expected: example.expected, file: document.file.index,
          node: example.node))
    }
    let entry = when ?? nil
    atoms.add(entry?.entry, like: entry?.original, &builder)
    scopeOfRule.append(number)
    rules.append(
      LinkedRule(
        id: rule.id.name, policy: document.name.name, description: rule.description ?? "",
        source: rule.source, effect: rule.effect, stage: rule.stage, mode: rule.mode,
        actions: scope.actions, resourceTypes: scope.types, when: entry?.entry,
        unless: (unless ?? nil)?.entry, message: message ?? nil, error: rule.error,
        position: position))
  }

  private mutating func rejectDuplicate(
    _ rule: PolicyDocument.Rule, _ document: PolicyDocument, _ position: SourcePosition
  ) {
    guard !rule.id.name.isEmpty, let first = ids.updateValue(position, forKey: rule.id.name) else {
      return
    }
    ids[rule.id.name] = first
    report(
      document.file, "duplicate-id", "rule `\(rule.id.name)` is declared twice", rule.id.node,
      help: "it stands first at \(first)")
  }

  /// The scope of a rule. Many rules are about the same actions and share one.
  private mutating func scope(of rule: PolicyDocument.Rule) -> Int32 {
    let key = ScopeKey(
      actions: rule.actions?.map(\.name), types: rule.resourceTypes?.map(\.name))
    if let known = scopeNumbers[key] { return known }
    let actions = rule.actions.map { RoleLinker.set($0) }
    let scoped = vocabulary.environment(actions: actions, types: key.types)
    let number = Int32(scopes.count)
    scopes.append(
      RuleScope(
        actions: actions, types: key.types?.map { builder.intern($0) },
        environment: scoped.environment, number: scoped.number, name: scoped.name))
    scopeNumbers[key] = number
    return number
  }

  /// Puts the rules into the order in which they are asked: by phase, then as they stand in their
  /// documents.
  mutating func orderRules() {
    let phases = rules.indices.map { RuleCode.Phase(rules[$0].effect, rules[$0].stage) }
    // Copying a hundred thousand rules takes time; most sets have one kind.
    guard zip(phases, phases.dropFirst()).contains(where: { $0.rawValue > $1.rawValue }) else {
      return
    }
    let order = RuleCode.Phase.allCases.flatMap { phase in
      rules.indices.filter { phases[$0] == phase }
    }
    var place = [Int](repeating: 0, count: rules.count)
    for (new, old) in order.enumerated() { place[old] = new }
    rules.permute(to: place)
    scopeOfRule.permute(to: place)
    atoms.reorder(order)
    for index in examples.indices { examples[index].rule = place[examples[index].rule] }
  }
}

extension Array {
  /// Moves each element to its place, without a second array of them all.
  ///
  /// - Parameter places: the new index of each element; no two are the same.
  fileprivate mutating func permute(to places: [Int]) {
    var places = places
    for index in indices {
      while places[index] != index {
        let place = places[index]
        swapAt(index, place)
        places.swapAt(index, place)
      }
    }
  }
}
