#if SQLite
  import ModelRegistry
  import PolicyGate
  import Synchronization

  /// A store in memory that notes of each commit only what `ReloadTest` judges by, so that a million
  /// of them have room.
  final class SlimLogStore: RegistryStore {
    /// A commit: by which set it was judged, and what it did.
    private struct Commit {
      /// The set that judged it; for a change of policies, the set that comes into force.
      var set: UInt8
      /// The number of the model that an alias was moved to; nil for anything else.
      var model: UInt8?
      var isPolicy = false
    }

    private let inner = MemoryStore()
    private let sets: [String: UInt8]
    /// Whether it commits whatever policies are in force.
    private let forgets: Bool
    /// By revision, which counts from 1.
    private let commits = Mutex<[Commit?]>([])

    init(sets: [String], forgets: Bool) {
      self.sets = Dictionary(
        uniqueKeysWithValues: sets.enumerated().map { ($1, UInt8($0)) })
      self.forgets = forgets
    }

    func read<Result: Sendable>(
      _ body: @Sendable (any StoreSnapshot) throws -> Result
    ) async throws -> Result { try await inner.read(body) }

    func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
      // Others come between the decision and its effect.
      await Task.yield()
      let isPolicy = commit.policyRevision == nil
      let slim = DecisionRecord(policyRevision: "", time: 0, note: nil)
      let outcome = try await inner.commit(
        StoreCommit(
          reads: forgets && !isPolicy ? ReadSet() : commit.reads, writes: commit.writes,
          key: commit.key, record: slim,
          policyRevision: forgets ? nil : commit.policyRevision))
      if case .committed(let revision, repeated: false) = outcome {
        // What the record says of its decision, not what the commit was told to check.
        let key = commit.record.key ?? ""
        note(
          Commit(
            set: sets[commit.record.revision] ?? .max,
            model: key.contains(" ") ? UInt8(key.prefix { $0 != " " }) : nil,
            isPolicy: isPolicy), at: Int(revision))
      }
      return outcome
    }

    private func note(_ commit: Commit, at revision: Int) {
      commits.withLock { commits in
        while commits.count <= revision { commits.append(nil) }
        commits[revision] = commit
      }
    }

    /// Refusals have no effect, and no room here.
    func append(_ records: [DecisionRecord]) async throws(StoreError) {}

    func resolve(_ key: String) async throws(StoreError) -> Resolution {
      try await inner.resolve(key)
    }

    /// How many commits there were besides changes of policies, and how many of them stand where
    /// other policies were in force than those that judged them, or where the policies in force deny
    /// what they did.
    func judge() -> (commits: Int, violations: Int) {
      commits.withLock { commits in
        var (inForce, effects, violations): (UInt8, Int, Int) = (.max, 0, 0)
        for commit in commits.dropFirst() {
          guard let commit else {
            violations += 1
            continue
          }
          if commit.isPolicy {
            inForce = commit.set
          } else {
            effects += 1
            if commit.set != inForce || commit.model == inForce { violations += 1 }
          }
        }
        return (effects, violations)
      }
    }
  }
#endif
