/// Limits of the registry. Each has a test on either side of it.
public enum RegistryLimits {
  /// Longest id or name of anything, in bytes. Policies may ask for less.
  public static let nameBytes = 4_096
  /// What the texts of one operation may come to, in bytes, each element of a list counting for at
  /// least eight.
  public static let operationBytes = 2 << 20
  /// Deepest nesting of a model's configuration.
  public static let configurationDepth = 60
  /// Largest definition of a trained model, in bytes.
  public static let definitionBytes = 64 << 20
  /// How often an operation is judged again because what it was judged by has changed.
  public static let tries = 100
  /// Most results of one page.
  public static let pageSize = 1_000
  /// How many records one page of a search may look at; a page that ends early says where to go on.
  public static let candidatesPerPage = 10_000
  /// How far into its results a search that sorts can go.
  public static let searchWindow = 10_000
  /// How many records a search that sorts looks at; one that ends early says so.
  public static let candidatesPerSearch = 100_000
  /// What the results of a search that sorts may come to, in bytes.
  public static let foundBytes = 64 << 20
  /// Reads that may be answered before their log records are durable.
  public static let unloggedReads = 256
  /// About how many bytes of facts about resources are remembered for whoever asks about others; then
  /// all are forgotten.
  public static let rememberedFactsBytes = 8 << 20
  /// Bytes of the most facts about one resource that are remembered.
  public static let rememberedFactBytes = 64 << 10
}
