#if CLI
  import CEL
  import Compliance
  import Exports
  import ModelRegistry
  import PolicyEngine

  /// Tells what an audit finds: people at once, programs in the end.
  final class AuditTeller {
    /// Findings that a report for programs lists at most; the others are counted.
    static let mostListed = 10_000

    private let command: AuditCommand
    private let console: Console
    private var input: AuditInput?
    private var bar = Progress(total: nil, isSilent: true)
    private var total = 0
    private var listed: [AuditFinding] = []
    private var unlisted = 0
    private var last: RecordKey?
    private var explained: Request?

    init(_ command: AuditCommand, _ console: Console) {
      (self.command, self.console) = (command, console)
    }

    private var style: Style { console.style }

    func begin(_ input: AuditInput) {
      self.input = input
      guard command.format != .json else { return }
      for note in input.notes { console.error(Finding(note).text(console.errorStyle)) }
    }

    // MARK: Progress

    func expect(_ count: Int) {
      total = count
      bar = Progress(total: count, isSilent: true)
    }

    func progress(_ done: Int) {
      // What was written so far comes first, or it would stand behind the bar.
      console.flush()
      bar.update(done, "\(done) of \(plural(total, "record"))")
    }

    func abandon() { bar.finish() }

    // MARK: Findings

    func tell(_ finding: AuditFinding) {
      bar.finish()
      guard command.format == .text else {
        if listed.count < Self.mostListed { listed.append(finding) } else { unlisted += 1 }
        return
      }
      let (kind, name) = finding.key.parts
      let word = finding.severity.rawValue.padded(to: 9)
      let colored = finding.severity == .violation ? style.red(word) : style.yellow(word)
      if last != finding.key, last != nil { console.line() }
      console.line(
        "\(colored)  \(kind.words.padded(to: 13)) \(style.bold(name.shown))  \(style.faint("[\(finding.code.shown)]"))"
      )
      console.paragraph("           ", column: 11, finding.message.shown)
      if let help = finding.help {
        console.paragraph("           \(style.cyan("help:")) ", column: 17, help.shown)
      }
      if last != finding.key { tellWhere(finding) }
      last = finding.key
      // Findings of one request share its explanation.
      if command.explain, let decision = finding.decision, let request = finding.request,
        request != explained
      {
        explained = request
        TextReport(console: console, explains: true).tell(
          decision, RequestOutline(request), label: nil)
      }
    }

    private func tellWhere(_ finding: AuditFinding) {
      var parts = [Self.words(finding.asker)]
      if let place = input?.export?.places[finding.key] { parts.append(place.description) }
      console.line("           " + style.faint(parts.joined(separator: ", at ").shown))
    }

    /// Who was asked as.
    private static func words(_ asker: AuditAsker) -> String {
      let known = [("roles", "roles"), ("backend_roles", "backend roles")].compactMap {
        name, word in
        let texts = asker.subject.texts(name)
        return texts.isEmpty ? nil : "\(word) \(texts.joined(separator: ", "))"
      }
      let who =
        switch asker {
        case .known(let subject): "asked as \(subject.id)"
        case .assumed(let subject):
          "asked as \(subject.id), since nobody recorded the maker"
        }
      return who + (known.isEmpty ? "" : " (\(known.joined(separator: "; ")))")
    }

    // MARK: The end

    func finish(_ summary: AuditSummary) {
      bar.finish()
      switch command.format {
      case .text: tell(summary)
      case .json: write(summary)
      case .junit: console.text(FindingReport.junit(suites(summary)))
      case .sarif:
        console.text(
          FindingReport.sarif(diagnostics, kinds: kinds, version: ModelGate.version))
      case .github: console.text(FindingReport.github(diagnostics))
      case .gitlab: console.text(FindingReport.gitlab(diagnostics))
      }
      guard unlisted > 0, command.format != .json else { return }
      console.error("… and \(plural(unlisted, "finding")) more, which are counted only")
    }

    private func tell(_ summary: AuditSummary) {
      if last != nil { console.line() }
      if !summary.accessControl {
        console.line("access control is off: owners and modes of model groups bind nobody now")
      }
      for kind in RegistryAudit.kinds {
        guard let count = summary.examined[kind] else { continue }
        let affected = summary.affected[kind] ?? 0
        let words = affected == 0 ? "nothing found" : "\(affected) with findings"
        let things = count == 1 ? kind.words : kind == .alias ? "model aliases" : "\(kind.words)s"
        console.line("\(count) \(things): \(words)")
      }
      var parts: [String] = []
      if summary.violations > 0 {
        parts.append(style.red(plural(summary.violations, "violation")))
      }
      if summary.warnings > 0 { parts.append(style.yellow(plural(summary.warnings, "warning"))) }
      if parts.isEmpty { parts.append(style.green("no violations")) }
      console.line(
        "\(parts.joined(separator: ", ")) in \(plural(summary.total, "record"))")
    }

    /// Findings with a place, for formats that are about files.
    private var diagnostics: [LoadDiagnostic] { listed.map(diagnostic) }

    private func diagnostic(_ finding: AuditFinding) -> LoadDiagnostic {
      LoadDiagnostic(
        code: finding.code, message: "\(finding.key.words): \(finding.message)",
        help: finding.help,
        position: input?.position(of: finding.key)
          ?? SourcePosition(file: "registry", line: 1, column: 1),
        severity: finding.severity == .violation ? .error : .warning)
    }

    /// What the codes mean: the audit's own, and the rules that something was found by.
    private var kinds: [FindingKind] {
      let found = Set(listed.map(\.code))
      let rules = (input?.policies.listing().rules ?? []).filter { found.contains($0.id) }.map {
        FindingKind(
          code: $0.id, summary: $0.description,
          help: "Rule `\($0.id)` of policy `\($0.policy)`: change what stands in the registry.")
      }
      return AuditCode.allCases.map {
        FindingKind(code: $0.rawValue, summary: $0.summary, help: $0.help)
      } + rules
    }

    private func suites(_ summary: AuditSummary) -> [FindingSuite] {
      RegistryAudit.kinds.compactMap { kind in
        guard let count = summary.examined[kind] else { return nil }
        return FindingSuite(
          name: kind.words, examined: count,
          findings: listed.filter { $0.key.parts.kind == kind }.map {
            ($0.key.parts.name, diagnostic($0))
          })
      }
    }

    // MARK: JSON

    private func write(_ summary: AuditSummary) {
      var writer = JSONWriter(command.pretty ? .pretty : .compact)
      writer.beginObject()
      writer.member("policy_revision", input?.policies.revision ?? "")
      writer.member("violations", summary.violations)
      writer.member("warnings", summary.warnings)
      writer.member("access_control_enabled", summary.accessControl)
      for (name, counts) in [("examined", summary.examined), ("affected", summary.affected)] {
        writer.name(name)
        writer.beginObject()
        for kind in RegistryAudit.kinds { writer.member(Self.name(kind), counts[kind] ?? 0) }
        writer.endObject()
      }
      writer.name("findings")
      writer.beginArray()
      for finding in listed { write(finding, &writer) }
      writer.endArray()
      if unlisted > 0 { writer.member("not_listed", unlisted) }
      writer.name("notes")
      writer.beginArray()
      for note in input?.notes ?? [] { Finding(note).write(to: &writer) }
      writer.endArray()
      writer.endObject()
      console.document(writer)
    }

    /// A kind as rules and documents call it.
    private static func name(_ kind: Record.Kind) -> String {
      switch kind {
      case .group: "model_group"
      case .groupModel: "model"
      case .trainedModel: "trained_model"
      case .alias: "model_alias"
      default: kind.rawValue
      }
    }

    private func write(_ finding: AuditFinding, _ writer: inout JSONWriter) {
      let (kind, name) = finding.key.parts
      writer.beginObject()
      writer.member("severity", finding.severity.rawValue)
      writer.member("code", finding.code)
      writer.member("kind", Self.name(kind))
      writer.member("name", name)
      writer.member("message", finding.message)
      if let help = finding.help { writer.member("help", help) }
      if let place = input?.export?.places[finding.key] {
        writer.member("file", place.file)
        writer.member("line", place.line)
        writer.member("column", place.column)
      }
      writer.name("asked_as")
      writer.beginObject()
      writer.member("type", finding.asker.subject.type)
      writer.member("id", finding.asker.subject.id)
      for (name, value) in finding.asker.subject.properties.sorted(by: { $0.key < $1.key }) {
        writer.name(name)
        writer.value(value)
      }
      if case .assumed = finding.asker { writer.member("assumed", true) }
      writer.endObject()
      if let request = finding.request { writer.member("action", request.action.name) }
      if command.explain, let decision = finding.decision {
        writer.name("decision")
        decision.write(to: &writer)
      }
      writer.endObject()
    }
  }
#endif
