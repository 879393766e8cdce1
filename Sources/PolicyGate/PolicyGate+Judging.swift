import CEL
public import PolicyEngine

extension PolicyGate {
  /// What would come of an operation: the same decision on the same facts, with nothing done. It is
  /// logged as a dry run.
  ///
  /// - Throws: `GateError` if the request is not well-formed or the dry run can't be logged.
  public func rehearse<Judged: Operation>(
    _ operation: Judged, by subject: Request.Entity, given facts: Judged.Facts
  ) async throws(GateError) -> Decision {
    let (decision, request) = try decide(operation, subject, facts, true)
    try await append(record(.dryRun, decision, request, nil))
    return decision
  }

  func decide<Judged: Operation>(
    _ operation: Judged, _ subject: Request.Entity, _ facts: Judged.Facts, _ explains: Bool
  ) throws(GateError) -> (Decision, Request) {
    var request = operation.request(by: subject, given: facts)
    if request.context["now"] == nil {
      request.context["now"] = .timestamp(milliseconds: clock())
    }
    do {
      return (try evaluate(request, explains: explains), request)
    } catch {
      throw .malformed(error)
    }
  }

  func record(
    _ kind: DecisionRecord.Kind, _ decision: Decision, _ request: Request, _ key: String?
  ) -> DecisionRecord {
    DecisionRecord(
      kind: kind, time: clock(), key: key, decision: decision, request: masks.apply(to: request))
  }

  func append(_ record: DecisionRecord) async throws(GateError) {
    do {
      try await log.append(record)
    } catch {
      throw .notLogged(error)
    }
  }
}

/// Why there is no verdict. There is no permit either.
public enum GateError: Error, CustomStringConvertible {
  /// The operation's request is not well-formed.
  case malformed(RequestError)
  /// The decision could not be logged, so it does not count.
  case notLogged(any Error)

  /// For people.
  public var description: String {
    switch self {
    case .malformed(let error): "the request can't be decided: \(error)"
    case .notLogged(let error): "the decision can't be logged, so nothing was done: \(error)"
    }
  }
}
