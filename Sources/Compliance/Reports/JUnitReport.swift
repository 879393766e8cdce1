import CEL
import PolicyEngine

/// Test results as the schema of the Jenkins plug-in has them, which most CI systems read.
struct JUnitReport {
  let report: Report

  var text: String {
    let run = report.run
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text +=
      "<testsuites name=\"modelgate\" tests=\"\(run.results.count)\" failures=\"\(run.count(.failed))\" errors=\"0\" time=\"\(run.duration.seconds)\">\n"
    for (name, results) in suites { text += suite(name, results) }
    return text + "</testsuites>\n"
  }

  /// Results by suite, in the order of their first case.
  private var suites: [(String, [TestResult])] {
    var order: [String] = []
    var bySuite: [String: [TestResult]] = [:]
    for result in report.run.results {
      if bySuite[result.test.suite] == nil { order.append(result.test.suite) }
      bySuite[result.test.suite, default: []].append(result)
    }
    return order.map { ($0, bySuite[$0] ?? []) }
  }

  private func suite(_ name: String, _ results: [TestResult]) -> String {
    let time = results.reduce(Duration.zero) { $0 + $1.duration }.seconds
    let failed = results.count { $0.status == .failed }
    let skipped = results.count { $0.status == .skipped }
    var text =
      "  <testsuite name=\"\(name.xml)\" tests=\"\(results.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"\(skipped)\" time=\"\(time)\">\n"
    for result in results { text += testCase(result) }
    return text + "  </testsuite>\n"
  }

  private func testCase(_ result: TestResult) -> String {
    let test = result.test
    let start =
      "    <testcase classname=\"\(test.suite.xml)\" name=\"\(test.name.xml)\" time=\"\(result.duration.seconds)\""
    switch result.status {
    case .passed: return start + "/>\n"
    case .skipped:
      return start + "><skipped message=\"\((test.skip ?? "").xml)\"/></testcase>\n"
    case .failed:
      let what = result.differences.map {
        "\($0.what): expected \($0.expected), actual \($0.actual)"
      }
      let lines = ["\(test.position)"] + FailureText.lines(result)
      return start
        + ">\n      <failure type=\"\((result.differences.first?.what ?? "").xml)\" message=\""
        + what.joined(separator: "; ").xml + "\">"
        + lines.map(\.xml).joined(separator: "\n") + "</failure>\n    </testcase>\n"
    }
  }
}
