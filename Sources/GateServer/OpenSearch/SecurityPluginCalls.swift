import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

/// What the security plugin tells: who is calling, which users, roles and mappings there are.
/// Users are kept in a file and roles in policies, so nothing is changed here.
extension OpenSearch {
  static let securityRoutes: [(String, String, Route)] = {
    let security = "/_plugins/_security"
    var routes: [(String, String, Route)] = [
      (
        "GET", "\(security)/authinfo",
        Route(action: "", parameters: ["auth_type", "verbose"]) { authInfo($0) }
      )
    ]
    for listing in SecurityListing.allCases {
      let path = "\(security)/api/\(listing.rawValue)"
      let read = Route(action: listing.action) { list(listing, $0) }
      routes += [("GET", path, read), ("GET", "\(path)/{name}", read)]
      let write = Route(action: listing.action) { _ in { listing.refusal } }
      for method in ["PUT", "DELETE", "PATCH"] { routes.append((method, "\(path)/{name}", write)) }
      routes.append(("PATCH", path, write))
    }
    return routes
  }()

  private static func authInfo(_ call: Call) -> Action {
    {
      let caller = call.caller
      let roles = call.dialect.roles(of: caller)
      return .json { writer in
        writer.beginObject()
        writer.member("user", caller.described)
        writer.member("user_name", caller.name)
        writer.name("user_requested_tenant")
        writer.null()
        writer.name("remote_address")
        if let address = call.request.address { writer.value(address) } else { writer.null() }
        writer.member("backend_roles", caller.backendRoles)
        writer.member("custom_attribute_names", [])
        writer.member("roles", roles)
        writer.name("tenants")
        writer.beginObject()
        writer.endObject()
        writer.name("principal")
        writer.null()
        writer.member("peer_certificates", call.request.certificateNames.isEmpty ? "0" : "1")
        writer.name("sso_logout_url")
        writer.null()
        writer.endObject()
      }
    }
  }

  /// All roles that a caller has, mappings included, sorted.
  func roles(of caller: Caller) -> [String] {
    var authorizer = Authorizer(registry.gate.current)
    guard let subject = try? authorizer.resolved(caller.subject) else { return caller.roles }
    return subject.texts("roles").sorted()
  }

  private static func list(_ listing: SecurityListing, _ call: Call) -> Action {
    {
      try await call.dialect.admit(call, to: listing)
      var entries = await call.dialect.entries(of: listing)
      if let name = call.names["name"] {
        entries = entries.filter { $0.name.isExactly(name) }
        guard !entries.isEmpty else {
          return .security(404, "NOT_FOUND", "Resource '\(name)' not found.")
        }
      }
      return .json { [entries] writer in
        writer.beginObject()
        for entry in entries {
          writer.name(entry.name)
          writer.value(verbatim: entry.json[...])
        }
        writer.endObject()
      }
    }
  }

  /// Sees to it that the caller may look, and that it is logged.
  private func admit(_ call: Call, to listing: SecurityListing) async throws {
    let operation = ReadSecurity(action: listing.action, name: call.names["name"])
    if call.registry.isDryRun {
      let decision = try await registry.gate.rehearse(
        operation, by: call.caller.subject, given: NoFacts())
      let request = operation.request(by: call.caller.subject, given: NoFacts())
      throw DryRun(Rehearsal(request: request, decision: decision, obstacle: nil))
    }
    do {
      let verdict = try await registry.gate.judge(
        operation, by: call.caller.subject, given: NoFacts())
      try await registry.log.append(try verdict.permit().spend().record)
    } catch is Refusal {
      throw SecurityRefusal(user: call.caller.name, roles: roles(of: call.caller))
    }
  }
}

/// Looks at users, roles or mappings.
private struct ReadSecurity: Operation {
  typealias Facts = NoFacts
  static var isRead: Bool { true }

  let action: String
  /// Which one; nil for all.
  let name: String?

