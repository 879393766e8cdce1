#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry

  /// `modelgate aliases`: names that stand for trained models.
  struct Aliases: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Names that stand for trained models: put, move, resolve, delete.",
      discussion: """
        EXAMPLES
          modelgate aliases put flight_delay delay-2 --as alice --roles machine_learning_admin
          modelgate aliases put flight_delay delay-3 --reassign --dry-run --as alice --roles machine_learning_admin
          modelgate aliases resolve flight_delay --as bob --roles machine_learning_user

        \(RegistryHelp.statuses)
        """,
      subcommands: [Put.self, Resolve.self, List.self, Delete.self])

    struct Put: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Point an alias at a trained model.")
      @Argument(help: "The alias.") var alias: String
      @Argument(help: "The id of the model.") var model: String
      @Flag(help: "Move the alias if it stands for another model.") var reassign = false
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          PutAlias(alias, of: model, reassign: reassign), dryRun
        ) {
          RegistryAnswer(
            "alias \(alias.shown) stands for \(model.shown)",
            ["alias": alias, "model_id": model])
        }
      }
    }

    struct Resolve: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Say which model a name stands for.")
      @Argument(help: "An alias, or the id of a model.") var name: String
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        try await open.run {
          let id = try await open.registry.read(ResolveAlias(name), by: open.subject)
          open.show {
            open.console.line(id.shown)
          } json: { writer in
            writer.beginObject()
            writer.member("name", name)
            writer.member("model_id", id)
            writer.endObject()
          }
        }
      }
    }

    struct List: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "List the aliases of models that you may see.")
      @OptionGroup var page: PageOptions
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        try await open.list(
          ["ALIAS", "MODEL"], page, { ListAliases(after: $0, limit: $1) },
          row: { [$0.name, $0.modelID] }
        ) { alias, writer in
          writer.member("alias", alias.name)
          writer.member("model_id", alias.modelID)
        }
      }
    }

    struct Delete: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Delete an alias.")
      @Argument(help: "The alias.") var alias: String
      @Argument(help: "The id of the model that it stands for.") var model: String
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          DeleteAlias(alias, of: model), dryRun
        ) { RegistryAnswer("deleted alias \(alias.shown)", ["deleted": alias]) }
      }
    }
  }
#endif
