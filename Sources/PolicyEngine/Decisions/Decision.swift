public import CEL

/// What comes of a request.
public enum Outcome: String, Sendable, CaseIterable {
  /// It may go ahead.
  case allow
  /// It may go ahead, and somebody should be told something.
  case warn
  /// It may not.
  case deny
}

/// The answer to a request, and why.
public struct Decision: Sendable {
  /// What comes of the request.
  public let outcome: Outcome
  /// The revision of the policy set that decided.
  public let revision: String
  /// The stage that denied; nil if nothing did.
  public let stage: Stage?
  /// What decided, in document order: the rules that deny, or what grants.
  public let reasons: [Reason]
  /// Rules that warn, and rules in mode `warn` that would deny.
  public let warnings: [Reason]
  /// Rules in mode `audit` that would have done something.
  public let audit: [Reason]
  /// What a protocol front end answers for a denial, if the deciding rule says.
  public let error: WireError?
  /// For a denial: the smallest sets of facts, any one of which would have turned it. Filled when
  /// an explanation was asked for.
  public let missing: [MissingFacts]

  /// Whether the request may go ahead.
  public var isAllowed: Bool { outcome != .deny }
}

/// The answer of a protocol front end to a denial.
public struct WireError: Hashable, Sendable {
  /// HTTP status.
  public let status: Int
  /// The error type of the protocol.
  public let type: String
  /// The text.
  public let reason: String
}

/// One rule or role that took part in a decision.
public struct Reason: Sendable {
  /// The rule; nil for a role's grant and for "nothing grants this".
  public let rule: String?
  /// The role that grants; nil for rules.
  public let role: String?
  /// The privilege through which the role grants.
  public let privilege: String?
  /// The policy document.
  public let policy: String?
  /// What the rule does.
  public let effect: Effect
  /// How far the rule goes.
  public let mode: Mode
  /// For people.
  public let message: String
  /// Where the rule or role stands.
  public let position: SourcePosition?
  /// The rule's error for front ends.
  public let error: ProtocolError?
  /// Why the rule's condition has no value, if it has none.
  public let failure: String?
  /// The parts of the condition that decided, with what they saw. Filled when an explanation was
  /// asked for.
  public internal(set) var clauses: [Clause]
}

/// A part of a condition, and how it came out.
public struct Clause: Hashable, Sendable {
  /// How it came out.
  public enum Result: String, Hashable, Sendable {
    case `true`, `false`, error
  }
  /// As the author wrote it.
  public let expression: String
  /// How it came out.
  public let result: Result
  /// What it read: attribute paths and their values, in the order of the text.
  public let values: [Value]
  /// What went wrong, for an error.
  public let failure: String?

  /// An attribute and its value.
  public struct Value: Hashable, Sendable {
    /// The attribute's path: `subject.backend_roles`.
    public let path: String
    /// Its value; nil if it is missing.
    public let value: CELValue?
  }
}

/// Facts that would, together, have turned a denial.
public struct MissingFacts: Hashable, Sendable {
  /// What each fact is, for people: ``a role with one of `manage_ml`, `manage`, `all` ``.
  public let facts: [Fact]
  /// The rule that these facts would satisfy or keep quiet; nil for role grants.
  public let rule: String?

  /// One fact.
  public struct Fact: Hashable, Sendable {
    /// For people.
    public let text: String
    /// For programs: the values of which any one is enough; empty if the fact is not of this kind.
    public let anyOf: [CELValue]
    /// The attribute that it is about.
    public let path: String?
  }
}
