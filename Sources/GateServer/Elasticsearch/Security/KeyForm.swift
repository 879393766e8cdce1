import CEL
import PolicyEngine

/// API keys as Elasticsearch writes them.
enum KeyForm {
  /// Where the owners of keys are kept, as `_authenticate` calls it.
  static let realm = "users"

  /// A key that was just made, with the only copy of its secret.
  static func write(_ issued: IssuedKey, to writer: inout JSONWriter) {
    let key = issued.key
    writer.beginObject()
    writer.member("id", key.id)
    writer.member("name", key.name)
    if let expires = key.expires { writer.member("expiration", expires) }
    writer.member("api_key", issued.secret)
    writer.member("encoded", issued.encoded)
    writer.endObject()
  }

  /// A list of keys.
  static func write(_ keys: [ListedKey], to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("api_keys")
    writer.beginArray()
    for key in keys { write(key, to: &writer) }
    writer.endArray()
    writer.endObject()
  }

  private static func write(_ key: ListedKey, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("id", key.id)
    writer.member("name", key.name)
    writer.member("type", "rest")
    writer.member("creation", key.created)
    if let expires = key.expires { writer.member("expiration", expires) }
    writer.member("invalidated", key.revoked != nil)
    if let revoked = key.revoked { writer.member("invalidation", revoked) }
    writer.member("username", key.owner)
    writer.member("realm", realm)
    writer.member("realm_type", "file")
    writer.name("metadata")
    writer.value(.map(key.metadata))
    writer.name("role_descriptors")
    writer.beginObject()
    for descriptor in key.descriptors ?? [] { write(descriptor, to: &writer) }
    // A key that the command line limited to roles of its owner.
    for role in key.roles ?? [] { write(.init(name: role, privileges: []), to: &writer) }
    writer.endObject()
    writer.endObject()
  }

  private static func write(_ descriptor: ListedKey.Descriptor, to writer: inout JSONWriter) {
    writer.name(descriptor.name)
    writer.beginObject()
    writer.member("cluster", descriptor.privileges)
    for name in ["indices", "applications", "run_as"] { writer.member(name, [String]()) }
    writer.name("metadata")
    writer.beginObject()
    writer.endObject()
    writer.name("transient_metadata")
    writer.beginObject()
    writer.member("enabled", true)
    writer.endObject()
    writer.endObject()
  }

  /// What became of keys that were to work no more.
  static func write(
    revoked: Set<String>, among keys: [ListedKey], to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.member("invalidated_api_keys", keys.map(\.id).filter { revoked.contains($0) })
    writer.member(
      "previously_invalidated_api_keys", keys.map(\.id).filter { !revoked.contains($0) })
    writer.member("error_count", 0)
    writer.endObject()
  }
}
