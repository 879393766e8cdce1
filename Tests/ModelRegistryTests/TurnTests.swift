@testable import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import StoreContract
import Synchronization
import Testing

/// Those who change the same thing again and again do not overtake each other again and again.
@Suite struct TurnTests {
  /// Thirty-two callers move one alias, twenty times each: all succeed, and nearly all of what was
  /// judged took effect. Without a line, nearly all of it was judged in vain.
  @Test func sameTargetsAreTakenInTurn() async throws {
    let store = SlowStore(MemoryStore())
    let registry = try await ModelRegistry.test(store)
    for model in ["m1", "m2"] {
      try await registry.perform(
        PutTrainedModel(
          TrainedModel(id: model, inferenceType: "regression", inputFields: ["a", "b"])), by: .mona)
    }
    try await registry.perform(PutAlias("a", of: "m1"), by: .mona)
    let (callers, moves) = (32, 20)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<callers {
        group.addTask {
          for move in 0..<moves {
            try await registry.perform(
              PutAlias("a", of: move % 2 == 0 ? "m2" : "m1", reassign: true), by: .mona)
          }
        }
      }
      try await group.waitForAll()
    }
    let conflicts = store.conflicts.load(ordering: .relaxed)
    #expect(try await registry.logged().count { $0.kind == "performed" } == callers * moves + 3)
    #expect(conflicts <= 3 * callers, "\(conflicts) conflicts in \(callers * moves) moves")
    // Nobody is left waiting, and nothing is kept of a target that nobody changes.
    #expect(!registry.turns.isTaken("a"))
  }

  @Test func turnsComeInTheirOrder() async {
    let turns = TurnLines()
    let order = Order()
    await turns.enter("t")
    #expect(turns.isTaken("t") && !turns.isTaken("u"))
    // Another target is nobody's business here.
    await turns.enter("u")
    turns.leave("u")
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<10 {
        group.addTask {
          await turns.enter("t")
          order.numbers.withLock { $0.append(number) }
          turns.leave("t")
        }
        while turns.waiting("t") <= number { await Task.yield() }
      }
      turns.leave("t")
    }
    #expect(order.numbers.withLock { $0 } == Array(0..<10))
    #expect(!turns.isTaken("t"))
  }
}

private final class Order: Sendable {
  let numbers = Mutex<[Int]>([])
}

/// A store whose commits let others in between.
private final class SlowStore: RegistryStore {
  let conflicts = Atomic<Int>(0)
  private let store: any RegistryStore

  init(_ store: any RegistryStore) { self.store = store }

  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result { try await store.read(body) }

  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    for _ in 0..<20 { await Task.yield() }
    let outcome = try await store.commit(commit)
    if outcome == .conflict { conflicts.add(1, ordering: .relaxed) }
    return outcome
  }

  func append(_ records: [DecisionRecord]) async throws(StoreError) {
    try await store.append(records)
  }

  func resolve(_ key: String) async throws(StoreError) -> Resolution {
    try await store.resolve(key)
  }
}
