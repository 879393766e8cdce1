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
  /// The model group whose access rules hold for its aliases too; nil for none.
  public var groupID: String?
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
  /// Without blanks around it; no bytes for no object.
  public var configuration: [UInt8]

  /// A model from its parts.
  public init(
    id: String, modelType: ModelType = .treeEnsemble, inferenceType: String? = nil,
    inputFields: [String] = [], tags: [String] = [], groupID: String? = nil,
    summary: String? = nil, createdBy: String = "api_user", createTime: Int64 = 0,
    sizeBytes: Int64 = 0,
    estimatedOperations: Int64 = 0, licenseLevel: String = "platinum",
    definitionBytes: Int? = nil, configuration: [UInt8] = []
  ) {
    (self.id, self.modelType, self.inferenceType) = (id, modelType, inferenceType)
    (self.inputFields, self.tags) = (inputFields, tags)
    (self.groupID, self.summary) = (groupID, summary)
    (self.createdBy, self.createTime, self.sizeBytes) = (createdBy, createTime, sizeBytes)
    (self.estimatedOperations, self.licenseLevel) = (estimatedOperations, licenseLevel)
    (self.definitionBytes, self.configuration) = (definitionBytes, configuration)
  }
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

  /// A deployment from its parts.
  public init(
    id: String, modelID: String, state: State = .starting, reason: String? = nil,
    allocations: Int = 1, currentAllocations: Int = 0, threadsPerAllocation: Int = 1,
    queueCapacity: Int = 1024, priority: String = "normal", startTime: Int64 = 0
  ) {
    (self.id, self.modelID, self.state, self.reason) = (id, modelID, state, reason)
    (self.allocations, self.currentAllocations) = (allocations, currentAllocations)
    (self.threadsPerAllocation, self.queueCapacity) = (threadsPerAllocation, queueCapacity)
    (self.priority, self.startTime) = (priority, startTime)
  }
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
