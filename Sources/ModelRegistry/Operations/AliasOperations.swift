// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Points a model alias at a trained model, or moves it there.
public struct PutAlias: RegistryWrite {
  public static var action: String { "cluster:admin/xpack/ml/inference/model_aliases/put" }

  /// The alias.
  public var alias: String
  /// The id of the model; an alias is not followed here.
  public var modelID: String
  /// Whether an alias that exists may be moved.
  public var reassign: Bool

  /// Points `alias` at the model `modelID`.
  public init(_ alias: String, of modelID: String, reassign: Bool = false) {
    (self.alias, self.modelID, self.reassign) = (alias, modelID, reassign)
  }

  /// What is known of an alias.
  public struct Facts: Sendable {
    let current: ModelFacts?
    let new: ModelFacts
    let uses: [IDUse]
    let pipelines: [String]
    let surroundings: Surroundings
  }

  public var target: String { alias }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("alias", alias)
    try size.name("model id", modelID)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    Facts(
      current: try reader.alias(alias).map { try reader.modelFacts($0.modelID) },
      new: try reader.modelFacts(modelID),
      uses: try reader.uses(of: alias, among: [.trainedModel, .deployment, .tag]),
      pipelines: try reader.pipelines(naming: alias),
      surroundings: try reader.trainedModelSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("reassign", reassign)
    var resource = Attributes()
    resource.add("current_model", facts.current?.attributes)
    resource.add("new_model", facts.new.attributes)
    resource.add("id_in_use_as", facts.uses.map(\.rawValue))
    resource.add("referenced_by_pipelines", facts.pipelines)
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "model_alias", id: alias, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  public func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<Void> {
    try NameRules.check("alias", alias)
    guard facts.new.model != nil else {
      throw RegistryError(
        .notFound, "alias `\(alias)` would stand for model `\(modelID)`, which is not there")
    }
    guard !facts.uses.contains(.trainedModel) else {
      throw RegistryError(.alreadyExists, "`\(alias)` is the id of a trained model")
    }
    return Effect(writing: [.alias(ModelAlias(name: alias, modelID: modelID))])
  }
}

/// Deletes a model alias.
public struct DeleteAlias: RegistryWrite {
  public static var action: String { "cluster:admin/xpack/ml/inference/model_aliases/delete" }

  /// The alias.
  public var alias: String
  /// The model that the caller believes it stands for.
  public var modelID: String

  /// Deletes `alias`, which stands for the model `modelID`.
  public init(_ alias: String, of modelID: String) { (self.alias, self.modelID) = (alias, modelID) }

  /// What is known of an alias.
  public struct Facts: Sendable {
    let current: ModelFacts?
    let pipelines: [String]
    let surroundings: Surroundings
  }

  public var target: String { alias }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("alias", alias)
    try size.name("model id", modelID)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    Facts(
      current: try reader.alias(alias).map { try reader.modelFacts($0.modelID) },
      pipelines: try reader.pipelines(naming: alias),
      surroundings: try reader.trainedModelSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("model_id", modelID)
    var resource = Attributes()
    resource.add("current_model", facts.current?.attributes)
    resource.add("referenced_by_pipelines", facts.pipelines)
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "model_alias", id: alias, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  public func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<Void> {
    guard facts.current != nil else {
      throw RegistryError(.notFound, "there is no alias `\(alias)`")
    }
    return Effect(writing: [], removing: [.alias(alias)])
  }
}

/// Finds out which trained model a name stands for: an alias or an id.
public struct ResolveAlias: RegistryRead {
  public static var action: String { GetTrainedModel.action }

  /// The alias or id.
  public var name: String

  /// Resolves a name.
  public init(_ name: String) { self.name = name }

  public var target: String { name }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("name", name)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> TrainedModelFacts
  {
    try reader.trainedModelFacts(named: name)
  }

  public func request(by subject: Request.Entity, given facts: TrainedModelFacts) -> Request {
    facts.request(Self.action, by: subject)
  }

  /// The id of the model.
  public func answer(from facts: TrainedModelFacts) throws(RegistryError) -> String {
    try facts.found().id
  }
}

/// Lists the aliases of the trained models that the caller may see.
public struct ListAliases: RegistrySearch {
  public static var action: String { GetTrainedModel.action }

  /// Begins behind this alias.
  public var after: String?
  /// How many at most.
  public var limit: Int

  /// Lists aliases.
  public init(after: String? = nil, limit: Int = 100) { (self.after, self.limit) = (after, limit) }

  public var target: String { "*" }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("alias", after)
    try PageRules.check(limit)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Surroundings {
    try reader.trainedModelSurroundings()
  }

  public func request(by subject: Request.Entity, given facts: Surroundings) -> Request {
    TrainedModelFacts.searchRequest(Self.action, by: subject, facts)
  }

  public func page(
    from reader: inout FactReader, for attempt: Attempt, isVisible: (Request) throws -> Bool
  ) throws -> Page<ModelAlias> {
    let surroundings = try reader.trainedModelSurroundings()
    return try PageRules.collect(
      after: after, limit: limit, name: { $0.name },
      candidates: { (after, limit) in
        try reader.page(.alias, after: after, limit: limit).compactMap {
          if case .alias(let alias) = $0 { alias } else { nil }
        }
      },
      isVisible: { alias in
        let facts = TrainedModelFacts(
          name: alias.modelID, model: try reader.trainedModel(alias.modelID), aliases: [],
          group: nil, surroundings: surroundings)
        return try isVisible(facts.request(Self.action, by: attempt.subject))
      })
  }
}
