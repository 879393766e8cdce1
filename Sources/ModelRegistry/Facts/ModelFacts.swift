import CEL
import PolicyEngine

/// A trained model as rules see it.
public struct ModelFacts: Hashable, Sendable {
  let id: String
  /// Nil if there is no such model.
  let model: TrainedModel?
  let deployments: [Deployment]
  let group: ModelGroup?

  var attributes: Attributes {
    var attributes = Attributes()
    attributes.add("id", id)
    guard let model else {
      attributes.add("exists", false)
      return attributes
    }
    attributes.add("model_type", model.modelType.rawValue)
    attributes.add("inference_type", model.inferenceType)
    attributes.add("license_level", model.licenseLevel)
    attributes.add("input_fields", model.inputFields)
    attributes.add("deployments", .list(deployments.map(\.attributes.map)))
    attributes.add("definition_stored", model.definitionBytes != nil)
    attributes.add("model_group", group?.reference)
    return attributes
  }
}

extension Deployment {
  /// A deployment of a model, as rules see it.
  var attributes: Attributes {
    var attributes = Attributes()
    attributes.add("id", id)
    attributes.add("state", state.rawValue)
    return attributes
  }
}

extension ModelGroup {
  /// The group of a model, as rules see it.
  var reference: Attributes {
    var attributes = Attributes()
    attributes.add("id", id)
    addAccess(to: &attributes)
    return attributes
  }

  /// The group as the resource of a request.
  var properties: Attributes {
    var attributes = Attributes()
    addAccess(to: &attributes)
    return attributes
  }

  private func addAccess(to attributes: inout Attributes) {
    attributes.add("access", access.rawValue)
    attributes.add("owner", owner?.name)
    attributes.add("backend_roles", backendRoles)
  }
}

extension FactReader {
  /// A trained model with all that rules may ask of it.
  mutating func modelFacts(_ id: String) throws(StoreError) -> ModelFacts {
    guard let model = try trainedModel(id) else {
      return ModelFacts(id: id, model: nil, deployments: [], group: nil)
    }
    return ModelFacts(
      id: id, model: model, deployments: try deployments(of: id),
      group: try group(of: model.groupID, member: "trained model `\(id)`"))
  }

  /// The group that something belongs to. A group that is named and not there would open what it
  /// shall close.
  mutating func group(
    of groupID: String?, member: @autoclosure () -> String
  ) throws(StoreError) -> ModelGroup? {
    guard let groupID else { return nil }
    guard let group = try group(groupID) else {
      throw .damaged("\(member()) is in model group `\(groupID)`, which is not there")
    }
    return group
  }

  /// What has this id already, in the words of the vocabulary.
  mutating func uses(
    of id: String, among kinds: [IDUse]
  ) throws(StoreError) -> [IDUse] {
    var uses: [IDUse] = []
    for kind in kinds {
      let isUsed =
        switch kind {
        case .trainedModel: try trainedModel(id) != nil
        case .alias: try alias(id) != nil
        case .deployment: try deployment(id) != nil
        case .tag: try count(.tagged(id)) > 0
        }
      if isUsed { uses.append(kind) }
    }
    return uses
  }
}

/// What can have an id.
enum IDUse: String, Sendable {
  case trainedModel = "trained_model"
  case alias = "model_alias"
  case deployment
  case tag
}
