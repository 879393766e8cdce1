import CEL
import PolicyEngine

/// Roles, role mappings and action groups as OpenSearch's security plugin answers them.
extension RegistryExport {
  mutating func readOpenSearchRoles(_ reader: inout ExportReader) {
    for entry in reader.entries() {
      var role = ExportedRole(
        name: entry.name, position: reader.file.position(ofNode: entry.key))
      role.summary = reader.text("description", of: entry.value)
      role.grants = reader.named("cluster_permissions", of: entry.value).map { reader.place($0) }
      for (member, one, many) in [
        ("index_permissions", "index permission", "index permissions"),
        ("tenant_permissions", "tenant permission", "tenant permissions"),
      ] {
        role.others += counted(
          reader.count(of: reader.member(member, of: entry.value)), one, many)
      }
      roles.append(role)
    }
  }

  mutating func readRolesMapping(_ reader: inout ExportReader) {
    for entry in reader.entries() {
      mappings.append(
        ExportedMapping(
          role: entry.name, users: reader.texts("users", of: entry.value),
          backendRoles: reader.texts("backend_roles", of: entry.value),
          allBackendRoles: reader.texts("and_backend_roles", of: entry.value),
          others: counted(
            reader.count(of: reader.member("hosts", of: entry.value)), "host", "hosts"),
          position: reader.file.position(ofNode: entry.key)))
    }
  }

  mutating func readActionGroups(_ reader: inout ExportReader) {
    for entry in reader.entries() {
      actionGroups[entry.name] = reader.texts("allowed_actions", of: entry.value)
    }
  }
}
