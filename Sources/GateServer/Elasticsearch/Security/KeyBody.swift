import CEL
import PolicyEngine

/// An API key as a request wants it.
struct KeyBody: Sendable {
  private let name: String
  private let lifetime: Int?
  private let descriptors: [ListedKey.Descriptor]?
  private let metadata: [CELValue.Entry]

  /// - Throws: `ErrorBody` with everything that is wrong with names and privileges.
  init(_ request: WireRequest, _ policies: PolicySet) throws(ErrorBody) {
    let body = try BodyObject(request, "api_key_request")
    try body.refuseOthers(than: ["name", "expiration", "role_descriptors", "metadata"])
    name = try body.string("name") ?? ""
    lifetime =
      if let text = try body.string("expiration") {
        try TimeValue.milliseconds(text, of: "expiration")
      } else {
        nil
      }
    descriptors = try Self.descriptors(body)
    metadata =
      if let object = try body.object("metadata") {
        object.members.map { .init(.string($0.name), body.tape.value(of: $0.value)) }
      } else {
        []
      }
    try expectOrder(policies, body)
  }

  /// The key, without its secret.
  func key(of owner: String, now: Int64) -> ListedKey {
    ListedKey(
      id: ListedKey.newID(), name: name, owner: owner, descriptors: descriptors,
      metadata: metadata, created: now, expires: lifetime.map { now + Int64($0) })
  }

  /// What the log says of it.
  var parameters: [String: CELValue] {
    var parameters: [String: CELValue] = ["key_name": .string(name)]
    if let lifetime { parameters["lifetime_ms"] = .int(Int64(lifetime)) }
    if let descriptors {
      parameters["privileges"] = .list(descriptors.flatMap(\.privileges).map { .string($0) })
    }
    return parameters
  }

  // MARK: Descriptors

  /// What nothing can be granted of here.
  private static let unsupported = [
    "index", "indices", "applications", "run_as", "global", "remote_indices", "remote_cluster",
    "restriction",
  ]
  private static let ignored: Set<String> = ["metadata", "transient_metadata", "description"]

  /// Nil if there are none, which limits the key to nothing but its owner.
  private static func descriptors(_ body: BodyObject) throws(ErrorBody) -> [ListedKey.Descriptor]? {
    guard let roles = try body.object("role_descriptors") else { return nil }
    var descriptors: [ListedKey.Descriptor] = []
    for (name, _) in roles.members {
      guard let role = try roles.object(name) else { continue }
      for (field, value) in role.members where field != "cluster" && !ignored.contains(field) {
        guard unsupported.contains(field) else {
          throw ErrorBody(
            400, "parse_exception", "failed to parse role [\(name)]. unexpected field [\(field)]")
        }
        guard isEmpty(value, role.tape) else {
          throw .illegalArgument(
            "role descriptor [\(name)]: [\(field)] can't be granted here, [cluster] can: there are "
              + "no indices and no applications, and keys act for nobody else")
        }
      }
      descriptors.append(.init(name: name, privileges: try role.texts("cluster") ?? []))
    }
    return descriptors.isEmpty ? nil : descriptors
  }

  private static func isEmpty(_ node: Int, _ tape: JSONTape) -> Bool {
    switch tape.kind(of: node) {
    case .null: true
    case .array, .object: Array(tape.children(of: node)).isEmpty
    default: false
    }
  }

  // MARK: Order

  private func expectOrder(_ policies: PolicySet, _ body: BodyObject) throws(ErrorBody) {
    var faults = Self.faults(ofName: name)
    if let lifetime, lifetime <= 0 { faults.append("api key expiration must be in the future") }
    for descriptor in descriptors ?? [] {
      if descriptor.name.isEmpty || descriptor.name.utf8.count > ServerLimits.keyNameBytes {
        faults.append("role descriptor names must have 1 to \(ServerLimits.keyNameBytes) bytes")
      }
      for name in descriptor.privileges {
        if let fault = Privileges.fault(ofName: name, policies) { faults.append(fault) }
      }
    }
    if (descriptors ?? []).reduce(0, { $0 + 1 + $1.privileges.count }) > ServerLimits.keyPrivileges
    {
      faults.append("role descriptors may have \(ServerLimits.keyPrivileges) privileges together")
    }
    let names = metadata.compactMap { if case .string(let name) = $0.key { name } else { nil } }
    if names.contains(where: { $0.hasPrefix("_") }) {
      faults.append("API key metadata keys may not start with [_]")
    }
    if let value = body["metadata"], body.source(of: value).count > ServerLimits.keyMetadataBytes {
      faults.append("metadata may have \(ServerLimits.keyMetadataBytes) bytes")
    }
    try KeyFaults.expectNone(faults)
  }

  private static func faults(ofName name: String) -> [String] {
    if name.allSatisfy(\.isWhitespace) { return ["api key name is required"] }
    var faults: [String] = []
    if name.utf8.count > ServerLimits.keyNameBytes {
      faults.append(
        "api key name may not be more than \(ServerLimits.keyNameBytes) characters long")
    }
    if name.first?.isWhitespace == true || name.last?.isWhitespace == true {
      faults.append("api key name may not begin or end with whitespace")
    }
    if name.hasPrefix("_") { faults.append("api key name may not begin with an underscore") }
    return faults
  }
}

/// What is wrong with a request about keys, as Elasticsearch tells it: all at once, numbered.
enum KeyFaults {
  static func expectNone(_ faults: [String]) throws(ErrorBody) {
    guard !faults.isEmpty else { return }
    let list = faults.enumerated().map { "\($0.offset + 1): \($0.element);" }
    throw ErrorBody(
      400, "action_request_validation_exception",
      "Validation Failed: " + list.joined())
  }
}
