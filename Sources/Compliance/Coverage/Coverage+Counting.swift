import CEL
import PolicyEngine

extension Coverage {
  /// How often everything was exercised, by number.
  private struct Counts {
    var clauses: [ClauseKey: (isTrue: Int, isFalse: Int, isError: Int)] = [:]
    var rules: [(asked: Int, matched: Int, decided: Int)]
    var roles: [Int]
    var privileges: [Int]

    init(_ policies: PolicySet) {
      rules = Array(repeating: (0, 0, 0), count: policies.ruleNames.count)
      roles = Array(repeating: 0, count: policies.roleNames.count)
      privileges = Array(repeating: 0, count: policies.privilegeNames.count)
    }

    mutating func add(_ exercise: Exercise) {
      for (clause, outcome) in exercise.clauses {
        switch outcome {
        case .true: clauses[clause, default: (0, 0, 0)].isTrue += 1
        case .false: clauses[clause, default: (0, 0, 0)].isFalse += 1
        case .error: clauses[clause, default: (0, 0, 0)].isError += 1
        }
      }
      for rule in exercise.rules {
        rules[rule.number].asked += 1
        if rule.isMatched { rules[rule.number].matched += 1 }
        if rule.isDecisive { rules[rule.number].decided += 1 }
      }
      for grant in exercise.grants {
        roles[grant.role] += 1
        if grant.privilege >= 0 { privileges[grant.privilege] += 1 }
      }
    }
  }

  /// Counts what the cases of a run exercised.
  init(_ policies: PolicySet, _ exercises: [Exercise]) {
    var counts = Counts(policies)
    for exercise in exercises { counts.add(exercise) }
    let names = policies.roleNames
    for exercise in exercises {
      for grant in exercise.grants {
        grantedActions[names[grant.role], default: []].insert(exercise.action)
      }
    }
    askedRules = exercises.map { Set($0.rules.map(\.number)) }
    let map = ClauseMap(policies)
    rules = map.rules.map { entry in
      let count = counts.rules[entry.number]
      return Part(
        name: entry.rule.id.name, effect: entry.rule.effect,
        description: entry.rule.description ?? "",
        position: entry.file.position(ofNode: entry.rule.id.node), asked: count.asked,
        matched: count.matched, decided: count.decided,
        clauses: Self.clauses(entry.clauses, map, counts))
    }
    definitions = map.definitions.map { entry in
      let clauses = Self.clauses(entry.clauses, map, counts)
      return Part(
        name: entry.definition.name.name, effect: nil,
        description: entry.definition.description ?? "",
        position: entry.file.position(ofNode: entry.definition.name.node),
        asked: clauses.map { $0.isTrue + $0.isFalse + $0.isError }.max() ?? 0, clauses: clauses)
    }
    let listing = policies.listing()
    // What can't grant anything is no gap in the tests.
    let granting = listing.roles.filter { !$0.privileges.isEmpty || !$0.actions.isEmpty }
    let held = Set(granting.flatMap(\.privileges))
    roles = Self.holders(
      granting.map { ($0.name, $0.position) }, policies.roleNames, counts.roles)
    privileges = Self.holders(
      listing.privileges.filter { held.contains($0.name) }.map { ($0.name, $0.position) },
      policies.privilegeNames,
      counts.privileges)
  }

  private static func clauses(
    _ keys: [ClauseKey], _ map: ClauseMap, _ counts: Counts
  ) -> [Clause] {
    keys.compactMap { key in
      guard var clause = map.clause(key) else { return nil }
      (clause.isTrue, clause.isFalse, clause.isError) = counts.clauses[key] ?? (0, 0, 0)
      return clause
    }
  }

  private static func holders(
    _ listed: [(name: String, position: SourcePosition)], _ names: [String], _ counts: [Int]
  ) -> [Holder] {
    let numbers = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { $1 })
    return listed.map { holder in
      Holder(
        name: holder.name, position: holder.position,
        granted: numbers[holder.name].map { counts[$0] } ?? 0)
    }
  }
}
