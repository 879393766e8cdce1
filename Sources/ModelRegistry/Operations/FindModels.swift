// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Finds models in groups among those that the caller can find: sorted, counted, a page of them.
public struct FindModels<Rank: Comparable & Sendable>: RegistrySearch {
  public static var action: String { SearchModels.action }

  /// How a model ranks, the least first; nil for one that is not looked for.
  public var rank: @Sendable (GroupModel) -> Rank?
  /// Where to look. Models have names of their own, which others may have too, so a scope of names
  /// looks everywhere.
  public var scope: FindScope
  /// How many results come before the page.
  public var from: Int
  /// How many results the page has at most.
  public var size: Int

  /// Finds models.
  public init(
    in scope: FindScope = .everything, from: Int = 0, size: Int = 10,
    rank: @escaping @Sendable (GroupModel) -> Rank?
  ) {
    (self.scope, self.from, self.size, self.rank) = (scope, from, size, rank)
  }

  public var target: String { "*" }

  public func checkLimits() throws(RegistryError) { try FindRules.check(from: from, size: size) }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Surroundings {
    try reader.groupSurroundings()
  }

  public func request(by subject: Request.Entity, given facts: Surroundings) -> Request {
    SearchModels().request(by: subject, given: facts)
  }

  public func page(
    from reader: inout FactReader, for attempt: Attempt, isVisible: (Request) throws -> Bool
  ) throws -> Found<GroupModel, Rank> {
    let surroundings = try reader.groupSurroundings()
    let matches = try FindRules.collect(
      from: from, size: size, id: \GroupModel.id,
      candidates: { after, limit in
        if case .ids(let ids) = scope {
          return try FindRules.named(ids, after: after, limit: limit) { id in
            try reader.listedModel(id)?.0
          }
        }
        return try reader.page(.groupModel, after: after, limit: limit).compactMap {
          if case .groupModel(let model) = $0 { model } else { nil }
        }
      },
      match: { model -> Rank? in
        guard let rank = rank(model) else { return nil }
        let facts = GroupModelFacts(
          id: model.id, model: model,
          group: try reader.group(of: model.groupID, member: "model `\(model.id)`"),
          surroundings: surroundings)
        let request = facts.request(.init(name: Self.action), by: attempt.subject)
        return try isVisible(request) ? rank : nil
      })
    return try FindRules.fetch(
      matches, surroundings, size: { 512 + $0.configuration.count + ($0.summary?.utf8.count ?? 0) }
    ) { try reader.listedModel($0) }
  }
}

extension FactReader {
  /// A model for a list, which nothing is decided by.
  func listedModel(_ id: String) throws(StoreError) -> (GroupModel, StoreRevision)? {
    guard let found = try listed(.groupModel(id)), case .groupModel(let model) = found.record
    else { return nil }
    return (model, found.revision)
  }
}
