/// What a record is called. Keys of different kinds never meet, whatever their texts.
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
  /// The models in a group.
  case models(group: String)
  /// All groups.
  case allGroups
}
