#if SQLite
  import ModelRegistry
  import Synchronization

  /// How many members a set has, and the commit that changed it last.
  struct SetState: Sendable {
    var count: Int
    var revision: StoreRevision
  }

  /// Records and sets that were read or written lately, all as of one commit.
  ///
  /// Reading through it is no different from reading the file. Whoever asks has first read, in the
  /// transaction that the question belongs to, which commit the file stands at, and is told only
  /// what holds as of that commit. A commit of this process takes the memory along; one of another
  /// process empties it.
  final class RecordMemory: Sendable {
    private struct Kept {
      var revision: StoreRevision = -1
      var records: [RecordKey: Versioned?] = [:]
      var sets: [RecordSet: SetState] = [:]
      var members: [RecordSet: [Versioned]] = [:]
      /// About how much all that is.
      var bytes = 0

      mutating func clear() {
        records.removeAll(keepingCapacity: true)
        sets.removeAll(keepingCapacity: true)
        members.removeAll(keepingCapacity: true)
        bytes = 0
      }

      /// Makes room. What is asked for often comes back at once.
      mutating func add(_ size: Int) {
        if bytes + size > SQLiteStoreLimits.rememberedBytes { clear() }
        bytes += size
      }

      mutating func keep(_ found: Versioned?, _ size: Int, _ key: RecordKey) {
        guard size <= SQLiteStoreLimits.rememberedRecordBytes else {
          records[key] = nil
          return
        }
        add(size + key.parts.name.utf8.count + RecordMemory.overhead)
        records[key] = .some(found)
      }
    }

    /// What an entry takes beside its bytes, about.
    private static var overhead: Int { 128 }

    private let kept = Mutex(Kept())

    // MARK: Reading

    /// A record as of a commit; `.some(nil)` if it is known that there is none.
    func record(_ key: RecordKey, at revision: StoreRevision) -> Versioned?? {
      known(at: revision) { $0.records[key] }
    }

    func set(_ set: RecordSet, at revision: StoreRevision) -> SetState? {
      known(at: revision) { $0.sets[set] }
    }

    func members(_ set: RecordSet, at revision: StoreRevision) -> [Versioned]? {
      known(at: revision) { $0.members[set] }
    }

    private func known<Value: Sendable>(
      at revision: StoreRevision, _ look: (borrowing Kept) -> Value?
    ) -> Value? {
      kept.withLock { $0.revision == revision ? look($0) : nil }
    }

    // MARK: Keeping

    /// Keeps what was read.
    ///
    /// - Parameter size: the bytes that the record takes in the file.
    func keep(_ found: Versioned?, _ size: Int, as key: RecordKey, at revision: StoreRevision) {
      keep(at: revision) { $0.keep(found, size, key) }
    }

    func keep(_ state: SetState, of set: RecordSet, at revision: StoreRevision) {
      keep(at: revision) {
        $0.add(Self.overhead + set.parts.name.utf8.count)
        $0.sets[set] = state
      }
    }

    func keep(
      _ members: [Versioned], _ size: Int, of set: RecordSet, at revision: StoreRevision
    ) {
      guard size <= SQLiteStoreLimits.rememberedRecordBytes else { return }
      keep(at: revision) {
        $0.add(size + Self.overhead * (members.count + 1))
        $0.members[set] = members
      }
    }

    /// Nothing that was read of an older state is kept, and nothing of it stays once a newer one
    /// was read.
    private func keep(at revision: StoreRevision, _ note: (inout Kept) -> Void) {
      kept.withLock { kept in
        if revision > kept.revision {
          kept.clear()
          kept.revision = revision
        }
        if revision == kept.revision { note(&kept) }
      }
    }

    // MARK: Writing

    /// A transaction of this process is durable: what it did not change is as it was.
    ///
    /// - Parameters:
    ///   - records: what it changed, with the bytes that each takes.
    ///   - sets: what it changed; nil where only the file knows how many members there are.
    func advance(
      from before: StoreRevision, to after: StoreRevision,
      _ records: [RecordKey: (record: Versioned?, size: Int)], _ sets: [RecordSet: SetState?]
    ) {
      kept.withLock { kept in
        guard kept.revision == before, after > before else { return }
        kept.revision = after
        for (key, change) in records { kept.keep(change.record, change.size, key) }
        for (set, state) in sets {
          kept.members[set] = nil
          kept.sets[set] = state
        }
      }
    }
  }
#endif
