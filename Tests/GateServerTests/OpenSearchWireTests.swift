import GateServer
import ModelRegistry
import Testing

/// What goes over the wire, byte for byte: status, headers and bodies.
@Suite struct OpenSearchWireTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var method: String
    var target: String
    var body: String?
    var user: String? = "user1"
    var headers: [(String, String)] = []
    var status: Int
    var answer: String
    var fields: [String: String] = [:]

    init(
      _ method: String, _ target: String, _ body: String? = nil, as user: String? = "user1",
      with headers: [(String, String)] = [], gives status: Int, _ answer: String,
      fields: [String: String] = [:]
    ) {
      (self.method, self.target, self.body, self.user) = (method, target, body, user)
      (self.headers, self.status, self.answer, self.fields) = (headers, status, answer, fields)
    }

    var testDescription: String { "\(method) \(target) \(body ?? "") as \(user ?? "nobody")" }
  }

  static func error(_ status: Int, _ type: String, _ reason: String, _ more: String = "") -> String
  {
    let members = #""type":"\#(type)","reason":"\#(reason)"\#(more)"#
    return #"{"error":{"root_cause":[{\#(members)}],\#(members)},"status":\#(status)}"#
  }

  static func argument(_ reason: String) -> String {
    error(400, "illegal_argument_exception", reason)
  }

  static let register = "/_plugins/_ml/model_groups/_register"
  static let json = "application/json"
  static let text = "text/plain; charset=UTF-8"

  /// Before any operation.
  static let frame: [Case] = [
    Case(
      "GET", "/_plugins/_ml/model_groups/x", as: nil, gives: 401, "Unauthorized",
      fields: [
        "Content-Type": text, "WWW-Authenticate": #"Basic realm="OpenSearch Security""#,
      ]),
    Case("GET", "/_plugins/_ml/model_groups/x", as: "stranger", gives: 401, "Unauthorized"),
    Case(
      "GET", "/_plugins/_ml/model_groups/x", as: "tried-too-often", gives: 401, "Unauthorized",
      fields: ["Retry-After": "30"]),
    Case(
      "GET", "/_plugins/_ml/model_groups/x", as: "impostor", gives: 403,
      error(403, "security_exception", "'user1' is not allowed to impersonate as 'admin'")),
    Case(
      "POST", "/_plugins/_ml/model_groups/x?pretty", "{}", gives: 405,
      #"{"error":"Incorrect HTTP method for uri [/_plugins/_ml/model_groups/x?pretty] and method [POST], allowed: [GET, PUT, DELETE]","status":405}"#,
      fields: ["Allow": "GET,PUT,DELETE", "Content-Type": json]),
    Case(
      "OPTIONS", "/_plugins/_ml/model_groups/x", gives: 200, "", fields: ["Allow": "GET,PUT,DELETE"]
    ),
    Case(
      "GET", "/_plugins/_ml/unknown?x=1", as: nil, gives: 400,
      #"{"error":"no handler found for uri [/_plugins/_ml/unknown?x=1] and method [GET]"}"#),
    Case(
      "GET", "/_opendistro/_security/authinfo", gives: 400,
      #"{"error":"no handler found for uri [/_opendistro/_security/authinfo] and method [GET]"}"#),
    Case(
      "POST", register, "{}", with: [("Content-Type", "text/plain")], gives: 406,
      #"{"error":"Content-Type header [text/plain] is not supported","status":406}"#),
    Case(
      "POST", register, "name: g", as: nil, with: [("Content-Type", "application/yaml")],
      gives: 406,
      #"{"error":"Content-Type header [application/yaml] is not supported","status":406}"#),
    Case(
      "GET", "/_plugins/_ml/model_groups/_register?foo=1", gives: 400,
      argument(
        "request [/_plugins/_ml/model_groups/_register] contains unrecognized parameter: [foo]")),
    Case(
      "GET", "/_plugins/_ml/model_groups/x?format=yaml", gives: 400,
      argument("format [yaml] is not served, [json] is")),
    Case(
      "GET", "/_plugins/_ml/model_groups/x?dry_run=perhaps", gives: 400,
      argument("Failed to parse value [perhaps] as only [true] or [false] are allowed.")),
    Case(
      "GET", "/_plugins/_ml/model_groups/_register", gives: 404,
      error(404, "status_exception", "Failed to find model group index")),
    Case(
      "GET", "/_plugins/_ml/model_groups/x?pretty=true&human&error_trace=false", gives: 404,
      """
      {
        "error" : {
          "root_cause" : [
            {
              "type" : "status_exception",
              "reason" : "Failed to find model group index"
            }
          ],
          "type" : "status_exception",
          "reason" : "Failed to find model group index"
        },
        "status" : 404
      }

      """),
    Case(
      "GET", "/_plugins/_ml/model_groups/x", as: "nobody", gives: 403,
      error(
        403, "security_exception",
        "no permissions for [cluster:admin/opensearch/ml/model_groups/get] and User [name=nobody, backend_roles=[opensearch], requestedTenant=null]"
      )),
    Case(
      "PUT", "/_cluster/settings",
      #"{"persistent":{"plugins.ml_commons.model_access_control_enabled":false}}"#, gives: 403,
      error(
        403, "security_exception",
        "no permissions for [cluster:admin/settings/update] and User [name=user1, backend_roles=[IT, HR], requestedTenant=null]"
      )),
  ]

  /// What bodies may look like.
  static let bodies: [Case] = [
    Case(
      "POST", register, gives: 400,
      error(400, "parse_exception", "Model group request has empty body")),
    Case(
      "PUT", "/_plugins/_ml/model_groups/x", gives: 400,
      error(400, "i_o_exception", "Model group request has empty body")),
    Case(
      "POST", register, " \n ", gives: 400,
      error(
        400, "parsing_exception",
        "Failed to parse object: expecting token of type [START_OBJECT] but found [null]",
        #","line":1,"col":1"#)),
    Case(
      "POST", register, "\n [1]", gives: 400,
      error(
        400, "parsing_exception",
        "Failed to parse object: expecting token of type [START_OBJECT] but found [START_ARRAY]",
        #","line":2,"col":2"#)),
    Case(
      "POST", register, #"{"name":null}"#, gives: 400,
      error(400, "illegal_state_exception", "Can't get text on a VALUE_NULL at 1:9")),
    Case(
      "POST", register, #"{"description":["a"],"name":{}}"#, gives: 400,
      error(400, "illegal_state_exception", "Can't get text on a START_ARRAY at 1:16")),
    // What belongs to many tenants is read and left alone; null is none.
    Case(
      "PUT", "/_plugins/_ml/model_groups/x", #"{"tenant_id":null}"#, gives: 404,
      error(404, "status_exception", "Failed to find model group")),
    Case(
      "PUT", "/_plugins/_ml/model_groups/x", #"{"tenant_id":{}}"#, gives: 400,
      error(400, "illegal_state_exception", "Can't get text on a START_OBJECT at 1:14")),
    Case(
      "POST", register, "{\"name\":\"é\",\r\n\"backend_roles\":[\"é\", {}]}", gives: 400,
      error(400, "illegal_state_exception", "Can't get text on a START_OBJECT at 2:24")),
    Case(
      "POST", register, #"{"name":"g","backend_roles":7}"#, gives: 400,
      error(
        400, "parsing_exception",
        "Failed to parse object: expecting token of type [START_ARRAY] but found [VALUE_NUMBER]",
        #","line":1,"col":29"#)),
    Case(
      "POST", register, #"{"name":"g","backend_roles":true}"#, gives: 400,
      error(
        400, "parsing_exception",
        "Failed to parse object: expecting token of type [START_ARRAY] but found [VALUE_BOOLEAN]",
        #","line":1,"col":29"#)),
    Case(
      "POST", register, #"{"name":"g","add_all_backend_roles":1.5}"#, gives: 400,
      error(
        400, "json_parse_exception",
        #"Current token (VALUE_NUMBER_FLOAT) not of boolean type\n at line 1, column 37"#)),
    Case(
      "POST", register, #"{"name":"g","add_all_backend_roles":"True"}"#, gives: 400,
      argument("Failed to parse value [True] as only [true] or [false] are allowed.")),
    Case(
      "POST", register, #"{"name":"g","name":"h"}"#, gives: 400,
      error(
        400, "json_parse_exception",
        #"expected each name once in an object, found `name` again; `name` stood first at line 1, column 2; remove one of the two\n at line 1, column 13"#
      )),
    Case(
      "POST", register, #"{"description":"a;b","name":"c&d"}"#, as: "nobody", gives: 400,
      error(
        400, "action_request_validation_exception",
        #"Validation Failed: 1: Model group name can only contain letters, numbers, spaces, and basic punctuation (.,!?():@-_'/\");2: Model group description can only contain letters, numbers, spaces, and basic punctuation (.,!?():@-_'/\");"#
      )),
    Case(
      "POST", register, #"{"description":"d"}"#, as: "nobody", gives: 400,
      error(400, "null_pointer_exception", "model group name must not be null")),
    // A body is read before parameters are looked at.
    Case(
      "POST", register + "?foo", "[]", gives: 400,
      error(
        400, "parsing_exception",
        "Failed to parse object: expecting token of type [START_OBJECT] but found [START_ARRAY]",
        #","line":1,"col":1"#)),
    Case(
      "POST", register, #"{"name":"g","model_group_id":"mine","more":{"a":[{"b":null}]}}"#,
      gives: 200, #"{"model_group_id":"mine","status":"CREATED"}"#,
      fields: ["Content-Type": json]),
    Case(
      "POST", register, #"{"name":1.50,"model_group_id":12,"access_mode":"PuBLic"}"#,
      with: [("Content-Type", "Application/JSON; charset=UTF-8")], gives: 200,
      #"{"model_group_id":"12","status":"CREATED"}"#),
  ]

  @Test(arguments: frame + bodies)
  func answers(_ one: Case) async throws {
    let world = try await OpenSearchWorld()
    let answer = try await world.send(
      one.method, one.target, one.body, as: one.user, headers: one.headers)
    #expect(answer.status == one.status, "\(answer)")
    #expect(answer.body == one.answer)
    for (name, value) in one.fields { #expect(answer.headers[name] == value, "\(name)") }
  }

  @Test func aBodyNeedsAType() async throws {
    let world = try await OpenSearchWorld()
    let dialect = OpenSearch(world.registry)
    func answer(_ fields: [(name: String, value: String)]) async throws -> OpenSearchAnswer {
      let request = try WireRequest(
        method: "POST", target: Self.register, headers: WireHeaders(fields),
        body: Array("{}".utf8), authentication: .caller(OpenSearchPeople.root))
      return OpenSearchAnswer(await dialect.answer(request))
    }
    let none = try await answer([])
    #expect(none.body == #"{"error":"Content-Type header is missing","status":406}"#)
    let two = try await answer([("Content-Type", "application/json"), ("content-type", "x")])
    #expect(two.status == 406)
    // Without a body the type says nothing.
    let get = try await world.send(
      "GET", "/_plugins/_ml/model_groups/x", headers: [("Content-Type", "text/plain")])
    #expect(get.status == 404)
  }

  @Test func groupsComeAndGo() async throws {
    let world = try await OpenSearchWorld()
    let path = "/_plugins/_ml/model_groups/g"
    let registered = try await world.send(
      "POST", Self.register,
      #"{"name":"n","description":"d","model_group_id":"g","backend_roles":["IT"]}"#)
    #expect(registered.body == #"{"model_group_id":"g","status":"CREATED"}"#)
    let got = try await world.send("GET", path, as: "user2")
    let time = try #require(got.number("created_time"))
    #expect(
      got.body
        == #"{"name":"n","latest_version":0,"description":"d","backend_roles":["IT"],"owner":{"name":"user1","backend_roles":["IT","HR"],"roles":["ml_full_access"],"user_requested_tenant":null,"user_requested_tenant_access":"NONE","custom_attribute_names":[]},"access":"restricted","created_time":\#(time),"last_updated_time":\#(time)}"#
    )
    #expect(
      try await world.send("PUT", path, #"{"name":"m"}"#, as: "user2").body
        == #"{"status":"Updated"}"#)
    #expect(
      try await world.send("GET", path + "?filter_path=name,owner.name").body
        == #"{"name":"m","owner":{"name":"user1"}}"#)
    let refused = try await world.send("DELETE", path, as: "user3")
    #expect(refused.status == 403)
    #expect(refused.reason == "User doesn't have privilege to delete this model group")
    let deleted = try await world.send("DELETE", path)
    let version = try #require(deleted.number("_version"))
    #expect(
      deleted.body
        == #"{"_index":".plugins-ml-model-group","_id":"g","_version":\#(version),"result":"deleted","forced_refresh":true,"_shards":{"total":1,"successful":1,"failed":0},"_seq_no":\#(version),"_primary_term":1}"#
    )
    let again = try await world.send("DELETE", path)
    #expect(again.status == 200 && again.text("result") == "not_found")
    #expect(
      try await world.send("GET", path).reason
        == "Failed to find model group with the provided model group id: g")
  }

  /// Refusals say nothing that the caller may not know, whatever the caller says.
  @Test func dryRunsChangeNothing() async throws {
    let world = try await OpenSearchWorld()
    for parameter in ["dry_run=true", "perform_permission_check=true"] {
      let body = #"{"name":"n"}"#
      let allowed = try await world.send("POST", "\(Self.register)?\(parameter)", body)
      #expect(allowed.status == 200 && allowed.at("accessAllowed") as? Bool == true, "\(allowed)")
      let denied = try await world.send(
        "POST", "\(Self.register)?\(parameter)", body, as: "reader")
      #expect(denied.status == 200 && denied.at("accessAllowed") as? Bool == false)
      let settings = try await world.send(
        "GET", "/_plugins/_security/api/roles?\(parameter)", as: "user1")
      #expect(settings.at("accessAllowed") as? Bool == false)
    }
    #expect(try await world.send("GET", "/_plugins/_ml/model_groups/x").status == 404)
    let found = try await world.send("POST", "/_plugins/_ml/model_groups/_search", "{}")
    #expect(found.number("hits.total.value") == 0)
  }

  /// Of many who register one name at once, one wins, and the others are told who did.
  @Test func oneNameHasOneWinner() async throws {
    let world = try await OpenSearchWorld()
    for round in 0..<5 {
      let answers = try await withThrowingTaskGroup(of: OpenSearchAnswer.self) { group in
        for number in 0..<16 {
          group.addTask {
            try await world.send(
              "POST", Self.register, #"{"name":"name \#(round)","access_mode":"public"}"#,
              as: "user\(1 + number % 4)")
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let winners = answers.filter { $0.status == 200 }.compactMap { $0.text("model_group_id") }
      #expect(winners.count == 1)
      for loser in answers where loser.status != 200 {
        #expect(
          loser.reason
            == "The name you provided is already being used by a model group with ID: \(winners[0])."
        )
      }
    }
    let found = try await world.send("POST", "/_plugins/_ml/model_groups/_search", "{}")
    #expect(found.number("hits.total.value") == 5)
  }
}
