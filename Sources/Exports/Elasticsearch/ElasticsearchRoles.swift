import CEL
import PolicyEngine

/// Roles and role mappings as Elasticsearch answers them.
extension RegistryExport {
  mutating func readElasticsearchRoles(_ reader: inout ExportReader) {
    for entry in reader.entries() {
      var role = ExportedRole(
        name: entry.name, position: reader.file.position(ofNode: entry.key))
      role.summary = reader.text("description", of: entry.value)
      role.grants = reader.named("cluster", of: entry.value).map { reader.place($0) }
      for (member, one, many) in [
        ("indices", "index privilege", "index privileges"),
        ("remote_indices", "remote index privilege", "remote index privileges"),
        ("remote_cluster", "remote cluster privilege", "remote cluster privileges"),
        ("applications", "application privilege", "application privileges"),
        ("run_as", "user to run as", "users to run as"),
        ("global", "global privilege", "global privileges"),
      ] {
        role.others += counted(
          reader.count(of: reader.member(member, of: entry.value)), one, many)
      }
      if let metadata = reader.member("transient_metadata", of: entry.value) {
        role.isDisabled = reader.bool("enabled", of: metadata) == false
      }
      roles.append(role)
    }
  }

  /// Rules that name users or groups are taken: `field`, `any` of them, or `all` of several groups.
  mutating func readElasticsearchMappings(_ reader: inout ExportReader) {
    for entry in reader.entries() {
      guard reader.bool("enabled", of: entry.value) ?? true else {
        reader.note(
          "disabled-mapping", "role mapping `\(entry.name)` is disabled: not taken", at: entry.key)
        continue
      }
      guard let rules = reader.member("rules", of: entry.value) else { continue }
      var mapping = ElasticsearchRule()
      mapping.read(rules, reader)
      if reader.member("role_templates", of: entry.value) != nil {
        mapping.others.append("role templates")
      }
      let position = reader.file.position(ofNode: entry.key)
      for role in reader.texts("roles", of: entry.value) {
        mappings.append(
          ExportedMapping(
            role: role, users: mapping.users, backendRoles: mapping.groups,
            allBackendRoles: mapping.allGroups, others: mapping.others, position: position))
      }
    }
  }
}

/// A rule of a role mapping, as far as it names users and groups.
private struct ElasticsearchRule {
  var users: [String] = []
  var groups: [String] = []
  var allGroups: [String] = []
  var others: [String] = []

  mutating func read(_ node: Int, _ reader: ExportReader) {
    if let field = reader.member("field", of: node) { return read(field: field, reader) }
    if let any = reader.member("any", of: node) {
      for child in reader.tape.children(of: any) { read(child, reader) }
      return
    }
    guard let all = reader.member("all", of: node), allGroups.isEmpty else {
      return others.append("a rule that is not `field`, `any` or `all`")
    }
    var names: [String] = []
    for child in reader.tape.children(of: all) {
      guard let group = reader.member(["field", "groups"], of: child),
        reader.tape.kind(of: group) == .string
      else { return others.append("a rule with `all` of more than groups") }
      names.append(reader.tape.string(of: group))
    }
    allGroups = names
  }

  private mutating func read(field node: Int, _ reader: ExportReader) {
    for name in reader.names(of: node) {
      guard let value = reader.member(name, of: node) else { continue }
      let values =
        reader.tape.kind(of: value) == .array
        ? Array(reader.tape.children(of: value)) : [value]
      let texts = values.filter { reader.tape.kind(of: $0) == .string }.map {
        reader.tape.string(of: $0)
      }
      switch name {
      case "username": users += texts
      case "groups": groups += texts
      default: others.append("a rule about `\(name)`")
      }
    }
  }
}
