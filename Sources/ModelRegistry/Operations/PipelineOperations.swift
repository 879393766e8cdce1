// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Notes which models, aliases and deployments an ingest pipeline names. Pipelines may name what is
/// not there: they live elsewhere, and are told of here.
public struct PutPipeline: RegistryWrite {
  public static var action: String { "cluster:admin/ingest/pipeline/put" }

  /// The pipeline.
  public var pipeline: IngestPipeline

  /// Notes a pipeline.
  public init(_ id: String, naming names: [String]) {
    pipeline = IngestPipeline(id: id, names: names)
  }

  public var target: String { pipeline.id }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("pipeline id", pipeline.id)
    for name in pipeline.names { try size.name("name", name) }
    try size.texts(pipeline.names)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Surroundings {
    try reader.trainedModelSurroundings()
  }

  public func request(by subject: Request.Entity, given facts: Surroundings) -> Request {
    var action = Attributes()
    action.add("names", pipeline.names)
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "ingest_pipeline", id: pipeline.id),
      context: facts.context.properties)
  }

  public func effect(
    on facts: Surroundings, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Void> {
    try NameRules.check("pipeline id", pipeline.id)
    var names: [String] = []
    var known: Set<ExactText> = []
    for name in pipeline.names where known.insert(ExactText(name)).inserted { names.append(name) }
    return Effect(writing: [.pipeline(IngestPipeline(id: pipeline.id, names: names))])
  }
}

/// Forgets an ingest pipeline.
public struct DeletePipeline: RegistryWrite {
  public static var action: String { "cluster:admin/ingest/pipeline/delete" }

  /// Its id.
  public var pipelineID: String

  /// Forgets a pipeline.
  public init(_ pipelineID: String) { self.pipelineID = pipelineID }

  /// What is known of the pipeline.
  public struct Facts: Sendable {
    let exists: Bool
    let surroundings: Surroundings
  }

  public var target: String { pipelineID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("pipeline id", pipelineID)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    Facts(
      exists: try reader.record(.pipeline(pipelineID)) != nil,
      surroundings: try reader.trainedModelSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var resource = Attributes()
    resource.add("exists", facts.exists)
    return Request(
      subject: subject, action: .init(name: Self.action),
      resource: .init(
        type: "ingest_pipeline", id: pipelineID, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  public func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<Void> {
    guard facts.exists else {
      throw RegistryError(.notFound, "pipeline [\(pipelineID)] is missing")
    }
    return Effect(writing: [], removing: [.pipeline(pipelineID)])
  }
}

/// Lists the ingest pipelines that the registry was told of.
public struct ListPipelines: RegistrySearch {
  public static var action: String { "cluster:admin/ingest/pipeline/get" }

  /// Which of those; all if absent.
  public var matching: (@Sendable (IngestPipeline) -> Bool)?
  /// Begins behind this id.
  public var after: String?
  /// How many at most.
  public var limit: Int

  /// Lists pipelines.
  public init(
    after: String? = nil, limit: Int = 100,
    matching: (@Sendable (IngestPipeline) -> Bool)? = nil
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
    Self.request("*", by: subject, facts)
  }

  private static func request(
    _ id: String, by subject: Request.Entity, _ facts: Surroundings
  ) -> Request {
    Request(
      subject: subject, action: .init(name: action),
      resource: .init(type: "ingest_pipeline", id: id), context: facts.context.properties)
  }

  public func page(
    from reader: inout FactReader, for attempt: Attempt, isVisible: (Request) throws -> Bool
  ) throws -> Page<IngestPipeline> {
    let surroundings = try reader.trainedModelSurroundings()
    return try PageRules.collect(
      after: after, limit: limit, name: { $0.id },
      candidates: { (after, limit) in
        try reader.page(.pipeline, after: after, limit: limit).compactMap {
          if case .pipeline(let pipeline) = $0 { pipeline } else { nil }
        }
      },
      isVisible: { pipeline in
        guard matching?(pipeline) ?? true else { return false }
        return try isVisible(Self.request(pipeline.id, by: attempt.subject, surroundings))
      })
  }
}
