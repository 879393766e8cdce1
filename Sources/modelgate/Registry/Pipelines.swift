#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry

  /// `modelgate pipelines`: which names ingest pipelines use.
  struct Pipelines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ingest pipelines, as far as they name models: put, list, delete.",
      discussion: """
        Pipelines live elsewhere. The registry is told which models, aliases and deployments they name, so that rules \
        can keep what is in use from going away. They may name what is not there.

        EXAMPLES
          modelgate pipelines put flights flight_delay --as ines --roles superuser
          modelgate pipelines list --as ines --roles superuser
          modelgate pipelines delete flights --dry-run --as ines --roles superuser

        \(RegistryHelp.statuses)
        """,
      subcommands: [Put.self, List.self, Delete.self])

    struct Put: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Note what a pipeline names, in the place of what it named before.")
      @Argument(help: "Its id.") var id: String
      @Argument(
        help: ArgumentHelp(
          "Models, aliases and deployments that it names.", valueName: "name"))
      var names: [String] = []
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          PutPipeline(id, naming: names), dryRun
        ) { _ in
          let named = names.isEmpty ? "nothing" : names.map(\.shown).joined(separator: ", ")
          return RegistryAnswer("pipeline \(id.shown) names \(named)", ["pipeline_id": id])
        }
      }
    }

    struct List: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "List the pipelines that you may see.")
      @Option(help: ArgumentHelp("Only pipelines that name this.", valueName: "name"))
      var naming: String?
      @OptionGroup var page: PageOptions
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        let wanted = naming
        try await open.list(
          ["PIPELINE", "NAMES"], page,
          { after, limit in
            ListPipelines(after: after, limit: limit) { pipeline in
              wanted.map { pipeline.names.contains($0) } ?? true
            }
          },
          row: { [$0.id, $0.names.isEmpty ? "-" : $0.names.joined(separator: ", ")] }
        ) { pipeline, writer in
          writer.member("pipeline_id", pipeline.id)
          writer.member("names", pipeline.names)
        }
      }
    }

    struct Delete: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Forget a pipeline.")
      @Argument(help: "Its id.") var id: String
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(DeletePipeline(id), dryRun) {
          RegistryAnswer("deleted pipeline \(id.shown)", ["deleted": id])
        }
      }
    }
  }
#endif