  func request(by subject: Request.Entity, given facts: NoFacts) -> Request {
    Request(
      subject: subject, action: .init(name: action),
      resource: .init(type: "security", id: name ?? "*"))
  }
}

/// A caller may not look at users, roles or mappings.
struct SecurityRefusal: Error {
  let user: String
  let roles: [String]

  var response: WireResponse {
    .security(
      403, "FORBIDDEN",
      "No permission to access REST API: User \(user) with Security roles "
        + "[\(roles.joined(separator: ", "))] does not have any role privileged for admin access")
  }
}

extension WireResponse {
  /// As the security plugin answers what is not a listing.
  fileprivate static func security(
    _ status: Int, _ name: String, _ message: String
  ) -> WireResponse {
    .json(status) { writer in
      writer.beginObject()
      writer.member("status", name)
      writer.member("message", message)
      writer.endObject()
    }
  }
}

/// What the security API lists.
enum SecurityListing: String, CaseIterable {
  case users = "internalusers"
  case roles
  case mappings = "rolesmapping"

  /// The permission that looking takes.
  var action: String { "restapi:admin/\(rawValue)" }

  /// What is answered to who wants to change something.
  var refusal: WireResponse {
    let message =
      switch self {
      case .users:
        "users are kept in a file: change them by `modelgate users add|passwd|remove`"
      case .roles, .mappings: "roles and their mappings are policies: change and reload these"
      }
    return .security(501, "NOT_IMPLEMENTED", message)
  }
}

extension OpenSearch {
  fileprivate typealias Entry = (name: String, json: [UInt8])

  /// Everything of a listing, sorted by name.
  private func entries(of listing: SecurityListing) async -> [Entry] {
    switch listing {
    case .users: await (users?.users() ?? []).map { ($0.name, Self.json($0)) }
    case .roles: roleEntries
    case .mappings: mappingEntries
    }
  }

  /// A user as others may know it. Whoever keeps users gives no hash, and there is none to tell.
  private static func json(_ user: ListedUser) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("hash", "")
    writer.member("reserved", false)
    writer.member("hidden", false)
    writer.member("backend_roles", user.backendRoles)
    writer.name("attributes")
    writer.beginObject()
    writer.endObject()
    if let name = user.fullName { writer.member("description", name) }
    writer.member("opendistro_security_roles", user.roles)
    writer.member("static", false)
    writer.endObject()
    return writer.bytes
  }

  /// Roles of the policies in force. Privileges stand beside actions, as action groups do.
  private var roleEntries: [Entry] {
    let roles = registry.gate.current.documents.flatMap(\.roles)
    return roles.sorted { $0.name.name < $1.name.name }.map { role in
      var writer = JSONWriter()
      writer.beginObject()
      writer.member("reserved", true)
      writer.member("hidden", false)
      if let description = role.description { writer.member("description", description) }
      writer.member("cluster_permissions", (role.privileges + role.actions).map(\.name))
      if !role.roles.isEmpty { writer.member("included_roles", role.roles.map(\.name)) }
      writer.member("index_permissions", [])
      writer.member("tenant_permissions", [])
      writer.member("static", true)
      writer.endObject()
      return (role.name.name, writer.bytes)
    }
  }

  private var mappingEntries: [Entry] {
    let mappings = registry.gate.current.documents.flatMap(\.mappings)
    return Dictionary(grouping: mappings, by: \.role.name).sorted { $0.key < $1.key }.map {
      (role, mappings) in
      var writer = JSONWriter()
      writer.beginObject()
      writer.member("hosts", [])
      writer.member("users", mappings.flatMap(\.users).map(\.name))
      writer.member("reserved", true)
      writer.member("hidden", false)
      writer.member("backend_roles", mappings.flatMap(\.backendRoles).map(\.name))
      writer.member("and_backend_roles", mappings.flatMap(\.allBackendRoles).map(\.name))
      writer.endObject()
      return (role, writer.bytes)
    }
  }
}
