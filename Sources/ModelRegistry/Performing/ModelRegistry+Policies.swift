public import PolicyEngine
import PolicyGate
import Synchronization

extension ModelRegistry {
  /// Loads other policies and puts them in force, in store and gate. Whatever was judged by the old
  /// ones and has not taken effect is judged again. If they do not load completely, or can't be
  /// written down, the old ones stay in force.
  ///
  /// - Parameter note: for people who read the log.
  /// - Throws: `PolicyLoadError` with everything that is wrong with them; `StoreError`;
  ///   `RegistryError`.
  @discardableResult
  public func reload(
    note: String? = nil, _ load: @Sendable () throws(PolicyLoadError) -> PolicySet
  ) async throws -> PolicySet {
    let set: PolicySet
    do {
      set = try load()
    } catch {
      gate.note(error)
      throw error
    }
    try await install(set, note: note)
    return set
  }

  /// Whether the policies that this registry judges by are those in force in its store.
  ///
  /// - Throws: `StoreError`.
  package func judgesByPoliciesInForce() async throws -> Bool {
    isInForce(try await store.readBriefly { try FactReader($0).policyRevision() })
  }

  /// Puts policies in force that have been loaded: one change after the other, so that store and
  /// gate end with the same.
  func install(_ set: PolicySet, note: String?) async throws {
    let change = changes.withLock { last in
      let change = Task { [last] in
        _ = await last?.result
        try await self.change(to: set, note)
      }
      last = change
      return change
    }
    try await change.value
  }

  private func change(to set: PolicySet, _ note: String?) async throws {
    // The store first: until the gate has them too, nothing commits. The other way round, a store
    // that fails would leave the gate with policies that are not in force.
    try await putInForce(set.revision, note)
    gate.install(set)
  }

  private func putInForce(_ revision: String, _ note: String?) async throws {
    let time = clock()
    for tries in 1...RegistryLimits.tries {
      let (found, reads) = try await store.read { snapshot in
        var reader = FactReader(snapshot)
        let record = try reader.record(.policy)
        return (record, reader.reads)
      }
      if case .policy(let inForce)? = found, inForce.isExactly(revision) { return }
      let key = Attempt.randomKey()
      let outcome = try await store.commit(
        StoreCommit(
          reads: reads, writes: [.policy: .some(.policy(revision: revision))], key: key,
          record: DecisionRecord(policyRevision: revision, time: time, note: note),
          policyRevision: nil))
      switch try await settle(outcome, key) {
      case .committed: return
      case .conflict, .aborted: break
      case .unknown: throw Self.unknownOutcome(nil)
      }
      try await pause(after: tries)
    }
    throw RegistryError(
      .contended, "other policies are put in force again and again",
      help: "let one place decide which are in force")
  }
}
