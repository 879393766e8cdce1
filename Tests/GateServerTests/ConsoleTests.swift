import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization
import Testing

/// ModelGate's own API.
@Suite struct ConsoleTests {
  /// Method, path, caller, status and code.
  static let refusals: [(String, String, String?, Int, String)] = [
    ("POST", "/_modelgate/check", nil, 401, "not_authenticated"),
    ("GET", "/_modelgate/log", "wrong", 401, "not_authenticated"),
    ("GET", "/_modelgate/log", "locked", 429, "too_many_attempts"),
    ("POST", "/_modelgate/check", "joe;superuser", 403, "forbidden"),
    ("GET", "/_modelgate/policies", "joe;modelgate_pdp_client", 403, "forbidden"),
    ("POST", "/_modelgate/policies/_reload", "joe;modelgate_auditor", 403, "forbidden"),
    ("GET", "/_modelgate/directory", "joe;modelgate_monitor", 403, "forbidden"),
    ("POST", "/_modelgate/directory/_reload", "joe;modelgate_auditor", 403, "forbidden"),
    ("GET", "/_modelgate/log", "joe;modelgate_monitor", 403, "forbidden"),
    ("GET", "/_modelgate/log/_head", "joe;modelgate_pdp_client", 403, "forbidden"),
    ("GET", "/_modelgate/health", "joe", 403, "forbidden"),
    ("GET", "/_modelgate/metrics", "joe;modelgate_pdp_client", 403, "forbidden"),
    ("GET", "/_modelgate/nothing", "kim;modelgate_admin", 404, "not_found"),
    ("GET", "/_modelgate", nil, 404, "not_found"),
    ("DELETE", "/_modelgate/log", "kim;modelgate_admin", 405, "method_not_allowed"),
    ("GET", "/_modelgate/check", "kim;modelgate_admin", 405, "method_not_allowed"),
    ("GET", "/_modelgate/log?form=1", "kim;modelgate_admin", 400, "unknown_parameter"),
    ("GET", "/_modelgate/log?limit=0", "kim;modelgate_admin", 400, "wrong_parameter"),
    ("GET", "/_modelgate/log?limit=1001", "kim;modelgate_admin", 400, "wrong_parameter"),
    ("GET", "/_modelgate/log?from=x", "kim;modelgate_admin", 400, "wrong_parameter"),
    ("GET", "/_modelgate/log?outcome=maybe", "kim;modelgate_admin", 400, "wrong_parameter"),
    ("GET", "/_modelgate/log?kind=seen", "kim;modelgate_admin", 400, "wrong_parameter"),
    ("GET", "/_modelgate/metrics?x", "kim;modelgate_admin", 400, "unknown_parameter"),
    ("POST", "/_modelgate/check?explain=yes", "kim;modelgate_admin", 400, "wrong_parameter"),
    ("POST", "/_modelgate/policies/_reload", "kim;modelgate_admin", 409, "not_reloadable"),
    ("POST", "/_modelgate/directory/_reload", "kim;modelgate_admin", 409, "not_reloadable"),
  ]

  @Test(arguments: refusals.indices) func isRefused(_ index: Int) async throws {
    let (method, path, caller, status, code) = Self.refusals[index]
    let world = try await AccessWorld()
    let reply = try await world.send(method, path, as: caller)
    #expect(reply.status == status)
    #expect(reply.error["code"] as? String == code, "\(reply.body)")
    #expect((reply.error["message"] as? String)?.isEmpty == false)
    #expect((reply.error["help"] as? String)?.isEmpty == false)
    #expect((reply.headers["WWW-Authenticate"] != nil) == (status == 401))
    #expect((reply.headers["Allow"] != nil) == (status == 405))
    if status == 403 {
      #expect((reply.error["reasons"] as? [[String: Any]])?.isEmpty == false)
      #expect(try await world.records().last?["kind"] as? String == "refused")
    }
  }

  // MARK: Check

  static let allowed = AccessTests.may
  static let denied = AccessTests.question(roles: "[]")

