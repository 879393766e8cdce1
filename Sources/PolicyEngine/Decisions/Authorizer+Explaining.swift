import CEL

extension Authorizer {
  /// The parts of a rule's condition that decided it. A condition that failed only because others
  /// had spent the budget has none: by itself it does not fail.
  mutating func clauses(of rule: LinkedRule, _ value: Value) -> [Clause] {
    var clauses: [Clause] = []
    var fails = false
    for entry in [rule.when, rule.unless] {
      guard let entry else { continue }
      let explainer = explainer(of: entry)
      if case .error = explainer.report.outcome(of: explainer.report.tree.root) { fails = true }
      explainer.clauses(explainer.report.tree.root, into: &clauses)
    }
    return value.isError && !fails ? [] : clauses
  }

  private mutating func explainer(of entry: Program.Entry) -> Explainer {
    // An explanation starts with a full budget: it must not fail because the decision was dear.
    workspace.memory.fuel = EngineLimits.decisionBudget
    let report = ConditionReport(entry, of: policies.program, in: &workspace)
    return Explainer(
      report: report, policies: policies, workspace: workspace, expression: entry.expression)
  }

  /// What would have turned a denial: for one that nothing grants, a role or the facts of an
  /// `allow` rule; for one that rules deny, the facts that would keep each of them quiet.
  mutating func missing(_ values: RequestValues) -> [MissingFacts] {
    var missing: [MissingFacts] = []
    if let limit = missingLimit() { return [limit] }
    if trace.isRefused {
      if let fact = missingRole() { missing.append(MissingFacts(facts: [fact], rule: nil)) }
      for rule in allowRules(values) { missing += facts(turning: rule, to: true) }
    }
    for (index, _) in trace.denials { missing += facts(turning: policies.rules[index], to: false) }
    return missing
  }

  /// The rules that could have allowed, whether or not the index let them be asked; a few are
  /// enough for an explanation.
  private func allowRules(_ values: RequestValues) -> [LinkedRule] {
    let action = name(values.action)
    let type = values.resourceType.text
    return Array(
      policies.rules.lazy.filter { rule in
        rule.effect == .allow && rule.mode != .audit && rule.resourceTypes?.contains(type) ?? true
          && rule.actions?.contains(action) ?? true
      }.prefix(EngineLimits.explainedAlternatives))
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

  private mutating func facts(turning rule: LinkedRule, to wanted: Bool) -> [MissingFacts] {
    var whenFacts: [[MissingFacts.Fact]] = wanted ? [[]] : []
    var unlessFacts: [[MissingFacts.Fact]] = wanted ? [[]] : []
    if let when = rule.when {
      let explainer = explainer(of: when)
      whenFacts = explainer.facts(explainer.report.tree.root, wanted: wanted)
    }
    if let unless = rule.unless {
      let explainer = explainer(of: unless)
      unlessFacts = explainer.facts(explainer.report.tree.root, wanted: !wanted)
    }
    let sets =
      wanted
      ? Explainer.smallest(whenFacts.flatMap { set in unlessFacts.map { set + $0 } })
      : Explainer.smallest(whenFacts + unlessFacts)
    return sets.filter { !$0.isEmpty }.map { MissingFacts(facts: $0, rule: rule.id) }
  }
}
