import CEL
import PolicyEngine

/// Conditions that can't come out in some way, and those that can fail.
extension LintRun {
  mutating func checkConditions() {
    for rule in rules {
      if isImpossible(rule) { continue }
      checkAlways(rule)
      checkUnless(rule)
      checkFailure(rule)
    }
  }

  /// Whether no request of the space comes out as demanded, proven for all requests. Parts that
  /// are not understood may come out in any way.
  func isProven(
    _ demands: [RequestSearch.Demand], _ declared: (([String]) -> Assumptions.Declaration?)?
  ) -> Bool {
    var assumptions = Assumptions()
    assumptions.isAbstract = true
    if let declared { assumptions.declared = declared }
    let atoms = demands.flatMap(\.formula.atoms)
    let space = AttributeSpace(atoms, of: reader.atoms, assumptions)
    // Cut values are samples, and samples prove nothing.
    guard space.isExact else { return false }
    var search = RequestSearch(space)
    if case .none = search.find(demands) { return true }
    return false
  }

  // MARK: Never and always

  private mutating func isImpossible(_ rule: LintRule) -> Bool {
    if let types = contradiction(rule) {
      report(
        .neverMatches,
        "rule `\(rule.id)` never applies: its actions are about \(types), which is not among its `resource_types`",
        rule.file, at: rule.written.id.node, in: rule.written.node,
        help: "correct `actions` or `resource_types`")
      return true
    }
    guard isProven([.init(formula: rule.formula, wanted: .true)], rule.declared) else {
      return false
    }
    let part = rule.written.when ?? rule.written.unless
    let which = rule.written.when == nil ? "`unless` is true for every request" : whenReason(rule)
    report(
      .neverMatches, "rule `\(rule.id)` never applies: \(which)", rule.file,
      at: part?.node ?? rule.written.id.node, in: rule.written.node,
      help: "correct the condition, or take the rule away")
    return true
  }

  private func whenReason(_ rule: LintRule) -> String {
    isProven([.init(formula: rule.when, wanted: .true)], rule.declared)
      ? "`when` is true for no request"
      : "whenever `when` is true, `unless` is true or fails"
  }

  /// The resource types of the actions that a rule matches, if none is a type that it names.
  private func contradiction(_ rule: LintRule) -> String? {
    guard let wanted = rule.written.resourceTypes?.map(\.name), let actions = rule.linked.actions
    else { return nil }
    let matching = vocabularies.flatMap(\.actions).filter {
      actions.contains(Array($0.name.name.utf8))
    }
    let types = matching.map { $0.resource?.name }
    // Actions that nothing declares may be about anything.
    guard !types.isEmpty, actions.patterns.allSatisfy(\.isExact) || wanted.isEmpty,
      matching.count >= actions.patterns.count,
      types.allSatisfy({ type in type.map { !wanted.contains($0) } ?? false })
    else { return nil }
    return Set(types.compactMap(\.self)).sorted().map { "`\($0)`" }.joined(separator: ", ")
  }

  private mutating func checkAlways(_ rule: LintRule) {
    guard let when = rule.written.when else { return }
    let demand = RequestSearch.Demand(formula: rule.when, wanted: .notTrue)
    guard isProven([demand], rule.declared) else { return }
    let isCertain = isProven([demand], nil)
    report(
      .alwaysTrue, "`when` of rule `\(rule.id)` is true for every request", rule.file,
      at: when.node, in: rule.written.node,
      help: isCertain
        ? "leave `when` out, or correct it"
        : "requests carry what it asks for, as the vocabulary says: leave it out, or correct the vocabulary",
      fix: isCertain ? rule.file.removal(ofMember: "when", from: rule.written.node) : nil)
  }

  private mutating func checkUnless(_ rule: LintRule) {
    guard let unless = rule.written.unless else { return }
    let demand = RequestSearch.Demand(formula: rule.unless, wanted: .fires)
    guard isProven([demand], rule.declared) else { return }
    let isCertain = isProven([demand], nil)
    report(
      .neverExcludes, "`unless` of rule `\(rule.id)` is true for no request", rule.file,
      at: unless.node, in: rule.written.node, help: "leave `unless` out, or correct it",
      fix: isCertain ? rule.file.removal(ofMember: "unless", from: rule.written.node) : nil)
  }

  // MARK: Failing

  /// A request for which a condition has no value: found by the evaluator itself.
  private mutating func checkFailure(_ rule: LintRule) {
    guard rule.linked.effect == .deny, rule.linked.mode != .audit else { return }
    let demand = RequestSearch.Demand(formula: rule.formula, wanted: .error)
    for hasWrongTypes in [false, true] {
      var assumptions = Assumptions()
      assumptions.declared = rule.declared
      assumptions.hasWrongTypes = hasWrongTypes
      let space = AttributeSpace(rule.formula.atoms, of: reader.atoms, assumptions)
      var search = RequestSearch(space)
      guard case .found(let choice) = search.find([demand]) else { continue }
      return reportFailure(rule, space, choice, hasWrongTypes)
    }
  }

  private mutating func reportFailure(
    _ rule: LintRule, _ space: AttributeSpace, _ choice: [Int], _ isOfType: Bool
  ) {
    let failing = rule.formula.atoms.first { space.outcomes(of: $0, choice) == .error }
    guard let failing else { return }
    let atom = reader.atoms[failing]
    let cause = Self.cause(atom, space, choice)
    let text =
      rule.written.when?.name.contains(atom.written) ?? false
      ? rule.written.when : rule.written.unless ?? rule.written.when
    guard let text else { return }
    let message =
      "rule `\(rule.id)` denies because `\(atom.written)` fails when \(cause.text)"
    report(
      isOfType ? .denyReadsUndeclared : .denyCanFail, message, rule.file,
      part: atom.written, of: text, in: rule.written.node,
      help: isOfType
        ? "declare the attribute in a vocabulary, or ask for its type"
        : cause.path.map { "ask for it first: `has(\($0)) && …`" }
          ?? "make the condition have a value for every request")
  }

  /// What about a request makes an atom fail.
  private static func cause(
    _ atom: Atom, _ space: AttributeSpace, _ choice: [Int]
  ) -> (text: String, path: String?) {
    for path in atom.reads {
      for length in 2...max(2, path.count) where length <= path.count {
        let prefix = Array(path.prefix(length))
        guard let slot = space.slot(of: prefix), choice[slot] >= 0 else { continue }
        if case .absent = space.slots[slot].options[choice[slot]] {
          return ("`\(Term.text(of: prefix))` is missing", Term.text(of: prefix))
        }
      }
    }
    let values = atom.reads.compactMap { path -> String? in
      guard let slot = space.slot(of: path), choice[slot] >= 0,
        case .value(let value) = space.slots[slot].options[choice[slot]]
      else { return nil }
      return "`\(Term.text(of: path))` is \(value)"
    }
    return (values.isEmpty ? "it is evaluated" : values.joined(separator: " and "), nil)
  }
}
