public import CEL
public import PolicyEngine

/// Looks at a policy set for what is probably not meant.
public struct Lint: Sendable {
  /// How much each finding weighs.
  public var configuration: LintConfiguration

  /// Lint with a configuration.
  public init(_ configuration: LintConfiguration = LintConfiguration()) {
    self.configuration = configuration
  }

  /// Everything that is found in these rule files. A set that does not load has what prevents it
  /// as its findings.
  ///
  /// - Parameter tests: test documents beside the policies: a rule that a case expects something of
  ///   needs no examples, and a fixture that a case builds on is used.
  public func report(
    on sources: [PolicySource], tests: [PolicySource] = [], timeZones: TimeZones = TimeZones()
  ) -> LintReport {
    do throws(PolicyLoadError) {
      return report(on: try PolicySet(sources, timeZones: timeZones), tests: tests)
    } catch {
      var report = LintReport()
      report.findings = error.diagnostics.map {
        LintFinding(code: nil, diagnostic: $0, fix: nil)
      }
      return report
    }
  }

  /// Everything that is found in a set.
  ///
  /// - Parameter tests: test documents beside the policies, as above.
  public func report(on set: PolicySet, tests: [PolicySource] = []) -> LintReport {
    var run = LintRun(set, configuration, TestedNames(tests))
    run.checkConditions()
    run.checkPairs()
    run.checkActions()
    run.checkUses()
    run.checkDocumentation()
    run.checkNames()
    var report = run.finish()
    report.findings.insert(
      contentsOf: set.warnings.map { LintFinding(code: nil, diagnostic: $0, fix: nil) }, at: 0)
    return report
  }

  // MARK: Fixing

  /// The files with every fix in them, and how many there were. Nothing but the fixed places
  /// changes, no decision does, and fixing again changes nothing.
  public func fixed(
    _ sources: [PolicySource], timeZones: TimeZones = TimeZones()
  ) -> (sources: [PolicySource], count: Int) {
    var sources = sources
    var count = 0
    // Fixes that touch each other are made one after the other. Every fix makes a file shorter, so
    // this ends.
    while true {
      let fixes = Self.apart(
        report(on: sources, timeZones: timeZones).findings.compactMap(\.fix))
      guard !fixes.isEmpty else { break }
      let changed = sources.map { source in
        Self.apply(fixes.filter { $0.file == source.name }, to: source)
      }
      // A set that no longer loads would be worse than any finding.
      guard (try? PolicySet(changed, timeZones: timeZones)) != nil else { break }
      sources = changed
      count += fixes.count
    }
    return (sources, count)
  }

  /// Fixes that do not touch each other, so that all can be made at once.
  private static func apart(_ fixes: [LintFinding.Fix]) -> [LintFinding.Fix] {
    var kept: [LintFinding.Fix] = []
    for fix in fixes {
      let isApart = kept.allSatisfy {
        $0.file != fix.file || $0.range.upperBound < fix.range.lowerBound
          || fix.range.upperBound < $0.range.lowerBound
      }
      if isApart { kept.append(fix) }
    }
    return kept
  }

  private static func apply(_ fixes: [LintFinding.Fix], to source: PolicySource) -> PolicySource {
    guard !fixes.isEmpty else { return source }
    var bytes = source.bytes
    for fix in fixes.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      bytes.replaceSubrange(fix.range, with: fix.replacement)
    }
    return PolicySource(name: source.name, bytes: bytes)
  }
}
