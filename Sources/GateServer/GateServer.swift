/// The gate on the network, without the network: every wire API of ModelGate as a function from a
/// request to a response.
///
/// A dialect (`Elasticsearch/`, `OpenSearch/`, `AuthZEN/`, `Console/`) turns wire JSON into
/// operations of the registry and their outcome back into the JSON that its clients expect. Dialects
/// share the registry and `Wire/`, and know nothing of each other. Sockets, TLS and timeouts are
/// `HTTPTransport`'s, and who is calling is found out by an `Authenticator`; so a service that has
/// an HTTP server of its own can put these APIs behind it.
public struct GateServer: Sendable {
  private let dialects: [any Dialect]
  private let authenticator: any Authenticator

  /// A server of these dialects; the first one that knows a path answers it.
  public init(_ dialects: [any Dialect], authenticator: any Authenticator) {
    (self.dialects, self.authenticator) = (dialects, authenticator)
  }

  /// Answers one request. Whatever comes in, something goes out: nothing is thrown.
  public func answer(_ incoming: WireRequest) async -> WireResponse {
    var request = incoming
    request.authentication = await authenticator.authenticate(request)
    var response: WireResponse
    if let dialect = dialects.first(where: { $0.isResponsible(for: request) }) {
      response = await dialect.answer(request)
    } else {
      response = .noHandler(for: request)
    }
    response.note.caller = request.authentication.caller?.name
    return response
  }

  /// Whether answering takes so little, whatever comes of it, that it need not be handed to another
  /// thread than the one which read the request.
  public func isBrief(_ request: WireRequest) -> Bool {
    dialects.first { $0.isResponsible(for: request) }?.isBrief(request) ?? false
  }
}

/// A family of paths with their own ways of saying things.
public protocol Dialect: Sendable {
  /// Whether it answers this path, be it to say that there is nothing.
  func isResponsible(for request: WireRequest) -> Bool

  /// Answers, also if the caller is not known: how that is said is the dialect's.
  func answer(_ request: WireRequest) async -> WireResponse

  /// Whether answering is a matter of microseconds of computing, as far as requests go: no list that
  /// grows with what is kept, no body that is more than a question, nothing that is written by the
  /// thread that answers.
  func isBrief(_ request: WireRequest) -> Bool

  /// Its routes, as method and pattern (`GET`, `/_ml/trained_models/{model_id}`): what the OpenAPI
  /// document is compared with.
  var routes: [(method: String, pattern: String)] { get }
}

extension Dialect {
  /// Not as far as anybody knows.
  public func isBrief(_ request: WireRequest) -> Bool { false }

  /// None that anybody knows of.
  public var routes: [(method: String, pattern: String)] { [] }
}
