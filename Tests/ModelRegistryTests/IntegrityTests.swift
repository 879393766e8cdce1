import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import StoreContract
import Testing

/// The registry stays whole: after any sequence of operations, under policies that allow
/// everything, on stores that fail, and with many callers at once.
@Suite struct IntegrityTests {
  @Test(arguments: [UInt64](1...12))
  func anySequenceLeavesItWhole(_ seed: UInt64) async throws {
    // Policies that allow everything: only the registry itself keeps it whole.
    let registry = try await ModelRegistry.test(
      policies: try (seed % 2 == 0 ? Policies.lenient : Policies.shipped).get())
    var operations = RandomOperations(seed: seed)
    if seed % 3 == 0 { operations.names = Array(HostileTexts.all.prefix(9)) }
    var (done, refused): (Set<String>, Int) = ([], 0)
    for number in 0..<250 {
      let (operation, before) = (operations.next(), try await registry.contents())
      do {
        try await operation(registry, "\(number)")
        done.insert("\(number)")
      } catch is RegistryError {
        refused += 1
        #expect(try await registry.contents() == before)
      } catch is Refusal {
        refused += 1
        #expect(try await registry.contents() == before)
      }
      let faults = try await Invariants.faults(of: registry)
      try #require(faults.isEmpty, "after \(number): \(faults)")
    }
    #expect(done.count > 40 && refused > 40, "\(done.count) done, \(refused) refused")
    let faults = Invariants.faults(ofLog: try await registry.logged(), done: done)
    #expect(faults.isEmpty, "\(faults)")
    #expect(registry.gate.health.unspentPermits == 0)
  }

  /// Whatever way calls fail: an operation that was answered as done was done once, one that failed
  /// was not done, and only those of which nobody knows may have been either.
  @Test(arguments: [UInt64](1...24))
  func failuresLeaveItWhole(_ seed: UInt64) async throws {
    let (store, faults) = (MemoryStore(), RandomFaults(seed: seed, oneIn: 4))
    let failing = FailingStore(store) { faults.next($0) }
    let policies = try Policies.lenient.get()
    let registry = try await ModelRegistry.test(failing, policies: policies)
    faults.isOn = true
    var operations = RandomOperations(seed: seed)
    var (done, perhaps, failed): (Set<String>, Set<String>, Int) = ([], [], 0)
    for number in 0..<200 {
      let operation = operations.next()
      let key = "\(number)"
      do {
        try await operation(registry, key)
        done.insert(key)
      } catch let error as RegistryError where error.kind == .outcomeUnknown {
        perhaps.insert(key)
      } catch {
        failed += 1
      }
    }
    faults.isOn = false
    #expect(done.count > 20 && failed > 20, "\(done.count) done, \(failed) failed")
    #expect(failing.counts.faults > 50)
    let healthy = try await ModelRegistry.test(store, policies: policies)
    let broken = try await Invariants.faults(of: healthy)
    #expect(broken.isEmpty, "\(broken)")
    let inLog = Invariants.faults(
      ofLog: try await healthy.logged(), done: done, perhaps: perhaps)
    #expect(inLog.isEmpty, "\(inLog)")
  }

  /// Repeated until it is answered, an attempt takes effect once.
  @Test(arguments: [UInt64](1...12))
  func repeatingWithAKeyTakesEffectOnce(_ seed: UInt64) async throws {
    let (store, faults) = (MemoryStore(), RandomFaults(seed: seed, oneIn: 3))
    let failing = FailingStore(store) { faults.next($0) }
    let registry = try await ModelRegistry.test(failing, policies: try Policies.lenient.get())
    faults.isOn = true
    for number in 0..<30 {
      var (id, tries): (String?, Int) = (nil, 0)
      while id == nil {
        tries += 1
        try #require(tries < 1_000, "attempt \(number) is never answered")
        id = try? await registry.perform(
          RegisterModel("model"), by: .user1, key: "\(number)"
        ).output
      }
    }
    faults.isOn = false
    let models = try await registry.search(SearchModels(), by: .user1).items
    #expect(models.map(\.version).sorted() == Array(1...30))
    let groups = try await registry.search(SearchGroups(), by: .user1).items
    #expect(groups.map(\.latestVersion) == [30])
  }

  @Test func manyCallersLeaveItWhole() async throws {
    let registry = try await ModelRegistry.test(
      YieldingStore(MemoryStore()), policies: try Policies.lenient.get())
    let done = Keys()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for caller in 0..<8 {
        tasks.addTask {
          var operations = RandomOperations(seed: UInt64(caller) + 100)
          for number in 0..<150 {
            let (operation, key) = (operations.next(), "\(caller) \(number)")
            do {
              try await operation(registry, key)
              done.insert(key)
            } catch is RegistryError {}
          }
        }
      }
      try await tasks.waitForAll()
    }
    let count = done.all.count
    #expect(count > 300, "\(count) of 1200 operations were done")
    let broken = try await Invariants.faults(of: registry)
    #expect(broken.isEmpty, "\(broken)")
    let faults = Invariants.faults(
      ofLog: try await registry.logged(), done: done.all)
    #expect(faults.isEmpty, "\(faults)")
  }
}
