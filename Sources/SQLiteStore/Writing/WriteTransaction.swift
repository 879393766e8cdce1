#if SQLite
  import GRDB
  import ModelRegistry
  import PolicyGate

  /// Something that waits for its turn to write.
  enum Work: Sendable {
    case commit(PreparedCommit)
    case append([[UInt8]])
    case resolve([UInt8])
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
    private let memory: RecordMemory
    private let before: StoreState
    private var state: StoreState
    /// Records that are no longer as they were before.
    private var records: [RecordKey: (record: Versioned?, size: Int)] = [:]
    /// Sets whose rows are behind.
    private var sets: [RecordSet: SetChange] = [:]
    /// The policies that are in force, once somebody has asked; they may have no name.
    private var policies: String??
    private var hasWritten = false

    /// What becomes of a set.
    private struct SetChange {
      /// What it was before; nil where only the file knows.
      let before: SetState?
      /// How many members more it has.
      var members = 0
      var revision: StoreRevision = 0
    }

    /// The transaction has begun, so what is read here can't change before it ends.
    ///
    /// - Parameter works: how many it will do, about.
    init(_ db: Database, _ memory: RecordMemory, works: Int) throws {
      (self.db, self.memory) = (db, memory)
      records.reserveCapacity(works)
      sets.reserveCapacity(works)
      before = try StoreState(db)
      state = before
    }

    /// Call when all works are done.
    ///
    /// - Returns: whether there is anything to commit.
    mutating func finish() throws -> Bool {
      for (set, change) in sets { try write(set, change) }
      if state != before { try state.write(db) }
      return hasWritten || state != before
    }

    /// Call when the transaction is durable.
    func remember() {
      let sets = sets.mapValues { change in
        change.before.map {
          SetState(count: $0.count + change.members, revision: change.revision)
        }
      }
      memory.advance(from: before.revision, to: state.revision, records, sets)
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
    private func known(_ key: [UInt8]) throws -> StoreRevision?? {
      try db.row("SELECT revision FROM requests WHERE key = ?", [.bytes(key)]) {
        $0.isNull(0) ? nil : $0.int64(0)
      }
    }

    /// Uses a key up, with the end of the log that its work will leave.
    ///
    /// - Returns: whether it was new.
    private mutating func use(
      _ key: [UInt8], _ revision: StoreRevision?, _ sequence: Int64
    ) throws -> Bool {
      try db.run(
        "INSERT OR IGNORE INTO requests (key, revision, sequence) VALUES (?, ?, ?)",
        [.bytes(key), revision.map { .integer($0) } ?? .null, .integer(sequence)])
      let isNew = db.changedRows > 0
      hasWritten = hasWritten || isNew
      return isNew
    }

    private mutating func resolve(_ key: [UInt8]) throws -> Resolution {
      if try use(key, nil, state.end.sequence) { return .aborted }
      return try known(key)?.map { .committed($0) } ?? .aborted
    }

    // MARK: Commits

    private mutating func perform(_ commit: PreparedCommit) throws -> CommitOutcome {
      // A repeated commit has taken effect, whatever has changed since. Most are new and hold, so
      // that the key is not asked for first: using it says whether it was used.
      guard try holds(commit) else { return try earlier(commit.key) ?? .conflict }
      let isNew = try use(commit.key, state.revision + 1, state.end.sequence + 1)
      guard isNew else { return try earlier(commit.key) ?? .conflict }
      state.revision += 1
      for write in commit.writes { try perform(write) }
      try log(commit.log)
      return .committed(state.revision, repeated: false)
    }

    /// What became of an earlier commit of a key, if there was one.
    private func earlier(_ key: [UInt8]) throws -> CommitOutcome? {
      try known(key).map { $0.map { .committed($0, repeated: true) } ?? .aborted }
    }

    /// Whether everything that the commit depends on is as it was.
    private mutating func holds(_ commit: PreparedCommit) throws -> Bool {
      if let wanted = commit.policyRevision {
        guard try policiesInForce()?.isExactly(wanted) ?? false else { return false }
      }
      for (key, revision) in commit.reads.records {
        guard try current(revisionOf: key) == revision else { return false }
      }
      for (set, revision) in commit.reads.sets {
        guard try current(revisionOf: set) == revision else { return false }
      }
      return true
    }

    // MARK: What holds now

    /// The name of the policies in force, which every commit asks for.
    private mutating func policiesInForce() throws -> String? {
      if let policies { return policies }
      let found: String? =
        if case .policy(let revision)? = try current(.policy)?.record { revision } else { nil }
      policies = .some(found)
      return found
    }

    /// A record as this transaction has left it, if that is known without the file.
    private func remembered(_ key: RecordKey) -> Versioned?? {
      if let change = records[key] { return .some(change.record) }
      return memory.record(key, at: before.revision)
    }

    private func current(_ key: RecordKey) throws -> Versioned? {
      if let known = remembered(key) { return known }
      return try db.row(
        "SELECT key, revision, bytes FROM records WHERE key = ?", [.bytes(StoredKey.of(key))],
        SQLiteSnapshot.sized)?.versioned
    }

    private func current(revisionOf key: RecordKey) throws -> StoreRevision {
      if let known = remembered(key) { return known?.revision ?? 0 }
      return try db.row(
        "SELECT revision FROM records WHERE key = ?", [.bytes(StoredKey.of(key))]
      ) { $0.int64(0) } ?? 0
    }

    private func current(revisionOf set: RecordSet) throws -> StoreRevision {
      if let change = sets[set] { return change.revision }
      if let known = memory.set(set, at: before.revision) { return known.revision }
      return try db.row(
        "SELECT revision FROM sets WHERE key = ?", [.bytes(StoredKey.of(set))]
      ) { $0.int64(0) } ?? 0
    }

    // MARK: Records

    private mutating func perform(_ write: PreparedWrite) throws {
      guard RecordPlaces.has(write.key.parts.kind) else { return try put(write) }
      let old = try current(write.key)?.record
      if old == nil, write.record == nil { return }
      try put(write)
      try list(write.stored, from: RecordPlaces(old), to: write.places)
    }

    private mutating func put(_ write: PreparedWrite) throws {
      hasWritten = true
      if write.key == .policy { policies = nil }
      records[write.key] = (
        write.record.map { Versioned(record: $0, revision: state.revision) },
        write.bytes?.count ?? 0
      )
      guard let bytes = write.bytes else {
        return try db.run("DELETE FROM records WHERE key = ?", [.bytes(write.stored)])
      }
      try db.run(
        """
        INSERT INTO records (key, revision, bytes) VALUES (?, ?, ?) \
        ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, bytes = excluded.bytes
        """, [.bytes(write.stored), .integer(state.revision), .bytes(bytes)])
    }

    private mutating func list(
      _ key: [UInt8], from old: RecordPlaces, to new: RecordPlaces
    ) throws {
      for set in old.sets where !new.sets.contains(set) {
        // Of what is all of a kind no list is kept.
        if !set.isWholeKind {
          try db.run(
            #"DELETE FROM members WHERE "set" = ? AND key = ?"#,
            [.bytes(StoredKey.of(set)), .bytes(key)])
        }
        touch(set, -1)
      }
      for set in new.sets {
        let isNew = !old.sets.contains(set)
        if isNew, !set.isWholeKind {
          try db.run(
            #"INSERT INTO members ("set", key) VALUES (?, ?)"#,
            [.bytes(StoredKey.of(set)), .bytes(key)])
        }
        touch(set, isNew ? 1 : 0)
      }
      for range in old.ranges.subtracting(new.ranges) {
        try db.run(
          "DELETE FROM group_ranges WHERE range = ? AND key = ?", [.bytes(range), .bytes(key)])
      }
      for range in new.ranges.subtracting(old.ranges) {
        try db.run(
          "INSERT INTO group_ranges (range, key) VALUES (?, ?)", [.bytes(range), .bytes(key)])
      }
    }

    /// A set has a member more, or fewer, or another. Its row is written when all works are done:
    /// those of one batch often touch the same sets.
    private mutating func touch(_ set: RecordSet, _ change: Int) {
      let revision = state.revision
      let before = before.revision
      func note(_ known: inout SetChange) {
        known.members += change
        known.revision = revision
      }
      note(&sets[set, default: SetChange(before: memory.set(set, at: before))])
    }

    private func write(_ set: RecordSet, _ change: SetChange) throws {
      try db.run(
        """
        INSERT INTO sets (key, revision, count) VALUES (?, ?, ?) \
        ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, count = count + excluded.count
        """,
        [
          .bytes(StoredKey.of(set)), .integer(change.revision), .integer(Int64(change.members)),
        ])
    }

    // MARK: The log

    private mutating func log(_ bytes: [UInt8]) throws {
      let entry = state.end.entry(of: bytes)
      try db.run(
        "INSERT INTO log (sequence, bytes, hash) VALUES (?, ?, ?)",
        [.integer(entry.sequence), .bytes(bytes), .bytes(entry.hash)])
      state.end = entry.head
    }

    private mutating func shorten(_ head: LogHead, _ checkpoint: String) throws -> Reply {
      guard head.sequence > state.start.sequence else { return .done }
      guard head.sequence <= state.end.sequence else {
        return .fault(.cut(last: state.end.sequence, anchor: head.sequence))
      }
      let hash = try db.row("SELECT hash FROM log WHERE sequence = ?", [.integer(head.sequence)]) {
        $0.bytes(0)
      }
      guard hash == head.hash else { return .fault(.otherHistory(sequence: head.sequence)) }
      try db.run("DELETE FROM log WHERE sequence <= ?", [.integer(head.sequence)])
      // The key of a commit is forgotten together with its record.
      try db.run("DELETE FROM requests WHERE sequence <= ?", [.integer(head.sequence)])
      try db.run("UPDATE state SET checkpoint = ?", [.text(checkpoint)])
      state.start = head
      return .done
    }
  }
#endif
