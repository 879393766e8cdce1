#if SQLite
  import ModelRegistry
  import PolicyGate

  /// A commit as the tables take it, made before its turn comes, so that no other write waits for
  /// it.
  final class PreparedCommit: Sendable {
    let key: [UInt8]
    let policyRevision: String?
    let reads: ReadSet
    let writes: [PreparedWrite]
    let log: [UInt8]

    init(_ commit: StoreCommit) throws(StoreError) {
      key = Array(commit.key.utf8)
      policyRevision = commit.policyRevision
      reads = commit.reads
      writes = try commit.writes.map { (key, record) throws(StoreError) in
        try PreparedWrite(key, record)
      }
      log = commit.record.bytes
      try Self.checkSize(of: log.count, "the log record")
    }

    /// About how much of it is written.
    var size: Int { writes.reduce(log.count) { $0 + ($1.bytes?.count ?? 0) + 64 } }

    static func checkSize(of bytes: Int, _ what: String) throws(StoreError) {
      guard bytes <= SQLiteStoreLimits.recordBytes else {
        throw .tooLarge(
          "\(what) has \(bytes) bytes, at most \(SQLiteStoreLimits.recordBytes) can be kept")
      }
    }
  }

  /// One record of a commit.
  struct PreparedWrite: Sendable {
    let key: RecordKey
    let stored: [UInt8]
    /// Nil removes the record.
    let record: Record?
    let bytes: [UInt8]?
    let places: RecordPlaces

    init(_ key: RecordKey, _ record: Record?) throws(StoreError) {
      (self.key, self.record) = (key, record)
      stored = StoredKey.of(key)
      let content = record?.bytes
      if let content {
        let (kind, name) = key.parts
        try PreparedCommit.checkSize(of: content.count, "the \(kind.rawValue) `\(name)`")
      }
      bytes = content
      places = RecordPlaces(record)
    }
  }

  /// Where a record is listed beside its own row.
  struct RecordPlaces: Sendable, Equatable {
    var sets: Set<RecordSet> = []
    var ranges: Set<[UInt8]> = []

    init(_ record: Record?) {
      guard let record else { return }
      sets = Set(record.sets)
      ranges = Set(record.groupRanges.compactMap { StoredKey.of($0) })
    }

    /// Whether records of a kind are ever listed.
    static func has(_ kind: Record.Kind) -> Bool {
      switch kind {
      case .definition, .groupName, .setting, .policy: false
      case .trainedModel, .alias, .deployment, .pipeline, .group, .groupModel: true
      }
    }
  }
#endif
