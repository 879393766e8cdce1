#if CLI
  import ArgumentParser
  import PolicyEngine

  /// `modelgate check`: a dry run of requests against a policy set.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Decide requests by a policy set, and say why.",
      discussion: """
        A request file holds an AuthZEN evaluation (subject, action, resource, context), a batch of them \
        ("evaluations"), or one of either a line (NDJSON). With -, or without a file, requests are read \
        from standard input.

        EXAMPLES
          modelgate check request.json
          modelgate check request.json --policies site/policies --explain
          modelgate check *.json --fail-on-warn
          modelgate check log.ndjson --format json > decisions.ndjson
          cat request.json | modelgate check - --format json --pretty

        EXIT STATUS
          0   everything is allowed, perhaps with warnings
          1   the policies or a request can't be used
          2   something is denied
          3   something is warned of, with --fail-on-warn
          64  wrong usage
        """)

    @Argument(
      help: ArgumentHelp("Request files; - is standard input.", valueName: "request"),
      completion: .file(extensions: ["json", "ndjson", "jsonl"]))
    var requests: [String] = []

    @OptionGroup var policies: PolicyOptions

    @Flag(help: "Show the conditions that decided, the values they saw, and what was missing.")
    var explain = false

    @OptionGroup var format: FormatOptions

    @Flag(help: "Exit with status 3 if there is a warning.")
    var failOnWarn = false

    func validate() throws {
      if requests.count(where: { $0 == "-" }) > 1 { throw ValidationError("- can be given once.") }
      if requests.isEmpty, System.isTerminal(System.standardInput) {
        throw ValidationError("Name a request file, or pipe requests in.")
      }
    }

    func run() throws {
      let console = Console()
      var authorizer = Authorizer(try policies.load(console, format))
      authorizer.explains = explain
      let files = requests.isEmpty ? ["-"] : requests
      let run = CheckRun(
        authorizer, console, format, hasSeveralFiles: files.count > 1, explains: explain)
      for file in files { run.check(file) }
      run.finish()
      let status = run.tally.status(failOnWarn: failOnWarn)
      if status != 0 { throw ExitCode(status) }
    }
  }
#endif
