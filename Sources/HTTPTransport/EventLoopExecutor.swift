#if Server
  import NIOCore

  /// Runs tasks on an event loop's thread, between what the loop does for its connections: a request
  /// that is answered within microseconds is answered sooner there than another thread is woken.
  final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }
#endif
