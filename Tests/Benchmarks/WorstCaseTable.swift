import CEL
import WorstCases

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How long the default budget lasts: the worst expression of every kind of operation, run until it
/// is stopped.
extension Harness {
  /// No expression within the default budget runs longer, on the machine that the budget was
  /// calibrated on.
  private static let longest = 100.0

  mutating func measureAll(_ sizes: [Int]) throws {
    print(Self.header)
    try measureExpressions()
    try measureLoops()
    try measureCompiling()
    try measureDecisions(sizes)
  }

  /// A row for each family, or for every expression of it.
  mutating func measureWorstCases(each: Bool) throws {
    print("| kind of operation | worst expression | ms | steps | ended by |\n|---|---|---|---|---|")
    var worst: [(family: String, run: WorstRun)] = []
    for worstCase in WorstCase.all where matches(worstCase.expression, worstCase.family) {
      let run = try WorstRun(worstCase, rounds: rounds > 5 ? 5 : 2)
      if each { print(run.row(worstCase.family)) }
      if run.milliseconds > Self.longest {
        fail("\(worstCase): \(Int(run.milliseconds)) ms within the default budget")
      }
      if let place = worst.firstIndex(where: { $0.family == worstCase.family }) {
        if worst[place].run.milliseconds < run.milliseconds { worst[place].run = run }
      } else {
        worst.append((worstCase.family, run))
      }
    }
    if !each { for (family, run) in worst { print(run.row(family)) } }
  }

  private func matches(_ texts: String...) -> Bool {
    only.map { only in texts.contains { $0.utf8Contains(only) } } ?? true
  }
}

/// One expression until it is stopped.
private struct WorstRun {
  let expression: String
  var milliseconds = Double.infinity
  var steps = 0
  var outcome = ""

  init(_ worstCase: WorstCase, rounds: Int) throws {
    expression = worstCase.expression
    let compiled = try WorstCase.environment.compile(worstCase.expression)
    var evaluator = Evaluator(compiled)
    for (name, value) in WorstCase.bindings { try evaluator.bind(name, to: value) }
    // The first round is the cold one: memory grows, automatons are built.
    for _ in 0..<rounds {
      evaluator.refuel()
      // Processor time: others may want this machine as well.
      let start = clock()
      outcome = evaluator.outcome()
      milliseconds = min(milliseconds, Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1e3)
      steps = evaluator.spent
    }
  }

  func row(_ family: String) -> String {
    let tenths = Int(milliseconds * 10 + 0.5)
    let text = String(expression.map { $0 == "|" ? "¦" : $0 })
    return "| \(family) | `\(text)` | \(tenths / 10).\(tenths % 10) | \(steps) | \(outcome) |"
  }
}
