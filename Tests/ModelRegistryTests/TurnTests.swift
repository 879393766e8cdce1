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
    let registry = try await ModelRegistry.test(YieldingStore(MemoryStore()))
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
    let performed = try await registry.logged().count { $0.kind == "performed" }
    #expect(performed == callers * moves + 3)
    // What was allowed and is not done was allowed in vain.
    let judged = registry.gate.decisionCount(.allow) + registry.gate.decisionCount(.warn)
    let conflicts = Int(judged) - performed
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
