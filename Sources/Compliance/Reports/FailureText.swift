import CEL
import PolicyEngine

/// A failed case in plain words: what differs, then the decision and why.
enum FailureText {
  static func lines(_ result: TestResult) -> [String] {
    var lines: [String] = []
    for difference in result.differences {
      lines += compare(difference)
    }
    if let decision = result.decision { lines += explain(decision) }
    return lines.map { $0.replacingControls() }
  }

  /// Expected and actual below each other, so that the eye finds the difference.
  static func compare(_ difference: Difference) -> [String] {
    func block(_ mark: String, _ text: String) -> [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \(mark) \($0)" }
    }
    return ["\(difference.what):"] + block("- expected:", difference.expected)
      + block("+ actual:  ", difference.actual)
  }

  static func explain(_ decision: Decision) -> [String] {
    var lines = [
      "decision: \(decision.outcome.rawValue)" + (decision.stage.map { " at \($0.rawValue)" } ?? "")
    ]
    for reason in decision.reasons {
      lines += self.reason(reason, decision.outcome == .deny ? "deny" : "allow")
    }
    for reason in decision.warnings { lines += self.reason(reason, "warn") }
    for reason in decision.audit { lines += self.reason(reason, "audit") }
    if !decision.missing.isEmpty {
      lines.append("  what was missing:")
      for missing in decision.missing {
        let of = missing.rule.map { "for \($0): " } ?? ""
        lines.append("    \(of)\(missing.facts.map(\.text).joined(separator: ", and "))")
      }
    }
    return lines
  }

  private static func reason(_ reason: Reason, _ kind: String) -> [String] {
    let name = reason.rule.map { "\($0): " } ?? ""
    let place = reason.position.map { "  (\($0))" } ?? ""
    var lines = ["  \(kind) \(name)\(oneLine(reason.message))\(place)"]
    for clause in reason.clauses {
      lines.append("    \(clause.result.rawValue): \(oneLine(clause.expression))")
      if let failure = clause.failure { lines.append("      \(oneLine(failure))") }
      for value in clause.values {
        let seen = value.value.map { oneLine($0.description) } ?? "(missing)"
        lines.append("      \(value.path) = \(seen)")
      }
    }
    return lines
  }

  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 }.prefix(400))
  }
}
