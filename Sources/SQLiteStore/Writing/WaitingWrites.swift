#if SQLite
  import ModelRegistry

  /// A write whose caller waits.
  struct WaitingWrite: Sendable {
    let work: Work
    let size: Int
    let answer: CheckedContinuation<Result<Reply, StoreError>, Never>
  }

  /// What waits for the next transaction, in the order in which it came, and whether somebody
  /// writes.
  struct WaitingWrites {
    private var writes: [WaitingWrite] = []
    /// The first that was not taken.
    private var next = 0
    private(set) var bytes = 0
    /// Whether somebody writes, or is on the way to it.
    private var isRunning = false
    /// How many wrote and waited when the last transaction was done: those who were answered are
    /// likely to come back at once.
    private(set) var callers = 0
    /// How many must wait for the writer's thread to be told; 0 for none.
    private var wanted = 0

    var count: Int { writes.count - next }

    /// What there is to do after somebody came.
    enum Step {
      /// Somebody writes, and will see it.
      case wait
      /// Nobody writes: have it begun.
      case start
      /// Tell the writer's thread that all are here.
      case tell
      /// There are too many.
      case refuse
    }

    mutating func add(_ write: WaitingWrite) -> Step {
      let isTooMuch =
        count >= SQLiteStoreLimits.waitingWrites
        || count > 0 && bytes + write.size > SQLiteStoreLimits.waitingBytes
      if isTooMuch { return .refuse }
      writes.append(write)
      bytes += write.size
      if isRunning {
        guard wanted > 0, count >= wanted else { return .wait }
        wanted = 0
        return .tell
      }
      isRunning = true
      return .start
    }

    /// Whether the caller is the one who writes now.
    mutating func lead() -> Bool {
      guard !isRunning else { return false }
      isRunning = true
      return true
    }

    /// Somebody has written so many; `goesOn` tells what follows.
    mutating func leave(after done: Int) { callers = done + count }

    /// - Parameter mustGoOn: whether there is more to do than what waits.
    /// - Returns: whether somebody must go on.
    mutating func goesOn(_ mustGoOn: Bool) -> Bool {
      isRunning = count > 0 || mustGoOn
      return isRunning
    }

    /// What half of those who are about have come with.
    mutating func takeHalf() -> [WaitingWrite] { take((max(callers, count) + 1) / 2) }

    /// The next transaction: as much as one may do, or so many.
    mutating func take(_ most: Int = .max) -> [WaitingWrite] {
      let most = min(max(1, most), SQLiteStoreLimits.batchWrites)
      var batch: [WaitingWrite] = []
      var size = 0
      while count > 0, batch.count < most {
        let write = writes[next]
        guard batch.isEmpty || size + write.size <= SQLiteStoreLimits.batchBytes else { break }
        batch.append(write)
        size += write.size
        next += 1
      }
      bytes -= size
      if count == 0 || next >= SQLiteStoreLimits.batchWrites {
        writes.removeFirst(next)
        next = 0
      }
      return batch
    }

    /// Whether it pays to wait for more.
    mutating func gather() -> Bool {
      let all = min(callers, SQLiteStoreLimits.batchWrites)
      wanted = count < all ? all : 0
      return wanted > 0
    }

    /// The wait was long enough.
    ///
    /// - Returns: whether somebody has told, in the same moment, that all are here.
    mutating func stopGathering() -> Bool {
      defer { wanted = 0 }
      return wanted == 0
    }
  }
#endif
