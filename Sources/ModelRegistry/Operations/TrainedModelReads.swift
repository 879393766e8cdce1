// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// A trained model, and the aliases that stand for it.
public struct AliasedModel: Hashable, Sendable {
  /// The model.
  public let model: TrainedModel
  /// Its aliases, sorted.
  public let aliases: [String]
}

/// Reads one trained model by its id or an alias.
public struct GetTrainedModel: RegistryRead {
  public static var action: String { "cluster:monitor/xpack/ml/inference/get" }

  /// The id or alias.
  public var name: String

  /// Reads a model.
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

  public func answer(from facts: TrainedModelFacts) throws(RegistryError) -> AliasedModel {
    AliasedModel(model: try facts.found(), aliases: facts.aliases)
  }
}

/// Reads the definition of a trained model.
public struct GetDefinition: RegistryRead {
  public static var action: String { GetTrainedModel.action }

  /// The id or alias.
  public var name: String

  /// Reads a definition.
  public init(_ name: String) { self.name = name }

  /// What is known of the model, and its definition.
  public struct Facts: Sendable {
    let model: TrainedModelFacts
    let bytes: [UInt8]?
  }

  public var target: String { name }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("name", name)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    let model = try reader.trainedModelFacts(named: name)
    guard let id = model.model?.id,
      case .definition(_, let bytes)? = try reader.record(.definition(id))
    else { return Facts(model: model, bytes: nil) }
    return Facts(model: model, bytes: bytes)
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    facts.model.request(Self.action, by: subject)
  }

  public func answer(from facts: Facts) throws(RegistryError) -> [UInt8] {
    let model = try facts.model.found()
    guard let bytes = facts.bytes else {
      throw RegistryError(.notFound, "Could not find trained model definition [\(model.id)]")
    }
    return bytes
  }
}

/// Lists the trained models that the caller may see.
public struct ListTrainedModels: RegistrySearch {
  public static var action: String { GetTrainedModel.action }

  /// Which of those; all if absent.
  public var matching: (@Sendable (AliasedModel) -> Bool)?
  /// Models must have all of these.
  public var tags: [String]
  /// Begins behind this id.
  public var after: String?
  /// How many at most.
  public var limit: Int

  /// Lists models.
  public init(
    tags: [String] = [], after: String? = nil, limit: Int = 100,
    matching: (@Sendable (AliasedModel) -> Bool)? = nil
  ) {
    (self.tags, self.after, self.limit, self.matching) = (tags, after, limit, matching)
  }

  public var target: String { "*" }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("id", after)
    try size.texts(tags)
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
  ) throws -> Page<AliasedModel> {
    let surroundings = try reader.trainedModelSurroundings()
    let wanted = Set(tags.map { ExactText($0) })
    return try PageRules.collect(
      after: after, limit: limit, name: { $0.model.id },
      candidates: { (after, limit) in
        try reader.page(.trainedModel, after: after, limit: limit).compactMap { record in
          guard case .trainedModel(let model) = record else { return nil }
          return AliasedModel(model: model, aliases: try reader.aliases(of: model.id))
        }
      },
      isVisible: { item in
        guard wanted.isSubset(of: item.model.tags.map { ExactText($0) }), matching?(item) ?? true
        else { return false }
        let facts = TrainedModelFacts(
          name: item.model.id, model: item.model, aliases: item.aliases,
          group: try reader.group(of: item.model.groupID, member: "a trained model"),
          surroundings: surroundings)
        return try isVisible(facts.request(Self.action, by: attempt.subject))
      })
  }
}
