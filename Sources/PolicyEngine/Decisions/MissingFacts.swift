import CEL

/// The smallest sets of facts that would have turned a condition.
extension Explainer {
  /// Most alternatives that are kept while they are put together.
  private static let alternatives = 8
  /// What is as it should be needs no facts. Shared, so that saying so costs no allocation.
  private static let nothing: [[MissingFacts.Fact]] = [[]]

  /// Sets of facts, each of which would make the condition that was read `wanted`. An empty list:
  /// nothing is known to.
  mutating func facts(
    of number: Int, wanted: Bool, in workspace: inout Workspace
  ) -> [[MissingFacts.Fact]] {
    beginVisits()
    return facts(0, number, wanted, &workspace)
  }

  private mutating func facts(
    _ part: Int, _ number: Int, _ wanted: Bool, _ workspace: inout Workspace
  ) -> [[MissingFacts.Fact]] {
    let outcome = outcome(part, of: number)
    if wanted ? outcome.isTrue : outcome.isFalse { return Self.nothing }
    if let inner = inside(part, of: number) { return facts(0, inner, wanted, &workspace) }
    switch outlines.kind(part, of: number) {
    case .and, .or:
      let all = (outlines.kind(part, of: number) == .and) == wanted
      return all
        ? product(part, number, wanted, &workspace) : union(part, number, wanted, &workspace)
    case .not:
      let operand = outlines.children(part, of: number).lowerBound
      return facts(operand, number, !wanted, &workspace)
    case .definition, .clause: return fact(part, number, wanted, &workspace)
    }
  }

  private mutating func product(
    _ part: Int, _ number: Int, _ wanted: Bool, _ workspace: inout Workspace
  ) -> [[MissingFacts.Fact]] {
    var sets = Self.nothing
    for child in outlines.children(part, of: number) {
      let options = facts(child, number, wanted, &workspace)
      // One alternative that adds nothing, which most operands are, leaves all as it is.
      if options.count == 1, options[0].isEmpty { continue }
      if sets.count == 1, sets[0].isEmpty, options.count <= Self.alternatives * 4 {
        sets = options
      } else if options.count == 1 {
        for place in sets.indices { sets[place] += options[0] }
      } else {
        sets = Array(sets.flatMap { set in options.map { set + $0 } }.prefix(Self.alternatives * 4))
      }
    }
    return Self.smallest(sets)
  }

  private mutating func union(
    _ part: Int, _ number: Int, _ wanted: Bool, _ workspace: inout Workspace
  ) -> [[MissingFacts.Fact]] {
    // That an attribute is not given would turn every rule that asks for it first; it is worth
    // saying only when nothing else is.
    let children = outlines.children(part, of: number)
    let isTold = !wanted && children.contains { !outlines.isPresence($0, of: number) }
    var sets: [[MissingFacts.Fact]] = []
    for child in children where !isTold || !outlines.isPresence(child, of: number) {
      let own = facts(child, number, wanted, &workspace)
      if sets.isEmpty { sets = own } else { sets += own }
    }
    return Self.smallest(sets)
  }

  /// Sets that no other set is part of, smallest first, each once.
  static func smallest(_ sets: [[MissingFacts.Fact]]) -> [[MissingFacts.Fact]] {
    guard sets.count > 1 else { return sets }
    let isSorted = sets.indices.dropFirst().allSatisfy { sets[$0 - 1].count <= sets[$0].count }
    let sorted =
      isSorted
      ? sets
      : sets.enumerated().sorted {
        ($0.element.count, $0.offset) < ($1.element.count, $1.offset)
      }.map(\.element)
    var kept: [[MissingFacts.Fact]] = []
    for set in sorted {
      if !kept.contains(where: { isPart($0, of: set) }) { kept.append(set) }
      if kept.count == alternatives { break }
    }
    return kept
  }

  private static func isPart(_ part: [MissingFacts.Fact], of set: [MissingFacts.Fact]) -> Bool {
    // A set of facts that is worth its hashes is rare.
    part.count * set.count <= 64
      ? part.allSatisfy { set.contains($0) } : Set(part).isSubset(of: Set(set))
  }

  private mutating func fact(
    _ part: Int, _ number: Int, _ wanted: Bool, _ workspace: inout Workspace
  ) -> [[MissingFacts.Fact]] {
    let words = outlinedWords(of: part, number)
    switch wanted ? words.satisfying : words.avoiding {
    case .known(let facts): return facts
    case .shared(let list, let other, let place):
      var values: [CELValue] = []
      if let place, let value = workspace.value(at: place),
        case .list(let elements)? = workspace.memory.export(value)
      {
        values = elements
      }
      let shown = values.map(\.shown).joined(separator: ", ")
      let fact = MissingFacts.Fact(
        text: values.isEmpty
          ? "`\(list)` and `\(other)` share an element" : "`\(list)` holds one of [\(shown)]",
        anyOf: values, path: list)
      return [[fact]]
    }
  }
}
