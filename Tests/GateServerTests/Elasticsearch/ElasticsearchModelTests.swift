import GateServer
import Testing

/// Trained models over the wire.
@Suite struct ElasticsearchModelTests {
  typealias Step = ElasticsearchStep

  static let full = """
    {"model_id":"tree-1","description":"Delays","model_type":"tree_ensemble",
    "tags":["flights"],"metadata":{"made":{"by":"us"}},"input":{"field_names":["a","b"]},
    "model_size_bytes":1536,"estimated_operations":"42","default_field_map":{"x":"a"},
    "inference_config":{"regression":{"results_field":"r"}},"definition":{"trained_model":{"n":1.50}}}
    """

  static let stored = """
    {"model_id":"tree-1","model_type":"tree_ensemble","created_by":"api_user","version":"8.19.3",\
    "create_time":%,"model_size_bytes":1536,"estimated_operations":42,"license_level":"platinum",\
    "description":"Delays","tags":["flights"],"metadata":{"made":{"by":"us"}#},\
    "input":{"field_names":["a","b"]},"default_field_map":{"x":"a"},\
    "inference_config":{"regression":{"results_field":"r"}}}
    """

  /// The stored model with its time, which the answer says, and aliases.
  static func stored(_ answer: String, _ aliases: String = "") -> String {
    let time = answer.components("\"create_time\":", ",")
    return stored.replacing("%", with: time).replacing("#", with: aliases)
  }

