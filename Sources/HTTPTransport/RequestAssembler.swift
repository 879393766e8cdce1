#if Server
  import GateServer
  import NIOCore
  import NIOHTTP1
  import NIOHTTPCompression

  /// Makes whole requests of parts and bytes of whole responses, one at a time, each in its time.
  ///
  /// Whatever phase a connection is in, there is a deadline at which it ends, and what a client
  /// sends after a refusal is read only so far that the client sees the refusal.
  final class RequestAssembler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let settings: TransportSettings
    private let observer: (any TransportObserver)?
    private var phase = ConnectionPhase.waiting
    private var waiting = WaitingInput()
    private var number = 0
    /// What names the request in logs and in its answer.
    private var requestID = ""
    /// What names the requests of this connection that have no name is worked out from this.
    private let seed = UInt64.random(in: .min ... .max)
    private let clock = DeadlineTimer()
    private var client = ConnectedClient()
    /// Whether the client has closed its side: then nothing more comes, and what came is answered.
    private var isInputClosed = false
    /// Whether the server shuts down: then this request is the last one.
    private var isQuiescing = false
    private var line: RequestLine?
    private var context: ChannelHandlerContext?

    init(_ settings: TransportSettings, _ observer: (any TransportObserver)?) {
      (self.settings, self.observer) = (settings, observer)
    }

    /// The way to those who answer. Call it once, on the event loop.
    func makeLine(
      _ channel: any Channel, _ isBrief: @escaping HTTPTransport.BriefTest
    ) -> RequestLine {
      let line = RequestLine(channel, self, isBrief)
      self.line = line
      return line
    }

    func handlerAdded(context: ChannelHandlerContext) {
      self.context = context
      clock.expire = { [unowned self] in expire($0) }
      if context.channel.isActive { enter(.waiting, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
      enter(.waiting, context)
      context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
      clock.stop()
      waiting.removeAll()
      line?.end()
      context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
      clock.stop()
      line?.end()
      // Line and context hold this.
      (self.context, line) = (nil, nil)
    }

    // MARK: - What comes in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      take(.part(unwrapInboundIn(data)), context)
    }

    func read(context: ChannelHandlerContext) {
      if waiting.mayRead(isAnswering: phase.isAnswering) { context.read() }
    }

    private func take(_ event: WaitingInput.Event, _ context: ChannelHandlerContext) {
      if phase.isAnswering || !waiting.isEmpty {
        waiting.append(event)
      } else {
        handle(event, context)
      }
    }

    /// After an answer, goes on with what came in before it.
    private func goOn(_ context: ChannelHandlerContext) {
      while !phase.isAnswering, let event = waiting.removeFirst() { handle(event, context) }
      if waiting.mayReadAgain(isAnswering: phase.isAnswering) { context.read() }
    }

    private func handle(_ event: WaitingInput.Event, _ context: ChannelHandlerContext) {
      switch event {
      case .part(let part): handle(part, context)
      case .error(let error): fail(error, context)
      case .end: endInput(context)
      }
    }

    private func handle(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
      switch (part, phase) {
      case (.head(let head), .waiting), (.head(let head), .sending(isLast: false)):
        begin(head, context)
      case (.body(let part), .reading(let head, var body)):
        // The phase must not hold the buffer while it grows, or each part would copy all of it.
        phase = .waiting
        // Most bodies are one part, which need not be copied.
        if body.readableBytes == 0 { body = part } else { body.writeImmutableBuffer(part) }
        phase = .reading(head, body)
        if body.readableBytes > settings.bodyBytes {
          refuse(.tooLarge(settings.bodyBytes), context)
        }
      case (.end, .reading(let head, let body)):
        // Whoever asks and asks and reads no answer is not answered any more.
        if context.channel.isWritable {
          deliver(head, body, context)
        } else {
          enter(.parked(head, body), context)
        }
      case (.body(let part), .draining(let count)):
        phase = .draining(count + part.readableBytes)
        if count + part.readableBytes > settings.drainedBytes { context.close(promise: nil) }
      case (.end, .draining): context.close(promise: nil)
      default: break
      }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
      number += 1
      requestID = RequestID.of(head, or: seed &+ UInt64(number))
      if let refusal = HeadRules.refusal(of: head, settings) {
        enter(.reading(head, ByteBuffer()), context)
        return refuse(refusal, context)
      }
      if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
        let line = ByteBuffer(staticString: ResponseBytes.goOn)
        context.writeAndFlush(wrapOutboundOut(line), promise: nil)
      }
      enter(.reading(head, ByteBuffer()), context)
    }

    private func deliver(
      _ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext
    ) {
      do throws(WireFault) {
        let request = try WireRequest(
          head, body, id: requestID, address: client.address(context),
          certificateNames: client.names(context, settings), isEncrypted: settings.tls != nil)
        enter(.answering(head), context)
        line?.put(IncomingRequest(request, number: number))
      } catch {
        refuse(Refusal(error.status, "illegal_argument_exception", error.message), context)
      }
    }

    // MARK: - What goes out

    /// Answers a request. If it is too late, because the request was given up and the client has
    /// been told so, nothing happens.
    func answer(_ response: WireResponse, to number: Int) {
      guard let context, case .answering(let head) = phase, number == self.number else { return }
      send(response, to: head, context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
      if context.channel.isWritable, case .parked(let head, let body) = phase {
        deliver(head, body, context)
      }
      context.fireChannelWritabilityChanged()
    }

    private func send(
      _ response: WireResponse, to head: HTTPRequestHead, _ context: ChannelHandlerContext,
      _ then: ConnectionPhase.Afterwards = .goesOn
    ) {
      let isLast = then != .goesOn || isQuiescing || !HeadRules.mayFollow(head)
      let bytes = ResponseBytes(request: head, isLast: isLast, requestID: requestID)
        .buffer(response, context.channel.allocator)
      enter(.sending(isLast: isLast), context)
      let sent = context.eventLoop.makePromise(of: Void.self)
      let bound = NIOLoopBound((self, context, number), eventLoop: context.eventLoop)
      sent.futureResult.whenComplete { _ in
        let (handler, context, number) = bound.value
        // The next request may be further than this already.
        if handler.number == number {
          handler.finish(isLast && then == .goesOn ? .closes : then, context)
        }
      }
      context.writeAndFlush(wrapOutboundOut(bytes), promise: sent)
      goOn(context)
    }

    private func finish(_ then: ConnectionPhase.Afterwards, _ context: ChannelHandlerContext) {
      guard case .sending = phase else { return }
      switch then {
      case .drains: enter(.draining(0), context)
      case .goesOn where !isInputClosed && !isQuiescing: enter(.waiting, context)
      case .closes, .goesOn: context.close(promise: nil)
      }
    }

    // MARK: - What goes wrong

    private func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
      let head: HTTPRequestHead
      switch phase {
      case .reading(let reading, _), .parked(let reading, _): head = reading
      case .answering(let answering): head = answering
      default:
        context.close(promise: nil)
        return
      }
      observer?.refused(
        refusal.reason, status: refusal.status, address: client.address(context))
      number += 1
      send(refusal.response, to: head, context, .drains)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      switch error {
      // What is wrong with what was sent is wrong with one request, and earlier ones have answers.
      case is HTTPParserError, is NIOHTTPDecompression.DecompressionError,
        is NIOHTTPDecompression.ExtraDecompressionError:
        take(.error(error), context)
      // More of what the parser has given up already.
      case ByteToMessageDecoderError.dataReceivedInErrorState: break
      default: fail(error, context)
      }
    }

    private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
      switch error {
      case NIOHTTPDecompression.DecompressionError.limit:
        refuse(.tooLarge(settings.bodyBytes), context)
      case is NIOHTTPDecompression.DecompressionError,
        is NIOHTTPDecompression.ExtraDecompressionError:
        refuse(.notCompressed, context)
      case let error as HTTPParserError: refuse(error, context)
      default:
        observer?.refused(
          "\(type(of: error))", status: 400, address: client.address(context))
        context.close(promise: nil)
      }
    }

    /// Refuses what is no HTTP. Nothing that comes after it can be read, not even to throw it away,
    /// so the connection is closed at once.
    private func refuse(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
      let refusal = Refusal.malformed(error)
      observer?.refused(refusal.reason, status: refusal.status, address: client.address(context))
      switch phase {
      case .waiting, .reading, .sending(isLast: false):
        number += 1
        requestID = RequestID.new(seed &+ UInt64(number))
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "")
        send(refusal.response, to: head, context, .closes)
      case .parked, .answering, .sending(isLast: true), .draining: context.close(promise: nil)
      }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if event is ChannelShouldQuiesceEvent { quiesce(context) }
      if case .inputClosed? = event as? ChannelEvent { take(.end, context) }
      context.fireUserInboundEventTriggered(event)
    }

    /// The server shuts down: no request is begun any more.
    private func quiesce(_ context: ChannelHandlerContext) {
      isQuiescing = true
      switch phase {
      case .waiting: context.close(promise: nil)
      // Whoever is still sending has a moment to come to an end.
      case .reading: clock.set(.seconds(RequestAssembler.quiesceSeconds), context)
      case .parked, .answering, .sending, .draining: break
      }
    }

    private func endInput(_ context: ChannelHandlerContext) {
      isInputClosed = true
      switch phase {
      case .parked, .answering, .sending: break
      case .waiting, .reading, .draining: context.close(promise: nil)
      }
    }

    /// How long a body may still come in once the server shuts down.
    static var quiesceSeconds: Int64 { 5 }

    private func enter(_ next: ConnectionPhase, _ context: ChannelHandlerContext) {
      phase = next
      clock.set(.seconds(Int64(next.seconds(settings))), context)
    }

    private func expire(_ context: ChannelHandlerContext) {
      switch phase {
      case .reading: refuse(.slowBody(settings.bodySeconds), context)
      case .answering: refuse(.slowAnswer(settings.answerSeconds), context)
      case .waiting, .parked, .sending, .draining: context.close(promise: nil)
      }
    }
  }
#endif
