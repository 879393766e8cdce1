#if CLI
  import ArgumentParser
  import CEL
  import Compliance
  import PolicyEngine

  #if canImport(FoundationEssentials)
    import FoundationEssentials
  #else
    import Foundation
  #endif

  /// `modelgate lint`: what is probably not meant.
  struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "lint",
      abstract: "Find what is probably not meant in a policy set.",
      discussion: """
        Every finding has a stable code, a place and a help; docs/LINT.md explains each code. Levels are \
        set in modelgate-lint.json, which is looked for in the folder of the policies and above it. What is \
        meant is accepted where it stands: "suppress": { "code": "the reason" }.

        EXAMPLES
          modelgate lint
          modelgate lint policies site/policies --fail-on error
          modelgate lint --fix
          modelgate lint --format json --pretty

        EXIT STATUS
          0   nothing is found, or nothing as bad as --fail-on
          1   the policies or the configuration can't be used
          2   something is found
          64  wrong usage
        """)

    /// How bad a finding must be to fail the command.
    enum Threshold: String, ExpressibleByArgument, CaseIterable {
      case warning, error
    }

    @Argument(
      help: ArgumentHelp(
        "Folders of rule files, or rule files; together they are one set. (default: policies)",
        valueName: "path"),
      completion: .directory)
    var paths: [String] = []

    @Option(
      help: ArgumentHelp("Configuration instead of a modelgate-lint.json.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var config: String?

    @Flag(help: "Make the fixes that change no decision, in the files themselves.")
    var fix = false

    @Option(help: "warning or error: how bad a finding must be for exit status 2.")
    var failOn = Threshold.warning

    /// How findings are written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
      case text, json, sarif, github, gitlab
    }

    @Option(
      help: "text for people, json for programs, or what other tools read: sarif, github, gitlab.")
    var format = Format.text

    @Flag(help: "JSON over several lines.")
    var pretty = false

    func validate() throws {
      if pretty, format != .json { throw ValidationError("--pretty needs --format json.") }
    }

    func run() throws {
      let console = Console()
      let paths = paths.isEmpty ? ["policies"] : paths
      do throws(PolicyLoadError) {
        var sources = try Self.sources(paths)
        let lint = Lint(try Self.configuration(config, paths))
        var fixed = 0
        if fix {
          let result = lint.fixed(sources, timeZones: .system)
          try Self.write(result.sources, over: sources)
          (sources, fixed) = (result.sources, result.count)
        }
        let tests = try Self.tests(paths)
        finish(lint.report(on: sources, tests: tests, timeZones: .system), fixed, console)
      } catch {
        console.report(
          error.diagnostics.map { Finding($0) }, as: format == .json ? .json : .text,
          pretty: pretty)
        console.flush()
        throw ExitCode(Status.unusable)
      }
    }

    // MARK: Files

    private static func sources(_ paths: [String]) throws(PolicyLoadError) -> [PolicySource] {
      var sources: [PolicySource] = []
      for path in paths {
        for source in try PolicyLoader.sources(at: path)
        where !sources.contains(where: { $0.name == source.name }) {
          sources.append(source)
        }
      }
      return sources
    }

    /// Test documents in the folders: what they cover needs no examples. A single rule file has no
    /// tests beside it.
    private static func tests(_ paths: [String]) throws(PolicyLoadError) -> [PolicySource] {
      var tests: [PolicySource] = []
      for path in paths where !path.hasSuffix(".json") {
        for source in try PolicyLoader.testSources(at: path)
        where !tests.contains(where: { $0.name == source.name }) {
          tests.append(source)
        }
      }
      return tests
    }

    private static func configuration(
      _ named: String?, _ paths: [String]
    ) throws(PolicyLoadError) -> LintConfiguration {
      guard let path = named ?? nearest(paths[0]) else { return LintConfiguration() }
      return try LintConfiguration(try PolicyLoader.source(path))
    }

    /// The configuration in the folder of the policies, or in the nearest one above it.
    private static func nearest(_ path: String) -> String? {
      var folder = URL(fileURLWithPath: path).standardizedFileURL
      while true {
        let file = folder.appendingPathComponent(LintConfiguration.fileName)
        if FileManager.default.fileExists(atPath: file.path) { return shown(file.path) }
        if folder.path == "/" || folder.path.isEmpty { return nil }
        folder.deleteLastPathComponent()
      }
    }

    /// A path below the current folder without that folder.
    private static func shown(_ path: String) -> String {
      let here = FileManager.default.currentDirectoryPath + "/"
      return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    private static func write(
      _ changed: [PolicySource], over old: [PolicySource]
    ) throws(PolicyLoadError) {
      for (new, old) in zip(changed, old) where new.bytes != old.bytes {
        do {
          try Data(new.bytes).write(to: URL(fileURLWithPath: new.name), options: .atomic)
        } catch {
          throw PolicyLoadError(diagnostics: [
            LoadDiagnostic(
              code: "unwritable", message: "`\(new.name)` can't be written: \(error)", help: nil,
              position: SourcePosition(file: new.name, line: 1, column: 1), excerpt: "",
              severity: .error)
          ])
        }
      }
    }

    // MARK: Telling

    private func finish(
      _ report: LintReport, _ fixed: Int, _ console: Console
    ) {
      let cannotLoad = report.findings.contains {
        $0.code == nil && $0.diagnostic.severity == .error
      }
      let found = report.diagnostics
      switch format {
      case .text: tell(report, fixed, console)
      case .json: write(report, fixed, console)
      case .sarif:
        console.text(
          FindingReport.sarif(found, kinds: LintCode.kinds, version: ModelGate.version))
      case .github: console.text(FindingReport.github(found))
      case .gitlab: console.text(FindingReport.gitlab(found))
      }
      console.flush()
      if cannotLoad { System.end(Status.unusable) }
      let isBad =
        failOn == .error ? report.worst == .error : report.worst != nil
      if isBad { System.end(Status.denied) }
    }

    private func tell(_ report: LintReport, _ fixed: Int, _ console: Console) {
      let style = console.style
      for finding in report.findings {
        console.line(Finding(finding.diagnostic).text(style))
      }
      for note in report.notes { console.line("\(style.cyan("note:")) \(note.shown)") }
      if !report.findings.isEmpty || !report.notes.isEmpty { console.line() }
      console.line(Self.summary(report, fixed, style))
    }

    private static func summary(_ report: LintReport, _ fixed: Int, _ style: Style) -> String {
      let errors = report.findings.count { $0.diagnostic.severity == .error }
      let warnings = report.findings.count - errors
      let fixable = report.findings.count { $0.fix != nil }
      var parts: [String] = []
      if errors > 0 { parts.append(style.red(plural(errors, "error"))) }
      if warnings > 0 { parts.append(style.yellow(plural(warnings, "warning"))) }
      if parts.isEmpty { parts.append(style.green("nothing found")) }
      var also: [String] = []
      if fixed > 0 { also.append("\(fixed) fixed") }
      if fixable > 0 { also.append("\(fixable) fixed by --fix") }
      if report.suppressed > 0 { also.append("\(report.suppressed) suppressed") }
      return parts.joined(separator: ", ")
        + (also.isEmpty ? "" : " (\(also.joined(separator: ", ")))")
    }

    private func write(_ report: LintReport, _ fixed: Int, _ console: Console) {
      var writer = JSONWriter(pretty ? .pretty : .compact)
      writer.beginObject()
      writer.name("findings")
      writer.beginArray()
      for finding in report.findings {
        Finding(finding.diagnostic).write(to: &writer) { writer in
          guard let fix = finding.fix else { return }
          writer.name("fix")
          writer.beginObject()
          writer.member("start", fix.range.lowerBound)
          writer.member("end", fix.range.upperBound)
          writer.member("text", String(decoding: fix.replacement, as: UTF8.self))
          writer.endObject()
        }
      }
      writer.endArray()
      writer.member("suppressed", report.suppressed)
      writer.member("fixed", fixed)
      writer.name("notes")
      writer.beginArray()
      for note in report.notes { writer.value(note) }
      writer.endArray()
      writer.endObject()
      console.document(writer)
    }
  }
#endif
