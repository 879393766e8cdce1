#if CLI && SQLite && Signing
  import ArgumentParser
  import LogAudit
  import ModelRegistry
  import PolicyGate
  import SQLiteStore

  /// `modelgate log new-key`.
  struct LogNewKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "new-key", abstract: "Make a key for signing heads (Ed25519, PEM).",
      discussion: """
        Writes the private key to FILE, which only its owner may read, and the public key to FILE.pub. \
        Keep the private key away from whoever might change the log.
        """)

    @Option(help: ArgumentHelp("Where to put it.", valueName: "file"))
    var key: String

    func run() async throws {
      let console = Console()
      try await FormatOptions.plain.reporting(console) {
        let signer = try Ed25519Signer.create(keyFile: key, publicFile: key + ".pub")
        console.line("key \(signer.keyID): \(key.shown), public key: \(key.shown).pub")
      }
    }
  }

  /// `modelgate log sign-head`.
  struct LogSignHead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sign-head", abstract: "Sign the log's head and append it to a file.",
      discussion: """
        The chain from the last head in the file on is checked first: only what continues it is signed. \
        Run it from time to time, and keep the file elsewhere.
        """)

    @OptionGroup var data: DataOptions

    @Option(help: ArgumentHelp("The private key.", valueName: "file"), completion: .file())
    var key: String

    @Option(help: ArgumentHelp("Where signed heads go.", valueName: "file"), completion: .file())
    var heads: String

    func run() async throws {
      let console = Console()
      try await FormatOptions.plain.reporting(console) {
        let store = try data.open()
        let exporter = HeadExporter(
          file: heads, signer: try Ed25519Signer(keyFile: key), reading: store)
        if let head = try await exporter.export() {
          console.line("signed: record \(head.head.sequence)")
        } else {
          console.line("nothing was logged since the last signed head")
        }
      }
    }
  }

  extension HeadExporter {
    /// An exporter of the log in a store.
    init(file: String, signer: any HeadSigner, reading store: SQLiteStore) {
      self.init(file: file, signer: signer, clock: System.milliseconds) { from, limit in
        try await store.read { snapshot in
          let ends = try snapshot.logHead()
          return (try snapshot.log(from: from, limit: limit), ends.start, ends.end)
        }
      }
    }
  }

  /// `modelgate log shorten`.
  struct LogShorten: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "shorten", abstract: "Remove the beginning of the log, up to a signed head.",
      discussion: """
        The head takes the place of what is removed: the rest of the log still verifies. Export the log \
        first if it is to be kept. Commits that are removed are forgotten: a client that repeats one of \
        them does it again.
        """)

    @OptionGroup var data: DataOptions

    @Option(help: "The last record to remove; there must be a signed head of it.")
    var through: Int64

    @Option(help: ArgumentHelp("Signed heads.", valueName: "file"), completion: .file())
    var heads: String

    @Option(help: ArgumentHelp("The signer's public key."), completion: .file())
    var publicKey: [String]

    func run() async throws {
      let console = Console()
      try await FormatOptions.plain.reporting(console) {
        let heads = try HeadFile.read(heads)
        guard let head = heads.first(where: { $0.head.sequence == through }) else {
          let last = heads.last { $0.head.sequence <= through }?.head.sequence
          throw System.Refusal(
            message: "there is no signed head of record \(through)"
              + (last.map { "; the last before it is of record \($0)" } ?? ""))
        }
        let store = try data.open()
        try await store.shortenLog(
          through: head, verifiedBy: Ed25519Verifier(publicFiles: publicKey))
        console.line("removed: records up to \(through)")
      }
    }
  }
#endif
