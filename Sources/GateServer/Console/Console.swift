import CEL
public import ModelRegistry
public import PolicyEngine
import PolicyGate

/// ModelGate's own API, below `/_modelgate`: decisions with their explanations, policies and their
/// reload, the decision log, health, metrics, and the document of everything that is served.
public struct ConsoleAPI: Dialect {
  let registry: ModelRegistry
  let directory: LiveDirectory
  let build: BuildFacts
  let loadPolicies: (@Sendable () throws(PolicyLoadError) -> PolicySet)?
  let process: (@Sendable () -> ProcessFigures)?
  let problems: (@Sendable () async -> [String])?
  let document: [UInt8]
  private let table: RouteTable<Route>
  /// What the transport counts.
  public let metrics: ServerMetrics

  /// What was built.
  public struct BuildFacts: Hashable, Sendable {
    /// The version of ModelGate.
    public var version: String
    /// The revision of its source, if known.
    public var revision: String?

    /// Facts of a build.
    public init(version: String, revision: String? = nil) {
      (self.version, self.revision) = (version, revision)
    }
  }

  enum Route: Sendable {
    case check, policies, reloadPolicies, directory, reloadDirectory, log, logHead
    case health, live, ready, metrics, openAPI
  }

  /// The API of a registry.
  ///
  /// - Parameters:
  ///   - directory: what checks know of subjects and resources besides what the registry knows.
  ///   - dialects: the others that are served, whose routes are documented and counted.
  ///   - process: what the process uses, for metrics.
  ///   - problems: what else is not as it should be, and does not stop the service: files that
  ///     changed and can't be used, so that what was read before is in force.
  ///   - loadPolicies: loads the policies that a reload puts in force; nil if there is none.
  public init(
    _ registry: ModelRegistry, directory: LiveDirectory = LiveDirectory(),
    beside dialects: [any Dialect] = [], build: BuildFacts,
    process: (@Sendable () -> ProcessFigures)? = nil,
    problems: (@Sendable () async -> [String])? = nil,
    loadPolicies: (@Sendable () throws(PolicyLoadError) -> PolicySet)? = nil
  ) {
    (self.registry, self.directory, self.build) = (registry, directory, build)
    (self.process, self.problems, self.loadPolicies) = (process, problems, loadPolicies)
    table = Self.makeTable()
    let routes = dialects.flatMap(\.routes) + table.routes
    metrics = ServerMetrics(routes: routes)
    document = OpenAPI.document(of: routes, version: build.version)
  }

  private static func makeTable() -> RouteTable<Route> {
    var table = RouteTable<Route>()
    table.add("POST", "/_modelgate/check", .check)
    table.add("GET", "/_modelgate/policies", .policies)
    table.add("POST", "/_modelgate/policies/_reload", .reloadPolicies)
    table.add("GET", "/_modelgate/directory", .directory)
    table.add("POST", "/_modelgate/directory/_reload", .reloadDirectory)
    table.add("GET", "/_modelgate/log", .log)
    table.add("GET", "/_modelgate/log/_head", .logHead)
    table.add("GET", "/_modelgate/health", .health)
    table.add("GET", "/_modelgate/health/live", .live)
    table.add("GET", "/_modelgate/health/ready", .ready)
    table.add("GET", "/_modelgate/metrics", .metrics)
    table.add("GET", "/_modelgate/openapi.json", .openAPI)
    return table
  }

  /// Its routes.
  public var routes: [(method: String, pattern: String)] { table.routes }

  /// Everything below `/_modelgate`.
  public func isResponsible(for request: WireRequest) -> Bool {
    request.segments.first == "_modelgate"
  }

  /// Answers.
  public func answer(_ request: WireRequest) async -> WireResponse {
    let method = request.method == "HEAD" ? "GET" : request.method
    let match = table.match(method, request.segments)
    var response = await answer(match, request)
    if case .found(_, _, let pattern) = match { response.note.route = pattern }
    return response
  }

  private func answer(
    _ match: RouteTable<Route>.Match, _ request: WireRequest
  ) async -> WireResponse {
    do {
      switch match {
      case .none:
        throw ConsoleError(
          404, "not_found", "there is nothing at `\(request.path)`",
          help: "`/_modelgate/openapi.json` lists what there is")
      case .wrongMethod(let allowed):
        var error = ConsoleError(
          405, "method_not_allowed", "`\(request.path)` does not answer \(request.method)",
          help: "it answers \(allowed.joined(separator: ", "))")
        error.headers.add("Allow", allowed.joined(separator: ", "))
        throw error
      case .found(let route, _, _): return try await answer(route, request)
      }
    } catch {
      return ConsoleError(error).response
    }
  }

  private func answer(_ route: Route, _ request: WireRequest) async throws -> WireResponse {
    switch route {
    case .live: return live
    case .ready: return await ready()
    case .openAPI: return .json(200, document)
    default: break
    }
    let caller = try Self.caller(of: request)
    switch route {
    case .check: return try await check(request, by: caller)
    case .policies: return try await policies(request, by: caller)
    case .reloadPolicies: return try await reloadPolicies(request, by: caller)
    case .directory: return try await showDirectory(request, by: caller)
    case .reloadDirectory: return try await reloadDirectory(request, by: caller)
    case .log: return try await log(request, by: caller)
    case .logHead: return try await logHead(request, by: caller)
    case .health: return try await health(request, by: caller)
    default: return try await showMetrics(request, by: caller)
    }
  }

  private static func caller(of request: WireRequest) throws(ConsoleError) -> Caller {
    if let caller = request.authentication.caller { return caller }
    if case .refused(let refused) = request.authentication, let seconds = refused.retryAfter {
      var error = ConsoleError(
        429, "too_many_attempts", "too many attempts failed", help: "try again in \(seconds) s")
      error.headers.add("Retry-After", String(seconds))
      throw error
    }
    var error = ConsoleError(
      401, "not_authenticated", "the caller is not known",
      help: "send the credentials of a user, an API key or a token")
    error.headers.add("WWW-Authenticate", #"Basic realm="modelgate", charset="UTF-8""#)
    error.headers.add("WWW-Authenticate", "ApiKey")
    error.headers.add("WWW-Authenticate", #"Bearer realm="modelgate""#)
    throw error
  }

  /// Refuses parameters that a route does not have.
  static func expect(
    _ names: [String], in request: WireRequest
  ) throws(ConsoleError) {
    for (name, _) in request.query.parameters where !names.contains(name) {
      throw ConsoleError(
        400, "unknown_parameter", "there is no parameter `\(name.prefix(100))` here",
        help: suggestion(for: name, among: names).map { "did you mean `\($0)`?" }
          ?? (names.isEmpty
            ? "there are none" : "known are \(names.map { "`\($0)`" }.joined(separator: ", "))"))
    }
  }
}
