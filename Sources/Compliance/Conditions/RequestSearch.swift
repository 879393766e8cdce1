/// Looks for a request for which formulas come out as wanted.
struct RequestSearch {
  /// A formula, and the outcomes that are wanted of it.
  struct Demand {
    var formula: Formula
    var wanted: Outcomes
  }

  enum Finding {
    /// Options of the slots; -1 where nothing depends on one.
    case found([Int])
    /// There is none among the requests of the space.
    case none
    /// The search was given up.
    case gaveUp
  }

  private let space: AttributeSpace
  private var steps = 0

  init(_ space: AttributeSpace) { self.space = space }

  /// A request that meets all demands.
  mutating func find(_ demands: [Demand]) -> Finding {
    steps = 0
    var atoms: Set<Int> = []
    for demand in demands { atoms.formUnion(demand.formula.atoms) }
    let choice = [Int](repeating: -1, count: space.slots.count)
    var outcomes: [Int: Outcomes] = [:]
    for atom in atoms { outcomes[atom] = space.outcomes(of: atom, choice) }
    return search(demands, choice, outcomes)
  }

  private mutating func search(
    _ demands: [Demand], _ choice: [Int], _ outcomes: [Int: Outcomes]
  ) -> Finding {
    steps += 1
    guard steps <= AnalysisLimits.searchSteps else { return .gaveUp }
    var open: [Demand] = []
    for demand in demands {
      let possible = demand.formula.outcomes { outcomes[$0] ?? .any }
      if possible.isDisjoint(with: demand.wanted) { return .none }
      if !possible.isSubset(of: demand.wanted) { open.append(demand) }
    }
    guard let first = open.first else { return .found(choice) }
    guard let slot = slot(for: first.formula, choice, outcomes) else { return .gaveUp }
    for option in space.slots[slot].options.indices {
      var choice = choice
      var outcomes = outcomes
      choice[slot] = option
      for atom in space.users[slot] where outcomes[atom] != nil {
        outcomes[atom] = space.outcomes(of: atom, choice)
      }
      let finding = search(open, choice, outcomes)
      if case .none = finding { continue }
      return finding
    }
    return .none
  }

  /// A slot that would tell more of the formula: outer attributes before their members.
  private func slot(
    for formula: Formula, _ choice: [Int], _ outcomes: [Int: Outcomes]
  ) -> Int? {
    for atom in formula.atoms where (outcomes[atom] ?? .any).rawValue.nonzeroBitCount > 1 {
      let slots = space.tables[atom]?.slots ?? []
      if let open = slots.first(where: { choice[$0] < 0 }) { return open }
    }
    return nil
  }
}