  @Test func putsAndGets() async throws {
    let site = try await ElasticsearchSite()
    let put = try await site.send(
      "PUT /_ml/trained_models/tree-1?defer_definition_decompression=false&wait_for_completion=true",
      Self.full)
    #expect(put.status == 200)
    #expect(put.body == Self.stored(put.body))
    for alias in ["zz", "aa"] {
      try await site.send("PUT /_ml/trained_models/tree-1/model_aliases/\(alias)")
    }
    let aliases = #","model_aliases":["aa","zz"]"#
    for expression in ["", "/tree-1", "/aa", "/_all", "/*", "/a*", "/aa,tree-1,zz"] {
      let got = try await site.send("GET /_ml/trained_models\(expression)")
      #expect(
        got.body
          == #"{"count":1,"trained_model_configs":[\#(Self.stored(got.body, aliases))]}"#)
    }
    let path = "/_ml/trained_models/tree-1"
    func answers(_ query: String, _ expected: String) async throws {
      let answer = try await site.send("GET \(path)?\(query)")
      #expect(answer.body == expected, "\(query)")
    }
    let bare =
      #"{"count":1,"trained_model_configs":[{"model_id":"tree-1","model_type":"tree_ensemble","description":"Delays","tags":["flights"],"metadata":{"made":{"by":"us"},"model_aliases":["aa","zz"]},"input":{"field_names":["a","b"]},"default_field_map":{"x":"a"},"inference_config":{"regression":{"results_field":"r"}}}]}"#
    try await answers("exclude_generated=true", bare)
    let human = "human&filter_path=**.create_time_string,**.model_size,**.model_size_bytes"
    let text = try await site.send("GET \(path)?\(human)").body
    #expect(text.contains(#""create_time_string":"2023-11-14T22:13:20.0"#), "\(text)")
    #expect(text.contains(#"Z","model_size":"1.5kb","model_size_bytes":1536"#))
    try await answers(
      "include=definition&filter_path=**.definition",
      #"{"count":1,"trained_model_configs":[{"definition":{"trained_model":{"n":1.50}}}]}"#
        .replacing(#""count":1,"#, with: ""))
  }

  @Test func givesBackCompressedDefinitions() async throws {
    let site = try await ElasticsearchSite()
    let body =
      #"{"inference_config":{"regression":{}},"input":{"field_names":["a"]},"compressed_definition":"#
    try await site.send("PUT /_ml/trained_models/m", body + #""H4sIAAAA"}"#)
    let path = "/_ml/trained_models/m?include=definition&filter_path=**.compressed_definition"
    #expect(
      try await site.send("GET \(path)").body
        == #"{"trained_model_configs":[{"compressed_definition":"H4sIAAAA"}]}"#)
    for bad in [#""no base64!"}"#, #""""#, "1}", #""e30="}"#] {
      #expect(try await site.send("PUT /_ml/trained_models/n", body + bad).status == 400, "\(bad)")
    }
  }

  @Test func findsByNamesAndPatterns() async throws {
    let site = try await ElasticsearchSite()
    for (id, tags) in [("a-1", ["x"]), ("a-2", ["x", "y"]), ("b-1", ["y"]), ("c-1", [])] {
      try await site.put(id, tags: tags)
    }
    try await site.send("PUT /_ml/trained_models/c-1/model_aliases/a-best")
    func ids(_ target: String) async throws -> String {
      let answer = try await site.send("GET /_ml/trained_models\(target)")
      guard answer.status == 200 else { return "\(answer.status) \(answer.body)" }
      let found = answer.body.split(separator: #""model_id":""#).dropFirst().map {
        String($0.prefix { $0 != "\"" })
      }
      return answer.body.components("\"count\":", ",") + " " + found.joined(separator: " ")
    }
    func missing(_ names: String) -> String {
      "404 "
        + Step.error(
          404, "resource_not_found_exception", "No known trained model with model_id [\(names)]")
    }
    for (target, expected) in [
      ("", "4 a-1 a-2 b-1 c-1"), ("/_all?size=2", "4 a-1 a-2"), ("?from=3", "4 c-1"),
      ("?from=1&size=2", "4 a-2 b-1"), ("?size=0", "4 "), ("?from=9", "4 "),
      ("/a-*", "3 a-1 a-2 c-1"), ("/a-best,a-1,a-1", "2 a-1 c-1"), ("/b-1,a-best", "2 b-1 c-1"),
      ("?tags=x", "2 a-1 a-2"), ("?tags=x,y", "1 a-2"), ("/b-1?tags=y", "1 b-1"),
      ("/b-1?tags=x", missing("b-1")), ("/*-2,c-1", "2 a-2 c-1"),
      ("/x*", "0 "), ("/x*?allow_no_match=false", missing("x*")), ("/x*,a-1", "1 a-1"),
      // A name must be there even so.
      ("/absent", missing("absent")), ("/absent?allow_no_match=true", missing("absent")),
      ("/absent,a-1,gone", missing("absent,gone")), ("/absent,a-*", missing("absent")),
      // Names that the page cuts off count as not there.
      ("/a-1,b-1?size=1", missing("b-1")), ("/%2A", "4 a-1 a-2 b-1 c-1"),
      ("/a%2F1", missing("a/1")),
    ] {
      #expect(try await ids(target) == expected, "\(target)")
    }
    func refuses(_ query: String, _ reason: String) async throws {
      let answer = try await site.send("GET /_ml/trained_models?\(query)")
      #expect(answer.status == 400)
      #expect(answer.body.contains(#""reason":"\#(reason)""#), "\(answer.body)")
    }
    try await refuses("size=-1", "Parameter [size] cannot be < 0")
    try await refuses("from=-1", "Parameter [from] cannot be < 0")
    try await refuses("size=x", "Failed to parse int parameter [size] with value [x]")
    try await refuses(
      "size=\(ServerLimits.listedModels + 1)",
      "Parameter [size] cannot be > \(ServerLimits.listedModels)")
    #expect(try await ids("?size=\(ServerLimits.listedModels)") == "4 a-1 a-2 b-1 c-1")
    try await refuses(
      "include=definition",
      "Getting model definition is not supported when getting more than one model")
    try await refuses(
      "include=definition_status",
      "Getting the model download status is not supported when getting more than one model")
    try await refuses(
      "include=nonsense",
      "unknown [include] parameters [nonsense]. Valid options are [definition, definition_status, "
        + "feature_importance_baseline, hyperparameters, total_feature_importance]")
  }

  @Test func saysWhetherADefinitionIsComplete() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("tree")
    try await site.send(
      "PUT /_ml/trained_models/torch", #"{"model_type":"pytorch","inference_config":{"ner":{}}}"#)
    try await Step.check(
      [
        Step(
          "GET /_ml/trained_models/torch?include=definition_status&filter_path=**.fully_defined",
          200, #"{"trained_model_configs":[{"fully_defined":false}]}"#),
        Step(
          "GET /_ml/trained_models/tree?include=definition_status", fails: 400, "status_exception",
          "Definition status is only relevant to PyTorch model types"),
        Step(
          "GET /_ml/trained_models/torch?include=definition", fails: 400, "status_exception",
          "[torch] is type [pytorch] and does not support retrieving the definition"),
        Step(
          "GET /_ml/trained_models/tree?include_model_definition=true&filter_path=**.definition",
          200, #"{"trained_model_configs":[{"definition":{"a":1}}]}"#,
          fields: [
            (
              "Warning",
              "299 Elasticsearch-8.19.3-unknown \"[include_model_definition] parameter is "
                + "deprecated! Use [include=definition] instead.\""
            )
          ]),
      ], on: site)
  }

  @Test func refusesBadBodies() async throws {
    let site = try await ElasticsearchSite()
    let config = #""inference_config":{"ner":{}},"model_type":"pytorch""#
    let parse = "x_content_parse_exception"
    func put(_ body: String, _ type: String, _ reason: String) -> Step {
      Step("PUT /_ml/trained_models/m", body, fails: 400, type, reason)
    }
    try await Step.check(
      [
        put("", "parse_exception", "request body is required"),
        put("[]", parse, "[1:1] [trained_model_config] expected an object but found START_ARRAY"),
        put(
          "{\n \"tgas\":[]}", parse,
          "[2:2] [trained_model_config] unknown field [tgas] did you mean [tags]?"),
        put(
          #"{"model_id":"n",\#(config)}"#, "illegal_argument_exception",
          "Inconsistent model_id; 'n' specified in the body differs from 'm' specified as a URL "
            + "argument"),
        put(
          #"{"inference_config":null}"#, parse,
          "[1:21] [trained_model_config] inference_config doesn't support values of type: VALUE_NULL"
        ),
        put(
          #"{"inference_config":{"magic":{}}}"#, parse,
          "[1:30] [inference_config] unknown field [magic]"),
        put(
          #"{"inference_config":{}}"#, parse,
          "[1:21] [trained_model_config] failed to parse field [inference_config]"),
        put(
          #"{"model_type":"magic"}"#, parse,
          "[1:15] [trained_model_config] failed to parse field [model_type]"),
        put(
          #"{\#(config),"definition":{},"compressed_definition":"AA=="}"#,
          "illegal_argument_exception",
          "both [compressed_definition] and [definition] cannot be set."),
        put(
          #"{\#(config),"input":{}}"#, "illegal_argument_exception", "Required [field_names]"),
        put(
          #"{\#(config),"model_size_bytes":-1}"#, "illegal_argument_exception",
          "[model_size_bytes] must be greater than or equal to 0"),
        put(
          "{}", "action_request_validation_exception",
          "Validation Failed: 1: [model_type] must be set if [definition] is not defined.;2: "
            + "[inference_config] must not be null.;"),
        put(
          #"{\#(config),"metadata":{"model_aliases":["a"]}}"#,
          "action_request_validation_exception",
          "Validation Failed: 1: illegal to set [metadata.model_aliases] at inference model "
            + "creation;"),
        put(
          #"{"inference_config":{"regression":{}},"definition":{}}"#,
          "action_request_validation_exception",
          "Validation Failed: 1: [input.field_names] must not be empty;"),
        // It is read before rights are looked at.
        Step("PUT /_ml/trained_models/m", "{", as: "vera", 400),
        Step("PUT /_ml/trained_models/m", "{\(config)}", as: "vera", 403),
        Step("PUT /_ml/trained_models/m", #"{"a":1,"a":2}"#, 400),
        Step("GET /_ml/trained_models", 200, #"{"count":0,"trained_model_configs":[]}"#),
      ], on: site)
  }

  @Test func keepsNamesApart() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("m", tags: ["t"])
    try await site.send("PUT /_ml/trained_models/m/model_aliases/alias")
    let body = #"{"inference_config":{"ner":{}},"model_type":"pytorch"}"#
    try await Step.check(
      [
        Step(
          "PUT /_ml/trained_models/m", body, fails: 400, "resource_already_exists_exception",
          "Trained machine learning model [m] already exists"),
        Step(
          "PUT /_ml/trained_models/alias", body, fails: 400, "status_exception",
          "requested model_id [alias] is the same as an existing model_alias. Model model_aliases "
            + "and ids must be unique"),
        Step(
          "PUT /_ml/trained_models/t", body, fails: 400, "status_exception",
          "The provided model_id t must not match existing tags."),
        Step(
          "DELETE /_ml/trained_models/alias", fails: 404, "resource_not_found_exception",
          "Could not find trained model [alias]"),
        Step("DELETE /_ml/trained_models/m?force=true&timeout=30s", 200, Step.acknowledged),
        Step("GET /_ml/trained_models/alias", 404),
        Step(
          "DELETE /_ml/trained_models/m", fails: 404, "resource_not_found_exception",
          "Could not find trained model [m]"),
        Step("DELETE /_ml/trained_models/m?timeout=30", 400),
      ], on: site)
  }

  /// A model joins a group by its metadata, which official clients can send.
  @Test func putsModelsIntoGroups() async throws {
    let site = try await ElasticsearchSite()
    let body =
      #"{"inference_config":{"ner":{}},"model_type":"pytorch","metadata":{"model_group_id":"none"}}"#
    let answer = try await site.send("PUT /_ml/trained_models/m", body)
    #expect(answer.status == 404 && answer.body.contains("there is no model group `none`"))
    let wrong = body.replacing(#""none""#, with: "7")
    #expect(try await site.send("PUT /_ml/trained_models/m", wrong).status == 400)
  }
}

extension String {
  /// What stands between two texts.
  func components(_ before: String, _ after: String) -> String {
    guard let start = range(of: before)?.upperBound else { return "" }
    return String(self[start...].prefix { !after.contains($0) })
  }

  private func range(of text: String) -> Range<String.Index>? { ranges(of: text).first }
}
