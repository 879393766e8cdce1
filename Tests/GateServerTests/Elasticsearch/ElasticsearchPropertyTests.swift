import CEL
import GateServer
import ModelRegistry
import PolicyEngine
import Testing

/// What holds for anything that comes in.
@Suite struct ElasticsearchPropertyTests {
  struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
    mutating func pick<Element>(_ elements: [Element]) -> Element {
      elements[Int.random(in: 0..<elements.count, using: &self)]
    }
  }

  /// Whatever comes in is answered, with JSON, and never with a fault of the server's own. Nobody
  /// who may not changes anything.
  @Test(arguments: 0..<8)
  func answersAnything(_ seed: UInt64) async throws {
    var random = Seeded(state: seed &* 77)
    let site = try await ElasticsearchSite()
    try await site.put("m-1")
    try await site.put("torch", "ner")
    let revision = try await site.registry.inspect { $0.revision }
    let words = [
      "_ml", "trained_models", "m-1", "torch", "model_aliases", "a", "deployment", "_start",
      "_stop", "_update", "_infer", "_stats", "_ingest", "pipeline", "definition", "0", "%C3%A9",
      "*", "a,b*", "%2F", "_security", "user", "_has_privileges", "_authenticate", "_all",
    ]
    let paths = [
      ["_ml", "trained_models"], ["_ml", "trained_models", "m-1"],
      ["_ml", "trained_models", "m-1", "model_aliases", "a"],
      ["_ml", "trained_models", "torch", "deployment", "_start"],
      ["_ml", "trained_models", "torch", "definition", "0"], ["_ingest", "pipeline", "p"],
      ["_ml", "trained_models", "m-1", "_infer"], ["_security", "user", "_has_privileges"],
    ]
    let names = [
      "reassign", "force", "size", "from", "tags", "include", "timeout", "pretty", "filter_path",
      "dry_run", "human", "x", "deployment_id", "number_of_allocations", "allow_no_match",
    ]
    let values = ["", "true", "false", "1", "-1", "x", "99999999999", "a,b", "**", "-*", "10s"]
    let pieces = [
      "{", "}", "[", "]", ":", ",", "\"docs\"", "\"processors\"", "\"cluster\"", "1", "null",
      "\"inference\"", "\"model_id\"", "true", "{}", "[{}]", "\"a\"", "é", "\u{1}",
    ]
    for _ in 0..<150 {
      var path = random.pick(paths)
      if random.pick([true, false, false]) {
        path[Int.random(in: 0..<path.count, using: &random)] = random.pick(words)
      }
      let query = (0..<Int.random(in: 0...2, using: &random)).map { _ in
        "\(random.pick(names))=\(random.pick(values))"
      }
      let body = (0..<Int.random(in: 0...6, using: &random)).map { _ in random.pick(pieces) }
      let method = random.pick(["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"])
      let line = "\(method) /\(path.joined(separator: "/"))?\(query.joined(separator: "&"))"
      let answer = try await site.send(
        line, body.joined(), as: random.pick(["nobody", "vera", "ines key=1"]))
      #expect(![500, 503].contains(answer.status), "\(line) \(body): \(answer.body)")
      var tape = JSONTape()
      #expect(throws: Never.self, "\(line) \(answer.body)") {
        try tape.read(Array(answer.body.utf8))
      }
    }
    // Ines may start and stop deployments; but nobody touched models, aliases or pipelines.
    let (models, aliases, pipelines) = try await site.registry.inspect { snapshot in
      (
        try snapshot.page(.trainedModel, after: nil, limit: 9).map(\.revision),
        try snapshot.page(.alias, after: nil, limit: 9).count,
        try snapshot.page(.pipeline, after: nil, limit: 9).count
      )
    }
    #expect(models.count == 2 && models.allSatisfy { $0 <= revision })
    #expect(aliases == 0 && pipelines == 0)
  }

  /// A privilege that is said to be held is held in every action.
  @Test(arguments: 0..<10)
  func neverClaimsAPrivilege(_ seed: UInt64) throws {
    var random = Seeded(state: seed &* 1_001)
    var actions: [[UInt8]] = [[]]
    for length in 1...5 {
      actions += actions.filter { $0.count == length - 1 }.flatMap { [$0 + [97], $0 + [98]] }
    }
    func pattern() throws -> ActionPattern {
      let text = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        random.pick(["a", "b", "*"])
      }
      return try #require(ActionPattern(text.joined()))
    }
    func patterns(_ most: Int) throws -> [ActionPattern] {
      try (0..<Int.random(in: 0...most, using: &random)).map { _ in try pattern() }
    }
    var held = 0
    for _ in 0..<2_000 {
      let set = ActionSet(patterns: try patterns(3), exceptions: try patterns(2))
      let (wanted, exceptions) = (try pattern(), try patterns(2))
      guard Privileges.covers(set, wanted, except: exceptions) else { continue }
      held += 1
      let asked = ActionSet(patterns: [wanted], exceptions: exceptions)
      for action in actions where asked.contains(action) {
        #expect(set.contains(action), "\(String(decoding: action, as: UTF8.self))")
      }
    }
    #expect(held > 100)
  }

  @Test(
    arguments: [
      ("reassign", "reassign", 1), ("reasign", "reassign", 0.875), ("abc", "xyz", 0), ("", "", 1),
      ("model_", "model_id", 0.75), ("ab", "abcdef", 0), ("kitten", "sitting", 1 - 3.0 / 7),
    ] as [(String, String, Float)])
  func measuresSimilarity(_ left: String, _ right: String, _ expected: Float) {
    #expect(abs(UnknownParameters.similarity(left, right) - expected) < 1e-6)
    #expect(abs(UnknownParameters.similarity(right, left) - expected) < 1e-6)
  }

  @Test(arguments: [
    (0, "0b"), (1_023, "1023b"), (1_024, "1kb"), (1_536, "1.5kb"), (1 << 20, "1mb"),
    (1_289_748, "1.2mb"), (5 << 30, "5gb"), (Int64.max, "8191.9pb"),
  ])
  func writesSizes(_ bytes: Int64, _ text: String) { #expect(Human.size(bytes) == text) }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (1_700_000_000_007, "2023-11-14T22:13:20.007Z"),
    (-1, "1969-12-31T23:59:59.999Z"), (999, "1970-01-01T00:00:00.999Z"),
  ])
  func writesTimes(_ milliseconds: Int64, _ text: String) {
    #expect(Human.time(milliseconds) == text)
  }

  /// Of many callers who put an alias at once, one is the first.
  @Test func onlyOneCreatesAnAlias() async throws {
    let site = try await ElasticsearchSite()
    for number in 0..<8 { try await site.put("m-\(number)") }
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<8 {
        group.addTask {
          try await site.send("PUT /_ml/trained_models/m-\(number)/model_aliases/alias").status
        }
      }
      return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    #expect(statuses == [200: 1, 400: 7])
  }

  /// An attempt that is repeated takes effect once, and is answered alike.
  @Test func repeatsAnAttempt() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("m")
    let key = [(name: "Idempotency-Key", value: "k-1")]
    let line = "PUT /_ml/trained_models/m/model_aliases/alias"
    for _ in 0..<3 {
      #expect(try await site.send(line, headers: key).body == ElasticsearchStep.acknowledged)
    }
    #expect(try await site.send(line).status == 400)
    #expect(try await site.send(line, headers: [("Idempotency-Key", "")]).status == 400)
  }

  /// A list is not longer than what fits into memory, whatever is asked for.
  @Test func limitsWhatAListComesTo() async throws {
    let site = try await ElasticsearchSite()
    let size = 2_000_000
    let most = RegistryLimits.foundBytes / size
    let text = #"{"metadata":{"x":"\#(String(repeating: "x", count: size))"}}"#
    for number in 0...most {
      try await site.registry.perform(
        PutTrainedModel(TrainedModel(id: "m-\(number)", configuration: Array(text.utf8))),
        by: Caller(name: "root", roles: ["superuser"]).subject)
    }
    let all = try await site.send("GET /_ml/trained_models?filter_path=count")
    #expect(all.status == 413, "\(all.body.prefix(200))")
    let names = (0...most).map { "m-\($0)" }.joined(separator: ",")
    #expect(try await site.send("GET /_ml/trained_models/\(names)").status == 413)
    let some = try await site.send("GET /_ml/trained_models?size=\(most)")
    #expect(some.status == 200 && some.body.utf8.count > most * size)
  }

  /// Every route is served, and notes its pattern.
  @Test func notesRoutes() async throws {
    let site = try await ElasticsearchSite()
    let dialect = Elasticsearch(site.registry)
    #expect(dialect.routes.count == 30)
    for (method, pattern) in dialect.routes {
      let path = pattern.replacing("{", with: "").replacing("}", with: "")
      var request = try WireRequest(method: method, target: path)
      request.authentication = .caller(Caller(name: "nobody"))
      let response = await dialect.answer(request)
      #expect(response.note.route == pattern)
      #expect(response.status != 405 && response.status < 500)
    }
  }
}
