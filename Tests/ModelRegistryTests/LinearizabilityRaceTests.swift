import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import StoreContract
import Testing

/// What racing callers were told is what one after the other could have been told.
@Suite struct LinearizabilityRaceTests {
  @Test func racingCallersSeeOneRegistry() async throws {
    let registry = try await ModelRegistry.test(YieldingStore(MemoryStore()))
    let result = try await AliasRace.run([registry], rounds: 60)
    #expect(result.violated.isEmpty && result.undecided.isEmpty)
    #expect(result.unexpected.isEmpty, "\(result.unexpected.prefix(3))")
    // So much must have happened, or nothing was shown.
    #expect(result.answers["moved", default: 0] > 30)
    #expect(result.answers["refused", default: 0] > 100)
    #expect(result.answers["read", default: 0] > 50)
    #expect(try await Invariants.faults(of: registry).isEmpty)
  }

  @Test func theCheckSeesWhatIsWrong() async throws {
    let registry = try await ModelRegistry.test(MemoryStore())
    let result = try await AliasRace.run([registry], rounds: 20, slips: true)
    #expect(!result.violated.isEmpty)
  }

  /// A registry that judges on one state and writes into another, as the originals do: the check must
  /// find it, or it shows nothing about ours.
  @Test func aStoreThatForgetsTheConditionsIsFoundOut() async throws {
    var violated = 0
    for _ in 0..<10 where violated == 0 {
      let registry = try await ModelRegistry.test(ForgetfulStore(YieldingStore(MemoryStore())))
      violated += try await AliasRace.run([registry], rounds: 60, aliases: 2).violated.count
    }
    #expect(violated > 0)
  }
}
