#if Server
  import NIOCore

  /// One deadline at a time. It is moved at every turn of a connection, so moving it to later costs
  /// no new task: the one that is scheduled looks how late it is.
  final class DeadlineTimer {
    private var deadline = NIODeadline.distantFuture
    private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?

    /// Sets the deadline to `amount` from now, in the place of the last one.
    func set(
      _ amount: TimeAmount, _ context: ChannelHandlerContext,
      _ expire: @escaping (ChannelHandlerContext) -> Void
    ) {
      deadline = .now() + amount
      if let scheduled {
        if scheduled.at <= deadline { return }
        scheduled.task.cancel()
      }
      schedule(context, expire)
    }

    func stop() {
      scheduled?.task.cancel()
      scheduled = nil
    }

    private func schedule(
      _ context: ChannelHandlerContext, _ expire: @escaping (ChannelHandlerContext) -> Void
    ) {
      let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
        [self] in
        scheduled = nil
        if NIODeadline.now() < deadline {
          schedule(context, expire)
        } else {
          expire(context)
        }
      }
      scheduled = (task, deadline)
    }
  }
#endif
