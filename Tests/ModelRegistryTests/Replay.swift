import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import StoreContract

/// One case on a registry of its own.
final class Replay {
  let one: ReplayCase
  private let users: [String: ReplayUser?]
  private let registry: ModelRegistry
  private var saved: [String: String] = [:]

  struct Answer {
    var status = 200
    var type: String?
    var reason: String?
    var body: [String: JSON] = [:]
  }

  init(_ one: ReplayCase, users: [String: ReplayUser?]) async throws {
    switch one.level {
    case "fault_injection": throw NotHere.faults
    case "render": throw NotHere.rendering
    default: break
    }
    (self.one, self.users) = (one, users)
    registry = try await ModelRegistry.test()
    try await registry.perform(
      ChangeSetting(
        .accessControl, to: "\(one.cluster["model_access_control_enabled"] ?? false)"), by: .root)
  }

  func run() async throws -> Answer {
    for step in one.setup {
      let user = step.as_user.flatMap { users[$0] ?? nil }
      let answer = try await perform(step.method, step.path, step.body, as: user)
      guard answer.status == 200 else {
        return Answer(status: answer.status, reason: "setup: \(answer.reason ?? "")")
      }
      for (name, path) in step.save ?? [:] {
        if case .string(let value)? = answer.body[String(path.dropFirst(2))] { saved[name] = value }
      }
    }
    return try await perform(
      one.request.method, one.request.path, one.request.body, as: one.as_user)
  }

  private func subject(_ user: ReplayUser?) -> Request.Entity {
    // Without the security plugin there is no user; permissions bind nobody.
    guard let user, one.cluster["security"] == true else {
      return .user("", roles: [], superAdmin: true)
    }
    return .user(
      user.name, roles: user.roles, backendRoles: user.backend_roles,
      superAdmin: user.super_admin ?? false)
  }

  private func filled(_ text: String) -> String {
    saved.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
  }

  private func perform(
    _ method: String, _ path: String, _ body: JSON?, as user: ReplayUser?
  ) async throws -> Answer {
    do {
      return try await route(method, filled(path), body ?? .object([:]), subject(user))
    } catch let refusal as Refusal {
      guard let error = refusal.error else { return Answer(status: 403, reason: "\(refusal)") }
      return Answer(status: error.status, type: error.type, reason: error.reason)
    } catch let error as RegistryError {
      return Answer(status: error.status, reason: error.message)
    }
  }

  private func route(
    _ method: String, _ path: String, _ body: JSON, _ subject: Request.Entity
  ) async throws -> Answer {
    let parts = path.split(separator: "/").map(String.init)
    if parts == ["_cluster", "settings"] {
      let value = body["persistent"]?["plugins.ml_commons.model_access_control_enabled"]
      try await registry.perform(
        ChangeSetting(.accessControl, to: try value?.text()), by: .root)
      return Answer()
    }
    guard parts.count >= 4, parts.prefix(2) == ["_plugins", "_ml"] else {
      throw NotHere.noOperation
    }
    if parts[2] == "model_groups" { return try await groups(method, parts, body, subject) }
    return try await models(method, parts, body, subject)
  }

  private func access(_ body: JSON) throws -> GroupAccessParameters {
    GroupAccessParameters(
      accessMode: try body["access_mode"]?.text(),
      backendRoles: try body["backend_roles"]?.texts(),
      addAllBackendRoles: try body["add_all_backend_roles"]?.flag())
  }

  private func groups(
    _ method: String, _ parts: [String], _ body: JSON, _ subject: Request.Entity
  ) async throws -> Answer {
    switch (method, parts[3]) {
    case ("POST", "_register"):
      let id = try await registry.perform(
        RegisterGroup(
          try body["name"]?.text(), summary: try body["description"]?.text(),
          id: try body["model_group_id"]?.text(), access: try access(body)), by: subject
      ).output
      return Answer(body: ["model_group_id": .string(id), "status": .string("CREATED")])
    case (_, "_search"): return try await search(body, subject)
    case ("PUT", let id):
      if body == .object([:]), one.request.body == nil { throw NotHere.parsing }
      try await registry.perform(
        UpdateGroup(
          id, name: try body["name"]?.text(), summary: try body["description"]?.text(),
          access: try access(body)), by: subject)
      return Answer(body: ["status": .string("Updated")])
    case ("GET", let id):
      return Answer(body: Self.json(try await registry.read(GetGroup(id), by: subject)))
    case ("DELETE", let id):
      let existed = try await registry.perform(DeleteGroup(id), by: subject).output
      return Answer(body: ["result": .string(existed ? "deleted" : "not_found")])
    default: throw NotHere.noOperation
    }
  }

