#if SQLite
  import Dispatch
  import GRDB
  import ModelRegistry
  import PolicyGate
  import Synchronization

  /// The one writer: what waits is done in one transaction, and answered when that is durable.
  ///
  /// Whoever comes while nobody writes does it at once, on the thread that it came with: handing a
  /// work to another thread and the answer back takes as long as the transaction itself. Syncing the
  /// disk is what a commit costs then, so whoever comes while a transaction is being synced shares
  /// the next one, on the writer's thread, with all others who came. If anything goes wrong inside a
  /// transaction, it is rolled back and its works are done again, one by one, so that one's fault is
  /// not another's.
  final class WriteQueue: Sendable {
    private let pool: DatabasePool
    private let memory: RecordMemory
    private let health: StoreHealth
    private let checkpointer: Checkpointer
    /// What the last transaction took, in microseconds.
    private let lately = Atomic<Int>(0)
    private let waiting = Mutex(Waiting())
    private let isGathered = DispatchSemaphore(value: 0)

    private struct Job: Sendable {
      let work: Work
      let size: Int
      let answer: CheckedContinuation<Result<Reply, StoreError>, Never>
    }

    private struct Waiting {
      var jobs: [Job] = []
      /// The first job that was not taken.
      var next = 0
      var bytes = 0
      var isRunning = false
      /// How many wrote and waited when the last batch was done: those who were answered are likely
      /// to come back at once.
      var expected = 0
      /// How many must wait for the writer to be told; 0 for none.
      var wanted = 0

      var count: Int { jobs.count - next }
    }

    init(
      _ pool: DatabasePool, _ memory: RecordMemory, _ health: StoreHealth,
      _ checkpointer: Checkpointer
    ) {
      (self.pool, self.memory, self.health) = (pool, memory, health)
      self.checkpointer = checkpointer
    }

    /// Does a work, and returns when it is durable.
    func perform(_ work: Work) async throws(StoreError) -> Reply {
      try health.check()
      let size = work.size
      if size <= SQLiteStoreLimits.bytesAtOnce, mayLead() {
        if let result = performAtOnce(work) { return try result.get() }
        // Somebody else's process is writing, and this thread is not the one to wait for it.
        leave(after: 0)
      }
      let result = await withCheckedContinuation { answer in
        enqueue(Job(work: work, size: size, answer: answer))
      }
      return try result.get()
    }

    /// How many wait, for tests.
    var waitingWrites: Int { waiting.withLock { $0.count } }

    private func enqueue(_ job: Job) {
      enum Step { case wait, start, refuse, tell }
      let step = waiting.withLock { waiting -> Step in
        let isTooMuch =
          waiting.count >= SQLiteStoreLimits.waitingWrites
          || waiting.count > 0 && waiting.bytes + job.size > SQLiteStoreLimits.waitingBytes
        if isTooMuch { return .refuse }
        waiting.jobs.append(job)
        waiting.bytes += job.size
        if waiting.isRunning {
          guard waiting.wanted > 0, waiting.count >= waiting.wanted else { return .wait }
          waiting.wanted = 0
          return .tell
        }
        waiting.isRunning = true
        return .start
      }
      switch step {
      case .wait: break
      case .start: schedule()
      case .tell: isGathered.signal()
      case .refuse:
        job.answer.resume(
          returning: .failure(.busy("more writes wait than it will hold: try again later")))
      }
    }

    /// Between batches the connection is free for others: closing.
    private func schedule() {
      pool.asyncWriteWithoutTransaction { [self] db in
        checkpointer.finish(db)
        gather()
        let batch = take()
        let results = batch.isEmpty ? [] : results(of: batch.map(\.work), db)
        // Before anybody is answered: whoever comes back at once shall find that nobody writes.
        leave(after: batch.count)
        for (job, result) in zip(batch, results) { job.answer.resume(returning: result) }
      }
    }

    /// Somebody has stopped writing; whatever came meanwhile is for the writer's thread, and so is
    /// the rest of a checkpoint.
    private func leave(after done: Int) {
      let isMore = waiting.withLock { waiting in
        waiting.expected = done + waiting.count
        waiting.isRunning = waiting.count > 0 || done > 1 || checkpointer.isWaiting
        return waiting.isRunning
      }
      if isMore { schedule() }
    }

    /// Waits a moment for those who were answered last: without that, callers that write again and
    /// again fall into two halves, one of which is written while the other waits, and each sync
    /// serves but half of them. It is never longer than a part of what a transaction takes.
    private func gather() {
      let isGathering = waiting.withLock { waiting in
        let wanted = min(waiting.expected, SQLiteStoreLimits.batchWrites)
        waiting.wanted = waiting.count < wanted ? wanted : 0
        return waiting.wanted > 0
      }
      guard isGathering else { return }
      let most = min(
        lately.load(ordering: .relaxed) / 2, SQLiteStoreLimits.gatherMicroseconds)
      if isGathered.wait(timeout: .now() + .microseconds(most)) == .success { return }
      // One who came in the same moment has told of it, or will not.
      let isTold = waiting.withLock { waiting in
        defer { waiting.wanted = 0 }
        return waiting.wanted == 0
      }
      if isTold { isGathered.wait() }
    }

    // MARK: At once

    /// Whether the caller is the one who writes now. If so, it must `leave`.
    private func mayLead() -> Bool {
      guard lately.load(ordering: .relaxed) <= SQLiteStoreLimits.microsecondsAtOnce,
        !checkpointer.isWaiting, !Self.isOnOwnExecutor
      else { return false }
      return waiting.withLock { waiting in
        guard !waiting.isRunning else { return false }
        waiting.isRunning = true
        return true
      }
    }

    /// Whether the task has chosen where it runs. Such a thread, an event loop's for one, has more to
    /// do than this.
    private static var isOnOwnExecutor: Bool {
      unsafe withUnsafeCurrentTask { unsafe $0?.unownedTaskExecutor != nil }
    }

    /// Nil if another process is writing.
    private func performAtOnce(_ work: Work) -> Result<Reply, StoreError>? {
      let result: Result<Reply, StoreError>? = pool.writeWithoutTransaction { db in
        // A store that was closed has no connection.
        guard !health.isFailed else { return .failure(.unavailable(health.reason)) }
        db.setBusyTimeout(milliseconds: 0)
        defer { db.setBusyTimeout(milliseconds: SQLiteStoreLimits.busySeconds * 1_000) }
        do { try db.run("BEGIN IMMEDIATE", []) } catch let error as DatabaseError
          where error.resultCode == .SQLITE_BUSY
        {
          return nil
        } catch {
          return failures([work], error, duringCommit: false)[0]
        }
        return results(of: [work], db, hasBegun: true)[0]
      }
      if result != nil { leave(after: 1) }
      return result
    }

    private func take() -> [Job] {
      waiting.withLock { waiting in
        var batch: [Job] = []
        var bytes = 0
        while waiting.count > 0, batch.count < SQLiteStoreLimits.batchWrites {
          let job = waiting.jobs[waiting.next]
          guard batch.isEmpty || bytes + job.size <= SQLiteStoreLimits.batchBytes else { break }
          batch.append(job)
          bytes += job.size
          waiting.next += 1
        }
        waiting.bytes -= bytes
        if waiting.count == 0 || waiting.next >= SQLiteStoreLimits.batchWrites {
          waiting.jobs.removeFirst(waiting.next)
          waiting.next = 0
        }
        return batch
      }
    }

    // MARK: Transactions

    /// Where a transaction went wrong.
    private enum Failure: Error {
      case beginning(any Error)
      case inside(any Error)
      case committing(any Error)
    }

    /// What came of each work, in one transaction or, if that fails inside, in one for each.
    private func results(
      of works: [Work], _ db: Database, hasBegun: Bool = false
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
          return works.flatMap { results(of: [$0], db) }
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
        transaction = try WriteTransaction(db, memory)
        for work in works { replies.append(try transaction.run(work)) }
        hasWritten = try transaction.finish()
      } catch {
        rollBack(db)
        throw .inside(error)
      }
      do {
        try db.run(hasWritten ? "COMMIT" : "ROLLBACK", [])
      } catch {
        rollBack(db)
        throw .committing(error)
      }
      transaction.remember()
      note(ContinuousClock.now - start)
      checkpointer.note(pages: db.takePagesWritten())
      return replies
    }

    private func note(_ duration: Duration) {
      let (seconds, rest) = duration.components
      lately.store(Int(seconds * 1_000_000 + rest / 1_000_000_000_000), ordering: .relaxed)
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

  /// Whether the store may be used. Once it has failed it stays so: only a new process, which reads
  /// what is really there, may go on.
  final class StoreHealth: Sendable {
    private let failure = Mutex<String?>(nil)

    /// The first reason counts.
    func fail(_ reason: String) { failure.withLock { if $0 == nil { $0 = reason } } }

    var isFailed: Bool { failure.withLock { $0 != nil } }

    var reason: String {
      let reason = failure.withLock { $0 } ?? "it is closed"
      return "\(reason); nothing more is read or written: start anew"
    }

    func check() throws(StoreError) {
      if isFailed { throw .unavailable(reason) }
    }
  }
#endif
