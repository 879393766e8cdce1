import CEL
import PolicyEngine
import Testing

@testable import Compliance

/// What the reports have in common: texts of rules, requests and tests are data in every format.
/// How each looks is golden-tested with the tool; parsers of others read them in
/// `Tests/Reports/validate.sh`.
@Suite struct ReportTests {
  /// A text that breaks out of whatever forgets to escape.
  static let hostile = #"<script>&"'</script>#]]>%0A::error::\u001b[31m\u0000 €"#

  static func report() async throws -> Report {
    let set = try policies(
      #"""
      "rules": [{ "id": "r", "description": "\#(hostile.replacing("\"", with: "\\\""))", "effect": "deny",
        "when": "resource.x == '<b>&'", "message": "\#(hostile.replacing("\"", with: "\\\""))" }]
      """#)
    let name = hostile.replacing("\"", with: "\\\"")
    let suite = try TestSuite(
      set,
      documents: [
        document(
          #"""
          { "name": "\#(name)", "request": \#(request(#""x": "<b>&""#)), "expect": { "outcome": "allow", "message": "\#(name)!" } },
          { "name": "later", "skip": "\#(name)", "request": {}, "expect": { "outcome": "allow" } }
          """#)
      ])
    let run = await (try TestRunner(suite, covers: true)).run()
    #expect(run.count(.failed) == 1)
    let mutation = await MutationRunner(suite, run).run()
    return Report(policies: set, run: run, mutation: mutation, version: "1.2.3")
  }

  @Test(arguments: [ReportFormat.junit, .cobertura, .html])
  func markupIsEscaped(_ format: ReportFormat) async throws {
    let text = try await Self.report().written(as: format)
    #expect(!text.contains("<script>"))
    #expect(!text.contains("<b>&"))
    #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    if format != .cobertura { #expect(text.contains("&lt;script&gt;&amp;&quot;&#39;")) }
  }

  /// The page needs nothing else: it names no address and runs no script.
  @Test func thePageStandsAlone() async throws {
    let text = try await Self.report().written(as: .html)
    for mark in ["http:", "https:", "src=", "href=", "<script", "<link", "@import", "url("] {
      #expect(!text.contains(mark), "the page holds \(mark)")
    }
    #expect(text.contains("prefers-color-scheme: dark"))
    #expect(text.contains("<svg class=\"matrix\""))
    #expect(text.contains("class=\"tested\"") && text.contains("All tests pass") == false)
  }

  /// Every annotation is one line, and nothing in it starts another command.
  @Test func annotationsAreOneLineEach() async throws {
    let report = try await Self.report()
    let lines = report.written(as: .github).split(separator: "\n")
    #expect(lines.count == report.findings.count)
    #expect(lines.allSatisfy { $0.hasPrefix("::error file=") || $0.hasPrefix("::warning file=") })
    #expect(lines[0].contains("%250A::error::"))
  }

  /// A plan, and a line that begins so for each case: names can't make more of them.
  @Test func everyCaseIsOneLineOfTAP() async throws {
    let report = try await Self.report()
    let lines = report.written(as: .tap).split(separator: "\n")
    #expect(lines[1] == "1..\(report.run.results.count)")
    let results = lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
    #expect(results.count == report.run.results.count)
    #expect(results[0].contains("'</script>\\#]]>"))
  }

  /// Findings that are alike but for their line have names of their own.
  @Test func fingerprintsTellFindingsApart() throws {
    let findings = [1, 2, 3].map { line in
      LoadDiagnostic(
        code: "c", message: line < 3 ? "same" : "other", help: "do this",
        position: SourcePosition(file: "a b/ü.json", line: line, column: 1), severity: .warning)
    }
    let text = FindingReport.gitlab(findings)
    let prints = text.split(separator: "\n").filter { $0.contains("fingerprint") }
    #expect(Set(prints).count == 3)
    let sarif = FindingReport.sarif(
      findings,
      kinds: [FindingKind(code: "c", summary: "s", help: "h", page: "https://example.org")],
      version: "1")
    #expect(sarif.contains("\"uri\": \"a%20b/%C3%BC.json\""))
    #expect(sarif.contains("\"text\": \"same\\ndo this\""))
  }

  @Test func emptyRunsAreWritten() async throws {
    let set = try policies(#""rules": []"#)
    let suite = try TestSuite(set, documents: [])
    let run = await (try TestRunner(suite, covers: true)).run()
    let report = Report(policies: set, run: run, version: "1")
    for format in ReportFormat.allCases where format != .github {
      #expect(!report.written(as: format).isEmpty, "\(format)")
    }
    #expect(report.written(as: .tap) == "TAP version 13\n1..0\n")
  }
}
