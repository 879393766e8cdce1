import CEL
import Foundation
import GateServer
import ModelRegistry
import Testing

/// Model aliases over the wire.
@Suite struct ElasticsearchAliasTests {
  typealias Step = ElasticsearchStep

  static func path(_ model: String, _ alias: String) -> String {
    "/_ml/trained_models/\(model)/model_aliases/\(alias)"
  }

  @Test func putsMovesAndDeletes() async throws {
    let site = try await ElasticsearchSite()
    for id in ["delay-1", "delay-2"] { try await site.put(id) }
    try await site.put("kind", "classification")
    let alias = Self.path("delay-1", "delay")
    let other = Self.path("delay-2", "delay")
    let inUse =
      "cannot assign model_alias [delay] to model_id [%] as model_alias already refers to "
      + "[delay-1]. Set parameter [reassign] to [true] if model_alias should be reassigned."
    try await Step.check(
      [
        Step("PUT \(alias)", 200, Step.acknowledged, fields: [("Warning", nil)]),
        // Not even the same again.
        Step(
          "PUT \(alias)", fails: 400, "status_exception", inUse.replacing("%", with: "delay-1")),
        Step(
          "PUT \(other)", fails: 400, "status_exception", inUse.replacing("%", with: "delay-2")),
        Step(
          "PUT \(Self.path("absent", "delay"))?reassign=false", fails: 400, "status_exception",
          inUse.replacing("%", with: "absent")),
        Step("PUT \(other)?reassign=true", 200, Step.acknowledged),
        Step("PUT \(other)?reassign=true", 200, Step.acknowledged),
        Step("PUT \(alias)?reassign", 200, Step.acknowledged),
        Step("PUT \(other)?reassign=", 200, Step.acknowledged),
        Step(
          "PUT \(Self.path("kind", "delay"))?reassign=true", fails: 400, "status_exception",
          "cannot reassign model_alias [delay] to model [kind] with inference config type "
            + "[classification] from model [delay-2] with type [regression]"),
        Step(
          "PUT \(Self.path("absent", "new"))", fails: 404, "resource_not_found_exception",
          "No known trained model with model_id [absent]"),
        Step(
          "PUT \(Self.path("absent", "kind"))", fails: 400, "status_exception",
          "model_alias cannot be the same as an existing trained model_id"),
        Step("PUT \(Self.path("kind", "new"))?reassign=true", 200, Step.acknowledged),
        Step(
          "DELETE \(Self.path("kind", "absent"))", fails: 404, "status_exception",
          "model_alias [absent] could not be found"),
        Step(
          "DELETE \(alias)", fails: 409, "status_exception",
          "model_alias [delay] does not refer to provided model_id [delay-1]"),
        Step("DELETE \(other)", 200, Step.acknowledged),
        Step(
          "GET /_ml/trained_models/delay", fails: 404, "resource_not_found_exception",
          "No known trained model with model_id [delay]"),
      ], on: site)
  }

