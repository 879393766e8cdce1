public import PolicyGate

/// A registry of models that can be reached only through the gate.
public final class ModelRegistry: Sendable {
  /// Who judges.
  public let gate: PolicyGate
  let store: any RegistryStore

  /// A registry behind this gate.
  public init(gate: PolicyGate, store: any RegistryStore) {
    (self.gate, self.store) = (gate, store)
  }
}
