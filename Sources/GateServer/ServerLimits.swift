package import CEL

/// Limits of what comes over the wire. Each has a test on either side of it.
public enum ServerLimits {
  /// Deepest nesting of a JSON body.
  public static let jsonDepth = 64
  /// Most values of a JSON body.
  public static let jsonNodes = 1_000_000
  /// Largest body, uncompressed, in bytes, unless the site says otherwise: a definition of a model
  /// of the registry's largest size, written in Base64, and its configuration.
  public static let bodyBytes = 96 << 20

  /// Most segments that the paths of one `filter_path` have together; those that begin alike share
  /// theirs.
  public static let filterPathSegments = 1_000

  /// Most models that one call undeploys.
  public static let modelsAtOnce = 100
  /// Most clauses of one search, as many as OpenSearch takes.
  public static let searchClauses = 1_024
  /// Longest pattern with wildcards, in characters.
  public static let searchPattern = 1_000
  /// How much one search compares, in steps of some ten nanoseconds: a comparison of a value is one,
  /// and words and patterns are more.
  public static let searchSteps = 20_000_000
  /// Most fields that a search sorts by.
  public static let sortFields = 16
  /// Most names that `_source` gives.
  public static let sourcePatterns = 100

  /// What an answer is read with to bring it into another form; it is our own.
  package static let answers = JSONLimits(bytes: 1 << 30, depth: 128, nodes: 1 << 24)

  /// What a JSON body is read with.
  package static let json = JSONLimits(bytes: bodyBytes, depth: jsonDepth, nodes: jsonNodes)
}
