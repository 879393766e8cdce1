package import CEL

/// What is worth noting about an answer, beside what is sent.
public struct WireNote: Hashable, Sendable {
  /// Who called, if known.
  public var caller: String?
  /// The route's pattern, such as `/_ml/trained_models/{model_id}`: as many as there are routes,
  /// however many paths there are.
  public var route: String?

  /// Nothing noted.
  public init() {}
}

/// What goes back over the wire.
public struct WireResponse: Sendable {
  /// HTTP status.
  public var status: Int
  /// The header fields. `Content-Length`, `Date` and `Connection` are the transport's.
  public var headers: WireHeaders
  /// The body; empty for none.
  public var body: [UInt8]
  /// For logs and metrics; it is not sent.
  public var note = WireNote()

  /// A response from its parts.
  public init(status: Int, headers: WireHeaders = WireHeaders(), body: [UInt8] = []) {
    (self.status, self.headers, self.body) = (status, headers, body)
  }

  /// A response that is JSON.
  public static func json(
    _ status: Int = 200, type: String = "application/json", _ body: [UInt8]
  ) -> WireResponse {
    WireResponse(status: status, headers: ["Content-Type": type], body: body)
  }

  /// A response that is plain text.
  public static func text(_ status: Int, _ text: String) -> WireResponse {
    WireResponse(
      status: status, headers: ["Content-Type": "text/plain; charset=UTF-8"],
      body: Array(text.utf8))
  }

  /// A response whose JSON is written by `write`.
  package static func json(
    _ status: Int = 200, type: String = "application/json",
    _ write: (inout JSONWriter) -> Void
  ) -> WireResponse {
    // Most answers are no longer.
    var writer = JSONWriter(room: 1_000)
    write(&writer)
    return .json(status, type: type, writer.bytes)
  }

  /// There is nothing at this path in any dialect.
  static func noHandler(for request: WireRequest) -> WireResponse {
    .bareError(
      400, "no handler found for uri [\(request.target)] and method [\(request.method)]")
  }

  /// An error that is a text and nothing else: what is said before anything is known of the call.
  package static func bareError(_ status: Int, _ text: String) -> WireResponse {
    .json(status) { writer in
      writer.beginObject()
      writer.member("error", text)
      writer.member("status", status)
      writer.endObject()
    }
  }
}
