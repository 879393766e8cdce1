#if Server
  import GateServer
  import HummingbirdCore
  import Logging
  import NIOCore
  import NIOHTTP1
  import NIOHTTPCompression

  /// One connection: its pipeline, and the tasks that answer its requests one after the other.
  struct GateChannel: ServerChildChannel {
    typealias Value = RequestLine

    let settings: TransportSettings
    let load: Load
    let observer: (any TransportObserver)?
    let isBrief: HTTPTransport.BriefTest
    let answering: HTTPTransport.Answering
    /// Nil if nobody traces.
    let spans: RequestSpans?

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
      channel.eventLoop.makeCompletedFuture {
        let pipeline = channel.pipeline.syncOperations
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = settings.headerBytes
        limits.maxHeaderListSize = settings.headerBytes
        limits.maxHeaderFieldCount = settings.headerFields
        try pipeline.addHandler(
          ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)))
        try pipeline.addHandler(NIOHTTPRequestDecompressor(limit: .size(settings.bodyBytes)))
        let assembler = RequestAssembler(settings, observer)
        let line = assembler.makeLine(channel, isBrief)
        try pipeline.addHandler(assembler)
        return line
      }
    }

    func handle(value line: RequestLine, logger: Logger) async {
      await withTaskCancellationHandler {
        await withDiscardingTaskGroup { group in
          let loop = EventLoopExecutor(line.channel.eventLoop)
          group.addTask(executorPreference: loop) { await answer(line.brief, of: line) }
          await answer(line.others, of: line)
        }
        await line.close()
      } onCancel: {
        line.channel.close(promise: nil)
      }
    }

    /// Answers what comes in one lane, until the connection is closed.
    private func answer(_ lane: RequestLane, of line: RequestLine) async {
      while let incoming = await lane.next() {
        line.send(await answer(incoming.request), to: incoming.number)
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
