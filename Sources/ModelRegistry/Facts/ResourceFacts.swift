package import CEL
import PolicyEngine

/// What the registry knows of a resource that a request names by its id: the attributes that rules
/// ask for.
package struct ResourceFacts: Sendable {
  /// Attributes that are the registry's to tell. What a request says of them is not believed: where
  /// the registry has none, there is none.
  package let own: Set<String>
  /// The attributes.
  package let properties: [String: CELValue]
  /// The same for what surrounds every request about such a resource.
  package let ownContext: Set<String>
  /// What surrounds it.
  package let context: [String: CELValue]

  fileprivate init(_ request: Request, own: [String], ownContext: [String]) {
    (properties, context) = (request.resource.properties, request.context)
    (self.own, self.ownContext) = (Set(own), Set(ownContext))
  }
}

/// A resource as a request names it.
package struct ResourceName: Sendable {
  /// Its type and id.
  package let type, id: String
  /// Ids of other things that the request is about, by the attribute that names them: `new_model`
  /// of an alias, `target_model_group` of a model.
  package let others: [String: String]

  /// A name from its parts.
  package init(type: String, id: String, others: [String: String] = [:]) {
    (self.type, self.id, self.others) = (type, id, others)
  }
}

extension ModelRegistry {
  /// Types of resources that the registry keeps, each with the attribute that names another thing
  /// that it keeps.
  package static let resourceTypes: [String: String?] = [
    "model_group": nil, "model": "target_model_group", "trained_model": nil,
    "model_alias": "new_model",
  ]

  /// What is known of resources, all from one state of the store. Nothing is judged; nil for types
  /// that the registry does not keep.
  ///
  /// - Throws: `StoreError`.
  package func facts(about names: [ResourceName]) async throws -> [ResourceFacts?] {
    try await store.readBriefly { snapshot in
      var reader = FactReader(snapshot)
      return try names.map { try reader.facts(about: $0) }
    }
  }

  /// Ids of resources of a type that the registry keeps, in the order of their bytes. Nothing is
  /// judged.
  ///
  /// - Throws: `StoreError`.
  package func ids(ofType type: String, after: String?, limit: Int) async throws -> [String] {
    let kind: Record.Kind
    switch type {
    case "model_group": kind = .group
    case "model": kind = .groupModel
    case "trained_model": kind = .trainedModel
    case "model_alias": kind = .alias
    default: return []
    }
    return try await store.read { snapshot in
      try snapshot.page(kind, after: after, limit: limit).map(\.record.key.parts.name)
    }
  }
}

extension FactReader {
  fileprivate mutating func facts(about name: ResourceName) throws -> ResourceFacts? {
    let nobody = Request.Entity(type: "user", id: "")
    let groupContext = ["access_control_enabled", "model_group_index_exists"]
    let modelContext = ["access_control_enabled", "license"]
    switch name.type {
    case "model_group":
      return ResourceFacts(
        try groupFacts(name.id, countsModels: true).request("", by: nobody),
        own: ["exists", "access", "owner", "backend_roles", "model_count"],
        ownContext: groupContext)
    case "model":
      let target = try name.others["target_model_group"].map { id in
        try groupReference(id)
      }
      return ResourceFacts(
        try groupModelFacts(name.id).request(.init(name: ""), by: nobody, adding: target),
        own: ["exists", "model_group", "hidden", "target_model_group"], ownContext: groupContext)
    case "trained_model":
      return ResourceFacts(
        try deletionFacts(of: name.id).request(deleting: name.id, by: nobody, force: false),
        own: [
          "exists", "deployments", "referenced_by_pipelines", "aliases_in_pipelines", "model_group",
        ], ownContext: modelContext)
    case "model_alias":
      return ResourceFacts(
        try aliasRequest(name, by: nobody),
        own: ["current_model", "new_model", "id_in_use_as", "referenced_by_pipelines"],
        ownContext: modelContext)
    default: return nil
    }
  }

  private mutating func groupReference(_ id: String) throws(StoreError) -> Attributes {
    if let group = try group(id) { return group.reference }
    var missing = Attributes()
    missing.add("id", id)
    missing.add("exists", false)
    return missing
  }

  private mutating func aliasRequest(
    _ name: ResourceName, by subject: Request.Entity
  ) throws -> Request {
    var resource = Attributes()
    resource.add(
      "current_model",
      try alias(name.id).map { try modelFacts($0.modelID).attributes })
    resource.add("new_model", try name.others["new_model"].map { try modelFacts($0).attributes })
    let uses = try uses(of: name.id, among: [.trainedModel, .deployment, .tag])
    resource.add("id_in_use_as", uses.map(\.rawValue))
    resource.add("referenced_by_pipelines", try pipelines(naming: name.id))
    return Request(
      subject: subject, action: .init(name: ""),
      resource: .init(type: name.type, id: name.id, properties: resource.properties),
      context: try trainedModelSurroundings().context.properties)
  }
}
