import CEL
public import ModelRegistry
import PolicyEngine
import PolicyGate

/// The AuthZEN Authorization API 1.0: policy enforcement points ask, ModelGate decides.
///
/// The caller needs `modelgate:access/evaluate` or `modelgate:access/search`. Subjects and resources
/// are completed by directory and registry, so that requests may carry ids alone.
public struct AuthZEN: Dialect {
  private let registry: ModelRegistry
  private let evaluations: Evaluations
  private let searches: AccessSearches
  private let right: RepeatedUse
  let identifier: PDPIdentifier?
  private let table: RouteTable<Route>

  private enum Route {
    case evaluation, evaluations, metadata
    case search(AccessSearches.Kind)
  }

  /// The API in front of a registry.
  ///
  /// - Parameters:
  ///   - directory: what is known of subjects and resources besides what the registry knows.
  ///   - identifier: under which URL policy enforcement points know this service. Without one
  ///     there is no metadata document: it must not depend on what a request says.
  public init(
    _ registry: ModelRegistry, directory: LiveDirectory = LiveDirectory(),
    identifier: PDPIdentifier? = nil
  ) {
    (self.registry, self.identifier) = (registry, identifier)
    evaluations = Evaluations(registry, directory)
    searches = AccessSearches(registry, directory)
    right = RepeatedUse(
      ServiceUse("modelgate:access/evaluate", of: "decisions"), in: registry)
    var table = RouteTable<Route>()
    table.add("POST", "/access/v1/evaluation", .evaluation)
    table.add("POST", "/access/v1/evaluations", .evaluations)
    for kind in AccessSearches.Kind.allCases {
      table.add("POST", "/access/v1/search/\(kind.rawValue)", .search(kind))
    }
    table.add("GET", identifier?.metadataPath ?? PDPIdentifier.wellKnown, .metadata)
    self.table = table
  }

  /// Its routes.
  public var routes: [(method: String, pattern: String)] { table.routes }

  /// Everything below `/access/v1`, and the metadata document.
  public func isResponsible(for request: WireRequest) -> Bool {
    let segments = request.segments
    guard segments.count > 1 else { return false }
    return segments[0] == "access" && segments[1] == "v1"
      || segments[0] == ".well-known" && segments[1] == "authzen-configuration"
  }

  /// One evaluation is: what rules may cost is bounded, and so is what a question can hold.
  public func isBrief(_ request: WireRequest) -> Bool {
    request.segments.count == 3 && request.segments[2] == "evaluation"
      && request.body.count <= Self.briefBytes
  }

  /// Most questions have some hundred.
  private static var briefBytes: Int { 16 << 10 }

  /// Answers.
  public func answer(_ request: WireRequest) async -> WireResponse {
    let method = request.method == "HEAD" ? "GET" : request.method
    var response: WireResponse
    switch table.match(method, request.segments) {
    case .none: return Self.refuse(404, "there is nothing at `\(request.path)`")
    case .wrongMethod(let allowed):
      response = Self.refuse(
        405, "`\(request.path)` answers \(allowed.joined(separator: ", ")), not \(request.method)")
      response.headers.add("Allow", allowed.joined(separator: ", "))
    case .found(let route, _, let pattern):
      if case .metadata = route {
        response = metadata
      } else {
        response = await ask(route, request)
      }
      response.note.route = pattern
    }
    return response
  }

  /// An error of the request. AuthZEN has a string as its body.
  static func refuse(_ status: Int, _ message: String) -> WireResponse {
    var writer = JSONWriter()
    writer.value(message)
    return .json(status, writer.bytes)
  }

  // MARK: Asking

  private func ask(_ route: Route, _ request: WireRequest) async -> WireResponse {
    guard let caller = request.authentication.caller else {
      return Self.refuseCaller(request.authentication)
    }
    do {
      if case .search(let kind) = route {
        try Self.checkContentType(request)
        return try await searches.answer(kind, request.body, caller)
      }
      try await right.check(by: caller)
      try Self.checkContentType(request)
      switch route {
      case .evaluation: return try await evaluate(request.body, isBatchAllowed: false, caller)
      default: return try await evaluate(request.body, isBatchAllowed: true, caller)
      }
    } catch let error as RequestError {
      return Self.refuse(400, Self.words(error))
    } catch let refusal as Refusal {
      return Self.refuse(403, refusal.description)
    } catch let response as Answered {
      return response.response
    } catch {
      return Self.refuse(
        503, "facts can't be read or the decision can't be logged, so there is none; try again")
    }
  }

  /// A response that is thrown.
  private struct Answered: Error { let response: WireResponse }

  private static func refuseCaller(_ authentication: Authentication) -> WireResponse {
    if case .refused(let refused) = authentication, let seconds = refused.retryAfter {
      var response = refuse(429, "too many attempts failed; try again in \(seconds) s")
      response.headers.add("Retry-After", String(seconds))
      return response
    }
    var response = refuse(401, "the caller is not known: send credentials")
    response.headers.add("WWW-Authenticate", #"Basic realm="modelgate", charset="UTF-8""#)
    response.headers.add("WWW-Authenticate", "ApiKey")
    response.headers.add("WWW-Authenticate", #"Bearer realm="modelgate""#)
    return response
  }

  private static func checkContentType(_ request: WireRequest) throws {
    let value = request.headers["Content-Type"] ?? ""
    if value == "application/json" { return }
    let type = value.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
    guard type == "application/json" else {
      throw Answered(
        response: refuse(
          400,
          value.isEmpty
            ? "the request has no `Content-Type`; it must be `application/json`"
            : "`Content-Type` must be `application/json`, not `\(value.prefix(100))`"))
    }
  }

  static func words(_ error: RequestError) -> String {
    var words = error.message
    if error.line > 0 { words += ", at line \(error.line), column \(error.column)" }
    if let help = error.help { words += "; \(help)" }
    return words
  }

  private func evaluate(
    _ body: [UInt8], isBatchAllowed: Bool, _ caller: Caller
  ) async throws -> WireResponse {
    let document = try EvaluationDocument(
      body, isBatchAllowed: isBatchAllowed, bytes: ServerLimits.evaluationBytes)
    guard document.isBatch else {
      let decision = try await evaluations.answer(
        try document.request(0), askedBy: caller.asker)
      return .json { decision.write(to: &$0) }
    }
    let questions = (0..<document.count).map { document.question($0) }
    let answers = try await evaluations.answer(
      questions, semantic: document.semantic, askedBy: caller.asker)
    return .json { PolicyEngine.Answer.batch(answers).write(to: &$0) }
  }
}
