/// What a record is called. Keys of different kinds never meet, whatever their texts; keys of one
/// kind are equal when their texts are, byte for byte.
public enum RecordKey: Hashable, Sendable {
  /// A trained model of the Elasticsearch dialect, by id.
  case trainedModel(String)
  /// The opaque definition of a trained model, by the model's id.
  case definition(String)
  /// A model alias, by name.
  case alias(String)
  /// A deployment, by id.
  case deployment(String)
  /// An ingest pipeline that names models or aliases, by id.
  case pipeline(String)
  /// A model group, by id.
  case group(String)
  /// The name of a model group, which one group has.
  case groupName(String)
  /// A model in a group (OpenSearch dialect), by id.
  case groupModel(String)
  /// A switch of the registry, by name.
  case setting(String)
  /// The policies in force.
  case policy
}

/// Records that belong together, read as a whole. A set has a revision of its own, which moves
/// whenever a member comes, goes or changes: whoever decided by the set can make sure that it is
/// still the same.
public enum RecordSet: Hashable, Sendable {
  /// The aliases of a trained model.
  case aliases(model: String)
  /// The deployments of a trained model.
  case deployments(model: String)
  /// All deployments.
  case allDeployments
  /// Trained models with a tag.
  case tagged(String)
  /// The pipelines that name a model, an alias or a deployment.
  case pipelines(naming: String)
  /// The models in a group (OpenSearch dialect).
  case models(group: String)
  /// The trained models that belong to a group (Elasticsearch dialect).
  case trainedModels(group: String)
  /// All groups.
  case allGroups
}

extension RecordKey {
  /// Byte for byte: `é` in one code point and in two are two names.
  public static func == (one: RecordKey, other: RecordKey) -> Bool {
    let (one, other) = (one.parts, other.parts)
    return one.kind == other.kind && one.name.isExactly(other.name)
  }

  /// Hashes kind and name.
  public func hash(into hasher: inout Hasher) {
    let parts = parts
    hasher.combine(parts.kind)
    hasher.combine(parts.name)
  }
}

extension RecordSet {
  /// What kinds of sets there are: the word under which a store keeps one, and the kind of its
  /// members.
  public enum Kind: String, Sendable, CaseIterable {
    case aliases, deployments, allDeployments, tagged, pipelines, models, trainedModels, allGroups

    /// What its members are.
    public var members: Record.Kind {
      switch self {
      case .aliases: .alias
      case .deployments, .allDeployments: .deployment
      case .tagged, .trainedModels: .trainedModel
      case .pipelines: .pipeline
      case .models: .groupModel
      case .allGroups: .group
      }
    }
  }

  /// The kind of set and the name that its members share, which is empty if there is but one set of
  /// the kind: what a store keeps a set under.
  public var parts: (kind: Kind, name: String) {
    switch self {
    case .aliases(let name): (.aliases, name)
    case .deployments(let name): (.deployments, name)
    case .allDeployments: (.allDeployments, "")
    case .tagged(let name): (.tagged, name)
    case .pipelines(let name): (.pipelines, name)
    case .models(let name): (.models, name)
    case .trainedModels(let name): (.trainedModels, name)
    case .allGroups: (.allGroups, "")
    }
  }

  /// Byte for byte, as keys are.
  public static func == (one: RecordSet, other: RecordSet) -> Bool {
    let (one, other) = (one.parts, other.parts)
    return one.kind == other.kind && one.name.isExactly(other.name)
  }

  /// Hashes kind and name.
  public func hash(into hasher: inout Hasher) {
    let parts = parts
    hasher.combine(parts.kind)
    hasher.combine(parts.name)
  }
}
