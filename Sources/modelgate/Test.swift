#if CLI
  import ArgumentParser
  import Compliance
  import PolicyEngine

  /// `modelgate test`: the tests of a policy set, with coverage and mutants.
  struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the tests of a policy set, and see what they leave untested.",
      discussion: """
        The examples of all rules are tests. More stand in test documents (*.test.json), which are looked \
        for beside the rule files unless they are named.

        EXAMPLES
          modelgate test
          modelgate test tests/site.test.json --policies site/policies
          modelgate test --filter 'alias-*' --watch
          modelgate test --coverage --coverage-threshold 95 --report junit=junit.xml
          modelgate test --mutate --report html=report.html --report sarif=report.sarif

        REPORTS
          text, json, junit, tap, sarif, github, gitlab, cobertura (with coverage), html (with coverage)

        EXIT STATUS
          0   all tests pass
          1   the policies or tests can't be used, or there are none
          2   a test fails
          3   all tests pass, but a threshold is missed
          64  wrong usage
        """)

    @Argument(
      help: ArgumentHelp(
        "Test documents, or folders of them. (default: the folder of the policies)",
        valueName: "path"),
      completion: .file(extensions: ["json"]))
    var paths: [String] = []

    @OptionGroup var policies: PolicyOptions

    @Option(
      help: ArgumentHelp(
        "Only tests whose name (`suite / name`) holds this text; with *, whose whole name matches.",
        valueName: "text"))
    var filter: String?

    @Option(
      help: ArgumentHelp(
        "How many tests run at a time. (default: one for each processor)", valueName: "n"))
    var jobs: Int?

    @Flag(help: "Run again whenever a file changes, until Ctrl-C.")
    var watch = false

    @Flag(help: "Tell which rules, clauses, roles and privileges the tests exercise.")
    var coverage = false

    @Option(
      help: ArgumentHelp(
        "Exit with status 3 if less of them is exercised, in percent.", valueName: "percent"))
    var coverageThreshold: Double?

    @Flag(help: "Weaken the policies in small ways, one at a time, and tell what no test notices.")
    var mutate = false

    @Option(
      help: ArgumentHelp(
        "Exit with status 3 if fewer of the changes are noticed, in percent.",
        valueName: "percent"))
    var mutationThreshold: Double?

    @Option(
      help: ArgumentHelp(
        "Write a report, to standard output or to a file; as often as you like.",
        valueName: "format[=file]"),
      completion: .list(ReportFormat.allCases.map(\.rawValue)))
    var report: [ReportOption] = []

    @Option(help: "text for people, json for programs.")
    var format = OutputFormat.text

    func validate() throws {
      if let jobs, jobs < 1 || jobs > ComplianceLimits.jobs {
        throw ValidationError("--jobs is a number from 1 to \(ComplianceLimits.jobs).")
      }
      for (name, value) in [
        ("--coverage-threshold", coverageThreshold), ("--mutation-threshold", mutationThreshold),
      ] {
        if let value, !(0...100).contains(value) {
          throw ValidationError("\(name) is in percent, from 0 to 100.")
        }
      }
      let shown = report.filter { $0.file == nil && $0.format != .github }
      if shown.count > 1 {
        throw ValidationError(
          "Only one report can go to standard output: name files for the others, --report \(shown[1].format.rawValue)=FILE."
        )
      }
      if shown.count == 1, format == .json {
        throw ValidationError(
          "--format json and --report \(shown[0].format.rawValue) can't both go to standard output."
        )
      }
    }

    func run() async throws {
      let console = Console()
      let run = SuiteRun(command: self, console: console)
      guard watch else {
        let status = await run.once()
        console.flush()
        if status != 0 { throw ExitCode(status) }
        return
      }
      while true {
        let before = run.stamps
        let status = await run.once()
        console.line(
          console.style.faint(
            "\(status == 0 ? "all well" : "status \(status)"); waiting for changes, Ctrl-C ends"))
        console.flush()
        while run.stamps == before { try await Task.sleep(for: .milliseconds(300)) }
        console.line()
      }
    }
  }

  /// `--report junit=report.xml`.
  struct ReportOption: ExpressibleByArgument {
    let format: ReportFormat
    /// Nil: standard output.
    let file: String?

    init?(argument: String) {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let format = ReportFormat(rawValue: String(parts[0])) else { return nil }
      let file = parts.count == 2 ? String(parts[1]) : nil
      guard file != "" else { return nil }
      self.format = format
      self.file = file == "-" ? nil : file
    }

    static var allValueStrings: [String] { ReportFormat.allCases.map(\.rawValue) }
  }
#endif
