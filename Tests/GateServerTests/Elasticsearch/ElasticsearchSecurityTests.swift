import GateServer
import Testing

/// Privileges and identity over the wire, and pipelines.
@Suite struct ElasticsearchSecurityTests {
  typealias Step = ElasticsearchStep

  static func privileges(_ user: String, _ privileges: String) async throws -> String {
    let site = try await ElasticsearchSite()
    let list = privileges.split(separator: " ").map { "\"\($0)\"" }.joined(separator: ",")
    let answer = try await site.send(
      "POST /_security/user/_has_privileges", #"{"cluster":[\#(list)]}"#, as: user)
    guard answer.status == 200 else { return "\(answer.status)" }
    return answer.body
  }

  static func body(_ user: String, _ answers: [(String, Bool)]) -> String {
    let list = answers.map { #""\#($0.0)":\#($0.1)"# }.joined(separator: ",")
    return
      #"{"username":"\#(user)","has_all_requested":\#(answers.allSatisfy(\.1)),"cluster":{\#(list)},"index":{},"application":{}}"#
  }

  static let cases: [(user: String, answers: [(String, Bool)])] = [
    (
      "mona",
      [
        ("manage_ml", true), ("monitor_ml", true), ("monitor", false), ("manage", false),
        ("all", false), ("manage_inference", false),
        ("cluster:admin/xpack/ml/inference/model_aliases/put", true),
        ("cluster:admin/xpack/ml/*", true), ("cluster:admin/*", false), ("cluster:*", false),
        ("cluster:admin/xpack/ml", false),
      ]
    ),
    ("mona", [("manage_ml", true)]),
    (
      "vera",
      [
        ("monitor_ml", true), ("manage_ml", false),
        ("cluster:monitor/xpack/ml/inference/get", true),
        ("cluster:admin/xpack/ml/inference/put", false),
      ]
    ),
    (
      "root",
      [
        ("all", true), ("manage", true), ("cluster:admin/xpack/security/*", true),
        ("cluster:*", true),
      ]
    ),
    ("ines", [("manage_inference", true), ("monitor_inference", true), ("monitor_ml", false)]),
    ("nobody", [("monitor_inference", false), ("cluster:monitor/main", false)]),
    ("mia roles=monitoring_user", [("cluster:monitor/main", true), ("cluster:monitor/*", false)]),
    // What a role holds, but for what is taken out of it, is not held where that is asked for.
    (
      "tom roles=logstash_system",
      [("monitor", true), ("monitor_ml", true), ("cluster:monitor/xpack/ml/*", true)]
    ),
  ]

  @Test(arguments: cases.indices)
  func answersWhoHasWhat(_ index: Int) async throws {
    let (user, answers) = Self.cases[index]
    let name = user.split(separator: " ")[0]
    let got = try await Self.privileges(user, answers.map(\.0).joined(separator: " "))
    #expect(got == Self.body(String(name), answers))
  }

  @Test func answersNothingForWhatIsNotThere() async throws {
    let site = try await ElasticsearchSite()
    let path = "/_security/user/_has_privileges"
    try await Step.check(
      [
        Step(
          "GET \(path)",
          #"{"cluster":[],"index":[{"names":["i","h"],"privileges":["write","read"]}],"application":[{"application":"kibana","resources":["*"],"privileges":["all"]}]}"#,
          as: "root", 200,
          #"{"username":"root","has_all_requested":false,"cluster":{},"index":{"h":{"read":false,"write":false},"i":{"read":false,"write":false}},"application":{"kibana":{"*":{"all":false}}}}"#
        ),
        Step(
          "POST \(path)", fails: 400, "parse_exception",
          "request body or source parameter is required"),
        Step(
          "POST \(path)", "{}", fails: 400, "action_request_validation_exception",
          "Validation Failed: 1: must specify at least one privilege;"),
        Step("POST \(path)", #"{"clutser":["all"]}"#, 400),
      ], on: site)
    let unknown = try await site.send("POST \(path)", #"{"cluster":["manage_everything"]}"#)
    #expect(unknown.status == 400)
    #expect(
      unknown.body.contains(
        "unknown cluster privilege [manage_everything]. a privilege must be either one of the "
          + "predefined cluster privilege names [monitor_inference,manage_inference,"))
  }

  @Test func tellsWhoTheCallerIs() async throws {
    let site = try await ElasticsearchSite()
    func realm(_ name: String, _ type: String, _ kind: String) -> String {
      let inner = #"{"name":"\#(name)","type":"\#(type)"}"#
      return
        #""full_name":null,"email":null,"metadata":{},"enabled":true,"authentication_realm":\#(inner),"lookup_realm":\#(inner),"authentication_type":"\#(kind)""#
    }
    try await Step.check(
      [
        Step(
          "GET /_security/_authenticate", 200,
          #"{"username":"mona","roles":["machine_learning_admin"],\#(realm("users", "file", "realm"))}"#
        ),
        Step(
          "GET /_security/_authenticate", as: "vera key=k1", 200,
          #"{"username":"vera","roles":["machine_learning_user"],\#(realm("_es_api_key", "_es_api_key", "api_key")),"api_key":{"id":"k1","name":"a key","managed_by":"elasticsearch"}}"#
        ),
        Step(
          "GET /_security/_authenticate", as: "eve token roles=b,a", 200,
          #"{"username":"eve","roles":["b","a"],\#(realm("users", "jwt", "realm"))}"#),
        Step("GET /_security/_authenticate", as: "", 401),
        Step("GET /_security/_authenticate", "{}", 400),
      ], on: site)
  }

  // MARK: Pipelines

  @Test func keepsWhatPipelinesName() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("m-1")
    try await site.send("PUT /_ml/trained_models/m-1/model_aliases/best")
    let deep = """
      {"description":"d","processors":[{"set":{"field":"a","value":1}},
      {"foreach":{"field":"x","processor":{"inference":{"model_id":"best","if":"true"}}}},
      {"script":{"source":"1","on_failure":[{"inference":{"model_id":"other"}}]}}],
      "on_failure":[{"inference":{"model_id":"best"}}]}
      """
    try await Step.check(
      [
        Step("PUT /_ingest/pipeline/p", deep, as: "root", 200, Step.acknowledged),
        Step(
          "GET /_ingest/pipeline/p", as: "root", 200,
          #"{"p":{"processors":[{"inference":{"model_id":"best"}},{"inference":{"model_id":"other"}}]}}"#
        ),
        Step("GET /_ingest/pipeline?filter_path=*", as: "root", 200),
        Step("GET /_ingest/pipeline/q", as: "root", 404, "{}"),
        Step("GET /_ingest/pipeline/q*", as: "root", 200, "{}"),
        Step(
          "DELETE /_ml/trained_models/m-1/model_aliases/best", fails: 409, "status_exception",
          "Cannot delete model_alias [best] as it is still referenced by ingest processors"),
        Step(
          "DELETE /_ml/trained_models/m-1", fails: 409, "status_exception",
          "Cannot delete model [m-1] as it has a model_alias [best] that is still referenced by "
            + "ingest processors; use force to delete the model"),
        Step(
          "PUT /_ingest/pipeline/p", #"{"processors":[{"inference":{}}]}"#, as: "root", 400,
          #"{"error":{"root_cause":[{"type":"parse_exception","reason":"[model_id] required property is missing","property_name":"model_id","processor_type":"inference"}],"type":"parse_exception","reason":"[model_id] required property is missing","property_name":"model_id","processor_type":"inference"},"status":400}"#
        ),
        Step("PUT /_ingest/pipeline/p", "{}", as: "root", 400),
        Step(
          "PUT /_ingest/pipeline/p", deep, as: "mona", fails: 403, "security_exception",
          "action [cluster:admin/ingest/pipeline/put] is unauthorized for user [mona] with "
            + "effective roles [machine_learning_admin], this action is granted by the cluster "
            + "privileges [manage,all]"),
        Step(
          "GET /_ingest/pipeline", as: "mona", fails: 403, "security_exception",
          "action [cluster:admin/ingest/pipeline/get] is unauthorized for user [mona] with "
            + "effective roles [machine_learning_admin], this action is granted by the cluster "
            + "privileges [manage,all]"),
        Step("DELETE /_ingest/pipeline/p?timeout=1s", as: "root", 200, Step.acknowledged),
        Step(
          "DELETE /_ingest/pipeline/p", as: "root", fails: 404, "resource_not_found_exception",
          "pipeline [p] is missing"),
        Step("DELETE /_ml/trained_models/m-1", 200, Step.acknowledged),
      ], on: site)
  }
}
