import CEL
import PolicyEngine

/// How Elasticsearch words that somebody may not do something. Policies word it themselves; this is
/// for what no rule of theirs words.
struct Refusals {
  private let policies: PolicySet
  private let caller: Caller

  init(_ policies: PolicySet, _ caller: Caller) {
    (self.policies, self.caller) = (policies, caller)
  }

  /// Nothing grants the action.
  ///
  /// - Parameter narrower: what policies were asked instead, where that says more than the action.
  func unauthorized(
    _ action: String, grantedAs narrower: String? = nil
  ) throws(RequestError) -> ErrorBody {
    let privileges = policies.privileges(granting: narrower ?? action)
    let granted =
      privileges.isEmpty
      ? ""
      : ", this action is granted by the cluster privileges [\(privileges.joined(separator: ","))]"
    return ErrorBody(
      403, "security_exception", "action [\(action)] is unauthorized for \(try name())\(granted)")
  }

  /// The caller may not act as somebody else.
  func runAs(_ other: String, _ action: String) throws(RequestError) -> ErrorBody {
    ErrorBody(
      403, "security_exception",
      "action [\(action)] is unauthorized for \(try name()), because user [\(caller.name)] is "
        + "unauthorized to run as [\(other)]")
  }

  private func name() throws(RequestError) -> String {
    if case .apiKey(let id, _) = caller.proof {
      return "API key id [\(id)] of user [\(caller.name)]"
    }
    var authorizer = Authorizer(policies)
    let subject = try authorizer.resolved(caller.subject)
    let who =
      caller.actingUser.map { "user [\($0)] run as [\(caller.name)]" } ?? "user [\(caller.name)]"
    let unknown = subject.texts("unknown_roles")
    return who + " with effective roles [\(subject.texts("roles").joined(separator: ","))]"
      + (unknown.isEmpty
        ? "" : " (assigned roles [\(unknown.joined(separator: ","))] were not found)")
  }
}
