import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization
import Testing

/// A registry behind OpenSearch's wire API, and people who call it.
final class OpenSearchWorld: Sendable {
  let registry: ModelRegistry
  let server: GateServer

  /// A new registry; access control is on unless it is switched off.
  init(
    accessControl: Bool = true, policies: PolicySet? = nil,
    store: any RegistryStore = MemoryStore(), predictor: OpenSearch.Predictor? = nil
  ) async throws {
    let time = OpenSearchTime(1_700_000_000_000)
    registry = try await ModelRegistry.open(
      store, policies: try policies ?? Self.shipped.get(), clock: { time.next() })
    server = GateServer(
      [OpenSearch(registry, users: OpenSearchPeople.directory, predictor: predictor)],
      authenticator: OpenSearchPeople.authenticator)
    if !accessControl {
      try await registry.perform(
        ChangeSetting(.accessControl, to: "false"), by: OpenSearchPeople.root.subject)
    }
  }

  /// What the repository ships.
  static let shipped = Result {
    try PolicySet(folder: root.appendingPathComponent("policies").path)
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Sends a request. A body is JSON unless the headers say otherwise.
  func send(
    _ method: String, _ target: String, _ body: String? = nil, as user: String? = "user1",
    headers: [(String, String)] = []
  ) async throws -> OpenSearchAnswer {
    try await send(method, target, bytes: body.map { Array($0.utf8) } ?? [], as: user, headers)
  }

  func send(
    _ method: String, _ target: String, bytes: [UInt8], as user: String?,
    _ headers: [(String, String)] = []
  ) async throws -> OpenSearchAnswer {
    var fields = WireHeaders(headers.map { (name: $0.0, value: $0.1) })
    if let user { fields.add("X-Test-User", user) }
    if !headers.contains(where: { $0.0 == "Content-Type" }) {
      fields.add("Content-Type", "application/json")
    }
    return OpenSearchAnswer(
      await server.answer(
        try WireRequest(method: method, target: target, headers: fields, body: bytes)))
  }

  /// Registers a group and gives its id.
  func group(_ body: String, as user: String = "user1") async throws -> String {
    let answer = try await send("POST", "/_plugins/_ml/model_groups/_register", body, as: user)
    return try #require(answer.text("model_group_id"), "\(answer.body)")
  }
}

/// Goes on by a millisecond whenever it is read.
private final class OpenSearchTime: Sendable {
  private let time: Atomic<Int64>
  init(_ start: Int64) { time = Atomic(start) }
  func next() -> Int64 { time.add(1, ordering: .relaxed).newValue }
}

/// Who calls: OpenSearch's test users, and some more.
enum OpenSearchPeople {
  static let root = Caller(name: "root", roles: ["superuser", "all_access"])
  static let all: [String: Caller] = {
    let people = [
      root,
      Caller(name: "admin", roles: ["own_index", "all_access"], backendRoles: ["admin"]),
      Caller(name: "user1", roles: ["ml_full_access"], backendRoles: ["IT", "HR"]),
      Caller(name: "user2", roles: ["ml_full_access"], backendRoles: ["IT"]),
      Caller(name: "user3", roles: ["ml_full_access"], backendRoles: ["Finance"]),
      Caller(name: "user4", roles: ["ml_full_access"]),
      Caller(name: "reader", roles: ["ml_read_access"], backendRoles: ["opensearch"]),
      Caller(name: "nobody", backendRoles: ["opensearch"]),
      // Through a mapping: the backend role makes an administrator.
      Caller(name: "mapped", backendRoles: ["admin"]),
      Caller(name: "CN=kirk", isSuperAdmin: true),
    ]
    return Dictionary(uniqueKeysWithValues: people.map { ($0.name, $0) })
  }()

  static let authenticator = OpenSearchAuthenticator(people: all)
  static let directory = Directory()

  struct Directory: UserDirectory {
    func users() async -> [ListedUser] {
      [
        ListedUser(name: "user1", roles: ["ml_full_access"], backendRoles: ["IT", "HR"]),
        ListedUser(name: "zoë", fullName: "Zoë Q"),
      ]
    }
  }
}

/// Believes a header.
struct OpenSearchAuthenticator: Authenticator {
  let people: [String: Caller]

  func authenticate(_ request: WireRequest) async -> Authentication {
    guard let name = request.headers["X-Test-User"] else { return .missing }
    if name == "tried-too-often" {
      return .refused(.init(name: name, reason: "too many attempts", retryAfter: 30))
    }
    if name == "impostor" {
      return .refused(
        .init(
          reason: "may not act as others", refusedRunAs: "admin", caller: Caller(name: "user1")))
    }
    return people[name].map { .caller($0) } ?? .refused(.init(name: name, reason: "unknown"))
  }
}

/// An answer, as tests look at it.
struct OpenSearchAnswer: CustomStringConvertible {
  let status: Int
  let headers: WireHeaders
  let body: String

  init(_ response: WireResponse) {
    (status, headers) = (response.status, response.headers)
    body = String(decoding: response.body, as: UTF8.self)
  }

  var json: Any? {
    try? JSONSerialization.jsonObject(with: Data(body.utf8), options: .fragmentsAllowed)
  }

  /// The value at a path such as `hits.hits.0._id`. A name with dots is found too.
  func at(_ path: String) -> Any? {
    func find(_ value: Any?, _ steps: ArraySlice<String>) -> Any? {
      guard let step = steps.first else { return value }
      if let list = value as? [Any], let index = Int(step), list.indices.contains(index) {
        return find(list[index], steps.dropFirst())
      }
      guard let object = value as? [String: Any] else { return nil }
      for end in steps.indices {
        let name = steps[steps.startIndex...end].joined(separator: ".")
        if let inner = object[name], let found = find(inner, steps[(end + 1)...]) { return found }
      }
      return nil
    }
    return find(json, path.split(separator: ".").map(String.init)[...])
  }

  func text(_ path: String) -> String? { at(path) as? String }
  func number(_ path: String) -> Int? { (at(path) as? NSNumber)?.intValue }
  func texts(_ path: String) -> [String]? { at(path) as? [String] }
  /// Ids of a search's hits, in their order.
  var ids: [String] {
    ((at("hits.hits") as? [[String: Any]]) ?? []).compactMap { $0["_id"] as? String }
  }
  var reason: String? { text("error.reason") }
  var type: String? { text("error.type") }
  var description: String { "\(status) \(body)" }
}
