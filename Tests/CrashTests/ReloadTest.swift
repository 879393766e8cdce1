#if SQLite
  import ModelRegistry
  import PolicyEngine
  import PolicyGate
  import RegistryRaces
  import StoreContract
  import Synchronization

  /// Policies change all the time while many callers work on a registry in memory. What each change
  /// denies is not what the one before denied, so that whatever is committed under other policies
  /// than those that judged it can be told by what it is, not only by what it says of itself.
  struct ReloadTest {
    let operations: Int
    let seed: UInt64
    private static let callers = 4
    private static let sets = 5
    private static let aliases = 64

    func run() async throws -> Bool {
      let (isWhole, violations) = try await run(forgets: false, "policies checked")
      // The control: a store that commits whatever is in force must be found out.
      let control = ReloadTest(operations: min(operations, 20_000), seed: seed)
      let (_, found) = try await control.run(forgets: true, "control run, policies not checked")
      if found == 0 { Tool.say("  the control run found nothing: this test proves nothing") }
      return isWhole && violations == 0 && found > 0
    }

    private func run(
      forgets: Bool, _ name: String
    ) async throws -> (isWhole: Bool, violations: Int) {
      let sets = try (0..<Self.sets).map(Self.set)
      let store = SlimLogStore(sets: sets.map(\.revision), forgets: forgets)
      let registry = try await ModelRegistry.test(store, policies: sets[0])
      for number in 0..<Self.sets {
        try await registry.perform(
          PutTrainedModel(TrainedModel(id: "m\(number)m")), by: .root, key: "put")
      }
      let counts = ReloadCounts()
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for caller in 0..<Self.callers {
          tasks.addTask { try await work(caller, on: registry, counts) }
        }
        tasks.addTask { try await reload(sets, registry, counts) }
        try await tasks.waitForAll()
      }
      return tell(store, counts, name)
    }

    /// Moves to one of the models are denied, another one for each number.
    private static func set(_ number: Int) throws -> PolicySet {
      try Policies.inline(
        """
        { "policy": "p\(number)", "rules": [ \(Policies.allowAll),
          { "id": "not-this", "description": "Not this one.", "effect": "deny",
            "actions": ["\(PutAlias.action)"],
            "when": "resource.new_model.id == 'm\(number)m'", "message": "set \(number)" } ] }
        """)
    }

    private func work(
      _ caller: Int, on registry: ModelRegistry, _ counts: ReloadCounts
    ) async throws {
      var random = SeededRandom(seed &+ UInt64(caller))
      defer { counts.finished.add() }
      while true {
        let number = counts.begun.add()
        guard number <= operations else { return }
        let model = random.index(Self.sets)
        let alias = "a\(random.index(Self.aliases))a"
        do {
          try await registry.perform(
            PutAlias(alias, of: "m\(model)m", reassign: true), by: .root, key: "\(model) \(number)")
          counts.done.add()
        } catch is Refusal {
          counts.refused.add()
        } catch let error as RegistryError where error.kind == .contended {
          counts.contended.add()
        }
      }
    }

    /// A change about every hundred operations: the next begins when the last is in force.
    private func reload(
      _ sets: [PolicySet], _ registry: ModelRegistry, _ counts: ReloadCounts
    ) async throws {
      var number = 0
      while counts.finished.value < Self.callers {
        number += 1
        let set = sets[number % sets.count]
        try await registry.reload { () throws(PolicyLoadError) in set }
        counts.reloads.add()
        let mark = counts.begun.value + 100
        while counts.begun.value < mark,
          counts.finished.value < Self.callers
        { await Task.yield() }
      }
    }

    private func tell(
      _ store: SlimLogStore, _ counts: ReloadCounts, _ name: String
    ) -> (isWhole: Bool, violations: Int) {
      let (commits, violations) = store.judge()
      let (done, refused) = (counts.done.value, counts.refused.value)
      Tool.say(
        "policies change under load, \(name): \(operations) operations (\(done) done,"
          + " \(refused) refused, \(counts.contended.value) given up), policies changed"
          + " \(counts.reloads.value) times, \(violations) committed under others than judged them")
      // All that was done was committed, and enough happened to show something.
      let isWhole =
        commits == done + Self.sets && refused > operations / 20
        && counts.reloads.value > operations / 2_000
        && done + refused + counts.contended.value == operations
      return (isWhole, violations)
    }
  }

  /// Counts of many tasks.
  final class ReloadCounts: Sendable {
    /// A number that many add to.
    final class Count: Sendable {
      private let number = Atomic<Int>(0)
      var value: Int { number.load(ordering: .relaxed) }
      @discardableResult
      func add() -> Int { number.add(1, ordering: .relaxed).newValue }
    }
    let begun = Count()
    let finished = Count()
    let done = Count()
    let refused = Count()
    let contended = Count()
    let reloads = Count()
  }
#endif
