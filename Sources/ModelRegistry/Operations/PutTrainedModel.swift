// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Creates a trained model.
public struct PutTrainedModel: RegistryWrite {
  public static var action: String { "cluster:admin/xpack/ml/inference/put" }

  /// The model, as it shall be. Who creates it and when is filled in.
  public var model: TrainedModel
  /// Whether the request says which type the model has.
  public var givesModelType: Bool
  /// The fields that the request's body sets; nil if there is no body to judge.
  public var bodyFields: [String]?
  /// Unpack the definition later.
  public var defersDecompression: Bool
  /// The definition, which the registry does not look into.
  public var definition: [UInt8]?

  /// Creates a model.
  public init(
    _ model: TrainedModel, definition: [UInt8]? = nil, givesModelType: Bool = true,
    bodyFields: [String]? = nil, defersDecompression: Bool = false
  ) {
    (self.model, self.definition, self.givesModelType) = (model, definition, givesModelType)
    (self.bodyFields, self.defersDecompression) = (bodyFields, defersDecompression)
  }

  /// What is known of the id.
  public struct Facts: Sendable {
    let uses: [IDUse]
    let tagsInUse: [String]
    let group: ModelGroup?
    let surroundings: Surroundings
  }

  public var target: String { model.id }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model id", model.id)
    try size.name("model group id", model.groupID)
    for text in [model.inferenceType, model.summary, model.createdBy, model.licenseLevel] {
      try size.text(text)
    }
    for tag in model.tags { try size.name("tag", tag) }
    for texts in [model.tags, model.inputFields, bodyFields] { try size.texts(texts) }
    try size.bytes(model.configuration)
    try Self.check(definition)
    _ = try Configuration.object(model.configuration)
  }

  static func check(_ definition: [UInt8]?) throws(RegistryError) {
    guard let count = definition?.count, count > RegistryLimits.definitionBytes else { return }
    throw RegistryError(
      .tooLarge, "the definition has \(count) bytes",
      help: "definitions have at most \(RegistryLimits.definitionBytes)")
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    Facts(
      uses: try reader.uses(of: model.id, among: [.trainedModel, .alias, .deployment, .tag]),
      tagsInUse: try model.tags.filter { try reader.trainedModel($0) != nil },
      group: try model.groupID.flatMap { try reader.group($0) },
      surroundings: try reader.trainedModelSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("body_fields", bodyFields)
    action.add("model_type", givesModelType ? model.modelType.rawValue : nil)
    action.add("inference_type", model.inferenceType)
    action.add("input_fields", model.inputFields)
    action.add("tags", model.tags)
    action.add("defer_definition_decompression", defersDecompression)
    var resource = Attributes()
    resource.add("id_in_use_as", facts.uses.map(\.rawValue))
    resource.add("tags_in_use_as_model_ids", facts.tagsInUse)
    resource.add("model_group", facts.group?.reference)
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "trained_model", id: model.id, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  public func effect(
    on facts: Facts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<TrainedModel> {
    try NameRules.check("model id", model.id)
    for (use, what) in [
      (IDUse.trainedModel, "a trained model"), (.alias, "a model alias"),
      (.deployment, "a deployment of another model"),
    ] where facts.uses.contains(use) {
      throw RegistryError(.alreadyExists, "`\(model.id)` is the id of \(what)")
    }
    if let groupID = model.groupID, facts.group == nil {
      throw RegistryError(.notFound, "there is no model group `\(groupID)`")
    }
    let stored = stored(attempt)
    var records: [Record] = [.trainedModel(stored)]
    if let definition { records.append(.definition(model: model.id, bytes: definition)) }
    return Effect(writing: records, output: stored)
  }

  public func output(ofRepeated attempt: Attempt) -> TrainedModel { stored(attempt) }

  private func stored(_ attempt: Attempt) -> TrainedModel {
    var stored = model
    stored.createTime = attempt.time
    stored.definitionBytes = definition?.count
    // It was checked before anything was judged.
    stored.configuration = (try? Configuration.object(model.configuration)) ?? []
    return stored
  }
}

/// Stores the definition of a trained model that was created without one.
public struct PutDefinition: RegistryWrite {
  public static var action: String { "cluster:admin/xpack/ml/trained_models/part/put" }

  /// The id of the model.
  public var modelID: String
  /// The definition, which the registry does not look into.
  public var bytes: [UInt8]

  /// Stores a definition.
  public init(_ bytes: [UInt8], of modelID: String) {
    (self.bytes, self.modelID) = (bytes, modelID)
  }

  public var target: String { modelID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model id", modelID)
    try PutTrainedModel.check(bytes)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> TrainedModelFacts
  {
    let model = try reader.trainedModel(modelID)
    return TrainedModelFacts(
      name: modelID, model: model, aliases: [],
      group: try reader.group(of: model?.groupID, member: "trained model `\(modelID)`"),
      surroundings: try reader.trainedModelSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: TrainedModelFacts) -> Request {
    facts.request(Self.action, by: subject)
  }

  public func effect(
    on facts: TrainedModelFacts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Void> {
    var model = try facts.found()
    guard model.definitionBytes == nil else {
      throw RegistryError(
        .alreadyExists, "model `\(modelID)` has a definition",
        help: "put another model and move the aliases to it")
    }
    model.definitionBytes = bytes.count
    return Effect(writing: [.trainedModel(model), .definition(model: modelID, bytes: bytes)])
  }
}
