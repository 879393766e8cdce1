// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// A trained model and everything that uses it.
public struct TrainedModelStatistics: Hashable, Sendable {
  /// The model.
  public let model: TrainedModel
  /// Its aliases, sorted.
  public let aliases: [String]
  /// Its deployments, by id.
  public let deployments: [Deployment]
  /// The ingest pipelines that name it, one of its aliases or one of its deployments, each once.
  public let pipelines: [String]
}

/// Lists the trained models that the caller may see, with everything that uses them.
public struct ListModelStatistics: RegistrySearch {
  public static var action: String { ListDeployments.action }

  /// Which of those; all if absent.
  public var matching: (@Sendable (TrainedModelStatistics) -> Bool)?
  /// Begins behind this id.
  public var after: String?
  /// How many at most.
  public var limit: Int

  /// Lists models.
  public init(
    after: String? = nil, limit: Int = 100,
    matching: (@Sendable (TrainedModelStatistics) -> Bool)? = nil
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
    try reader.trainedModelSurroundings()
  }

  public func request(by subject: Request.Entity, given facts: Surroundings) -> Request {
    TrainedModelFacts.searchRequest(Self.action, by: subject, facts)
  }

  public func page(
    from reader: inout FactReader, for attempt: Attempt, isVisible: (Request) throws -> Bool
  ) throws -> Page<TrainedModelStatistics> {
    let surroundings = try reader.trainedModelSurroundings()
    return try PageRules.collect(
      after: after, limit: limit, name: { $0.model.id },
      candidates: { (after, limit) in
        try reader.page(.trainedModel, after: after, limit: limit).compactMap { record in
          guard case .trainedModel(let model) = record else { return nil }
          return try reader.statistics(of: model)
        }
      },
      isVisible: { item in
        guard matching?(item) ?? true else { return false }
        let facts = TrainedModelFacts(
          name: item.model.id, model: item.model, aliases: item.aliases,
          group: try reader.group(of: item.model.groupID, member: "a trained model"),
          surroundings: surroundings)
        return try isVisible(facts.request(Self.action, by: attempt.subject))
      })
  }
}

extension FactReader {
  fileprivate mutating func statistics(
    of model: TrainedModel
  ) throws(StoreError) -> TrainedModelStatistics {
    let (aliases, deployments) = (try aliases(of: model.id), try deployments(of: model.id))
    var pipelines: Set<ExactText> = []
    for name in [model.id] + aliases + deployments.map(\.id) {
      for pipeline in try self.pipelines(naming: name) { pipelines.insert(ExactText(pipeline)) }
    }
    return TrainedModelStatistics(
      model: model, aliases: aliases, deployments: deployments,
      pipelines: pipelines.sorted().map(\.text))
  }
}
