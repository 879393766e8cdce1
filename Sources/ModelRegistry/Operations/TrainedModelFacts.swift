import CEL
import PolicyEngine

/// What is known of a trained model that somebody wants to see.
public struct TrainedModelFacts: Sendable {
  /// As the caller named it: an id or an alias.
  let name: String
  let model: TrainedModel?
  let aliases: [String]
  let group: ModelGroup?
  let surroundings: Surroundings

  /// A question about the model; about the name, if there is none.
  func request(_ action: String, by subject: Request.Entity) -> Request {
    var resource = Attributes()
    resource.add("exists", model != nil)
    resource.add("model_group", group?.reference)
    return Request(
      subject: subject, action: .init(name: action),
      resource: .init(
        type: "trained_model", id: model?.id ?? name, properties: resource.properties),
      context: surroundings.context.properties)
  }

  /// The question whether somebody may list trained models.
  static func searchRequest(
    _ action: String, by subject: Request.Entity, _ surroundings: Surroundings
  ) -> Request {
    Request(
      subject: subject, action: .init(name: action),
      resource: .init(type: "trained_model", id: "*"), context: surroundings.context.properties)
  }

  func found() throws(RegistryError) -> TrainedModel {
    guard let model else {
      throw RegistryError(.notFound, "No known trained model with model_id [\(name)]")
    }
    return model
  }
}

extension FactReader {
  /// A model by its id or by an alias.
  mutating func trainedModelFacts(named name: String) throws(StoreError) -> TrainedModelFacts {
    let id = try alias(name)?.modelID ?? name
    let model = try trainedModel(id)
    return TrainedModelFacts(
      name: name, model: model, aliases: model == nil ? [] : try aliases(of: id),
      group: try group(of: model?.groupID, member: "trained model `\(id)`"),
      surroundings: try trainedModelSurroundings())
  }
}
