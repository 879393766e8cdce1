#if SQLite
  import GRDB
  public import ModelRegistry
  public import PolicyGate
  import Synchronization

  /// A registry's store in one file: SQLite, with a write-ahead log beside it.
  ///
  /// ```swift
  /// let store = try SQLiteStore(path: "registry.db")
  /// let registry = ModelRegistry(gate: gate, store: store)
  /// ```
  ///
  /// When a commit is reported as committed, or a record as appended, it has reached the disk. Reads
  /// see one state and wait for no write. Several processes may use one file on one machine. A disk
  /// that fails to sync makes the store refuse everything, because nobody knows what it holds.
  /// `docs/STORE.md` has the guarantees and how they are tested.
  public final class SQLiteStore: RegistryStore {
    /// Where its file is.
    public let path: String
    let pool: DatabasePool
    private let health: StoreHealth
    private let queue: WriteQueue
    private let checkpointer: Checkpointer
    private let briefReaders: BriefReaders
    private let isClosed = Atomic<Bool>(false)

    /// What to do when there is no file.
    public enum Absence: Sendable {
      /// Make a store without records.
      case create
      /// Throw.
      case refuse
    }

    /// What tests may change. Nothing else has a use for it.
    package struct Testing: Sendable {
      /// The layouts that it knows.
      package var migrations = Migration.all
      /// Weakens durability, for a test that has to show that it would notice.
      package var syncsCommits = true

      package init() {}
    }

    /// Opens the store in a file, and brings the file to this version's layout.
    ///
    /// - Throws: `StoreError`: `.unavailable` for what is no store, for a store that a newer version
    ///   wrote and for files that can't be opened; `.notWritable` for files that may not be written;
    ///   `.damaged` for what SQLite finds malformed; `.busy` if another process keeps it locked.
    public convenience init(
      path: String, ifAbsent absence: Absence = .create
    ) throws(StoreError) {
      try self.init(path: path, ifAbsent: absence, testing: Testing())
    }

    package init(path: String, ifAbsent absence: Absence, testing: Testing) throws(StoreError) {
      self.path = path
      pool = try DatabaseFile.open(path, absence, testing)
      health = StoreHealth()
      let memory = RecordMemory()
      checkpointer = Checkpointer(try DatabaseFile.openBeside(path, testing), health)
      queue = WriteQueue(pool, memory, health, checkpointer)
      do { briefReaders = try BriefReaders(try FileSystem.plain(path), memory) } catch {
        throw StoreError(error)
      }
    }

    /// Reads one state of the store.
    public func read<Result: Sendable>(
      _ body: @Sendable (any StoreSnapshot) throws -> Result
    ) async throws -> Result {
      try await reading { try body($0) }
    }

    /// Reads a few records at once, on the caller's thread: what the store knows without the file is
    /// not read again as long as the file stands where it stood. Where the caller's task has chosen
    /// its executor, nothing but memory is read there.
    public func readBriefly<Result: Sendable>(
      _ body: @Sendable (any StoreSnapshot) throws -> Result
    ) async throws -> Result {
      try health.check()
      do {
        if let found = briefReaders.readRemembered(body) { return try found.get() }
        return try await CallersThread.read { try briefReaders.read(body) }
      } catch let error as DatabaseError {
        throw StoreError(error)
      }
    }

    /// Reads one state of the store in a file without opening the store: nothing is written, the
    /// file isn't brought to this version's layout, and whoever has it open may go on writing.
    ///
    /// - Throws: `StoreError`, as `init(path:)` does, and what `body` throws. A folder that may not
    ///   be written can be the reason: SQLite keeps what readers share in a file beside the store.
    public static func inspect<Result>(
      path: String, _ body: (any StoreSnapshot) throws -> Result
    ) throws -> Result {
      try DatabaseFile.look(path) { try body($0) }
    }

    func reading<Result: Sendable>(
      _ body: @Sendable (SQLiteSnapshot) throws -> Result
    ) async throws -> Result {
      try health.check()
      do {
        return try await pool.read { db in try body(SQLiteSnapshot(db)) }
      } catch let error as DatabaseError {
        throw StoreError(error)
      }
    }

    /// Does all of a commit or nothing, and returns when it is durable.
    public func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
      guard case .outcome(let outcome) = try await perform(.commit(PreparedCommit(commit))) else {
        throw Self.mixedUp
      }
      return outcome
    }

    /// Appends records, all or none, and returns when they are durable.
    public func append(_ records: [DecisionRecord]) async throws(StoreError) {
      let bytes = records.map(\.bytes)
      for bytes in bytes { try PreparedCommit.checkSize(of: bytes.count, "the log record") }
      guard case .done = try await perform(.append(bytes)) else { throw Self.mixedUp }
    }

    /// Whether a commit took effect; if it did not, its key is used up now.
    public func resolve(_ key: String) async throws(StoreError) -> Resolution {
      guard case .resolution(let resolution) = try await perform(.resolve(Array(key.utf8))) else {
        throw Self.mixedUp
      }
      return resolution
    }

    /// Checkpoints that were done beside the writing, for tests.
    var checkpoints: Int { checkpointer.count }
    /// Writes that wait, for tests.
    var waitingWrites: Int { queue.waitingWrites }

    func perform(_ work: Work) async throws(StoreError) -> Reply { try await queue.perform(work) }

    static var mixedUp: StoreError { .unavailable("an answer of another kind came back") }

    /// Ends the use of the file: what the write-ahead log holds goes into the file itself. Reads and
    /// writes that have begun come to their end; all later ones throw.
    ///
    /// - Throws: `StoreError` if the disk reports an error. Nothing is lost then: the write-ahead
    ///   log is still there.
    public func close() async throws(StoreError) {
      guard !isClosed.exchange(true, ordering: .relaxed) else { return }
      var fault: (any Error)?
      briefReaders.close()
      do {
        try checkpointer.close()
        try await pool.barrierWriteWithoutTransaction { [health] db in
          guard !health.isFailed else { return }
          health.fail("it is closed")
          // Another process may be reading; the last one to close empties the log.
          do { try db.checkpoint(.truncate) } catch let error as DatabaseError
            where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
          {}
        }
      } catch {
        fault = error
      }
      do { try pool.close() } catch { fault = fault ?? error }
      if let fault { throw StoreError(fault) }
    }
  }
#endif
