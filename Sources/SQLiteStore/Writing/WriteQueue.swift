#if SQLite
  import GRDB
  import ModelRegistry
  import PolicyGate
  import Synchronization

  /// The one writer: what waits is done in one transaction, and answered when that is durable.
  ///
  /// Syncing the disk is what a commit costs, so whoever comes while a transaction is being synced
  /// shares the next one with all others who came. If anything goes wrong inside a transaction, it
  /// is rolled back and its works are done again, one by one, so that one's fault is not another's.
  final class WriteQueue: Sendable {
    private let pool: DatabasePool
    private let memory: RecordMemory
    private let health: StoreHealth
    private let waiting = Mutex(Waiting())

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

      var count: Int { jobs.count - next }
    }

    init(_ pool: DatabasePool, _ memory: RecordMemory, _ health: StoreHealth) {
      (self.pool, self.memory, self.health) = (pool, memory, health)
    }

    /// Does a work, and returns when it is durable.
    func perform(_ work: Work) async throws(StoreError) -> Reply {
      try health.check()
      let size = work.size
      let result = await withCheckedContinuation { answer in
        enqueue(Job(work: work, size: size, answer: answer))
      }
      return try result.get()
    }

    private func enqueue(_ job: Job) {
      enum Step { case wait, start, refuse }
      let step = waiting.withLock { waiting -> Step in
        let isTooMuch =
          waiting.count >= SQLiteStoreLimits.waitingWrites
          || waiting.count > 0 && waiting.bytes + job.size > SQLiteStoreLimits.waitingBytes
        if isTooMuch { return .refuse }
        waiting.jobs.append(job)
        waiting.bytes += job.size
        if waiting.isRunning { return .wait }
        waiting.isRunning = true
        return .start
      }
      switch step {
      case .wait: break
      case .start: schedule()
      case .refuse:
        job.answer.resume(
          returning: .failure(.busy("more writes wait than it will hold: try again later")))
      }
    }

    /// Between batches the connection is free for others: a checkpoint, closing.
    private func schedule() {
      pool.asyncWriteWithoutTransaction { [self] db in
        run(take(), db)
        let isMore = waiting.withLock { waiting in
          waiting.isRunning = waiting.count > 0
          return waiting.isRunning
        }
        if isMore { schedule() }
      }
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

    private func run(_ batch: [Job], _ db: Database) {
      do throws(StoreError) { try health.check() } catch {
        return answer(batch, .failure(error))
      }
      do throws(Failure) {
        let replies = try transact(batch, db)
        for (job, reply) in zip(batch, replies) { job.answer.resume(returning: .success(reply)) }
      } catch {
        switch error {
        case .beginning(let error): fail(batch, error, duringCommit: false)
        case .inside(let error):
          if batch.count == 1 || health.isFailed {
            fail(batch, error, duringCommit: false)
          } else {
            for job in batch { run([job], db) }
          }
        case .committing(let error): fail(batch, error, duringCommit: true)
        }
      }
    }

    private func transact(_ batch: [Job], _ db: Database) throws(Failure) -> [Reply] {
      do { try db.beginTransaction(.immediate) } catch { throw .beginning(error) }
      var replies: [Reply] = []
      let hasWritten: Bool
      var transaction: WriteTransaction
      do {
        transaction = try WriteTransaction(db, memory)
        for job in batch { replies.append(try transaction.run(job.work)) }
        hasWritten = try transaction.finish()
      } catch {
        rollBack(db)
        throw .inside(error)
      }
      do {
        if hasWritten { try db.commit() } else { try db.rollback() }
      } catch {
        rollBack(db)
        throw .committing(error)
      }
      transaction.remember()
      return replies
    }

    private func rollBack(_ db: Database) {
      guard db.isInsideTransaction else { return }
      do { try db.rollback() } catch {
        health.fail("a transaction could not be rolled back (\(StoreError(error)))")
      }
    }

    // MARK: Answers

    private func fail(_ batch: [Job], _ error: any Error, duringCommit: Bool) {
      let reason = StoreError(error)
      let isUnknown =
        (error as? DatabaseError)?.leavesDoubt(duringCommit: duringCommit) ?? duringCommit
      guard isUnknown else { return answer(batch, .failure(reason)) }
      health.fail("a write failed and nobody knows what is on the disk (\(reason))")
      for job in batch {
        guard duringCommit, case .commit = job.work else {
          job.answer.resume(returning: .failure(.unavailable(health.reason)))
          continue
        }
        job.answer.resume(returning: .success(.outcome(.unknown)))
      }
    }

    private func answer(_ batch: [Job], _ result: Result<Reply, StoreError>) {
      for job in batch { job.answer.resume(returning: result) }
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
