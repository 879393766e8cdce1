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
          modelgate log tail --data registry.db --outcome deny --follow
          modelgate log export --data registry.db > log.ndjson
          modelgate log new-key --key log.pem
          modelgate log sign-head --data registry.db --key log.pem --heads heads.ndjson
          modelgate log verify --data registry.db --anchor heads.ndjson --public-key log.pem.pub
        """,
      subcommands: [LogTail.self, LogVerify.self, LogExport.self] + signing)
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
#endif
