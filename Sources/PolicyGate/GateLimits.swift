/// Limits of the gate. Each has a test on either side of it.
public enum GateLimits {
  /// Authorizers that are kept for the next decision, each with the memory of its last one.
  public static let idleAuthorizers = 64
  /// Longest name of an attempt, in bytes.
  public static let keyBytes = 512
}
