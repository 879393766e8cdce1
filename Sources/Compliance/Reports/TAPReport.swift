import CEL
import PolicyEngine

/// Test Anything Protocol, version 14, which readers of version 13 understand too: a plan, a line
/// for each case, and a YAML block for each that failed.
struct TAPReport {
  let report: Report

  var text: String {
    let results = report.run.results
    var text = "TAP version 13\n1..\(results.count)\n"
    for (index, result) in results.enumerated() {
      let name = Self.description(result.test.fullName)
      switch result.status {
      case .passed: text += "ok \(index + 1) - \(name)\n"
      case .skipped:
        text += "ok \(index + 1) - \(name) # SKIP \(Self.description(result.test.skip ?? ""))\n"
      case .failed:
        text += "not ok \(index + 1) - \(name)\n" + Self.block(result)
      }
    }
    return text
  }

  /// A description ends at `#`, and stays on its line.
  private static func description(_ text: String) -> String {
    text.replacingControls().replacing("\\", with: "\\\\").replacing("#", with: "\\#")
  }

  private static func block(_ result: TestResult) -> String {
    var text = "  ---\n  at: \(quoted("\(result.test.position)"))\n  differences:\n"
    for difference in result.differences {
      text += "    - what: \(quoted(difference.what))\n"
      text += "      expected: \(quoted(difference.expected))\n"
      text += "      actual: \(quoted(difference.actual))\n"
    }
    text += "  decision:\n"
    for line in result.decision.map(FailureText.explain) ?? ["none"] {
      text += "    - \(quoted(line))\n"
    }
    return text + "  ...\n"
  }

  /// A JSON string is a YAML string.
  private static func quoted(_ text: String) -> String {
    var writer = JSONWriter(.compact)
    writer.value(text.replacing("\n", with: " ").replacingControls())
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
