import ModelRegistry
import RegistryRaces
import StoreContract
import Testing

@Suite struct MemoryStoreTests {
  @Test(arguments: StoreContract.rules)
  func keeps(_ rule: StoreRule) async throws {
    try await rule.check { MemoryStore() }
  }

  /// The rules see through a store in which nothing fails as they do without it.
  @Test(arguments: StoreContract.rules)
  func keepsBehindAnIdleFailingStore(_ rule: StoreRule) async throws {
    try await rule.check { FailingStore(MemoryStore()) { _ in nil } }
  }

  /// The rules find what is planted.
  @Test(arguments: BrokenStore.Flaw.allCases)
  func findsFlaws(_ flaw: BrokenStore.Flaw) async {
    var broken: [String] = []
    for rule in StoreContract.rules {
      do {
        try await rule.check { BrokenStore(MemoryStore(), flaw: flaw) }
      } catch {
        broken.append(rule.name)
      }
    }
    #expect(!broken.isEmpty, "no rule finds a store that \(flaw)")
  }
}