  /// Routing, then parameters, then those that nobody reads, then the body, then validation, then
  /// rights, then the state of the registry.
  @Test func checksInElasticsearchsOrder() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("m")
    let bad = Self.path("m", "Bad_1")
    let validation =
      "Validation Failed: 1: Invalid model_alias; 'Bad_1' can contain lowercase alphanumeric "
      + "(a-z and 0-9), hyphens or underscores; must start with alphanumeric and cannot end with "
      + "numbers;"
    try await Step.check(
      [
        Step(
          "PUT \(bad)?reassign=maybe&foo=1", "{}", as: "vera", fails: 400,
          "illegal_argument_exception",
          "Failed to parse value [maybe] as only [true] or [false] are allowed."),
        Step(
          "PUT \(bad)?foo=1", "{}", as: "vera", fails: 400, "illegal_argument_exception",
          "request [\(bad)] contains unrecognized parameter: [foo]"),
        Step(
          "PUT \(bad)", "{}", as: "vera", fails: 400, "illegal_argument_exception",
          "request [PUT \(bad)] does not support having a body"),
        Step(
          "PUT \(bad)", as: "vera", fails: 400, "action_request_validation_exception", validation),
        Step(
          "PUT \(Self.path("m", "good"))", as: "vera", fails: 403, "security_exception",
          "action [cluster:admin/xpack/ml/inference/model_aliases/put] is unauthorized for user "
            + "[vera] with effective roles [machine_learning_user], this action is granted by the "
            + "cluster privileges [manage_ml,manage,all]"),
        Step(
          "PUT \(Self.path("x1", "x1"))", fails: 400, "action_request_validation_exception",
          "Validation Failed: 1: model_alias [x1] cannot equal model_id [x1];2: Invalid "
            + "model_alias; 'x1' can contain lowercase alphanumeric (a-z and 0-9), hyphens or "
            + "underscores; must start with alphanumeric and cannot end with numbers;"),
      ], on: site)
  }

  @Test func suggestsParameters() async throws {
    let site = try await ElasticsearchSite()
    let path = Self.path("m", "a")
    try await Step.check(
      [
        ("reasign=true", ": [reasign] -> did you mean [reassign]?"),
        ("timeout=1s", ": [timeout]"),
        ("b=1&a=2", "s: [a], [b]"),
        (
          "pretti=1&model=2",
          "s: [model] -> did you mean [model_id]?, [pretti] -> did you mean [pretty]?"
        ),
        ("model_=1", ": [model_] -> did you mean any of [model_id, model_alias]?"),
      ].map { query, words in
        Step(
          "PUT \(path)?\(query)", fails: 400, "illegal_argument_exception",
          "request [\(path)] contains unrecognized parameter\(words)")
      } + [
        Step("PUT \(path)?error_trace&human&format=json&filter_path=x&pretty=false", 404)
      ], on: site)
  }

  @Test func warnsOfFewCommonFields() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("old", fields: ["a", "b", "c"])
    try await site.put("new", fields: ["a", "x"])
    try await Step.check(
      [
        Step("PUT \(Self.path("old", "alias"))", 200),
        Step(
          "PUT \(Self.path("new", "alias"))?reassign=true", 200, Step.acknowledged,
          fields: [
            (
              "Warning",
              "299 Elasticsearch-8.19.3-unknown \"The input fields for new model [new] and for old "
                + "model [old] differ significantly, model results may change drastically.\""
            )
          ]),
      ], on: site)
  }

  // MARK: Vectors

  static let vectors: JSONTape? = {
    let shared =
      ProcessInfo.processInfo.environment["MODELGATE_SHARED"].map { URL(fileURLWithPath: $0) }
      ?? ElasticsearchSite.root.deletingLastPathComponent().appendingPathComponent("shared")
    let file = shared.appendingPathComponent("data/elasticsearch-vectors.json")
    guard let data = try? Data(contentsOf: file) else { return nil }
    var tape = JSONTape()
    try? tape.read([UInt8](data))
    return tape.nodes.isEmpty ? nil : tape
  }()

  static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
  }

  @Test(.enabled(if: vectors != nil, "no test data: set MODELGATE_SHARED"))
  func agreesOnAliases() async throws {
    let tape = try #require(Self.vectors)
    let site = try await ElasticsearchSite()
    try await site.put("the-model")
    let table = try #require(tape.member("alias_valid", of: tape.root))
    var count = 0
    for key in tape.children(of: table) {
      let alias = tape.string(of: key)
      let answer = try await site.send("PUT \(Self.path("the-model", Self.escaped(alias)))")
      if alias.isEmpty {
        // There is no such path.
        #expect(answer.status == 400 && answer.body.contains("no handler found"))
      } else {
        #expect((answer.status == 200) == (tape.kind(of: key + 1) == .true), "\(alias)")
        #expect([200, 400].contains(answer.status), "\(alias)")
      }
      count += 1
    }
    #expect(count == 39)
  }

  @Test(.enabled(if: vectors != nil, "no test data: set MODELGATE_SHARED"))
  func agreesOnModelIDs() async throws {
    let tape = try #require(Self.vectors)
    let site = try await ElasticsearchSite()
    let table = try #require(tape.member("model_id_valid", of: tape.root))
    for key in tape.children(of: table) where !tape.string(of: key).isEmpty {
      let id = tape.string(of: key)
      let answer = try await site.send(
        "PUT /_ml/trained_models/\(Self.escaped(id))",
        #"{"model_type":"pytorch","inference_config":{"ner":{}}}"#)
      #expect((answer.status == 200) == (tape.kind(of: key + 1) == .true), "\(id): \(answer.body)")
      #expect([200, 400].contains(answer.status), "\(id)")
    }
  }

  @Test(.enabled(if: vectors != nil, "no test data: set MODELGATE_SHARED"))
  func agreesOnCommonFields() async throws {
    let tape = try #require(Self.vectors)
    let site = try await ElasticsearchSite()
    let table = try #require(tape.member("overlap_table", of: tape.root))
    func number(_ name: String, _ row: Int) throws -> Int {
      Int(tape.nodes[try #require(tape.member(name, of: row))].int)
    }
    var names: Set<String> = []
    func model(_ fields: [String]) async throws -> String {
      let name = "m" + (fields.isEmpty ? "" : "-" + fields.joined(separator: "-")) + "-x"
      guard names.insert(name).inserted else { return name }
      let text = #"{"inference_config":{"ner":{}},"model_type":"pytorch","input":{"field_names":"#
      #expect(
        try await site.send("PUT /_ml/trained_models/\(name)", text + "\(fields)}}").status == 200)
      return name
    }
    for row in tape.children(of: table) {
      let (all, missing) = (try number("old_fields", row), try number("missing_from_new", row))
      let fields = (0..<all).map { "f\($0)" }
      let old = try await model(fields)
      let new = try await model(Array(fields.dropFirst(missing)) + ["y", "z"])
      try await site.send("PUT \(Self.path(old, "alias"))?reassign=true")
      let answer = try await site.send("PUT \(Self.path(new, "alias"))?reassign=true")
      #expect(answer.status == 200)
      let warns = try #require(tape.member("warns", of: row))
      #expect(
        (answer.headers["Warning"] != nil) == (tape.kind(of: warns) == .true), "\(all) \(missing)")
    }
  }
}
