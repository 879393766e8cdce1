#if Server
  import NIOCore

  /// One deadline at a time. It is moved at every turn of a connection, so moving it to later costs
  /// no new task: the one that is scheduled looks how late it is.
  final class DeadlineTimer {
    /// What is done when the deadline has passed.
    var expire: ((ChannelHandlerContext) -> Void)?
    private var deadline = NIODeadline.distantFuture
    private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?

    /// Sets the deadline to `amount` from now, in the place of the last one.
    func set(_ amount: TimeAmount, _ context: ChannelHandlerContext) {
      deadline = .now() + amount
      if let scheduled {
        if scheduled.at <= deadline { return }
        scheduled.task.cancel()
      }
      schedule(context)
    }

    func stop() {
      scheduled?.task.cancel()
      scheduled = nil
    }

    private func schedule(_ context: ChannelHandlerContext) {
      let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
        [self] in
        scheduled = nil
        if NIODeadline.now() < deadline {
          schedule(context)
        } else {
          expire?(context)
        }
      }
      scheduled = (task, deadline)
    }
  }
#endif
