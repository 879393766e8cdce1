#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry
  import PolicyGate
  import SQLiteStore

  /// `modelgate store`: looking after a registry's file.
  struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "store",
      abstract: "Check, back up and restore a registry's file.",
      discussion: """
        EXAMPLES
          modelgate store check --data registry.db
          modelgate store backup --data registry.db registry-2026-11-21.db
          modelgate store restore registry-2026-11-21.db --data registry.db
        """,
      subcommands: [StoreCheckCommand.self, StoreBackup.self, StoreRestore.self])
  }

  /// `modelgate store check`.
  struct StoreCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Check everything that a registry's file holds.",
      discussion: """
        SQLite's pages, the log's chain, every record, and that lists and indexes agree with the records. \
        The registry can be used meanwhile. The log is checked against heads by `modelgate log verify`.

        EXIT STATUS
          0   nothing is wrong
          1   it can't be read, or something is wrong
          64  wrong usage
        """)

    @OptionGroup var data: DataOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let console = Console()
      try await format.reporting(console) {
        let report = try await data.open().check()
        switch format.format {
        case .text: print(report, console)
        case .json: write(report, console)
        }
        console.flush()
        if !report.isSound { throw ExitCode(Status.unusable) }
      }
    }

    private func print(_ report: StoreReport, _ console: Console) {
      for problem in report.problems {
        console.error("\(console.errorStyle.red("error:")) \(problem.shown)")
      }
      let records = report.records.values.reduce(0, +)
      console.line(
        "\(plural(records, "record")), \(plural(Int(report.end.sequence), "log record")),"
          + " revision \(report.revision)")
      console.line(
        report.isSound
          ? console.style.green("nothing is wrong")
          : console.style.red(plural(report.problems.count, "problem")))
    }

    private func write(_ report: StoreReport, _ console: Console) {
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      writer.name("records")
      writer.beginObject()
      for kind in Record.Kind.allCases { writer.member(kind.rawValue, report.records[kind] ?? 0) }
      writer.endObject()
      writer.member("log_records", report.end.sequence)
      writer.member("revision", report.revision)
      writer.name("problems")
      writer.beginArray()
      for problem in report.problems { writer.value(problem) }
      writer.endArray()
      writer.endObject()
      console.document(writer)
    }
  }

  /// `modelgate store backup`.
  struct StoreBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "backup", abstract: "Copy a registry's file while it is used.",
      discussion: """
        The copy is one state, checked, and by itself. Never copy the file by other means while the \
        registry runs: what was written last is in another file beside it.
        """)

    @OptionGroup var data: DataOptions

    @Argument(help: ArgumentHelp("Where the copy goes: a new file.", valueName: "target"))
    var target: String

    func run() async throws {
      let console = Console()
      try await FormatOptions.plain.reporting(console) {
        try await data.open().backup(to: target)
        console.line("copied to \(target.shown)")
      }
    }
  }

  /// `modelgate store restore`.
  struct StoreRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "restore", abstract: "Put a backup in the place of a registry's file.",
      discussion: """
        Nothing is replaced: move the old file, and those beside it that end in -wal and -shm, away first. \
        The log then ends where it did at the time of the backup; heads signed later say so.
        """)

    @Argument(help: ArgumentHelp("The backup.", valueName: "backup"), completion: .file())
    var backup: String

    @OptionGroup var data: DataOptions

    func run() async throws {
      let console = Console()
      try await FormatOptions.plain.reporting(console) {
        try await SQLiteStore.restore(from: backup, to: data.path)
        console.line("restored to \(data.path.shown)")
      }
    }
  }
#endif
