#if Server
  import NIOCore

  /// What must happen between the network and the handler of pipelined requests, which keeps two
  /// things to itself.
  ///
  /// - It keeps the event by which NIO says that the server shuts down, so the whole pipeline is told
  ///   here.
  /// - It does not read while a request is being answered, so that NIO told the kernel to stop looking
  ///   at the socket and to look again, with every request. Here one more read is asked for, which the
  ///   next request is usually the answer to; what comes of it earlier waits in that handler, and
  ///   nothing more is read until the request is answered.
  final class NetworkEdge: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData

    /// The server shuts down.
    struct ShutdownNotice: Sendable {}

    private var wasReadAsked = false
    private var isAhead = false

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      context.fireUserInboundEventTriggered(event)
      if event is ChannelShouldQuiesceEvent {
        context.fireUserInboundEventTriggered(ShutdownNotice())
      }
    }

    func read(context: ChannelHandlerContext) {
      wasReadAsked = true
      isAhead = false
      context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
      wasReadAsked = false
      context.fireChannelReadComplete()
      if !wasReadAsked, !isAhead {
        isAhead = true
        context.read()
      }
    }
  }
#endif
