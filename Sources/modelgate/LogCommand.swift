#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry
  import PolicyGate
  import SQLiteStore

  /// `modelgate log`: what was decided, and whether it is still what was written.
  struct LogCommand: AsyncParsableCommand {
    #if Signing
      private static let signing: [any ParsableCommand.Type] = [
        LogNewKey.self, LogSignHead.self, LogShorten.self,
      ]
    #else
      private static let signing: [any ParsableCommand.Type] = []
    #endif

    static let configuration = CommandConfiguration(
      commandName: "log",
      abstract: "Show, verify and export the decision log of a registry.",
      discussion: """
        Every decision is a record in a chain: each record's digest covers all records before it. Heads of \
        the chain that were signed while it grew, and are kept elsewhere, show whether it was cut or made \
        anew.

        EXAMPLES
          modelgate log tail --data registry.db
          modelgate log export --data registry.db > log.ndjson
          modelgate log new-key --key log.pem
          modelgate log sign-head --data registry.db --key log.pem --heads heads.ndjson
          modelgate log verify --data registry.db --anchor heads.ndjson --public-key log.pem.pub
        """,
      subcommands: [LogTail.self, LogVerify.self, LogExport.self] + signing)
  }

  /// `modelgate log tail`.
  struct LogTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "tail", abstract: "Show the last records.")

    @OptionGroup var data: DataOptions

    @Option(name: [.customShort("n"), .long], help: "How many.")
    var count = 10

    @OptionGroup var format: FormatOptions

    func validate() throws {
      if count < 1 { throw ValidationError("--count is at least 1.") }
    }

    func run() async throws {
      let console = Console()
      try await format.reporting(console) {
        let store = try data.open()
        let count = Int64(count)
        let entries = try await store.read { snapshot in
          let end = try snapshot.logHead().end.sequence
          return try snapshot.log(from: max(1, end - count + 1), limit: Int(count))
        }
        if entries.isEmpty, format.format == .text { console.line("the log is empty") }
        for entry in entries {
          switch format.format {
          case .text: console.line(LogLine(entry).text(console.style))
          case .json: console.line(String(decoding: entry.json, as: UTF8.self))
          }
        }
      }
    }
  }

  /// `modelgate log export`.
  struct LogExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: "Write the log to standard output, one record a line (NDJSON).",
      discussion: """
        Records come out byte for byte as they were logged, with their numbers and digests, so that the \
        file can be verified by itself. If the log was shortened, its first line is the signed head that \
        vouches for its beginning.
        """)

    @OptionGroup var data: DataOptions

    @Option(help: "The first record, to continue an earlier export.")
    var from: Int64?

    func run() async throws {
      let console = Console()
      try await FormatOptions.plain.reporting(console) {
        try await data.open().exportLog(from: from) { line in
          console.line(String(decoding: line, as: UTF8.self))
        }
      }
    }
  }

  extension FormatOptions {
    /// For commands whose output has one form.
    static var plain: FormatOptions {
      var options = FormatOptions()
      (options.format, options.pretty) = (.text, false)
      return options
    }
  }

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
      var node = root
      for name in path {
        guard kind(of: node) == .object, let found = member(name, of: node) else { return nil }
        node = found
      }
      return kind(of: node) == .string ? string(of: node) : nil
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
