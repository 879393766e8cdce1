// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Finds out who answers a call: the deployment and the model behind a name.
public struct ResolveCall: RegistryRead {
  public static var action: String { "cluster:monitor/xpack/ml/inference/infer" }

  /// A model, an alias or a deployment.
  public var name: String

  /// Asks who answers calls of `name`.
  public init(_ name: String) { self.name = name }

  /// What is known of the name.
  public struct Facts: Sendable {
    let model: TrainedModelFacts
    let deployment: Deployment?
  }

  /// Who answers.
  public struct Answer: Hashable, Sendable {
    /// The model.
    public let model: TrainedModel
    /// The deployment; nil for a model that is not deployed.
    public let deployment: Deployment?
  }

  public var target: String { name }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("name", name)
  }

  /// An alias comes first, then a deployment of that id, then any deployment of that model.
  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    let concrete = try reader.alias(name)?.modelID ?? name
    let named = try reader.deployment(concrete)
    let model = try reader.trainedModelFacts(named: named?.modelID ?? concrete)
    let deployment = try named ?? model.model.flatMap { try reader.deployments(of: $0.id).first }
    return Facts(model: model, deployment: deployment)
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    facts.model.request(Self.action, by: subject)
  }

  public func answer(from facts: Facts) throws(RegistryError) -> Answer {
    guard let model = facts.model.model else {
      throw RegistryError(.notFound, "No known trained model with model_id [\(name)]")
    }
    return Answer(model: model, deployment: facts.deployment)
  }
}

/// Lists the deployments of the trained models that the caller may see.
public struct ListDeployments: RegistrySearch {
  public static var action: String { "cluster:monitor/xpack/ml/inference/stats/get" }

  /// Begins behind this id.
  public var after: String?
  /// How many at most.
  public var limit: Int

  /// Lists deployments.
  public init(after: String? = nil, limit: Int = 100) { (self.after, self.limit) = (after, limit) }

  public var target: String { "*" }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("id", after)
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
  ) throws -> Page<Deployment> {
    try PageRules.collect(
      after: after, limit: limit, name: { $0.id },
      candidates: { (after, limit) in
        try reader.page(.deployment, after: after, limit: limit).compactMap {
          if case .deployment(let deployment) = $0 { deployment } else { nil }
        }
      },
      isVisible: { deployment in
        let facts = try reader.trainedModelFacts(named: deployment.modelID)
        return try isVisible(facts.request(Self.action, by: attempt.subject))
      })
  }
}
