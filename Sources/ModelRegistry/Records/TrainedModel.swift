/// A trained model of the Elasticsearch dialect, without its definition.
public struct TrainedModel: Hashable, Sendable {
  /// What kind of model it is; unless said otherwise, `tree_ensemble`.
  public enum ModelType: String, Hashable, Sendable, CaseIterable {
    case treeEnsemble = "tree_ensemble"
    case pytorch
    case langIdent = "lang_ident"
  }

  /// Its id.
  public var id: String
  /// What kind of model it is.
  public var modelType: ModelType
  /// The key of its inference configuration: `regression`, `ner`, …
  public var inferenceType: String?
  /// The fields that it reads.
  public var inputFields: [String]
  /// Words to find it by.
  public var tags: [String]
  /// For people.
  public var summary: String?
  /// Who put it there: `api_user` for the API.
  public var createdBy: String
  /// When, in milliseconds since the Unix epoch.
  public var createTime: Int64
  /// Its size in memory, in bytes, as its author says.
  public var sizeBytes: Int64
  /// Work for one inference, as its author says.
  public var estimatedOperations: Int64
  /// The licence that it needs: `basic`, `platinum`.
  public var licenseLevel: String
  /// The size of its stored definition in bytes; nil while none is stored.
  public var definitionBytes: Int?
  /// The other members of its configuration, as the JSON object in which it was put:
  /// `inference_config`, `metadata`, `default_field_map`, `prefix_strings`, `platform_architecture`.
  public var configuration: [UInt8]
}

/// A name that stands for one trained model.
public struct ModelAlias: Hashable, Sendable {
  /// The name.
  public var name: String
  /// The model that it stands for.
  public var modelID: String

  /// An alias from its parts.
  public init(name: String, modelID: String) { (self.name, self.modelID) = (name, modelID) }
}

/// A trained model that a platform runs. The registry keeps the state that the platform reports; it
/// runs nothing itself.
public struct Deployment: Hashable, Sendable {
  /// How far it is.
  public enum State: String, Hashable, Sendable, CaseIterable {
    case starting, started
    case fullyAllocated = "fully_allocated"
    case stopping, failed
  }

  /// Its id.
  public var id: String
  /// The model that it runs.
  public var modelID: String
  /// How far it is, as last reported.
  public var state: State
  /// Why it is in that state.
  public var reason: String?
  /// Copies that were asked for.
  public var allocations: Int
  /// Copies that run, as last reported.
  public var currentAllocations: Int
  /// Threads of each copy.
  public var threadsPerAllocation: Int
  /// Requests that may wait.
  public var queueCapacity: Int
  /// `normal` or `low`.
  public var priority: String
  /// When it was started, in milliseconds since the Unix epoch.
  public var startTime: Int64
}

/// An ingest pipeline, as far as it concerns models: what its inference processors name.
public struct IngestPipeline: Hashable, Sendable {
  /// Its id.
  public var id: String
  /// Models, aliases and deployments that it names, each once.
  public var names: [String]

  /// A pipeline from its parts.
  public init(id: String, names: [String]) { (self.id, self.names) = (id, names) }
}
