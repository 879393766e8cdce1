package import CEL
package import PolicyEngine

/// What the registry knows of a resource that a request names by its id: the attributes that rules
/// ask for.
package struct ResourceFacts: Sendable {
  /// Attributes that are the registry's to tell. What a request says of them is not believed: where
  /// the registry has none, there is none.
  package let own: [String]
  /// The attributes, none but these.
  package let properties: [String: CELValue]
  /// The same for what surrounds every request about such a resource.
  package let ownContext: [String]
  /// What surrounds it.
  package let context: [String: CELValue]

  init(_ request: Request, own: [String], ownContext: [String]) {
    properties = request.resource.properties.filter { own.contains($0.key) }
    context = request.context.filter { ownContext.contains($0.key) }
    (self.own, self.ownContext) = (own, ownContext)
  }

  /// Puts what is known into a request, in the place of what it says of that.
  package func complete(_ request: inout Request) {
    Self.put(properties, own, into: &request.resource.properties)
    Self.put(context, ownContext, into: &request.context)
  }

  private static func put(
    _ known: [String: CELValue], _ own: [String], into stated: inout [String: CELValue]
  ) {
    // The usual request names a resource and says nothing of it.
    if stated.isEmpty {
      stated = known
    } else {
      for name in own { stated[name] = known[name] }
    }
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
    try await store.readBriefly { [factMemory] snapshot in
      try names.map { try FactReader.facts(about: $0, snapshot, factMemory) }
    }
  }

  /// What is known of one resource.
  ///
  /// - Throws: `StoreError`.
  package func facts(about name: ResourceName) async throws -> ResourceFacts? {
    try await store.readBriefly { [factMemory] snapshot in
      try FactReader.facts(about: name, snapshot, factMemory)
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
  /// Facts from memory or, if they are not there, from the state that is read.
  fileprivate static func facts(
    about name: ResourceName, _ snapshot: any StoreSnapshot, _ memory: FactMemory
  ) throws -> ResourceFacts? {
    let revision = snapshot.revision
    if let known = memory.facts(about: name, at: revision) { return known }
    var reader = FactReader(snapshot, notesReads: false)
    let facts = try reader.facts(about: name)
    if let facts { memory.keep(facts, about: name, at: revision) }
    return facts
  }

  private mutating func facts(about name: ResourceName) throws -> ResourceFacts? {
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
