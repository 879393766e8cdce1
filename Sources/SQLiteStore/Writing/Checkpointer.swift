#if SQLite
  import GRDB
  import ModelRegistry
  import Synchronization

  /// Moves what the write-ahead log holds into the file, beside the writing.
  ///
  /// SQLite by itself does so inside whichever commit makes the log long, whose caller waits for all
  /// of it. Here a connection of its own does it on a thread of its own, while others commit. What
  /// they have committed meanwhile is little, and moved by the writer between two transactions
  /// (`finish`), so that the next one can begin the log anew: a log that is written over is synced
  /// faster than one that grows.
  final class Checkpointer: Sendable {
    private let connection: DatabaseQueue
    private let health: StoreHealth
    private let state = Mutex(State())

    private struct State {
      /// What the writer has written since the last checkpoint began.
      var pages = 0
      var isRunning = false
      /// How the writer shall move the rest.
      var rest: Database.CheckpointMode?
      /// Checkpoints that were done, for tests.
      var count = 0
    }

    init(_ connection: DatabaseQueue, _ health: StoreHealth) {
      (self.connection, self.health) = (connection, health)
    }

    /// Whether the writer shall call `finish` before it writes on.
    var isWaiting: Bool { state.withLock { $0.rest != nil } }

    /// Checkpoints that were done beside the writing.
    var count: Int { state.withLock { $0.count } }

    /// Call after each commit.
    ///
    /// - Parameter pages: the pages that it wrote.
    func note(pages: Int) {
      let isDue = state.withLock { state in
        state.pages += pages
        guard !state.isRunning, state.pages >= SQLiteStoreLimits.checkpointPages else {
          return false
        }
        (state.isRunning, state.pages) = (true, 0)
        return true
      }
      guard isDue else { return }
      connection.asyncWriteWithoutTransaction { [self] db in
        let pages = health.isFailed ? nil : checkpoint(db, .passive)
        state.withLock { state in
          state.isRunning = false
          state.count += 1
          // Readers of old states can keep it from being begun anew; in the end it is waited for
          // them, or it would grow for ever.
          let isLong = pages ?? 0 > SQLiteStoreLimits.longJournalPages
          state.rest = pages == nil ? nil : isLong ? .restart : .passive
        }
      }
    }

    /// Moves the rest while nobody in this process writes, so that the log is begun anew. Somebody
    /// who reads an old state can be in the way: then it is tried again when the log has grown.
    ///
    /// - Parameter db: the connection that writes, outside of a transaction.
    func finish(_ db: Database) {
      let mode = state.withLock { state in
        defer { state.rest = nil }
        return state.rest
      }
      guard let mode, !health.isFailed else { return }
      db.setBusyTimeout(milliseconds: SQLiteStoreLimits.restartMilliseconds)
      defer { db.setBusyTimeout(milliseconds: SQLiteStoreLimits.busySeconds * 1_000) }
      _ = checkpoint(db, mode)
    }

    /// - Returns: how many pages the log has; nil if that is not known.
    private func checkpoint(_ db: Database, _ mode: Database.CheckpointMode) -> Int? {
      do {
        return try db.checkpoint(mode).walFrameCount
      } catch let error as DatabaseError where error.leavesDoubt(duringCommit: false) {
        // What the file should have got may be gone, though a later sync succeeds. The log has it
        // still, and whoever opens the store again reads it there.
        health.fail("the file could not be synced (\(StoreError(error)))")
      } catch {
        // Another one is at it, somebody reads, or there is no room: the log keeps everything.
      }
      return nil
    }

    /// Waits for a checkpoint that has begun; there will be no other.
    func close() throws { try connection.close() }
  }
#endif
