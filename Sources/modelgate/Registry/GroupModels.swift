#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry

  /// `modelgate groups models`: the models in groups, each a version of its group.
  struct GroupModels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "models",
      abstract: "Models in model groups: register, update, get, list, delete, deploy, undeploy.",
      discussion: """
        Each registration is the next version of its group. Who may do what with a model is said by its group.

        EXAMPLES
          modelgate groups models register card-net --group fraud --as user1 --roles ml_full_access --backend-roles IT
          modelgate groups models list --group fraud --as user2 --roles ml_full_access --backend-roles IT
          modelgate groups models update <id> --group retired --dry-run --as user1 --roles ml_full_access

        \(RegistryHelp.statuses)
        """,
      subcommands: [
        Register.self, Update.self, Get.self, List.self, Delete.self, Deploy.self, Undeploy.self,
      ])

    struct Register: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Register a model as the next version of a group.")
      @Argument(help: "Its name.") var name: String
      @Option(
        help: ArgumentHelp(
          "The id of its group. (default: the group of the model's name, made on the way if there is none)",
          valueName: "id"))
      var group: String?
      @Option(help: "For people.") var description: String?
      @Flag(help: "It is one of the platform's own models.") var pretrained = false
      @OptionGroup(title: "A group that is made on the way") var access: Groups.AccessOptions
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        let operation = RegisterModel(
          name, in: group, summary: description, isPretrained: pretrained,
          access: access.parameters)
        try await OpenRegistry(registry, writes: true).perform(operation, dryRun) {
          RegistryAnswer("registered model \($0.shown)", ["model_id": $0, "status": "CREATED"])
        }
      }
    }

    struct Update: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract:
          "Change a model, or move it to another group, of which it becomes the next version.")
      @Argument(help: "Its id.") var id: String
      @Option(help: "Its new name.") var name: String?
      @Option(help: "Its new description.") var description: String?
      @Option(help: ArgumentHelp("The group that it moves to.", valueName: "id"))
      var group: String?
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func validate() throws {
        if name == nil, description == nil, group == nil {
          throw ValidationError("Give at least one of --name, --description and --group.")
        }
      }

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          UpdateModel(id, name: name, summary: description, movingTo: group), dryRun
        ) { _ in RegistryAnswer("updated model \(id.shown)", ["model_id": id]) }
      }
    }

    struct Get: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Show a model.")
      @Argument(help: "Its id.") var id: String
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        try await open.run {
          let model = try await open.registry.read(GetModel(id), by: open.subject)
          open.show {
            open.card(model.members)
          } json: { writer in
            writer.beginObject()
            model.write(to: &writer)
            writer.endObject()
          }
        }
      }
    }

    struct List: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "List the models in groups that you can find.")
      @Option(help: ArgumentHelp("Only models in this group.", valueName: "id"))
      var group: String?
      @Option(help: "Only models of this name.") var name: String?
      @OptionGroup var page: PageOptions
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        let (group, name) = (group, name)
        try await open.list(
          ["MODEL", "NAME", "GROUP", "VERSION", "STATE"], page,
          { after, limit in
            SearchModels(after: after, limit: limit) { model in
              (group == nil || model.groupID == group) && (name == nil || model.name == name)
            }
          },
          row: { [$0.id, $0.name, $0.groupID ?? "-", "\($0.version)", $0.state] }
        ) { $0.write(to: &$1) }
      }
    }

    struct Delete: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Delete a model. Its group stays, and gives its number to no other.")
      @Argument(help: "Its id.") var id: String
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(DeleteModel(id), dryRun) {
          RegistryAnswer("deleted model \(id.shown)", ["deleted": id])
        }
      }
    }

    struct Deploy: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Note that a model shall run. The registry runs nothing itself.")
      @Argument(help: "Its id.") var id: String
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(DeployModel(id), dryRun) {
          RegistryAnswer("deployed model \(id.shown)", ["model_id": id, "state": "DEPLOYED"])
        }
      }
    }

    struct Undeploy: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Note that a model shall not run any more.")
      @Argument(help: "Its id.") var id: String
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(UndeployModel(id), dryRun) {
          RegistryAnswer("undeployed model \(id.shown)", ["model_id": id, "state": "UNDEPLOYED"])
        }
      }
    }
  }

  extension GroupModel {
    fileprivate var members: [(String, String)] {
      [
        ("model", id), ("name", name), ("group", groupID ?? ""), ("version", "\(version)"),
        ("state", state), ("description", summary ?? ""),
      ]
    }

    fileprivate func write(to writer: inout JSONWriter) {
      writer.member("model_id", id)
      writer.member("name", name)
      writer.member("model_group_id", ifAny: groupID)
      writer.member("model_version", version)
      writer.member("model_state", state)
      writer.member("description", ifAny: summary)
      writer.member("created_time", createdTime)
      writer.member("last_updated_time", lastUpdatedTime)
    }
  }
#endif
