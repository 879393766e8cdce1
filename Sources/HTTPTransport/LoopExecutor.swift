#if Server
  import NIOCore

  /// Runs tasks on the thread of an event loop.
  ///
  /// Whoever answers a request then needs no other thread, unless something really waits: waking one
  /// and being woken by it costs more than most answers do.
  final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }
#endif
