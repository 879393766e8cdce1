#if SQLite
  import Foundation
  import GRDB
  import ModelRegistry
  import PolicyGate

  /// Something that waits for its turn to write.
  enum Work: Sendable {
    case commit(PreparedCommit)
    case append([[UInt8]])
    case resolve(Data)
    /// Removes the beginning of the log, for which `checkpoint` vouches.
    case shorten(LogHead, checkpoint: String)

    /// About how much is written.
    var size: Int {
      switch self {
      case .commit(let commit): commit.size
      case .append(let records): records.reduce(0) { $0 + $1.count + 64 }
      case .resolve, .shorten: 64
      }
    }
  }

  /// What came of it.
  enum Reply: Sendable {
    case outcome(CommitOutcome)
    case resolution(Resolution)
    case done
    case fault(LogFault)
  }

  /// The inside of a transaction that writes: one work after the other, each on what those before
  /// it left.
  struct WriteTransaction {
    private let db: Database
    private let before: StoreState
    private var state: StoreState
    /// The policies in force, once somebody asked.
    private var policy: String??
    private var hasWritten = false

    /// The transaction has begun, so what is read here can't change before it ends.
    init(_ db: Database) throws {
      self.db = db
      before = try StoreState(db)
      state = before
    }

    /// Call when all works are done.
    ///
    /// - Returns: whether there is anything to commit.
    func finish() throws -> Bool {
      if state != before { try state.write(db) }
      return hasWritten || state != before
    }

    mutating func run(_ work: Work) throws -> Reply {
      switch work {
      case .commit(let commit): return .outcome(try perform(commit))
      case .append(let records):
        for record in records { try log(record) }
        return .done
      case .resolve(let key): return .resolution(try resolve(key))
      case .shorten(let head, let checkpoint): return try shorten(head, checkpoint)
      }
    }

    // MARK: Request keys

    /// Nil if the key is new; `.some(nil)` if it was given up.
    private func known(_ key: Data) throws -> StoreRevision?? {
      try db.row("SELECT revision FROM requests WHERE key = ifnull(?, x'')", [key]) {
        $0[0] as StoreRevision?
      }
    }

    private mutating func use(_ key: Data, _ revision: StoreRevision?) throws {
      try db.run(
        "INSERT INTO requests (key, revision, sequence) VALUES (ifnull(?, x''), ?, ?)",
        [key, revision, state.end.sequence])
      hasWritten = true
    }

    private mutating func resolve(_ key: Data) throws -> Resolution {
      if let known = try known(key) { return known.map { .committed($0) } ?? .aborted }
      try use(key, nil)
      return .aborted
    }

    // MARK: Commits

    private mutating func perform(_ commit: PreparedCommit) throws -> CommitOutcome {
      if let known = try known(commit.key) {
        return known.map { .committed($0, repeated: true) } ?? .aborted
      }
      guard try holds(commit) else { return .conflict }
      state.revision += 1
      for write in commit.writes { try perform(write) }
      try log(commit.log)
      try use(commit.key, state.revision)
      return .committed(state.revision, repeated: false)
    }

    /// Whether everything that the commit depends on is as it was.
    private mutating func holds(_ commit: PreparedCommit) throws -> Bool {
      if let wanted = commit.policyRevision {
        guard let inForce = try policyInForce(), inForce.isExactly(wanted) else { return false }
      }
      for (key, revision) in commit.records {
        let found = try db.row("SELECT revision FROM records WHERE key = ?", [key]) { $0.int64(0) }
        guard (found ?? 0) == revision else { return false }
      }
      for (key, revision) in commit.sets {
        let found = try db.row("SELECT revision FROM sets WHERE key = ?", [key]) { $0.int64(0) }
        guard (found ?? 0) == revision else { return false }
      }
      return true
    }

    private mutating func policyInForce() throws -> String? {
      if let policy { return policy }
      let found = try db.row(
        "SELECT key, revision, bytes FROM records WHERE key = ?", [StoredKey.of(.policy)],
        SQLiteSnapshot.versioned)
      var revision: String?
      if case .policy(let text)? = found?.record { revision = text }
      policy = .some(revision)
      return revision
    }

    // MARK: Records

    private mutating func perform(_ write: PreparedWrite) throws {
      if write.kind == .policy { policy = nil }
      guard RecordPlaces.has(write.kind) else { return try put(write) }
      let old = try db.row(
        "SELECT bytes FROM records WHERE key = ?", [write.key]
      ) { row in
        RecordPlaces(try StoredRecord(kind: write.kind, name: write.name, bytes: row.bytes(0)))
      }
      if old == nil, write.bytes == nil { return }
      try put(write)
      try list(write.key, from: old ?? RecordPlaces(nil), to: write.places)
    }

    private mutating func put(_ write: PreparedWrite) throws {
      hasWritten = true
      guard let bytes = write.bytes else {
        return try db.run("DELETE FROM records WHERE key = ?", [write.key])
      }
      try db.run(
        """
        INSERT INTO records (key, revision, bytes) VALUES (?, ?, ifnull(?, x'')) \
        ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, bytes = excluded.bytes
        """, [write.key, state.revision, bytes])
    }

    private func list(_ key: Data, from old: RecordPlaces, to new: RecordPlaces) throws {
      for (set, isListed) in old.sets where new.sets[set] == nil {
        if isListed { try db.run(#"DELETE FROM members WHERE "set" = ? AND key = ?"#, [set, key]) }
        try touch(set, -1)
      }
      for (set, isListed) in new.sets {
        let isNew = old.sets[set] == nil
        if isNew, isListed {
          try db.run(#"INSERT INTO members ("set", key) VALUES (?, ?)"#, [set, key])
        }
        try touch(set, isNew ? 1 : 0)
      }
      for range in old.ranges.subtracting(new.ranges) {
        try db.run("DELETE FROM group_ranges WHERE range = ? AND key = ?", [range, key])
      }
      for range in new.ranges.subtracting(old.ranges) {
        try db.run("INSERT INTO group_ranges (range, key) VALUES (?, ?)", [range, key])
      }
    }

    /// A set has a member more, or fewer, or another.
    private func touch(_ set: Data, _ change: Int) throws {
      try db.run(
        """
        INSERT INTO sets (key, revision, count) VALUES (?, ?, ?) \
        ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, count = count + excluded.count
        """, [set, state.revision, change])
    }

    // MARK: The log

    private mutating func log(_ bytes: [UInt8]) throws {
      let entry = state.end.appending(bytes)
      try db.run(
        "INSERT INTO log (sequence, bytes, hash) VALUES (?, ifnull(?, x''), ?)",
        [entry.sequence, Data(blob: bytes), Data(blob: entry.hash)])
      state.end = entry.head
    }

    private mutating func shorten(_ head: LogHead, _ checkpoint: String) throws -> Reply {
      guard head.sequence > state.start.sequence else { return .done }
      guard head.sequence <= state.end.sequence else {
        return .fault(.cut(last: state.end.sequence, anchor: head.sequence))
      }
      let hash = try db.row("SELECT hash FROM log WHERE sequence = ?", [head.sequence]) {
        try $0.bytes(0)
      }
      guard hash == head.hash else { return .fault(.otherHistory(sequence: head.sequence)) }
      try db.run("DELETE FROM log WHERE sequence <= ?", [head.sequence])
      // The key of a commit is forgotten together with its record.
      try db.run("DELETE FROM requests WHERE sequence <= ?", [head.sequence])
      try db.run("UPDATE state SET checkpoint = ?", [checkpoint])
      state.start = head
      return .done
    }
  }
#endif
