public import ModelRegistry
public import PolicyGate
import Synchronization

/// A store that fails at chosen calls, as networks and disks do: before or after what was asked of
/// it was done, and sometimes long after it was given up.
public final class FailingStore: RegistryStore {
  /// How a call fails.
  public enum Fault: String, Sendable, CaseIterable {
    /// An error; nothing was done.
    case refused
    /// Nobody knows, and nothing was done. For reads and appends as `refused`.
    case unknownNotDone
    /// Nobody knows, and it was done. For reads as `refused`; an append throws though it was done.
    case unknownDone
    /// Nobody knows, and it will be done before the next call, whatever that is.
    case late
    /// Nobody knows, and it will be done after the next call, which may be to give it up.
    case later
  }

  private let store: any RegistryStore
  private let state: Mutex<State>

  private struct State {
    var calls = 0
    var faults = 0
    /// Commits that are on their way, and the calls before which they arrive.
    var late: [(due: Int, commit: StoreCommit)] = []
    let plan: @Sendable (Int) -> Fault?
  }

  /// Passes everything on to `store`, except for the calls that the plan names, counted from 1.
  public init(_ store: any RegistryStore, plan: @escaping @Sendable (Int) -> Fault?) {
    self.store = store
    state = Mutex(State(plan: plan))
  }

  /// How often it was called, and how often it failed.
  public var counts: (calls: Int, faults: Int) { state.withLock { ($0.calls, $0.faults) } }

  /// Counts a call and does what is late.
  private func fault() async -> Fault? {
    let (fault, late) = state.withLock { state in
      state.calls += 1
      let fault = state.plan(state.calls)
      if fault != nil { state.faults += 1 }
      let late = state.late.filter { $0.due <= state.calls }.map(\.commit)
      state.late.removeAll { $0.due <= state.calls }
      return (fault, late)
    }
    for commit in late { _ = try? await store.commit(commit) }
    return fault
  }

  private static var error: StoreError { .unavailable("planned fault") }

  /// Reads, or fails.
  public func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result {
    if await fault() != nil { throw Self.error }
    return try await store.read(body)
  }

  /// Commits, or fails.
  public func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    let fault = await fault()
    switch fault {
    case nil: return try await store.commit(commit)
    case .refused: throw Self.error
    case .unknownNotDone: return .unknown
    case .unknownDone:
      _ = try await store.commit(commit)
      return .unknown
    case .late, .later:
      let delay = fault == .late ? 1 : 2
      state.withLock { $0.late.append(($0.calls + delay, commit)) }
      return .unknown
    }
  }

  /// Appends, or fails.
  public func append(_ records: [DecisionRecord]) async throws(StoreError) {
    let fault = await fault()
    if fault == nil || fault == .unknownDone { try await store.append(records) }
    if fault != nil { throw Self.error }
  }

  /// Resolves, or fails.
  public func resolve(_ key: String) async throws(StoreError) -> Resolution {
    if await fault() != nil { throw Self.error }
    return try await store.resolve(key)
  }
}
