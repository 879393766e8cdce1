#if SQLite
  import Foundation
  import GRDB
  import ModelRegistry
  import PolicyGate
  import Synchronization

  /// Opening files, and finding out what is wrong with them.
  enum DatabaseFile {
    /// One at a time: a file that is being made must not be open elsewhere in this process.
    private static let turn = Mutex(())

    static func open(
      _ path: String, _ absence: SQLiteStore.Absence, _ testing: SQLiteStore.Testing
    ) throws(StoreError) -> DatabasePool {
      do {
        return try turn.withLock { _ in
          let plain = try FileSystem.plain(path)
          try prepare(plain, shown: path, absence)
          try examine(plain, shown: path)
          let pool = try DatabasePool(path: plain, configuration: configuration)
          try pool.writeWithoutTransaction { db in
            try setUp(db, testing)
            try db.inTransaction(.deferred) {
              try checkEnd(db)
              return .commit
            }
          }
          return pool
        }
      } catch {
        throw StoreError(error).naming(path)
      }
    }

    /// Something at the path that can be read and written, or a new file.
    private static func prepare(
      _ path: String, shown: String, _ absence: SQLiteStore.Absence
    ) throws(StoreError) {
      switch try FileSystem.kind(of: path) {
      case .folder: throw .unavailable("`\(shown)` is a folder: name a file in it")
      case .other: throw .unavailable("`\(shown)` is not a regular file")
      case .missing:
        guard absence == .create else { throw .unavailable("there is no file `\(shown)`") }
        let folder = FileSystem.folder(of: path)
        guard try FileSystem.kind(of: folder) == .folder else {
          throw .unavailable("there is no folder `\(folder)` for `\(shown)`: make it first")
        }
        _ = try FileSystem.create(path)
      case .file:
        guard FileSystem.mayRead(path) else {
          throw .unavailable("`\(shown)` may not be read by this user")
        }
        guard FileSystem.mayWrite(path) else {
          throw .notWritable("`\(shown)` may not be written by this user, or its disk is read-only")
        }
      }
    }

    /// Whose file it is, before anything is changed in it: opening it in earnest switches it to
    /// write-ahead logging.
    private static func examine(_ path: String, shown: String) throws {
      var configuration = configuration
      configuration.label = "modelgate.look"
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? queue.close() }
      let (application, tables) = try queue.read { db in
        (
          try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
          try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        )
      }
      guard application == Migration.applicationID || application == 0 && tables == 0 else {
        throw otherProgram(shown)
      }
    }

    private static func otherProgram(_ shown: String) -> StoreError {
      .unavailable("`\(shown)` is a SQLite file of another program; name another file")
    }

    /// Reads one state of a store's file through a connection that can't write. Nothing is locked
    /// but that the write-ahead log isn't emptied meanwhile.
    static func look<Result>(
      _ path: String, _ body: (SQLiteSnapshot) throws -> Result
    ) throws -> Result {
      let plain = try FileSystem.plain(path)
      switch try FileSystem.kind(of: plain) {
      case .missing: throw StoreError.unavailable("there is no file `\(path)`")
      case .folder: throw StoreError.unavailable("`\(path)` is a folder: name a file in it")
      case .other: throw StoreError.unavailable("`\(path)` is not a regular file")
      case .file: break
      }
      guard FileSystem.mayRead(plain) else {
        throw StoreError.unavailable("`\(path)` may not be read by this user")
      }
      var configuration = configuration
      configuration.readonly = true
      do {
        let queue = try DatabaseQueue(path: plain, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in
          guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Migration.applicationID
          else { throw otherProgram(path) }
          try Migration.check(Migration.all, db)
          return try body(SQLiteSnapshot(db))
        }
      } catch let error as DatabaseError {
        throw StoreError(error).naming(path)
      } catch let error as StoreError {
        throw error.naming(path)
      }
    }

    static var configuration: Configuration {
      var configuration = Configuration()
      configuration.label = "modelgate"
      configuration.foreignKeysEnabled = true
      configuration.busyMode = .timeout(Double(SQLiteStoreLimits.busySeconds))
      configuration.maximumReaderCount = SQLiteStoreLimits.readers
      configuration.prepareDatabase { db in
        // What a manipulated file says may not run functions; and what SQLite finds in a page is
        // checked before it is believed.
        try db.execute(sql: "PRAGMA trusted_schema = OFF")
        try db.execute(sql: "PRAGMA cell_size_check = ON")
        // What is sorted or kept for a rollback never reaches another folder's disk.
        try db.execute(sql: "PRAGMA temp_store = MEMORY")
        try keep(SQLiteStoreLimits.cacheBytes, db)
      }
      return configuration
    }

    /// Another connection to a store that is open, for checkpoints beside the writing.
    static func openBeside(
      _ path: String, _ testing: SQLiteStore.Testing
    ) throws(StoreError) -> DatabaseQueue {
      do {
        var configuration = configuration
        configuration.label = "modelgate.checkpoints"
        let queue = try DatabaseQueue(
          path: try FileSystem.plain(path), configuration: configuration)
        try queue.inDatabase { try makeDurable($0, testing) }
        return queue
      } catch {
        throw StoreError(error).naming(path)
      }
    }

    /// How many bytes of pages a connection keeps.
    private static func keep(_ bytes: Int, _ db: Database) throws {
      try db.execute(sql: "PRAGMA cache_size = -\(bytes >> 10)")
    }

    private static func makeDurable(_ db: Database, _ testing: SQLiteStore.Testing) throws {
      // Only here: making a pool sets `synchronous` to NORMAL, whatever was prepared, and then a
      // commit that was acknowledged is lost when the power goes.
      try db.execute(sql: "PRAGMA synchronous = \(testing.syncsCommits ? "FULL" : "NORMAL")")
      try db.execute(sql: "PRAGMA fullfsync = ON")
      try db.execute(sql: "PRAGMA checkpoint_fullfsync = ON")
      try db.execute(sql: "PRAGMA journal_size_limit = \(SQLiteStoreLimits.journalBytes)")
      let wanted = testing.syncsCommits ? 2 : 1
      guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == wanted else {
        throw StoreError.unavailable("SQLite won't sync each commit (PRAGMA synchronous)")
      }
    }

    private static func setUp(_ db: Database, _ testing: SQLiteStore.Testing) throws {
      try makeDurable(db, testing)
      try keep(SQLiteStoreLimits.writerCacheBytes, db)
      // No commit does this for the others: see `Checkpointer`.
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
      guard try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal" else {
        throw StoreError.unavailable("SQLite won't use a write-ahead log (PRAGMA journal_mode)")
      }
      try Migration.run(testing.migrations, on: db)
    }

    /// The log ends where the store says that it does. The rest is for `check`, which reads it all.
    private static func checkEnd(_ db: Database) throws {
      let state = try StoreState(db)
      let last = try db.row(
        "SELECT sequence, hash FROM log ORDER BY sequence DESC LIMIT 1", []
      ) { (sequence: $0.int64(0), hash: $0.bytes(1)) }
      let (sequence, hash) = last ?? (state.start.sequence, state.start.hash)
      guard sequence == state.end.sequence, hash == state.end.hash else {
        throw StoreError.damaged(
          "its log ends at record \(sequence), it should end at record \(state.end.sequence)")
      }
    }
  }

  extension StoreError {
    /// The same, with the file's name in it.
    func naming(_ path: String) -> StoreError {
      func named(_ text: String) -> String { text.contains("`") ? text : "`\(path)`: \(text)" }
      return switch self {
      case .unavailable(let text): .unavailable(named(text))
      case .notWritable(let text): .notWritable(named(text))
      case .damaged(let text): .damaged(named(text))
      case .busy(let text): .busy(named(text))
      case .tooLarge(let text): .tooLarge(named(text))
      }
    }
  }
#endif
