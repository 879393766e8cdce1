// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Changes a model, or moves it to another group, of which it becomes the next version.
public struct UpdateModel: RegistryWrite {
  public static var action: String { "cluster:admin/opensearch/ml/models/update" }

  /// Its id.
  public var modelID: String
  /// Its new name; nil keeps the old one.
  public var name: String?
  /// Its new description; nil keeps the old one.
  public var summary: String?
  /// The group that it moves to; nil for none.
  public var groupID: String?

  /// Changes a model.
  public init(
    _ modelID: String, name: String? = nil, summary: String? = nil, movingTo groupID: String? = nil
  ) {
    (self.modelID, self.name, self.summary, self.groupID) = (modelID, name, summary, groupID)
  }

  /// What is known of the model and both groups.
  public struct Facts: Sendable {
    let model: GroupModelFacts
    let targetGroup: ModelGroup?
  }

  public var target: String { modelID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model id", modelID)
    try size.name("model name", name)
    try size.name("model group id", groupID)
    try size.text(summary)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    Facts(
      model: try reader.groupModelFacts(modelID),
      targetGroup: try groupID.flatMap { try reader.group($0) })
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("model_group_id", groupID)
    action.add("model_name", name)
    return facts.model.request(
      .init(name: Self.action, properties: action.properties), by: subject,
      adding: facts.targetGroup?.reference)
  }

  public func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<Void> {
    var model = try facts.model.found()
    var records: [Record] = []
    if let groupID {
      guard var group = facts.targetGroup else {
        throw RegistryError(.notFound, "there is no model group `\(groupID)`")
      }
      if !(model.groupID?.isExactly(groupID) ?? false) {
        try group.addVersion()
        (model.groupID, model.version) = (groupID, group.latestVersion)
        records.append(.group(group))
      }
    }
    if let name { model.name = name }
    if let summary { model.summary = summary }
    model.lastUpdatedTime = attempt.time
    return Effect(writing: records + [.groupModel(model)])
  }
}

/// Deletes a model. Its group stays, and keeps count of the versions that it had.
public struct DeleteModel: RegistryWrite, GroupModelOperation {
  public static var action: String { "cluster:admin/opensearch/ml/models/delete" }

  /// Its id.
  public var modelID: String

  /// Deletes a model.
  public init(_ modelID: String) { self.modelID = modelID }

  public func effect(
    on facts: GroupModelFacts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Void> {
    _ = try facts.found()
    return Effect(writing: [], removing: [.groupModel(modelID)])
  }
}

/// Deploys a model: the registry notes that it shall run.
public struct DeployModel: RegistryWrite, GroupModelOperation {
  public static var action: String { "cluster:admin/opensearch/ml/deploy_model" }

  /// Its id.
  public var modelID: String

  /// Deploys a model.
  public init(_ modelID: String) { self.modelID = modelID }

  public func effect(
    on facts: GroupModelFacts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Void> {
    try facts.changing(state: "DEPLOYED", attempt)
  }
}

/// Undeploys one of the models that a request names. Each is judged by itself, knowing of the
/// others.
public struct UndeployModel: RegistryWrite, GroupModelOperation {
  public static var action: String { "cluster:admin/opensearch/ml/undeploy_models" }

  /// Its id.
  public var modelID: String
  /// All models that the request names.
  public var all: [String]

  /// Undeploys a model.
  public init(_ modelID: String, among all: [String]? = nil) {
    (self.modelID, self.all) = (modelID, all ?? [modelID])
  }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model id", modelID)
    for id in all { try size.name("model id", id) }
    try size.texts(all)
  }

  public func request(by subject: Request.Entity, given facts: GroupModelFacts) -> Request {
    var action = Attributes()
    action.add("model_ids", all)
    return facts.request(.init(name: Self.action, properties: action.properties), by: subject)
  }

  public func effect(
    on facts: GroupModelFacts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Void> {
    try facts.changing(state: "UNDEPLOYED", attempt)
  }
}

extension GroupModelFacts {
  func changing(state: String, _ attempt: Attempt) throws(RegistryError) -> Effect<Void> {
    var model = try found()
    (model.state, model.lastUpdatedTime) = (state, attempt.time)
    return Effect(writing: [.groupModel(model)])
  }
}
