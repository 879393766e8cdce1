import CEL
package import ModelRegistry
import PolicyEngine

/// One call of the registry on behalf of a request: every dialect goes through here, so that a dry
/// run, a repeated request and a caller are the same thing in all of them.
package struct RegistryCall: Sendable {
  private let registry: ModelRegistry
  private let key: String?
  /// On whose behalf.
  package let caller: Caller
  /// Whether the request only asks what would happen: `?dry_run=true`, or
  /// `?perform_permission_check=true` as OpenSearch's security plugin has it.
  package let isDryRun: Bool

  /// Parameters of a query that belong to the call and not to the dialect.
  package static let parameters: Set<String> = ["dry_run", "perform_permission_check"]

  /// A call for a request whose caller is known.
  ///
  /// A request may carry an `Idempotency-Key`: repeated with the same key, it takes effect once.
  ///
  /// - Throws: `ErrorBody` for a parameter that is neither `true` nor `false`.
  package init(_ request: WireRequest, by caller: Caller, in registry: ModelRegistry)
    throws(ErrorBody)
  {
    var isDryRun = false
    for name in Self.parameters where try request.query.flag(name) { isDryRun = true }
    (self.registry, self.caller, self.isDryRun) = (registry, caller, isDryRun)
    key = request.headers["Idempotency-Key"]
  }

  /// Performs an operation, or throws what a dry run of it has found.
  ///
  /// - Throws: what `ModelRegistry.perform` throws; `DryRun`.
  package func perform<Op: RegistryWrite>(_ operation: Op) async throws -> Performed<Op.Output> {
    if isDryRun { throw DryRun(try await registry.rehearse(operation, by: caller.subject)) }
    return try await registry.perform(operation, by: caller.subject, key: key)
  }

  /// Reads, or throws what a dry run has found.
  ///
  /// - Throws: what `ModelRegistry.read` throws; `DryRun`.
  package func read<Op: RegistryRead>(_ operation: Op) async throws -> Op.Output {
    if isDryRun { throw DryRun(try await registry.rehearse(operation, by: caller.subject)) }
    return try await registry.read(operation, by: caller.subject)
  }

  /// A page of a search, or throws what a dry run has found.
  ///
  /// - Throws: what `ModelRegistry.search` throws; `DryRun`.
  package func search<Op: RegistrySearch>(_ operation: Op) async throws -> Op.Output {
    if isDryRun { throw DryRun(try await registry.rehearse(operation, by: caller.subject)) }
    return try await registry.search(operation, by: caller.subject)
  }
}

/// What a dry run has found. It is thrown, so that nothing behind it happens.
package struct DryRun: Error, Sendable {
  package let rehearsal: Rehearsal

  init(_ rehearsal: Rehearsal) { self.rehearsal = rehearsal }

  /// The answer: the decision with its explanation, and what else would stand in the way.
  package var response: WireResponse {
    .json { writer in
      writer.beginObject()
      writer.member("dry_run", true)
      writer.member("would_succeed", rehearsal.wouldSucceed)
      // As OpenSearch's security plugin says it.
      writer.member("accessAllowed", rehearsal.decision.isAllowed)
      writer.name("decision")
      rehearsal.decision.write(to: &writer)
      if let obstacle = rehearsal.obstacle {
        writer.name("obstacle")
        writer.beginObject()
        writer.member("kind", obstacle.kind.rawValue)
        writer.member("message", obstacle.message)
        if let help = obstacle.help { writer.member("help", help) }
        writer.endObject()
      }
      writer.name("request")
      rehearsal.request.write(to: &writer)
      writer.endObject()
    }
  }
}
