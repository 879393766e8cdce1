import CEL
public import PolicyEngine

/// Findings about things of one kind, and how many of these were looked at.
public struct FindingSuite: Sendable {
  /// The kind.
  public let name: String
  /// How many were looked at.
  public let examined: Int
  /// What was found, each with the name of the thing that it is about.
  public let findings: [(name: String, finding: LoadDiagnostic)]

  /// Findings of a kind.
  public init(
    name: String, examined: Int, findings: [(name: String, finding: LoadDiagnostic)]
  ) {
    (self.name, self.examined, self.findings) = (name, examined, findings)
  }
}

extension FindingReport {
  /// JUnit: a suite for each kind, a test that failed for each finding that is an error, one that
  /// passed with something to say for each warning, and one for all the things that nothing was
  /// found about, of which there may be millions.
  public static func junit(_ suites: [FindingSuite]) -> String {
    let cases = suites.map { suite in
      (suite: suite, clean: suite.examined - Set(suite.findings.map(\.name)).count)
    }
    let tests = cases.reduce(0) { $0 + $1.suite.findings.count + ($1.clean > 0 ? 1 : 0) }
    let failures = cases.reduce(0) { $0 + Self.failures($1.suite) }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text +=
      "<testsuites name=\"modelgate\" tests=\"\(tests)\" failures=\"\(failures)\" errors=\"0\" time=\"0.000\">\n"
    for (suite, clean) in cases {
      let name = suite.name.xml
      text +=
        "  <testsuite name=\"\(name)\" tests=\"\(suite.findings.count + (clean > 0 ? 1 : 0))\" failures=\"\(Self.failures(suite))\" errors=\"0\" skipped=\"0\" time=\"0.000\">\n"
      if clean > 0 {
        text +=
          "    <testcase classname=\"\(name)\" name=\"\(clean) without findings\" time=\"0.000\"/>\n"
      }
      for (thing, finding) in suite.findings { text += testCase(name, thing, finding) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func failures(_ suite: FindingSuite) -> Int {
    suite.findings.count { $0.finding.severity == .error }
  }

  private static func testCase(
    _ suite: String, _ thing: String, _ finding: LoadDiagnostic
  ) -> String {
    let text = (finding.message + (finding.help.map { "\nhelp: \($0)" } ?? "")).xml
    let start =
      "    <testcase classname=\"\(suite)\" name=\"\(thing.xml): \(finding.code.xml)\" time=\"0.000\">\n"
    let body =
      finding.severity == .error
      ? "      <failure type=\"\(finding.code.xml)\" message=\"\(finding.message.xml)\">\(finding.position.description.xml)&#10;\(text)</failure>\n"
      : "      <system-out>\(finding.position.description.xml)&#10;\(text)</system-out>\n"
    return start + body + "    </testcase>\n"
  }
}
