#if Server
  import Authentication
  import CEL
  import Foundation
  import GateServer
  import ModelRegistry
  import PolicyEngine
  import Testing

  /// A whole server without a network, over files of users and keys: what a client sees of keys.
  struct KeyWorld {
    let site: Site
    let registry: ModelRegistry
    let authenticator: SiteAuthenticator
    private let server: GateServer

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()

    /// What a site adds to the shipped policies: a role for those who keep keys of their own, and
    /// roles by name and by backend role.
    private static let own = """
      { "policy": "site",
        "roles": {
          "key_keeper": { "privileges": ["manage_own_api_key"] },
          "key_admin": { "privileges": ["manage_api_key"] } },
        "role_mappings": {
          "superuser": { "users": ["max"] },
          "machine_learning_admin": { "backend_roles": ["ml"] } } }
      """

    private static let policies = Result {
      try PolicySet(
        try PolicyLoader.sources(at: root.appendingPathComponent("policies").path)
          + [PolicySource(name: "site.json", bytes: Array(own.utf8))])
    }

    static let users: [(String, [String])] = [
      ("ada", ["machine_learning_admin", "key_keeper"]), ("eve", ["key_keeper"]),
      ("kim", ["key_admin"]), ("mona", ["machine_learning_admin"]),
      ("root", ["superuser", "all_access"]), ("max", ["machine_learning_user"]),
    ]

    init(
      keys: Bool = true, _ adjust: (inout AuthenticationSettings) -> Void = { _ in }
    ) async throws {
      site = try Site(users: Self.users.map { try Site.user($0.0, $0.1) })
      let clock = site.clock
      registry = try await ModelRegistry.open(
        MemoryStore(), policies: try Self.policies.get(), clock: { clock.time })
      authenticator = try site.authenticator(adjust)
      let dialect = Elasticsearch(registry, keys: keys ? authenticator : nil)
      server = GateServer(
        [ConsoleAPI(registry, build: .init(version: "0")), dialect], authenticator: authenticator)
    }

    struct Answer {
      let status: Int
      let text: String

      var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
      }
      func string(_ name: String) -> String { json[name] as? String ?? "" }
      func strings(_ name: String) -> [String] { json[name] as? [String] ?? [] }
      var reason: String { (json["error"] as? [String: Any])?["reason"] as? String ?? "" }
      /// The keys of a list.
      var keys: [[String: Any]] { json["api_keys"] as? [[String: Any]] ?? [] }
      var ids: [String] { keys.compactMap { $0["id"] as? String } }
    }

    /// Sends a request such as `GET /` on behalf of a user, or with a header `Authorization`.
    @discardableResult
    func send(_ line: String, _ body: String = "", as who: String) async throws -> Answer {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      var headers: WireHeaders = ["Authorization": who.contains(" ") ? who : basic(who)]
      if !body.isEmpty { headers.set("Content-Type", "application/json") }
      let response = await server.answer(
        try WireRequest(
          method: parts[0], target: parts[1], headers: headers, body: Array(body.utf8),
          address: "192.0.2.1"))
      return Answer(
        status: response.status, text: String(decoding: response.body, as: UTF8.self))
    }

    /// Sends a request without credentials but those of the connection.
    func anybody(_ line: String, _ body: String, certificate: [String]) async throws -> Answer {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      let response = await server.answer(
        try WireRequest(
          method: parts[0], target: parts[1],
          headers: body.isEmpty ? [:] : ["Content-Type": "application/json"],
          body: Array(body.utf8), certificateNames: certificate))
      return Answer(
        status: response.status, text: String(decoding: response.body, as: UTF8.self))
    }

    /// Makes a key: its id, and what to call with.
    func key(_ body: String, of who: String) async throws -> (id: String, header: String) {
      let answer = try await send("POST /_security/api_key", body, as: who)
      try #require(answer.status == 200, "\(answer.text)")
      return (answer.string("id"), "ApiKey \(answer.string("encoded"))")
    }

    /// The decision log, whole.
    func log() async throws -> String {
      try await send("GET /_modelgate/log?limit=1000", as: "root").text
    }

    static let list = "GET /_ml/trained_models"
    static let put = "PUT /_ml/trained_models/m/model_aliases/a"

    /// Whether somebody may list models, and whether somebody may put an alias: there is no model, so
    /// that it fails, but not for want of a right.
    func rights(_ who: String) async throws -> [Bool] {
      [
        try await send(Self.list, as: who).status == 200,
        try await send(Self.put, as: who).status == 404,
      ]
    }
  }
#endif
