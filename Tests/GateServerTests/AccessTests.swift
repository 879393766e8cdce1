import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization
import Testing

/// AuthZEN on the wire.
@Suite struct AccessTests {
  static let pep = "pep;modelgate_pdp_client"
  static let may = #"""
    {"subject":{"type":"user","id":"mona","properties":{"roles":["machine_learning_admin"]}},\#
    "action":{"name":"cluster:monitor/xpack/ml/inference/get"},\#
    "resource":{"type":"cluster","id":"c"}}
    """#

  static func question(roles: String = #"["machine_learning_user"]"#, resource: String = "{}")
    -> String
  {
    #"""
    {"subject":{"type":"user","id":"u","properties":{"roles":\#(roles)}},\#
    "action":{"name":"cluster:monitor/xpack/ml/inference/get"},\#
    "resource":{"type":"cluster","id":"c","properties":\#(resource)}}
    """#
  }

  @Test func decisions() async throws {
    let world = try await AccessWorld()
    let allowed = try await world.send("POST", "/access/v1/evaluation", Self.may, as: Self.pep)
    #expect(allowed.status == 200)
    #expect(allowed.headers["Content-Type"] == "application/json")
    #expect(allowed.object["decision"] as? Bool == true)
    let denied = try await world.send(
      "POST", "/access/v1/evaluation", Self.question(roles: "[]"), as: Self.pep)
    #expect(denied.status == 200)
    #expect(denied.object["decision"] as? Bool == false)
    let context = denied.object["context"] as? [String: Any]
    #expect((context?["reasons"] as? [Any])?.count == 1)
    // Both are in the log, with who asked.
    let records = try await world.records().filter { $0["kind"] as? String == "evaluated" }
    #expect(records.map { $0["asked_by"] as? String } == ["pep", "pep"])
    #expect(records.map { $0["outcome"] as? String } == ["allow", "deny"])
  }

  /// The log names what proved who asked, and who asked in the name of somebody else.
  @Test func askers() async throws {
    let world = try await AccessWorld()
    for suffix in ["", ";;k1", ";;;root"] {
      let answer = try await world.send(
        "POST", "/access/v1/evaluation", Self.may, as: Self.pep + suffix)
      #expect(answer.status == 200)
    }
    let records = try await world.records().filter { $0["kind"] as? String == "evaluated" }
    #expect(records.allSatisfy { $0["asked_by"] as? String == "pep" })
    let keys = records.map { $0["authenticated_key"] as? [String: String] }
    #expect(keys == [nil, ["id": "k1", "name": "name of k1"], nil])
    #expect(records.map { $0["authenticated_user"] as? String } == [nil, nil, "root"])
  }

  /// What does not reach a decision: method, path, caller, content type, body, status and a part of
  /// the message.
  static let refusals: [(String, String, String?, String?, String, Int, String)] = [
    ("POST", "/access/v1/evaluation", nil, "application/json", may, 401, "not known"),
    ("POST", "/access/v1/evaluation", "wrong", "application/json", may, 401, "not known"),
    ("POST", "/access/v1/evaluation", "locked", "application/json", may, 429, "in 7 s"),
    (
      "POST", "/access/v1/evaluation", "joe", "application/json", may, 403,
      "modelgate:access/evaluate"
    ),
    (
      "POST", "/access/v1/evaluations", "joe;superuser", "application/json", may, 403, "not granted"
    ),
    (
      "POST", "/access/v1/search/subject", "joe", "application/json", "", 403,
      "modelgate:access/search"
    ),
    ("POST", "/access/v1/evaluation", pep, "text/plain", may, 400, "`text/plain`"),
    ("POST", "/access/v1/evaluation", pep, "application/jsonx", may, 400, "application/json"),
    ("POST", "/access/v1/evaluation", pep, nil, may, 400, "no `Content-Type`"),
    ("POST", "/access/v1/evaluation", pep, "application/json", "", 400, "line 1"),
    ("POST", "/access/v1/evaluation", pep, "application/json", "[]", 400, "must be an object"),
    ("POST", "/access/v1/evaluation", pep, "application/json", "{", 400, "line 1"),
    ("POST", "/access/v1/evaluation", pep, "application/json", "{}", 400, "no `action`"),
    (
      "POST", "/access/v1/evaluation", pep, "application/json",
      #"{"subject":{"type":"user"},"action":{"name":"a"},"resource":{"type":"t","id":"1"}}"#, 400,
      "`subject` has no `id`"
    ),
    (
      "POST", "/access/v1/evaluation", pep, "application/json",
      #"{"subject":{"type":"user","id":"u"},"action":{"name":1},"resource":{"type":"t","id":"1"}}"#,
      400, "`action.name` must be a string"
    ),
    (
      "POST", "/access/v1/evaluation", pep, "application/json",
      #"{"subject":{"type":"user","id":"u","properties":{"é":1,"e\#u{301}":2}},"action":{"name":"a"},"#
        + #""resource":{"type":"t","id":"1"}}"#, 400, "looks like another name"
    ),
    (
      "POST", "/access/v1/evaluations", pep, "application/json",
      #"{"evaluations":[{}],"options":{"evaluations_semantic":"first"}}"#, 400, "`first`"
    ),
    ("GET", "/access/v1/evaluation", pep, nil, "", 405, "POST"),
    ("PUT", "/access/v1/evaluations", pep, "application/json", may, 405, "POST"),
    ("POST", "/access/v1/nothing", pep, "application/json", may, 404, "nothing"),
    ("GET", "/.well-known/authzen-configuration", nil, nil, "", 404, "public URL"),
    ("GET", "/.well-known/authzen-configuration/tenant", nil, nil, "", 404, "nothing"),
  ]

  @Test(arguments: refusals.indices) func isRefused(_ index: Int) async throws {
    let (method, path, caller, type, body, status, words) = Self.refusals[index]
    let world = try await AccessWorld()
    let reply = try await world.send(method, path, body, as: caller, type: type)
    #expect(reply.status == status)
    // The body is a string, as AuthZEN has it.
    let message = try #require(reply.json as? String)
    #expect(message.contains(words), "\(message)")
    #expect((reply.headers["WWW-Authenticate"] != nil) == (status == 401))
    #expect((reply.headers["Allow"] != nil) == (status == 405))
    #expect(reply.headers["Retry-After"] == (status == 429 ? "7" : nil))
    #expect(try await world.records().allSatisfy { $0["kind"] as? String != "evaluated" })
  }

  /// What only warns is true, and says what of.
  @Test func warningsAreTrue() async throws {
    let policy = #"""
      {"policy":"p","roles":{"modelgate_pdp_client":{"actions":["modelgate:*"]},"r":{"actions":["a"]}},
       "rules":[{"id":"w","description":"Warns.","effect":"warn","actions":["a"],"message":"mind"}]}
      """#
    let world = try await AccessWorld(
      policies: try PolicySet([PolicySource(name: "p.json", bytes: Array(policy.utf8))]))
    let body = #"""
      {"subject":{"type":"user","id":"u","properties":{"roles":["r"]}},"action":{"name":"a"},\#
      "resource":{"type":"t","id":"1"}}
      """#
    let reply = try await world.send("POST", "/access/v1/evaluation", body, as: Self.pep)
    #expect(reply.object["decision"] as? Bool == true)
    let context = try #require(reply.object["context"] as? [String: Any])
    #expect(context["outcome"] as? String == "warn")
    let warnings = context["warnings"] as? [[String: Any]]
    #expect(warnings?.map { $0["message"] as? String } == ["mind"])
  }

  @Test func contentTypeMayHaveParameters() async throws {
    let world = try await AccessWorld()
    for type in ["application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"] {
      let reply = try await world.send(
        "POST", "/access/v1/evaluation", Self.may, as: Self.pep, type: type)
      #expect(reply.status == 200)
    }
  }

  /// `/evaluation` decides one evaluation whatever else is in the text.
  @Test func unknownMembersAreIgnored() async throws {
    let world = try await AccessWorld()
    let body = Self.may.dropLast() + #","evaluations":[{},{}],"more":{"x":[1]}}"#
    let reply = try await world.send("POST", "/access/v1/evaluation", String(body), as: Self.pep)
    #expect(reply.object["decision"] as? Bool == true)
    #expect(reply.object["evaluations"] == nil)
  }

  // MARK: Batches

  /// Items in short: `y` is allowed, `n` denied, `x` no request. Semantic and what is answered.
  static let batches: [(String, String?, String)] = [
    ("yny", nil, "yny"), ("ynxy", "execute_all", "ynxy"), ("x", "execute_all", "x"),
    ("yyny", "deny_on_first_deny", "yyn"), ("yxny", "deny_on_first_deny", "yx"),
    ("yy", "deny_on_first_deny", "yy"), ("nnyn", "permit_on_first_permit", "nny"),
    ("xny", "permit_on_first_permit", "xny"), ("nn", "permit_on_first_permit", "nn"),
  ]

  @Test(arguments: batches.indices) func semantics(_ index: Int) async throws {
    let (items, semantic, expected) = Self.batches[index]
    let world = try await AccessWorld()
    let evaluations = items.map { item in
      switch item {
      case "y": #"{"subject":{"type":"user","id":"u","properties":{"roles":["superuser"]}}}"#
      case "n": #"{"subject":{"type":"user","id":"u"}}"#
      default: #"{"resource":{"type":"cluster"}}"#
      }
    }
    let options = semantic.map { #""options":{"evaluations_semantic":"\#($0)","x":1},"# } ?? ""
    let body = #"""
      {\#(options)"subject":{"type":"user","id":"d","properties":{"roles":["superuser"]}},\#
      "action":{"name":"cluster:monitor/health"},"resource":{"type":"cluster","id":"c"},\#
      "evaluations":[\#(evaluations.joined(separator: ","))]}
      """#
    let reply = try await world.send("POST", "/access/v1/evaluations", body, as: Self.pep)
    #expect(reply.status == 200)
    let answers = try #require(reply.object["evaluations"] as? [[String: Any]])
    let found = answers.map { answer -> String in
      let error = (answer["context"] as? [String: Any])?["error"] as? [String: Any]
      if let error { return error["status"] as? Int == 400 ? "x" : "?" }
      return answer["decision"] as? Bool == true ? "y" : "n"
    }
    #expect(found.joined() == expected)
    // What is not answered was not decided: the log has as many.
    let logged = try await world.records().count { $0["kind"] as? String == "evaluated" }
    #expect(logged == expected.filter { $0 != "x" }.count)
  }

  @Test(arguments: [#""evaluations":[]"#, #""other":1"#])
  func withoutItemsItIsOneEvaluation(_ member: String) async throws {
    let world = try await AccessWorld()
    let reply = try await world.send(
      "POST", "/access/v1/evaluations", Self.may.dropLast() + ",\(member)}", as: Self.pep)
    #expect(reply.object["decision"] as? Bool == true)
  }

  // MARK: No log, no answer

  @Test func whatCannotBeLoggedIsNotAnswered() async throws {
    let world = try await AccessWorld()
    world.store.writesFail.store(true, ordering: .relaxed)
    let batch = #"{"evaluations":[\#(Self.may),\#(Self.may)]}"#
    for (path, body) in [
      ("evaluation", Self.may), ("evaluation", Self.question(roles: "[]")), ("evaluations", batch),
      ("search/action", Self.may),
    ] {
      let reply = try await world.send("POST", "/access/v1/\(path)", body, as: Self.pep)
      #expect(reply.status == 503)
      #expect((reply.json as? String)?.contains("logged") ?? false)
    }
    world.store.writesFail.store(false, ordering: .relaxed)
    let reply = try await world.send("POST", "/access/v1/evaluation", Self.may, as: Self.pep)
    #expect(reply.status == 200)
  }

  /// Without the registry's facts nothing is decided that needs them.
  @Test func unreadableFactsAreNoAnswer() async throws {
    let world = try await AccessWorld()
    world.store.readsFail.store(true, ordering: .relaxed)
    let body = #"""
      {"subject":{"type":"user","id":"u","properties":{"roles":["all_access"]}},\#
      "action":{"name":"cluster:admin/opensearch/ml/model_groups/get"},\#
      "resource":{"type":"model_group","id":"g"}}
      """#
    let reply = try await world.send("POST", "/access/v1/evaluation", body, as: Self.pep)
    #expect(reply.status == 503)
  }

  /// The clock is the server's: a request can't say what time it is.
  @Test func timeIsTheServers() async throws {
    let world = try await AccessWorld()
    let body = Self.may.dropLast() + #","context":{"now":"1999-01-01T00:00:00Z"}}"#
    _ = try await world.send("POST", "/access/v1/evaluation", String(body), as: Self.pep)
    let record = try #require(try await world.records().last)
    let request = record["request"] as? [String: Any]
    let now = (request?["context"] as? [String: Any])?["now"] as? String
    #expect(now?.hasPrefix("2023-11-14T") ?? false)
  }

  @Test func credentialsAreMaskedInTheLog() async throws {
    let world = try await AccessWorld(masks: ["resource.note"])
    let body = Self.question(resource: #"{"password":"hunter2","note":"private","size":1}"#)
    _ = try await world.send("POST", "/access/v1/evaluation", body, as: Self.pep)
    let text = try await world.records().map { try AccessData.text($0) }.joined()
    #expect(!text.contains("hunter2") && !text.contains("private") && text.contains("[masked]"))
  }

  /// One question of a usual size may be answered between what an event loop does; lists that grow
  /// and whatever writes may not.
  @Test(arguments: [
    ("POST", "/access/v1/evaluation", 300, true), ("POST", "/access/v1/evaluation", 16_384, true),
    ("POST", "/access/v1/evaluation", 16_385, false),
    ("POST", "/access/v1/evaluations", 300, false),
    ("POST", "/access/v1/search/resource", 300, false),
    ("POST", "/_modelgate/check", 300, false), ("GET", "/", 0, false),
  ])
  func isBrief(_ method: String, _ path: String, _ size: Int, _ isBrief: Bool) async throws {
    let world = try await AccessWorld()
    let request = try WireRequest(
      method: method, target: path, body: [UInt8](repeating: 0x20, count: size))
    #expect(world.server.isBrief(request) == isBrief)
  }

  // MARK: Metadata

  @Test func metadata() async throws {
    let world = try await AccessWorld(identifier: "https://pdp.example.com:8443/gate")
    let reply = try await world.send(
      "GET", "/.well-known/authzen-configuration/gate", as: nil, type: nil)
    #expect(reply.status == 200)
    #expect(
      reply.body == #"""
        {"policy_decision_point":"https://pdp.example.com:8443/gate",\#
        "access_evaluation_endpoint":"https://pdp.example.com:8443/gate/access/v1/evaluation",\#
        "access_evaluations_endpoint":"https://pdp.example.com:8443/gate/access/v1/evaluations",\#
        "search_subject_endpoint":"https://pdp.example.com:8443/gate/access/v1/search/subject",\#
        "search_resource_endpoint":"https://pdp.example.com:8443/gate/access/v1/search/resource",\#
        "search_action_endpoint":"https://pdp.example.com:8443/gate/access/v1/search/action"}
        """#)
    let elsewhere = try await world.send("GET", "/.well-known/authzen-configuration", as: nil)
    #expect(elsewhere.status == 404)
  }

  @Test(arguments: [
    "http://pdp.example.com", "https://", "https://:8443", "https://a b", "https://a/b?c",
    "https://a/#x", "https://a/", "https://a/b/", "https://a//b", "https://a/{x}",
    "pdp.example.com",
    "https://a/%2e", "HTTPS://a", "https://ä.example",
  ])
  func isNoIdentifier(_ url: String) { #expect(throws: WireFault.self) { try PDPIdentifier(url) } }

  @Test(arguments: ["https://pdp.example.com", "https://[::1]:8443", "https://a/b/c.d~e_f-g"])
  func isIdentifier(_ url: String) throws { #expect(try PDPIdentifier(url).url == url) }
}
