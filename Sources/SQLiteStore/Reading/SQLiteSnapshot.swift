#if SQLite
  import GRDB
  import ModelRegistry
  import PolicyGate

  /// One state of the store: a transaction of a connection that reads. It lives no longer than the
  /// closure that it is given to.
  struct SQLiteSnapshot: StoreSnapshot {
    let db: Database
    let revision: StoreRevision
    /// What is known of this state without reading it.
    private let memory: RecordMemory?

    /// The first read of the transaction, which makes it one state.
    init(_ db: Database, _ memory: RecordMemory? = nil) throws {
      (self.db, self.memory) = (db, memory)
      revision = try StoreState.revision(db)
    }

    func record(_ key: RecordKey) throws(StoreError) -> Versioned? {
      if let known = memory?.record(key, at: revision) { return known }
      let found = try reading { try record(stored: StoredKey.of(key)) }
      memory?.keep(found?.versioned, found?.size ?? 0, as: key, at: revision)
      return found?.versioned
    }

    func revision(ofKey key: String) throws(StoreError) -> StoreRevision? {
      try reading {
        try db.row(
          "SELECT revision FROM requests WHERE key = ?", [.bytes(Array(key.utf8))]
        ) { $0.isNull(0) ? nil : $0.int64(0) } ?? nil
      }
    }

    func members(_ set: RecordSet) throws(StoreError) -> (
      members: [Versioned], revision: StoreRevision
    ) {
      let state = try state(of: set)
      guard state.count > 0 else { return ([], state.revision) }
      if let known = memory?.members(set, at: revision) { return (known, state.revision) }
      let (members, size) = try reading {
        if set.isWholeKind { return try sized(rows(set.parts.kind.members, from: nil, .max)) }
        return try sized(
          db.rows(
            """
            SELECT records.key, records.revision, records.bytes FROM members \
            LEFT JOIN records ON records.key = members.key WHERE "set" = ? ORDER BY members.key
            """, [.bytes(StoredKey.of(set))]))
      }
      memory?.keep(members, size, of: set, at: revision)
      return (members, state.revision)
    }

    func count(_ set: RecordSet) throws(StoreError) -> (count: Int, revision: StoreRevision) {
      let state = try state(of: set)
      return (state.count, state.revision)
    }

    private func state(of set: RecordSet) throws(StoreError) -> SetState {
      if let known = memory?.set(set, at: revision) { return known }
      let state = try reading {
        try db.row("SELECT count, revision FROM sets WHERE key = ?", [.bytes(StoredKey.of(set))]) {
          SetState(count: Int($0.int64(0)), revision: $0.int64(1))
        } ?? SetState(count: 0, revision: 0)
      }
      memory?.keep(state, of: set, at: revision)
      return state
    }

    func count(of kind: StoredRecord.Kind) throws(StoreError) -> Int {
      try reading {
        try db.row(
          "SELECT count(*) FROM records WHERE key >= ? AND key < ?",
          [.bytes(StoredKey.of(kind, "")), .bytes(StoredKey.end(of: kind))]
        ) { Int($0.int64(0)) } ?? 0
      }
    }

    func page(
      _ kind: StoredRecord.Kind, after: String?, limit: Int
    ) throws(StoreError) -> [Versioned] {
      try reading { try sized(rows(kind, from: after, limit)).found }
    }

    func groups(
      in ranges: [GroupRange], after: String?, limit: Int
    ) throws(StoreError) -> [Versioned] {
      try reading {
        if ranges.contains(.all) { return try sized(rows(.group, from: after, limit)).found }
        let keys = try GroupMerge(db, after: after, limit: limit).keys(in: ranges)
        return try keys.compactMap { try record(stored: $0)?.versioned }
      }
    }

    func log(from sequence: Int64, limit: Int) throws(StoreError) -> [LogEntry] {
      try reading {
        let rows = try db.rows(
          "SELECT sequence, bytes, hash FROM log WHERE sequence >= ? ORDER BY sequence LIMIT ?",
          [.integer(sequence), .integer(Int64(max(0, limit)))])
        var entries: [LogEntry] = []
        while let row = try rows.next() {
          entries.append(
            LogEntry(
              sequence: row.int64(0), bytes: row.bytes(1), hash: row.bytes(2)))
        }
        return entries
      }
    }

    func logHead() throws(StoreError) -> (start: LogHead, end: LogHead) {
      let state = try reading { try StoreState(db) }
      return (state.start, state.end)
    }

    /// The signed head that vouches for the beginning of a log that was shortened, as JSON.
    func checkpoint() throws(StoreError) -> String? {
      try reading { try String.fetchOne(db, sql: "SELECT checkpoint FROM state") }
    }

    // MARK: Inside

    private func reading<Result>(_ body: () throws -> Result) throws(StoreError) -> Result {
      do {
        return try body()
      } catch {
        throw StoreError(error)
      }
    }

    private func record(stored key: [UInt8]) throws -> (versioned: Versioned, size: Int)? {
      try db.row(
        "SELECT key, revision, bytes FROM records WHERE key = ?", [.bytes(key)], Self.sized)
    }

    private func rows(_ kind: StoredRecord.Kind, from after: String?, _ limit: Int) throws
      -> StoredRows
    {
      // The key without a name is the least of its kind; if there is such a record, it comes too.
      if let after {
        try db.rows(
          """
          SELECT key, revision, bytes FROM records WHERE key > ? AND key < ? ORDER BY key LIMIT ?
          """,
          [
            .bytes(StoredKey.of(kind, after)), .bytes(StoredKey.end(of: kind)),
            .integer(Int64(max(0, limit))),
          ])
      } else {
        try db.rows(
          """
          SELECT key, revision, bytes FROM records WHERE key >= ? AND key < ? ORDER BY key LIMIT ?
          """,
          [
            .bytes(StoredKey.of(kind, "")), .bytes(StoredKey.end(of: kind)),
            .integer(Int64(max(0, limit))),
          ])
      }
    }

    /// Records, and the bytes that they take.
    private func sized(_ rows: StoredRows) throws -> (found: [Versioned], size: Int) {
      var (found, size): ([Versioned], Int) = ([], 0)
      while let row = try rows.next() {
        guard !row.isNull(0) else {
          throw StoreError.damaged("a set has a member that is not there")
        }
        let (versioned, bytes) = try Self.sized(row)
        found.append(versioned)
        size += bytes
      }
      return (found, size)
    }

    /// The record in a row of key, revision and bytes.
    static func sized(_ row: StoredRow) throws -> (versioned: Versioned, size: Int) {
      let (kind, name) = try StoredKey.parts(of: row.bytes(0))
      let bytes = row.bytes(2)
      return (
        Versioned(
          record: try StoredRecord(kind: kind, name: name, bytes: bytes), revision: row.int64(1)),
        bytes.count
      )
    }
  }

  /// Keys of groups in any of several ranges, in order: one short walk of an index for each range,
  /// never one walk of everything with a long condition.
  struct GroupMerge {
    private let db: Database
    private let after: [UInt8]
    private let includesAfter: Bool
    private let limit: Int

    init(_ db: Database, after: String?, limit: Int) {
      self.db = db
      self.after = StoredKey.of(.group, after ?? "")
      includesAfter = after == nil
      self.limit = max(0, limit)
    }

    func keys(in ranges: [GroupRange]) throws -> [[UInt8]] {
      guard limit > 0 else { return [] }
      var found: [[UInt8]] = []
      for range in Set(ranges) {
        // What a range has behind the last of a full page can't be on the page.
        let end = found.count < limit ? StoredKey.end(of: .group) : found[limit - 1]
        found = merge(found, try keys(in: range, before: end))
      }
      return found
    }

    private func keys(in range: GroupRange, before end: [UInt8]) throws -> [[UInt8]] {
      let comparison = includesAfter ? ">=" : ">"
      let rows: StoredRows
      if let stored = StoredKey.of(range) {
        rows = try db.rows(
          """
          SELECT key FROM group_ranges WHERE range = ? AND key \(comparison) ? AND key < ? \
          ORDER BY key LIMIT ?
          """, [.bytes(stored), .bytes(after), .bytes(end), .integer(Int64(limit))])
      } else if case .id(let id) = range {
        rows = try db.rows(
          "SELECT key FROM records WHERE key = ? AND key \(comparison) ? AND key < ? LIMIT ?",
          [
            .bytes(StoredKey.of(.group, id)), .bytes(after), .bytes(end), .integer(Int64(limit)),
          ])
      } else {
        return []
      }
      var keys: [[UInt8]] = []
      while let row = try rows.next() { keys.append(row.bytes(0)) }
      return keys
    }

    /// Both lists in one, each key once, as many as the page takes.
    private func merge(_ one: [[UInt8]], _ other: [[UInt8]]) -> [[UInt8]] {
      guard !other.isEmpty else { return one }
      var merged: [[UInt8]] = []
      merged.reserveCapacity(limit < 10_000 ? limit : one.count + other.count)
      var (left, right) = (0, 0)
      while merged.count < limit, left < one.count || right < other.count {
        if right == other.count {
          merged.append(one[left])
          left += 1
        } else if left == one.count || other[right].lexicographicallyPrecedes(one[left]) {
          merged.append(other[right])
          right += 1
        } else {
          if one[left] == other[right] { right += 1 }
          merged.append(one[left])
          left += 1
        }
      }
      return merged
    }
  }
#endif
