import CEL

/// Reading the parts of a policy document.
extension DocumentReader {
  static let policyFields = [
    "$schema", "policy", "description", "privileges", "roles", "role_mappings", "definitions",
    "unauthorized",
    "rules", "fixtures", "suppress",
  ]

  package mutating func policy() -> PolicyDocument? {
    guard let head = policyHead() else { return nil }
    var document = head.document
    for node in head.rules {
      if let rule = rule(node) { document.rules.append(rule) }
    }
    return document
  }

  /// The document without its rules, and the nodes where these stand: there may be very many, for
  /// several readers to share.
  mutating func policyHead() -> (document: PolicyDocument, rules: [Int])? {
    guard let members = members(of: tape.root, "the policy", known: Self.policyFields),
      let node = members["policy"]
    else { return nil }
    // A document without a proper name is read on, for all the rest that may be wrong with it.
    let name = identifier(node, "policy") ?? ""
    var document = PolicyDocument(file: file, name: Named(name: name, node: node))
    document.description = string(members["description"], "description")
    for entry in entries(of: members["privileges"], "privileges") {
      if let privilege = privilege(entry) { document.privileges.append(privilege) }
    }
    for entry in entries(of: members["roles"], "roles") {
      if let role = role(entry) { document.roles.append(role) }
    }
    for entry in entries(of: members["role_mappings"], "role_mappings") {
      if let mapping = mapping(entry) { document.mappings.append(mapping) }
    }
    for entry in entries(of: members["definitions"], "definitions") {
      if let definition = definition(entry) { document.definitions.append(definition) }
    }
    if let node = members["unauthorized"] {
      let nodes = tape.kind(of: node) == .array ? elements(node, "unauthorized") : [node]
      document.unauthorized = nodes.compactMap { unauthorized($0) }
    }
    document.fixtures = entries(of: members["fixtures"], "fixtures").map {
      Named(name: $0.name, node: $0.value)
    }
    return (document, elements(members["rules"], "rules"))
  }

  private mutating func privilege(
    _ entry: (name: String, key: Int, value: Int)
  ) -> PolicyDocument.Privilege? {
    guard let name = checkedIdentifier(entry.name, entry.key, "the name of a privilege"),
      let members = members(
        of: entry.value, "privilege `\(name)`",
        known: ["description", "actions", "except", "suppress"],
        required: ["actions"])
    else { return nil }
    return PolicyDocument.Privilege(
      name: Named(name: name, node: entry.key), actions: patterns(members["actions"], "actions"),
      exceptions: patterns(members["except"], "except"),
      description: string(members["description"], "description"))
  }

  private mutating func role(_ entry: (name: String, key: Int, value: Int)) -> PolicyDocument.Role?
  {
    guard let name = checkedIdentifier(entry.name, entry.key, "the name of a role"),
      let members = members(
        of: entry.value, "role `\(name)`",
        known: ["description", "privileges", "actions", "roles", "suppress"])
    else { return nil }
    return PolicyDocument.Role(
      name: Named(name: name, node: entry.key),
      privileges: identifiers(members["privileges"], "privileges"),
      actions: patterns(members["actions"], "actions"),
      roles: identifiers(members["roles"], "roles"),
      description: string(members["description"], "description"))
  }

  private mutating func mapping(
    _ entry: (name: String, key: Int, value: Int)
  ) -> PolicyDocument.Mapping? {
    guard checkedIdentifier(entry.name, entry.key, "the name of a role") != nil,
      let members = members(
        of: entry.value, "the mapping of `\(entry.name)`",
        known: ["description", "users", "backend_roles", "and_backend_roles"])
    else { return nil }
    return PolicyDocument.Mapping(
      role: Named(name: entry.name, node: entry.key), users: strings(members["users"], "users"),
      backendRoles: strings(members["backend_roles"], "backend_roles"),
      allBackendRoles: strings(members["and_backend_roles"], "and_backend_roles"))
  }

  private mutating func definition(
    _ entry: (name: String, key: Int, value: Int)
  ) -> PolicyDocument.Definition? {
    if Self.isExpressionName(entry.name), !Self.isVariableName(entry.name) {
      report(
        "invalid-name", "`\(entry.name)` is a word of CEL, so no expression could use it as a name",
        at: entry.key)
      return nil
    }
    guard Self.isExpressionName(entry.name) else {
      report(
        "invalid-name", "a definition's name is a word of letters, digits and `_`", at: entry.key,
        help: "expressions use it as a variable")
      return nil
    }
    var expression = entry.value
    var description: String?
    if tape.kind(of: entry.value) == .object {
      guard
        let members = members(
          of: entry.value, "definition `\(entry.name)`",
          known: ["description", "expression", "suppress"],
          required: ["expression"]), let node = members["expression"]
      else { return nil }
      expression = node
      description = string(members["description"], "description")
    }
    guard let text = string(expression, "definition `\(entry.name)`") else { return nil }
    return PolicyDocument.Definition(
      name: Named(name: entry.name, node: entry.key),
      expression: Named(name: text, node: expression),
      description: description)
  }

  /// Whether CEL takes a word for a variable: `true` and `package` it does not.
  private static func isVariableName(_ name: String) -> Bool {
    guard case .success(let tree) = Parser.parse(Array(name.utf8), extensions: .core) else {
      return false
    }
    return tree.identifiers == [name]
  }

  static func isExpressionName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    let isWord = bytes.allSatisfy { byte in
      byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a
        || byte == 0x5f
    }
    return isWord && !bytes.isEmpty && bytes.count <= 128 && !(bytes[0] >= 0x30 && bytes[0] <= 0x39)
  }

  /// Strings that must be action patterns.
  mutating func patterns(_ node: Int?, _ what: String) -> [Named] {
    strings(node, what).filter { pattern in
      guard ActionPattern(pattern.name) == nil else { return true }
      let bytes = pattern.name.utf8.count
      let fault =
        bytes == 0
        ? "an action pattern can't be empty"
        : bytes > EngineLimits.patternBytes
          ? "an action pattern has at most \(EngineLimits.patternBytes) bytes, this has \(bytes)"
          : "an action pattern has at most \(EngineLimits.patternWildcards) `*`, this has \(pattern.name.utf8.count { $0 == UInt8(ascii: "*") })"
      report(
        "invalid-pattern", fault, at: pattern.node,
        help: bytes == 0 ? "`*` matches every action" : nil)
      return false
    }
  }

  private mutating func unauthorized(_ node: Int) -> PolicyDocument.Unauthorized? {
    guard
      let members = members(
        of: node, "unauthorized", known: ["actions", "message", "error", "description"],
        required: ["message"]),
      let message = members["message"], let text = string(message, "message")
    else { return nil }
    return PolicyDocument.Unauthorized(
      actions: members["actions"].map { patterns($0, "actions") },
      message: Named(name: text, node: message),
      error: protocolError(members["error"]))
  }

  mutating func protocolError(_ node: Int?) -> ProtocolError? {
    guard let node,
      let members = members(
        of: node, "error", known: ["status", "type", "numbered"], required: ["status", "type"]),
      let status = integer(members["status"], "status", 100...599),
      let type = string(members["type"], "type")
    else { return nil }
    return ProtocolError(
      status: status, type: type, numbered: string(members["numbered"], "numbered"))
  }
}
