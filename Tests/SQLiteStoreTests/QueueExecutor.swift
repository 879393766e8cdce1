#if SQLite
  import Dispatch

  /// Runs tasks on a queue of its own, as an event loop does.
  final class QueueExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "loop")
    private let key = DispatchSpecificKey<Bool>()

    init() { queue.setSpecific(key: key, value: true) }

    /// Whether this is called on it.
    var isHere: Bool { DispatchQueue.getSpecific(key: key) ?? false }

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      queue.async { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }
#endif
