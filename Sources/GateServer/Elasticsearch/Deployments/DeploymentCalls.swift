import CEL
import ModelRegistry

/// Deployments of trained models.
extension Exchange {
  static let startParameters: Set<String> = [
    "cache_size", "deployment_id", "number_of_allocations", "priority", "queue_capacity",
    "threads_per_allocation", "timeout", "wait_for",
  ]

  /// `POST /_ml/trained_models/{model_id}/deployment/_start`
  func startDeployment() throws(ErrorBody) -> Route.Action {
    let options = try DeploymentOptions(self)
    let operation = try options.start(name("model_id"))
    let call = try call()
    return {
      let performed = try await perform(operation, call)
      var response = try await form(of: performed.output, options.cacheSize)
        .response(performed.output)
      warn(performed.decision, &response)
      return response
    }
  }

  /// `POST /_ml/trained_models/{model_id}/deployment/_stop`: options may stand in the query and in
  /// the body.
  func stopDeployment() throws(ErrorBody) -> Route.Action {
    var (force, allowNoMatch): (Bool, Bool) = (false, true)
    if !request.body.isEmpty {
      let body = try BodyObject(request, "stop_trained_model_deployment")
      try body.refuseOthers(than: ["id", "allow_no_match", "force", "timeout"])
      force = try body.flag("force") ?? force
      allowNoMatch = try body.flag("allow_no_match") ?? allowNoMatch
    }
    let operation = StopDeployment(
      name("model_id"), force: try flag("force", absent: force),
      allowNoMatch: try flag("allow_no_match", absent: allowNoMatch))
    try checkTimes("timeout")
    let call = try call()
    return {
      let performed = try await perform(operation, call)
      var response = WireResponse.json { writer in
        writer.beginObject()
        writer.member("stopped", true)
        writer.endObject()
      }
      warn(performed.decision, &response)
      return response
    }
  }

  /// `POST /_ml/trained_models/{model_id}/deployment/_update`
  func updateDeployment() throws(ErrorBody) -> Route.Action {
    var allocations = try number("number_of_allocations")
    if !request.body.isEmpty {
      let body = try BodyObject(request, "update_trained_model_deployment")
      try body.refuseOthers(than: ["number_of_allocations", "adaptive_allocations"])
      try DeploymentOptions.refuseAdaptiveAllocations(body)
      if allocations == nil {
        allocations = try DeploymentOptions.int(body, "number_of_allocations")
      }
    }
    guard let allocations else {
      throw .illegalArgument("[number_of_allocations] must be given")
    }
    guard allocations >= 1 else {
      throw ErrorBody(
        400, "action_request_validation_exception",
        "Validation Failed: 1: [number_of_allocations] must be a positive integer;")
    }
    let id = name("model_id")
    let call = try call()
    return {
      let performed = try await perform(UpdateDeployment(id, allocations: allocations), call)
      guard let deployment = try await kept(id) else {
        throw ErrorBody(
          404, "resource_not_found_exception", "No known model deployment with id [\(id)]")
      }
      var response = try await form(of: deployment, nil).response(deployment)
      warn(performed.decision, &response)
      return response
    }
  }

  /// The deployment as it is kept: part of the answer to who was allowed to change it.
  private func kept(_ id: String) async throws -> Deployment? {
    try await site.registry.inspect { snapshot in
      guard case .deployment(let found)? = try snapshot.record(.deployment(id))?.record else {
        return nil
      }
      return found
    }
  }

  private func form(of deployment: Deployment, _ cacheSize: String?) async throws -> AssignmentForm
  {
    let bytes: Int64 = try await site.registry.inspect { snapshot in
      guard
        case .trainedModel(let model)? = try snapshot.record(.trainedModel(deployment.modelID))?
          .record
      else { return 0 }
      return Int64(model.definitionBytes ?? Int(model.sizeBytes))
    }
    return AssignmentForm(modelBytes: bytes, cacheSize: cacheSize)
  }
}

/// How a deployment shall be, from the query and the body of its start. What the query says counts.
struct DeploymentOptions: Sendable {
  private var deploymentID: String?
  private var allocations = 1
  private var threads = 1
  private var queue = 1024
  private var priority = "normal"
  private var timeout = 20_000
  private(set) var cacheSize: String?

  init(_ exchange: Exchange) throws(ErrorBody) {
    if !exchange.request.body.isEmpty { try read(exchange) }
    let query = exchange.request.query
    if let id = query["deployment_id"], !id.isEmpty { deploymentID = id }
    allocations = try exchange.number("number_of_allocations") ?? allocations
    threads = try exchange.number("threads_per_allocation") ?? threads
    queue = try exchange.number("queue_capacity") ?? queue
    priority = query["priority"] ?? priority
    timeout = try exchange.time("timeout") ?? timeout
    cacheSize = query["cache_size"] ?? cacheSize
    try Self.check("wait_for", query["wait_for"], ["starting", "started", "fully_allocated"])
    try Self.check("priority", priority, ["normal", "low"])
    priority = priority.lowercased()
  }

  private mutating func read(_ exchange: Exchange) throws(ErrorBody) {
    let body = try BodyObject(exchange.request, "start_trained_model_deployment_request")
    try body.refuseOthers(
      than: Exchange.startParameters.union(["model_id", "adaptive_allocations"]))
    try Self.refuseAdaptiveAllocations(body)
    if let given = try body.string("model_id"), !given.isExactly(exchange.name("model_id")) {
      throw .illegalArgument(
        "Inconsistent model_id; '\(given)' specified in the body differs from "
          + "'\(exchange.name("model_id"))' specified as a URL argument")
    }
    deploymentID = try body.string("deployment_id")
    allocations = try Self.int(body, "number_of_allocations") ?? allocations
    threads = try Self.int(body, "threads_per_allocation") ?? threads
    queue = try Self.int(body, "queue_capacity") ?? queue
    priority = try body.string("priority") ?? priority
    cacheSize = try body.string("cache_size")
    if let text = try body.string("timeout") {
      timeout = try TimeValue.milliseconds(text, of: "timeout")
    }
    try Self.check(
      "wait_for", try body.string("wait_for"), ["starting", "started", "fully_allocated"])
  }

  static func int(_ body: BodyObject, _ name: String) throws(ErrorBody) -> Int? {
    guard let number = try body.number(name) else { return nil }
    guard let int = Int32(exactly: number) else { throw body.failed(name) }
    return Int(int)
  }

  /// Whoever asks for copies by load must not believe that they come.
  static func refuseAdaptiveAllocations(_ body: BodyObject) throws(ErrorBody) {
    guard let adaptive = try body.object("adaptive_allocations") else { return }
    try adaptive.refuseOthers(
      than: ["enabled", "min_number_of_allocations", "max_number_of_allocations"])
    if try adaptive.flag("enabled") ?? true {
      throw .illegalArgument(
        "[adaptive_allocations] is not supported here; set [number_of_allocations]")
    }
  }

  private static func check(
    _ name: String, _ value: String?, _ known: [String]
  ) throws(ErrorBody) {
    guard let value, !known.contains(value.lowercased()) else { return }
    throw .illegalArgument(
      "[\(name)] must be one of [\(known.joined(separator: ", "))] but was [\(value)]")
  }

  /// The operation that starts a deployment of a model.
  func start(_ model: String) throws(ErrorBody) -> StartDeployment {
    StartDeployment(
      of: model, as: deploymentID, allocations: allocations, threadsPerAllocation: threads,
      queueCapacity: queue, priority: priority, timeout: timeout)
  }
}
