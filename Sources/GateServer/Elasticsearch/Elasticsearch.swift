public import ModelRegistry
import PolicyEngine
import PolicyGate

/// Elasticsearch's wire API, as far as it is about trained models, their aliases and their
/// deployments, and whatever a client asks before it comes to that.
///
/// It answers as Elasticsearch does, in the order in which Elasticsearch checks: who is calling,
/// path and method, parameters, body, and only then the policies, which say everything else. It is
/// the dialect of last resort: paths that no other dialect knows get Elasticsearch's answer. What
/// differs on purpose is listed in `docs/wire/ELASTICSEARCH.md`.
public struct Elasticsearch: Dialect {
  let registry: ModelRegistry
  /// What it says it is.
  let identity: Identity
  let inference: (any InferenceForwarder)?
  /// Who keeps API keys; nil if nobody does.
  let keys: (any APIKeyStore)?
  /// Definitions of which some parts are there.
  let uploads = DefinitionUploads()
  private let table: RouteTable<Route>

  /// What a server says it is.
  struct Identity: Sendable {
    let version: String
    let clusterName: String
    let nodeName: String
  }

  /// The wire API of a registry.
  ///
  /// - Parameters:
  ///   - version: the version of Elasticsearch whose API this is, for clients that ask.
  ///   - clusterName: what clients see as the name of the cluster.
  ///   - nodeName: what clients see as the name of this process.
  ///   - inference: who calls models; without one, calls of models are judged and then answered
  ///     with 501.
  ///   - keys: who keeps API keys; without one, calls about keys are answered with 400.
  public init(
    _ registry: ModelRegistry, version: String = "8.19.3", clusterName: String = "modelgate",
    nodeName: String = "modelgate", inference: (any InferenceForwarder)? = nil,
    keys: (any APIKeyStore)? = nil
  ) {
    (self.registry, self.inference, self.keys) = (registry, inference, keys)
    identity = Identity(version: version, clusterName: clusterName, nodeName: nodeName)
    table = Route.table
  }

  /// Method and pattern of everything that is served.
  public var routes: [(method: String, pattern: String)] { table.routes }

  /// Every path but those that only other dialects can know.
  public func isResponsible(for request: WireRequest) -> Bool {
    guard let first = request.segments.first else { return true }
    return !["_plugins", "_modelgate", "access", ".well-known"].contains(first)
  }

  /// Answers in the form that the caller accepts.
  public func answer(_ request: WireRequest) async -> WireResponse {
    let match = table.match(request.method, request.segments)
    var shaping = JSONShaping()
    var response: WireResponse
    do {
      let (caller, refusedRunAs) = try Admission.caller(of: request)
      shaping = try JSONShaping(request.query)
      try Route.checkForm(request.query)
      response = try await respond(request, match, caller, refusedRunAs)
    } catch let rehearsal as DryRun {
      response = rehearsal.response
    } catch {
      response =
        ErrorBody(error) { decision in
          ErrorBody(403, "security_exception", decision.reasons.first?.message ?? "not allowed")
        }.response
    }
    if case .found(_, _, let pattern) = match { response.note.route = pattern }
    return finish(shaping.shape(response), request)
  }

  private func respond(
    _ request: WireRequest, _ match: RouteTable<Route>.Match, _ caller: Caller,
    _ refusedRunAs: String?
  ) async throws -> WireResponse {
    try MediaType.check(request.headers)
    switch match {
    case .none: return WireResponse.noHandler(for: request)
    case .wrongMethod(let allowed): return MethodAnswer.response(request, allowed)
    case .found(let route, let names, _):
      return try await respond(request, caller, refusedRunAs, route, names)
    }
  }

  private func respond(
    _ request: WireRequest, _ caller: Caller, _ refusedRunAs: String?, _ route: Route,
    _ names: [String: String]
  ) async throws -> WireResponse {
    if let response = MediaType.unsupportedContent(of: request) { return response }
    let exchange = Exchange(request: request, names: names, caller: caller, site: self)
    let action = try route.prepare(exchange)
    try route.check(request, names)
    if let refusedRunAs {
      throw try Refusals(registry.gate.current, caller).runAs(refusedRunAs, route.action)
    }
    return try await action()
  }

  /// Product, media type: what every answer has. Whoever was refused is told neither the product
  /// nor warnings.
  private func finish(_ answer: WireResponse, _ request: WireRequest) -> WireResponse {
    var response = answer
    if response.headers["Content-Type"] == "application/json" {
      response.headers.set("Content-Type", MediaType.answered(request).text)
    }
    if response.status == 401 || response.status == 403 {
      response.headers.remove("Warning")
    } else {
      response.headers.set("X-Elastic-Product", "Elasticsearch")
    }
    return response
  }
}
