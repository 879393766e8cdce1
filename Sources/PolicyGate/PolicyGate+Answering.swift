import CEL
public import PolicyEngine
import Synchronization

/// A decision for somebody who asks about others, and what must be logged before they hear of it.
public struct Answered: Sendable {
  /// The decision.
  public let decision: Decision
  /// Its record, of kind `evaluated`.
  public let record: DecisionRecord
}

extension PolicyGate {
  /// Decides a request that somebody asks on behalf of others, at the time of this gate's clock:
  /// whatever the request says is the time is not believed. Nothing is logged yet, so that many
  /// answers can be logged at once.
  ///
  /// - Parameter askedBy: who asks.
  /// - Throws: `RequestError` if the request is not well-formed.
  public func answer(
    _ request: Request, askedBy: Asker, explains: Bool = false
  ) throws(RequestError) -> Answered {
    var request = request
    let time = clock()
    request.context["now"] = .timestamp(milliseconds: time)
    let decision = try evaluate(request, explains: explains)
    return Answered(
      decision: decision,
      record: DecisionRecord(
        kind: .evaluated, time: time, key: nil, askedBy: askedBy, decision: decision,
        request: masks.apply(to: request)))
  }

  /// Whether policies allow a request at a time, without a word of it and without its being logged,
  /// and which policies. What is not well-formed is not allowed.
  package func allows(
    _ request: Request, at time: Int64
  ) -> (isAllowed: Bool, policies: PolicySet) {
    let desk = borrow()
    defer { giveBack(desk) }
    let isAllowed = desk.authorizer.withLock { $0.allows(request, at: time) }
    return (isAllowed, desk.policies)
  }

  /// Which of these requests policies allow now, all by one set: for searches, which look at many
  /// and are logged as a whole. What is not well-formed is not allowed.
  package func allows(_ requests: [Request]) -> [Bool] {
    let desk = borrow()
    defer { giveBack(desk) }
    let now = clock()
    return desk.authorizer.withLock { authorizer in
      requests.map { authorizer.allows($0, at: now) }
    }
  }
}

extension Authorizer {
  /// Whether policies allow a request at a time. What is not well-formed is not allowed.
  fileprivate mutating func allows(_ request: Request, at time: Int64) -> Bool {
    var request = request
    request.context["now"] = .timestamp(milliseconds: time)
    return ((try? outcome(of: request)) ?? .deny) != .deny
  }
}
