#if SQLite
  import GRDB
  import ModelRegistry
  import Synchronization

  /// Connections for reads of a few records, which are done on the thread of whoever asks.
  ///
  /// Such a read takes some microseconds; handing it to another thread and waiting for that costs
  /// many times as much. There are as many connections as threads have ever read at once.
  final class BriefReaders: Sendable {
    private let path: String
    private let memory: RecordMemory
    private let free = Mutex(Free())

    private struct Free {
      var readers: [DatabaseQueue] = []
      var isClosed = false
    }

    init(_ path: String, _ memory: RecordMemory) { (self.path, self.memory) = (path, memory) }

    /// Reads one state of the store.
    ///
    /// What is remembered of the commit that the file stands at needs no transaction: it is all of
    /// one state whatever is committed meanwhile. `body` may be called twice.
    func read<Result>(_ body: (any StoreSnapshot) throws -> Result) throws -> Result {
      let reader = try free.withLock { $0.readers.popLast() } ?? open()
      defer { giveBack(reader) }
      return try reader.unsafeRead { db in
        let remembered = RememberedSnapshot(memory, at: try StoreState.revision(db))
        let found = Swift.Result { try body(remembered) }
        if !remembered.isIncomplete { return try found.get() }
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

    private func open() throws -> DatabaseQueue {
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
      for reader in readers { try? reader.close() }
    }
  }
#endif
