import CEL

/// The document as it is written.
extension RoleDraft {
  var document: [UInt8] {
    var writer = JSONWriter(.pretty)
    writer.beginObject()
    writer.member("policy", "\(export.system.rawValue).imported_roles")
    writer.member(
      "description",
      "Roles and role mappings of \(export.system.title), as `modelgate import` took them over. Roles that the policies beside it declare are not repeated."
    )
    if !roles.isEmpty {
      writer.name("roles")
      writer.beginObject()
      for role in roles { write(role, &writer) }
      writer.endObject()
    }
    if !mappings.isEmpty {
      writer.name("role_mappings")
      writer.beginObject()
      for role in Self.sorted(mappings.keys) {
        guard let mapping = mappings[role] else { continue }
        writer.name(role)
        writer.beginObject()
        write("users", Self.sorted(mapping.users), &writer)
        write("backend_roles", Self.sorted(mapping.backendRoles), &writer)
        write("and_backend_roles", mapping.allBackendRoles, &writer)
        writer.endObject()
      }
      writer.endObject()
    }
    writer.endObject()
    return writer.bytes + [0x0A]
  }

  private func write(_ role: Role, _ writer: inout JSONWriter) {
    writer.name(role.name)
    writer.beginObject()
    writer.member("description", role.description)
    write("privileges", role.privileges, &writer)
    write("actions", role.actions, &writer)
    writer.endObject()
  }

  private func write(_ name: String, _ texts: [String], _ writer: inout JSONWriter) {
    guard !texts.isEmpty else { return }
    writer.name(name)
    writer.beginArray()
    for text in texts { writer.value(text) }
    writer.endArray()
  }

  private static func sorted(_ names: some Sequence<String>) -> [String] {
    names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
