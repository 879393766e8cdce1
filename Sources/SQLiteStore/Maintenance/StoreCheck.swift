#if SQLite
  import GRDB
  import ModelRegistry
  import PolicyGate

  extension SQLiteStore {
    /// Checks everything that can be checked: SQLite's own pages and indexes, the log's chain, that
    /// every record can be read, that sets and ranges list what they should and nothing else, and
    /// that names lead somewhere. Reads go on meanwhile, and writes too.
    ///
    /// - Throws: `StoreError` if it can't be read at all.
    public func check() async throws -> StoreReport {
      do {
        return try await reading { snapshot in
          var check = try StoreCheck(snapshot)
          return try check.run()
        }
      } catch StoreError.damaged(let text) {
        var report = StoreReport()
        report.note(text)
        return report
      }
    }
  }

  /// One check of one state.
  private struct StoreCheck {
    private let snapshot: SQLiteSnapshot
    private let state: StoreState
    private var db: Database { snapshot.db }
    private var report = StoreReport()
    /// What records say that should be in the other tables.
    private var members = 0
    private var ranges = 0
    private var sets: [[UInt8]: Int] = [:]

    init(_ snapshot: SQLiteSnapshot) throws {
      self.snapshot = snapshot
      state = try StoreState(snapshot.db)
    }

    mutating func run() throws -> StoreReport {
      (report.end, report.revision) = (state.end, snapshot.revision)
      for line in try String.fetchAll(
        db, sql: "PRAGMA integrity_check(\(SQLiteStoreLimits.problems))")
      where line != "ok" { report.note("SQLite: \(line)") }
      try checkLog()
      try checkRecords()
      try checkListings()
      try checkRequests()
      return report
    }

    private mutating func checkLog() throws {
      var verifier = LogVerifier(from: state.start)
      let rows = try db.rows("SELECT sequence, bytes, hash FROM log ORDER BY sequence", [])
      while let row = try rows.next() {
        let entry = LogEntry(
          sequence: row.int64(0), bytes: row.bytes(1), hash: row.bytes(2))
        do throws(LogFault) {
          try verifier.check(entry)
        } catch {
          return report.note("the log: \(error)")
        }
      }
      if verifier.head != state.end {
        report.note(
          "the log ends at record \(verifier.head.sequence), it should end at record"
            + " \(state.end.sequence)")
      }
    }

    private mutating func checkRecords() throws {
      let rows = try db.rows("SELECT key, revision, bytes FROM records ORDER BY key", [])
      while let row = try rows.next() {
        let key = row.bytes(0)
        do {
          let found = try SQLiteSnapshot.sized(row).versioned
          try check(found, key)
        } catch let error as StoreError {
          report.note(error.description)
        }
      }
    }

    private mutating func check(_ found: Versioned, _ key: [UInt8]) throws {
      let record = found.record
      report.records[record.key.parts.kind, default: 0] += 1
      if found.revision < 1 || found.revision > snapshot.revision {
        report.note("\(record.shown) has revision \(found.revision), which was no commit")
      }
      for set in RecordPlaces(record).sets {
        let stored = StoredKey.of(set)
        sets[stored, default: 0] += 1
        if set.isWholeKind { continue }
        members += 1
        if try !exists(
          #"SELECT 1 FROM members WHERE "set" = ? AND key = ?"#, [.bytes(stored), .bytes(key)])
        {
          report.note("\(record.shown) is missing from a set that it is in")
        }
      }
      for range in RecordPlaces(record).ranges {
        ranges += 1
        if try !exists(
          "SELECT 1 FROM group_ranges WHERE range = ? AND key = ?", [.bytes(range), .bytes(key)])
        {
          report.note("\(record.shown) is missing from an index that it is in")
        }
      }
    }

    private mutating func checkListings() throws {
      // Each that should be there was found, so the same number means that no others are.
      let listed = try Int.fetchOne(db, sql: "SELECT count(*) FROM members") ?? 0
      if listed != members { report.note("sets list \(listed) members, there are \(members)") }
      let indexed = try Int.fetchOne(db, sql: "SELECT count(*) FROM group_ranges") ?? 0
      if indexed != ranges { report.note("indexes list \(indexed) groups, there are \(ranges)") }
      let rows = try db.rows("SELECT key, count, revision FROM sets", [])
      while let row = try rows.next() {
        let count = sets.removeValue(forKey: row.bytes(0)) ?? 0
        if row.int64(1) != Int64(count) {
          report.note("a set counts \(row.int64(1)) members, it has \(count)")
        }
        if row.int64(2) < 1 || row.int64(2) > snapshot.revision {
          report.note("a set has revision \(row.int64(2)), which was no commit")
        }
      }
      if !sets.isEmpty { report.note("\(sets.count) sets with members are not there") }
    }

    /// Each commit has its own key, and its log record is not yet to come.
    private mutating func checkRequests() throws {
      let found = try db.row(
        """
        SELECT count(revision), count(DISTINCT revision), ifnull(max(revision), 0), \
        ifnull(max(sequence), 0) FROM requests
        """, []
      ) { ($0.int64(0), $0.int64(1), $0.int64(2), $0.int64(3)) }
      guard let (keys, commits, last, sequence) = found else { return }
      if keys != commits { report.note("\(keys) request keys stand for \(commits) commits") }
      if last > snapshot.revision || sequence > state.end.sequence {
        report.note("a request key stands for a commit that never was")
      }
    }

    private func exists(_ sql: String, _ arguments: [Bound]) throws -> Bool {
      try db.row(sql, arguments) { _ in true } ?? false
    }
  }

  extension StoredRecord {
    fileprivate var shown: String { "the \(key.parts.kind.rawValue) `\(key.parts.name)`" }
  }
#endif
