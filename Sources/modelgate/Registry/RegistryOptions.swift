#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry
  import PolicyEngine
  import PolicyGate
  import SQLiteStore

  /// What all commands on a registry take: which registry, whose policies, and who asks.
  struct RegistryOptions: ParsableArguments {
    @OptionGroup var file: DataOptions

    @OptionGroup var policies: PolicyOptions

    @Option(name: .customLong("as"), help: ArgumentHelp("Who asks.", valueName: "user"))
    var user: String

    @Option(
      help: ArgumentHelp("Roles of who asks, separated by commas.", valueName: "role,…"))
    var roles: [String] = []

    @Option(
      help: ArgumentHelp("Backend roles of who asks, separated by commas.", valueName: "role,…"))
    var backendRoles: [String] = []

    @Flag(help: "Put the policies in force if the registry is under others.")
    var activate = false

    @OptionGroup var format: FormatOptions

    /// Who asks, as policies see it.
    var subject: Request.Entity {
      func list(_ values: [String]) -> CELValue {
        .list(
          values.flatMap { $0.split(separator: ",") }.map { .string(String($0)) })
      }
      var subject = Request.Entity(type: "user", id: user, properties: ["roles": list(roles)])
      if !backendRoles.isEmpty { subject.properties["backend_roles"] = list(backendRoles) }
      return subject
    }
  }

  /// `--dry-run`.
  struct DryRunOptions: ParsableArguments {
    @Flag(help: "Say what would come of it, against the real state, and change nothing.")
    var dryRun = false
  }

  /// A registry that a command has opened.
  struct OpenRegistry {
    let registry: ModelRegistry
    let store: SQLiteStore
    let console: Console
    let format: FormatOptions
    let subject: Request.Entity

    /// Opens the registry's file, which must be there unless something is to be written.
    init(_ options: RegistryOptions, writes: Bool) async throws {
      console = Console()
      format = options.format
      subject = options.subject
      let set = try options.policies.load(console, format)
      do {
        store = try options.file.open(ifAbsent: writes ? .create : .refuse)
        registry = try await ModelRegistry.open(
          store, policies: set, activation: options.activate ? .always : .ifNoneInForce,
          clock: System.milliseconds)
      } catch {
        throw RegistryFailure.report(error, console, format)
      }
    }

    /// Runs a body, closes the file, and turns what goes wrong into words and an exit status.
    func run(_ body: () async throws -> Void) async throws {
      do {
        try await body()
        try await store.close()
      } catch {
        try? await store.close()
        throw RegistryFailure.report(error, console, format)
      }
      console.flush()
    }

    /// Performs an operation, or rehearses it, and tells what came of it.
    func perform<Op: RegistryWrite>(
      _ operation: Op, _ dryRun: DryRunOptions, tell: (Op.Output) -> RegistryAnswer
    ) async throws {
      try await run {
        guard !dryRun.dryRun else { return try await rehearse(operation) }
        let performed = try await registry.perform(operation, by: subject)
        let answer = tell(performed.output)
        switch format.format {
        case .text:
          console.line(answer.text)
          for warning in performed.decision?.warnings ?? [] {
            console.line("\(console.style.yellow("warning:")) \(warning.message.shown)")
          }
        case .json: document(answer, performed.decision)
        }
      }
    }

    private func rehearse<Op: RegistryWrite>(_ operation: Op) async throws {
      let rehearsal = try await registry.rehearse(operation, by: subject)
      switch format.format {
      case .text:
        TextReport(console: console, explains: true).tell(
          rehearsal.decision, RequestOutline(rehearsal.request), label: "dry run")
        if let obstacle = rehearsal.obstacle {
          console.line("  \(console.style.red("but")) \(obstacle.description.shown)")
        }
      case .json:
        var writer = JSONWriter(format.pretty ? .pretty : .compact)
        rehearsal.decision.write(to: &writer)
        console.document(writer)
      }
      guard rehearsal.decision.isAllowed else { throw ExitCode(Status.denied) }
      if rehearsal.obstacle != nil { throw ExitCode(Status.unusable) }
    }

    private func document(_ answer: RegistryAnswer, _ decision: Decision?) {
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      answer.write(&writer)
      writer.name("warnings")
      writer.beginArray()
      for warning in decision?.warnings ?? [] { writer.value(warning.message) }
      writer.endArray()
      writer.endObject()
      console.document(writer)
    }

    /// Writes what was read: a line or table for people, a document for programs.
    func show(_ text: () -> Void, json: (inout JSONWriter) -> Void) {
      switch format.format {
      case .text: text()
      case .json:
        var writer = JSONWriter(format.pretty ? .pretty : .compact)
        json(&writer)
        console.document(writer)
      }
    }
  }

  /// What a command tells of what it did.
  struct RegistryAnswer {
    /// For people.
    let text: String
    /// Members of the document for programs.
    let write: (inout JSONWriter) -> Void

    init(_ text: String, _ members: KeyValuePairs<String, String> = [:]) {
      self.text = text
      write = { writer in
        for (name, value) in members { writer.member(name, value) }
      }
    }
  }

  /// What goes wrong, in words.
  enum RegistryFailure {
    /// Tells it and gives what ends the command.
    static func report(
      _ error: any Error, _ console: Console, _ format: FormatOptions
    ) -> any Error {
      switch error {
      case is ExitCode, is CleanExit:
        console.flush()
        return error
      case let refusal as Refusal:
        tell(refusal, console, format)
        console.flush()
        return ExitCode(Status.denied)
      default:
        console.report([finding(error)], as: format.format, pretty: format.pretty)
        console.flush()
        return ExitCode(Status.unusable)
      }
    }

    private static func tell(_ refusal: Refusal, _ console: Console, _ format: FormatOptions) {
      switch format.format {
      case .json:
        var writer = JSONWriter(format.pretty ? .pretty : .compact)
        refusal.decision.write(to: &writer)
        console.document(writer)
      case .text:
        for reason in refusal.decision.reasons {
          let rule = reason.rule.map { " [\($0.shown)]" } ?? ""
          console.error(
            "\(console.errorStyle.red("denied:")) \(reason.message.shown)"
              + console.errorStyle.faint(rule))
        }
        console.error("  try it with --dry-run to see what was missing")
      }
    }

    private static func finding(_ error: any Error) -> Finding {
      switch error {
      case let error as RegistryError:
        Finding(error.kind.rawValue.kebab, error.message, help: error.help)
      case let error as StoreError: Finding(error)
      case let error as GateError: Finding("gate", error.description)
      default: Finding("failed", "\(error)")
      }
    }
  }

  extension String {
    /// `not_found` as codes are written here: `not-found`.
    fileprivate var kebab: String { String(map { $0 == "_" ? "-" : $0 }) }
  }
#endif
