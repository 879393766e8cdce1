/// Something that a registry keeps.
public enum Record: Hashable, Sendable {
  /// A trained model of the Elasticsearch dialect.
  case trainedModel(TrainedModel)
  /// The opaque definition of a trained model.
  case definition(model: String, bytes: [UInt8])
  /// A model alias.
  case alias(ModelAlias)
  /// A deployment.
  case deployment(Deployment)
  /// An ingest pipeline, as far as it concerns models.
  case pipeline(IngestPipeline)
  /// A model group.
  case group(ModelGroup)
  /// Which group has a name.
  case groupName(name: String, group: String)
  /// A model in a group.
  case groupModel(GroupModel)
  /// A switch.
  case setting(name: String, value: String)
  /// The policies in force.
  case policy(revision: String)

  /// What kinds of records there are.
  public enum Kind: String, Sendable, CaseIterable {
    case trainedModel, definition, alias, deployment, pipeline, group, groupName, groupModel
    case setting, policy
  }
}

extension RecordKey {
  /// The kind of record and its name within that kind: what a store keeps a record under.
  public var parts: (kind: Record.Kind, name: String) {
    switch self {
    case .trainedModel(let name): (.trainedModel, name)
    case .definition(let name): (.definition, name)
    case .alias(let name): (.alias, name)
    case .deployment(let name): (.deployment, name)
    case .pipeline(let name): (.pipeline, name)
    case .group(let name): (.group, name)
    case .groupName(let name): (.groupName, name)
    case .groupModel(let name): (.groupModel, name)
    case .setting(let name): (.setting, name)
    case .policy: (.policy, "")
    }
  }
}

extension Record {
  /// What it is kept under.
  public var key: RecordKey {
    switch self {
    case .trainedModel(let model): .trainedModel(model.id)
    case .definition(let model, _): .definition(model)
    case .alias(let alias): .alias(alias.name)
    case .deployment(let deployment): .deployment(deployment.id)
    case .pipeline(let pipeline): .pipeline(pipeline.id)
    case .group(let group): .group(group.id)
    case .groupName(let name, _): .groupName(name)
    case .groupModel(let model): .groupModel(model.id)
    case .setting(let name, _): .setting(name)
    case .policy: .policy
    }
  }

  /// The sets that it is a member of.
  public var sets: [RecordSet] {
    switch self {
    case .trainedModel(let model):
      model.tags.map { .tagged($0) } + (model.groupID.map { [.trainedModels(group: $0)] } ?? [])
    case .alias(let alias): [.aliases(model: alias.modelID)]
    case .deployment(let deployment): [.deployments(model: deployment.modelID), .allDeployments]
    case .pipeline(let pipeline): pipeline.names.map { .pipelines(naming: $0) }
    case .groupModel(let model): model.groupID.map { [.models(group: $0)] } ?? []
    case .group: [.allGroups]
    case .definition, .groupName, .setting, .policy: []
    }
  }
}
