#if CLI && SQLite
  public import ArgumentParser
  import CEL
  import ModelRegistry
  public import PolicyEngine
  public import PolicyGate
  import SQLiteStore

  /// `modelgate log tail`.
  struct LogTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tail", abstract: "Show the last records.",
      discussion: """
        EXAMPLES
          modelgate log tail --outcome deny --subject kim
          modelgate log tail --action cluster:admin/xpack/ml/inference/put --follow
        """)

    @OptionGroup var data: DataOptions

    @Option(name: [.customShort("n"), .long], help: "How many.")
    var count = 10

    @Flag(name: [.short, .long], help: "Then show each new one, until interrupted.")
    var follow = false

    @OptionGroup(title: "WHICH RECORDS") var wanted: LogFilterOptions

    @OptionGroup var format: FormatOptions

    /// Records that are read at once.
    private static let page = 500

    func validate() throws {
      if count < 1 { throw ValidationError("--count is at least 1.") }
    }

    func run() async throws {
      let console = Console()
      try await format.reporting(console) {
        let store = try data.open()
        let filter = wanted.filter
        var (entries, end) = try await store.read { try last(of: $0, filter) }
        if entries.isEmpty, format.format == .text, !follow {
          console.line(filter.isEmpty ? "the log is empty" : "no record is like that")
        }
        show(entries, console)
        while follow {
          let before = end
          (entries, end) = try await store.read { try news(of: $0, behind: before, filter) }
          show(entries, console)
          // Behind a full page there is more already.
          guard end - before < Int64(Self.page) else { continue }
          console.flush()
          try await Task.sleep(for: .milliseconds(300))
        }
      }
    }

    private func show(_ entries: [LogEntry], _ console: Console) {
      for entry in entries {
        switch format.format {
        case .text: console.line(LogLine(entry).text(console.style))
        case .json: console.line(String(decoding: entry.json, as: UTF8.self))
        }
      }
    }

    /// The last records that are wanted, in their order, and the number of the last one of all.
    private func last(
      of snapshot: any StoreSnapshot, _ filter: LogFilter
    ) throws -> ([LogEntry], Int64) {
      let (start, end) = try snapshot.logHead()
      var found: [LogEntry] = []
      var tape = JSONTape()
      var next = end.sequence + 1
      let step = Int64(filter.isEmpty ? min(count, Self.page) : Self.page)
      while next > start.sequence + 1, found.count < count {
        let first = max(start.sequence + 1, next - step)
        for entry in try snapshot.log(from: first, limit: Int(next - first)).reversed()
        where try found.count < count && filter.matches(entry, &tape) {
          found.append(entry)
        }
        next = first
      }
      return (found.reversed(), end.sequence)
    }

    /// What was logged behind a record, and the number of the last one that was looked at.
    private func news(
      of snapshot: any StoreSnapshot, behind last: Int64, _ filter: LogFilter
    ) throws -> ([LogEntry], Int64) {
      var tape = JSONTape()
      let entries = try snapshot.log(from: last + 1, limit: Self.page)
      return (try entries.filter { try filter.matches($0, &tape) }, entries.last?.sequence ?? last)
    }
  }

  /// Which records of the log are wanted.
  struct LogFilterOptions: ParsableArguments {
    @Option(help: "allow, warn or deny.") var outcome: Outcome?

    @Option(help: "What became of the decision.") var kind: DecisionRecord.Kind?

    @Option(help: ArgumentHelp("The subject's id.", valueName: "id")) var subject: String?

    @Option(help: ArgumentHelp("The action's name.", valueName: "name")) var action: String?

    @Option(help: ArgumentHelp("The resource's id.", valueName: "id")) var resource: String?

    @Option(help: ArgumentHelp("The resource's type.", valueName: "type")) var resourceType: String?

    @Option(
      help: ArgumentHelp("Who asked, if that was not the subject.", valueName: "name"))
    var askedBy: String?

    /// Exactly these.
    var filter: LogFilter {
      var filter = LogFilter()
      let wanted: [(LogFilter.Field, String?)] = [
        (.outcome, outcome?.rawValue), (.kind, kind?.rawValue), (.subject, subject),
        (.action, action), (.resource, resource), (.resourceType, resourceType),
        (.askedBy, askedBy),
      ]
      for (field, value) in wanted { if let value { filter.want(field, value) } }
      return filter
    }
  }

  extension DecisionRecord.Kind: ExpressibleByArgument {}

  extension Outcome: ExpressibleByArgument {}

  /// A record as people read it.
  struct LogLine {
    private let sequence: Int64
    private var words: [String: String]

    init(_ entry: LogEntry) {
      sequence = entry.sequence
      var tape = JSONTape()
      guard (try? tape.read(entry.bytes)) != nil else {
        words = [:]
        return
      }
      let paths = [
        "time": ["time"], "kind": ["kind"], "outcome": ["outcome"], "revision": ["revision"],
        "note": ["note"], "subject": ["request", "subject", "id"],
        "action": ["request", "action", "name"], "type": ["request", "resource", "type"],
        "resource": ["request", "resource", "id"],
      ]
      words = paths.compactMapValues { tape.text(at: $0) }
      words["reason"] = tape.firstMessage(of: "reasons") ?? tape.firstMessage(of: "warnings")
    }

    func text(_ style: Style) -> String {
      let outcome = words["outcome"] ?? ""
      let colored =
        switch outcome {
        case "allow": style.green(outcome)
        case "warn": style.yellow(outcome)
        default: style.red(outcome)
        }
      var parts = ["\(sequence)", style.faint(words["time"] ?? ""), words["kind"] ?? "unreadable"]
      if words["action"] == nil {
        parts += ["revision \((words["revision"] ?? "").prefix(12))", words["note"] ?? ""]
      } else {
        parts += [
          colored, words["subject"] ?? "", words["action"] ?? "",
          "\(words["type"] ?? "") \(words["resource"] ?? "")", words["reason"] ?? "",
        ]
      }
      // Whatever a record says is somebody's text.
      return parts.filter { !$0.isEmpty }.enumerated().map { index, part in
        index == 1 || part == colored ? part : part.shown
      }.joined(separator: "  ")
    }
  }

  extension JSONTape {
    /// The text at the end of a path of member names.
    fileprivate func text(at path: [String]) -> String? {
      guard let node = node(at: path), kind(of: node) == .string else { return nil }
      return string(of: node)
    }

    /// The message of the first of several reasons.
    fileprivate func firstMessage(of name: String) -> String? {
      guard kind(of: root) == .object, let list = member(name, of: root),
        kind(of: list) == .array, let first = children(of: list).first(where: { _ in true }),
        kind(of: first) == .object, let message = member("message", of: first),
        kind(of: message) == .string
      else { return nil }
      return string(of: message)
    }
  }
#endif
