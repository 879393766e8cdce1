import CEL

/// Who gets as far as a path.
enum Admission {
  /// The caller; and whom the caller wanted to act as without the right to, which is told only
  /// where an action would be refused.
  ///
  /// - Throws: `ErrorBody` with status 401 or 429.
  static func caller(
    of request: WireRequest
  ) throws(ErrorBody) -> (caller: Caller, refusedRunAs: String?) {
    switch request.authentication {
    case .caller(let caller): return (caller, nil)
    case .missing:
      throw unauthenticated(
        "missing authentication credentials for REST request [\(request.target)]")
    case .refused(let refused):
      if let wait = refused.retryAfter { throw tooManyAttempts(wait) }
      if let name = refused.refusedRunAs, let caller = refused.caller { return (caller, name) }
      guard let name = refused.name else {
        throw unauthenticated(
          "unable to authenticate with provided credentials and anonymous access is not allowed "
            + "for this request")
      }
      throw unauthenticated(
        "unable to authenticate user [\(name)] for REST request [\(request.target)]")
    }
  }

  /// Ways to say who is calling, in the order in which they are listed.
  private static let challenges = [
    #"Basic realm="security", charset="UTF-8""#, #"Bearer realm="security""#, "ApiKey",
  ]

  private static func unauthenticated(_ reason: String) -> ErrorBody {
    var error = ErrorBody(401, "security_exception", reason)
    error.members = [
      ("header", ["WWW-Authenticate": .list(challenges.map { .string($0) })])
    ]
    for challenge in challenges { error.headers.add("WWW-Authenticate", challenge) }
    return error
  }

  private static func tooManyAttempts(_ seconds: Int) -> ErrorBody {
    var error = ErrorBody(
      429, "status_exception",
      "too many failed attempts to authenticate; try again in [\(seconds)] seconds")
    error.headers.add("Retry-After", String(seconds))
    return error
  }
}
