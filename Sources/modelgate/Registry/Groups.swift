#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry

  /// `modelgate groups`: model groups, and who may use them.
  struct Groups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Model groups, and the models in them: register, update, get, list, delete.",
      discussion: """
        A public group is for everybody who may use models at all, a private one for its owner, a \
        restricted one for those who share a backend role with it.

        EXAMPLES
          modelgate groups register 'fraud models' --access public --as user1 --roles ml_full_access
          modelgate groups register 'card fraud' --share-with IT,HR --as user1 --roles ml_full_access --backend-roles IT,HR
          modelgate groups list --as user2 --roles ml_full_access --backend-roles IT
          modelgate groups models register card-net --group fraud --as user1 --roles ml_full_access --backend-roles IT

        \(RegistryHelp.statuses)
        """,
      subcommands: [
        Register.self, Update.self, Get.self, List.self, Delete.self, GroupModels.self,
      ])

    /// Who shall use a group.
    struct AccessOptions: ParsableArguments {
      @Option(help: "public, private or restricted.") var access: String?
      @Option(
        help: ArgumentHelp(
          "Backend roles that may use it, separated by commas.", valueName: "role,…"))
      var shareWith: [String] = []
      @Flag(help: "Share it with all of your backend roles.") var shareWithAllMine = false

      var parameters: GroupAccessParameters {
        let roles = shareWith.flatMap { $0.split(separator: ",").map(String.init) }
        return GroupAccessParameters(
          accessMode: access, backendRoles: shareWith.isEmpty ? nil : roles,
          addAllBackendRoles: shareWithAllMine ? true : nil)
      }
    }

    struct Register: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Register a model group.")
      @Argument(help: "Its name, which no other group has.") var name: String
      @Option(help: "For people.") var description: String?
      @Option(help: "An id of your choice. (default: one is made)") var id: String?
      @OptionGroup var access: AccessOptions
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          RegisterGroup(name, summary: description, id: id, access: access.parameters), dryRun
        ) {
          RegistryAnswer(
            "registered model group \($0.shown)", ["model_group_id": $0, "status": "CREATED"])
        }
      }
    }

    struct Update: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Change a model group.")
      @Argument(help: "Its id.") var id: String
      @Option(help: "Its new name.") var name: String?
      @Option(help: "Its new description.") var description: String?
      @OptionGroup var access: AccessOptions
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          UpdateGroup(id, name: name, summary: description, access: access.parameters), dryRun
        ) { _ in RegistryAnswer("updated model group \(id.shown)", ["model_group_id": id]) }
      }
    }

    struct Get: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Show a model group.")
      @Argument(help: "Its id.") var id: String
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        try await open.run {
          let group = try await open.registry.read(GetGroup(id), by: open.subject)
          open.show {
            open.card(group.members)
          } json: { writer in
            writer.beginObject()
            group.write(to: &writer)
            writer.endObject()
          }
        }
      }
    }

    struct List: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "List the model groups that you can find.")
      @OptionGroup var page: PageOptions
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        try await open.list(
          ["GROUP", "NAME", "ACCESS", "OWNER", "BACKEND ROLES"], page,
          { SearchGroups(after: $0, limit: $1) },
          row: {
            [
              $0.id, $0.name, $0.access.rawValue, $0.owner?.name ?? "-",
              $0.backendRoles.joined(separator: ", "),
            ]
          }
        ) { $0.write(to: &$1) }
      }
    }

    struct Delete: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Delete a model group.")
      @Argument(help: "Its id.") var id: String
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(DeleteGroup(id), dryRun) {
          RegistryAnswer(
            $0 ? "deleted model group \(id.shown)" : "there was no model group \(id.shown)",
            ["result": $0 ? "deleted" : "not_found", "model_group_id": id])
        }
      }
    }
  }

  extension ModelGroup {
    fileprivate var members: [(String, String)] {
      [
        ("group", id), ("name", name), ("access", access.rawValue), ("owner", owner?.name ?? ""),
        ("backend roles", backendRoles.joined(separator: ", ")),
        ("latest version", "\(latestVersion)"), ("description", summary ?? ""),
      ]
    }

    fileprivate func write(to writer: inout JSONWriter) {
      writer.member("model_group_id", id)
      writer.member("name", name)
      writer.member("description", ifAny: summary)
      writer.member("access", access.rawValue)
      writer.member("owner", ifAny: owner?.name)
      writer.member("backend_roles", backendRoles)
      writer.member("latest_version", latestVersion)
      writer.member("created_time", createdTime)
      writer.member("last_updated_time", lastUpdatedTime)
    }
  }
#endif
