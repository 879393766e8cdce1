import ModelRegistry
import RegistryRaces
import StoreContract
import Testing

/// Of many that may not all have their way, as many have it as may.
@Suite struct RaceTests {
  @Test(arguments: RaceRules.all)
  func holds(_ rule: RaceRule) async throws {
    try await rule.check { try await ModelRegistry.test(YieldingStore(MemoryStore())) }
  }

  /// A store that commits whatever has changed meanwhile is found out, or these rules show nothing.
  @Test func aStoreThatForgetsTheConditionsIsFoundOut() async throws {
    var found: Set<String> = []
    for rule in RaceRules.all {
      for _ in 0..<5 where !found.contains(rule.description) {
        do {
          try await rule.check {
            try await ModelRegistry.test(ForgetfulStore(YieldingStore(MemoryStore())))
          }
        } catch {
          found.insert(rule.description)
        }
      }
    }
    #expect(found.count == RaceRules.all.count, "only \(found.sorted())")
  }
}
