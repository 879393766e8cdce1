// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Reads a model in a group.
public struct GetModel: RegistryRead, GroupModelOperation {
  public static var action: String { "cluster:admin/opensearch/ml/models/get" }

  /// Its id.
  public var modelID: String

  /// Reads a model.
  public init(_ modelID: String) { self.modelID = modelID }

  public func answer(from facts: GroupModelFacts) throws(RegistryError) -> GroupModel {
    try facts.found()
  }
}

/// Asks whether the caller may call a model, and for the model.
public struct Predict: RegistryRead, GroupModelOperation {
  public static var action: String { "cluster:admin/opensearch/ml/predict" }

  /// Its id.
  public var modelID: String

  /// Asks about a model.
  public init(_ modelID: String) { self.modelID = modelID }

  public func answer(from facts: GroupModelFacts) throws(RegistryError) -> GroupModel {
    try facts.found()
  }
}

/// Lists the models that the caller can find.
public struct SearchModels: RegistrySearch {
  public static var action: String { "cluster:admin/opensearch/ml/models/search" }

  /// Which of those; all if absent.
  public var matching: (@Sendable (GroupModel) -> Bool)?
  /// Begins behind this id.
  public var after: String?
  /// How many at most.
  public var limit: Int

  /// Lists models.
  public init(
    after: String? = nil, limit: Int = 100, matching: (@Sendable (GroupModel) -> Bool)? = nil
  ) {
    (self.after, self.limit, self.matching) = (after, limit, matching)
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
      resource: .init(type: "model", id: "*"), context: facts.context.properties)
  }

  public func page(
    from reader: inout FactReader, for attempt: Attempt, isVisible: (Request) throws -> Bool
  ) throws -> Page<GroupModel> {
    let surroundings = try reader.groupSurroundings()
    return try PageRules.collect(
      after: after, limit: limit, name: { $0.id },
      candidates: { (after, limit) in
        try reader.page(.groupModel, after: after, limit: limit).compactMap {
          if case .groupModel(let model) = $0 { model } else { nil }
        }
      },
      isVisible: { model in
        guard matching?(model) ?? true else { return false }
        let facts = GroupModelFacts(
          id: model.id, model: model,
          group: try reader.group(of: model.groupID, member: "model `\(model.id)`"),
          surroundings: surroundings)
        return try isVisible(facts.request(.init(name: Self.action), by: attempt.subject))
      })
  }
}
