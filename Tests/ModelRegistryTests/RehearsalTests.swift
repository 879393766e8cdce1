import ModelRegistry
import PolicyEngine
import RegistryRaces
import StoreContract
import Testing

/// A dry run gives the decision against the real state and changes nothing.
@Suite struct RehearsalTests {
  @Test func everythingCanBeRehearsed() async throws {
    let registry = try await AliasTests.registry()
    let group = try await registry.perform(RegisterGroup("g"), by: .user1).output
    let model = try await registry.perform(RegisterModel("m", in: group), by: .user1).output
    let before = try await registry.contents()
    let start = try await registry.logged().count
    var count = 0
    func would(_ rehearsal: Rehearsal, succeed: Bool = true, _ line: Int = #line) {
      count += 1
      let reasons = rehearsal.decision.reasons.map(\.message)
      #expect(rehearsal.wouldSucceed == succeed, "line \(line): \(reasons)")
    }
    would(try await registry.rehearse(PutTrainedModel(TrainedModel(id: "n")), by: .mona))
    would(try await registry.rehearse(DeleteTrainedModel("ner-b"), by: .mona))
    would(try await registry.rehearse(PutDefinition([1], of: "x"), by: .mona), succeed: false)
    would(try await registry.rehearse(PutAlias("n", of: "reg-a"), by: .mona))
    would(try await registry.rehearse(DeleteAlias("reg", of: "reg-a"), by: .mona))
    would(try await registry.rehearse(StartDeployment(of: "ner-b"), by: .mona))
    would(try await registry.rehearse(StopDeployment("ner-c"), by: .mona))
    would(try await registry.rehearse(UpdateDeployment("ner-a", allocations: 2), by: .mona))
    would(
      try await registry.rehearse(
        ReportDeployment("ner-a", state: .failed, currentAllocations: 0), by: .mona))
    would(try await registry.rehearse(PutPipeline("q", naming: ["x"]), by: .root))
    would(try await registry.rehearse(DeletePipeline("pipe"), by: .root))
    would(try await registry.rehearse(ChangeSetting(.license, to: "basic"), by: .root))
    would(try await registry.rehearse(RegisterGroup("h"), by: .user1))
    would(try await registry.rehearse(UpdateGroup(group, name: "h"), by: .user1))
    would(try await registry.rehearse(RegisterModel("m"), by: .user1))
    would(try await registry.rehearse(UpdateModel(model, name: "n"), by: .user1))
    would(try await registry.rehearse(DeployModel(model), by: .user1))
    would(try await registry.rehearse(UndeployModel(model), by: .user1))
    would(try await registry.rehearse(DeleteModel(model), by: .user1))
    would(try await registry.rehearse(DeleteGroup(group), by: .user1), succeed: false)
    would(try await registry.rehearse(GetTrainedModel("reg"), by: .vera))
    would(try await registry.rehearse(GetDefinition("reg"), by: .vera))
    would(try await registry.rehearse(ResolveAlias("reg"), by: .vera))
    would(try await registry.rehearse(ResolveCall("reg"), by: .vera))
    would(try await registry.rehearse(GetGroup(group), by: .user1))
    would(try await registry.rehearse(GetModel(model), by: .user1))
    would(try await registry.rehearse(Predict(model), by: .user1))
    would(try await registry.rehearse(ListTrainedModels(), by: .vera))
    would(try await registry.rehearse(ListAliases(), by: .vera))
    would(try await registry.rehearse(ListDeployments(), by: .vera))
    would(try await registry.rehearse(SearchGroups(), by: .user1))
    would(try await registry.rehearse(SearchModels(), by: .user1))
    #expect(try await registry.contents() == before)
    let log = try await registry.logged().dropFirst(start)
    #expect(log.count == count && log.allSatisfy { $0.kind == "dry_run" })
  }

  @Test func refusalsComeWithTheirExplanation() async throws {
    let registry = try await AliasTests.registry()
    let refused = try await registry.rehearse(
      PutAlias("reg", of: "class-a", reassign: true), by: .mona)
    #expect(!refused.wouldSucceed && refused.obstacle == nil)
    #expect(refused.decision.error?.status == 400)
    let values = refused.decision.reasons.flatMap(\.clauses).flatMap(\.values)
    #expect(values.contains { $0.path == "resource.new_model.inference_type" })
    let roleless = try await registry.rehearse(PutAlias("n", of: "reg-a"), by: .vera)
    #expect(
      roleless.decision.missing.contains { $0.facts.contains { $0.text.contains("manage_ml") } })
  }

  @Test func obstaclesOfTheRegistryAreSaid() async throws {
    let registry = try await ModelRegistry.test(policies: try Policies.lenient.get())
    let found = try await registry.rehearse(PutAlias("a", of: "x"), by: .mona)
    #expect(found.decision.isAllowed && !found.wouldSucceed)
    #expect(found.obstacle?.kind == .notFound)
    let read = try await registry.rehearse(GetGroup("x"), by: .mona)
    #expect(read.obstacle?.kind == .notFound)
  }
}
