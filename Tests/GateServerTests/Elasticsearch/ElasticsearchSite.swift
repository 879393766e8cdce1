import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization

/// A server of the Elasticsearch dialect over a registry of its own, with the shipped policies.
struct ElasticsearchSite {
  let registry: ModelRegistry
  private let server: GateServer

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let shipped = Result {
    try PolicySet(folder: root.appendingPathComponent("policies").path)
  }

  init(inference: (any InferenceForwarder)? = nil) async throws {
    let time = ManyTimes()
    registry = try await ModelRegistry.open(
      MemoryStore(), policies: try Self.shipped.get(), clock: { time.next() })
    server = GateServer(
      [Elasticsearch(registry, inference: inference)], authenticator: HeaderAuthenticator())
  }

  private final class ManyTimes: Sendable {
    private let time = Atomic<Int64>(1_700_000_000_000)
    func next() -> Int64 { time.add(1, ordering: .relaxed).newValue }
  }

  /// What a request is answered.
  struct Answer {
    let status: Int
    let headers: WireHeaders
    let body: String
  }

  /// Sends a request such as `GET /_ml/trained_models`.
  @discardableResult
  func send(
    _ line: String, _ body: String = "", as user: String = "mona",
    headers: [(name: String, value: String)] = [], type: String? = "application/json"
  ) async throws -> Answer {
    let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
    var fields = WireHeaders(headers)
    if !user.isEmpty { fields.set("X-Test-User", user) }
    if !body.isEmpty, let type { fields.set("Content-Type", type) }
    let request = try WireRequest(
      method: parts[0], target: parts[1], headers: fields, body: Array(body.utf8))
    let response = await server.answer(request)
    return Answer(
      status: response.status, headers: response.headers,
      body: String(decoding: response.body, as: UTF8.self))
  }

  /// Puts a model that answers `type` from these fields.
  func put(
    _ id: String, _ type: String = "regression", fields: [String] = ["f"], tags: [String] = []
  ) async throws {
    let isTree = ["regression", "classification"].contains(type)
    let body = """
      {"model_type":"\(isTree ? "tree_ensemble" : "pytorch")","inference_config":{"\(type)":{}},
      "input":{"field_names":\(fields)},"tags":\(tags),"definition":{"a":1}}
      """
    let answer = try await send("PUT /_ml/trained_models/\(id)", body)
    guard answer.status == 200 else { throw Unexpected(answer) }
  }

  struct Unexpected: Error {
    let text: String
    init(_ answer: Answer) { text = answer.body }
  }
}

/// Believes a header: `name`, and behind blanks `roles=a,b`, `backend=a,b`, `key=id`, `as=name`
/// (acts as that user), `token`, `wrong` (the password is), `wait=seconds`, `deny=name` (may not act
/// as that user).
struct HeaderAuthenticator: Authenticator {
  /// What each user of the tests has, unless the header says.
  static let roles = [
    "mona": ["machine_learning_admin"], "vera": ["machine_learning_user"],
    "ines": ["inference_admin"], "root": ["superuser"], "nobody": [],
  ]

  func authenticate(_ request: WireRequest) async -> Authentication {
    guard let header = request.headers["X-Test-User"] else { return .missing }
    var words = header.split(separator: " ").map(String.init)
    let name = words.removeFirst()
    var caller = Caller(name: name, roles: Self.roles[name] ?? [])
    for word in words {
      let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
      let value = sides.count > 1 ? sides[1] : ""
      let values = value.split(separator: ",").map(String.init)
      switch sides[0] {
      case "roles": caller.roles = values
      case "backend": caller.backendRoles = values
      case "key": caller.proof = .apiKey(id: value, name: "a key")
      case "token": caller.proof = .token
      case "as":
        caller.actingUser = caller.name
        caller.name = value
      case "wrong": return .refused(.init(name: name.isEmpty ? nil : name, reason: "wrong"))
      case "badtoken": return .refused(.init(reason: "wrong"))
      case "wait":
        return .refused(.init(name: name, reason: "too many", retryAfter: Int(value)))
      case "deny":
        return .refused(.init(name: name, reason: "run as", refusedRunAs: value, caller: caller))
      default: return .missing
      }
    }
    return .caller(caller)
  }
}
