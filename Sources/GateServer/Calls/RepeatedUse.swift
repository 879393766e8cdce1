package import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization

/// That callers may use a part of ModelGate which the same callers use all the time.
///
/// A judgement depends on policies, request and time, and the request of a `ServiceUse` on its
/// caller alone. So whoever was judged a moment ago, and comes again in the same millisecond of the
/// gate's clock under the same policies, would be judged alike and need not be. Nothing longer is
/// remembered, since a rule may ask what time it is; and nobody who may not, since each refusal is
/// logged.
package final class RepeatedUse: Sendable {
  private struct Allowed {
    /// Held, so that no other value can stand in its place.
    let caller: Caller
    let policies: PolicySet
    let time: Int64
  }

  private let registry: ModelRegistry
  private let use: ServiceUse
  private let allowed = Mutex([Allowed?](repeating: nil, count: ServerLimits.repeatedCallers))

  /// A use that is judged by the policies of a registry.
  package init(_ use: ServiceUse, in registry: ModelRegistry) {
    (self.use, self.registry) = (use, registry)
  }

  /// Checks that a caller may. A refusal is logged before it is thrown.
  ///
  /// - Throws: `Refusal`; `GateError`.
  package func check(by caller: Caller) async throws {
    let (policies, time) = (registry.gate.current, registry.now)
    let slot = Int(UInt(bitPattern: caller.place) / 16 % UInt(ServerLimits.repeatedCallers))
    let isKnown = allowed.withLock { allowed in
      guard let known = allowed[slot] else { return false }
      return known.time == time && known.policies === policies && known.caller.isSame(as: caller)
    }
    if isKnown { return }
    guard let judges = try await registry.check(use, by: caller, at: time) else { return }
    let known = Allowed(caller: caller, policies: judges, time: time)
    allowed.withLock { $0[slot] = known }
  }
}
