/// What answers a path, and what may come along.
struct Route: Sendable {
  /// What there is left to do once parameters and body are found in order.
  typealias Action = @Sendable () async throws -> WireResponse

  /// The action that policies know the call by.
  let action: String
  /// Names of the parameters that it knows, beside those that every call has.
  let parameters: Set<String>
  /// Whether it reads a body.
  let takesBody: Bool
  /// Whether it goes to the registry, so that it can be a dry run.
  let canBeRehearsed: Bool
  /// Reads parameters and body, and says what is to be done. It changes nothing.
  let prepare: @Sendable (Exchange) throws(ErrorBody) -> Action

  init(
    _ action: String, _ parameters: Set<String> = [], takesBody: Bool = false,
    canBeRehearsed: Bool = true,
    _ prepare: @escaping @Sendable (Exchange) throws(ErrorBody) -> Action
  ) {
    (self.action, self.parameters, self.takesBody) = (action, parameters, takesBody)
    (self.canBeRehearsed, self.prepare) = (canBeRehearsed, prepare)
  }

  /// Parameters of every call: they say how the answer shall look.
  static let shaping: Set<String> = JSONShaping.parameters.union(["error_trace", "format", "human"])

  /// Checks parameters that every call has, where they have no effect of their own: answers are
  /// JSON and have no stack traces.
  static func checkForm(_ query: Query) throws(ErrorBody) {
    for name in ["error_trace", "human"] { _ = try query.flag(name) }
    if let format = query["format"]?.lowercased(), ["cbor", "smile"].contains(format) {
      throw .illegalArgument("format [\(format)] is not served, [json] is")
    }
  }

  /// Checks that there are no parameters and no body that would be left unread.
  func check(_ request: WireRequest, _ names: [String: String]) throws(ErrorBody) {
    let known = parameters.union(Self.shaping).union(names.keys)
    let accepted = canBeRehearsed ? known.union(RegistryCall.parameters) : known
    let unknown = Set(request.query.parameters.map(\.name)).subtracting(accepted)
    if !unknown.isEmpty {
      throw UnknownParameters(unknown, known: known).error(path: request.path)
    }
    if !takesBody, !request.body.isEmpty {
      throw .illegalArgument(
        "request [\(request.method) \(request.path)] does not support having a body")
    }
  }
}

/// The answer to a method that a path does not have.
enum MethodAnswer {
  private static let order = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"]

  static func response(_ request: WireRequest, _ allowed: [String]) -> WireResponse {
    let allowed = order.filter { allowed.contains($0) }
    var response: WireResponse
    if request.method == "OPTIONS" {
      response = .text(200, "")
    } else {
      response = .bareError(
        405,
        "Incorrect HTTP method for uri [\(request.target)] and method [\(request.method)], "
          + "allowed: [\(allowed.joined(separator: ", "))]")
    }
    response.headers.set("Allow", allowed.joined(separator: ","))
    return response
  }
}