  /// Content type, body, and the decisions in what comes back; `?` for no request.
  static let checks: [(String, String, [Bool?])] = [
    ("application/json", allowed, [true]), ("application/json", denied, [false]),
    ("application/json", #"{"evaluations":[\#(allowed),\#(denied)]}"#, [true, false]),
    ("application/json", " [\(allowed),\n{}, \(denied)]", [true, nil, false]),
    ("application/json", "[]", []),
    ("application/x-ndjson", "\(denied)\n\r\n\(allowed)\nx\n", [false, true, nil]),
  ]

  @Test(arguments: checks.indices) func isChecked(_ index: Int) async throws {
    let (type, body, expected) = Self.checks[index]
    let world = try await AccessWorld()
    let reply = try await world.send("POST", "/_modelgate/check", body, type: type)
    #expect(reply.status == 200, "\(reply.body)")
    let answers: [[String: Any]]
    if type.contains("nd") {
      answers = try reply.body.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(reply.headers["Content-Type"] == "application/x-ndjson")
    } else {
      answers =
        reply.json as? [[String: Any]] ?? reply.object["evaluations"] as? [[String: Any]]
        ?? [reply.object]
    }
    #expect(answers.count == expected.count)
    for (answer, expected) in zip(answers, expected) {
      let error = (answer["context"] as? [String: Any])?["error"] as? [String: Any]
      #expect((error?["code"] != nil) == (expected == nil))
      #expect(answer["decision"] as? Bool == expected ?? false)
    }
    let logged = try await world.records().filter { $0["kind"] as? String == "evaluated" }
    #expect(logged.count == expected.count { $0 != nil })
    #expect(logged.allSatisfy { $0["asked_by"] as? String == "kim" })
  }

  @Test func explains() async throws {
    let world = try await AccessWorld()
    let plain = try await world.send("POST", "/_modelgate/check", Self.denied)
    #expect(!plain.body.contains(#""missing""#))
    let explained = try await world.send("POST", "/_modelgate/check?explain=true", Self.denied)
    #expect(explained.body.contains(#""missing""#))
    let bad = try await world.send("POST", "/_modelgate/check", "{")
    #expect(bad.status == 400 && (bad.error["message"] as? String)?.contains("line 1") == true)
  }

  @Test func sizeOfChecksIsLimited() async throws {
    let world = try await AccessWorld()
    func ask(_ count: Int, _ query: String, _ type: String = "application/json") async throws -> Int
    {
      let list = [String](repeating: "{}", count: count)
      let body =
        type.contains("nd")
        ? list.joined(separator: "\n") : "[" + list.joined(separator: ",") + "]"
      return try await world.send("POST", "/_modelgate/check\(query)", body, type: type).status
    }
    #expect(try await ask(ServerLimits.explainedEvaluations, "?explain=true") == 200)
    #expect(try await ask(ServerLimits.explainedEvaluations + 1, "?explain=true") == 400)
    #expect(try await ask(EngineLimits.batchEvaluations, "") == 200)
    #expect(try await ask(EngineLimits.batchEvaluations + 1, "") == 400)
    #expect(try await ask(EngineLimits.batchEvaluations + 1, "", "application/x-ndjson") == 400)
  }

  /// A default counts for every evaluation that it serves.
  @Test func sizeOfBatchesIsLimited() async throws {
    let world = try await AccessWorld()
    func ask(_ count: Int) async throws -> Int {
      let filler = String(repeating: "x", count: 1 << 20)
      let items = [String](repeating: "{}", count: count).joined(separator: ",")
      let body = #"""
        {"subject":{"type":"user","id":"u"},"action":{"name":"a"},"resource":{"type":"t","id":"1"},\#
        "context":{"x":"\#(filler)"},"evaluations":[\#(items)]}
        """#
      return try await world.send("POST", "/_modelgate/check", body).status
    }
    let most = ServerLimits.evaluationBytes >> 20
    #expect(try await ask(most - 1) == 200)
    #expect(try await ask(most) == 400)
  }

  // MARK: Policies

  @Test func policiesAreShown() async throws {
    let world = try await AccessWorld()
    let reply = try await world.send("GET", "/_modelgate/policies", as: "a;modelgate_auditor")
    #expect(reply.object["revision"] as? String == world.registry.gate.current.revision)
    #expect((reply.object["since"] as? String)?.hasSuffix("Z") == true)
    #expect(reply.object["last_failure"] is NSNull)
    let names = (reply.object["documents"] as? [[String: Any]])?.compactMap {
      $0["policy"] as? String
    }
    #expect(names?.contains("modelgate.privileges") == true)
    #expect(try await world.records().last?["kind"] as? String == "read")
  }

  static let admin = #"{"policy":"p","roles":{"modelgate_admin":{"actions":["modelgate:*"]}}}"#

  @Test func policiesAreReloaded() async throws {
    let text = Mutex(Self.admin)
    let world = try await AccessWorld(loadPolicies: { () throws(PolicyLoadError) in
      try PolicySet([PolicySource(name: "p.json", bytes: Array(text.withLock { $0 }.utf8))])
    })
    let first = try await world.send("POST", "/_modelgate/policies/_reload")
    #expect(first.status == 200 && first.object["changed"] as? Bool == true)
    let again = try await world.send("POST", "/_modelgate/policies/_reload")
    #expect(again.status == 200 && again.object["changed"] as? Bool == false)
    let revision = world.registry.gate.current.revision
    text.withLock { $0 = #"{"policy":"p","rules":[{"id":"r"}]}"# }
    let bad = try await world.send("POST", "/_modelgate/policies/_reload")
    #expect(bad.status == 422 && bad.error["code"] as? String == "does_not_load")
    let diagnostic = (bad.error["diagnostics"] as? [[String: Any]])?.first
    #expect(diagnostic?["file"] as? String == "p.json" && diagnostic?["line"] as? Int == 1)
    #expect(world.registry.gate.current.revision == revision)
    let shown = try await world.send("GET", "/_modelgate/policies")
    #expect(shown.object["last_failure"] is [String: Any])
    // Who did it is in the log.
    let records = try await world.records()
    #expect(records.contains { $0["note"] as? String == "reloaded by kim" })
    #expect(records.count { $0["kind"] as? String == "performed" } == 3)
  }

  @Test func aReloadThatCannotBeLoggedDoesNotHappen() async throws {
    let world = try await AccessWorld(loadPolicies: { () throws(PolicyLoadError) in
      try PolicySet([PolicySource(name: "p.json", bytes: Array(Self.admin.utf8))])
    })
    let revision = world.registry.gate.current.revision
    world.store.writesFail.store(true, ordering: .relaxed)
    let reply = try await world.send("POST", "/_modelgate/policies/_reload")
    #expect(reply.status == 503 && reply.error["code"] as? String == "unavailable")
    #expect(world.registry.gate.current.revision == revision)
  }

  @Test func directoryIsReloaded() async throws {
    let text = Mutex(DirectoryTests.staff)
    let live = try LiveDirectory(loading: { () throws(PolicyLoadError) in
      try DirectoryTests.directory(text.withLock { $0 })
    })
    let world = try await AccessWorld(directory: live)
    let shown = try await world.send("GET", "/_modelgate/directory")
    #expect(shown.object["entities"] as? Int == 5 && shown.object["last_failure"] is NSNull)
    text.withLock { $0 = "{" }
    let bad = try await world.send("POST", "/_modelgate/directory/_reload")
    #expect(bad.status == 422 && live.current.count == 5)
    text.withLock { $0 = #"{"directory":"d","entities":[]}"# }
    let good = try await world.send("POST", "/_modelgate/directory/_reload")
    #expect(good.status == 200 && good.object["changed"] as? Bool == true)
    #expect(live.current.count == 0)
  }

  // MARK: Log

  @Test func logIsPaged() async throws {
    let world = try await AccessWorld()
    for index in 0..<10 {
      _ = try await world.send(
        "POST", "/access/v1/evaluation", index % 2 == 0 ? Self.allowed : Self.denied,
        as: AccessTests.pep)
    }
    func page(_ query: String) async throws -> (numbers: [Int], next: Int?) {
      let reply = try await world.send("GET", "/_modelgate/log?\(query)", as: "a;modelgate_auditor")
      #expect(reply.status == 200, "\(reply.body)")
      let entries = reply.object["entries"] as? [[String: Any]] ?? []
      return (entries.compactMap { $0["sequence"] as? Int }, reply.object["next"] as? Int)
    }
    // The first record is that policies came into force; each page is a record itself.
    #expect(try await page("limit=3") == ([1, 2, 3], 4))
    #expect(try await page("from=4&limit=4") == ([4, 5, 6, 7], 8))
    #expect(try await page("outcome=deny&limit=2") == ([3, 5], 6))
    #expect(try await page("outcome=deny&from=6") == ([7, 9, 11], nil))
    #expect(try await page("kind=policy") == ([1], nil))
    #expect(try await page("asked_by=pep&subject=mona&from=8") == ([8, 10], nil))
    #expect(try await page("from=-2&limit=1").numbers == [16])
    #expect(try await page("from=-9223372036854775808&limit=1") == ([1], 2))
    #expect(try await page("from=9223372036854775807") == ([], nil))
    #expect(try await page("subject=nobody") == ([], nil))
    #expect(try await page("resource_type=cluster&limit=1") == ([2], 3))
  }

  @Test func aPageOfTheLogLooksAtSoMany() async throws {
    let world = try await AccessWorld()
    let batch = [String](repeating: Self.allowed, count: 5_100).joined(separator: ",")
    for _ in 0..<2 {
      _ = try await world.send("POST", "/_modelgate/check", #"{"evaluations":[\#(batch)]}"#)
    }
    let reply = try await world.send("GET", "/_modelgate/log?subject=nobody")
    let next = try #require(reply.object["next"] as? Int)
    // Whole steps are looked at.
    #expect(next > ServerLimits.logScan && next <= ServerLimits.logScan + 500)
    #expect((reply.object["entries"] as? [Any])?.isEmpty == true)
    let rest = try await world.send("GET", "/_modelgate/log?subject=nobody&from=\(next)")
    #expect(rest.object["next"] is NSNull)
  }

  @Test func headsAreShown() async throws {
    let world = try await AccessWorld()
    let reply = try await world.send("GET", "/_modelgate/log/_head", as: "a;modelgate_auditor")
    let head = reply.object["head"] as? [String: Any]
    #expect(head?["sequence"] as? Int == 1 && (head?["hash"] as? String)?.count == 64)
  }

  // MARK: Health

  @Test func health() async throws {
    let world = try await AccessWorld()
    #expect(try await world.send("GET", "/_modelgate/health/live", as: nil).status == 200)
    let ready = try await world.send("GET", "/_modelgate/health/ready", as: nil)
    #expect(ready.status == 200 && ready.body == #"{"status":"ready"}"#)
    let all = try await world.send("GET", "/_modelgate/health", as: "m;modelgate_monitor")
    #expect(all.status == 200 && all.object["version"] as? String == "1.2.3")
    world.store.readsFail.store(true, ordering: .relaxed)
    let blind = try await world.send("GET", "/_modelgate/health/ready", as: nil)
    #expect(blind.status == 503)
    #expect(blind.body == #"{"status":"unavailable","missing":["store","policies"]}"#)
    #expect(try await world.send("GET", "/_modelgate/health/live", as: nil).status == 200)
    let seen = try await world.send("GET", "/_modelgate/health", as: "m;modelgate_monitor")
    #expect(seen.status == 503)
  }

  /// Other policies came into force in the store, through another process.
  @Test func otherPoliciesAreNotReady() async throws {
    let world = try await AccessWorld()
    let other = try PolicySet([PolicySource(name: "p.json", bytes: Array(Self.admin.utf8))])
    _ = try await ModelRegistry.open(world.store, policies: other, clock: { 0 })
    let reply = try await world.send("GET", "/_modelgate/health/ready", as: nil)
    #expect(reply.status == 503)
    #expect(reply.body == #"{"status":"unavailable","missing":["policies"]}"#)
  }

  @Test func aLogThatCannotBeWrittenIsNotReady() async throws {
    let world = try await AccessWorld()
    world.store.writesFail.store(true, ordering: .relaxed)
    // A permit that goes away unspent leaves a record waiting.
    let caller = Caller(name: "kim", roles: ["modelgate_admin"])
    _ = try await world.registry.gate.judge(
      ServiceUse("modelgate:check", of: "x"), by: caller.subject, given: NoFacts()
    ).permit()
    let reply = try await world.send("GET", "/_modelgate/health/ready", as: nil)
    #expect(reply.body == #"{"status":"unavailable","missing":["log"]}"#)
    world.store.writesFail.store(false, ordering: .relaxed)
    #expect(try await world.send("GET", "/_modelgate/health/ready", as: nil).status == 200)
  }
}
