public import PolicyEngine

/// One request, and what must come of it: a row of a test document or an example of a rule.
public struct TestCase: Sendable {
  /// What it belongs to: a test document's name, or the rule whose example it is.
  public let suite: String
  /// Its own name, unique within its suite.
  public let name: String
  /// Where it stands.
  public let position: SourcePosition
  /// Why it does not run; nil if it does.
  public let skip: String?
  /// What must come of it.
  public let expectation: Expectation
  /// The request, as JSON; a fault if an example can't be put together.
  let request: Result<[UInt8], CaseFault>
  /// Why the registry would not do what policies allow; nil for a request, and if it would.
  var obstacle: Obstacle?

  /// `suite / name`, which filters look at and reports print.
  public var fullName: String { "\(suite) / \(name)" }
}

/// Why a case has no request.
struct CaseFault: Error, Sendable { let message: String }

/// Why a registry would not do what policies allow.
struct Obstacle: Hashable, Sendable {
  /// A stable name: `not_found`.
  let kind: String
  /// For people.
  let message: String
}

/// What must come of a request. What is nil is not looked at.
public struct Expectation: Sendable {
  /// The rule whose example it is, with what the rule does.
  var example: (rule: String, effect: Effect)?
  /// What must come of it.
  public internal(set) var outcome: Outcome?
  /// The stage that denies.
  public internal(set) var stage: Stage?
  /// Exactly these rules decide or warn.
  public internal(set) var rules: [String]?
  /// At least these rules decide or warn.
  public internal(set) var includes: [String]?
  /// None of these rules decides or warns.
  public internal(set) var excludes: [String]?
  /// Exactly these roles grant.
  public internal(set) var roles: [String]?
  /// Exactly these privileges grant.
  public internal(set) var privileges: [String]?
  /// One reason or warning has this text.
  public internal(set) var message: String?
  /// Exactly these rules warn.
  public internal(set) var warnings: [String]?
  /// Exactly these rules are recorded only.
  public internal(set) var audit: [String]?
  /// Exactly these rules can't be evaluated; none, unless it is said.
  public internal(set) var failures: [String] = []
  /// These facts are among those that were missing.
  public internal(set) var missing: [String]?
  /// What a protocol front end answers.
  public internal(set) var status: Int?
  /// Its type.
  public internal(set) var errorType: String?
  /// Its text.
  public internal(set) var errorReason: String?
  /// The request is refused as not well-formed, with this code.
  public internal(set) var requestError: String?

  /// What keeps the registry from doing what policies allow; nothing, unless it is said.
  public internal(set) var obstacle: String?

  /// Whether an explanation is needed to judge.
  var needsExplanation: Bool { missing != nil }
  var isEmpty: Bool {
    outcome == nil && stage == nil && rules == nil && includes == nil && excludes == nil
      && roles == nil && privileges == nil && message == nil && warnings == nil && audit == nil
      && missing == nil && status == nil && errorType == nil && errorReason == nil
      && requestError == nil && obstacle == nil && failures.isEmpty
  }
}
