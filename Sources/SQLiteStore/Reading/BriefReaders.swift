#if SQLite
  import GRDB
  import ModelRegistry
  import Synchronization

  /// Connections for reads of a few records, which are done on the thread of whoever asks.
  ///
  /// Such a read takes some microseconds; handing it to another thread and waiting for that costs
  /// many times as much. There are as many connections as threads have ever read at once, and none
  /// is asked for what is remembered as long as nobody has committed.
  final class BriefReaders: Sendable {
    private let path: String
    private let memory: RecordMemory
    private let watch: JournalWatch?
    private let free = Mutex(Free())

    private struct Free {
      var readers: [DatabaseQueue] = []
      var isClosed = false
    }

    init(_ path: String, _ memory: RecordMemory) throws {
      (self.path, self.memory) = (path, memory)
      let connection = try Self.open(path)
      _ = try connection.unsafeRead { db in try StoreState.revision(db) }
      watch = JournalWatch(connection)
    }

    /// Reads from memory alone what is remembered of the commit that the file stands at. It needs no
    /// transaction: it is all of one state whatever is committed meanwhile.
    ///
    /// - Returns: nil if the file has to be asked, and then `body` was called for nothing.
    func readRemembered<Result>(
      _ body: (any StoreSnapshot) throws -> Result
    ) -> Swift.Result<Result, any Error>? {
      watch?.revision.flatMap { remember($0, body) }
    }

    /// Reads one state of the store. `body` may be called twice.
    func read<Result>(_ body: (any StoreSnapshot) throws -> Result) throws -> Result {
      // If it is known, then what is read is not remembered as of it.
      let isKnown = watch?.revision != nil
      let reader = try free.withLock { $0.readers.popLast() } ?? Self.open(path)
      defer { giveBack(reader) }
      return try reader.unsafeRead { db in
        if !isKnown, let found = remember(try revision(db), body) { return try found.get() }
        try db.run("BEGIN", [])
        let result: Result
        do {
          result = try body(SQLiteSnapshot(db, memory))
        } catch {
          try? db.rollback()
          throw error
        }
        try db.run("COMMIT", [])
        return result
      }
    }

    /// - Returns: nil if something is not remembered.
    private func remember<Result>(
      _ revision: StoreRevision, _ body: (any StoreSnapshot) throws -> Result
    ) -> Swift.Result<Result, any Error>? {
      let remembered = RememberedSnapshot(memory, at: revision)
      let found = Swift.Result { try body(remembered) }
      return remembered.isIncomplete ? nil : found
    }

    private func revision(_ db: Database) throws -> StoreRevision {
      guard let watch else { return try StoreState.revision(db) }
      return try watch.noting { try StoreState.revision(db) }
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
      var configuration = DatabaseFile.configuration
      configuration.readonly = true
      configuration.label = "modelgate.brief"
      return try DatabaseQueue(path: path, configuration: configuration)
    }

    private func giveBack(_ reader: DatabaseQueue) {
      let isClosed = free.withLock { free in
        if !free.isClosed { free.readers.append(reader) }
        return free.isClosed
      }
      if isClosed { try? reader.close() }
    }

    /// No connection stays open, but for reads that have begun.
    func close() {
      let readers = free.withLock { free in
        free.isClosed = true
        defer { free.readers = [] }
        return free.readers
      }
      for reader in readers + [watch?.close()].compactMap(\.self) { try? reader.close() }
    }
  }
#endif
