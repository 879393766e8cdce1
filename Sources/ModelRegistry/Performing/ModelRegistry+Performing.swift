public import PolicyEngine
import PolicyGate

/// What came of an operation that was performed.
public struct Performed<Output: Sendable>: Sendable {
  /// What came of it.
  public let output: Output
  /// The commit.
  public let revision: StoreRevision
  /// The decision, with its warnings; nil for a repeated attempt, which was judged before.
  public let decision: Decision?
  /// Whether an earlier attempt of the same key had taken effect.
  public var isRepeated: Bool { decision == nil }
}

/// What an operation was judged by, and on what its effect depends.
struct Gathered<Facts: Sendable>: Sendable {
  let facts: Facts
  let reads: ReadSet
  let policyRevision: String?
  /// The commit that an earlier attempt of the same key has made.
  let repeated: StoreRevision?
}

extension ModelRegistry {
  /// Judges an operation and performs it: on the facts on which it was judged, under the policies
  /// that judged it, with its record in the log, or not at all.
  ///
  /// - Parameter key: what names this attempt, if the caller may repeat it. An attempt that took
  ///   effect takes effect once, however often it is repeated.
  /// - Throws: `Refusal` if policies deny it; `RegistryError` if it can't be done, or with the kind
  ///   `outcomeUnknown` if nobody knows whether it was; `StoreError` or `GateError` if store or log
  ///   fail, in which case nothing was done.
  @discardableResult
  public func perform<Op: RegistryWrite>(
    _ operation: Op, by subject: Request.Entity, key: String? = nil
  ) async throws -> Performed<Op.Output> {
    let attempt = try begin(operation, by: subject, key: key)
    let target = operation.target
    var hasTurn = false
    defer { if hasTurn { turns.leave(target) } }
    var number = 1
    for tries in 1...RegistryLimits.tries {
      // Whoever was overtaken, or comes where others were.
      if !hasTurn, tries > 1 || turns.isTaken(target) {
        await turns.enter(target)
        hasTurn = true
      }
      let storeKey = attempt.storeKey(number)
      let gathered = try await gather(operation, attempt)
      if let revision = gathered.repeated {
        return Performed(
          output: operation.output(ofRepeated: attempt), revision: revision, decision: nil)
      }
      guard isInForce(gathered.policyRevision) else {
        try await pause(after: tries)
        continue
      }
      let permit = try await gate.judge(
        operation, by: subject, given: gathered.facts, key: key
      ).permit()
      let (outcome, made) = try await commit(permit, gathered.reads, attempt, storeKey)
      switch try await settle(outcome, storeKey) {
      case .committed(let revision, let isRepeated):
        return Performed(
          output: isRepeated ? operation.output(ofRepeated: attempt) : made.output,
          revision: revision, decision: isRepeated ? nil : made.decision)
      case .conflict: break
      case .aborted:
        number += 1
        guard number <= Attempt.numbers else { throw Self.keyUsedUp(key) }
      case .unknown: throw Self.unknownOutcome(key)
      }
      try await pause(after: tries)
    }
    throw try await givenUp(Op.action)
  }

  /// Checks what can be checked before anything is read.
  func begin<Op: RegistryOperation>(
    _ operation: Op, by subject: Request.Entity, key: String?
  ) throws -> Attempt {
    if let key, key.isEmpty || key.utf8.count > GateLimits.keyBytes {
      throw RegistryError(
        .invalid, "the attempt's key has \(key.utf8.count) bytes",
        help: "a key has 1 to \(GateLimits.keyBytes)")
    }
    try operation.checkLimits()
    return Attempt(operation, by: subject, at: clock(), key: key)
  }

  /// Reads what an operation must know, from one state of the store.
  ///
  /// - Parameter notesReads: whether a commit will depend on what was read.
  func gather<Op: RegistryOperation>(
    _ operation: Op, _ attempt: Attempt, notesReads: Bool = true
  ) async throws -> Gathered<Op.Facts> {
    try await store.readBriefly { snapshot in
      var reader = FactReader(snapshot, notesReads: notesReads)
      let repeated = try reader.revision(of: attempt)
      let policyRevision = try reader.policyRevision()
      let facts = try operation.facts(from: &reader, for: attempt)
      return Gathered(
        facts: facts, reads: reader.reads, policyRevision: policyRevision, repeated: repeated)
    }
  }

  /// Whether the store's policies are the gate's. While others come into force, they may not be for
  /// a moment.
  func isInForce(_ policyRevision: String?) -> Bool {
    policyRevision?.isExactly(gate.current.revision) ?? false
  }

  /// Spends a permit.
  private func commit<Op: RegistryWrite>(
    _ permit: consuming Permit<Op>, _ reads: ReadSet, _ attempt: Attempt, _ storeKey: String
  ) async throws -> (CommitOutcome, (output: Op.Output, decision: Decision)) {
    let spent = permit.spend()
    let effect: Effect<Op.Output>
    do {
      effect = try spent.operation.effect(on: spent.facts, of: attempt)
    } catch {
      // Policies allowed what would leave the registry broken; that it was not done is logged.
      try await log.append(spent.record.as(.abandoned))
      throw error
    }
    let outcome = try await store.commit(
      StoreCommit(
        reads: reads, writes: effect.writes, key: storeKey, record: spent.record,
        policyRevision: spent.decision.revision))
    return (outcome, (effect.output, spent.decision))
  }

  /// Finds out what became of a commit of which nobody knows. If that can't be found out either,
  /// the outcome stays unknown.
  func settle(_ outcome: CommitOutcome, _ storeKey: String) async throws -> CommitOutcome {
    guard outcome == .unknown else { return outcome }
    for tries in 1...Self.resolutions {
      do throws(StoreError) {
        switch try await store.resolve(storeKey) {
        case .committed(let revision): return .committed(revision, repeated: false)
        case .aborted: return .aborted
        }
      } catch {
        // A caller who goes away does not make the outcome any better known.
        try? await pause(after: tries)
      }
    }
    return .unknown
  }

  /// How often a store is asked what became of a commit.
  private static var resolutions: Int { 8 }

  static func keyUsedUp(_ key: String?) -> RegistryError {
    RegistryError(
      .contended, "the store has lost the commit \(Attempt.numbers) times; nothing was done",
      help: key == nil ? "try again" : "try again with another key")
  }

  static func unknownOutcome(_ key: String?) -> RegistryError {
    RegistryError(
      .outcomeUnknown, "the store does not say whether the operation took effect",
      help: key == nil
        ? "look whether it did, then repeat it with a key if it did not"
        : "repeat it with the same key: it takes effect once at most")
  }

  func givenUp(_ action: String) async throws -> RegistryError {
    let inForce = try await store.readBriefly { try FactReader($0).policyRevision() }
    guard isInForce(inForce) else {
      return RegistryError(
        .otherPolicies,
        "policies \(inForce ?? "(none)") are in force, and this gate has \(gate.current.revision)",
        help: "load the policies that are in force, or put this gate's in force")
    }
    return RegistryError(
      .contended,
      "`\(action)` was judged \(RegistryLimits.tries) times, and each time others were faster",
      help: "try again")
  }

  /// Lets others go first, the longer the more often they were faster.
  func pause(after tries: Int) async throws {
    guard tries > 3 else {
      await Task.yield()
      return
    }
    let longest = UInt64(1_000) << UInt64(min(tries, 12))
    try await Task.sleep(nanoseconds: .random(in: 0...longest))
  }
}
