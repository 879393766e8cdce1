#if SQLite
  public import ModelRegistry
  public import PolicyGate

  /// What `SQLiteStore.check` found.
  public struct StoreReport: Sendable {
    /// Records of each kind that there are.
    public var records: [Record.Kind: Int] = [:]
    /// The end of the log.
    public var end = LogHead.empty
    /// The last commit.
    public var revision: StoreRevision = 0
    /// What is wrong, at most `SQLiteStoreLimits.problems` of it.
    public var problems: [String] = []

    /// Whether nothing is wrong.
    public var isSound: Bool { problems.isEmpty }

    mutating func note(_ problem: @autoclosure () -> String) {
      if problems.count < SQLiteStoreLimits.problems { problems.append(problem()) }
    }
  }
#endif
