// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// What is known of a deployment.
public struct DeploymentFacts: Sendable {
  let id: String
  let deployment: Deployment?
  let model: ModelFacts?
  let pipelines: [String]
  let aliasesInPipelines: [String]
  let surroundings: Surroundings

  func request(_ action: Request.Action, by subject: Request.Entity) -> Request {
    var resource = Attributes()
    resource.add("exists", deployment != nil)
    resource.add("model", model?.attributes)
    resource.add("referenced_by_pipelines", pipelines)
    resource.add("aliases_in_pipelines", aliasesInPipelines)
    return Request(
      subject: subject, action: action,
      resource: .init(type: "deployment", id: id, properties: resource.properties),
      context: surroundings.context.properties)
  }

  func found() throws(RegistryError) -> Deployment {
    guard let deployment else {
      throw RegistryError(.notFound, "No known model deployment with id [\(id)]")
    }
    return deployment
  }
}

extension FactReader {
  mutating func deploymentFacts(_ id: String) throws(StoreError) -> DeploymentFacts {
    let deployment = try deployment(id)
    var aliases: [String] = []
    if let deployment {
      for alias in try self.aliases(of: deployment.modelID)
      where try !pipelines(naming: alias).isEmpty { aliases.append(alias) }
    }
    let model: ModelFacts? = if let deployment { try modelFacts(deployment.modelID) } else { nil }
    return DeploymentFacts(
      id: id, deployment: deployment, model: model,
      pipelines: try pipelines(naming: id), aliasesInPipelines: aliases,
      surroundings: try trainedModelSurroundings())
  }
}

/// Stops a deployment.
public struct StopDeployment: RegistryWrite {
  public static var action: String { "cluster:admin/xpack/ml/trained_models/deployment/stop" }

  /// Its id; an alias is not followed here.
  public var deploymentID: String
  /// Whether it is stopped although it is in use.
  public var force: Bool
  /// Whether stopping what does not run is no fault.
  public var allowNoMatch: Bool

  /// Stops a deployment.
  public init(_ deploymentID: String, force: Bool = false, allowNoMatch: Bool = true) {
    (self.deploymentID, self.force, self.allowNoMatch) = (deploymentID, force, allowNoMatch)
  }

  public var target: String { deploymentID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("deployment id", deploymentID)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> DeploymentFacts {
    try reader.deploymentFacts(deploymentID)
  }

  public func request(by subject: Request.Entity, given facts: DeploymentFacts) -> Request {
    var action = Attributes()
    action.add("force", force)
    action.add("allow_no_match", allowNoMatch)
    return facts.request(.init(name: Self.action, properties: action.properties), by: subject)
  }

  /// Whether there was one.
  public func effect(
    on facts: DeploymentFacts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Bool> {
    let exists = facts.deployment != nil
    return Effect(
      writing: [], removing: exists ? [.deployment(deploymentID)] : [], output: exists)
  }

  public func output(ofRepeated attempt: Attempt) -> Bool { true }
}

/// Changes how many copies of a model a deployment has.
public struct UpdateDeployment: RegistryWrite {
  public static var action: String { "cluster:admin/xpack/ml/trained_models/deployment/update" }

  /// Its id.
  public var deploymentID: String
  /// Copies of the model.
  public var allocations: Int

  /// Changes a deployment.
  public init(_ deploymentID: String, allocations: Int) {
    (self.deploymentID, self.allocations) = (deploymentID, allocations)
  }

  public var target: String { deploymentID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("deployment id", deploymentID)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> DeploymentFacts {
    try reader.deploymentFacts(deploymentID)
  }

  public func request(by subject: Request.Entity, given facts: DeploymentFacts) -> Request {
    var action = Attributes()
    action.add("number_of_allocations", allocations)
    return facts.request(.init(name: Self.action, properties: action.properties), by: subject)
  }

  public func effect(
    on facts: DeploymentFacts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Void> {
    var deployment = try facts.found()
    deployment.allocations = allocations
    return Effect(writing: [.deployment(deployment)])
  }
}

/// Notes what the platform that runs a deployment says of it.
public struct ReportDeployment: RegistryWrite {
  public static var action: String { "cluster:admin/xpack/ml/trained_models/deployment/report" }

  /// Its id.
  public var deploymentID: String
  /// How far it is.
  public var state: Deployment.State
  /// Why.
  public var reason: String?
  /// Copies that run.
  public var currentAllocations: Int

  /// Notes a state.
  public init(
    _ deploymentID: String, state: Deployment.State, currentAllocations: Int,
    reason: String? = nil
  ) {
    (self.deploymentID, self.state) = (deploymentID, state)
    (self.currentAllocations, self.reason) = (currentAllocations, reason)
  }

  public var target: String { deploymentID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("deployment id", deploymentID)
    try size.text(reason)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> DeploymentFacts {
    try reader.deploymentFacts(deploymentID)
  }

  public func request(by subject: Request.Entity, given facts: DeploymentFacts) -> Request {
    var action = Attributes()
    action.add("state", state.rawValue)
    action.add("current_allocations", currentAllocations)
    return facts.request(.init(name: Self.action, properties: action.properties), by: subject)
  }

  public func effect(
    on facts: DeploymentFacts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Void> {
    var deployment = try facts.found()
    (deployment.state, deployment.reason) = (state, reason)
    deployment.currentAllocations = currentAllocations
    return Effect(writing: [.deployment(deployment)])
  }
}
