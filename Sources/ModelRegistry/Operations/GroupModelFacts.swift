public import PolicyEngine
public import PolicyGate

/// What is known of a model in a group.
public struct GroupModelFacts: Sendable {
  let id: String
  let model: GroupModel?
  let group: ModelGroup?
  let surroundings: Surroundings

  func request(
    _ action: Request.Action, by subject: Request.Entity, adding more: Attributes? = nil
  ) -> Request {
    var resource = Attributes()
    resource.add("exists", model != nil)
    resource.add("model_group", group?.reference)
    resource.add("hidden", model?.isHidden)
    if let more { resource.add("target_model_group", more) }
    return Request(
      subject: subject, action: action,
      resource: .init(type: "model", id: id, properties: resource.properties),
      context: surroundings.context.properties)
  }

  func found() throws(RegistryError) -> GroupModel {
    guard let model else {
      throw RegistryError(.notFound, "Failed to find model with the provided model id: \(id)")
    }
    return model
  }
}

extension FactReader {
  mutating func groupModelFacts(_ id: String) throws(StoreError) -> GroupModelFacts {
    let model = try groupModel(id)
    return GroupModelFacts(
      id: id, model: model, group: try group(of: model?.groupID, member: "model `\(id)`"),
      surroundings: try groupSurroundings())
  }
}

/// An operation on one model that is, or was, in a group.
public protocol GroupModelOperation: RegistryOperation where Facts == GroupModelFacts {
  /// The model's id.
  var modelID: String { get }
}

extension GroupModelOperation {
  /// The model.
  public var target: String { modelID }

  /// Checks the id.
  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model id", modelID)
  }

  /// The model and its group.
  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> GroupModelFacts {
    try reader.groupModelFacts(modelID)
  }

  /// The action on the model, without parameters.
  public func request(by subject: Request.Entity, given facts: GroupModelFacts) -> Request {
    facts.request(.init(name: Self.action), by: subject)
  }
}
