#if SQLite
  import GRDB
  import GRDBSQLite
  import ModelRegistry
  import Synchronization

  /// Says at which commit the file stands as long as nobody has committed since that was read.
  ///
  /// Every process that has the file open shares SQLite's index of the write-ahead log, at whose
  /// beginning stands what the last commit has left, with a counter of transactions: a reader takes
  /// from it what it sees. As long as these 48 octets are what they were around a read of the file,
  /// a new read would see the same, so that it need not be made. Layout and order of access are
  /// those of section 2 of SQLite's "WAL-mode File Format"; what looks otherwise is never trusted.
  final class JournalWatch: Sendable {
    /// What the log's index begins with.
    private typealias Mark = (SIMD4<UInt32>, SIMD4<UInt32>, SIMD4<UInt32>)

    private struct State: ~Copyable {
      /// Keeps the index mapped.
      let connection: DatabaseQueue
      let index: Index
      var mark: Mark?
      var revision: StoreRevision = 0
    }

    /// Nil once it is closed.
    private let state: Mutex<State?>

    /// - Returns: nil if the index can't be had. Nothing is known without the file then.
    init?(_ connection: DatabaseQueue) {
      guard let index = connection.unsafeRead({ Index($0) }) else { return nil }
      state = Mutex(State(connection: connection, index: index))
    }

    /// The commit that the file stands at; nil if that isn't known without reading the file.
    var revision: StoreRevision? {
      state.withLock { state in
        guard let mark = state?.mark, let now = state?.index.mark, now == mark else { return nil }
        return state?.revision
      }
    }

    /// Notes what a read of the file finds.
    ///
    /// - Parameter read: begins to read the file, and ends with it.
    func noting(_ read: () throws -> StoreRevision) rethrows -> StoreRevision {
      let before = mark
      let revision = try read()
      guard let before, let after = mark, before == after else { return revision }
      state.withLock { state in
        state?.mark = after
        state?.revision = revision
      }
      return revision
    }

    private var mark: Mark? { state.withLock { $0?.index.mark } }

    /// Gives the connection back, to be closed.
    func close() -> DatabaseQueue? {
      state.withLock { state in
        let connection = state?.connection
        state = nil
        return connection
      }
    }

    /// The beginning of the index in the memory that is shared: twelve words at the start of what
    /// SQLite has mapped, which stay mapped as long as the connection is open that `State` holds.
    /// They are only ever loaded, each as a whole.
    @safe private struct Index: @unchecked Sendable {
      /// Six words for the mark, and six for its copy.
      private let words: UnsafeMutablePointer<Atomic<UInt64>>

      /// Nil if there is none, or of another version.
      init?(_ db: Database) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = unsafe sqlite3_file_control(
          db.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard code == SQLITE_OK, let file = unsafe file, let methods = unsafe file.pointee.pMethods,
          unsafe methods.pointee.iVersion >= 2, let map = unsafe methods.pointee.xShmMap
        else { return nil }
        var memory: UnsafeMutableRawPointer?
        guard unsafe map(file, 0, Self.mapped, 0, &memory) == SQLITE_OK,
          let memory = unsafe memory
        else { return nil }
        unsafe words = memory.bindMemory(to: Atomic<UInt64>.self, capacity: 12)
      }

      /// As much as SQLite maps at once.
      private static var mapped: Int32 { 32_768 }
      private static var version: UInt32 { 3_007_000 }

      /// Nil while somebody writes it, and if it is none of this version.
      var mark: Mark? {
        let first = mark(at: 0)
        // Who writes it writes the copy first.
        atomicMemoryFence(ordering: .acquiring)
        guard first == mark(at: 6) else { return nil }
        let isMade = UInt8(truncatingIfNeeded: UInt32(littleEndian: first.0[3])) != 0
        return first.0[0] == Self.version && isMade ? first : nil
      }

      private func mark(at place: Int) -> Mark {
        (quarter(place), quarter(place + 2), quarter(place + 4))
      }

      private func quarter(_ place: Int) -> SIMD4<UInt32> {
        let first = unsafe words[place].load(ordering: .relaxed)
        let second = unsafe words[place + 1].load(ordering: .relaxed)
        return unsafe unsafeBitCast(SIMD2(first, second), to: SIMD4<UInt32>.self)
      }
    }
  }
#endif
