public import ModelRegistry
public import PolicyGate

/// A store with a planted fault: the rules must find each, or they prove nothing.
public struct BrokenStore: RegistryStore {
  /// What it does wrong.
  public enum Flaw: String, Sendable, CaseIterable {
    case ignoresRecordsRead, ignoresAbsences, ignoresSetsRead, ignoresPolicies, forgetsKeys
    case dropsRemovals, dropsLogRecords, writesBeforeItChecks, neverFences, mixesUpLookalikes
    case logsConflicts, forgetsAppends
  }

  private let store: any RegistryStore
  private let flaw: Flaw

  /// A good store, spoilt.
  public init(_ store: any RegistryStore, flaw: Flaw) { (self.store, self.flaw) = (store, flaw) }

  /// Reads.
  public func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result {
    try await store.read(body)
  }

  /// Commits, wrongly.
  public func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    var (reads, writes, policy) = (commit.reads, commit.writes, commit.policyRevision)
    var key = commit.key
    switch flaw {
    case .ignoresRecordsRead:
      reads = kept(reads) { $0.value == 0 }
    case .ignoresAbsences:
      reads = kept(reads) { $0.value != 0 }
    case .ignoresSetsRead:
      reads = ReadSet()
      for (key, revision) in commit.reads.records { reads.note(key, revision: revision) }
    case .ignoresPolicies: policy = nil
    case .forgetsKeys: key += "\(try await revision())"
    case .dropsRemovals: writes = writes.filter { $0.value != nil }
    case .mixesUpLookalikes: key = key.lowercased()
    case .writesBeforeItChecks:
      _ = try await store.commit(
        StoreCommit(
          reads: ReadSet(), writes: writes, key: "early " + key, record: commit.record,
          policyRevision: nil))
    case .dropsLogRecords, .neverFences, .logsConflicts, .forgetsAppends: break
    }
    let outcome = try await store.commit(
      StoreCommit(
        reads: reads, writes: writes, key: key,
        record: flaw == .dropsLogRecords ? .probe("") : commit.record, policyRevision: policy))
    if flaw == .logsConflicts, outcome == .conflict { try await store.append([commit.record]) }
    return outcome
  }

  private func revision() async throws(StoreError) -> StoreRevision {
    do {
      return try await store.read { $0.revision }
    } catch {
      throw .unavailable("\(error)")
    }
  }

  private func kept(
    _ reads: ReadSet, _ keeps: ((key: RecordKey, value: StoreRevision)) -> Bool
  ) -> ReadSet {
    var kept = ReadSet()
    for pair in reads.records where keeps(pair) { kept.note(pair.key, revision: pair.value) }
    for (set, revision) in reads.sets { kept.note(set, revision) }
    return kept
  }

  /// Appends.
  public func append(_ records: [DecisionRecord]) async throws(StoreError) {
    if flaw != .forgetsAppends { try await store.append(records) }
  }

  /// Resolves.
  public func resolve(_ key: String) async throws(StoreError) -> Resolution {
    guard flaw == .neverFences else { return try await store.resolve(key) }
    let revision: StoreRevision?
    do {
      revision = try await store.read { try $0.revision(ofKey: key) }
    } catch {
      throw .unavailable("\(error)")
    }
    return revision.map { .committed($0) } ?? .aborted
  }
}
