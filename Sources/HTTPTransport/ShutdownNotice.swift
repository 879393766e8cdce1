#if Server
  import NIOCore

  /// Tells the whole pipeline that the server shuts down: the handler of pipelined requests keeps
  /// the event by which NIO says so to itself.
  final class ShutdownNotice: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// The server shuts down.
    struct Event: Sendable {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      context.fireUserInboundEventTriggered(event)
      if event is ChannelShouldQuiesceEvent { context.fireUserInboundEventTriggered(Event()) }
    }
  }
#endif
