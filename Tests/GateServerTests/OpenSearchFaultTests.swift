import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization
import Testing

/// What is told when the registry itself is in trouble, and of paths that nobody meant.
@Suite struct OpenSearchFaultTests {
  /// A store that can be made to fail, saying more than callers may hear.
  final class FailingStore: RegistryStore {
    private let store = MemoryStore()
    let fails = Atomic<Bool>(false)
    private static let fault = StoreError.unavailable("/secret/place is gone")

    func read<Result: Sendable>(
      _ body: @Sendable (any StoreSnapshot) throws -> Result
    ) async throws -> Result {
      if fails.load(ordering: .relaxed) { throw Self.fault }
      return try await store.read(body)
    }

    func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
      if fails.load(ordering: .relaxed) { throw Self.fault }
      return try await store.commit(commit)
    }

    func append(_ records: [DecisionRecord]) async throws(StoreError) {
      if fails.load(ordering: .relaxed) { throw Self.fault }
      try await store.append(records)
    }

    func resolve(_ key: String) async throws(StoreError) -> Resolution {
      if fails.load(ordering: .relaxed) { throw Self.fault }
      return try await store.resolve(key)
    }
  }

  @Test(arguments: [
    ("POST", "/_plugins/_ml/model_groups/_register", #"{"name":"n"}"#),
    ("GET", "/_plugins/_ml/model_groups/x", nil), ("DELETE", "/_plugins/_ml/model_groups/x", nil),
    ("POST", "/_plugins/_ml/model_groups/_search", "{}"),
    ("POST", "/_plugins/_ml/models/x/_predict", "{}"),
    ("GET", "/_plugins/_ml/tasks/x-deploy", nil), ("GET", "/_cluster/settings", nil),
    ("GET", "/_plugins/_security/api/internalusers", nil),
    ("GET", "/_plugins/_ml/model_groups/x?dry_run=true", nil),
  ])
  func nothingOfTheInsideIsTold(_ method: String, _ path: String, _ body: String?) async throws {
    let store = FailingStore()
    let world = try await OpenSearchWorld(store: store)
    store.fails.store(true, ordering: .relaxed)
    let answer = try await world.send(method, path, body, as: "admin")
    #expect(answer.status == 503, "\(answer)")
    #expect(answer.reason == "the registry can't be reached; nothing was done")
    #expect(!answer.body.contains("secret"))
  }

  /// A predictor that throws does not tell why, either.
  @Test func faultsOfPredictorsAreNotTold() async throws {
    struct Secret: Error {}
    let world = try await OpenSearchWorld { _ in throw Secret() }
    let id = try await OpenSearchModelTests.register(
      world, #"{"name":"m","function_name":"remote"}"#)
    let answer = try await world.send("POST", "/_plugins/_ml/models/\(id)/_predict", "{}")
    #expect(answer.status == 503 && !answer.body.contains("Secret"))
  }

  /// What a site's rules warn of comes along in headers; what they deny without words of their own
  /// is said in OpenSearch's.
  @Test func rulesOfTheSiteAreTold() async throws {
    let document = #"""
      {
        "policy": "site",
        "rules": [
          { "id": "all", "description": "All.", "effect": "allow", "actions": ["*"] },
          { "id": "named", "description": "Names.", "effect": "warn",
            "actions": ["cluster:admin/opensearch/ml/register_model_group"],
            "when": "action.model_group_name.startsWith('tmp')", "message": "\"tmp\" groups go on Friday" },
          { "id": "kept", "description": "Kept.", "effect": "deny",
            "actions": ["cluster:admin/opensearch/ml/model_groups/delete"],
            "message": "nothing is deleted here" }
        ]
      }
      """#
    let policies = try PolicySet([PolicySource(name: "site.json", bytes: Array(document.utf8))])
    let world = try await OpenSearchWorld(policies: policies)
    let warned = try await world.send(
      "POST", OpenSearchWireTests.register, #"{"name":"tmp 1","model_group_id":"t"}"#)
    #expect(warned.status == 200)
    #expect(
      warned.headers["Warning"]
        == #"299 OpenSearch-3.3.0-unknown "\"tmp\" groups go on Friday""#)
    let quiet = try await world.send(
      "POST", OpenSearchWireTests.register, #"{"name":"other"}"#)
    #expect(quiet.headers["Warning"] == nil)
    let denied = try await world.send("DELETE", "/_plugins/_ml/model_groups/t")
    #expect(denied.status == 403 && denied.type == "status_exception")
    #expect(denied.reason == "nothing is deleted here")
  }

  @Test func strangePathsAreAnswered() async throws {
    let world = try await OpenSearchWorld()
    _ = try await world.group(#"{"name":"g"}"#)
    let ids = [
      "a", "%2F..%2F", "%C3%A9", "e%CC%81", "*", "_all", "_search", "%20", "%22%7D", "'",
      String(repeating: "x", count: RegistryLimits.nameBytes),
      String(repeating: "x", count: RegistryLimits.nameBytes + 1),
      String(repeating: "%F0%9F%98%80", count: 300), "x-register", "-register",
    ]
    for id in ids {
      for (method, path, body) in [
        ("GET", "model_groups/\(id)", nil), ("DELETE", "model_groups/\(id)", nil),
        ("PUT", "model_groups/\(id)", "{}"), ("GET", "models/\(id)", nil),
        ("DELETE", "models/\(id)", nil), ("POST", "models/\(id)/_deploy", nil),
        ("POST", "models/\(id)/_undeploy", nil), ("GET", "tasks/\(id)", nil),
        ("POST", "_predict/kmeans/\(id)", "{}"),
      ] as [(String, String, String?)] {
        let answer = try await world.send(method, "/_plugins/_ml/\(path)", body)
        #expect((200..<500).contains(answer.status), "\(method) \(path): \(answer)")
        let isTooLong = id.utf8.count == RegistryLimits.nameBytes + 1
        if isTooLong { #expect(answer.status == (path.hasPrefix("tasks") ? 404 : 413)) }
      }
    }
  }
}
