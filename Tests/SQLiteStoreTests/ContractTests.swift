#if SQLite
  import Foundation
  import ModelRegistry
  import PolicyGate
  import SQLiteStore
  import StoreContract
  import Testing

  /// What every store must keep.
  @Suite struct ContractTests {
    @Test(arguments: StoreContract.rules)
    func keeps(_ rule: StoreRule) async throws {
      let scratch = try Scratch()
      try await rule.check { try scratch.store("\(UUID().uuidString).db") }
    }

    /// Behind faults that hide what was done, as in front of memory.
    @Test(arguments: StoreContract.rules)
    func keepsBehindAnIdleFailingStore(_ rule: StoreRule) async throws {
      let scratch = try Scratch()
      try await rule.check {
        FailingStore(try scratch.store("\(UUID().uuidString).db")) { _ in nil }
      }
    }

    /// Two handles on one file, as two processes have them, are one store.
    @Test(arguments: StoreContract.rules)
    func keepsThroughTwoHandles(_ rule: StoreRule) async throws {
      let scratch = try Scratch()
      try await rule.check {
        let name = "\(UUID().uuidString).db"
        return AlternatingStore(try scratch.store(name), try scratch.store(name))
      }
    }
  }

  /// Every call goes to the other of two handles.
  final class AlternatingStore: RegistryStore {
    private let stores: [SQLiteStore]
    private let calls = Counter()

    init(_ one: SQLiteStore, _ other: SQLiteStore) { stores = [one, other] }

    private var next: SQLiteStore { stores[calls.next() % 2] }

    func read<Result: Sendable>(
      _ body: @Sendable (any StoreSnapshot) throws -> Result
    ) async throws -> Result { try await next.read(body) }

    func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
      try await next.commit(commit)
    }

    func append(_ records: [DecisionRecord]) async throws(StoreError) {
      try await next.append(records)
    }

    func resolve(_ key: String) async throws(StoreError) -> Resolution {
      try await next.resolve(key)
    }
  }
#endif
