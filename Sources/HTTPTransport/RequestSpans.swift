#if Server
  import GateServer
  import Tracing

  /// A span for each request, with the attributes of OpenTelemetry's conventions for HTTP servers.
  ///
  /// The parent is whoever the request's headers name (`traceparent`), as the instrument that the
  /// process was given reads them. Work that comes of a request, such as a call of a model's server,
  /// finds the span in the task's context. Nothing that a caller may want to keep to itself is an
  /// attribute: no query, no name, no credential.
  struct RequestSpans: Sendable {
    private let tracer: any Tracer
    private let instrument: any Instrument

    /// Spans of the tracer that the process was given (`InstrumentationSystem.bootstrap`); nil if it
    /// was given none, so that requests cost nothing more.
    init?() {
      guard !(InstrumentationSystem.tracer is NoOpTracer) else { return nil }
      (tracer, instrument) = (InstrumentationSystem.tracer, InstrumentationSystem.instrument)
    }

    /// Spans of a tracer.
    init(_ tracer: any Tracer) { (self.tracer, instrument) = (tracer, tracer) }

    /// Answers a request within a span of its own.
    func trace(
      _ request: WireRequest, _ answering: @Sendable (WireRequest) async -> WireResponse
    ) async -> WireResponse {
      var context = ServiceContext.current ?? .topLevel
      instrument.extract(request.headers, into: &context, using: HeaderExtractor())
      let method = Self.methods.contains(request.method) ? request.method : "_OTHER"
      return await tracer.withAnySpan(method, context: context, ofKind: .server) { span in
        Self.describe(request, method, span)
        let response = await answering(request)
        Self.describe(response, method, span)
        return response
      }
    }

    /// Others would make as many names as there are callers with ideas.
    private static let methods: Set<String> = [
      "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE",
    ]

    private static func describe(_ request: WireRequest, _ method: String, _ span: any Span) {
      span.updateAttributes { attributes in
        attributes["http.request.method"] = method
        if method != request.method { attributes["http.request.method_original"] = request.method }
        attributes["url.path"] = request.path
        attributes["url.scheme"] = request.isEncrypted ? "https" : "http"
        attributes["network.protocol.name"] = "http"
        if let address = request.address { attributes["client.address"] = address }
        if let agent = request.headers["User-Agent"] { attributes["user_agent.original"] = agent }
        attributes["modelgate.request_id"] = request.id
      }
    }

    private static func describe(_ response: WireResponse, _ method: String, _ span: any Span) {
      if let route = response.note.route { span.operationName = "\(method) \(route)" }
      span.updateAttributes { attributes in
        if let route = response.note.route { attributes["http.route"] = route }
        attributes["http.response.status_code"] = response.status
        // What a caller did wrong is no error of the server.
        if response.status >= 500 { attributes["error.type"] = String(response.status) }
      }
      if response.status >= 500 { span.setStatus(SpanStatus(code: .error)) }
    }
  }

  /// Reads header fields for an instrument.
  private struct HeaderExtractor: Extractor {
    func extract(key: String, from carrier: WireHeaders) -> String? { carrier[key] }
  }
#endif
