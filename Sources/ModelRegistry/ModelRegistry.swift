public import PolicyEngine
public import PolicyGate
import Synchronization

/// A registry of models that can be reached only through the gate.
///
/// ```swift
/// let registry = try await ModelRegistry.open(
///   MemoryStore(), policies: try PolicySet(folder: "policies"), clock: milliseconds)
/// try await registry.perform(
///   PutAlias("flight_delay", of: "flight-delay-2"), by: alice)
/// ```
///
/// Every operation is judged on facts from one state of the store, takes effect only if they still
/// hold and the policies that judged it are still in force, and stands in the log together with its
/// effect. What a site might decide differently is a rule; that names are unique and nothing
/// dangles is the registry's own, whatever the rules say.
public final class ModelRegistry: Sendable {
  /// Who judges.
  public let gate: PolicyGate
  /// Where decisions are logged: in the store.
  public let log: StoreLog
  let store: any RegistryStore
  let clock: PolicyGate.Clock
  let groupRanges: GroupRangeFinder
  /// The last change of policies that was begun.
  let changes = Mutex<Task<Void, any Error>?>(nil)

  /// Finds ranges of model groups outside of which policies show the caller nothing, from a request
  /// to search groups (`resource.id` is `*`). It only saves looking: policies are asked about every
  /// group in the ranges.
  public typealias GroupRangeFinder = @Sendable (PolicySet, Request) -> [GroupRange]

  private init(
    gate: PolicyGate, log: StoreLog, store: any RegistryStore, clock: @escaping PolicyGate.Clock,
    groupRanges: @escaping GroupRangeFinder
  ) {
    (self.gate, self.log, self.store, self.clock) = (gate, log, store, clock)
    self.groupRanges = groupRanges
  }

  /// Opens a registry and puts these policies in force.
  ///
  /// - Parameters:
  ///   - masks: fields of requests that are not written to the log.
  ///   - unloggedReads: how many reads may be answered before their log records are durable; 0 for
  ///     none, `RegistryLimits.unloggedReads` at most. Whoever allows any calls `log.flush()` now
  ///     and then.
  ///   - groupRanges: where searches for model groups look; everywhere, unless said otherwise.
  ///   - clock: milliseconds since the Unix epoch.
  /// - Throws: `StoreError` or `RegistryError` if the policies can't be put in force.
  public static func open(
    _ store: any RegistryStore, policies: PolicySet, masks: Masks = Masks(),
    unloggedReads: Int = 0, groupRanges: @escaping GroupRangeFinder = { _, _ in [.all] },
    clock: @escaping PolicyGate.Clock
  ) async throws -> ModelRegistry {
    let log = StoreLog(store, unloggedReads: unloggedReads)
    let gate = PolicyGate(policies, log: log, masks: masks, clock: clock)
    let registry = ModelRegistry(
      gate: gate, log: log, store: store, clock: clock, groupRanges: groupRanges)
    try await registry.install(policies, note: "opened")
    return registry
  }

  /// Reads the store directly, for who keeps it: log, audits, metrics. Nothing is judged.
  package func inspect<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result {
    try await store.read(body)
  }
}
