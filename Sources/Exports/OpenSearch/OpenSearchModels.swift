import CEL
import ModelRegistry
import PolicyEngine

/// Model groups, their models and users as OpenSearch answers them.
extension RegistryExport {
  mutating func readHits(_ reader: inout ExportReader) {
    guard let hits = reader.member("hits", of: reader.root) else { return }
    let found = reader.elements("hits", of: hits)
    var groups = 0
    for hit in found where readHit(hit, &reader) { groups += 1 }
    var all: Int?
    if let total = reader.member("total", of: hits) {
      all =
        reader.tape.kind(of: total) == .object
        ? reader.int("value", of: total) : reader.int("total", of: hits)
    }
    pages.add(
      found.count, of: all, groups > 0 ? "model groups" : "models", at: hits, reader)
  }

  /// Reads a hit of either search; whether it is a model group.
  private mutating func readHit(_ node: Int, _ reader: inout ExportReader) -> Bool {
    guard let id = reader.required("_id", of: node) else { return false }
    guard let source = reader.member("_source", of: node) else {
      reader.report("missing-field", "hit `\(id)` has no `_source`", at: node)
      return false
    }
    let index = reader.text("_index", of: node) ?? ""
    // A page of the model index holds the pieces of definitions too.
    if reader.member("chunk_number", of: source) != nil { return false }
    let isGroup =
      index.contains("model-group") || index.isEmpty && reader.member("access", of: source) != nil
    if isGroup {
      readGroup(id, source, &reader)
    } else {
      readGroupModel(id, source, &reader)
    }
    return isGroup
  }

  private mutating func readGroup(_ id: String, _ node: Int, _ reader: inout ExportReader) {
    guard let name = reader.required("name", of: node),
      let word = reader.required("access", of: node)
    else { return }
    guard let access = ModelGroup.Access(rawValue: word) else {
      return reader.report(
        "unknown-word", "access mode `\(word)` of model group `\(id)` is not known", at: node,
        help: "it is one of `public`, `private`, `restricted`")
    }
    var group = ModelGroup(id: id, name: name, access: access)
    group.summary = reader.text("description", of: node)
    group.latestVersion = reader.number("latest_version", of: node) ?? 0
    group.backendRoles = reader.texts("backend_roles", of: node)
    group.createdTime = Int64(reader.int("created_time", of: node) ?? 0)
    group.lastUpdatedTime = Int64(reader.int("last_updated_time", of: node) ?? 0)
    if let owner = reader.member("owner", of: node), let name = reader.required("name", of: owner) {
      group.owner = ModelGroup.Owner(
        name: name, backendRoles: reader.texts("backend_roles", of: owner),
        roles: reader.texts("roles", of: owner))
    }
    add(.group(group), at: node, &reader)
    // Two groups of one name can be there; the first has it, and the other's audit says so.
    if places[.groupName(name)] == nil { add(.groupName(name: name, group: id), at: node, &reader) }
  }

  private mutating func readGroupModel(_ id: String, _ node: Int, _ reader: inout ExportReader) {
    guard let name = reader.required("name", of: node) else { return }
    var model = GroupModel(id: id, name: name, groupID: reader.text("model_group_id", of: node))
    model.version = reader.number("model_version", of: node) ?? 1
    model.summary = reader.text("description", of: node)
    model.isHidden = reader.bool("is_hidden", of: node) ?? false
    model.state = reader.text("model_state", of: node) ?? "REGISTERED"
    model.createdTime = Int64(reader.int("created_time", of: node) ?? 0)
    model.lastUpdatedTime = Int64(reader.int("last_updated_time", of: node) ?? 0)
    add(.groupModel(model), at: node, &reader)
  }

  // MARK: What surrounds them

  /// Whether model groups bind callers: transient before persistent before the default, each nested
  /// or flat.
  mutating func readSettings(_ reader: inout ExportReader) {
    let parts = ["plugins", "ml_commons", "model_access_control_enabled"]
    for level in ["transient", "persistent", "defaults"] {
      guard let settings = reader.member(level, of: reader.root),
        let value = reader.member(parts.joined(separator: "."), of: settings)
          ?? reader.member(parts, of: settings)
      else { continue }
      let text = reader.tape.string(of: value)
      guard text == "true" || text == "false" else {
        return reader.report("wrong-type", "the setting must be true or false", at: value)
      }
      return add(
        .setting(name: RegistrySetting.accessControl.rawValue, value: text), at: value, &reader)
    }
    reader.note(
      "access-control-unknown",
      "the answer does not say whether model access control is on; it is taken to be",
      at: reader.root,
      help: "OpenSearch's default is off: ask with `?include_defaults=true`")
  }

  mutating func readInternalUsers(_ reader: inout ExportReader) {
    users = users ?? [:]
    for entry in reader.entries() {
      let roles = reader.named("opendistro_security_roles", of: entry.value)
      users?[entry.name] = AuditCallers.user(
        entry.name, roles: roles.map(\.name),
        backendRoles: reader.texts("backend_roles", of: entry.value))
      for role in roles {
        mappings.append(
          ExportedMapping(
            role: role.name, users: [entry.name],
            position: reader.file.position(ofNode: role.node)))
      }
    }
  }
}
