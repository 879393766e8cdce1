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
  let groupRanges = GroupRanges()
  let turns = TurnLines()
  let factMemory = FactMemory()
  /// The last change of policies that was begun.
  let changes = Mutex<Task<Void, any Error>?>(nil)

  /// What time it is, in milliseconds since the Unix epoch.
  package var now: Int64 { clock() }

  private init(
    gate: PolicyGate, log: StoreLog, store: any RegistryStore, clock: @escaping PolicyGate.Clock
  ) {
    (self.gate, self.log, self.store, self.clock) = (gate, log, store, clock)
  }

  /// What opening a registry does to the policies in force.
  public enum Activation: Sendable {
    /// These policies come into force, whichever were before.
    case always
    /// They come into force if none are. If others are, nothing is opened.
    case ifNoneInForce
  }

  /// Opens a registry under these policies.
  ///
  /// - Parameters:
  ///   - activation: what to do if other policies are in force.
  ///   - masks: fields of requests that are not written to the log.
  ///   - unloggedReads: how many reads may be answered before their log records are durable; 0 for
  ///     none, `RegistryLimits.unloggedReads` at most. Whoever allows any calls `log.flush()` now
  ///     and then.
  ///   - clock: milliseconds since the Unix epoch.
  /// - Throws: `StoreError` or `RegistryError` if the policies can't be put in force; a
  ///   `RegistryError` of kind `otherPolicies` if others are and `activation` respects them.
  public static func open(
    _ store: any RegistryStore, policies: PolicySet, activation: Activation = .always,
    masks: Masks = Masks(), unloggedReads: Int = 0, clock: @escaping PolicyGate.Clock
  ) async throws -> ModelRegistry {
    let log = StoreLog(store, unloggedReads: unloggedReads)
    let gate = PolicyGate(policies, log: log, masks: masks, clock: clock)
    let registry = ModelRegistry(gate: gate, log: log, store: store, clock: clock)
    if activation == .ifNoneInForce, let other = try await registry.otherPolicies() {
      throw RegistryError(
        .otherPolicies,
        "the registry is under policies \(other.prefix(12)), not \(policies.revision.prefix(12))",
        help: "load the policies that are in force, or put these in force")
    }
    try await registry.install(policies, note: "opened")
    return registry
  }

  /// The revision in force, if it is not the gate's.
  private func otherPolicies() async throws -> String? {
    let inForce = try await store.readBriefly { try FactReader($0).policyRevision() }
    return isInForce(inForce) ? nil : inForce
  }

  /// Reads the store directly, for who keeps it: log, audits, metrics. Nothing is judged.
  package func inspect<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result {
    try await store.read(body)
  }
}
