package import CEL

/// What one decision exercised.
package struct Exercise: Sendable {
  /// A rule that was asked.
  package struct Rule: Sendable {
    package let number: Int
    /// Its condition held, or could not be evaluated.
    package let isMatched: Bool
    /// It is among the reasons, the warnings or what is only recorded.
    package let isDecisive: Bool
  }

  /// How a clause came out.
  package enum Outcome: Sendable { case `true`, `false`, error }

  /// The rules that were asked, in order.
  package var rules: [Rule] = []
  /// The clauses that were reached, in order; one may come several times.
  package var clauses: [(clause: ClauseKey, outcome: Outcome)] = []
  /// Roles that granted, and the privilege through which each did, or -1.
  package var grants: [(role: Int, privilege: Int)] = []

  /// The action that was asked for.
  package var action = ""

  package init() {}
}

extension Authorizer {
  /// What the last decision exercised, read off the program that decided: the same code runs again
  /// with a recorder.
  ///
  /// Rules that the index left out are not among those that were asked; see
  /// `PolicySet.withoutIndex`.
  package mutating func exercise() -> Exercise {
    var exercise = Exercise()
    let granted = trace.outcome == .deny ? [] : trace.ruleGrants
    let told = trace.warnings.map(\.rule) + trace.audit.map(\.rule)
    let decisive = Set(trace.denials.map(\.rule) + told + granted)
    let matched = decisive.union(trace.ruleGrants)
    let last = trace.stage.flatMap { Stage.allCases.firstIndex(of: $0) } ?? Stage.allCases.count
    // Asking again asks nothing else: the questions stay.
    for number in workspace.questions.map({ Int($0.rule) }) {
      let code = index.codes[number]
      let place = Stage.allCases.firstIndex(of: code.phase.stage) ?? 0
      guard place <= last else { continue }
      exercise.rules.append(
        .init(
          number: number, isMatched: matched.contains(number),
          isDecisive: decisive.contains(number)))
      reach(policies.rules[number], &exercise)
    }
    exercise.action = workspace.memory.string(trace.actionText)
    exercise.grants = roleGrants().map { ($0.role, $0.privilege) }
    return exercise
  }

  private mutating func reach(_ rule: LinkedRule, _ exercise: inout Exercise) {
    for entry in [rule.when, rule.unless] {
      guard let entry else { continue }
      workspace.memory.fuel = EngineLimits.decisionBudget
      var report = ConditionReport(entry, of: policies.program, in: &workspace)
      for (clause, outcome) in report.reachedClauses(in: &workspace) {
        let result: Exercise.Outcome =
          switch outcome {
          case .true: .true
          case .false: .false
          case .error: .error
          }
        exercise.clauses.append((clause, result))
      }
      // `unless` is not asked where `when` does not hold.
      if case .false = report.outcome(of: report.tree.root) { return }
    }
  }
}
