/// Limits of policy sets and requests. Each has a test on either side of it.
public enum EngineLimits {
  /// Errors that are kept of one file.
  public static let diagnosticsPerFile = 1_000
  /// Largest rule file, in bytes.
  public static let fileBytes = 256 << 20
  /// Most values in one rule file.
  public static let fileValues = 8 << 20
  /// Largest request, in bytes.
  public static let requestBytes = 16 << 20
  /// Deepest nesting of a request.
  public static let requestDepth = 64
  /// Most values in one request.
  public static let requestValues = 1_000_000
  /// Most evaluations in one batch.
  public static let batchEvaluations = 10_000
  /// Bytes that the evaluations of one batch may come to, a default counting for every item that it
  /// serves.
  public static let batchBytes = 128 << 20
  /// Most definitions in one set.
  public static let definitions = 10_000
  /// Longest action pattern, in bytes, and most wildcards in it.
  public static let patternBytes = 512
  /// Most wildcards in one action pattern.
  public static let patternWildcards = 16
  /// Steps that all conditions of one decision may take together.
  public static let decisionBudget = 1_000_000
  /// Roles that one subject may have.
  public static let rolesPerSubject = 10_000
  /// Entries of a subject's privilege limit that are looked at; those behind them reach nothing.
  public static let limitEntries = 1_000
  /// Words of role sets, with what decides them, that an authorizer remembers; it forgets them all
  /// when there are more.
  public static let rememberedRoles = 1 << 18
  /// Actions that no rule file names, that an authorizer remembers; as above.
  public static let rememberedActions = 1_024
  /// Reasons whose JSON an authorizer remembers; as above.
  public static let renderedReasons = 4_096
  /// Subjects that one `PreparedAuthorizer` keeps.
  public static let preparedSubjects = 100_000
  /// Attributes of one `RequestShape`.
  public static let shapeAttributes = 1_000
  /// Deepest attribute of a `RequestShape`, in names.
  public static let shapeDepth = 32
  /// Alternatives that an explanation offers: roles, and `allow` rules whose facts are worked out.
  public static let explainedAlternatives = 100
  /// Alternatives of a resource filter. A filter that would have more lets more through.
  public static let filterAlternatives = 1_000
}
