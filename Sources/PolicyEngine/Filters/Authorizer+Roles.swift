import CEL

extension Authorizer {
  /// The subject as conditions see it: with the roles that it was given, those mapped to it, and
  /// what these include, sorted.
  ///
  /// - Throws: `RequestError` if the subject is not well-formed.
  public mutating func resolved(_ subject: Request.Entity) throws(RequestError) -> Request.Entity {
    let value = try resolve(subject)
    guard case .map(let entries)? = workspace.memory.export(value) else { return subject }
    var resolved = Request.Entity(type: subject.type, id: subject.id)
    for entry in entries {
      guard case .string(let name) = entry.key, name != "type", name != "id" else { continue }
      resolved.properties[name] = entry.value
    }
    return resolved
  }
}
