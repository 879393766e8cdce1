import CEL
import ModelRegistry

/// Model groups: register, update, get, delete.
extension OpenSearch {
  static let groupIndex = ".plugins-ml-model-group"

  static let groupRoutes: [(String, String, Route)] = {
    let groups = "/_plugins/_ml/model_groups"
    let search = Route(action: SearchGroups.action, parameters: SearchBody.parameters) {
      try searchGroups($0)
    }
    return [
      (
        "POST", "\(groups)/_register",
        Route(action: RegisterGroup.action) { try registerGroup($0) }
      ),
      ("GET", "\(groups)/_search", search),
      ("POST", "\(groups)/_search", search),
      ("GET", "\(groups)/{id}", Route(action: GetGroup.action) { getGroup($0) }),
      ("PUT", "\(groups)/{id}", Route(action: UpdateGroup.action) { try updateGroup($0) }),
      ("DELETE", "\(groups)/{id}", Route(action: DeleteGroup.action) { deleteGroup($0) }),
    ]
  }()

  private static let noBody = "Model group request has empty body"

  private static func registerGroup(_ call: Call) throws(ErrorBody) -> Action {
    guard !call.request.body.isEmpty else { throw ErrorBody(400, "parse_exception", noBody) }
    let body = try GroupBody(call.request.body)
    return {
      let operation = RegisterGroup(
        body.name, summary: body.summary, id: body.groupID, access: body.access)
      return try await call.perform(operation) { done in
        .json { writer in
          writer.beginObject()
          writer.member("model_group_id", done.output)
          writer.member("status", "CREATED")
          writer.endObject()
        }
      }
    }
  }

  private static func updateGroup(_ call: Call) throws(ErrorBody) -> Action {
    guard !call.request.body.isEmpty else { throw ErrorBody(400, "i_o_exception", noBody) }
    let body = try GroupBody(call.request.body)
    return {
      let operation = UpdateGroup(
        call.name("id"), name: body.name, summary: body.summary, access: body.access)
      return try await call.perform(operation) { _ in
        .json { writer in
          writer.beginObject()
          writer.member("status", "Updated")
          writer.endObject()
        }
      }
    }
  }

  private static func getGroup(_ call: Call) -> Action {
    {
      let group = try await call.registry.read(GetGroup(call.name("id")))
      return .json(200, group.document)
    }
  }

  private static func deleteGroup(_ call: Call) -> Action {
    {
      try await call.perform(DeleteGroup(call.name("id"))) { done in
        let result: DocumentWrite.Result = done.output ? .deleted : .notFound
        return DocumentWrite(
          index: groupIndex, id: call.name("id"), result: result, revision: done.revision
        ).response
      }
    }
  }
}

extension OpenSearch {
  /// What the body of a registration or an update says. Members that nobody knows are ignored.
  struct GroupBody: Sendable {
    var name: String?
    var summary: String?
    var groupID: String?
    var access = GroupAccessParameters()

    init(_ bytes: [UInt8]) throws(ErrorBody) {
      let body = try Body(bytes)
      // One by one, so that of several faults the first one is told.
      for (member, value) in body.members {
        switch member {
        case "name": name = try body.text(value)
        case "description": summary = try body.text(value)
        case "model_group_id": groupID = try body.text(value)
        case "tenant_id": _ = try body.optionalText(value)
        default: _ = try access.take(member, value, from: body)
        }
      }
    }
  }

  /// What is told of a document that was written.
  struct DocumentWrite {
    enum Result: String {
      case deleted, updated
      case notFound = "not_found"
    }

    let index: String
    let id: String
    let result: Result
    /// The commit: what documents are versioned by here.
    let revision: StoreRevision

    var response: WireResponse {
      .json { writer in
        writer.beginObject()
        writer.member("_index", index)
        writer.member("_id", id)
        writer.member("_version", revision)
        writer.member("result", result.rawValue)
        writer.member("forced_refresh", true)
        writer.name("_shards")
        writer.beginObject()
        writer.member("total", 1)
        writer.member("successful", 1)
        writer.member("failed", 0)
        writer.endObject()
        writer.member("_seq_no", revision)
        writer.member("_primary_term", 1)
        writer.endObject()
      }
    }
  }
}

extension GroupAccessParameters {
  /// Takes a member of a body, if it is about access.
  mutating func take(
    _ member: String, _ value: Int, from body: OpenSearch.Body
  ) throws(ErrorBody) -> Bool {
    switch member {
    case "access_mode": accessMode = try body.text(value)
    case "backend_roles": backendRoles = try body.texts(value)
    case "add_all_backend_roles": addAllBackendRoles = try body.flag(value)
    default: return false
    }
    return true
  }
}

extension ModelGroup {
  /// The group as it is told, and as searches see it.
  var document: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("name", name)
    writer.member("latest_version", latestVersion)
    if let summary { writer.member("description", summary) }
    if !backendRoles.isEmpty { writer.member("backend_roles", backendRoles) }
    if let owner {
      writer.name("owner")
      writer.beginObject()
      writer.member("name", owner.name)
      writer.member("backend_roles", owner.backendRoles)
      writer.member("roles", owner.roles)
      writer.name("user_requested_tenant")
      writer.null()
      writer.member("user_requested_tenant_access", "NONE")
      writer.member("custom_attribute_names", [])
      writer.endObject()
    }
    writer.member("access", access.rawValue)
    writer.member("created_time", createdTime)
    writer.member("last_updated_time", lastUpdatedTime)
    writer.endObject()
    return writer.bytes
  }
}

extension JSONWriter {
  /// A member that is a list of texts.
  mutating func member(_ name: String, _ texts: [String]) {
    self.name(name)
    beginArray()
    for text in texts { value(text) }
    endArray()
  }
}
