extension RecordKey {
  /// What kind of thing it is, and its name, for people: ``alias `a` ``.
  public var words: String {
    let (kind, name) = parts
    return "\(kind.words) `\(name)`"
  }
}

extension Record.Kind {
  /// For people.
  public var words: String {
    switch self {
    case .trainedModel: "trained model"
    case .definition: "definition"
    case .alias: "model alias"
    case .deployment: "deployment"
    case .pipeline: "ingest pipeline"
    case .group: "model group"
    case .groupName: "name of a model group"
    case .groupModel: "model"
    case .setting: "setting"
    case .policy: "policy"
    }
  }
}
