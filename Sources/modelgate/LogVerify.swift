#if CLI && SQLite
  import ArgumentParser
  import CEL
  import LogAudit
  import PolicyGate
  import SQLiteStore

  /// `modelgate log verify`.
  struct LogVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Check that the log is what was written.",
      discussion: """
        Finds any record that was changed, removed, added, moved or doubled. With heads that were signed \
        earlier (--anchor), also a log that was cut at its end or made anew as a whole; with the public \
        key, heads that somebody else signed.

        EXAMPLES
          modelgate log verify --data registry.db
          modelgate log verify --data registry.db --anchor heads.ndjson
          modelgate log verify --file log.ndjson --public-key log.pem.pub

        EXIT STATUS
          0   the log is whole, as far as can be told from what was given
          1   the log, the heads or a key can't be read
          2   the log is not what was written
          64  wrong usage
        """)

    @OptionGroup var data: DataOptions

    @Option(
      help: ArgumentHelp(
        "An exported log, in the place of a registry's; - is standard input.", valueName: "file"),
      completion: .file())
    var file: String?

    @Option(
      help: ArgumentHelp("Heads that were signed earlier.", valueName: "file"), completion: .file())
    var anchor: [String] = []

    #if Signing
      @Option(
        help: ArgumentHelp("The signer's public key; more than one if it was changed."),
        completion: .file())
      var publicKey: [String] = []
    #endif

    @OptionGroup var format: FormatOptions

    func validate() throws {
      if data.data != nil, file != nil {
        throw ValidationError("Give --data or --file, not both.")
      }
    }

    func run() async throws {
      let console = Console()
      try await format.reporting(console) {
        let heads = try anchor.flatMap { try HeadFile.read($0) }
        let summary = try await verify(heads, verifier())
        switch format.format {
        case .text: print(summary, console)
        case .json: write(summary, console)
        }
      }
    }

    private func verifier() throws -> (any HeadVerifier)? {
      #if Signing
        if !publicKey.isEmpty { return try Ed25519Verifier(publicFiles: publicKey) }
      #endif
      return nil
    }

    private func verify(
      _ heads: [SignedHead], _ verifier: (any HeadVerifier)?
    ) async throws -> LogAudit.Summary {
      var audit = try LogAudit(anchors: heads, by: verifier)
      guard let file else {
        let found = try await data.open().verifyLog(anchors: heads.map(\.head), by: verifier)
        return LogAudit.Summary(start: found.start, end: found.end, anchors: heads.count)
      }
      let stream = InputStream(try InputFile(file), limit: SQLiteStoreLimits.recordBytes * 2)
      while let line = try stream.next() {
        guard case .text(let bytes) = line else {
          throw System.Refusal(message: "a line of the exported log is too long")
        }
        if !InputStream.isBlank(bytes) { try audit.check(bytes) }
      }
      return try audit.finish()
    }

    private var checksSignatures: Bool {
      #if Signing
        !publicKey.isEmpty
      #else
        false
      #endif
    }

    private func print(_ summary: LogAudit.Summary, _ console: Console) {
      let records = summary.end.sequence - summary.start.sequence
      if records == 0 {
        console.line("the log is empty")
      } else {
        console.line(
          console.style.green(
            "the log is whole: records \(summary.start.sequence + 1) to \(summary.end.sequence)"))
      }
      if summary.start.sequence > 0 {
        console.line(
          "records up to \(summary.start.sequence) were removed; a head vouches for that")
      }
      if summary.anchors == 0 {
        console.line(
          "without --anchor, a log that was cut or made anew can't be told from a good one")
      } else {
        console.line("it agrees with \(plural(summary.anchors, "signed head"))")
        if !checksSignatures {
          console.line("without --public-key, nobody checked who signed them")
        }
      }
    }

    private func write(_ summary: LogAudit.Summary, _ console: Console) {
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      writer.member("whole", true)
      writer.member("first", summary.start.sequence + 1)
      writer.member("last", summary.end.sequence)
      writer.member("anchors", summary.anchors)
      writer.member("signatures_checked", checksSignatures)
      writer.endObject()
      console.document(writer)
    }
  }
#endif
