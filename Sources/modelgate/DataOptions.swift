#if CLI && SQLite
  import ArgumentParser
  import LogAudit
  import ModelRegistry
  import PolicyGate
  import SQLiteStore

  /// `--data`, wherever a command works on one registry.
  struct DataOptions: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "The registry's file. (default: $MODELGATE_DATA, or modelgate.db)", valueName: "file"),
      completion: .file(extensions: ["db"]))
    var data: String?

    /// Where the file is.
    var path: String { Self.path(data) }

    static func path(_ data: String?) -> String {
      data ?? System.environment("MODELGATE_DATA") ?? "modelgate.db"
    }

    /// Opens a store that is there, unless it is said that it may be made.
    func open(ifAbsent absence: SQLiteStore.Absence = .refuse) throws(StoreError) -> SQLiteStore {
      try SQLiteStore(path: path, ifAbsent: absence)
    }
  }

  extension FormatOptions {
    /// Does something with a store or a log; if that fails, says why and ends the command.
    func reporting(_ console: Console, _ body: () async throws -> Void) async throws {
      let (finding, status): (Finding, Int32)
      do {
        try await body()
        return console.flush()
      } catch let error as StoreError {
        (finding, status) = (Finding(error), Status.unusable)
      } catch let error as LogFault {
        (finding, status) = (Finding(error), Status.denied)
      } catch let error as AuditFileError {
        (finding, status) = (Finding("unreadable", error.description), Status.unusable)
      } catch let error as System.Refusal {
        (finding, status) = (Finding("unreadable", error.message), Status.unusable)
      }
      console.report([finding], as: format, pretty: pretty)
      console.flush()
      throw ExitCode(status)
    }
  }

  extension Finding {
    /// The same code and help wherever a store fails.
    init(_ error: StoreError) {
      switch error {
      case .unavailable(let text):
        self.init(
          "store-unavailable", text,
          help: "name the registry's file with `--data`; `modelgate models put` makes one")
      case .notWritable(let text): self.init("store-not-writable", text)
      case .damaged(let text):
        self.init(
          "store-damaged", text, help: "put a backup in its place: `modelgate store restore`")
      case .busy(let text):
        self.init(
          "store-busy", text, help: "nothing was done: try again when the other process is done")
      case .tooLarge(let text): self.init("store-too-large", text)
      }
    }

    init(_ fault: LogFault) {
      let code =
        switch fault {
        case .wrongSequence: "log-missing-record"
        case .wrongHash: "log-changed-record"
        case .otherHistory: "log-other-history"
        case .cut: "log-cut"
        case .malformed: "log-malformed"
        case .badSignature: "log-bad-signature"
        }
      self.init(code, fault.description)
    }
  }
#endif
