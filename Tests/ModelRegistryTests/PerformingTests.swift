import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import StoreContract
import Testing

/// How operations take effect: once, on what they were judged by, or not at all.
@Suite struct PerformingTests {
  @Test func aRepeatedAttemptTakesEffectOnce() async throws {
    let registry = try await ModelRegistry.test()
    let first = try await registry.perform(RegisterGroup("g"), by: .user1, key: "k")
    let again = try await registry.perform(RegisterGroup("g"), by: .user1, key: "k")
    #expect(!first.isRepeated && again.isRepeated)
    #expect(first.output == again.output && first.revision == again.revision)
    // Without the key, it is another attempt.
    #expect(
      await line { try await registry.perform(RegisterGroup("g"), by: .user1) }
        .hasPrefix("400 illegal_argument_exception: The name you provided is already being used"))
    #expect(try await registry.logged().filter { $0.kind == "performed" }.count == 1)
  }

  /// A key names an attempt of its caller at one thing: it hides nothing of anybody else's.
  @Test func aKeyIsTheCallersAndTheOperations() async throws {
    let registry = try await ModelRegistry.test()
    try await registry.perform(PutTrainedModel(TrainedModel(id: "m")), by: .mona, key: "k")
    let other = Request.Entity.user("max", roles: ["machine_learning_admin"])
    #expect(
      await line { try await registry.perform(PutAlias("a", of: "m"), by: .mona, key: "k") }
        == "ok")
    #expect(
      await line { try await registry.perform(PutAlias("b", of: "m"), by: .mona, key: "k") }
        == "ok")
    #expect(
      await line { try await registry.perform(PutAlias("c", of: "m"), by: other, key: "k") }
        == "ok")
    #expect(
      await line { try await registry.perform(PutAlias("a", of: "m"), by: .mona, key: "k") }
        == "repeated")
    // Somebody else's repetition of it is judged like any other attempt.
    #expect(
      await line { try await registry.perform(PutAlias("a", of: "m"), by: other, key: "k") }
        .hasPrefix("400 status_exception: cannot assign model_alias [a]"))
    #expect(
      await line { try await registry.perform(PutAlias("a", of: "m"), by: .vera, key: "k") }
        .hasPrefix("403"))
  }

  @Test func aKeyHasALength() async throws {
    let registry = try await ModelRegistry.test()
    let longest = String(repeating: "k", count: GateLimits.keyBytes)
    try await registry.perform(RegisterGroup("g"), by: .user1, key: longest)
    for key in ["", longest + "k"] {
      #expect(
        await line { try await registry.perform(RegisterGroup("h"), by: .user1, key: key) }
          == "registry invalid: the attempt's key has \(key.utf8.count) bytes")
    }
  }

  /// A store in which others are always faster, for a while.
  private func contended(_ times: Int) async throws -> String {
    let store = ContendedStore(MemoryStore(), conflicts: times)
    let registry = try await ModelRegistry.test(store)
    store.isOn = true
    return await line { try await registry.perform(RegisterGroup("g"), by: .user1) }
  }

  @Test func triesAreBounded() async throws {
    #expect(try await contended(RegistryLimits.tries - 1) == "ok")
    #expect(
      try await contended(RegistryLimits.tries)
        == "registry contended: `cluster:admin/opensearch/ml/register_model_group` was judged 100 times, and each time others were faster"
    )
  }

  /// What was not done because it would break the registry is logged as abandoned, and is no fault
  /// of the service.
  @Test func obstaclesAreLogged() async throws {
    let registry = try await ModelRegistry.test(policies: try Policies.lenient.get())
    #expect(
      await line { try await registry.perform(PutAlias("a", of: "x"), by: .mona) }
        == "registry not_found: alias `a` would stand for model `x`, which is not there")
    #expect(try await registry.logged().map(\.kind) == ["policy", "abandoned"])
    #expect(registry.gate.health.unspentPermits == 0)
  }

  /// A refusal that can't be logged is not answered as one, and what is allowed is not done.
  @Test(arguments: [FailingStore.Fault.refused, .unknownDone])
  func withoutALogNothingHappens(_ fault: FailingStore.Fault) async throws {
    let faults = Switch()
    let store = MemoryStore()
    let failing = FailingStore(store) { _ in faults.isOn ? fault : nil }
    let registry = try await ModelRegistry.test(failing)
    let contents = try await registry.contents()
    faults.isOn = true
    for person: Request.Entity in [.user1, .vera] {
      let found = await line { try await registry.perform(RegisterGroup("g"), by: person) }
      #expect(found.contains("the store is not available"), "\(found)")
    }
    faults.isOn = false
    #expect(try await registry.contents() == contents)
  }

  @Test func anUnknownOutcomeIsSaid() async throws {
    let faults = Switch()
    let failing = FailingStore(MemoryStore()) { _ in
      faults.isOn ? .unknownDone : nil
    }
    let store = CommitSwitchStore(failing, onCommit: faults)
    let registry = try await ModelRegistry.test(store)
    store.armed.isOn = true
    let operation = RegisterGroup("g")
    #expect(
      await line { try await registry.perform(operation, by: .user1, key: "k") }
        == "registry outcome_unknown: the store does not say whether the operation took effect")
    store.armed.isOn = false
    faults.isOn = false
    // It had taken effect, as repeating it shows.
    #expect(
      await line { try await registry.perform(operation, by: .user1, key: "k") } == "repeated")
  }

  /// A try that the store has lost is given up, and the next one has a name of its own; still, the
  /// attempt is known by its key, and is not refused for what it has itself done.
  @Test(arguments: [1, 3, 7, 8])
  func anAttemptIsKnownAfterTriesWereLost(_ losses: Int) async throws {
    let store = LosingStore(MemoryStore())
    let registry = try await ModelRegistry.test(store)
    try await registry.perform(PutTrainedModel(TrainedModel(id: "m")), by: .mona)
    store.left = losses
    let operation = PutAlias("a", of: "m")
    let found = await line { try await registry.perform(operation, by: .mona, key: "k") }
    if losses == 8 {
      #expect(
        found == "registry contended: the store has lost the commit 8 times; nothing was done")
      return
    }
    #expect(found == "ok")
    #expect(
      await line { try await registry.perform(operation, by: .mona, key: "k") } == "repeated")
    #expect(
      await line { try await registry.perform(operation, by: .mona, key: "other") }
        .hasPrefix("400 status_exception: cannot assign model_alias [a]"))
  }
}
