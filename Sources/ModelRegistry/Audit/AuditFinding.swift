public import PolicyEngine

/// Something in a registry that could not be made today.
public struct AuditFinding: Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable, CaseIterable {
    /// Policies or the registry would refuse it.
    case violation
    /// It could be made, and somebody should look at it.
    case warning
  }

  /// What it is about.
  public let key: RecordKey
  /// The rule that denies or warns, or an `AuditCode`.
  public let code: String
  /// How bad it is.
  public let severity: Severity
  /// What is wrong, for people.
  public let message: String
  /// What to do about it, if that is known.
  public let help: String?
  /// Who would have made it.
  public let asker: AuditAsker
  /// What policies were asked, if they were.
  public let request: Request?
  /// What they answered, with its explanation. Several findings of one request share it.
  public let decision: Decision?
}

/// Findings that are the audit's own and no rule's: stable names.
public enum AuditCode: String, Sendable, CaseIterable {
  /// Nothing grants the operation to who made it.
  case unauthorized
  /// Policies would allow it; the registry, which is kept whole whatever they say, would not do it.
  case impossible
  /// It refers to something that is not there.
  case dangling
  /// A model group has no owner, though access control is on.
  case ownerMissing = "owner-missing"
  /// The owner of a model group is none of today's users.
  case ownerGone = "owner-gone"
  /// The owner of a model group may not read it.
  case ownerLockedOut = "owner-locked-out"
  /// An alias stands for a PyTorch model that nothing runs.
  case aliasNotDeployed = "alias-not-deployed"

  /// What it means, in a sentence.
  public var summary: String {
    switch self {
    case .unauthorized: "Whoever made it could not make it today: nothing grants the action."
    case .impossible: "Policies would allow it, but the registry itself would refuse it."
    case .dangling: "It refers to something that is not in the registry."
    case .ownerMissing: "A model group without an owner is open to everybody who may use groups."
    case .ownerGone: "The owner of the model group is not among today's users."
    case .ownerLockedOut: "The owner of the model group may not read it."
    case .aliasNotDeployed: "Callers of the alias find no deployment that answers them."
    }
  }

  /// What to do about it.
  public var help: String {
    switch self {
    case .unauthorized: "give the user a role that grants the action, or remove what they made"
    case .impossible: "change its name or what it refers to, or remove it"
    case .dangling: "remove it, or restore what it refers to"
    case .ownerMissing:
      "register it anew with an owner; until then only an administrator can change its access"
    case .ownerGone:
      "ownership goes by the name and can't be handed over: let an administrator share the group "
        + "with backend roles, and never give the name to somebody else"
    case .ownerLockedOut:
      "give the owner one of the group's backend roles, or let an administrator change the roles"
    case .aliasNotDeployed: "start a deployment of the model, or move the alias to a deployed one"
    }
  }
}

/// What an audit has seen.
public struct AuditSummary: Sendable {
  /// How many records of each kind were examined.
  public internal(set) var examined: [Record.Kind: Int] = [:]
  /// How many of them something was found about, by kind.
  public internal(set) var affected: [Record.Kind: Int] = [:]
  /// How many findings are violations.
  public internal(set) var violations = 0
  /// How many findings are warnings.
  public internal(set) var warnings = 0
  /// Whether model groups bind callers: the registry's setting.
  public internal(set) var accessControl = true

  /// All records that were examined.
  public var total: Int { examined.values.reduce(0, +) }

  /// The worst that was found; nil for nothing.
  public var worst: AuditFinding.Severity? {
    violations > 0 ? .violation : warnings > 0 ? .warning : nil
  }
}
