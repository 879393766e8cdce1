/// Looks for a request for which formulas come out as wanted.
///
/// Attributes are given values one after the other. As soon as a demand can't be met any more, the
/// search goes back to the last attribute that had a part in that, and not merely to the last one:
/// demands about different attributes do not multiply.
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

  /// What became of a part of the search.
  private enum Result {
    case found([Int])
    /// There is none whatever the slots outside of this set are.
    case conflict(SlotSet)
    case gaveUp
  }

  /// A demand with what it depends on.
  private struct Prepared {
    var formula: Formula
    var wanted: Outcomes
    var atoms: [Int]
    var slots: SlotSet
  }

  private let space: AttributeSpace
  private var steps = 0
  /// Place of each atom in the list of outcomes.
  private var places: [Int: Int] = [:]

  init(_ space: AttributeSpace) { self.space = space }

  /// A request that meets all demands.
  mutating func find(_ demands: [Demand]) -> Finding {
    steps = 0
    places = [:]
    let choice = [Int](repeating: -1, count: space.slots.count)
    var outcomes: [Outcomes] = []
    var prepared: [Prepared] = []
    for demand in demands {
      let atoms = demand.formula.atoms
      var slots = SlotSet(space.slots.count)
      for atom in atoms {
        for slot in space.tables[atom]?.slots ?? [] { slots.insert(slot) }
        guard places[atom] == nil else { continue }
        places[atom] = outcomes.count
        outcomes.append(space.outcomes(of: atom, choice))
      }
      prepared.append(
        Prepared(formula: demand.formula, wanted: demand.wanted, atoms: atoms, slots: slots))
    }
    switch search(prepared, choice, outcomes, SlotSet(space.slots.count)) {
    case .found(let choice): return .found(choice)
    case .conflict: return .none
    case .gaveUp: return .gaveUp
    }
  }

  private mutating func search(
    _ demands: [Prepared], _ choice: [Int], _ outcomes: [Outcomes], _ assigned: SlotSet
  ) -> Result {
    steps += 1
    guard steps <= AnalysisLimits.searchSteps else { return .gaveUp }
    var open: [Prepared] = []
    for demand in demands {
      let possible = demand.formula.outcomes { outcomes[places[$0] ?? 0] }
      if possible.isDisjoint(with: demand.wanted) {
        return .conflict(demand.slots.intersection(assigned))
      }
      if !possible.isSubset(of: demand.wanted) { open.append(demand) }
    }
    guard let first = open.first else { return .found(choice) }
    guard let slot = slot(for: first, choice, outcomes) else { return .gaveUp }
    var assigned = assigned
    assigned.insert(slot)
    var reasons = SlotSet(space.slots.count)
    for option in space.slots[slot].options.indices {
      var choice = choice
      var outcomes = outcomes
      choice[slot] = option
      for atom in space.users[slot] {
        if let place = places[atom] { outcomes[place] = space.outcomes(of: atom, choice) }
      }
      switch search(open, choice, outcomes, assigned) {
      case .found(let choice): return .found(choice)
      case .gaveUp: return .gaveUp
      case .conflict(let conflict):
        // It fails whatever this slot is.
        guard conflict.contains(slot) else { return .conflict(conflict) }
        reasons.formUnion(conflict)
      }
    }
    reasons.remove(slot)
    return .conflict(reasons)
  }

  /// A slot that would tell more of a demand: outer attributes before their members.
  private func slot(for demand: Prepared, _ choice: [Int], _ outcomes: [Outcomes]) -> Int? {
    for atom in demand.atoms
    where outcomes[places[atom] ?? 0].rawValue.nonzeroBitCount > 1 {
      let slots = space.tables[atom]?.slots ?? []
      if let open = slots.first(where: { choice[$0] < 0 }) { return open }
    }
    return nil
  }
}

/// A set of slots.
private struct SlotSet {
  private var words: [UInt64]

  init(_ count: Int) { words = [UInt64](repeating: 0, count: count / 64 + 1) }

  func contains(_ slot: Int) -> Bool { words[slot / 64] >> UInt64(slot % 64) & 1 == 1 }
  mutating func insert(_ slot: Int) { words[slot / 64] |= 1 << UInt64(slot % 64) }
  mutating func remove(_ slot: Int) { words[slot / 64] &= ~(1 << UInt64(slot % 64)) }
  mutating func formUnion(_ other: SlotSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }
  func intersection(_ other: SlotSet) -> SlotSet {
    var result = self
    for index in words.indices { result.words[index] &= other.words[index] }
    return result
  }
}
