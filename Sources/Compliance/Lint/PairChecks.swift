import CEL
import PolicyEngine

/// Rules that another rule makes pointless.
extension LintRun {
  mutating func checkPairs() {
    guard [.shadowedRule, .duplicateRule, .conflictingRules].contains(where: isOn) else { return }
    let paths = rules.map { rule in
      Set(rule.formula.atoms.flatMap { reader.atoms[$0].reads })
    }
    var compared = 0
    for (index, rule) in rules.enumerated() where rule.linked.mode != .audit {
      for (other, general) in rules.enumerated() where other != index {
        guard mayCover(general, paths[other], rule, paths[index]) else { continue }
        compared += 1
        guard compared <= AnalysisLimits.rulePairs else {
          return note(
            "only the first \(AnalysisLimits.rulePairs) pairs of rules were compared with each other"
          )
        }
        if compare(rule, index, general, other) { break }
      }
    }
  }

  /// What can be seen without looking at requests. A condition can only imply another one that
  /// reads something of what it reads.
  private func mayCover(
    _ general: LintRule, _ generalPaths: Set<[String]>, _ rule: LintRule, _ paths: Set<[String]>
  ) -> Bool {
    guard general.linked.mode == .enforce, general.covers(scopeOf: rule) else { return false }
    if case .constant(let value) = general.formula { return value }
    return !generalPaths.isDisjoint(with: paths)
  }

  /// Compares two rules of which the second one may cover the first; whether something was found.
  private mutating func compare(
    _ rule: LintRule, _ index: Int, _ general: LintRule, _ other: Int
  ) -> Bool {
    let place = "it stands at \(general.linked.position)"
    switch (rule.linked.effect, general.linked.effect) {
    case (let one, let two) where one == two && areTwins(rule, general):
      guard other < index else { return false }
      report(
        .duplicateRule, "rule `\(rule.id)` says the same as rule `\(general.id)`", rule.file,
        at: rule.written.id.node, in: rule.written.node, help: "keep one of them; \(place)")
      return true
    case (.deny, .deny), (.warn, .deny):
      // In one stage the first reason is the one that front ends report, so the one that stands
      // first does decide something.
      guard (phase(general), other) < (phase(rule), index),
        implies(rule, .fires, general, .fires)
      else { return false }
      report(
        .shadowedRule,
        "rule `\(rule.id)` never decides: whenever it applies, rule `\(general.id)` denies as well",
        rule.file, at: rule.written.id.node, in: rule.written.node,
        help: "take it away, or narrow `\(general.id)`; \(place)")
      return true
    case (.allow, .allow):
      guard implies(rule, .true, general, .true) else { return false }
      report(
        .shadowedRule,
        "rule `\(rule.id)` never decides: whenever it applies, rule `\(general.id)` allows as well",
        rule.file, at: rule.written.id.node, in: rule.written.node,
        help: "take it away, or narrow `\(general.id)`; \(place)")
      return true
    case (.allow, .deny):
      guard implies(rule, .true, general, .fires) else { return false }
      report(
        .conflictingRules,
        "rule `\(rule.id)` grants nothing: whenever it applies, rule `\(general.id)` denies",
        rule.file, at: rule.written.id.node, in: rule.written.node,
        help: "narrow one of them; \(place)")
      return true
    default: return false
    }
  }

  /// Whether two rules are about the same requests, in the same stage, and apply to the same of
  /// them.
  private func areTwins(_ rule: LintRule, _ other: LintRule) -> Bool {
    guard rule.linked.stage == other.linked.stage, rule.linked.mode == other.linked.mode,
      rule.covers(scopeOf: other), other.covers(scopeOf: rule)
    else { return false }
    if rule.formula == other.formula { return true }
    return implies(rule, .true, other, .true) && implies(other, .true, rule, .true)
      && implies(rule, .error, other, .error) && implies(other, .error, rule, .error)
  }

  /// Whether one rule comes out like this only where the other one comes out like that.
  private func implies(
    _ rule: LintRule, _ outcomes: Outcomes, _ other: LintRule, _ wanted: Outcomes
  ) -> Bool {
    isProven(
      [
        .init(formula: rule.formula, wanted: outcomes),
        .init(formula: other.formula, wanted: Outcomes.any.subtracting(wanted)),
      ], rule.declared)
  }

  private func phase(_ rule: LintRule) -> Int {
    switch rule.linked.stage {
    case .validation: 0
    case .authorization: 1
    case .admission: 2
    }
  }
}
