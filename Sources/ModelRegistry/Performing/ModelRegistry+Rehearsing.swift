public import PolicyEngine
import PolicyGate

/// What would come of an operation.
public struct Rehearsal: Sendable {
  /// The decision, with its explanation.
  public let decision: Decision
  /// Why the registry would not do it though policies allow it; nil if it would.
  public let obstacle: RegistryError?

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
    let (decision, facts) = try await rehearse(operation, attempt)
    var obstacle: RegistryError?
    do throws(RegistryError) {
      if decision.isAllowed { _ = try operation.effect(on: facts, of: attempt) }
    } catch {
      obstacle = error
    }
    return Rehearsal(decision: decision, obstacle: obstacle)
  }

  /// Judges a read without reading anything out.
  ///
  /// - Throws: as for writes.
  public func rehearse<Op: RegistryRead>(
    _ operation: Op, by subject: Request.Entity
  ) async throws -> Rehearsal {
    let attempt = try begin(operation, by: subject, key: nil)
    let (decision, facts) = try await rehearse(operation, attempt)
    var obstacle: RegistryError?
    do throws(RegistryError) {
      if decision.isAllowed { _ = try operation.answer(from: facts) }
    } catch {
      obstacle = error
    }
    return Rehearsal(decision: decision, obstacle: obstacle)
  }

  /// Judges whether the caller may search at all.
  ///
  /// - Throws: as for writes.
  public func rehearse<Op: RegistrySearch>(
    _ operation: Op, by subject: Request.Entity
  ) async throws -> Rehearsal {
    let attempt = try begin(operation, by: subject, key: nil)
    let (decision, _) = try await rehearse(operation, attempt)
    return Rehearsal(decision: decision, obstacle: nil)
  }

  private func rehearse<Op: RegistryOperation>(
    _ operation: Op, _ attempt: Attempt
  ) async throws -> (Decision, Op.Facts) {
    for tries in 1...RegistryLimits.tries {
      let gathered = try await gather(operation, attempt)
      if isInForce(gathered.policyRevision) {
        let decision = try await gate.rehearse(
          operation, by: attempt.subject, given: gathered.facts)
        return (decision, gathered.facts)
      }
      try await pause(after: tries)
    }
    throw try await givenUp(Op.action)
  }
}
