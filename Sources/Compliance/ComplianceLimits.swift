/// The limits of what judges policies. Each has a test on either side of it.
public enum ComplianceLimits {
  /// Most cases that one test document may come to, every row of a table counting for one.
  public static let casesPerDocument = 100_000
  /// Most threads that tests run on.
  public static let jobs = 256
}
