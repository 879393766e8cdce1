#if SQLite
  import Dispatch
  import Foundation
  import GRDB
  import ModelRegistry
  import PolicyGate
  import Synchronization

  /// The one writer: what waits is done in one transaction, and answered when that is durable.
  ///
  /// Whoever comes while nobody writes does it at once, on the thread that it came with: handing a
  /// work to another thread and the answer back takes as long as the transaction itself. Syncing the
  /// disk is what a commit costs then, so whoever comes while a transaction is being synced shares
  /// the next one with others who came. Where syncing is quick, that is done by a task among the
  /// callers' (a thread more than there are cores has to wait for its turn), and takes half of those
  /// who are about, so that the others judge meanwhile; where it is slow, by the writer's own
  /// thread, for all.
  final class WriteQueue: Sendable {
    private let pool: DatabasePool
    private let transactions: Transactions
    private let health: StoreHealth
    private let checkpointer: Checkpointer
    private let waiting = Mutex(WaitingWrites())
    private let isGathered = DispatchSemaphore(value: 0)

    init(
      _ pool: DatabasePool, _ memory: RecordMemory, _ health: StoreHealth,
      _ checkpointer: Checkpointer
    ) {
      (self.pool, self.health, self.checkpointer) = (pool, health, checkpointer)
      transactions = Transactions(memory, health, checkpointer)
    }

    /// How many wait, for tests.
    var waitingWrites: Int { waiting.withLock { $0.count } }

    /// Does a work, and returns when it is durable.
    func perform(_ work: Work) async throws(StoreError) -> Reply {
      try health.check()
      let size = work.size
      if size <= SQLiteStoreLimits.bytesAtOnce, mayLead() {
        let result = writeAtOnce(work)
        start(leave(after: result == nil ? 0 : 1))
        if let result { return try result.get() }
      }
      let result = await withCheckedContinuation { answer in
        enqueue(WaitingWrite(work: work, size: size, answer: answer))
      }
      return try result.get()
    }

    private func enqueue(_ write: WaitingWrite) {
      switch waiting.withLock({ $0.add(write) }) {
      case .wait: break
      case .start: start(waiting.withLock { isQuick($0) } ? .half : .all)
      case .tell: isGathered.signal()
      case .refuse:
        write.answer.resume(
          returning: .failure(.busy("more writes wait than it will hold: try again later")))
      }
    }

    // MARK: Whose thread

    /// Whether the caller is the one who writes now, on its thread. If so, it must `leave`.
    private func mayLead() -> Bool {
      guard mayBlockCallers, !checkpointer.isWaiting, !CallersThread.isChosen else { return false }
      return waiting.withLock { $0.lead() }
    }

    /// Whether a thread on which callers run may wait for the disk. There must be another one, or
    /// nobody would come while it does, and nobody would share a transaction.
    private var mayBlockCallers: Bool {
      Self.cores > 1 && transactions.microseconds <= SQLiteStoreLimits.microsecondsAtOnce
    }

    private static let cores = ProcessInfo.processInfo.activeProcessorCount

    /// What there is to write.
    private enum Next {
      case nothing
      case half
      case all
    }

    /// Has the next transaction done.
    private func start(_ next: Next) {
      switch next {
      case .nothing: break
      case .half: Task.detached { [self] in writeHalves() }
      case .all: scheduleAll()
      }
    }

    /// Whether all who are about have more to do for their next writes than syncing takes.
    private func isQuick(_ waiting: borrowing WaitingWrites) -> Bool {
      let most =
        SQLiteStoreLimits.quickMicroseconds
        + SQLiteStoreLimits.quickMicrosecondsEach * waiting.callers
      return mayBlockCallers && !checkpointer.isWaiting && transactions.syncMicroseconds <= most
        && waiting.bytes <= SQLiteStoreLimits.bytesAtOnce
    }

    /// Somebody has stopped writing; what came meanwhile is for the next one, and so is the rest of
    /// a checkpoint.
    private func leave(after done: Int) -> Next {
      waiting.withLock { waiting in
        waiting.leave(after: done)
        let isQuick = isQuick(waiting)
        guard waiting.goesOn(checkpointer.isWaiting || done > 1 && !isQuick) else {
          return .nothing
        }
        return isQuick ? .half : .all
      }
    }

    // MARK: Quick

    /// - Returns: nil if somebody else's process is writing: this thread is not the one to wait.
    private func writeAtOnce(_ work: Work) -> Result<Reply, StoreError>? {
      pool.writeWithoutTransaction { db in transactions.attempt([work], db)?.first }
    }

    /// Writes half of what those who are about ask for, among the callers, and the next half as long
    /// as there is one: another task would have to wait behind all who were just answered.
    private func writeHalves() {
      var goesOn = true
      while goesOn {
        let (batch, results) = pool.writeWithoutTransaction { db in
          let batch = waiting.withLock { $0.takeHalf() }
          return (batch, transactions.attempt(batch.map(\.work), db))
        }
        guard let results else { return scheduleAll(batch) }
        let next = leave(after: batch.count)
        goesOn = next == .half
        if !goesOn { start(next) }
        answer(batch, results)
      }
    }

    private func answer(_ batch: [WaitingWrite], _ results: [Result<Reply, StoreError>]) {
      for (write, result) in zip(batch, results) { write.answer.resume(returning: result) }
    }

    // MARK: Slow

    /// Writes all that waits, on the writer's thread. Between transactions the connection is free
    /// for others: closing.
    ///
    /// - Parameter batch: what was taken already.
    private func scheduleAll(_ batch: [WaitingWrite] = []) {
      pool.asyncWriteWithoutTransaction { [self] db in
        checkpointer.finish(db)
        if batch.isEmpty { gather() }
        let batch = batch.isEmpty ? waiting.withLock { $0.take() } : batch
        let results = batch.isEmpty ? [] : transactions.run(batch.map(\.work), db)
        // Before anybody is answered: whoever comes back at once shall find that nobody writes.
        start(leave(after: batch.count))
        answer(batch, results)
      }
    }

    /// Waits a moment for those who were answered last: without that, callers that write again and
    /// again fall into two halves, one of which is written while the other waits, and each sync
    /// serves but half of them. It is never longer than a part of what a transaction takes.
    private func gather() {
      guard waiting.withLock({ $0.gather() }) else { return }
      let most = min(transactions.microseconds / 2, SQLiteStoreLimits.gatherMicroseconds)
      if isGathered.wait(timeout: .now() + .microseconds(most)) == .success { return }
      // One who came in the same moment has told of it, or will not.
      if waiting.withLock({ $0.stopGathering() }) { isGathered.wait() }
    }
  }
#endif
