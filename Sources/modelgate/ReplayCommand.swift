#if CLI
  import ArgumentParser
  import CEL
  import Compliance
  import PolicyEngine

  /// `modelgate replay`: a decision log against changed policies.
  struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "replay",
      abstract: "Take recorded decisions again by changed policies, and say what changes.",
      discussion: """
        The log has one JSON object a line: an AuthZEN request with its "decision", or {"request": …} with \
        the answer of "modelgate check --format json" beside it, or a record of the decision log. With \
        --against, requests are enough: the old policies say what was decided.

        EXAMPLES
          modelgate replay decisions.ndjson --policies policies
          modelgate replay decisions.ndjson --fail-on newly-allowed,newly-denied
          modelgate replay requests.ndjson --against old/policies
          modelgate replay decisions.ndjson --as-enforced no-changes-at-night

        EXIT STATUS
          0   no change is one of --fail-on
          1   the policies, the log or a line of it can't be used
          2   a change is one of --fail-on
          64  wrong usage
        """)

    @Argument(
      help: ArgumentHelp("The decision log (NDJSON); - is standard input.", valueName: "log"),
      completion: .file(extensions: ["ndjson", "jsonl", "log"]))
    var log: String

    @OptionGroup var policies: PolicyOptions

    @Option(
      help: ArgumentHelp(
        "Policies to compare with, instead of the decisions in the log.", valueName: "dir"),
      completion: .directory)
    var against: String?

    @Option(
      help: ArgumentHelp(
        "Take a rule whose mode is warn or audit as if it were enforced. May be repeated.",
        valueName: "rule"))
    var asEnforced: [String] = []

    @Option(
      help: ArgumentHelp(
        "Changes that fail the command, separated by commas: \(ReplayCommand.kinds).",
        valueName: "changes"))
    var failOn: String?

    @OptionGroup var format: FormatOptions

    private static let changes = ReplayChange.allCases.filter { $0 != .same }
    private static let kinds = changes.map(\.rawValue).joined(separator: ", ")

    func validate() throws { _ = try failing() }

    private func failing() throws -> [ReplayChange] {
      try (failOn ?? "").split(separator: ",").map { word in
        let word = word.trimmingPrefix(" ")
        guard let change = Self.changes.first(where: { $0.rawValue == word }) else {
          let near = suggestion(for: String(word), among: Self.changes.map(\.rawValue))
          throw ValidationError(
            "--fail-on can't be '\(word)'. "
              + (near.map { "Did you mean '\($0)'?" } ?? "It is one of \(Self.kinds)."))
        }
        return change
      }
    }

    func run() throws {
      let console = Console()
      let replay = try load(console)
      let tally: ReplayTally
      do throws(System.Refusal) {
        tally = try ReplayRun(replay).run(log)
      } catch {
        let finding = Finding("unreadable", "`\(log)` can't be read: \(error.message)")
        console.report([finding], as: format.format, pretty: format.pretty)
        console.flush()
        throw ExitCode(Status.unusable)
      }
      let report = ReplayReport(tally: tally, replay: replay, log: log == "-" ? "<stdin>" : log)
      switch format.format {
      case .text: report.tell(console)
      case .json: report.write(console, pretty: format.pretty)
      }
      console.flush()
      if tally.unusable > 0 { throw ExitCode(Status.unusable) }
      if try failing().contains(where: { tally.count(of: $0) > 0 }) {
        throw ExitCode(Status.denied)
      }
    }

    private func load(_ console: Console) throws -> Replay {
      do throws(PolicyLoadError) {
        let old = try against.map { path throws(PolicyLoadError) in try PolicySet(folder: path) }
        guard !asEnforced.isEmpty else {
          return Replay(
            policies: try PolicySet(folder: policies.policies ?? "policies"), against: old)
        }
        let sources = try PolicyLoader.sources(at: policies.policies ?? "policies")
        return Replay(
          policies: try PolicySet(
            try Promotion.enforcing(asEnforced, in: sources), timeZones: .system),
          against: old)
      } catch {
        console.report(
          error.diagnostics.map { Finding($0) }, as: format.format, pretty: format.pretty)
        console.flush()
        throw ExitCode(Status.unusable)
      }
    }
  }
#endif
