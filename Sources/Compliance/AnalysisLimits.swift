/// The limits of what looks at conditions without requests. Each has a test on either side of it.
public enum AnalysisLimits {
  /// Rows of the truth table of one atom; an attribute that has more values is given fewer, and the
  /// result is no longer called exact.
  public static let tableRows = 4_096
  /// Steps of one search for a request.
  public static let searchSteps = 50_000
  /// Pairs of rules that lint compares with each other.
  public static let rulePairs = 20_000
  /// Cells (role, action, type of resource) that a comparison of access goes through.
  public static let diffCells = 200_000
  /// Action patterns that are combined with each other to find names that several of them match.
  public static let diffPatterns = 200
  /// Names of one kind (rules, actions, subjects) that a replay counts by themselves; changes of
  /// further ones are counted together.
  public static let replayGroups = 10_000
  /// Examples of each kind of change that a replay keeps.
  public static let replayExamples = 10
  /// Lines that can't be used of which a replay keeps the reason; all are counted.
  public static let replayFaults = 100
  /// Names of one kind that are compared letter by letter.
  public static let comparedNames = 1_000
  /// Elements of which all subsets are tried as lists.
  public static let subsetElements = 5
}
