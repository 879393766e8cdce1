public import PolicyEngine
import PolicyGate

/// What would come of an operation.
public struct Rehearsal: Sendable {
  /// What policies were asked.
  public let request: Request
  /// The decision, with its explanation.
  public let decision: Decision
  /// Why the registry would not do it though policies allow it; nil if it would.
  public let obstacle: RegistryError?

  /// What a rehearsal has found.
  package init(request: Request, decision: Decision, obstacle: RegistryError?) {
    (self.request, self.decision, self.obstacle) = (request, decision, obstacle)
  }

  /// Whether it would be done.
  public var wouldSucceed: Bool { decision.isAllowed && obstacle == nil }
}

extension ModelRegistry {
  /// Judges an operation against the real state and changes nothing. That it was asked is logged as
  /// a dry run.
  ///
  /// - Throws: `RegistryError`, `StoreError` or `GateError` if it can't be judged or logged.
  public func rehearse<Op: RegistryWrite>(
    _ operation: Op, by subject: Request.Entity
  ) async throws -> Rehearsal {
    let attempt = try begin(operation, by: subject, key: nil)
    let (request, decision, facts) = try await rehearse(operation, attempt)
    var obstacle: RegistryError?
    do throws(RegistryError) {
      if decision.isAllowed { _ = try operation.effect(on: facts, of: attempt) }
    } catch {
      obstacle = error
    }
    return Rehearsal(request: request, decision: decision, obstacle: obstacle)
  }

  /// Judges a read without reading anything out.
  ///
  /// - Throws: as for writes.
  public func rehearse<Op: RegistryRead>(
    _ operation: Op, by subject: Request.Entity
  ) async throws -> Rehearsal {
    let attempt = try begin(operation, by: subject, key: nil)
    let (request, decision, facts) = try await rehearse(operation, attempt)
    var obstacle: RegistryError?
    do throws(RegistryError) {
      if decision.isAllowed { _ = try operation.answer(from: facts) }
    } catch {
      obstacle = error
    }
    return Rehearsal(request: request, decision: decision, obstacle: obstacle)
  }

  /// Judges whether the caller may search at all.
  ///
  /// - Throws: as for writes.
  public func rehearse<Op: RegistrySearch>(
    _ operation: Op, by subject: Request.Entity
  ) async throws -> Rehearsal {
    let attempt = try begin(operation, by: subject, key: nil)
    let (request, decision, _) = try await rehearse(operation, attempt)
    return Rehearsal(request: request, decision: decision, obstacle: nil)
  }

  private func rehearse<Op: RegistryOperation>(
    _ operation: Op, _ attempt: Attempt
  ) async throws -> (Request, Decision, Op.Facts) {
    for tries in 1...RegistryLimits.tries {
      let gathered = try await gather(operation, attempt)
      if isInForce(gathered.policyRevision) {
        let decision = try await gate.rehearse(
          operation, by: attempt.subject, given: gathered.facts)
        let request = operation.request(by: attempt.subject, given: gathered.facts)
        return (request, decision, gathered.facts)
      }
      try await pause(after: tries)
    }
    throw try await givenUp(Op.action)
  }
}

extension ModelRegistry {
  /// What policies would say if these subjects asked for an operation, on the real state. It is
  /// about the policies, not a decision about anybody's request, so it is not logged.
  ///
  /// - Throws: `RegistryError`, `StoreError` or `GateError` if it can't be judged.
  package func assess<Op: RegistryOperation>(
    _ operation: Op, by subjects: [Request.Entity]
  ) async throws -> [Decision] {
    var decisions: [Decision] = []
    for subject in subjects {
      let attempt = try begin(operation, by: subject, key: nil)
      let gathered = try await gather(operation, attempt)
      var request = operation.request(by: attempt.subject, given: gathered.facts)
      request.context["now"] = .timestamp(milliseconds: attempt.time)
      decisions.append(try gate.evaluate(request))
    }
    return decisions
  }
}
