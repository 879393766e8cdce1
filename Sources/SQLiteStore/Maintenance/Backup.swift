#if SQLite
  import GRDB
  public import ModelRegistry

  extension SQLiteStore {
    /// Copies one state of the store to a new file, while it is used. Never copy a store's file by
    /// other means: what was committed last is in the write-ahead log beside it.
    ///
    /// The copy appears under its name only when it is complete, checked and durable.
    ///
    /// - Throws: `StoreError`, also if there is a file already.
    public func backup(to target: String) async throws(StoreError) {
      // A store that has failed must not be copied as if it were good.
      do { _ = try await reading { $0.revision } } catch { throw StoreError(error) }
      try Copying.copy(pool, to: target)
    }

    /// Puts a backup in the place of a store.
    ///
    /// Nothing is ever replaced: move what is left of the old store away first, the files beside it
    /// too, because a write-ahead log of another store would be applied to this one.
    ///
    /// - Throws: `StoreError` if the backup is none or is damaged, or if there are files already.
    public static func restore(from backup: String, to target: String) async throws(StoreError) {
      for file in [target, target + "-wal", target + "-shm", target + "-journal"] {
        guard try FileSystem.kind(of: FileSystem.plain(file)) == .missing else {
          throw .notWritable("there is a file `\(file)` already: move it away first")
        }
      }
      // Opening brings the file to this version's layout; the backup itself stays as it is.
      guard try FileSystem.kind(of: FileSystem.plain(backup)) == .file else {
        throw .unavailable("there is no file `\(backup)`")
      }
      do {
        var configuration = DatabaseFile.configuration
        configuration.readonly = true
        let source = try DatabaseQueue(
          path: FileSystem.plain(backup), configuration: configuration)
        defer { try? source.close() }
        try Copying.copy(source, to: target)
      } catch {
        throw StoreError(error).naming(backup)
      }
    }
  }

  private enum Copying {
    /// Copies into a file beside the target, checks that, and gives it its name.
    static func copy(_ source: some DatabaseReader, to target: String) throws(StoreError) {
      let plain = try FileSystem.plain(target)
      guard try FileSystem.kind(of: plain) == .missing else {
        throw .notWritable("there is a file `\(target)` already")
      }
      let unfinished = plain + ".unfinished"
      guard try FileSystem.create(unfinished) else {
        throw .notWritable(
          "`\(unfinished)` is there: another copy is being made, or was broken off and may be removed"
        )
      }
      defer { for end in ["", "-wal", "-shm", "-journal"] { FileSystem.remove(unfinished + end) } }
      do {
        try fill(unfinished, from: source)
        try FileSystem.sync(unfinished)
        try FileSystem.move(unfinished, to: plain)
      } catch {
        throw StoreError(error).naming(target)
      }
    }

    private static func fill(_ path: String, from source: some DatabaseReader) throws {
      let copy = try DatabaseQueue(path: path, configuration: DatabaseFile.configuration)
      defer { try? copy.close() }
      try source.backup(to: copy)
      try copy.inDatabase { db in
        // A file by itself: nothing beside it belongs to it.
        try db.execute(sql: "PRAGMA journal_mode = DELETE")
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard application == Migration.applicationID else {
          throw StoreError.unavailable("it is not a store")
        }
        let problems = try String.fetchAll(db, sql: "PRAGMA quick_check(1)").filter { $0 != "ok" }
        if let first = problems.first { throw StoreError.damaged(first) }
      }
    }
  }
#endif
