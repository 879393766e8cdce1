import CEL
public import PolicyEngine

/// What a run exercised of a policy set, read off the program that decided.
public struct Coverage: Sendable {
  /// A simple condition: an operand of `&&`, `||`, `!` or `?:` that is none of these itself.
  public struct Clause: Sendable {
    /// As the author wrote it.
    public let expression: String
    /// Where it begins.
    public let position: SourcePosition
    /// How often it was reached and came out so. Operands that short-circuiting skipped do not
    /// count.
    public internal(set) var isTrue = 0
    /// See `isTrue`.
    public internal(set) var isFalse = 0
    /// How often it had no value.
    public internal(set) var isError = 0

    /// How many of its two outcomes were seen.
    public var outcomes: Int { (isTrue > 0 ? 1 : 0) + (isFalse > 0 ? 1 : 0) }
  }

  /// A rule, or a definition that rules use.
  public struct Part: Sendable {
    /// Id of the rule, name of the definition.
    public let name: String
    /// Nil for a definition.
    public let effect: Effect?
    /// What it is for.
    public let description: String
    /// Where it stands.
    public let position: SourcePosition
    /// How often it was asked; for a definition, how often a clause of it was reached.
    public internal(set) var asked = 0
    /// How often its condition held, or had no value.
    public internal(set) var matched = 0
    /// How often it was among the reasons, the warnings or what is only recorded.
    public internal(set) var decided = 0
    /// Its clauses, in the order of the text.
    public internal(set) var clauses: [Clause]
  }

  /// A role or a privilege.
  public struct Holder: Sendable {
    /// Its name.
    public let name: String
    /// Where it stands.
    public let position: SourcePosition
    /// How often it granted.
    public internal(set) var granted = 0
  }

  /// So many of so many.
  public struct Share: Hashable, Sendable {
    /// What was exercised, and what there is.
    public let hit, all: Int
    /// In percent; of nothing, everything is exercised.
    public var percent: Double { all == 0 ? 100 : Double(hit) * 100 / Double(all) }
  }

  /// The rules, in the order of the documents.
  public internal(set) var rules: [Part] = []
  /// The definitions that rules use, in the order of the documents.
  public internal(set) var definitions: [Part] = []
  /// The roles that hold privileges or action patterns of their own.
  public internal(set) var roles: [Holder] = []
  /// The privileges that some role holds.
  public internal(set) var privileges: [Holder] = []
  /// What roles granted: actions by role.
  var grantedActions: [String: Set<String>] = [:]
  /// For each case, in order, the rules that it asked.
  var askedRules: [Set<Int>] = []

  /// Rules that decided something.
  public var ruleShare: Share { Share(hit: rules.count { $0.decided > 0 }, all: rules.count) }
  /// Outcomes of clauses, two for each.
  public var clauseShare: Share {
    let clauses = (rules + definitions).flatMap(\.clauses)
    return Share(hit: clauses.reduce(0) { $0 + $1.outcomes }, all: clauses.count * 2)
  }
  /// Roles that granted something.
  public var roleShare: Share { Share(hit: roles.count { $0.granted > 0 }, all: roles.count) }
  /// Privileges that granted something.
  public var privilegeShare: Share {
    Share(hit: privileges.count { $0.granted > 0 }, all: privileges.count)
  }
  /// All of it together: what a threshold is held against.
  public var total: Share {
    let shares = [ruleShare, clauseShare, roleShare, privilegeShare]
    return Share(
      hit: shares.reduce(0) { $0 + $1.hit }, all: shares.reduce(0) { $0 + $1.all })
  }
}
