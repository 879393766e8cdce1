import GateServer
import Testing

/// What every call of the Elasticsearch dialect has in common.
@Suite struct ElasticsearchFrameTests {
  typealias Step = ElasticsearchStep

  @Test func knowsItsPaths() async throws {
    let site = try await ElasticsearchSite()
    let alias = "/_ml/trained_models/m/model_aliases/a"
    try await Step.check(
      [
        Step(
          "POST \(alias)?x=1", 405,
          #"{"error":"Incorrect HTTP method for uri [\#(alias)?x=1] and method [POST], allowed: [PUT, DELETE]","status":405}"#,
          fields: [("Allow", "PUT,DELETE"), ("X-Elastic-Product", "Elasticsearch")]),
        Step(
          "PATCH /_ml/trained_models/m", 405,
          #"{"error":"Incorrect HTTP method for uri [/_ml/trained_models/m] and method [PATCH], allowed: [GET, PUT, DELETE]","status":405}"#,
          fields: [("Allow", "GET,PUT,DELETE")]),
        Step("OPTIONS \(alias)", 200, "", fields: [("Allow", "PUT,DELETE")]),
        Step(
          "GET /_search?q=1", 400,
          #"{"error":"no handler found for uri [/_search?q=1] and method [GET]","status":400}"#),
        Step(
          "GET /_search?pretty", 400,
          "{\n  \"error\" : \"no handler found for uri [/_search?pretty] and method [GET]\",\n"
            + "  \"status\" : 400\n}\n"),
      ], on: site)
  }

  @Test(arguments: [
    "/_plugins/_ml/models/x", "/_modelgate/health", "/access/v1/evaluation", "/.well-known/x",
  ])
  func leavesOtherPathsToOthers(_ path: String) async throws {
    let site = try await ElasticsearchSite()
    let dialect = Elasticsearch(site.registry)
    #expect(!dialect.isResponsible(for: try WireRequest(method: "GET", target: path)))
    #expect(dialect.isResponsible(for: try WireRequest(method: "GET", target: "/")))
    #expect(dialect.isResponsible(for: try WireRequest(method: "GET", target: "/_ml/x")))
  }

  static func unauthenticated(_ reason: String) -> String {
    let header =
      #""header":{"WWW-Authenticate":["Basic realm=\"security\", charset=\"UTF-8\"","Bearer realm=\"security\"","ApiKey"]}"#
    let inner = #""type":"security_exception","reason":"\#(reason)",\#(header)"#
    return #"{"error":{"root_cause":[{\#(inner)}],\#(inner)},"status":401}"#
  }

  /// Before anything else, even of paths that are not there.
  @Test func asksWhoIsCalling() async throws {
    let site = try await ElasticsearchSite()
    for path in ["/", "/_nothing?x=1", "/_ml/trained_models"] {
      let answer = try await site.send("GET \(path)", as: "")
      #expect(answer.status == 401)
      #expect(
        answer.body
          == Self.unauthenticated("missing authentication credentials for REST request [\(path)]"))
      #expect(
        answer.headers.all("WWW-Authenticate") == [
          #"Basic realm="security", charset="UTF-8""#, #"Bearer realm="security""#, "ApiKey",
        ])
      #expect(answer.headers["X-Elastic-Product"] == nil)
    }
    try await Step.check(
      [
        Step(
          "GET /?a=b", as: "eve wrong", 401,
          Self.unauthenticated("unable to authenticate user [eve] for REST request [/?a=b]")),
        Step(
          "GET /", as: "eve badtoken", 401,
          Self.unauthenticated(
            "unable to authenticate with provided credentials and anonymous access is not allowed "
              + "for this request")),
        Step(
          "GET /", as: "eve wait=7", 429,
          Step.error(
            429, "status_exception",
            "too many failed attempts to authenticate; try again in [7] seconds"),
          fields: [("Retry-After", "7")]),
      ], on: site)
  }

  static let put = "PUT /_ml/trained_models/m/model_aliases/a"
  static let action =
    "action [cluster:admin/xpack/ml/inference/model_aliases/put] is unauthorized for "
  static let granted = ", this action is granted by the cluster privileges [manage_ml,manage,all]"

  @Test func saysWhoMayNot() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("m")
    let cases = [
      ("vera", "user [vera] with effective roles [machine_learning_user]"),
      (
        "tom roles=viewer,machine_learning_user,gone,Gone",
        "user [tom] with effective roles [machine_learning_user,viewer] (assigned roles [Gone,gone] "
          + "were not found)"
      ),
      ("nobody", "user [nobody] with effective roles []"),
      ("vera key=k1", "API key id [k1] of user [vera]"),
      (
        "root as=vera roles=machine_learning_user",
        "user [root] run as [vera] with effective roles [machine_learning_user]"
      ),
    ]
    for (user, words) in cases {
      let answer = try await site.send(Self.put, as: user)
      #expect(answer.status == 403)
      #expect(
        answer.body == Step.error(403, "security_exception", Self.action + words + Self.granted))
      #expect(answer.headers["X-Elastic-Product"] == nil)
    }
    try await Step.check(
      [
        Step(
          Self.put, as: "vera deny=mona", fails: 403, "security_exception",
          Self.action + "user [vera] with effective roles [machine_learning_user], because user "
            + "[vera] is unauthorized to run as [mona]"),
        Step(
          "POST /_ml/trained_models/m/deployment/_start", as: "vera", fails: 403,
          "security_exception",
          "action [cluster:admin/xpack/ml/trained_models/deployment/start] is unauthorized for user "
            + "[vera] with effective roles [machine_learning_user], this action is granted by the "
            + "cluster privileges [manage_inference,manage_ml,manage,all]"),
        Step(
          "GET /_ml/trained_models", as: "ines", fails: 403, "security_exception",
          "action [cluster:monitor/xpack/ml/inference/get] is unauthorized for user [ines] with "
            + "effective roles [inference_admin], this action is granted by the cluster privileges "
            + "[monitor_ml,manage_ml,monitor,manage,all]"),
        Step(
          "GET /_ml/trained_models/_stats", as: "ines", fails: 403, "security_exception",
          "action [cluster:monitor/xpack/ml/inference/stats/get] is unauthorized for user [ines] "
            + "with effective roles [inference_admin], this action is granted by the cluster "
            + "privileges [monitor_ml,manage_ml,monitor,manage,all]"),
        // Nobody got through.
        Step(
          "DELETE /_ml/trained_models/m/model_aliases/a", fails: 404, "status_exception",
          "model_alias [a] could not be found"),
      ], on: site)
  }

  @Test func speaksTheMediaTypesOfItsClients() async throws {
    let site = try await ElasticsearchSite()
    func answered(_ accept: String?, content: String? = nil) async throws -> (Int, String?) {
      var headers: [(name: String, value: String)] = []
      if let accept { headers.append(("Accept", accept)) }
      if let content { headers.append(("Content-Type", content)) }
      let answer = try await site.send("GET /", headers: headers)
      return (answer.status, answer.headers["Content-Type"])
    }
    let vendored = "application/vnd.elasticsearch+json"
    for (accept, content, expected) in [
      (nil, nil, "application/json"), ("*/*", nil, "application/json"),
      ("application/json", nil, "application/json"),
      ("\(vendored); compatible-with=9", nil, "\(vendored);compatible-with=9"),
      ("\(vendored);compatible-with=8", nil, "\(vendored);compatible-with=8"),
      ("text/html, \(vendored); compatible-with=8", nil, "\(vendored);compatible-with=8"),
      (nil, "\(vendored); compatible-with=9", "\(vendored);compatible-with=9"),
      ("text/html", nil, "application/json"),
    ] as [(String?, String?, String)] {
      let (status, type) = try await answered(accept, content: content)
      #expect(status == 200 && type == expected)
    }
    for bad in ["\(vendored); compatible-with=6", vendored, "\(vendored); compatible-with=x"] {
      #expect(try await answered(bad) == (400, "application/json"))
    }
    let body = #"{"cluster":["all"]}"#
    func post(_ type: String?) async throws -> ElasticsearchSite.Answer {
      try await site.send("POST /_security/user/_has_privileges", body, type: type)
    }
    for type in [
      "application/json", "application/json; charset=UTF-8", "\(vendored);compatible-with=9",
    ] {
      #expect(try await post(type).status == 200)
    }
    for type in ["text/plain", "application/x-www-form-urlencoded", "application/yaml"] {
      let answer = try await post(type)
      #expect(answer.status == 406)
      #expect(
        answer.body == #"{"error":"Content-Type header [\#(type)] is not supported","status":406}"#)
    }
    #expect(try await post(nil).body == #"{"error":"Content-Type header is missing","status":406}"#)
  }

  @Test func saysWhatItIs() async throws {
    let site = try await ElasticsearchSite()
    let answer = try await site.send("GET /?filter_path=version.number,tagline", as: "nobody")
    #expect(answer.body == #"{"version":{"number":"8.19.3"},"tagline":"You Know, for Search"}"#)
    #expect(answer.headers["X-Elastic-Product"] == "Elasticsearch")
    for agent in ["opensearch-py/3.0.0 (Python 3.13)", "OpenSearch-js/2"] {
      let other = try await site.send(
        "GET /?filter_path=version.distribution", headers: [("User-Agent", agent)])
      #expect(other.body == #"{"version":{"distribution":"opensearch"}}"#)
    }
    try await Step.check(
      [
        Step("HEAD /", 200),
        Step(
          "GET /_cluster/health?wait_for_status=green&timeout=1s&filter_path=status", 200,
          #"{"status":"green"}"#),
        Step("GET /_license?filter_path=license.type", 200, #"{"license":{"type":"platinum"}}"#),
        Step(
          "GET /_xpack?categories=features&filter_path=features.ml", 200,
          #"{"features":{"ml":{"available":true,"enabled":true}}}"#),
        Step("PUT /", 405),
        Step(
          "GET /?error_trace=x", fails: 400, "illegal_argument_exception",
          "Failed to parse value [x] as only [true] or [false] are allowed."),
        Step("GET /?human=x", 400),
        Step(
          "GET /?format=cbor", fails: 400, "illegal_argument_exception",
          "format [cbor] is not served, [json] is"),
        Step("GET /?format=yaml", 200),
        // More milliseconds than 64 bits hold.
        Step(
          "GET /_cluster/health?timeout=1099511627775d", fails: 400, "illegal_argument_exception",
          "failed to parse [1099511627775d] of [timeout] as a time value"),
        Step("GET /_cluster/health?timeout=365000d", 200),
      ], on: site)
  }

  @Test func saysWhetherItWould() async throws {
    let site = try await ElasticsearchSite()
    try await site.put("m")
    let dry = try await site.send(Self.put + "?dry_run=true&filter_path=dry_run,would_succeed")
    #expect(dry.body == #"{"dry_run":true,"would_succeed":true}"#)
    try await Step.check(
      [
        Step("GET /_ml/trained_models/a", 404),
        Step(
          Self.put + "?dry_run=yes", fails: 400, "illegal_argument_exception",
          "Failed to parse value [yes] as only [true] or [false] are allowed."),
        Step(
          "GET /?dry_run=true", fails: 400, "illegal_argument_exception",
          "request [/] contains unrecognized parameter: [dry_run]"),
      ], on: site)
  }

  @Test(arguments: [
    ("plain", "plain"), (#"a "quote" \ done"#, #"a \"quote\" \\ done"#), ("100%", "100%25"),
    ("é\n", "%C3%A9%0A"), ("tab\t~", "tab\t~"),
  ])
  func escapesWarnings(_ text: String, _ escaped: String) {
    #expect(
      Warnings.value(text, version: "1.2.3") == "299 Elasticsearch-1.2.3-unknown \"\(escaped)\"")
  }
}
