import CEL

extension Authorizer {
  /// The parts of a rule's condition that decided it, and, for a rule that denies, the facts that
  /// would have kept it quiet. A condition that failed only because others had spent the budget has
  /// no such parts: by itself it does not fail.
  mutating func explain(
    _ rule: Int, _ value: Value, denies: Bool
  ) -> (clauses: [Clause], missing: [MissingFacts]) {
    var clauses: [Clause] = []
    clauses.reserveCapacity(Self.usualClauses)
    var sets: [[MissingFacts.Fact]] = []
    var fails = false
    for place in [ConditionPlace.when, .unless] {
      guard let entry = condition(place, of: rule) else { continue }
      let condition = read(entry)
      if explainer.outcome(0, of: condition).isError { fails = true }
      explainer.clauses(of: condition, in: &workspace, into: &clauses)
      guard denies else { continue }
      let own = explainer.facts(of: condition, wanted: place == .unless, in: &workspace)
      if sets.isEmpty { sets = own } else { sets += own }
    }
    if value.isError, !fails { clauses = [] }
    return (clauses, denies ? missing(Explainer.smallest(sets), rule) : [])
  }

  /// Room for the clauses of most rules.
  private static let usualClauses = 4

  private enum ConditionPlace { case when, unless }

  private func condition(_ place: ConditionPlace, of rule: Int) -> Program.Entry? {
    switch place {
    case .when: policies.rules[rule].when
    case .unless: policies.rules[rule].unless
    }
  }

  private mutating func read(_ entry: Program.Entry) -> Int {
    // An explanation starts with a full budget: it must not fail because the decision was dear.
    workspace.memory.fuel = EngineLimits.decisionBudget
    return explainer.read(entry, in: &workspace)
  }

  private func missing(_ sets: [[MissingFacts.Fact]], _ rule: Int) -> [MissingFacts] {
    var missing: [MissingFacts] = []
    missing.reserveCapacity(sets.count)
    for place in sets.indices where !sets[place].isEmpty {
      missing.append(MissingFacts(facts: sets[place], rule: policies.rules[rule].id))
    }
    return missing
  }

  /// What would have let through a request that nothing grants: a role, or the facts of an `allow`
  /// rule.
  mutating func missingGrants(_ values: RequestValues) -> [MissingFacts] {
    var missing: [MissingFacts] = []
    if let limit = missingLimit() { return [limit] }
    if let fact = missingRole() { missing.append(MissingFacts(facts: [fact], rule: nil)) }
    for rule in allowRules(values) { missing += facts(allowing: rule) }
    return missing
  }

  /// The rules that could have allowed, whether or not the index let them be asked; a few are
  /// enough for an explanation.
  private func allowRules(_ values: RequestValues) -> [Int] {
    let action = name(values.action)
    let type = values.resourceType.text
    return Array(
      policies.allowRules.lazy.map(Int.init).filter { rule in
        policies.rules[rule].resourceTypes?.contains(type) ?? true
          && policies.rules[rule].actions?.contains(action) ?? true
      }.prefix(EngineLimits.explainedAlternatives))
  }

  private mutating func facts(allowing rule: Int) -> [MissingFacts] {
    var sets: [[MissingFacts.Fact]] = [[]]
    for place in [ConditionPlace.when, .unless] {
      guard let entry = condition(place, of: rule) else { continue }
      let condition = read(entry)
      let own = explainer.facts(of: condition, wanted: place == .when, in: &workspace)
      sets = sets.flatMap { set in own.map { set + $0 } }
    }
    return missing(Explainer.smallest(sets), rule)
  }

  private func missingRole() -> MissingFacts.Fact? {
    let lists = actions.lists(of: trace.action, policies.index)
    let privileges = actions.privileges(of: trace.action, policies.index).map {
      policies.roles.privileges[Int($0)].name
    }
    let granting = policies.roles.roles.indices.lazy.filter {
      policies.roles.grant($0, lists, trace.action.entry) != nil
    }
    let roles =
      granting.prefix(EngineLimits.explainedAlternatives).map { policies.roles.roles[$0].name }
      as [String]
    guard !roles.isEmpty else { return nil }
    let shown = privileges.isEmpty ? roles : privileges
    let names = shown.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    return .init(
      text: privileges.isEmpty
        ? "one of the roles \(names)" : "a role with one of the privileges \(names)",
      anyOf: roles.map { CELValue.string($0) }, path: "subject.roles")
  }
}
