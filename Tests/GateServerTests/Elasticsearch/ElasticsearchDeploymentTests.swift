import GateServer
import ModelRegistry
import PolicyEngine
import Synchronization
import Testing

/// Deployments, statistics and calls of models over the wire.
@Suite struct ElasticsearchDeploymentTests {
  typealias Step = ElasticsearchStep

  static func assignment(
    _ id: String, of model: String = "torch", allocations: Int = 1, threads: Int = 1,
    more: String = "", _ body: String
  ) -> String {
    let time = body.components("\"start_time\":\"", "\"")
    return
      #"{"assignment":{"task_parameters":{"model_id":"\#(model)","deployment_id":"\#(id)","model_bytes":7,"threads_per_allocation":\#(threads),"number_of_allocations":\#(allocations),"queue_capacity":1024,\#(more)"priority":"normal","per_deployment_memory_bytes":0,"per_allocation_memory_bytes":0},"routing_table":{},"assignment_state":"starting","start_time":"\#(time)","max_assigned_allocations":0}}"#
  }

  static let path = "/_ml/trained_models/torch/deployment"

  @Test func startsUpdatesAndStops() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("torch", "ner")
    try await site.send("PUT /_ml/trained_models/torch/model_aliases/alias")
    let plain = try await site.send("POST \(Self.path)/_start")
    #expect(plain.body == Self.assignment("torch", plain.body))
    #expect(plain.body.contains(#""start_time":"2023-11-14T22:13:20."#))
    let full = try await site.send(
      "POST \(Self.path)/_start?cache_size=0b&deployment_id=d-1&number_of_allocations=2"
        + "&priority=normal&queue_capacity=1024&threads_per_allocation=4&timeout=1m&wait_for=started",
      #"{"number_of_allocations":9,"threads_per_allocation":1}"#)
    #expect(
      full.body
        == Self.assignment(
          "d-1", allocations: 2, threads: 4, more: #""cache_size":"0b","#, full.body))
    // An alias is followed, and gives the deployment its name.
    let aliased = try await site.send("POST /_ml/trained_models/alias/deployment/_start")
    #expect(aliased.body == Self.assignment("alias", aliased.body))
    let updated = try await site.send(
      "POST /_ml/trained_models/d-1/deployment/_update", #"{"number_of_allocations":3}"#)
    #expect(updated.body == Self.assignment("d-1", allocations: 3, threads: 4, updated.body))
    let stopped = #"{"stopped":true}"#
    let typed = [
      (name: "Content-Type", value: "application/vnd.elasticsearch+json;compatible-with=9")
    ]
    try await Step.check(
      [
        Step("POST /_ml/trained_models/typo/deployment/_stop", headers: typed, 200, stopped),
        Step(
          "POST /_ml/trained_models/typo/deployment/_stop",
          #"{"allow_no_match":false,"force":true}"#, fails: 404, "resource_not_found_exception",
          "No known model deployment with id [typo]"),
        Step("POST /_ml/trained_models/typo/deployment/_stop?allow_no_match=false", 404),
        Step("POST /_ml/trained_models/d-1/deployment/_stop?force=true", 200, stopped),
        Step("POST /_ml/trained_models/d-1/deployment/_stop", #"{"allow_no_match":false}"#, 404),
        Step("POST /_ml/trained_models/d-1/deployment/_stop", #"{"forse":true}"#, 400),
        Step("POST /_ml/trained_models/d-1/deployment/_update?number_of_allocations=2", 404),
      ], on: site)
  }

  @Test func refusesBadStarts() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("torch", "ner")
    try await site.put("tree")
    try await site.send("POST \(Self.path)/_start")
    func start(_ query: String, _ status: Int, _ type: String, _ reason: String) -> Step {
      Step("POST \(Self.path)/_start?\(query)", fails: status, type, reason)
    }
    let validation = "action_request_validation_exception"
    try await Step.check(
      [
        start(
          "number_of_allocations=0&queue_capacity=0", 400, validation,
          "Validation Failed: 1: [number_of_allocations] must be a positive integer;2: "
            + "[queue_capacity] must be a positive integer;"),
        start(
          "threads_per_allocation=3", 400, validation,
          "Validation Failed: 1: [threads_per_allocation] must be a power of 2 less than or equal "
            + "to 32;"),
        start("timeout=0", 400, validation, "Validation Failed: 1: [timeout] must be positive;"),
        start(
          "timeout=5", 400, "illegal_argument_exception",
          "failed to parse setting [timeout] with value [5] as a time value: unit is missing or "
            + "unrecognized"),
        start(
          "priority=high", 400, "illegal_argument_exception",
          "[priority] must be one of [normal, low] but was [high]"),
        start(
          "wait_for=x", 400, "illegal_argument_exception",
          "[wait_for] must be one of [starting, started, fully_allocated] but was [x]"),
        start(
          "deployment_id=torch", 400, "status_exception",
          "Could not start model deployment because an existing deployment with the same id "
            + "[torch] exist"),
        start(
          "deployment_id=tree", 400, "status_exception",
          "Deployment id [tree] is the same as an another model which is not the model being "
            + "deployed. Deployment id can be the same as the model being deployed but cannot match "
            + "a different model"),
        Step(
          "POST /_ml/trained_models/tree/deployment/_start", fails: 400, "status_exception",
          "model [tree] of type [tree_ensemble] cannot be deployed. Only PyTorch models can be "
            + "deployed"),
        Step(
          "POST /_ml/trained_models/absent/deployment/_start", fails: 404,
          "resource_not_found_exception", "No known trained model with model_id [absent]"),
        Step(
          "POST \(Self.path)/_start?deployment_id=x",
          #"{"adaptive_allocations":{"enabled":true}}"#, fails: 400, "illegal_argument_exception",
          "[adaptive_allocations] is not supported here; set [number_of_allocations]"),
        Step(
          "POST \(Self.path)/_start?deployment_id=x",
          #"{"adaptive_allocations":{"enabled":false}}"#, 200),
        Step("POST \(Self.path)/_update", 400),
        Step("POST \(Self.path)/_update?number_of_allocations=0", 400),
        // Who may only manage inference may start and stop.
        Step("POST \(Self.path)/_start?deployment_id=y", as: "ines", 200),
        Step("POST /_ml/trained_models/y/deployment/_stop", as: "ines", 200),
        Step(
          "DELETE /_ml/trained_models/torch", fails: 409, "status_exception",
          "Cannot delete model [torch] as it is currently deployed; use force to delete the model"),
      ], on: site)
  }

  @Test func tellsStatistics() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("tree")
    try await site.put("torch", "ner")
    for alias in ["one", "two"] {
      try await site.send("PUT /_ml/trained_models/tree/model_aliases/\(alias)")
      try await site.send(
        "PUT /_ingest/pipeline/p-\(alias)",
        #"{"processors":[{"inference":{"model_id":"\#(alias)"}}]}"#,
        as: "root")
    }
    try await site.send("POST \(Self.path)/_start?deployment_id=d-1&number_of_allocations=2")
    try await site.send("POST \(Self.path)/_start?deployment_id=d-2")
    try await site.registry.perform(
      ReportDeployment("d-1", state: .fullyAllocated, currentAllocations: 2, reason: "up"),
      by: Caller(name: "root", roles: ["superuser"]).subject)
    func stats(_ target: String) async throws -> String {
      let answer = try await site.send("GET /_ml/trained_models\(target)")
      return answer.status == 200 ? answer.body : "\(answer.status)"
    }
    let size = #""model_size_stats":{"model_size_bytes":7,"required_native_memory_bytes":0}"#
    let tree = #"{"model_id":"tree",\#(size),"pipeline_count":2}"#
    #expect(try await stats("/one/_stats") == #"{"count":1,"trained_model_stats":[\#(tree)]}"#)
    #expect(try await stats("/t*e/_stats") == #"{"count":1,"trained_model_stats":[\#(tree)]}"#)
    let first = try await stats("/d-1/_stats")
    let time = first.components("\"start_time\":", ",")
    #expect(
      first
        == #"{"count":1,"trained_model_stats":[{"model_id":"torch",\#(size),"pipeline_count":0,"deployment_stats":{"deployment_id":"d-1","model_id":"torch","threads_per_allocation":1,"number_of_allocations":2,"queue_capacity":1024,"state":"started","reason":"up","allocation_status":{"allocation_count":2,"target_allocation_count":2,"state":"fully_allocated"},"priority":"normal","start_time":\#(time),"peak_throughput_per_minute":0,"nodes":[]}}]}"#
    )
    let ids = "?filter_path=count,**.deployment_id"
    let both =
      #"{"count":2,"trained_model_stats":[{"deployment_stats":{"deployment_id":"d-1"}},{"deployment_stats":{"deployment_id":"d-2"}}]}"#
    #expect(try await stats("/torch/_stats\(ids)") == both)
    #expect(try await stats("/_stats\(ids)") == both.replacing(#""count":2"#, with: #""count":3"#))
    // An alias stands for the model, not for its deployments.
    try await site.send("PUT /_ml/trained_models/torch/model_aliases/lang")
    #expect(try await stats("/lang/_stats\(ids)") == #"{"count":1}"#)
    #expect(try await stats("/d-1,absent/_stats") == "404")
    #expect(try await stats("/x*/_stats") == #"{"count":0,"trained_model_stats":[]}"#)
    #expect(try await stats("/x*/_stats?allow_no_match=false") == "404")
  }

  // MARK: Calls

  final class Upstream: InferenceForwarder {
    private let answer: InferenceAnswer?
    let calls = Mutex<[String]>([])
    init(_ answer: InferenceAnswer?) { self.answer = answer }

    struct Silent: Error {}

    func infer(_ call: InferenceCall) async throws -> InferenceAnswer {
      let text = String(decoding: call.body, as: UTF8.self)
      calls.withLock {
        $0.append("\(call.modelID) \(call.deploymentID ?? "-") \(call.timeout) \(text)")
      }
      guard let answer else { throw Silent() }
      return answer
    }
  }

  static let docs = #"{"docs":[{"a":1}]}"#

  @Test func judgesCallsWithoutAnEndpoint() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("tree")
    try await site.send("PUT /_ml/trained_models/tree/model_aliases/best")
    try await Step.check(
      [
        Step(
          "POST /_ml/trained_models/best/_infer?timeout=10s", Self.docs, as: "vera", fails: 501,
          "status_exception",
          "model [tree] may be called but not from here: this server runs no models and no "
            + "inference endpoint is configured that does"),
        Step(
          "POST /_ml/trained_models/absent/_infer", Self.docs, as: "vera", fails: 404,
          "resource_not_found_exception", "No known trained model with model_id [absent]"),
        Step(
          "POST /_ml/trained_models/best/_infer", Self.docs, as: "ines", fails: 403,
          "security_exception",
          "action [cluster:monitor/xpack/ml/inference/infer] is unauthorized for user [ines] with "
            + "effective roles [inference_admin], this action is granted by the cluster privileges "
            + "[monitor_ml,manage_ml,monitor,manage,all]"),
        Step("POST /_ml/trained_models/best/_infer", as: "vera", 400),
        Step(
          "POST /_ml/trained_models/best/_infer", "{}", as: "vera", fails: 400,
          "illegal_argument_exception", "Required [docs]"),
        Step("POST /_ml/trained_models/best/_infer", #"{"docs":{}}"#, as: "vera", 400),
      ], on: site)
  }

  @Test func forwardsCalls() async throws {
    let upstream = Upstream(InferenceAnswer(status: 200, body: Array(#"{"r":[1]}"#.utf8)))
    let site = try await ElasticsearchSite(inference: upstream)
    try await site.put("tree")
    try await site.put("torch", "ner")
    try await site.send("PUT /_ml/trained_models/tree/model_aliases/best")
    try await site.send("POST \(Self.path)/_start?deployment_id=d-1")
    for (name, query) in [("best", ""), ("torch", "?timeout=2s"), ("d-1", "")] {
      let answer = try await site.send(
        "POST /_ml/trained_models/\(name)/_infer\(query)", Self.docs, as: "vera")
      #expect(answer.status == 200 && answer.body == #"{"r":[1]}"#)
    }
    // Whoever may not call reaches nothing.
    let denied = try await site.send("POST /_ml/trained_models/best/_infer", Self.docs, as: "ines")
    #expect(denied.status == 403)
    #expect(
      upstream.calls.withLock { $0 } == [
        "tree - 10000 \(Self.docs)", "torch d-1 2000 \(Self.docs)", "torch d-1 10000 \(Self.docs)",
      ])
  }

  @Test(arguments: [
    (404, #"{"error":"x"}"#, 404), (429, "{}", 429), (500, "{}", 500), (401, "{}", 502),
    (403, "{}", 502), (302, "{}", 502), (200, "no JSON", 502), (0, "", 504),
  ])
  func tellsWhatTheEndpointAnswers(_ status: Int, _ body: String, _ expected: Int) async throws {
    let answer = status == 0 ? nil : InferenceAnswer(status: status, body: Array(body.utf8))
    let site = try await ElasticsearchSite(inference: Upstream(answer))
    try await site.put("tree")
    let got = try await site.send("POST /_ml/trained_models/tree/_infer", Self.docs, as: "vera")
    #expect(got.status == expected)
  }
}
