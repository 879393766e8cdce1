import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import StoreContract
import Synchronization
import Testing

/// Policies change under load, and nothing commits under others than those that judged it.
@Suite struct PolicyChangeTests {
  /// Sets that allow everything and differ in their revision.
  static func set(_ number: Int, denies: String = "nothing") throws -> PolicySet {
    try Policies.inline(
      #"""
      { "policy": "p\#(number)", "rules": [ \#(Policies.allowAll),
        { "id": "some", "description": "Not these.", "effect": "deny",
          "actions": ["cluster:admin/opensearch/ml/register_model_group"],
          "when": "action.model_group_name.startsWith('\#(denies)')", "message": "set \#(number) denies" } ] }
      """#)
  }

  @Test func otherPoliciesJudgeAtOnce() async throws {
    let registry = try await ModelRegistry.test(policies: try Self.set(1))
    try await registry.perform(RegisterGroup("x1"), by: .user1)
    let set = try Self.set(2, denies: "x")
    try await registry.reload(note: "stricter") { () throws(PolicyLoadError) in set }
    #expect(
      await line { try await registry.perform(RegisterGroup("x2"), by: .user1) }
        == "denied: set 2 denies")
    let log = try await registry.logged()
    #expect(log.map(\.kind) == ["policy", "performed", "policy", "refused"])
    #expect(log[2].note == "stricter" && log[2].revision == set.revision)
  }

  @Test func aSetThatDoesNotLoadChangesNothing() async throws {
    let registry = try await ModelRegistry.test(policies: try Self.set(1, denies: "x"))
    let revision = registry.gate.current.revision
    await #expect(throws: PolicyLoadError.self) {
      try await registry.reload { () throws(PolicyLoadError) in
        try PolicySet([PolicySource(name: "bad.json", bytes: Array("{".utf8))])
      }
    }
    #expect(registry.gate.current.revision == revision)
    #expect(registry.gate.health.lastFailure != nil)
    #expect(
      await line { try await registry.perform(RegisterGroup("x"), by: .user1) }
        == "denied: set 1 denies")
    #expect(await line { try await registry.perform(RegisterGroup("y"), by: .user1) } == "ok")
  }

  /// A store that fails leaves the old set in force, in store and gate.
  @Test(arguments: FailingStore.Fault.allCases)
  func aSetThatCantBeWrittenDownChangesNothingOrAll(_ fault: FailingStore.Fault) async throws {
    let faults = Switch()
    let failing = FailingStore(MemoryStore()) { _ in
      faults.isOn ? fault : nil
    }
    let store = CommitSwitchStore(failing, onCommit: faults)
    let registry = try await ModelRegistry.test(store, policies: try Self.set(1))
    let (old, set) = (registry.gate.current.revision, try Self.set(2))
    store.armed.isOn = true
    await #expect(throws: (any Error).self) {
      try await registry.reload { () throws(PolicyLoadError) in set }
    }
    #expect(registry.gate.current.revision == old)
    store.armed.isOn = false
    faults.isOn = false
    // Whatever became of it: nothing commits under policies that are not in force.
    let found = await line { try await registry.perform(RegisterGroup("g"), by: .user1) }
    #expect(found == "ok" || found.hasPrefix("registry other_policies"), "\(found)")
    // Done again, it is in force in both.
    try await registry.reload { () throws(PolicyLoadError) in set }
    #expect(await line { try await registry.perform(RegisterGroup("h"), by: .user1) } == "ok")
    let log = try await registry.logged()
    #expect(Invariants.faults(ofLog: log, done: []).isEmpty)
    #expect(log.last?.revision == set.revision)
  }

  /// Two processes with one store: who has not heard of new policies does nothing by the old ones.
  @Test func aGateThatIsBehindDoesNothing() async throws {
    let store = MemoryStore()
    let behind = try await ModelRegistry.test(store, policies: try Self.set(1))
    let group = try await behind.perform(RegisterGroup("g"), by: .user1).output
    let ahead = try await ModelRegistry.test(store, policies: try Self.set(2))
    let found = await line { try await behind.perform(RegisterGroup("h"), by: .user1) }
    #expect(found.hasPrefix("registry other_policies: policies \(ahead.gate.current.revision) are"))
    let read = await line { try await behind.read(GetGroup(group), by: .user1).name }
    #expect(read.hasPrefix("registry other_policies"))
    let search = await line {
      "\(try await behind.search(SearchGroups(), by: .user1).items.count)"
    }
    #expect(search.hasPrefix("registry other_policies"))
    let rehearsal = await line {
      "\(try await behind.rehearse(RegisterGroup("h"), by: .user1).wouldSucceed)"
    }
    #expect(rehearsal.hasPrefix("registry other_policies"))
    #expect(await line { try await ahead.perform(RegisterGroup("h"), by: .user1) } == "ok")
  }

  /// Sets that deny different names come and go while many register: every effect is one that the
  /// set in force at its place in the log allows.
  @Test func nothingCommitsUnderOtherPolicies() async throws {
    let registry = try await ModelRegistry.test(
      YieldingStore(MemoryStore()), policies: try Self.set(0, denies: "0"))
    let sets = try (0..<4).map { try Self.set($0, denies: "\($0)") }
    let done = Keys()
    let isOver = Switch()
    let counts = Counts()
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for caller in 0..<6 {
        tasks.addTask {
          // Until policies have changed often enough, but not for ever.
          for number in 0..<5_000
          where number < 100 || counts.reloads.load(ordering: .relaxed) < 50 {
            let key = "\(number % 4) \(caller) \(number)"
            do {
              try await registry.perform(RegisterGroup(key), by: .user1, key: key)
              done.insert(key)
            } catch is Refusal {
              counts.refused.add(1, ordering: .relaxed)
            }
          }
          isOver.isOn = true
        }
      }
      tasks.addTask {
        while !isOver.isOn {
          let set = sets[counts.reloads.add(1, ordering: .relaxed).newValue % 4]
          try await registry.reload { () throws(PolicyLoadError) in set }
        }
      }
      try await tasks.waitForAll()
    }
    let log = try await registry.logged()
    let faults = Invariants.faults(ofLog: log, done: done.all)
    #expect(faults.isEmpty, "\(faults)")
    var denied: Character?
    for record in log {
      if record.kind == "policy" {
        denied = sets.firstIndex { $0.revision == record.revision }.map { Character("\($0)") }
      } else if record.kind == "performed" {
        #expect(record.key?.first != denied)
      }
    }
    let (reloads, refused) = (
      counts.reloads.load(ordering: .relaxed), counts.refused.load(ordering: .relaxed)
    )
    #expect(reloads >= 50 && refused >= 50 && done.all.count >= 50)
    print("policies changed \(reloads) times: \(done.all.count) done, \(refused) refused")
  }
}

/// Counts of many tasks.
final class Counts: Sendable {
  let reloads = Atomic<Int>(0)
  let refused = Atomic<Int>(0)
}
