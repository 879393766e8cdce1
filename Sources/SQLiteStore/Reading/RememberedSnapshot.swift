#if SQLite
  import ModelRegistry
  import PolicyGate

  /// One state of the store as far as it is remembered. Whatever is not makes `isIncomplete` true,
  /// and all that was found is then worth nothing: the file must be read.
  final class RememberedSnapshot: StoreSnapshot {
    let revision: StoreRevision
    private let memory: RecordMemory
    private(set) var isIncomplete = false

    /// - Parameter revision: the commit that the file stands at now.
    init(_ memory: RecordMemory, at revision: StoreRevision) {
      (self.memory, self.revision) = (memory, revision)
    }

    /// What is thrown never gets out of the store.
    private func missing() -> StoreError {
      isIncomplete = true
      return .unavailable("it is not remembered")
    }

    func record(_ key: RecordKey) throws(StoreError) -> Versioned? {
      guard let known = memory.record(key, at: revision) else { throw missing() }
      return known
    }

    func members(_ set: RecordSet) throws(StoreError) -> (
      members: [Versioned], revision: StoreRevision
    ) {
      guard let state = memory.set(set, at: revision) else { throw missing() }
      guard state.count > 0 else { return ([], state.revision) }
      guard let known = memory.members(set, at: revision) else { throw missing() }
      return (known, state.revision)
    }

    func count(_ set: RecordSet) throws(StoreError) -> (count: Int, revision: StoreRevision) {
      guard let state = memory.set(set, at: revision) else { throw missing() }
      return (state.count, state.revision)
    }

    // None of these is remembered.

    func count(of kind: StoredRecord.Kind) throws(StoreError) -> Int { throw missing() }

    func page(
      _ kind: StoredRecord.Kind, after: String?, limit: Int
    ) throws(StoreError) -> [Versioned] { throw missing() }

    func groups(
      in ranges: [GroupRange], after: String?, limit: Int
    ) throws(StoreError) -> [Versioned] { throw missing() }

    func revision(ofKey key: String) throws(StoreError) -> StoreRevision? { throw missing() }

    func log(from sequence: Int64, limit: Int) throws(StoreError) -> [LogEntry] { throw missing() }

    func logHead() throws(StoreError) -> (start: LogHead, end: LogHead) { throw missing() }
  }
#endif
