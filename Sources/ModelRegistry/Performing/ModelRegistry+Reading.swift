import CEL
public import PolicyEngine
import PolicyGate

extension ModelRegistry {
  /// Judges a read and answers it, from the state on which it was judged.
  ///
  /// - Throws: `Refusal` if policies deny it; `RegistryError` if there is no answer; `StoreError` or
  ///   `GateError` if store or log fail. What can't be logged is not answered.
  public func read<Op: RegistryRead>(
    _ operation: Op, by subject: Request.Entity
  ) async throws -> Op.Output {
    let attempt = try begin(operation, by: subject, key: nil)
    for tries in 1...RegistryLimits.tries {
      let gathered = try await gather(operation, attempt, notesReads: false)
      if isInForce(gathered.policyRevision) {
        let permit = try await gate.judge(operation, by: subject, given: gathered.facts).permit()
        if gathered.policyRevision?.isExactly(permit.decision.revision) ?? false {
          let spent = permit.spend()
          try await log.appendRead(spent.record)
          return try spent.operation.answer(from: spent.facts)
        }
        // Other policies came into force meanwhile; nothing was read out yet.
        _ = permit.spend()
      }
      try await pause(after: tries)
    }
    throw try await givenUp(Op.action)
  }

  /// Judges whether the caller may search at all, and gives a page of what the caller may see:
  /// policies are asked about every candidate.
  ///
  /// - Throws: as `read`.
  public func search<Op: RegistrySearch>(
    _ operation: Op, by subject: Request.Entity
  ) async throws -> Op.Output {
    let attempt = try begin(operation, by: subject, key: nil)
    for tries in 1...RegistryLimits.tries {
      let gathered = try await gather(operation, attempt)
      let policies = gate.current
      if gathered.policyRevision?.isExactly(policies.revision) ?? false {
        let permit = try await gate.judge(operation, by: subject, given: gathered.facts).permit()
        let isSame = permit.decision.revision.isExactly(policies.revision)
        let spent = permit.spend()
        if isSame, let page = try await page(operation, attempt, policies) {
          try await log.appendRead(spent.record)
          return page
        }
      }
      try await pause(after: tries)
    }
    throw try await givenUp(Op.action)
  }

  /// A page by these policies; nil if others are in force.
  private func page<Op: RegistrySearch>(
    _ operation: Op, _ attempt: Attempt, _ policies: PolicySet
  ) async throws -> Op.Output? {
    try await store.read { snapshot in
      var reader = FactReader(snapshot) { self.groupRanges.ranges(policies, $0) }
      guard try reader.policyRevision()?.isExactly(policies.revision) ?? false else { return nil }
      var authorizer = Authorizer(policies)
      return try operation.page(from: &reader, for: attempt) { request in
        var request = request
        request.context["now"] = .timestamp(milliseconds: attempt.time)
        return try authorizer.outcome(of: request) != .deny
      }
    }
  }
}
