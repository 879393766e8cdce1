public import ModelRegistry
import PolicyEngine

/// OpenSearch's wire API, as far as it is about model groups, the models in them, and who may use
/// them: ML Commons, the access-control switch, and what the security plugin tells of users.
///
/// What is served, and where it differs on purpose: `docs/wire/OPENSEARCH.md`.
public struct OpenSearch: Dialect {
  /// Calls a model that the caller may call.
  public typealias Predictor = @Sendable (Prediction) async throws -> WireResponse

  /// What is to be predicted, by which model, for whom.
  public struct Prediction: Sendable {
    /// The model.
    public let model: GroupModel
    /// Who asks.
    public let caller: Caller
    /// The request as it came.
    public let request: WireRequest
  }

  let registry: ModelRegistry
  let users: (any UserDirectory)?
  let predictor: Predictor?
  private let table: RouteTable<Route>

  /// The dialect over a registry.
  ///
  /// - Parameters:
  ///   - users: whom the security API lists; without one it lists nobody.
  ///   - predictor: what calls models; without one, calls that pass the gate are answered 501.
  public init(
    _ registry: ModelRegistry, users: (any UserDirectory)? = nil, predictor: Predictor? = nil
  ) {
    (self.registry, self.users, self.predictor) = (registry, users, predictor)
    var table = RouteTable<Route>()
    for (method, pattern, route) in Self.groupRoutes + Self.modelRoutes + Self.siteRoutes {
      table.add(method, pattern, route)
    }
    self.table = table
  }

  /// Method and pattern of everything that is served.
  public var routes: [(method: String, pattern: String)] { table.routes }

  /// `/_plugins/…`, the old `/_opendistro/…` where nothing is any more, and `/_cluster/settings`.
  public func isResponsible(for request: WireRequest) -> Bool {
    switch request.segments.first {
    case "_plugins", "_opendistro": true
    case "_cluster": request.segments == ["_cluster", "settings"]
    default: false
    }
  }

  /// Answers in the order in which OpenSearch does: the route, the kind of body, the caller, the
  /// body, the parameters, and then the operation.
  public func answer(_ request: WireRequest) async -> WireResponse {
    switch table.match(request.method, request.segments) {
    case .found(let route, let names, let pattern):
      var response = await answer(request, names, route)
      response.note.route = pattern
      return response
    case .wrongMethod(let allowed): return Self.wrongMethod(request, allowed)
    case .none: return Self.nothingHere(request)
    }
  }

  private func answer(
    _ request: WireRequest, _ names: [String: String], _ route: Route
  ) async -> WireResponse {
    if let refusal = Self.unfitBody(request) { return refusal }
    guard let caller = request.authentication.caller else {
      return Self.unknownCaller(request.authentication)
    }
    do {
      let shaping = try JSONShaping(request.query)
      return shaping.shape(await answer(request, names, route, caller))
    } catch {
      return error.response
    }
  }

  private func answer(
    _ request: WireRequest, _ names: [String: String], _ route: Route, _ caller: Caller
  ) async -> WireResponse {
    do {
      let call = Call(
        request: request, names: names, dialect: self,
        registry: try RegistryCall(request, by: caller, in: registry))
      let action = try route.prepare(call)
      try Self.checkParameters(request, of: route)
      return try await action()
    } catch let dryRun as DryRun {
      return dryRun.response
    } catch let refusal as SecurityRefusal {
      return refusal.response
    } catch {
      return Self.error(error, route, caller).response
    }
  }
}

extension OpenSearch {
  /// What a path leads to.
  struct Route: Sendable {
    /// The permission that the call needs, for refusals of policies that do not word them.
    let action: String
    /// Its own parameters of the query.
    var parameters: Set<String> = []
    /// Reads the request. What it gives is what happens once the request is known to be in order.
    let prepare: @Sendable (Call) throws -> Action
  }

  /// What a call does.
  typealias Action = @Sendable () async throws -> WireResponse

  /// One request on its way.
  struct Call: Sendable {
    let request: WireRequest
    let names: [String: String]
    let dialect: OpenSearch
    let registry: RegistryCall

    var caller: Caller { registry.caller }

    /// Performs an operation and answers, with what the policies warn of.
    func perform<Op: RegistryWrite>(
      _ operation: Op, _ answer: (Performed<Op.Output>) -> WireResponse
    ) async throws -> WireResponse {
      let performed = try await registry.perform(operation)
      var response = answer(performed)
      warn(performed.decision, &response)
      return response
    }

    /// Puts what a decision warns of into headers.
    func warn(_ decision: Decision?, _ response: inout WireResponse) {
      Warnings.add(
        decision?.warnings.map(\.message) ?? [], to: &response, product: "OpenSearch",
        version: OpenSearch.version)
    }

    /// What stands in the place of a name in the path.
    func name(_ name: String) -> String { names[name] ?? "" }
  }

  /// The version whose API this is.
  static let version = "3.3.0"

  /// Parameters that every call has.
  static let commonParameters: Set<String> = JSONShaping.parameters
    .union(RegistryCall.parameters).union(["human", "error_trace", "format"])
}
