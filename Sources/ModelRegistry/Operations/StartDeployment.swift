// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Starts a deployment of a trained model.
public struct StartDeployment: RegistryWrite {
  public static var action: String { "cluster:admin/xpack/ml/trained_models/deployment/start" }

  /// The model, by its id or an alias.
  public var model: String
  /// The id that the deployment gets; unless said otherwise, whatever the model was named by.
  public var deploymentID: String
  /// Copies of the model.
  public var allocations: Int
  /// Threads of each copy.
  public var threadsPerAllocation: Int
  /// Requests that may wait.
  public var queueCapacity: Int
  /// `normal` or `low`.
  public var priority: String
  /// How long the caller waits for it, in milliseconds. The registry does not wait.
  public var timeout: Int

  /// Starts a deployment.
  public init(
    of model: String, as deploymentID: String? = nil, allocations: Int = 1,
    threadsPerAllocation: Int = 1, queueCapacity: Int = 1024, priority: String = "normal",
    timeout: Int = 20_000
  ) {
    (self.model, self.deploymentID) = (model, deploymentID ?? model)
    (self.allocations, self.threadsPerAllocation) = (allocations, threadsPerAllocation)
    (self.queueCapacity, self.priority, self.timeout) = (queueCapacity, priority, timeout)
  }

  /// What is known of the model and the id.
  public struct Facts: Sendable {
    let model: ModelFacts
    let uses: [IDUse]
    let surroundings: Surroundings
  }

  public var target: String { deploymentID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model id", model)
    try size.name("deployment id", deploymentID)
    try size.name("priority", priority)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    let id = try reader.alias(model)?.modelID ?? model
    return Facts(
      model: try reader.modelFacts(id),
      uses: try reader.uses(of: deploymentID, among: [.deployment, .trainedModel, .alias]),
      surroundings: try reader.deploymentSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("model_id", model)
    action.add("number_of_allocations", allocations)
    action.add("threads_per_allocation", threadsPerAllocation)
    action.add("queue_capacity", queueCapacity)
    action.add("priority", priority)
    action.add("timeout_ms", timeout)
    var resource = Attributes()
    if facts.model.model != nil {
      resource.add("model", facts.model.attributes)
      resource.add("matching_models", [facts.model.id])
    }
    resource.add("id_in_use_as", facts.uses.map(\.rawValue))
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "deployment", id: deploymentID, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  public func effect(
    on facts: Facts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Deployment> {
    try NameRules.check("deployment id", deploymentID)
    guard facts.model.model != nil else {
      throw RegistryError(.notFound, "No known trained model with model_id [\(model)]")
    }
    guard !facts.uses.contains(.deployment) else {
      throw RegistryError(.alreadyExists, "there is a deployment `\(deploymentID)`")
    }
    guard !facts.uses.contains(.trainedModel) || deploymentID.isExactly(facts.model.id) else {
      throw RegistryError(.alreadyExists, "`\(deploymentID)` is the id of another model")
    }
    let started = started(facts.model.id, attempt)
    return Effect(writing: [.deployment(started)], output: started)
  }

  /// An alias that was given as the model stands there as it was given: what it stood for then is
  /// not known any more.
  public func output(ofRepeated attempt: Attempt) -> Deployment { started(model, attempt) }

  private func started(_ modelID: String, _ attempt: Attempt) -> Deployment {
    Deployment(
      id: deploymentID, modelID: modelID, allocations: allocations,
      threadsPerAllocation: threadsPerAllocation, queueCapacity: queueCapacity,
      priority: priority, startTime: attempt.time)
  }
}
