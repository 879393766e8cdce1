#if Server
  import NIOCore

  /// One deadline at a time. It is moved at every turn of a connection, so moving it to later costs
  /// no new task: the one that is scheduled looks how late it is.
  struct DeadlineTimer {
    private final class State {
      var deadline = NIODeadline.distantFuture
      var scheduled: (task: Scheduled<Void>, at: NIODeadline)?
    }

    private let state = State()

    /// Sets the deadline to `amount` from now, in the place of the last one.
    func set(
      _ amount: TimeAmount, _ context: ChannelHandlerContext,
      _ expire: @escaping (ChannelHandlerContext) -> Void
    ) {
      state.deadline = .now() + amount
      if let scheduled = state.scheduled {
        if scheduled.at <= state.deadline { return }
        scheduled.task.cancel()
      }
      schedule(context, expire)
    }

    func stop() {
      state.scheduled?.task.cancel()
      state.scheduled = nil
    }

    private func schedule(
      _ context: ChannelHandlerContext, _ expire: @escaping (ChannelHandlerContext) -> Void
    ) {
      let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: state.deadline) {
        state.scheduled = nil
        if NIODeadline.now() < state.deadline {
          schedule(context, expire)
        } else {
          expire(context)
        }
      }
      state.scheduled = (task, state.deadline)
    }
  }
#endif
