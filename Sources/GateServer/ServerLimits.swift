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
  /// Most entities of a directory.
  public static let directoryEntities = 1_000_000
  /// What the evaluations of one request may come to, in bytes, a default counting for every
  /// evaluation that it serves.
  public static let evaluationBytes = 16 << 20
  /// Most evaluations of one request that are explained.
  public static let explainedEvaluations = 100
  /// Most results of one page of an AuthZEN search.
  public static let searchPage = 1_000
  /// Candidates that are looked at for one page of an AuthZEN search. A page that ends early says
  /// where to go on.
  public static let searchCandidates = 10_000
  /// How many decisions are logged at once.
  package static let logBatch = 256
  /// Most entries of one page of the decision log.
  public static let logPage = 1_000
  /// Log entries that are looked at for one page.
  public static let logScan = 10_000

  /// What a JSON body is read with.
  package static let json = JSONLimits(bytes: bodyBytes, depth: jsonDepth, nodes: jsonNodes)
}
