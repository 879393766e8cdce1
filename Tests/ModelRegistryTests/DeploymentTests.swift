import ModelRegistry
import PolicyEngine
import RegistryRaces
import Testing

/// Deployments against the shipped rules.
@Suite struct DeploymentTests {
  static func registry(_ store: any RegistryStore = MemoryStore()) async throws -> ModelRegistry {
    let registry = try await ModelRegistry.test(store)
    for id in ["torch", "torch-2", "torch-3"] {
      try await registry.perform(
        PutTrainedModel(TrainedModel(id: id, modelType: .pytorch), definition: [1]), by: .mona)
    }
    try await registry.perform(PutTrainedModel(TrainedModel(id: "tree")), by: .mona)
    try await registry.perform(PutAlias("al", of: "torch"), by: .mona)
    try await registry.perform(PutAlias("other", of: "torch-2"), by: .mona)
    try await registry.perform(StartDeployment(of: "torch", as: "run"), by: .mona)
    return registry
  }

  static let validation = "400 action_request_validation_exception: Validation Failed: "

  static let starts: [(start: StartDeployment, wanted: String)] = [
    (StartDeployment(of: "torch"), "ok"),
    (StartDeployment(of: "torch", as: "second"), "ok"),
    // Started by an alias, it is called by the alias.
    (StartDeployment(of: "al"), "ok"),
    (
      StartDeployment(of: "torch", allocations: 0),
      validation + "1: [number_of_allocations] must be a positive integer;"
    ),
    (
      StartDeployment(of: "torch", threadsPerAllocation: 3),
      validation + "1: [threads_per_allocation] must be a power of 2 less than or equal to 32;"
    ),
    (
      StartDeployment(of: "torch", queueCapacity: 0, timeout: 0),
      validation
        + "1: [queue_capacity] must be a positive integer;2: [timeout] must be positive;"
    ),
    (
      StartDeployment(of: "torch", queueCapacity: 1_000_001),
      validation + "1: [queue_capacity] must be less than 1000000;"
    ),
    (
      StartDeployment(of: "torch", allocations: 2, threadsPerAllocation: 2, priority: "low"),
      validation
        + "1: [number_of_allocations] must be 1 when [priority] is low;2: [threads_per_allocation] must be 1 when [priority] is low;"
    ),
    (
      StartDeployment(of: "torch", as: "run"),
      "400 status_exception: Could not start model deployment because an existing deployment with the same id [run] exist"
    ),
    (
      StartDeployment(of: "nowhere", as: "run"),
      "400 status_exception: Could not start model deployment because an existing deployment with the same id [run] exist"
    ),
    (
      StartDeployment(of: "nowhere"),
      "404 resource_not_found_exception: No known trained model with model_id [nowhere]"
    ),
    (
      StartDeployment(of: "tree"),
      "400 status_exception: model [tree] of type [tree_ensemble] cannot be deployed. Only PyTorch models can be deployed"
    ),
    (
      StartDeployment(of: "torch", as: "torch-2"),
      "400 status_exception: Deployment id [torch-2] is the same as an another model which is not the model being deployed. Deployment id can be the same as the model being deployed but cannot match a different model"
    ),
    (
      StartDeployment(of: "torch", as: "other"),
      "400 status_exception: Deployment id [other] is the same as an another model which is not the model being deployed. Deployment id can be the same as the model being deployed but cannot match a different model"
    ),
  ]

  @Test(arguments: starts)
  func starting(_ start: StartDeployment, _ wanted: String) async throws {
    let registry = try await Self.registry()
    let before = try await registry.contents()
    #expect(await line { try await registry.perform(start, by: .mona) } == wanted)
    guard wanted == "ok" else {
      #expect(try await registry.contents() == before)
      return
    }
    let listed = try await registry.search(ListDeployments(), by: .vera).items
    let found = try #require(listed.first { $0.id == start.deploymentID })
    #expect(found.modelID == "torch" && found.state == .starting)
  }

