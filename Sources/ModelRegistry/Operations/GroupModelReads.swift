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

/// Asks whether the caller may register a model whose parts are uploaded one by one. The registry
/// keeps no parts, so nothing comes of it.
public struct RegisterModelMeta: RegistryRead {
  public static var action: String { "cluster:admin/opensearch/ml/register_model_meta" }

  /// Its name.
  public var name: String
  /// The group that it joins; nil for none.
  public var groupID: String?

  /// Asks about a model.
  public init(_ name: String, in groupID: String? = nil) {
    (self.name, self.groupID) = (name, groupID)
  }

  /// What is known of the group.
  public struct Facts: Sendable {
    let group: ModelGroup?
    let surroundings: Surroundings
  }

  public var target: String { name }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model name", name)
    try size.name("model group id", groupID)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    Facts(
      group: try groupID.flatMap { try reader.group($0) },
      surroundings: try reader.groupSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("model_name", name)
    action.add("model_group_id", groupID)
    var resource = Attributes()
    resource.add("model_group", facts.group?.reference)
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "model", id: name, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  public func answer(from facts: Facts) throws(RegistryError) {
    if let groupID, facts.group == nil {
      throw RegistryError(.notFound, "there is no model group `\(groupID)`")
    }
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
