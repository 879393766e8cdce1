#if Server
  import GateServer
  import HummingbirdCore
  import NIOCore

  /// A request that came in whole.
  struct IncomingRequest: Sendable {
    let request: WireRequest
    /// Which one of its connection; an answer names it, so that none is given to another request.
    let number: Int

    init(_ request: WireRequest, number: Int) { (self.request, self.number) = (request, number) }
  }

  /// One connection's way from its event loop to the tasks that answer its requests, and back.
  ///
  /// There is never more than one request on the way: the next one is not even read before the last
  /// one was answered. So this needs none of the queues of `NIOAsyncChannel`, which cost more than
  /// many a request.
  final class RequestLine: ServerChildChannelValue {
    /// Requests that are answered within microseconds, for a task on the event loop's thread:
    /// another one would have to be woken for them, and to wake this one for the answer.
    let brief = RequestLane()
    /// All others.
    let others = RequestLane()

    let channel: any Channel
    private let assembler: NIOLoopBound<RequestAssembler>
    private let isBrief: HTTPTransport.BriefTest

    /// Must be made on the channel's event loop.
    init(
      _ channel: any Channel, _ assembler: RequestAssembler,
      _ isBrief: @escaping HTTPTransport.BriefTest
    ) {
      self.channel = channel
      self.assembler = NIOLoopBound(assembler, eventLoop: channel.eventLoop)
      self.isBrief = isBrief
    }

    /// Hands a request over.
    func put(_ incoming: IncomingRequest) {
      (isBrief(incoming.request) ? brief : others).put(incoming)
    }

    /// There will be no more requests.
    func end() {
      brief.end()
      others.end()
    }

    /// Sends an answer to the request of a number.
    func send(_ response: WireResponse, to number: Int) {
      let assembler = assembler
      if channel.eventLoop.inEventLoop { return assembler.value.answer(response, to: number) }
      channel.eventLoop.execute { assembler.value.answer(response, to: number) }
    }

    /// Returns when the connection is closed.
    func close() async {
      channel.close(promise: nil)
      try? await channel.closeFuture.get()
    }
  }
#endif
