import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import Testing

/// What uses a model, and what pipelines the registry was told of.
@Suite struct StatisticsTests {
  static func registry() async throws -> ModelRegistry {
    let registry = try await ModelRegistry.test()
    for id in ["a", "b"] {
      try await registry.perform(
        PutTrainedModel(
          TrainedModel(
            id: id, modelType: .pytorch, inferenceType: "ner", configuration: Array("{}".utf8)),
          definition: [1]),
        by: .mona)
    }
    for alias in ["one", "two"] { try await registry.perform(PutAlias(alias, of: "a"), by: .mona) }
    try await registry.perform(StartDeployment(of: "a", as: "d"), by: .mona)
    for (id, names) in [("p1", ["one", "d"]), ("p2", ["two", "a"]), ("p3", ["b"]), ("p4", ["x"])] {
      try await registry.perform(PutPipeline(id, naming: names), by: .root)
    }
    return registry
  }

  @Test func findsEverythingThatUsesAModel() async throws {
    let registry = try await Self.registry()
    let all = try await registry.search(ListModelStatistics(), by: .vera)
    #expect(all.items.map(\.model.id) == ["a", "b"])
    #expect(all.items.allSatisfy { $0.model.configuration.isEmpty })
    #expect(all.items.map(\.aliases) == [["one", "two"], []])
    #expect(all.items.map { $0.deployments.map(\.id) } == [["d"], []])
    #expect(all.items.map(\.pipelines) == [["p1", "p2"], ["p3"]])
    let some = try await registry.search(
      ListModelStatistics(limit: 1, matching: { $0.pipelines.count == 1 }), by: .vera)
    #expect(some.items.map(\.model.id) == ["b"])
    let first = try await registry.search(ListModelStatistics(limit: 1), by: .vera)
    #expect(first.items.map(\.model.id) == ["a"] && first.next == "a")
    await #expect(throws: Refusal.self) {
      try await registry.search(
        ListModelStatistics(), by: .user("ines", roles: ["inference_admin"]))
    }
  }

  @Test func listsPipelines() async throws {
    let registry = try await Self.registry()
    let all = try await registry.search(ListPipelines(), by: .root)
    #expect(all.items.map(\.id) == ["p1", "p2", "p3", "p4"])
    #expect(all.items.first?.names == ["one", "d"])
    let some = try await registry.search(
      ListPipelines(after: "p1", limit: 2, matching: { $0.names.count == 1 }), by: .root)
    #expect(some.items.map(\.id) == ["p3", "p4"])
    await #expect(throws: Refusal.self) {
      try await registry.search(ListPipelines(), by: .mona)
    }
    await #expect(throws: RegistryError.self) {
      try await registry.search(ListPipelines(limit: RegistryLimits.pageSize + 1), by: .root)
    }
    await #expect(throws: RegistryError.self) {
      try await registry.search(ListModelStatistics(limit: -1), by: .root)
    }
  }
}
