import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

/// Who the caller is, and what the caller may do.
extension Exchange {
  /// `GET /_security/_authenticate`
  func authenticate() throws(ErrorBody) -> Route.Action {
    {
      let roles = try Privileges(site.registry.gate.current, caller).assignedRoles
      return .json { write(roles, to: &$0) }
    }
  }

  private func write(_ roles: [String], to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("username", caller.name)
    writer.name("roles")
    writer.texts(roles)
    writer.name("full_name")
    if let name = caller.fullName { writer.value(name) } else { writer.null() }
    writer.name("email")
    writer.null()
    writer.name("metadata")
    writer.beginObject()
    writer.endObject()
    writer.member("enabled", true)
    let (realm, type, kind) = proof
    for name in ["authentication_realm", "lookup_realm"] {
      writer.name(name)
      writer.beginObject()
      writer.member("name", realm)
      writer.member("type", type)
      writer.endObject()
    }
    writer.member("authentication_type", kind)
    if case .apiKey(let id, let name) = caller.proof {
      writer.name("api_key")
      writer.beginObject()
      writer.member("id", id)
      writer.member("name", name)
      writer.member("managed_by", "elasticsearch")
      writer.endObject()
    }
    writer.endObject()
  }

  /// The realm, its type, and the type of authentication, in Elasticsearch's words.
  private var proof: (realm: String, type: String, kind: String) {
    switch caller.proof {
    case .password: (caller.realm, "file", "realm")
    case .apiKey: ("_es_api_key", "_es_api_key", "api_key")
    case .token: (caller.realm, "jwt", "realm")
    case .certificate: (caller.realm, "pki", "realm")
    case .anonymous: ("__anonymous", "__anonymous", "anonymous")
    }
  }

  /// `GET` and `POST /_security/user/_has_privileges`
  func hasPrivileges() throws(ErrorBody) -> Route.Action {
    let question = try PrivilegeQuestion(request)
    return {
      let privileges = try Privileges(site.registry.gate.current, caller)
      let cluster = try privileges.answers(question.cluster)
      return .json { question.write(cluster, for: caller.name, to: &$0) }
    }
  }
}

/// Which privileges somebody asks about.
struct PrivilegeQuestion: Sendable {
  /// Names of privileges, and actions, each once.
  private(set) var cluster: [String] = []
  private var indices: [(names: [String], privileges: [String])] = []
  private var applications: [(name: String, resources: [String], privileges: [String])] = []

  init(_ request: WireRequest) throws(ErrorBody) {
    guard !request.body.isEmpty else {
      throw ErrorBody(400, "parse_exception", "request body or source parameter is required")
    }
    let body = try BodyObject(request, "has_privileges")
    try body.refuseOthers(than: ["cluster", "index", "application"])
    for name in try body.texts("cluster") ?? [] where !cluster.contains(name) {
      cluster.append(name)
    }
    for index in try body.objects("index") ?? [] {
      try index.refuseOthers(
        than: ["names", "privileges", "allow_restricted_indices", "field_security", "query"])
      indices.append((try index.texts("names") ?? [], try index.texts("privileges") ?? []))
    }
    for application in try body.objects("application") ?? [] {
      try application.refuseOthers(than: ["application", "privileges", "resources"])
      applications.append(
        (
          try application.string("application") ?? "", try application.texts("resources") ?? [],
          try application.texts("privileges") ?? []
        ))
    }
    guard !cluster.isEmpty || !indices.isEmpty || !applications.isEmpty else {
      throw ErrorBody(
        400, "action_request_validation_exception",
        "Validation Failed: 1: must specify at least one privilege;")
    }
  }

  /// Writes the answer. There are no indices and no applications here, so nobody has a privilege on
  /// one.
  func write(
    _ cluster: [(name: String, isGranted: Bool)], for user: String, to writer: inout JSONWriter
  ) {
    let hasAll = cluster.allSatisfy(\.isGranted) && indices.isEmpty && applications.isEmpty
    writer.beginObject()
    writer.member("username", user)
    writer.member("has_all_requested", hasAll)
    writer.name("cluster")
    writer.beginObject()
    for (name, isGranted) in cluster { writer.member(name, isGranted) }
    writer.endObject()
    writer.name("index")
    Self.write(indices.map { ($0.names, $0.privileges) }, to: &writer)
    writer.name("application")
    writer.beginObject()
    for name in Set(applications.map(\.name)).sorted() {
      writer.name(name)
      Self.write(
        applications.filter { $0.name == name }.map { ($0.resources, $0.privileges) }, to: &writer)
    }
    writer.endObject()
    writer.endObject()
  }

  private static func write(
    _ asked: [(things: [String], privileges: [String])], to writer: inout JSONWriter
  ) {
    var privileges: [String: Set<String>] = [:]
    for (things, names) in asked {
      for thing in things { privileges[thing, default: []].formUnion(names) }
    }
    writer.beginObject()
    for (thing, names) in privileges.sorted(by: { $0.key < $1.key }) {
      writer.name(thing)
      writer.beginObject()
      for name in names.sorted() { writer.member(name, false) }
      writer.endObject()
    }
    writer.endObject()
  }
}
