// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CEL
public import PolicyEngine

/// Deletes a trained model, and with it its definition, its aliases and its deployments: nothing of
/// them is left that would stand for nothing.
public struct DeleteTrainedModel: RegistryWrite {
  public static var action: String { "cluster:admin/xpack/ml/inference/delete" }

  /// The id of the model; an alias is not followed here.
  public var modelID: String
  /// Whether it is deleted although it is in use.
  public var force: Bool

  /// Deletes a model.
  public init(_ modelID: String, force: Bool = false) {
    (self.modelID, self.force) = (modelID, force)
  }

  /// What is known of the model.
  public struct Facts: Sendable {
    let model: ModelFacts
    let pipelines: [String]
    let aliases: [String]
    let aliasesInPipelines: [String]
    let surroundings: Surroundings

    func request(deleting id: String, by subject: Request.Entity, force: Bool) -> Request {
      var action = Attributes()
      action.add("force", force)
      var resource = Attributes()
      resource.add("exists", model.model != nil)
      resource.add("deployments", .list(model.deployments.map(\.attributes.map)))
      resource.add("referenced_by_pipelines", pipelines)
      resource.add("aliases_in_pipelines", aliasesInPipelines)
      resource.add("model_group", model.group?.reference)
      return Request(
        subject: subject,
        action: .init(name: DeleteTrainedModel.action, properties: action.properties),
        resource: .init(type: "trained_model", id: id, properties: resource.properties),
        context: surroundings.context.properties)
    }
  }

  public var target: String { modelID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model id", modelID)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    try reader.deletionFacts(of: modelID)
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    facts.request(deleting: modelID, by: subject, force: force)
  }

  public func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<Void> {
    guard facts.model.model != nil else {
      throw RegistryError(.notFound, "Could not find trained model [\(modelID)]")
    }
    return Effect(
      writing: [],
      removing: [.trainedModel(modelID), .definition(modelID)]
        + facts.aliases.map { .alias($0) } + facts.model.deployments.map { .deployment($0.id) })
  }
}

extension FactReader {
  /// What rules ask about a model that is to be deleted.
  mutating func deletionFacts(of id: String) throws(StoreError) -> DeleteTrainedModel.Facts {
    let aliases = try aliases(of: id)
    var inPipelines: [String] = []
    for alias in aliases where try !pipelines(naming: alias).isEmpty { inPipelines.append(alias) }
    return DeleteTrainedModel.Facts(
      model: try modelFacts(id), pipelines: try pipelines(naming: id), aliases: aliases,
      aliasesInPipelines: inPipelines, surroundings: try trainedModelSurroundings())
  }
}
