public import PolicyGate
import Synchronization

/// A store that is kept in memory: for tests, for trying things out, and as the plainest example of
/// what a store has to do. What it holds is gone with the process.
public final class MemoryStore: RegistryStore {
  private let state = Mutex(MemoryState())

  /// An empty store.
  public init() {}

  /// One state that holds these records, without a store behind it: for records that come from
  /// elsewhere and are only looked at. The last of two with one key counts.
  package static func snapshot(of records: [Record]) -> any StoreSnapshot {
    MemorySnapshot(state: MemoryState(holding: records))
  }

  /// Reads one state. Commits wait meanwhile.
  public func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result {
    // A copy of the state would make the next commit copy what is in it; `body` is short.
    try state.withLock { try body(MemorySnapshot(state: $0)) }
  }

  /// Does all of a commit or nothing.
  public func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    state.withLock { $0.perform(commit) }
  }

  /// Appends records.
  public func append(_ records: [DecisionRecord]) async throws(StoreError) {
    let bytes = records.map(\.bytes)
    state.withLock { state in
      for bytes in bytes { state.log(bytes) }
    }
  }

  /// What became of a commit.
  public func resolve(_ key: String) async throws(StoreError) -> Resolution {
    state.withLock { $0.resolve(key) }
  }
}
