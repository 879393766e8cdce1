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
    private let memory: RecordMemory
    private let before: StoreState
    private var state: StoreState
    /// What is no longer as it was before.
    private var changes = RecordMemory.Changes()
    private var hasWritten = false

    /// The transaction has begun, so what is read here can't change before it ends.
    init(_ db: Database, _ memory: RecordMemory) throws {
      (self.db, self.memory) = (db, memory)
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

    /// Call when the transaction is durable.
    func remember() { memory.advance(from: before.revision, to: state.revision, changes) }

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
        guard case .policy(let inForce)? = try current(.policy)?.record, inForce.isExactly(wanted)
        else { return false }
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

    /// A record as this transaction has left it, if that is known without the file.
    private func remembered(_ key: RecordKey) -> Versioned?? {
      if let change = changes.records[key] { return .some(change.record) }
      return memory.record(key, at: before.revision)
    }

    private func remembered(_ set: RecordSet) -> SetState? {
      if let change = changes.sets[set] { return change }
      return memory.set(set, at: before.revision)
    }

    private func current(_ key: RecordKey) throws -> Versioned? {
      if let known = remembered(key) { return known }
      return try db.row(
        "SELECT key, revision, bytes FROM records WHERE key = ?", [StoredKey.of(key)],
        SQLiteSnapshot.sized)?.versioned
    }

    private func current(revisionOf key: RecordKey) throws -> StoreRevision {
      if let known = remembered(key) { return known?.revision ?? 0 }
      return try db.row(
        "SELECT revision FROM records WHERE key = ?", [StoredKey.of(key)]
      ) { $0.int64(0) } ?? 0
    }

    private func current(revisionOf set: RecordSet) throws -> StoreRevision {
      if let known = remembered(set) { return known.revision }
      return try db.row(
        "SELECT revision FROM sets WHERE key = ?", [StoredKey.of(set)]
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
      changes.records[write.key] = (
        write.record.map { Versioned(record: $0, revision: state.revision) },
        write.bytes?.count ?? 0
      )
      guard let bytes = write.bytes else {
        return try db.run("DELETE FROM records WHERE key = ?", [write.stored])
      }
      try db.run(
        """
        INSERT INTO records (key, revision, bytes) VALUES (?, ?, ifnull(?, x'')) \
        ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, bytes = excluded.bytes
        """, [write.stored, state.revision, bytes])
    }

    private mutating func list(
      _ key: Data, from old: RecordPlaces, to new: RecordPlaces
    ) throws {
      for set in old.sets where !new.sets.contains(set) {
        let stored = StoredKey.of(set)
        // Of what is all of a kind no list is kept.
        if !set.isWholeKind {
          try db.run(#"DELETE FROM members WHERE "set" = ? AND key = ?"#, [stored, key])
        }
        try touch(set, stored, -1)
      }
      for set in new.sets {
        let (stored, isNew) = (StoredKey.of(set), !old.sets.contains(set))
        if isNew, !set.isWholeKind {
          try db.run(#"INSERT INTO members ("set", key) VALUES (?, ?)"#, [stored, key])
        }
        try touch(set, stored, isNew ? 1 : 0)
      }
      for range in old.ranges.subtracting(new.ranges) {
        try db.run("DELETE FROM group_ranges WHERE range = ? AND key = ?", [range, key])
      }
      for range in new.ranges.subtracting(old.ranges) {
        try db.run("INSERT INTO group_ranges (range, key) VALUES (?, ?)", [range, key])
      }
    }

    /// A set has a member more, or fewer, or another.
    private mutating func touch(_ set: RecordSet, _ stored: Data, _ change: Int) throws {
      let known = remembered(set)
      changes.sets[set] = .some(
        known.map { SetState(count: $0.count + change, revision: state.revision) })
      try db.run(
        """
        INSERT INTO sets (key, revision, count) VALUES (?, ?, ?) \
        ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, count = count + excluded.count
        """, [stored, state.revision, change])
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