  private func search(_ body: JSON, _ subject: Request.Entity) async throws -> Answer {
    var wanted: String?
    if case .object(let query)? = body["query"] {
      switch query.keys.first {
      case "match_all": break
      case "term": wanted = try query["term"]?["name.keyword"]?.text()
      default: throw NotHere.query
      }
    }
    let name = wanted
    let page = try await registry.search(
      SearchGroups { name == nil || $0.name == name }, by: subject)
    var answer: [String: JSON] = ["hits.total.value": .number(Double(page.items.count))]
    if let first = page.items.first {
      answer["hits.hits.0._id"] = .string(first.id)
      answer["hits.hits.0._source.latest_version"] = .number(Double(first.latestVersion))
    }
    return Answer(body: answer)
  }

  private func models(
    _ method: String, _ parts: [String], _ body: JSON, _ subject: Request.Entity
  ) async throws -> Answer {
    switch (method, parts[3], parts.count > 4 ? parts[4] : "") {
    case ("POST", "_register", _):
      let isRemote = body["function_name"] == .string("remote")
      let id = try await registry.perform(
        RegisterModel(
          try body["name"]?.text() ?? "",
          in: try body["model_group_id"].map { filled(try $0.text()) },
          summary: try body["description"]?.text(),
          isPretrained: !isRemote && body["url"] == nil && body["connector_id"] == nil,
          access: try access(body)), by: subject
      ).output
      return Answer(body: [
        "model_id": .string(id), "task_id": .string(id), "status": .string("CREATED"),
      ])
    case ("POST", let id, "_deploy"):
      try await registry.perform(DeployModel(id), by: subject)
    case ("POST", let id, "_undeploy"):
      try await registry.perform(UndeployModel(id), by: subject)
    case ("POST", let id, "_predict"): _ = try await registry.read(Predict(id), by: subject)
    case ("GET", let id, ""): _ = try await registry.read(GetModel(id), by: subject)
    case ("DELETE", let id, ""): try await registry.perform(DeleteModel(id), by: subject)
    case ("PUT", let id, ""):
      try await registry.perform(
        UpdateModel(
          id, name: try body["name"]?.text(),
          movingTo: try body["model_group_id"].map { filled(try $0.text()) }), by: subject)
    default: throw NotHere.noOperation
    }
    return Answer()
  }

  private static func json(_ group: ModelGroup) -> [String: JSON] {
    var json: [String: JSON] = [
      "name": .string(group.name), "access": .string(group.access.rawValue),
      "latest_version": .number(Double(group.latestVersion)),
    ]
    if let summary = group.summary { json["description"] = .string(summary) }
    if !group.backendRoles.isEmpty {
      json["backend_roles"] = .array(group.backendRoles.map { .string($0) })
    }
    if let owner = group.owner {
      json["owner"] = .object([:])
      json["owner.name"] = .string(owner.name)
    }
    return json
  }

  /// Where we differ on purpose, and what we answer.
  private static let departures: [String: (status: Int, reason: String)] = [
    // Deletions without access succeed upstream, or fail with a status of 500.
    "DeleteModelGroupTransportActionTests.test_UserHasNoAccessException": deletionWithoutAccess,
    "derived.delete_private_by_other_3x": deletionWithoutAccess,
    // Upstream does not see that a name is taken if it is longer than its index takes.
    "derived.name_longer_than_256_not_unique": (
      400, "The name you provided is already being used by a model group with ID: "
    ),
  ]
  private static let deletionWithoutAccess = (
    status: 403, reason: "User doesn't have privilege to delete this model group"
  )

  /// What is wrong with an answer; nil if it is what was expected.
  func fault(of answer: Answer) -> String? {
    let expect = one.expect
    let said = "answered \(answer.status) \(answer.type ?? "") \(answer.reason ?? "")"
    if let ours = Self.departures[one.id] {
      return answer.status == ours.status && answer.reason?.hasPrefix(ours.reason) ?? false
        ? nil : said
    }
    guard answer.status == (expect.status == 500 ? 400 : expect.status) else { return said }
    if let wanted = expect.reason.map({ filled($0.replacing("{{", with: "{\u{1}{")) }) {
      let reason = wanted.replacing("{\u{1}", with: "{")
      let fits =
        expect.reason_match == "startswith"
        ? answer.reason?.hasPrefix(reason) : answer.reason.map { $0 == reason }
      guard fits ?? false else { return said + ", not \(reason)" }
    }
    if let type = expect.error_type, answer.type != type { return said + ", not of type \(type)" }
    for (name, value) in expect.body ?? [:] {
      let wanted = if case .string(let text) = value { JSON.string(filled(text)) } else { value }
      guard answer.body[name] == wanted else { return "\(name) is \(answer.body[name] ?? .null)" }
    }
    for name in expect.body_has ?? [] where answer.body[name] == nil { return "no \(name)" }
    for name in expect.body_lacks ?? [] where answer.body[name] != nil { return "has \(name)" }
    return nil
  }
}
