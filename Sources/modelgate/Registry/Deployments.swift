#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry

  /// `modelgate deployments`: trained models that a platform runs.
  struct Deployments: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Deployments of trained models: start, stop, update, report, list.",
      discussion: """
        The registry runs nothing: it keeps what a platform reports.

        EXAMPLES
          modelgate deployments start ner-large --as ines --roles machine_learning_admin
          modelgate deployments report ner-large --state started --running 1 --as ines --roles machine_learning_admin
          modelgate deployments stop ner-large --dry-run --as ines --roles machine_learning_admin

        \(RegistryHelp.statuses)
        """,
      subcommands: [Start.self, Stop.self, Update.self, Report.self, List.self])

    struct Start: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Start a deployment.")
      @Argument(help: "The model, by its id or an alias.") var model: String
      @Option(help: ArgumentHelp("The deployment's id. (default: the model's)", valueName: "id"))
      var id: String?
      @Option(help: "Copies to run.") var allocations = 1
      @Option(help: "Threads of each copy.") var threads = 1
      @Option(help: "Requests that may wait.") var queue = 1024
      @Option(help: "normal or low.") var priority = "normal"
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          StartDeployment(
            of: model, as: id, allocations: allocations, threadsPerAllocation: threads,
            queueCapacity: queue, priority: priority), dryRun
        ) {
          RegistryAnswer(
            "started deployment \($0.id.shown) of model \($0.modelID.shown)",
            ["deployment_id": $0.id, "model_id": $0.modelID])
        }
      }
    }

    struct Stop: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Stop a deployment.")
      @Argument(help: "Its id.") var id: String
      @Flag(help: "Even if a pipeline names it.") var force = false
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          // A person who names what is not there wants to know.
          StopDeployment(id, force: force, allowNoMatch: false), dryRun
        ) { _ in RegistryAnswer("stopped deployment \(id.shown)", ["stopped": id]) }
      }
    }

    struct Update: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Change how many copies of a model run.")
      @Argument(help: "Its id.") var id: String
      @Option(help: "Copies to run.") var allocations: Int
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          UpdateDeployment(id, allocations: allocations), dryRun
        ) { _ in RegistryAnswer("updated deployment \(id.shown)", ["deployment_id": id]) }
      }
    }

    struct Report: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Report the state of a deployment, as the platform that runs it.")
      @Argument(help: "Its id.") var id: String
      @Option(help: "starting, started, fully_allocated, stopping or failed.")
      var state: Deployment.State
      @Option(help: "Copies that run.") var running: Int
      @Option(help: "Why.") var reason: String?
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          ReportDeployment(id, state: state, currentAllocations: running, reason: reason), dryRun
        ) { _ in
          RegistryAnswer(
            "deployment \(id.shown) is \(state.rawValue)",
            ["deployment_id": id, "state": state.rawValue])
        }
      }
    }

    struct List: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "List the deployments that you may see.")
      @OptionGroup var page: PageOptions
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        try await open.list(
          ["DEPLOYMENT", "MODEL", "STATE", "COPIES"], page,
          { ListDeployments(after: $0, limit: $1) },
          row: {
            [$0.id, $0.modelID, $0.state.rawValue, "\($0.currentAllocations)/\($0.allocations)"]
          }
        ) { deployment, writer in
          writer.member("deployment_id", deployment.id)
          writer.member("model_id", deployment.modelID)
          writer.member("state", deployment.state.rawValue)
          writer.member("reason", ifAny: deployment.reason)
          writer.member("allocations", deployment.allocations)
          writer.member("current_allocations", deployment.currentAllocations)
        }
      }
    }
  }

#endif
