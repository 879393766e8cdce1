#if Server
  import GateServer
  import HummingbirdCore
  import Logging
  import NIOCore
  import NIOHTTP1
  import NIOHTTPCompression

  /// One connection: its pipeline, and the loop that answers its requests one after the other.
  struct GateChannel: ServerChildChannel {
    typealias Value = NIOAsyncChannel<IncomingRequest, OutgoingResponse>

    let settings: TransportSettings
    let load: Load
    let observer: (any TransportObserver)?
    let answering: HTTPTransport.Answering
    /// Nil if nobody traces.
    let spans: RequestSpans?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
      channel.eventLoop.makeCompletedFuture {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ShutdownNotice())
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = settings.headerBytes
        limits.maxHeaderListSize = settings.headerBytes
        limits.maxHeaderFieldCount = settings.headerFields
        try pipeline.configureHTTPServerPipeline(
          withPipeliningAssistance: true, withErrorHandling: true,
          withOutboundHeaderValidation: true, withEncoderConfiguration: .init(),
          withDecoderLimitConfiguration: limits)
        try pipeline.addHandler(NIOHTTPRequestDecompressor(limit: .size(settings.bodyBytes)))
        try pipeline.addHandler(RequestAssembler(settings, observer))
        return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
      }
    }

    func handle(value: Value, logger: Logger) async {
      do {
        try await value.executeThenClose { inbound, outbound in
          for try await incoming in inbound {
            let response = await answer(incoming.request)
            try await outbound.write(
              OutgoingResponse(response, number: incoming.number))
          }
        }
      } catch {
        logger.debug("a connection broke", metadata: ["error": "\(error)"])
      }
    }

    private func answer(_ request: WireRequest) async -> WireResponse {
      guard load.begin() else {
        observer?.refused(
          Refusal.tooManyRequests.reason, status: 429, address: request.address)
        return Refusal.tooManyRequests.response
      }
      defer { load.end() }
      guard let observer else { return await traced(request) }
      observer.began(request)
      let start = ContinuousClock.now
      let response = await traced(request)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      observer.answered(
        Exchange(
          request: request, status: response.status, note: response.note,
          bytes: response.body.count, seconds: seconds))
      return response
    }

    private func traced(_ request: WireRequest) async -> WireResponse {
      guard let spans else { return await answering(request) }
      return await spans.trace(request, answering)
    }
  }
#endif
