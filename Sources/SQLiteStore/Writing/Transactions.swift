#if SQLite
  import GRDB
  import ModelRegistry
  import PolicyGate
  import Synchronization

  /// Transactions of several works, on whatever thread has the connection. If anything goes wrong
  /// inside one, it is rolled back and its works are done again, one by one, so that one's fault is
  /// not another's.
  final class Transactions: Sendable {
    private let memory: RecordMemory
    private let health: StoreHealth
    private let checkpointer: Checkpointer
    private let lately = Atomic<Int>(0)
    private let syncing = Atomic<Int>(0)

    init(_ memory: RecordMemory, _ health: StoreHealth, _ checkpointer: Checkpointer) {
      (self.memory, self.health, self.checkpointer) = (memory, health, checkpointer)
    }

    /// What the last transaction took.
    var microseconds: Int { lately.load(ordering: .relaxed) }

    /// What making the last ones durable took of that, about.
    var syncMicroseconds: Int { syncing.load(ordering: .relaxed) }

    /// Does works unless that would have to wait for somebody else's process.
    ///
    /// - Returns: nil if it would.
    func attempt(_ works: [Work], _ db: Database) -> [Result<Reply, StoreError>]? {
      // A store that was closed has no connection.
      guard !health.isFailed else {
        return works.map { _ in .failure(.unavailable(health.reason)) }
      }
      do {
        guard try begin(db) else { return nil }
      } catch {
        return failures(works, error, duringCommit: false)
      }
      return run(works, db, hasBegun: true)
    }

    /// - Returns: false if another process is writing.
    private func begin(_ db: Database) throws -> Bool {
      db.setBusyTimeout(milliseconds: 0)
      defer { db.setBusyTimeout(milliseconds: SQLiteStoreLimits.busySeconds * 1_000) }
      do { try db.run("BEGIN IMMEDIATE", []) } catch let error as DatabaseError
        where error.resultCode == .SQLITE_BUSY
      {
        return false
      }
      return true
    }

    /// Where a transaction went wrong.
    private enum Failure: Error {
      case beginning(any Error)
      case inside(any Error)
      case committing(any Error)
    }

    /// What came of each work, in one transaction or, if that fails inside, in one for each.
    ///
    /// - Parameter hasBegun: whether the transaction has.
    func run(
      _ works: [Work], _ db: Database, hasBegun: Bool = false
    ) -> [Result<Reply, StoreError>] {
      do throws(Failure) {
        return try transact(works, db, hasBegun).map { .success($0) }
      } catch {
        switch error {
        case .beginning(let error): return failures(works, error, duringCommit: false)
        case .inside(let error):
          if works.count == 1 || health.isFailed {
            return failures(works, error, duringCommit: false)
          }
          return works.flatMap { run([$0], db) }
        case .committing(let error): return failures(works, error, duringCommit: true)
        }
      }
    }

    private func transact(
      _ works: [Work], _ db: Database, _ hasBegun: Bool
    ) throws(Failure) -> [Reply] {
      let start = ContinuousClock.now
      do {
        try health.check()
        if !hasBegun { try db.run("BEGIN IMMEDIATE", []) }
      } catch {
        rollBack(db)
        throw .beginning(error)
      }
      var replies: [Reply] = []
      let hasWritten: Bool
      var transaction: WriteTransaction
      do {
        transaction = try WriteTransaction(db, memory, works: works.count)
        for work in works { replies.append(try transaction.run(work)) }
        hasWritten = try transaction.finish()
      } catch {
        rollBack(db)
        throw .inside(error)
      }
      let isReady = ContinuousClock.now
      do {
        try db.run(hasWritten ? "COMMIT" : "ROLLBACK", [])
      } catch {
        rollBack(db)
        throw .committing(error)
      }
      transaction.remember()
      let end = ContinuousClock.now
      lately.store((end - start).microseconds, ordering: .relaxed)
      let before = syncing.load(ordering: .relaxed)
      syncing.store((3 * before + (end - isReady).microseconds) / 4, ordering: .relaxed)
      checkpointer.note(pages: db.takePagesWritten())
      return replies
    }

    private func rollBack(_ db: Database) {
      guard db.isInsideTransaction else { return }
      do { try db.rollback() } catch {
        health.fail("a transaction could not be rolled back (\(StoreError(error)))")
      }
    }

    // MARK: Answers

    private func failures(
      _ works: [Work], _ error: any Error, duringCommit: Bool
    ) -> [Result<Reply, StoreError>] {
      let reason = StoreError(error)
      let isUnknown =
        (error as? DatabaseError)?.leavesDoubt(duringCommit: duringCommit) ?? duringCommit
      guard isUnknown else { return works.map { _ in .failure(reason) } }
      health.fail("a write failed and nobody knows what is on the disk (\(reason))")
      return works.map { work in
        guard duringCommit, case .commit = work else {
          return .failure(.unavailable(health.reason))
        }
        return .success(.outcome(.unknown))
      }
    }
  }

  extension Duration {
    fileprivate var microseconds: Int {
      Int(components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000)
    }
  }
#endif
