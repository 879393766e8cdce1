import CEL
import PolicyEngine

/// The report for people: failures with what differs and why, then the sums.
public struct TestTextReport {
  let report: Report
  /// Lines of what, so that a terminal can colour them.
  public enum Tone: Sendable { case plain, good, bad, warning, expected, actual, faint, title }

  /// The lines of a report, each with its tone.
  public static func lines(_ report: Report) -> [(tone: Tone, text: String)] {
    TestTextReport(report: report).lines
  }

  var text: String { lines.map { $0.text + "\n" }.joined() }

  private var lines: [(tone: Tone, text: String)] {
    var lines: [(tone: Tone, text: String)] = []
    for result in report.run.failures {
      lines.append((.bad, "FAIL \(result.test.fullName)".replacingControls()))
      lines.append((.faint, "     \(result.test.position)"))
      for line in FailureText.lines(result) { lines.append((Self.tone(line), "     \(line)")) }
      lines.append((.plain, ""))
    }
    if let mutation = report.mutation, !mutation.survivors.isEmpty {
      lines.append((.title, "no test notices:"))
      for mutant in mutation.survivors {
        lines.append(
          (.warning, "  \(mutant.position): \(mutant.owner), \(mutant.change)".replacingControls()))
      }
      lines.append((.plain, ""))
    }
    if let coverage = report.run.coverage {
      lines += self.coverage(coverage)
    }
    lines.append(sum)
    if let mutation = report.mutation { lines.append(self.score(mutation)) }
    return lines
  }

  private static func tone(_ line: String) -> Tone {
    line.hasPrefix("  -") ? .expected : line.hasPrefix("  +") ? .actual : .plain
  }

  private func coverage(_ coverage: Coverage) -> [(tone: Tone, text: String)] {
    var lines: [(tone: Tone, text: String)] = []
    let gaps = report.listsGaps ? coverage.gaps : []
    if !gaps.isEmpty {
      lines.append((.title, "not covered:"))
      lines += gaps.map { (.warning, "  \($0.position): \($0.message)".replacingControls()) }
      lines.append((.plain, ""))
    }
    let shares = [
      ("rules", coverage.ruleShare), ("clauses", coverage.clauseShare),
      ("roles", coverage.roleShare), ("privileges", coverage.privilegeShare),
    ]
    let parts = shares.map { "\($0.0) \($0.1.hit)/\($0.1.all)" }
    let isAll = coverage.total.hit == coverage.total.all
    lines.append(
      (
        isAll ? .good : .warning,
        "coverage \(coverage.total.shown): \(parts.joined(separator: ", "))"
      ))
    return lines
  }

  private var sum: (tone: Tone, text: String) {
    let run = report.run
    func part(_ status: TestResult.Status) -> String? {
      let count = run.count(status)
      return count == 0 ? nil : "\(count) \(status.rawValue)"
    }
    let parts = TestResult.Status.allCases.compactMap(part)
    let count = run.results.count
    guard count > 0 else { return (.warning, "there are no tests") }
    return (
      run.count(.failed) > 0 ? .bad : .good,
      "\(count) \(count == 1 ? "test" : "tests"): \(parts.joined(separator: ", "))"
    )
  }

  private func score(_ mutation: MutationRun) -> (tone: Tone, text: String) {
    let score = mutation.score
    let left = mutation.survivors.count
    return (
      left == 0 ? .good : .warning,
      "mutation score \(score.shown): \(score.hit) of \(score.all) changes noticed, \(left) survived"
    )
  }
}

extension Coverage.Share {
  /// `97.5 %`; never rounded up to a hundred.
  public var shown: String { "\(decimal(percent)) %" }
}
