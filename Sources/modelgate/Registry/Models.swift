#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry

  #if canImport(FoundationEssentials)
    import FoundationEssentials
  #else
    import Foundation
  #endif

  /// `modelgate models`: trained models.
  struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Trained models: put, get, list, delete.",
      discussion: """
        EXAMPLES
          modelgate models put delay-2 --inference-type regression --input-field carrier --input-field distance \\
            --as alice --roles machine_learning_admin
          modelgate models list --as bob --roles machine_learning_user
          modelgate models delete delay-1 --dry-run --as alice --roles machine_learning_admin

        \(RegistryHelp.statuses)
        """,
      subcommands: [Put.self, Get.self, List.self, Delete.self])

    struct Put: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Create a trained model.")
      @Argument(help: "Its id.") var id: String
      @Option(help: "tree_ensemble, pytorch or lang_ident.")
      var type = TrainedModel.ModelType.treeEnsemble
      @Option(help: "The key of its inference configuration: regression, ner, …")
      var inferenceType: String?
      @Option(help: ArgumentHelp("A field that it reads; may be repeated.", valueName: "field"))
      var inputField: [String] = []
      @Option(help: ArgumentHelp("A word to find it by; may be repeated.", valueName: "word"))
      var tag: [String] = []
      @Option(help: "For people.") var description: String?
      @Option(
        help: ArgumentHelp("The model group whose access rules hold for it.", valueName: "id"))
      var group: String?
      @Option(help: "The licence that it needs.") var license = "platinum"
      @Option(
        help: ArgumentHelp(
          "A file with its definition, which is not looked into.", valueName: "file"),
        completion: .file())
      var definition: String?
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        let model = TrainedModel(
          id: id, modelType: type, inferenceType: inferenceType, inputFields: inputField,
          tags: tag, groupID: group, summary: description, createdBy: registry.user,
          licenseLevel: license)
        let bytes = try definition.map { try Self.contents($0, registry.format) }
        try await OpenRegistry(registry, writes: true).perform(
          PutTrainedModel(model, definition: bytes), dryRun
        ) { RegistryAnswer("created model \($0.id.shown)", ["model_id": $0.id]) }
      }

      private static func contents(_ path: String, _ format: FormatOptions) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
          let console = Console()
          console.report(
            [Finding("unreadable", "`\(path)` can't be read", help: "name a file of your own")],
            as: format.format, pretty: format.pretty)
          console.flush()
          throw ExitCode(Status.unusable)
        }
        return [UInt8](data)
      }
    }

    struct Get: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Show a trained model, by its id or an alias.")
      @Argument(help: "Its id, or an alias.") var name: String
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        try await open.run {
          let found = try await open.registry.read(GetTrainedModel(name), by: open.subject)
          open.show {
            open.card(found.members)
          } json: { writer in
            writer.beginObject()
            found.write(to: &writer)
            writer.endObject()
          }
        }
      }
    }

    struct List: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "List the trained models that you may see.")
      @Option(help: ArgumentHelp("Only models with this tag; may be repeated.", valueName: "word"))
      var tag: [String] = []
      @OptionGroup var page: PageOptions
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        try await open.list(
          ["MODEL", "TYPE", "INFERENCE", "ALIASES"], page,
          { ListTrainedModels(tags: tag, after: $0, limit: $1) },
          row: {
            [
              $0.model.id, $0.model.modelType.rawValue, $0.model.inferenceType ?? "-",
              $0.aliases.joined(separator: ", "),
            ]
          }
        ) { $0.write(to: &$1) }
      }
    }

    struct Delete: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Delete a trained model, and the aliases that stand for it.")
      @Argument(help: "Its id.") var id: String
      @Flag(help: "Even if it is deployed or named by a pipeline.") var force = false
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          DeleteTrainedModel(id, force: force), dryRun
        ) { _ in RegistryAnswer("deleted model \(id.shown)", ["deleted": id]) }
      }
    }
  }

  extension AliasedModel {
    fileprivate var members: [(String, String)] {
      [
        ("model", model.id), ("type", model.modelType.rawValue),
        ("inference", model.inferenceType ?? ""),
        ("input fields", model.inputFields.joined(separator: ", ")),
        ("tags", model.tags.joined(separator: ", ")),
        ("aliases", aliases.joined(separator: ", ")), ("group", model.groupID ?? ""),
        ("created by", model.createdBy), ("license", model.licenseLevel),
        ("definition", model.definitionBytes.map { "\($0) bytes" } ?? "none"),
        ("description", model.summary ?? ""),
      ]
    }

    fileprivate func write(to writer: inout JSONWriter) {
      writer.member("model_id", model.id)
      writer.member("model_type", model.modelType.rawValue)
      writer.member("inference_type", ifAny: model.inferenceType)
      writer.member("input_fields", model.inputFields)
      writer.member("tags", model.tags)
      writer.member("aliases", aliases)
      writer.member("model_group_id", ifAny: model.groupID)
      writer.member("created_by", model.createdBy)
      writer.member("create_time", model.createTime)
      writer.member("license_level", model.licenseLevel)
      if let count = model.definitionBytes { writer.member("definition_bytes", count) }
      writer.member("description", ifAny: model.summary)
    }
  }
#endif
