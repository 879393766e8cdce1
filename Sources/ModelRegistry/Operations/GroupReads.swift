// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Reads a model group.
public struct GetGroup: RegistryRead {
  public static var action: String { "cluster:admin/opensearch/ml/model_groups/get" }

  /// Its id.
  public var groupID: String

  /// Reads a group.
  public init(_ groupID: String) { self.groupID = groupID }

  public var target: String { groupID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model group id", groupID)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> GroupFacts {
    try reader.groupFacts(groupID)
  }

  public func request(by subject: Request.Entity, given facts: GroupFacts) -> Request {
    facts.request(Self.action, by: subject)
  }

  public func answer(from facts: GroupFacts) throws(RegistryError) -> ModelGroup {
    try facts.found()
  }
}

/// What is known of a model group.
public struct GroupFacts: Sendable {
  let id: String
  let group: ModelGroup?
  let modelCount: Int?
  let surroundings: Surroundings

  func request(_ action: String, by subject: Request.Entity) -> Request {
    var resource = group?.properties ?? Attributes()
    resource.add("exists", group != nil)
    resource.add("model_count", modelCount)
    return Request(
      subject: subject, action: .init(name: action),
      resource: .init(type: "model_group", id: id, properties: resource.properties),
      context: surroundings.context.properties)
  }

  func found() throws(RegistryError) -> ModelGroup {
    guard let group else {
      throw RegistryError(
        .notFound, "Failed to find model group with the provided model group id: \(id)")
    }
    return group
  }
}

extension FactReader {
  mutating func groupFacts(_ id: String, countsModels: Bool = false) throws(StoreError)
    -> GroupFacts
  {
    GroupFacts(
      id: id, group: try group(id),
      modelCount: countsModels
        ? try count(.models(group: id)) + count(.trainedModels(group: id)) : nil,
      surroundings: try groupSurroundings())
  }
}

/// Lists the model groups that the caller can find.
public struct SearchGroups: RegistrySearch {
  public static var action: String { "cluster:admin/opensearch/ml/model_groups/search" }

  /// Which of those; all if absent.
  public var matching: (@Sendable (ModelGroup) -> Bool)?
  /// Where to look; nil for wherever the caller may find something.
  public var ranges: [GroupRange]?
  /// Begins behind this id.
  public var after: String?
  /// How many at most.
  public var limit: Int

  /// Lists groups.
  public init(
    in ranges: [GroupRange]? = nil, after: String? = nil, limit: Int = 100,
    matching: (@Sendable (ModelGroup) -> Bool)? = nil
  ) {
    (self.ranges, self.after, self.limit, self.matching) = (ranges, after, limit, matching)
  }

  public var target: String { "*" }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("id", after)
    try PageRules.check(limit)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Surroundings {
    try reader.groupSurroundings()
  }

  public func request(by subject: Request.Entity, given facts: Surroundings) -> Request {
    Request(
      subject: subject, action: .init(name: Self.action),
      resource: .init(type: "model_group", id: "*"), context: facts.context.properties)
  }

  public func page(
    from reader: inout FactReader, for attempt: Attempt, isVisible: (Request) throws -> Bool
  ) throws -> Page<ModelGroup> {
    let surroundings = try reader.groupSurroundings()
    let ranges =
      self.ranges ?? reader.ranges(for: request(by: attempt.subject, given: surroundings))
    return try PageRules.collect(
      after: after, limit: limit, name: { $0.id },
      candidates: { (after, limit) in
        try reader.groups(in: ranges, after: after, limit: limit)
      },
      isVisible: { group in
        guard matching?(group) ?? true else { return false }
        let facts = GroupFacts(
          id: group.id, group: group, modelCount: nil, surroundings: surroundings)
        return try isVisible(facts.request(Self.action, by: attempt.subject))
      })
  }
}
