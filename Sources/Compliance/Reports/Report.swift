import CEL
public import PolicyEngine

/// A run with all that belongs to it: what every format is made from.
public struct Report: Sendable {
  /// The set that was tested.
  public let policies: PolicySet
  /// What came of the cases.
  public let run: TestRun
  /// What came of the mutants, if they were run.
  public let mutation: MutationRun?
  /// The version of the tool, for formats that name it.
  public let version: String
  /// Whether gaps in coverage are findings; they are not if coverage only serves something else.
  public let listsGaps: Bool

  /// A report of a run.
  public init(
    policies: PolicySet, run: TestRun, mutation: MutationRun? = nil, version: String,
    listsGaps: Bool = true
  ) {
    (self.policies, self.run, self.mutation) = (policies, run, mutation)
    (self.version, self.listsGaps) = (version, listsGaps)
  }

  /// The report in a format, whole.
  public func written(as format: ReportFormat) -> String {
    switch format {
    case .text: TestTextReport(report: self).text
    case .json: JSONReport(report: self).text
    case .junit: JUnitReport(report: self).text
    case .tap: TAPReport(report: self).text
    case .sarif: FindingReport.sarif(findings, kinds: Self.kinds, version: version)
    case .github: FindingReport.github(findings)
    case .gitlab: FindingReport.gitlab(findings)
    case .cobertura: CoberturaReport(report: self).text
    case .html: HTMLReport(report: self).text
    }
  }
}

/// What a report can be written as.
public enum ReportFormat: String, Sendable, CaseIterable {
  /// For people.
  case text
  /// All of it, for programs.
  case json
  /// Test results as most CI systems read them.
  case junit
  /// Test Anything Protocol, version 14.
  case tap
  /// Failures, survivors and gaps as static analysis results, version 2.1.0.
  case sarif
  /// The same as annotations of GitHub Actions.
  case github
  /// The same as a code quality report of GitLab.
  case gitlab
  /// Coverage of clauses, by file and line.
  case cobertura
  /// One page for people, which needs nothing else.
  case html

  /// Whether there is nothing to write without coverage.
  public var needsCoverage: Bool { self == .cobertura || self == .html }
}

extension Report {
  /// What the codes of findings mean.
  static let kinds = [
    FindingKind(
      code: "test-failed", summary: "A test of the policies fails.",
      help: "Change the rules until it passes, or the test if it asks for the wrong thing."),
    FindingKind(
      code: "mutant-survived", summary: "A rule can be weakened without any test noticing.",
      help: "Write a test that only passes while the rule stands as it is."),
    FindingKind(
      code: "not-covered", summary: "No test exercises a part of the policies.",
      help: "Write a test that does."),
  ]

  /// Failures, survivors and gaps, each with its place.
  public var findings: [LoadDiagnostic] {
    var findings = run.failures.map { result in
      let what = result.differences.map {
        "\($0.what): expected \($0.expected), actual \($0.actual)"
      }
      return LoadDiagnostic(
        code: "test-failed",
        message: "\(result.test.fullName) fails: \(what.joined(separator: "; "))", help: nil,
        position: result.test.position)
    }
    findings += (mutation?.survivors ?? []).map { mutant in
      LoadDiagnostic(
        code: "mutant-survived",
        message: "no test notices it: \(mutant.owner), \(mutant.change)", help: nil,
        position: mutant.position, severity: .warning)
    }
    return findings + (listsGaps ? run.coverage?.gaps ?? [] : [])
  }
}

extension Coverage {
  /// What no case exercised, each with its place.
  public var gaps: [LoadDiagnostic] {
    func gap(_ message: String, _ position: SourcePosition) -> LoadDiagnostic {
      LoadDiagnostic(
        code: "not-covered", message: message, help: nil, position: position, severity: .warning)
    }
    var gaps: [LoadDiagnostic] = []
    for part in rules + definitions {
      if part.effect != nil, part.decided == 0 {
        let how =
          part.asked == 0 ? "asks" : part.matched == 0 ? "is matched by" : "is decided by"
        gaps.append(gap("no test \(how) rule `\(part.name)`", part.position))
      }
      for clause in part.clauses where clause.outcomes < 2 {
        let missing =
          clause.isTrue == 0 && clause.isFalse == 0
          ? "reached" : clause.isTrue == 0 ? "true" : "false"
        gaps.append(gap("`\(clause.expression)` is never \(missing)", clause.position))
      }
    }
    gaps += roles.filter { $0.granted == 0 }.map {
      gap("no test is granted anything by role `\($0.name)`", $0.position)
    }
    gaps += privileges.filter { $0.granted == 0 }.map {
      gap("no test is granted anything through privilege `\($0.name)`", $0.position)
    }
    return gaps
  }
}
