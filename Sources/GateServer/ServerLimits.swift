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

  /// Most segments that the paths of one `filter_path` have together; those that begin alike share
  /// theirs.
  public static let filterPathSegments = 1_000

  /// How often `filter_path` compares a name of one answer with a pattern or looks it up.
  public static let filterSteps = 20_000_000

  /// Most models of one page of a list in the Elasticsearch dialect.
  public static let listedModels = 10_000
  /// Most parts of one definition, as many as Elasticsearch takes.
  public static let definitionParts = 10_000
  /// Most definitions of which some parts are kept in memory until the others come.
  public static let definitionUploads = 4
  /// How long parts of a definition are kept while no other comes, in seconds.
  public static let definitionUploadSeconds = 600
  /// Most models that one call undeploys.
  public static let modelsAtOnce = 100
  /// Most clauses of one search, as many as OpenSearch takes.
  public static let searchClauses = 1_024
  /// Longest pattern with wildcards, in characters.
  public static let searchPattern = 1_000
  /// How much one search compares, so that it takes about a second at most: a comparison of a value
  /// is one step, and words and patterns are more.
  public static let searchSteps = 5_000_000
  /// Most fields that a search sorts by.
  public static let sortFields = 16
  /// Most names that `_source` gives.
  public static let sourcePatterns = 100

  /// Longest name of an API key and of a role descriptor, in bytes.
  public static let keyNameBytes = 256
  /// Most privileges of an API key, a role descriptor counting as one more.
  public static let keyPrivileges = 256
  /// Largest metadata of an API key, in bytes as they came.
  public static let keyMetadataBytes = 4_096
  /// Most API keys that one call invalidates by their ids.
  public static let keysAtOnce = 1_000

  /// What an answer is read with to bring it into another form; it is our own.
  package static let answers = JSONLimits(bytes: 1 << 30, depth: 128, nodes: 1 << 24)

  /// What a JSON body is read with.
  package static let json = JSONLimits(bytes: bodyBytes, depth: jsonDepth, nodes: jsonNodes)
  /// Callers that need not be judged again in the same millisecond when they ask for decisions.
  public static let repeatedCallers = 64
}
