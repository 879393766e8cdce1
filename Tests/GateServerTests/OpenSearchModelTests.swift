import GateServer
import ModelRegistry
import Testing

/// Models in groups over the wire.
@Suite struct OpenSearchModelTests {
  static let models = "/_plugins/_ml/models"

  /// Registers a remote model and gives its id.
  static func register(
    _ world: OpenSearchWorld, _ body: String, as user: String = "user1"
  ) async throws -> String {
    let answer = try await world.send("POST", "\(models)/_register", body, as: user)
    return try #require(answer.text("model_id"), "\(answer)")
  }

  @Test func modelsComeAndGo() async throws {
    let world = try await OpenSearchWorld()
    let local = try await world.send(
      "POST", "\(Self.models)/_register",
      #"{"name":"m","description":"d","version":"1.0.1","model_format":"TORCH_SCRIPT","model_config":{"model_type":"bert","embedding_dimension":384},"unknown":{"a":1}}"#
    )
    #expect(local.status == 200 && local.at("model_id") == nil)
    let task = try await world.send(
      "GET", "/_plugins/_ml/tasks/\(try #require(local.text("task_id")))")
    let id = try #require(task.text("model_id"))
    let created = try #require(task.number("create_time"))
    #expect(
      task.body
        == #"{"model_id":"\#(id)","task_type":"REGISTER_MODEL","function_name":"TEXT_EMBEDDING","state":"COMPLETED","worker_node":["modelgate"],"create_time":\#(created),"last_update_time":\#(created),"is_async":true}"#
    )
    let got = try await world.send("GET", "\(Self.models)/\(id)?return_content=false")
    let group = try #require(got.text("model_group_id"))
    #expect(
      got.body
        == #"{"name":"m","model_group_id":"\#(group)","algorithm":"TEXT_EMBEDDING","model_version":"1","description":"d","model_format":"TORCH_SCRIPT","model_config":{"model_type":"bert","embedding_dimension":384},"model_state":"REGISTERED","created_time":\#(created),"last_updated_time":\#(created),"is_hidden":false}"#
    )
    let deployed = try await world.send("POST", "\(Self.models)/\(id)/_deploy", "{}")
    #expect(
      deployed.body
        == #"{"task_id":"\#(id)-deploy","task_type":"DEPLOY_MODEL","status":"CREATED"}"#)
    #expect(try await world.send("GET", "\(Self.models)/\(id)").text("model_state") == "DEPLOYED")
    let undeployed = try await world.send("POST", "\(Self.models)/\(id)/_undeploy")
    #expect(undeployed.body == #"{"modelgate":{"stats":{"\#(id)":"undeployed"}}}"#)
    let updated = try await world.send(
      "PUT", "\(Self.models)/\(id)", #"{"name":"n","description":null}"#)
    #expect(updated.text("result") == "updated" && updated.text("_index") == ".plugins-ml-model")
    #expect(try await world.send("GET", "\(Self.models)/\(id)").text("name") == "n")
    #expect(try await world.send("DELETE", "\(Self.models)/\(id)").text("result") == "deleted")
    let gone = try await world.send("GET", "\(Self.models)/\(id)")
    #expect(gone.status == 404 && gone.type == "status_exception")
    #expect(gone.reason == "Failed to find model with the provided model id: \(id)")
  }

  @Test(arguments: [
    ("POST", "_register", "", 400, "Register model request has empty body"),
    ("POST", "_register", "{}", 400, "model name is null"),
    ("POST", "_register", #"{"name":null}"#, 400, "Can't get text on a VALUE_NULL at 1:9"),
    ("POST", "_register", #"{"name":"m","model_group_id":"x"}"#, 404, "Model group not found"),
    (
      "POST", "_register?deploy=x", #"{"name":"m"}"#, 400,
      "Failed to parse value [x] as only [true] or [false] are allowed."
    ),
    (
      "POST", "_register", #"{"name":"m","connector":{"credential":{"key":"s"}}}"#, 400,
      "[connector] would hand over credentials, which are not kept here; name a connector by [connector_id]"
    ),
    ("PUT", "x", "", 400, "Update model request has empty body"),
    (
      "PUT", "x", #"{"rate_limiter":{}}"#, 400,
      "[rate_limiter] of a registered model can't be changed here; register a new version"
    ),
    (
      "POST", "_undeploy", "{}", 400,
      "[model_ids] must name the models to undeploy; all at once is not served"
    ),
    ("POST", "_undeploy", #"{"model_ids":["a","b"]}"#, 400, "only support undeploy one model"),
    ("GET", "x", "", 404, "Failed to find model with the provided model id: x"),
  ])
  func refuses(
    _ method: String, _ path: String, _ body: String, _ status: Int, _ reason: String
  ) async throws {
    let world = try await OpenSearchWorld()
    let answer = try await world.send(
      method, "\(Self.models)/\(path)", body.isEmpty ? nil : body)
    #expect(answer.status == status && answer.reason == reason, "\(answer)")
  }

  @Test func tasksAreModels() async throws {
    let world = try await OpenSearchWorld()
    let id = try await Self.register(world, #"{"name":"m","function_name":"remote"}"#)
    for (task, status) in [("\(id)-register", 200), ("\(id)-deploy", 200), (id, 404), ("x", 404)] {
      #expect(try await world.send("GET", "/_plugins/_ml/tasks/\(task)").status == status)
    }
    // Whoever may not see the model may not see its tasks.
    let other = try await world.send("GET", "/_plugins/_ml/tasks/\(id)-register", as: "user3")
    #expect(other.status == 403)
  }

  @Test func severalAreUndeployedWhileTheSwitchIsOff() async throws {
    let world = try await OpenSearchWorld(accessControl: false)
    var ids: [String] = []
    for name in ["a", "b"] {
      ids.append(try await Self.register(world, #"{"name":"\#(name)","function_name":"remote"}"#))
    }
    let list = ids.map { #""\#($0)""# }.joined(separator: ",")
    let answer = try await world.send(
      "POST", "\(Self.models)/_undeploy", #"{"model_ids":[\#(list)],"node_ids":["n"]}"#)
    #expect(answer.status == 200)
    for id in ids {
      #expect(
        try await world.send("GET", "\(Self.models)/\(id)").text("model_state") == "UNDEPLOYED")
    }
    for (count, status) in [
      (ServerLimits.modelsAtOnce, 404), (ServerLimits.modelsAtOnce + 1, 400),
    ] {
      let many = (0..<count).map { #""m\#($0)""# }.joined(separator: ",")
      let answer = try await world.send(
        "POST", "\(Self.models)/_undeploy", #"{"model_ids":[\#(many)]}"#)
      #expect(answer.status == status, "\(answer)")
    }
  }

  @Test(arguments: [
    "/_plugins/_ml/models/{id}/_predict", "/_plugins/_ml/_predict/text_embedding/{id}",
  ])
  func callsPassTheGate(_ pattern: String) async throws {
    let closed = try await OpenSearchWorld()
    let id = try await Self.register(closed, #"{"name":"m","function_name":"remote"}"#)
    let path = pattern.replacing("{id}", with: id)
    let nowhere = try await closed.send("POST", path, "{}")
    #expect(nowhere.status == 501 && nowhere.type == "unsupported_operation_exception")
    let refused = try await closed.send("POST", path, "{}", as: "user3")
    #expect(refused.status == 403)
    #expect(refused.reason == "User doesn't have privilege to perform this operation on this model")

    let open = try await OpenSearchWorld { prediction in
      .text(
        200,
        "\(prediction.caller.name) calls \(prediction.model.name): \(prediction.request.body.count)"
      )
    }
    let other = try await Self.register(open, #"{"name":"m","function_name":"remote"}"#)
    let answer = try await open.send("POST", pattern.replacing("{id}", with: other), "{ }")
    #expect(answer.body == "user1 calls m: 3")
    #expect(
      try await open.send("POST", pattern.replacing("{id}", with: other), "{}", as: "user3").status
        == 403)
  }

  @Test func deployingWithRegistration() async throws {
    let world = try await OpenSearchWorld()
    let answer = try await world.send(
      "POST", "\(Self.models)/_register?deploy=true",
      #"{"name":"m","function_name":"remote","connector_id":"c"}"#)
    let id = try #require(answer.text("model_id"))
    let got = try await world.send("GET", "\(Self.models)/\(id)")
    #expect(got.text("model_state") == "DEPLOYED" && got.text("connector_id") == "c")
    #expect(got.text("algorithm") == "REMOTE")
  }
}
