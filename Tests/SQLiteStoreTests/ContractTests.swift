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
        return HandlesStore([try scratch.store(name), try scratch.store(name)])
      }
    }
  }

  /// Every call goes to the next of its handles.
  final class HandlesStore: RegistryStore {
    private let handles: [SQLiteStore]
    private let areReadsBrief: Bool
    private let calls = Counter()

    init(_ handles: [SQLiteStore], areReadsBrief: Bool = false) {
      (self.handles, self.areReadsBrief) = (handles, areReadsBrief)
    }

    private var next: SQLiteStore { handles[calls.next() % handles.count] }

    func read<Result: Sendable>(
      _ body: @Sendable (any StoreSnapshot) throws -> Result
    ) async throws -> Result {
      areReadsBrief ? try await next.readBriefly(body) : try await next.read(body)
    }

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
