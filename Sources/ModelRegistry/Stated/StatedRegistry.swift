import CEL
import PolicyEngine

/// A registry that somebody has written down, as tests do: what is in it, by id.
///
/// ```json
/// { "settings": { "license": "basic" },
///   "trained_models": { "delay-1": { "inference_type": "regression" } },
///   "aliases": { "delay": "delay-1" } }
/// ```
///
/// It can only be one that the registry could hold: nothing in it refers to what is not there.
struct StatedRegistry {
  private(set) var reader: DocumentReader
  private(set) var records: [Record] = []
  /// What refers to what, with its place.
  private var references: [(what: String, key: RecordKey, node: Int)] = []

  static let parts = [
    "settings", "trained_models", "aliases", "deployments", "pipelines", "model_groups", "models",
  ]

  /// Reads a registry; what is wrong with it is in `reader.diagnostics`.
  init(_ file: SourceFile) {
    reader = DocumentReader(file)
    guard
      let members = reader.members(of: reader.tape.root, "the registry", known: Self.parts)
    else { return }
    for entry in reader.entries(of: members["settings"], "settings") { readSetting(entry) }
    for entry in reader.entries(of: members["trained_models"], "trained_models") {
      readTrainedModel(entry)
    }
    for entry in reader.entries(of: members["aliases"], "aliases") { readAlias(entry) }
    for entry in reader.entries(of: members["deployments"], "deployments") {
      readDeployment(entry)
    }
    for entry in reader.entries(of: members["pipelines"], "pipelines") {
      let names = reader.strings(entry.value, "pipeline `\(entry.name)`").map(\.name)
      records.append(.pipeline(IngestPipeline(id: entry.name, names: names)))
    }
    for entry in reader.entries(of: members["model_groups"], "model_groups") { readGroup(entry) }
    for entry in reader.entries(of: members["models"], "models") { readModel(entry) }
    checkNames(members)
    checkReferences()
  }

  private typealias Entry = (name: String, key: Int, value: Int)

  // MARK: Records

  private mutating func readSetting(_ entry: Entry) {
    guard let setting = RegistrySetting(rawValue: entry.name) else {
      let known = RegistrySetting.allCases.map(\.rawValue)
      let meant = suggestion(for: entry.name, among: known).map { "did you mean `\($0)`?" }
      return reader.report(
        "unknown-setting", "there is no setting `\(entry.name)`", at: entry.key,
        help: meant ?? "settings are \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }
    switch reader.tape.kind(of: entry.value) {
    case .null, .array, .object:
      return reader.wrongType(
        entry.value, "setting `\(entry.name)`", "a string, a number or a boolean")
    default: break
    }
    let value = reader.tape.string(of: entry.value)
    do throws(RegistryError) {
      try setting.check(value)
    } catch {
      return reader.report("invalid-setting", error.message, at: entry.value, help: error.help)
    }
    records.append(.setting(name: entry.name, value: value))
  }

  private mutating func readTrainedModel(_ entry: Entry) {
    let model = reader.read(entry.value, "trained model `\(entry.name)`", orAt: entry.key) {
      TrainedModel(
        id: entry.name, modelType: $0.word("model_type", or: .treeEnsemble),
        inferenceType: $0.optionalText("inference_type"), inputFields: $0.texts("input_fields"),
        tags: $0.texts("tags"), groupID: $0.optionalText("model_group_id"),
        summary: $0.optionalText("description"),
        createdBy: $0.optionalText("created_by") ?? "api_user",
        licenseLevel: $0.optionalText("license_level") ?? "platinum",
        definitionBytes: $0.optionalCount("definition_bytes"))
    }
    records.append(.trainedModel(model))
    if let group = model.groupID {
      references.append(("trained model `\(entry.name)`", .group(group), entry.value))
    }
  }

  private mutating func readAlias(_ entry: Entry) {
    guard let model = reader.string(entry.value, "alias `\(entry.name)`") else { return }
    records.append(.alias(ModelAlias(name: entry.name, modelID: model)))
    references.append(("alias `\(entry.name)`", .trainedModel(model), entry.value))
  }

  private mutating func readDeployment(_ entry: Entry) {
    let deployment = reader.read(entry.value, "deployment `\(entry.name)`", orAt: entry.key) {
      let allocations = $0.optionalCount("number_of_allocations") ?? 1
      return Deployment(
        id: entry.name, modelID: $0.text("model_id"), state: $0.word("state", or: .started),
        allocations: allocations, currentAllocations: allocations,
        threadsPerAllocation: $0.optionalCount("threads_per_allocation") ?? 1,
        queueCapacity: $0.optionalCount("queue_capacity") ?? 1024,
        priority: $0.optionalText("priority") ?? "normal")
    }
    records.append(.deployment(deployment))
    references.append(
      ("deployment `\(entry.name)`", .trainedModel(deployment.modelID), entry.value))
  }

  private mutating func readGroup(_ entry: Entry) {
    let group = reader.read(entry.value, "model group `\(entry.name)`", orAt: entry.key) {
      ModelGroup(
        id: entry.name, name: $0.optionalText("name") ?? entry.name,
        summary: $0.optionalText("description"),
        latestVersion: $0.optionalCount("latest_version") ?? 0,
        backendRoles: $0.texts("backend_roles"),
        owner: $0.optionalText("owner").map { ModelGroup.Owner(name: $0) },
        access: $0.word("access", or: .private))
    }
    records += [.group(group), .groupName(name: group.name, group: group.id)]
  }

  private mutating func readModel(_ entry: Entry) {
    let model = reader.read(entry.value, "model `\(entry.name)`", orAt: entry.key) {
      GroupModel(
        id: entry.name, name: $0.optionalText("name") ?? entry.name,
        groupID: $0.optionalText("model_group_id"), version: $0.optionalCount("version") ?? 1,
        summary: $0.optionalText("description"), isHidden: $0.flag("hidden"),
        state: $0.optionalText("state") ?? "REGISTERED")
    }
    records.append(.groupModel(model))
    if let group = model.groupID {
      references.append(("model `\(entry.name)`", .group(group), entry.value))
    }
  }

  // MARK: What no registry holds

  /// An alias is never the id of a trained model too, and no two groups have one name.
  private mutating func checkNames(_ members: Members) {
    let keys = Set(records.map(\.key))
    for entry in reader.entries(of: members["aliases"], "aliases")
    where keys.contains(.trainedModel(entry.name)) {
      reader.report(
        "name-taken", "alias `\(entry.name)` is the id of a trained model too", at: entry.key)
    }
    var names: [ExactText: String] = [:]
    for entry in reader.entries(of: members["model_groups"], "model_groups") {
      let place = reader.tape.member("name", of: entry.value) ?? entry.key
      let isText = reader.tape.kind(of: place) == .string
      let name = isText ? reader.tape.string(of: place) : entry.name
      if let other = names.updateValue(entry.name, forKey: ExactText(name)) {
        reader.report(
          "name-taken", "model groups `\(other)` and `\(entry.name)` have one name, `\(name)`",
          at: place)
      }
    }
  }

  private mutating func checkReferences() {
    let keys = Set(records.map(\.key))
    for (what, key, node) in references where !keys.contains(key) {
      // What is missing altogether was reported.
      guard !key.parts.name.isEmpty else { continue }
      let known = keys.filter { $0.parts.kind == key.parts.kind }.map(\.parts.name)
      reader.report(
        "dangling", "\(what) refers to \(key.words), which is not in this registry", at: node,
        help: suggestion(for: key.parts.name, among: known).map { "did you mean `\($0)`?" }
          ?? "state it too: no registry holds what refers to nothing")
    }
  }
}
