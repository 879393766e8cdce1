#if Server
  import CEL
  import PolicyEngine

  extension UserTable {
    private static let known = [
      "password_hash", "roles", "backend_roles", "full_name", "enabled", "run_as", "attributes",
    ]

    /// Reads a users file; `policies/users.schema.json` describes it.
    ///
    /// - Throws: `FileFault` with everything that is wrong, each with its place.
    public init(_ bytes: [UInt8], file: String) throws(FileFault) {
      self.init()
      var reader = try TableReader(bytes, file: file)
      let members = reader.document(["users", "run_as"])
      for (name, key, value) in reader.entries(of: members["users"], "users") {
        if let fault = Naming.userFault(name) {
          reader.report("invalid-name", "`\(name)` can't be the name of a user: \(fault)", at: key)
        }
        if let user = Self.user(name, value, &reader) { put(user) }
        reader.expect(count <= AuthenticationLimits.users, "users", AuthenticationLimits.users, key)
      }
      for (role, key, value) in reader.entries(of: members["run_as"], "run_as") {
        reader.expectName(role, key, "a role")
        runAsByRole[role] = reader.runAs(value)
      }
      try reader.finish()
      finish()
    }

    private static func user(_ name: String, _ node: Int, _ reader: inout TableReader) -> User? {
      guard let members = reader.members(of: node, "user", known: known) else { return nil }
      var user = User(name: name)
      if let node = members["password_hash"] {
        user.passwordHash = reader.hash(node)
      }
      user.roles = reader.names(members["roles"], "roles")
      user.backendRoles = reader.names(members["backend_roles"], "backend_roles")
      user.fullName = reader.string(members["full_name"], "full_name")
      user.isEnabled = members["enabled"].map { reader.bool($0, "enabled") ?? false } ?? true
      user.runAs = reader.runAs(members["run_as"])
      for (name, key, value) in reader.entries(of: members["attributes"], "attributes") {
        user.attributes[name] = reader.attribute(name, key, value)
      }
      if let node = members["attributes"] {
        let limit = AuthenticationLimits.attributes
        reader.expect(user.attributes.count <= limit, "attributes", limit, node)
      }
      return user
    }

    /// The users file.
    public var bytes: [UInt8] {
      var writer = JSONWriter(.pretty)
      writer.beginObject()
      writer.member("version", 1)
      writer.name("users")
      writer.beginObject()
      for user in users {
        writer.name(user.name)
        user.write(to: &writer)
      }
      writer.endObject()
      if !runAsByRole.isEmpty {
        writer.name("run_as")
        writer.beginObject()
        for (role, names) in runAsByRole.sorted(by: { $0.key < $1.key }) {
          writer.list(role, names)
        }
        writer.endObject()
      }
      writer.endObject()
      return writer.bytes + [0x0A]
    }
  }

  extension User {
    fileprivate func write(to writer: inout JSONWriter) {
      writer.beginObject()
      if let passwordHash { writer.member("password_hash", passwordHash.text) }
      writer.list("roles", roles)
      writer.list("backend_roles", backendRoles)
      if let fullName { writer.member("full_name", fullName) }
      writer.member("enabled", isEnabled)
      if !runAs.isEmpty { writer.list("run_as", runAs) }
      if !attributes.isEmpty {
        writer.name("attributes")
        writer.beginObject()
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
          writer.name(name)
          writer.value(value)
        }
        writer.endObject()
      }
      writer.endObject()
    }
  }

  extension JSONWriter {
    mutating func list(_ name: String, _ texts: [String]) {
      self.name(name)
      beginArray()
      for text in texts { value(text) }
      endArray()
    }
  }
#endif
