#if SQLite
  import Foundation
  import GRDB

  /// The floor: the rows that a move of an alias writes and reads, by hand, without any of the
  /// store's conditions, codecs or chains.
  struct RawTables {
    let pool: DatabasePool

    init(_ path: String) throws {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      pool = try DatabasePool(path: path, configuration: configuration)
      try pool.writeWithoutTransaction { db in
        try db.execute(sql: "PRAGMA synchronous = FULL")
        try db.execute(
          sql: """
            CREATE TABLE records (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, \
            revision INTEGER NOT NULL, bytes BLOB NOT NULL);
            CREATE TABLE sets (key BLOB PRIMARY KEY NOT NULL, revision INTEGER, count INTEGER) \
            WITHOUT ROWID;
            CREATE TABLE members ("set" BLOB, key BLOB, PRIMARY KEY ("set", key)) WITHOUT ROWID;
            CREATE TABLE requests (key BLOB PRIMARY KEY NOT NULL, revision INTEGER, \
            sequence INTEGER) WITHOUT ROWID;
            CREATE INDEX requests_by_age ON requests (sequence);
            CREATE TABLE log (sequence INTEGER PRIMARY KEY, bytes BLOB, hash BLOB);
            CREATE TABLE state (id INTEGER PRIMARY KEY, revision INTEGER, sequence INTEGER, hash BLOB);
            INSERT INTO state VALUES (1, 0, 0, zeroblob(32));
            """)
      }
    }

    private static let hash = Data(repeating: 7, count: 32)

    /// Writes what a commit writes, in one transaction, durably.
    func moveAlias(_ number: Int, log: Data) async throws {
      try await pool.write { db in
        func run(_ sql: String, _ arguments: StatementArguments) throws {
          try db.cachedStatement(sql: sql).execute(arguments: arguments)
        }
        let alias = Data("aalias\(number % 50)".utf8)
        let (old, new) = (Data("am\((number + 7) % 8)".utf8), Data("am\(number % 8)".utf8))
        try run(
          """
          INSERT INTO records (key, revision, bytes) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE \
          SET revision = excluded.revision, bytes = excluded.bytes
          """, [alias, number, Data(#"{"name":"alias","model":"m"}"#.utf8)])
        try run(#"DELETE FROM members WHERE "set" = ? AND key = ?"#, [old, alias])
        try run(#"INSERT OR IGNORE INTO members VALUES (?, ?)"#, [new, alias])
        for set in [old, new] {
          try run(
            """
            INSERT INTO sets VALUES (?, ?, 1) ON CONFLICT (key) DO UPDATE \
            SET revision = excluded.revision
            """, [set, number])
        }
        try run("INSERT INTO log VALUES (?, ?, ?)", [number, log, Self.hash])
        try run(
          "INSERT INTO requests VALUES (?, ?, ?)", [Data("raw \(number)".utf8), number, number])
        try run(
          "UPDATE state SET revision = ?, sequence = ?, hash = ?", [number, number, Self.hash])
      }
    }

    /// A record by its key.
    func read(_ key: Data) async throws -> Int {
      try await pool.read { db in
        let statement = try db.cachedStatement(
          sql: "SELECT revision, bytes FROM records WHERE key = ?")
        let row = try Row.fetchOne(statement, arguments: [key])
        return (row?[1] as Data?)?.count ?? 0
      }
    }
  }
#endif
