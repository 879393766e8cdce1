// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Finds model groups among those that the caller can find: sorted, counted, a page of them.
public struct FindGroups<Rank: Comparable & Sendable>: RegistrySearch {
  public static var action: String { SearchGroups.action }

  /// How a group ranks, the least first; nil for one that is not looked for.
  public var rank: @Sendable (ModelGroup) -> Rank?
  /// Where to look.
  public var scope: FindScope
  /// How many results come before the page.
  public var from: Int
  /// How many results the page has at most.
  public var size: Int

  /// Finds groups.
  public init(
    in scope: FindScope = .everything, from: Int = 0, size: Int = 10,
    rank: @escaping @Sendable (ModelGroup) -> Rank?
  ) {
    (self.scope, self.from, self.size, self.rank) = (scope, from, size, rank)
  }

  public var target: String { "*" }

  public func checkLimits() throws(RegistryError) { try FindRules.check(from: from, size: size) }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Surroundings {
    try reader.groupSurroundings()
  }

  public func request(by subject: Request.Entity, given facts: Surroundings) -> Request {
    SearchGroups().request(by: subject, given: facts)
  }

  public func page(
    from reader: inout FactReader, for attempt: Attempt, isVisible: (Request) throws -> Bool
  ) throws -> Found<ModelGroup, Rank> {
    let surroundings = try reader.groupSurroundings()
    let ranges = reader.ranges(for: request(by: attempt.subject, given: surroundings))
    let ids = try ids(&reader)
    let matches = try FindRules.collect(
      from: from, size: size, id: \ModelGroup.id,
      candidates: { after, limit in
        guard let ids else { return try reader.groups(in: ranges, after: after, limit: limit) }
        return try FindRules.named(ids, after: after, limit: limit) { id in
          try reader.listedGroup(id)?.0
        }
      },
      match: { group -> Rank? in
        guard let rank = rank(group) else { return nil }
        let facts = GroupFacts(
          id: group.id, group: group, modelCount: nil, surroundings: surroundings)
        return try isVisible(facts.request(Self.action, by: attempt.subject)) ? rank : nil
      })
    return try FindRules.fetch(matches, surroundings, size: { $0.listedBytes }) {
      try reader.listedGroup($0)
    }
  }

  /// The ids that are looked for, if they are known.
  private func ids(_ reader: inout FactReader) throws -> [String]? {
    switch scope {
    case .everything: nil
    case .ids(let ids): ids
    case .names(let names): try names.compactMap { try reader.groupID(named: $0) }
    }
  }
}

extension FactReader {
  /// A group for a list, which nothing is decided by.
  func listedGroup(_ id: String) throws(StoreError) -> (ModelGroup, StoreRevision)? {
    guard let found = try listed(.group(id)), case .group(let group) = found.record else {
      return nil
    }
    return (group, found.revision)
  }
}

extension ModelGroup {
  /// About what it takes in an answer.
  fileprivate var listedBytes: Int {
    let texts = [name, summary ?? ""] + backendRoles + (owner?.backendRoles ?? [])
    return (texts + (owner?.roles ?? [])).reduce(256) { $0 + $1.utf8.count }
  }
}
