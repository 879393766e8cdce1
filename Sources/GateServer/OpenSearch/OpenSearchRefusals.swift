import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

/// What is answered before an operation begins, and when it is refused.
extension OpenSearch {
  /// A path that has no such method. `OPTIONS` asks which it has.
  static func wrongMethod(_ request: WireRequest, _ allowed: [String]) -> WireResponse {
    let list = allowed.joined(separator: ", ")
    var response: WireResponse
    if request.method == "OPTIONS" {
      response = .text(200, "")
    } else {
      response = .json(405) { writer in
        writer.beginObject()
        writer.member(
          "error",
          "Incorrect HTTP method for uri [\(request.target)] and method [\(request.method)], "
            + "allowed: [\(list)]")
        writer.member("status", 405)
        writer.endObject()
      }
    }
    response.headers.add("Allow", allowed.joined(separator: ","))
    return response
  }

  /// A path that leads nowhere: without a status in the body, as OpenSearch has it.
  static func nothingHere(_ request: WireRequest) -> WireResponse {
    .json(400) { writer in
      writer.beginObject()
      writer.member(
        "error", "no handler found for uri [\(request.target)] and method [\(request.method)]")
      writer.endObject()
    }
  }

  /// A body has to say that it is JSON; nil if it does, or if there is none.
  static func unfitBody(_ request: WireRequest) -> WireResponse? {
    guard !request.body.isEmpty else { return nil }
    let types = request.headers.all("Content-Type")
    guard let type = types.first, types.count == 1 else {
      let fault = types.isEmpty ? "is missing" : "is there \(types.count) times"
      return notAcceptable("Content-Type header \(fault)")
    }
    let media = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    return media == "application/json"
      ? nil : notAcceptable("Content-Type header [\(type)] is not supported")
  }

  private static func notAcceptable(_ error: String) -> WireResponse {
    .json(406) { writer in
      writer.beginObject()
      writer.member("error", error)
      writer.member("status", 406)
      writer.endObject()
    }
  }

  /// Nobody whom we know: the security plugin's plain text.
  static func unknownCaller(_ authentication: Authentication) -> WireResponse {
    if case .refused(let refused) = authentication, let target = refused.refusedRunAs,
      let name = refused.caller?.name ?? refused.name
    {
      return ErrorBody(
        403, "security_exception", "'\(name)' is not allowed to impersonate as '\(target)'"
      ).response
    }
    var response = WireResponse.text(401, "Unauthorized")
    response.headers.add("WWW-Authenticate", #"Basic realm="OpenSearch Security""#)
    if case .refused(let refused) = authentication, let seconds = refused.retryAfter {
      response.headers.add("Retry-After", "\(seconds)")
    }
    return response
  }

  /// Only parameters that mean something.
  static func checkParameters(_ request: WireRequest, of route: Route) throws(ErrorBody) {
    let known = route.parameters.union(commonParameters)
    let unknown = Set(request.query.parameters.map(\.name)).subtracting(known)
    guard unknown.isEmpty else {
      throw UnknownParameters(unknown, known: known).error(path: request.path)
    }
    if let format = request.query["format"], format != "json", !format.isEmpty {
      throw .illegalArgument("format [\(format)] is not served, [json] is")
    }
  }

  /// Whatever stopped an operation, in OpenSearch's words.
  static func error(_ error: any Error, _ route: Route, _ caller: Caller) -> ErrorBody {
    if let error = error as? RegistryError, error.kind == .notFound {
      // There it is a status without a type of its own.
      return ErrorBody(404, "status_exception", error.description)
    }
    return ErrorBody(error) { decision in
      guard decision.stage == .authorization else {
        return ErrorBody(
          403, "status_exception", decision.reasons.map(\.message).joined(separator: "; "))
      }
      return ErrorBody(
        403, "security_exception", "no permissions for [\(route.action)] and \(caller.described)")
    }
  }
}

extension Caller {
  /// As the security plugin writes a user.
  var described: String {
    "User [name=\(name), backend_roles=[\(backendRoles.joined(separator: ", "))], "
      + "requestedTenant=null]"
  }
}
