#if CLI
  import CEL
  import Compliance
  import ModelRegistry
  import PolicyEngine

  /// One run of `modelgate test`: files in, reports out.
  struct SuiteRun {
    let command: Test
    let console: Console
    /// With `--watch`, what the run before has read and checked.
    private let cache: PolicyCache?

    init(command: Test, console: Console) {
      (self.command, self.console) = (command, console)
      cache = command.watch ? PolicyCache() : nil
    }

    /// Folders and files that may change.
    private var places: [String] {
      [command.policies.policies ?? "policies"] + command.paths
    }

    /// What the files looked like, for noticing a change.
    var stamps: [String] { places.flatMap { PolicyLoader.stamps(at: $0) } }

    /// Runs everything once and tells what came of it; the exit status.
    func once() async -> Int32 {
      guard let suite = load() else { return Status.unusable }
      guard !suite.cases.isEmpty else {
        console.report([nothing], as: command.format)
        return Status.unusable
      }
      let report: Report
      do throws(PolicyLoadError) {
        report = try await run(suite)
      } catch {
        return refuse(error)
      }
      guard write(report) else { return Status.unusable }
      return status(report)
    }

    // MARK: Loading

    private func load() -> TestSuite? {
      let format = FormatOptions.of(command.format)
      guard let policies = try? command.policies.load(console, format, cache: cache)
      else { return nil }
      do throws(PolicyLoadError) {
        var documents: [PolicySource] = []
        let places = command.paths.isEmpty ? [self.places[0]] : command.paths
        // A single rule file has no tests beside it.
        for place in places where !command.paths.isEmpty || !place.hasSuffix(".json") {
          documents += try PolicyLoader.testSources(at: place)
        }
        let suite = try TestSuite(
          policies, documents: documents, rehearse: StatedOperation.rehearse)
        return command.filter.map { suite.filtered(by: $0) } ?? suite
      } catch {
        _ = refuse(error)
        return nil
      }
    }

    private func refuse(_ error: PolicyLoadError) -> Int32 {
      console.report(error.diagnostics.map { Finding($0) }, as: command.format)
      if command.format == .text {
        console.error("\n\(plural(error.diagnostics.count, "error")): the tests can't be used")
      }
      return Status.unusable
    }

    private var nothing: Finding {
      guard let filter = command.filter else {
        return Finding(
          "no-tests", "there are no tests",
          help: "give rules `examples`, or write test documents: `*.test.json`")
      }
      return Finding(
        "no-tests", "no test is called `\(filter)`",
        help: "names are `suite / name`; `modelgate test --report tap` lists them")
    }

    // MARK: Running

    private func run(_ suite: TestSuite) async throws(PolicyLoadError) -> Report {
      let jobs = command.jobs ?? min(System.cores, ComplianceLimits.jobs)
      let runner = try TestRunner(suite, jobs: jobs, covers: covers)
      var progress = Progress(total: suite.cases.count, isSilent: true)
      let run = await runner.run { progress.update($0, "\($0) of \(suite.cases.count) tests") }
      progress.finish()
      var mutation: MutationRun?
      if mutates {
        let runner = MutationRunner(suite, run, jobs: jobs)
        let count = runner.mutants.count
        var progress = Progress(total: count, isSilent: true)
        mutation = await runner.run { progress.update($0, "\($0) of \(count) changes") }
        progress.finish()
      }
      return Report(
        policies: suite.policies, run: run, mutation: mutation, version: ModelGate.version,
        listsGaps: command.coverage || command.coverageThreshold != nil)
    }

    private var mutates: Bool { command.mutate || command.mutationThreshold != nil }

    private var covers: Bool {
      command.coverage || command.coverageThreshold != nil || mutates
        || command.report.contains { $0.format.needsCoverage }
    }

    private func status(_ report: Report) -> Int32 {
      if report.run.count(.failed) > 0 { return Status.failed }
      var status: Int32 = 0
      for (what, share, threshold) in [
        ("coverage", report.run.coverage?.total, command.coverageThreshold),
        ("the mutation score", report.mutation?.score, command.mutationThreshold),
      ] {
        guard let share, let threshold, share.percent < threshold else { continue }
        console.error(
          console.errorStyle.red("\(what) is \(share.shown), less than \(threshold) %"))
        status = Status.belowThreshold
      }
      return status
    }

    // MARK: Telling

    /// Writes all reports; false if one can't be written.
    private func write(_ report: Report) -> Bool {
      let shown = command.report.filter { $0.file == nil }
      if let whole = shown.first(where: { $0.format != .github }) {
        console.text(report.written(as: whole.format))
      } else if command.format == .json {
        console.text(report.written(as: .json))
      } else {
        tell(report)
      }
      if shown.contains(where: { $0.format == .github }) {
        console.text(report.written(as: .github))
      }
      for option in command.report {
        guard let file = option.file else { continue }
        do throws(System.Refusal) {
          try System.write(Array(report.written(as: option.format).utf8), toFile: file)
        } catch {
          let finding = Finding("unwritable", "`\(file)` can't be written: \(error.message)")
          console.error(finding.text(console.errorStyle))
          return false
        }
      }
      return true
    }

    private func tell(_ report: Report) {
      let style = console.style
      for (tone, text) in TestTextReport.lines(report) {
        let colored =
          switch tone {
          case .plain: text
          case .good, .actual: style.green(text)
          case .bad, .expected: style.red(text)
          case .warning: style.yellow(text)
          case .faint: style.faint(text)
          case .title: style.bold(text)
          }
        console.line(colored)
      }
    }
  }
#endif
