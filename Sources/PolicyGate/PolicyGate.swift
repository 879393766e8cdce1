public import PolicyEngine
import Synchronization

/// The gate in front of a service: the only maker of permits.
///
/// ```swift
/// let gate = PolicyGate(policies, log: log)
/// let verdict = try await gate.judge(SendInvoice(number: 7), by: alice, given: facts)
/// try await invoices.perform(try verdict.permit())   // consumes it; the compiler sees to that
/// ```
///
/// Judging neither locks for longer than it takes to fetch storage nor waits for anything but the
/// log. A gate is shared by all threads of a service. Decisions that allow are logged by whoever
/// performs the operation, together with the effect; all others are logged here, before the caller
/// hears of them.
public final class PolicyGate: Sendable {
  /// Milliseconds since the Unix epoch.
  public typealias Clock = @Sendable () -> Int64

  let log: any DecisionLog
  let masks: Masks
  let clock: Clock
  /// The policies in force. Whoever wants to decide without the gate may follow them.
  public let policies: LivePolicySet
  private let status: Mutex<Status>
  private let idle = Mutex<[Desk]>([])
  private let unspent = Atomic<Int>(0)
  private let allowed = Atomic<UInt64>(0)
  private let warned = Atomic<UInt64>(0)
  private let denied = Atomic<UInt64>(0)

  private struct Status {
    var since: Int64
    var failure: PolicyHealth.Failure?
  }

  /// A gate that decides by `policies` and tells `log`.
  ///
  /// - Parameters:
  ///   - masks: fields of requests that are not written to the log.
  ///   - clock: what time it is. Rules see it as `context.now`.
  public init(
    _ policies: PolicySet, log: any DecisionLog, masks: Masks = Masks(), clock: @escaping Clock
  ) {
    self.policies = LivePolicySet(policies)
    status = Mutex(Status(since: clock()))
    (self.log, self.masks, self.clock) = (log, masks, clock)
  }

  /// The policy set in force.
  public var current: PolicySet { policies.current }

  /// Which policies are in force, and whether the last attempt to change them failed.
  public var health: PolicyHealth {
    let status = status.withLock { $0 }
    return PolicyHealth(
      revision: current.revision, since: status.since, lastFailure: status.failure,
      unspentPermits: unspent.load(ordering: .relaxed))
  }

  /// Puts another set in force, whole, for every decision that begins from now on.
  public func install(_ set: PolicySet) {
    policies.replace(with: set)
    status.withLock { $0 = Status(since: clock()) }
    // Storage belongs to the set that it was made for.
    idle.withLock { $0.removeAll() }
  }

  /// Loads a set and puts it in force. If it does not load completely, the old one stays in force,
  /// `health` says why, and the error is thrown.
  ///
  /// - Throws: what `load` throws.
  @discardableResult
  public func reload(
    _ load: () throws(PolicyLoadError) -> PolicySet
  ) throws(PolicyLoadError) -> PolicySet {
    do {
      let set = try load()
      install(set)
      return set
    } catch {
      note(error)
      throw error
    }
  }

  /// Notes that other policies could not be put in force, for `health`.
  public func note(_ failure: PolicyLoadError) {
    let now = clock()
    status.withLock { $0.failure = PolicyHealth.Failure(time: now, error: failure) }
  }

  /// Decides a request by the set in force, without logging it and without a permit.
  ///
  /// - Throws: `RequestError` if the request is not well-formed.
  public func evaluate(_ request: Request, explains: Bool = false) throws(RequestError) -> Decision
  {
    let desk = borrow()
    defer { giveBack(desk) }
    let decision = try desk.authorizer.withLock { authorizer throws(RequestError) in
      authorizer.explains = explains
      return try authorizer.decide(request)
    }
    count(decision.outcome)
    return decision
  }

  /// How many decisions this gate has made, by what came of them. Candidates of searches are not
  /// counted, nor is that somebody may ask.
  public func decisionCount(_ outcome: Outcome) -> UInt64 {
    switch outcome {
    case .allow: allowed.load(ordering: .relaxed)
    case .warn: warned.load(ordering: .relaxed)
    case .deny: denied.load(ordering: .relaxed)
    }
  }

  private func count(_ outcome: Outcome) {
    switch outcome {
    case .allow: allowed.add(1, ordering: .relaxed)
    case .warn: warned.add(1, ordering: .relaxed)
    case .deny: denied.add(1, ordering: .relaxed)
    }
  }

  /// An authorizer where it stays: handing one on by value copies all references that it holds.
  final class Desk: Sendable {
    let policies: PolicySet
    /// Whoever has borrowed the desk is the only one who asks for this.
    let authorizer: Mutex<Authorizer>

    init(_ policies: PolicySet) {
      self.policies = policies
      authorizer = Mutex(Authorizer(policies))
    }
  }

  func borrow() -> Desk {
    let set = policies.current
    // One that was given back during a reload may be of another set.
    guard let kept = idle.withLock({ $0.popLast() }), kept.policies === set else {
      return Desk(set)
    }
    return kept
  }

  func giveBack(_ desk: Desk) {
    idle.withLock { if $0.count < GateLimits.idleAuthorizers { $0.append(desk) } }
  }

  /// A permit went away without being spent. That is a fault of the service, not a danger: nothing
  /// was done. It is counted, and the log is told that what was allowed did not happen.
  func noticeUnspent(_ record: DecisionRecord) {
    unspent.add(1, ordering: .relaxed)
    log.noticeUnspent(record.as(.abandoned))
  }
}

/// What is in force, and what went wrong with it.
public struct PolicyHealth: Sendable {
  /// The revision in force.
  public let revision: String
  /// Since when, in milliseconds since the Unix epoch.
  public let since: Int64
  /// Why the last attempt to load other policies failed; nil if it did not.
  public let lastFailure: Failure?
  /// Permits that were made and never spent, since the gate was made. Anything but zero is a fault
  /// of the service.
  public let unspentPermits: Int

  /// A set that did not load.
  public struct Failure: Sendable {
    /// Milliseconds since the Unix epoch.
    public let time: Int64
    /// Everything that is wrong with it.
    public let error: PolicyLoadError
  }
}