  @Test func theSitesLimitHoldsUnderConcurrency() async throws {
    let registry = try await Self.registry(YieldingStore(MemoryStore()))
    try await registry.perform(ChangeSetting(.deploymentLimit, to: "4"), by: .root)
    let lines = await withTaskGroup(of: String.self) { tasks in
      for number in 0..<24 {
        tasks.addTask {
          await line {
            // Of different models, so that they have nothing in common but the limit.
            let model = ["torch", "torch-2", "torch-3"][number % 3]
            return try await registry.perform(
              StartDeployment(of: model, as: "d\(number)"), by: .mona)
          }
        }
      }
      return await tasks.reduce(into: [String]()) { $0.append($1) }
    }
    #expect(lines.filter { $0 == "ok" }.count == 3)
    let refusal =
      "429 status_exception: Could not start model deployment because existing deployments reached the limit of [4]"
    #expect(lines.filter { $0 == refusal }.count == 21)
  }

  static let stops: [(stop: StopDeployment, wanted: String)] = [
    (StopDeployment("run"), "ok"),
    (StopDeployment("nowhere"), "ok"),
    // An alias is not followed, so this stops nothing.
    (StopDeployment("al"), "ok"),
    (
      StopDeployment("nowhere", allowNoMatch: false),
      "404 resource_not_found_exception: No known model deployment with id [nowhere]"
    ),
  ]

  @Test(arguments: stops)
  func stopping(_ stop: StopDeployment, _ wanted: String) async throws {
    let registry = try await Self.registry()
    #expect(await line { try await registry.perform(stop, by: .mona) } == wanted)
    let listed = try await registry.search(ListDeployments(), by: .vera).items.map(\.id)
    #expect(listed == (stop.deploymentID == "run" ? [] : ["run"]))
  }

  @Test func pipelinesHoldDeployments() async throws {
    let registry = try await Self.registry()
    try await registry.perform(PutPipeline("p", naming: ["al"]), by: .root)
    #expect(
      await line { try await registry.perform(StopDeployment("run"), by: .mona) }
        == "409 status_exception: Cannot stop deployment [run] as it has a model_alias [al] that is still referenced by ingest processors; use force to stop the deployment"
    )
    try await registry.perform(PutPipeline("p", naming: ["run"]), by: .root)
    #expect(
      await line { try await registry.perform(StopDeployment("run"), by: .mona) }
        == "409 status_exception: Cannot stop deployment [run] as it is referenced by ingest processors; use force to stop the deployment"
    )
    #expect(
      await line { try await registry.perform(StopDeployment("run", force: true), by: .mona) }
        == "ok")
    try await registry.perform(DeletePipeline("p"), by: .root)
    #expect(
      await line { try await registry.perform(DeletePipeline("p"), by: .root) }
        == "registry not_found: pipeline [p] is missing")
    #expect(
      await line { try await registry.perform(PutPipeline("p", naming: []), by: .mona) }
        .hasPrefix("denied"))
  }

  @Test func statesAreWhatThePlatformReports() async throws {
    let registry = try await Self.registry()
    try await registry.perform(UpdateDeployment("run", allocations: 3), by: .mona)
    try await registry.perform(
      ReportDeployment("run", state: .failed, currentAllocations: 1, reason: "no room"),
      by: .mona)
    let found = try await registry.search(ListDeployments(), by: .vera).items
    #expect(
      found.map {
        "\($0.id) \($0.state) \($0.allocations) \($0.currentAllocations) \($0.reason ?? "")"
      }
        == ["run failed 3 1 no room"])
    #expect(
      await line { try await registry.perform(UpdateDeployment("x", allocations: 1), by: .mona) }
        == "registry not_found: No known model deployment with id [x]")
    #expect(
      await line { try await registry.perform(UpdateDeployment("run", allocations: 1), by: .vera) }
        .hasPrefix("403 security_exception"))
  }

  @Test(arguments: [
    ("al", "torch run"), ("run", "torch run"), ("torch", "torch run"), ("torch-2", "torch-2"),
    ("tree", "tree"),
    ("nowhere", "registry not_found: No known trained model with model_id [nowhere]"),
  ])
  func callsGoToTheDeployment(_ name: String, _ wanted: String) async throws {
    let registry = try await Self.registry()
    let found = await line {
      let answer = try await registry.read(ResolveCall(name), by: .vera)
      return [answer.model.id, answer.deployment?.id].compactMap(\.self).joined(separator: " ")
    }
    #expect(found == wanted)
  }
}
