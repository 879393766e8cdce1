#if CLI
  import ArgumentParser
  import CEL
  import Exports
  import ModelRegistry
  import PolicyEngine

  #if SQLite
    import SQLiteStore
  #endif

  /// `modelgate audit`: whether what stands in a registry could be made today.
  struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "audit",
      abstract: "Say whether what stands in a registry complies with the policies now.",
      discussion: """
        For every model group, model, trained model, alias and deployment it is asked whether the operation \
        that would make it would be allowed: by who made it, as recorded, or by the user of --as; where nobody \
        recorded it, by somebody who may. Nothing is changed, logged or locked.

        The registry is a file of ours, or what a system answers about itself, one answer a file:
          Elasticsearch   GET _ml/trained_models, _ml/trained_models/_stats, _cluster/state/metadata,
                          _ingest/pipeline, _license, _security/role, user and role_mapping
          OpenSearch      POST _plugins/_ml/model_groups/_search and models/_search; GET _cluster/settings,
                          _plugins/_security/api/roles, rolesmapping, internalusers and actiongroups
        Exported roles and mappings count beside the policies. With exported users, owners have the roles that \
        they have today.

        EXAMPLES
          modelgate audit --data registry.db
          modelgate audit --elasticsearch models.json stats.json --explain
          modelgate audit --opensearch groups.json models.json users.json --format sarif > audit.sarif

        EXIT STATUS
          0   nothing is found, or nothing as bad as --fail-on
          1   the policies or the registry can't be used
          2   something is found
          3   nothing is found, but an export is not complete
          64  wrong usage
        """)

    /// How bad a finding must be to fail the command.
    enum Threshold: String, ExpressibleByArgument, CaseIterable {
      case violation, warning, never
    }

    /// How findings are written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
      case text, json, junit, sarif, github, gitlab
    }

    @Option(
      help: ArgumentHelp(
        "The registry's file. (default: $MODELGATE_DATA, if no export is given)", valueName: "file"),
      completion: .file(extensions: ["db"]))
    var data: String?

    @Option(
      parsing: .upToNextOption,
      help: ArgumentHelp("Answers of Elasticsearch, as JSON.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var elasticsearch: [String] = []

    @Option(
      parsing: .upToNextOption,
      help: ArgumentHelp("Answers of OpenSearch, as JSON.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var opensearch: [String] = []

    @OptionGroup var policies: PolicyOptions

    @Option(
      name: .customLong("as"),
      help: ArgumentHelp("Ask as this user about everything.", valueName: "user"))
    var user: String?

    @Option(help: ArgumentHelp("Roles of that user, separated by commas.", valueName: "role,…"))
    var roles: [String] = []

    @Option(
      help: ArgumentHelp("Backend roles of that user, separated by commas.", valueName: "role,…"))
    var backendRoles: [String] = []

    @Flag(help: "Show what each decision saw and what was missing.")
    var explain = false

    @Option(help: "violation, warning or never: how bad a finding must be for exit status 2.")
    var failOn = Threshold.violation

    @Option(
      help:
        "text for people, json for programs, or what other tools read: junit, sarif, github, gitlab."
    )
    var format = Format.text

    @Flag(help: "JSON over several lines.")
    var pretty = false

    func validate() throws {
      let given = [data != nil, !elasticsearch.isEmpty, !opensearch.isEmpty].count { $0 }
      if given > 1 {
        throw ValidationError("Give one of --data, --elasticsearch and --opensearch.")
      }
      if given == 0, System.environment("MODELGATE_DATA") == nil {
        throw ValidationError("Give --data, --elasticsearch or --opensearch.")
      }
      if user == nil, !roles.isEmpty || !backendRoles.isEmpty {
        throw ValidationError("--roles and --backend-roles need --as.")
      }
      if pretty, format != .json { throw ValidationError("--pretty needs --format json.") }
    }

    func run() throws {
      let console = Console()
      let teller = AuditTeller(self, console)
      do {
        let input = try AuditInput(self)
        teller.begin(input)
        let summary = try input.read { snapshot, input in
          var audit = RegistryAudit(
            input.policies, callers: callers(input), at: System.milliseconds(),
            exempt: input.export?.packaged ?? [])
          audit.explains = explain
          teller.expect(try RegistryAudit.count(in: snapshot))
          return try audit.run(
            on: snapshot, progress: { teller.progress($0) }, report: { teller.tell($0) })
        }
        teller.finish(summary)
        console.flush()
        let status = status(summary, input)
        if status != 0 { throw ExitCode(status) }
      } catch let error as ExitCode {
        throw error
      } catch {
        teller.abandon()
        let json = format == .json ? OutputFormat.json : .text
        console.report(Self.findings(error), as: json, pretty: pretty)
        console.flush()
        throw ExitCode(Status.unusable)
      }
    }

    private func callers(_ input: AuditInput) -> AuditCallers {
      func list(_ values: [String]) -> [String] {
        values.flatMap { $0.split(separator: ",") }.map(String.init)
      }
      return AuditCallers(
        everything: user.map {
          AuditCallers.user($0, roles: list(roles), backendRoles: list(backendRoles))
        },
        users: input.users)
    }

    private func status(_ summary: AuditSummary, _ input: AuditInput) -> Int32 {
      let fails =
        switch failOn {
        case .never: false
        case .violation: summary.worst == .violation
        case .warning: summary.worst != nil
        }
      if fails { return Status.denied }
      return failOn != .never && !input.isComplete ? Status.warned : 0
    }

    private static func findings(_ error: any Error) -> [Finding] {
      switch error {
      case let error as PolicyLoadError: error.diagnostics.map { Finding($0) }
      case let error as RequestError: [Finding(error.code, error.message, help: error.help)]
      #if SQLite
        case let error as StoreError: [Finding(error)]
      #endif
      default: [Finding("failed", "\(error)")]
      }
    }
  }
#endif
