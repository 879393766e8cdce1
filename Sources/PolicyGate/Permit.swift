public import PolicyEngine
import Synchronization

// This is the only file that can make a permit: the initializer is fileprivate, so neither another
// file of this module nor a test that imports it with @testable can call it.

/// The right to perform one operation once, on the facts on which it was judged.
///
/// A permit can't be copied. Whoever performs the operation consumes it with `spend()` and writes
/// its record in the transaction of the effect. A permit that goes away unspent is noticed.
public struct Permit<Performed: Operation>: ~Copyable, Sendable {
  /// What may be done.
  public let operation: Performed
  /// On what it was judged: these facts must hold when it takes effect.
  public let facts: Performed.Facts
  /// The decision, which is allow or warn.
  public let decision: Decision
  private let state: State

  /// Shared by a permit and what it becomes, because a value that has a deinitializer can't be
  /// taken apart.
  fileprivate final class State: Sendable {
    let gate: PolicyGate
    let record: DecisionRecord
    let isSpent = Atomic<Bool>(false)

    init(_ gate: PolicyGate, _ record: DecisionRecord) {
      (self.gate, self.record) = (gate, record)
    }
  }

  fileprivate init(
    _ operation: Performed, _ facts: Performed.Facts, _ decision: Decision, _ state: State
  ) {
    (self.operation, self.facts, self.decision, self.state) = (operation, facts, decision, state)
  }

  /// Uses the permit up, for one attempt at the operation. The attempt takes effect only together
  /// with the record, and only if the policies that judged it are still in force.
  public consuming func spend() -> SpentPermit<Performed> {
    state.isSpent.store(true, ordering: .relaxed)
    return SpentPermit(
      operation: operation, facts: facts, decision: decision, record: state.record)
  }

  deinit {
    if !state.isSpent.load(ordering: .relaxed) { state.gate.noticeUnspent(state.record) }
  }
}

/// A permit in the hands of who performs its operation. It can't be copied either.
public struct SpentPermit<Performed: Operation>: ~Copyable, Sendable {
  /// What is being done.
  public let operation: Performed
  /// On what it was judged.
  public let facts: Performed.Facts
  /// The decision, which is allow or warn.
  public let decision: Decision
  /// What must be logged with the effect.
  public let record: DecisionRecord

  fileprivate init(
    operation: Performed, facts: Performed.Facts, decision: Decision, record: DecisionRecord
  ) {
    (self.operation, self.facts, self.decision, self.record) = (operation, facts, decision, record)
  }
}

/// What came of judging an operation: a permit or a refusal.
public struct Verdict<Judged: Operation>: ~Copyable, Sendable {
  /// The decision, with its reasons.
  public let decision: Decision
  private let made: Permit<Judged>?

  fileprivate init(_ decision: Decision, _ permit: consuming Permit<Judged>?) {
    self.decision = decision
    made = permit
  }

  /// The permit.
  ///
  /// - Throws: `Refusal` if the operation was denied.
  public consuming func permit() throws(Refusal) -> Permit<Judged> {
    let decision = decision
    guard let permit = made else { throw Refusal(decision: decision) }
    return permit
  }
}

/// An operation was denied.
public struct Refusal: Error, Sendable, CustomStringConvertible {
  /// The decision, with its reasons.
  public let decision: Decision

  /// What a protocol front end answers, if the deciding rule says.
  public var error: WireError? { decision.error }

  /// The reasons.
  public var description: String {
    "denied: " + decision.reasons.map(\.message).joined(separator: "; ")
  }
}

extension PolicyGate {
  /// Judges an operation on facts. A denial is logged before this returns; an allowed operation is
  /// logged by who performs it.
  ///
  /// - Parameter key: what names this attempt, if the caller may repeat it.
  /// - Throws: `GateError` if the request is not well-formed or a denial can't be logged. Either
  ///   way there is no permit.
  public func judge<Judged: Operation>(
    _ operation: Judged, by subject: Request.Entity, given facts: Judged.Facts,
    key: String? = nil, explains: Bool = false
  ) async throws(GateError) -> Verdict<Judged> {
    let (decision, request) = try decide(operation, subject, facts, explains)
    let kind: DecisionRecord.Kind =
      decision.isAllowed ? (Judged.isRead ? .read : .performed) : .refused
    let record = record(kind, decision, request, key)
    guard decision.isAllowed else {
      try await append(record)
      return Verdict(decision, nil)
    }
    return Verdict(decision, Permit(operation, facts, decision, Permit.State(self, record)))
  }
}
