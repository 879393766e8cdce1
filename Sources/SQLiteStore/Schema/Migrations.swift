#if SQLite
  import GRDB
  import ModelRegistry

  /// A step from one layout of the file to the next. Steps that were released never change.
  package struct Migration: Sendable {
    /// The layout that it makes.
    package let version: Int
    /// What it does.
    package let sql: String

    package init(version: Int, sql: String) {
      (self.version, self.sql) = (version, sql)
    }
  }

  extension Migration {
    /// All of them, from an empty file on.
    package static let all: [Migration] = [first]

    /// What SQLite files say that they are: `MGat`.
    static let applicationID = 0x4D47_6174

    private static let first = Migration(
      version: 1,
      sql: """
        PRAGMA application_id = \(applicationID);

        -- Records by key: a letter for the kind, then the name.
        CREATE TABLE records (
          id INTEGER PRIMARY KEY,
          key BLOB NOT NULL UNIQUE,
          revision INTEGER NOT NULL,
          bytes BLOB NOT NULL
        ) STRICT;

        -- Sets of records, with how many there are in each. A set that is empty keeps its revision.
        CREATE TABLE sets (
          key BLOB PRIMARY KEY NOT NULL,
          revision INTEGER NOT NULL,
          count INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE members (
          "set" BLOB NOT NULL,
          key BLOB NOT NULL,
          PRIMARY KEY ("set", key)
        ) STRICT, WITHOUT ROWID;

        -- Model groups by what they have in common.
        CREATE TABLE group_ranges (
          range BLOB NOT NULL,
          key BLOB NOT NULL,
          PRIMARY KEY (range, key)
        ) STRICT, WITHOUT ROWID;

        -- Request keys that were used: the commit, or null if the key was given up; and the end of
        -- the log then, so that retention knows how old they are.
        CREATE TABLE requests (
          key BLOB PRIMARY KEY NOT NULL,
          revision INTEGER,
          sequence INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX requests_by_age ON requests (sequence);

        CREATE TABLE log (
          sequence INTEGER PRIMARY KEY,
          bytes BLOB NOT NULL,
          hash BLOB NOT NULL
        ) STRICT;

        -- One row: the last commit, where the log ends, and where what is left of it starts, with
        -- the signed head that vouches for that.
        CREATE TABLE state (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          revision INTEGER NOT NULL,
          log_sequence INTEGER NOT NULL,
          log_hash BLOB NOT NULL,
          start_sequence INTEGER NOT NULL,
          start_hash BLOB NOT NULL,
          checkpoint TEXT
        ) STRICT;

        INSERT INTO state VALUES (1, 0, 0, zeroblob(32), 0, zeroblob(32), NULL);
        """)

    /// Brings a file to the newest layout, one transaction a step, so that a crash leaves a step done
    /// or not begun. Another process may do the same at the same time: the layout is read again in
    /// each transaction.
    static func run(_ steps: [Migration], on db: Database) throws {
      let version = try version(of: db, steps)
      for step in steps where step.version > version {
        try db.inTransaction(.immediate) {
          let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
          guard found < step.version else { return .commit }
          try db.execute(sql: step.sql)
          try db.execute(sql: "PRAGMA user_version = \(step.version)")
          return .commit
        }
      }
    }

    /// The layout of a file, which is none that only a newer version knows.
    private static func version(of db: Database, _ steps: [Migration]) throws -> Int {
      let newest = steps.last?.version ?? 0
      let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      guard version <= newest else {
        throw StoreError.unavailable(
          "a newer version of ModelGate wrote it (layout \(version), this one knows \(newest)):"
            + " use that version")
      }
      return version
    }

    /// Checks that a file has the newest layout, for who may not change it.
    static func check(_ steps: [Migration], _ db: Database) throws {
      let version = try version(of: db, steps)
      guard version == steps.last?.version else {
        throw StoreError.unavailable(
          "an older version of ModelGate wrote it (layout \(version)): open it once with this one,"
            + " by `modelgate store check`")
      }
    }
  }
#endif
