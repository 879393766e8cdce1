import CEL
import ModelRegistry
import PolicyEngine

/// Trained models, aliases and deployments as Elasticsearch answers them.
extension RegistryExport {
  mutating func readTrainedModels(_ reader: inout ExportReader) {
    let configs = reader.elements("trained_model_configs", of: reader.root)
    for config in configs { readTrainedModel(config, &reader) }
    pages.add(
      configs.count, of: reader.int("count", of: reader.root), "trained models", at: reader.root,
      reader)
  }

  private mutating func readTrainedModel(_ node: Int, _ reader: inout ExportReader) {
    guard let id = reader.required("model_id", of: node) else { return }
    var model = TrainedModel(id: id)
    if let type = reader.text("model_type", of: node) {
      guard let known = TrainedModel.ModelType(rawValue: type) else {
        return reader.report(
          "unknown-word", "model type `\(type)` of trained model `\(id)` is not known", at: node)
      }
      model.modelType = known
    }
    model.inferenceType = reader.names(of: reader.member("inference_config", of: node)).first
    if let input = reader.member("input", of: node) {
      model.inputFields = reader.texts("field_names", of: input)
    }
    model.tags = reader.texts("tags", of: node)
    model.summary = reader.text("description", of: node)
    model.createdBy = reader.text("created_by", of: node) ?? "api_user"
    model.createTime = Int64(reader.int("create_time", of: node) ?? 0)
    model.licenseLevel = reader.text("license_level", of: node) ?? "platinum"
    model.estimatedOperations = Int64(reader.int("estimated_operations", of: node) ?? 0)
    let size = reader.int("model_size_bytes", of: node) ?? 0
    model.sizeBytes = Int64(size)
    // The answer does not hold the definition; only a download that is under way is told.
    model.definitionBytes = reader.bool("fully_defined", of: node) ?? true ? size : nil
    add(.trainedModel(model), at: node, &reader)
    if model.createdBy == "_xpack" || id.hasPrefix(".") {
      packaged.insert(.trainedModel(id))
    }
    guard let metadata = reader.member("metadata", of: node) else { return }
    for alias in reader.named("model_aliases", of: metadata) {
      add(.alias(ModelAlias(name: alias.name, modelID: id)), at: alias.node, &reader)
    }
  }

  // MARK: Deployments

  mutating func readStats(_ reader: inout ExportReader) {
    for entry in reader.elements("trained_model_stats", of: reader.root) {
      guard let stats = reader.member("deployment_stats", of: entry) else { continue }
      readDeployment(stats, of: reader.text("model_id", of: entry), &reader)
    }
  }

  private mutating func readDeployment(
    _ node: Int, of model: String?, _ reader: inout ExportReader
  ) {
    guard let modelID = reader.text("model_id", of: node) ?? model else { return }
    var deployment = Deployment(
      id: reader.text("deployment_id", of: node) ?? modelID, modelID: modelID)
    let status = reader.member("allocation_status", of: node)
    let state = reader.text("state", of: node) ?? "started"
    let allocated = status.flatMap { reader.text("state", of: $0) }
    // How far it is stands in the status, unless it is going away.
    let word = ["stopping", "failed"].contains(state) ? state : allocated ?? state
    guard let known = Deployment.State(rawValue: word) else {
      return reader.report(
        "unknown-word", "state `\(word)` of deployment `\(deployment.id)` is not known", at: node)
    }
    deployment.state = known
    deployment.reason = reader.text("reason", of: node)
    deployment.allocations = reader.int("number_of_allocations", of: node) ?? 1
    deployment.threadsPerAllocation = reader.int("threads_per_allocation", of: node) ?? 1
    deployment.queueCapacity = reader.int("queue_capacity", of: node) ?? 1024
    deployment.priority = reader.text("priority", of: node) ?? "normal"
    deployment.startTime = Int64(reader.int("start_time", of: node) ?? 0)
    if let status {
      deployment.currentAllocations = reader.int("allocation_count", of: status) ?? 0
    }
    add(.deployment(deployment), at: node, &reader)
  }

  // MARK: What surrounds them

  mutating func readAliases(_ reader: inout ExportReader) {
    guard let aliases = reader.aliasMetadata, reader.tape.kind(of: aliases) == .object else {
      return reader.reportUnknown(system)
    }
    for key in reader.tape.children(of: aliases) {
      guard let model = reader.required("model_id", of: key + 1) else { continue }
      add(
        .alias(ModelAlias(name: reader.tape.string(of: key), modelID: model)), at: key, &reader)
    }
  }

  mutating func readPipelines(_ reader: inout ExportReader) {
    for entry in reader.entries() {
      var names: [String] = []
      for node in entry.value..<reader.tape.next(after: entry.value)
      where reader.tape.isString(node, "inference") {
        // Processors are nested in others; a name is followed by its value.
        if let name = reader.member("model_id", of: node + 1),
          reader.tape.kind(of: name) == .string,
          !names.contains(reader.tape.string(of: name))
        {
          names.append(reader.tape.string(of: name))
        }
      }
      if !names.isEmpty {
        add(.pipeline(IngestPipeline(id: entry.name, names: names)), at: entry.key, &reader)
      }
    }
  }

  mutating func readLicense(_ reader: inout ExportReader) {
    guard let license = reader.member("license", of: reader.root),
      let type = reader.required("type", of: license)
    else { return }
    add(
      .setting(name: RegistrySetting.license.rawValue, value: type), at: license, &reader)
  }

  mutating func readElasticsearchUsers(_ reader: inout ExportReader) {
    users = users ?? [:]
    for entry in reader.entries() {
      let roles = reader.named("roles", of: entry.value)
      guard reader.bool("enabled", of: entry.value) ?? true else {
        reader.note("disabled-user", "user `\(entry.name)` is disabled: not taken", at: entry.key)
        continue
      }
      users?[entry.name] = AuditCallers.user(entry.name, roles: roles.map(\.name))
      for role in roles {
        mappings.append(
          ExportedMapping(
            role: role.name, users: [entry.name],
            position: reader.file.position(ofNode: role.node)))
      }
    }
  }
}
