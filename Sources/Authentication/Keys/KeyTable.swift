#if Server
  import CEL
  import GateServer
  import PolicyEngine

  /// The API keys of a site.
  public struct KeyTable: FileTable {
    /// `API keys`.
    public static let noun = "API keys"

    private var records: [String: APIKey] = [:]

    /// No keys.
    public init() {}

    /// All keys, those made first coming first.
    public var keys: [APIKey] {
      records.values.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
    }

    /// The key of an id.
    public subscript(id: String) -> APIKey? { records[id] }

    /// Adds a key.
    ///
    /// - Throws: `FileFault` if its names can't be such, or if there are too many keys.
    public mutating func add(_ key: APIKey) throws(FileFault) {
      if let fault = Naming.fault(key.name) {
        throw FileFault("invalid-name", "`\(key.name)` can't be the name of a key: \(fault)")
      }
      guard records[key.id] == nil else {
        throw FileFault("key-exists", "there is an API key of the id `\(key.id)` already")
      }
      guard records.count < AuthenticationLimits.keys else {
        throw FileFault(
          "too-many-keys", "there are \(records.count) keys already, and no more may be",
          help: "`modelgate keys prune` removes those that work no more")
      }
      records[key.id] = key
    }

    /// Revokes a key: from the next look at the file on, it works no more. A key that is revoked
    /// already stays as it is.
    ///
    /// - Throws: `FileFault` if there is no such key.
    public mutating func revoke(_ id: String, at now: Int64) throws(FileFault) {
      guard let key = records[id] else {
        throw FileFault("no-such-key", "there is no API key of the id `\(id)`")
      }
      if key.revoked == nil { records[id]?.revoked = now }
    }

    /// Removes the keys that work no more.
    ///
    /// - Returns: how many there were.
    public mutating func prune(at now: Int64) -> Int {
      let before = records.count
      records = records.filter { $0.value.isValid(at: now) }
      return before - records.count
    }

    private static let known = [
      "name", "owner", "secret_sha256", "roles", "backend_roles", "role_descriptors", "metadata",
      "created", "expires", "revoked",
    ]

    /// Reads a file of API keys; `policies/api-keys.schema.json` describes it.
    ///
    /// - Throws: `FileFault` with everything that is wrong, each with its place.
    public init(_ bytes: [UInt8], file: String) throws(FileFault) {
      var reader = try TableReader(bytes, file: file)
      let members = reader.document(["keys"])
      for (id, node, value) in reader.entries(of: members["keys"], "keys") {
        reader.expectName(id, node, "a key")
        records[id] = Self.key(id, value, &reader)
        reader.expect(
          records.count <= AuthenticationLimits.keys, "keys", AuthenticationLimits.keys, node)
      }
      try reader.finish()
    }

    private static func key(_ id: String, _ node: Int, _ reader: inout TableReader) -> APIKey? {
      let required = ["name", "owner", "secret_sha256", "created"]
      guard let members = reader.members(of: node, "key", known: known, required: required) else {
        return nil
      }
      let digest = reader.string(members["secret_sha256"], "secret_sha256") ?? ""
      if let node = members["secret_sha256"], Hex.bytes(of: digest)?.count != 32 {
        reader.report("invalid-hash", "`secret_sha256` must be 64 hexadecimal digits", at: node)
      }
      let (name, owner) = (
        reader.string(members["name"], "name") ?? "", reader.string(members["owner"], "owner") ?? ""
      )
      return APIKey(
        id: id, name: name, owner: owner, digest: digest,
        roles: members["roles"].map { reader.names($0, "roles") },
        backendRoles: members["backend_roles"].map { reader.names($0, "backend_roles") },
        descriptors: members["role_descriptors"].map { descriptors($0, &reader) },
        metadata: reader.entries(of: members["metadata"], "metadata").map { name, _, value in
          CELValue.Entry(.string(name), reader.value(of: value))
        },
        created: reader.time(members["created"], "created") ?? 0,
        expires: reader.time(members["expires"], "expires"),
        revoked: reader.time(members["revoked"], "revoked"))
    }

    private static func descriptors(
      _ node: Int, _ reader: inout TableReader
    ) -> [ListedKey.Descriptor] {
      reader.entries(of: node, "role_descriptors").map { name, _, value in
        ListedKey.Descriptor(name: name, privileges: reader.names(value, "role_descriptors"))
      }
    }

    /// The file of API keys.
    public var bytes: [UInt8] {
      var writer = JSONWriter(.pretty)
      writer.beginObject()
      writer.member("version", 1)
      writer.name("keys")
      writer.beginObject()
      for key in keys {
        writer.name(key.id)
        key.write(to: &writer)
      }
      writer.endObject()
      writer.endObject()
      return writer.bytes + [0x0A]
    }
  }

  extension APIKey {
    fileprivate func write(to writer: inout JSONWriter) {
      writer.beginObject()
      writer.member("name", name)
      writer.member("owner", owner)
      writer.member("secret_sha256", digest)
      if let roles { writer.list("roles", roles) }
      if let backendRoles { writer.list("backend_roles", backendRoles) }
      if let descriptors {
        writer.name("role_descriptors")
        writer.beginObject()
        for descriptor in descriptors { writer.list(descriptor.name, descriptor.privileges) }
        writer.endObject()
      }
      if !metadata.isEmpty {
        writer.name("metadata")
        writer.value(.map(metadata))
      }
      writer.member("created", created)
      if let expires { writer.member("expires", expires) }
      if let revoked { writer.member("revoked", revoked) }
      writer.endObject()
    }
  }
#endif
