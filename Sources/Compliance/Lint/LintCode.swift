/// What lint looks for. The names are stable: configuration, suppressions and reports use them.
public enum LintCode: String, CaseIterable, Sendable {
  case neverMatches = "never-matches"
  case alwaysTrue = "always-true"
  case neverExcludes = "never-excludes"
  case shadowedRule = "shadowed-rule"
  case duplicateRule = "duplicate-rule"
  case conflictingRules = "conflicting-rules"
  case denyCanFail = "deny-can-fail"
  case denyReadsUndeclared = "deny-reads-undeclared"
  case unmatchedAction = "unmatched-action"
  case unknownResourceType = "unknown-resource-type"
  case broadGrant = "broad-grant"
  case unusedPrivilege = "unused-privilege"
  case unassignedRole = "unassigned-role"
  case unusedDefinition = "unused-definition"
  case unusedFixture = "unused-fixture"
  case emptyActions = "empty-actions"
  case grantsNothing = "grants-nothing"
  case repeatedEntry = "repeated-entry"
  case redundantPattern = "redundant-pattern"
  case missingDescription = "missing-description"
  case missingExamples = "missing-examples"
  case confusableName = "confusable-name"
  case mixedScript = "mixed-script"
  case unusedSuppression = "unused-suppression"
  case invalidSuppression = "invalid-suppression"

  /// How much a finding weighs.
  public enum Level: String, CaseIterable, Sendable {
    /// It is not looked for.
    case off
    case warning
    case error
  }

  /// The level without configuration.
  public var level: Level {
    switch self {
    case .neverMatches, .conflictingRules, .mixedScript, .invalidSuppression: .error
    default: .warning
    }
  }

  /// All codes, for reports that say what they mean.
  public static let kinds = allCases.map { code in
    FindingKind(
      code: code.rawValue, summary: code.summary,
      help: "docs/LINT.md says more about `\(code.rawValue)`.")
  }

  /// What it is, in a few words: for lists of rules in reports.
  public var summary: String {
    switch self {
    case .neverMatches: "a rule that can never apply"
    case .alwaysTrue: "a condition that is true for every request"
    case .neverExcludes: "an `unless` that is true for no request"
    case .shadowedRule: "a rule that never decides, because another always decides as well"
    case .duplicateRule: "two rules that say the same"
    case .conflictingRules: "an `allow` rule that a `deny` rule always overrides"
    case .denyCanFail: "a `deny` rule whose condition may have no value, and then denies"
    case .denyReadsUndeclared:
      "a `deny` rule that fails if an undeclared attribute has another type"
    case .unmatchedAction: "an action pattern that matches no declared action"
    case .unknownResourceType: "a resource type that no vocabulary declares"
    case .broadGrant: "a grant of everything, or of nearly everything"
    case .unusedPrivilege: "a privilege that no role grants"
    case .unassignedRole: "a role that nobody is given"
    case .unusedDefinition: "a definition that nothing uses"
    case .unusedFixture: "a fixture that no example or test builds on"
    case .emptyActions: "a list of actions without any"
    case .grantsNothing: "a role that grants nothing"
    case .repeatedEntry: "an entry that stands twice in one list"
    case .redundantPattern: "an action pattern that another one of the list covers"
    case .missingDescription: "something that nobody described"
    case .missingExamples: "a rule without examples or tests"
    case .confusableName: "two names that are easily taken for each other"
    case .mixedScript: "a text that mixes scripts, or holds characters that can't be seen"
    case .unusedSuppression: "a suppression of something that is not found"
    case .invalidSuppression: "a suppression without a reason, or of an unknown code"
    }
  }
}
