import CEL
import PolicyEngine

/// What is asked about each kind of record.
extension AuditRun {
  // MARK: Model groups

  mutating func examine(_ group: ModelGroup) throws {
    let key = RecordKey.group(group.id)
    let asker = owner(of: group)
    var missing: [Record] = []
    var reader = FactReader(snapshot)
    if try reader.groupID(named: group.name)?.isExactly(group.id) ?? false {
      missing.append(.groupName(name: group.name, group: group.id))
    }
    if summary.accessControl { noteOwner(of: group, key, asker) }
    let operation = RegisterGroup(
      group.name, summary: group.summary,
      id: Self.isAutomatic(group.id) ? nil : group.id, access: parameters(of: group))
    let isGranted = try ask(
      operation, about: .group(group), without: missing, by: asker, resource: group.id)
    guard isGranted, group.owner != nil, audit.callers.everything == nil,
      case .known = asker, let answer = try isDenied(GetGroup(group.id), by: asker)
    else { return }
    add(
      .ownerLockedOut, key,
      "the owner `\(asker.subject.id)` may not read the group: "
        + (answer.decision.reasons.first?.message ?? "denied"), by: asker, answer)
  }

  /// Who would register a group.
  private mutating func owner(of group: ModelGroup) -> AuditAsker {
    guard audit.callers.everything == nil, let owner = group.owner else {
      return somebody(RegisterGroup.action, group)
    }
    return .known(audit.callers.today(owner) ?? AuditCallers.recorded(owner))
  }

  private mutating func noteOwner(of group: ModelGroup, _ key: RecordKey, _ asker: AuditAsker) {
    guard let owner = group.owner else {
      let isPublic = group.access == .public
      return add(
        .ownerMissing, key,
        isPublic
          ? "the group has no owner"
          : "the group is \(group.access.rawValue) and has no owner, so everybody may use it",
        severity: isPublic ? .warning : .violation, by: asker)
    }
    if audit.callers.today(owner) == nil {
      add(.ownerGone, key, "the owner `\(owner.name)` is not among today's users", by: asker)
    }
  }

  /// What a request for such a group would say. While access control is off it can say nothing.
  private func parameters(of group: ModelGroup) -> GroupAccessParameters {
    guard summary.accessControl else { return GroupAccessParameters() }
    return GroupAccessParameters(
      accessMode: group.access.rawValue,
      backendRoles: group.backendRoles.isEmpty ? nil : group.backendRoles)
  }

  /// Whether an id looks as if OpenSearch or this registry had chosen it: 20 letters, digits, `_`
  /// and `-`. The rules for ids are about those that callers choose.
  static func isAutomatic(_ id: String) -> Bool {
    id.utf8.count == 20
      && id.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  // MARK: Models

  /// A model in a group: nobody recorded who registered it, so its group's owner is asked as.
  mutating func examine(_ model: GroupModel) throws {
    var reader = FactReader(snapshot)
    let group = try (model.groupID ?? reader.groupID(named: model.name)).flatMap {
      try reader.group($0)
    }
    var asker = somebody(RegisterModel.action, group)
    if model.isHidden, audit.callers.everything == nil {
      var subject = asker.subject
      subject.properties["super_admin"] = .bool(true)
      asker = .assumed(subject)
    }
    let operation = RegisterModel(
      model.name, in: model.groupID, summary: model.summary, configuration: model.configuration)
    try ask(operation, about: .groupModel(model), by: asker, resource: model.id)
  }

  mutating func examine(_ model: TrainedModel) throws {
    var reader = FactReader(snapshot)
    let group = try model.groupID.flatMap { try reader.group($0) }
    let maker =
      audit.callers.everything ?? audit.callers.user(named: model.createdBy)
    let asker = maker.map { .known($0) } ?? somebody(PutTrainedModel.action, group)
    // What belongs to the model was made after it.
    let others =
      try reader.members(.aliases(model: model.id))
      + reader.members(
        .deployments(model: model.id))
    try ask(PutTrainedModel(model), about: .trainedModel(model), without: others, by: asker)
  }

  // MARK: Aliases and deployments

  mutating func examine(_ alias: ModelAlias) throws {
    var reader = FactReader(snapshot)
    let model = try reader.trainedModel(alias.modelID)
    let group = try model?.groupID.flatMap { try reader.group($0) }
    let asker = somebody(PutAlias.action, group)
    try ask(PutAlias(alias.name, of: alias.modelID), about: .alias(alias), by: asker)
    guard model?.modelType == .pytorch, try reader.deployments(of: alias.modelID).isEmpty else {
      return
    }
    add(
      .aliasNotDeployed, .alias(alias.name),
      "the alias stands for the PyTorch model `\(alias.modelID)`, which has no deployment",
      severity: .warning, by: asker)
  }

  mutating func examine(_ deployment: Deployment) throws {
    var reader = FactReader(snapshot)
    let group = try reader.trainedModel(deployment.modelID)?.groupID.flatMap {
      try reader.group($0)
    }
    // Whoever starts a deployment by an alias gives it the alias as its id.
    let byAlias = try reader.alias(deployment.id)?.modelID.isExactly(deployment.modelID) ?? false
    let operation = StartDeployment(
      of: byAlias ? deployment.id : deployment.modelID, as: deployment.id,
      allocations: deployment.allocations, threadsPerAllocation: deployment.threadsPerAllocation,
      queueCapacity: deployment.queueCapacity, priority: deployment.priority)
    try ask(
      operation, about: .deployment(deployment), by: somebody(StartDeployment.action, group))
  }
}
