#if CLI
  import ArgumentParser
  import CEL
  import PolicyEngine

  /// `modelgate policies`: what a policy set holds.
  struct Policies: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List what a policy set holds, or run the examples of its rules.",
      discussion: """
        Lists rules, definitions, roles, role mappings and privileges, each with the place where it stands.
        Warnings about the rule files are printed too.

        EXAMPLES
          modelgate policies
          modelgate policies --policies site/policies --format json
          modelgate policies --examples

        EXIT STATUS
          0   the set can be used; with --examples, all of them hold
          1   the set can't be used, or an example fails
          64  wrong usage
        """)

    @OptionGroup var policies: PolicyOptions

    @Flag(help: "Run the examples of all rules instead.")
    var examples = false

    @OptionGroup var format: FormatOptions

    func run() throws {
      let console = Console()
      let set = try policies.load(console, format)
      if examples {
        let report = ExampleReport(set.runExamples())
        switch format.format {
        case .text: report.print(console)
        case .json: report.write(console, pretty: format.pretty)
        }
        console.flush()
        if !report.failures.isEmpty { throw ExitCode(Status.unusable) }
        return
      }
      switch format.format {
      case .text:
        for warning in set.warnings { console.error(Finding(warning).text(console.errorStyle)) }
        ListingText(console: console).print(set.listing(), revision: set.revision)
      case .json:
        var writer = JSONWriter(format.pretty ? .pretty : .compact)
        set.listing().write(
          to: &writer, revision: set.revision, warnings: set.warnings.map { Finding($0) })
        console.document(writer)
      }
      console.flush()
    }
  }

  /// What came of the examples of a policy set.
  struct ExampleReport {
    let count: Int
    let failures: [ExampleResult]

    init(_ results: [ExampleResult]) {
      count = results.count
      failures = results.filter { $0.failure != nil }
    }

    func print(_ console: Console) {
      let style = console.style
      for failure in failures {
        console.line(
          "\(style.bold("\(failure.position.description.shown):")) \(style.red("fails:")) "
            + "\(failure.expected.rawValue) example of \(style.bold(failure.rule)): \(Self.sentence(failure).shown)"
        )
      }
      if count == 0 { return console.line("no rule has an example") }
      if failures.isEmpty {
        return console.line(
          style.green(count == 1 ? "the one example holds" : "all \(count) examples hold"))
      }
      console.line()
      console.line(style.red("\(failures.count) of \(plural(count, "example")) failed"))
    }

    private static func sentence(_ result: ExampleResult) -> String { result.failure ?? "" }

    func write(_ console: Console, pretty: Bool) {
      var writer = JSONWriter(pretty ? .pretty : .compact)
      writer.beginObject()
      writer.member("examples", count)
      writer.name("failed")
      writer.beginArray()
      for failure in failures {
        writer.beginObject()
        writer.member("rule", failure.rule)
        writer.member("expected", failure.expected.rawValue)
        if let outcome = failure.outcome { writer.member("outcome", outcome.rawValue) }
        writer.member("failure", Self.sentence(failure))
        writer.write(failure.position)
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
      console.document(writer)
    }
  }
#endif
