import CEL
import ModelRegistry

/// Models: register, get, update, delete, deploy, undeploy, predict, and the tasks of the first.
extension OpenSearch {
  static let modelIndex = ".plugins-ml-model"

  static let modelRoutes: [(String, String, Route)] = {
    let models = "/_plugins/_ml/models"
    let search = Route(action: SearchModels.action, parameters: SearchBody.parameters) {
      try searchModels($0)
    }
    let calls = Route(action: Predict.action) { predict($0) }
    return [
      (
        "POST", "\(models)/_register",
        Route(action: RegisterModel.action, parameters: ["deploy"]) { try registerModel($0) }
      ),
      ("GET", "\(models)/_search", search),
      ("POST", "\(models)/_search", search),
      (
        "GET", "\(models)/{id}",
        Route(action: GetModel.action, parameters: ["return_content"]) { getModel($0) }
      ),
      ("PUT", "\(models)/{id}", Route(action: UpdateModel.action) { try updateModel($0) }),
      ("DELETE", "\(models)/{id}", Route(action: DeleteModel.action) { deleteModel($0) }),
      ("POST", "\(models)/{id}/_deploy", Route(action: DeployModel.action) { deployModel($0) }),
      (
        "POST", "\(models)/{id}/_undeploy",
        Route(action: UndeployModel.action) { undeploy($0, [$0.name("id")]) }
      ),
      (
        "POST", "\(models)/_undeploy",
        Route(action: UndeployModel.action) { undeploy($0, try undeployed($0)) }
      ),
      ("POST", "\(models)/{id}/_predict", calls),
      ("POST", "/_plugins/_ml/_predict/{algorithm}/{id}", calls),
      ("GET", "/_plugins/_ml/tasks/{task}", Route(action: GetModel.action) { try getTask($0) }),
    ]
  }()

  private static func registerModel(_ call: Call) throws(ErrorBody) -> Action {
    guard !call.request.body.isEmpty else {
      throw ErrorBody(400, "parse_exception", "Register model request has empty body")
    }
    let body = try ModelBody(call.request.body)
    let deploys = try call.request.query.flag("deploy")
    guard let name = body.name else { throw .illegalArgument("model name is null") }
    return {
      let id = try await call.registry.perform(
        RegisterModel(
          name, in: body.groupID, summary: body.summary, isPretrained: body.isPretrained,
          access: body.access, configuration: body.configuration)
      ).output
      if deploys { _ = try await call.registry.perform(DeployModel(id)) }
      return .json { writer in
        writer.beginObject()
        writer.member("task_id", ModelTask(kind: .register, modelID: id).id)
        writer.member("status", "CREATED")
        // Others are registered in the background there, and their task names them.
        if body.isRemote { writer.member("model_id", id) }
        writer.endObject()
      }
    }
  }

  private static func getModel(_ call: Call) -> Action {
    { .json(200, try await call.registry.read(GetModel(call.name("id"))).document) }
  }

  private static func updateModel(_ call: Call) throws(ErrorBody) -> Action {
    guard !call.request.body.isEmpty else {
      throw ErrorBody(400, "parse_exception", "Update model request has empty body")
    }
    let body = try Body(call.request.body)
    var operation = UpdateModel(call.name("id"))
    for (member, value) in body.members {
      switch member {
      case "name": operation.name = try body.optionalText(value)
      case "description": operation.summary = try body.optionalText(value)
      case "model_group_id": operation.groupID = try body.optionalText(value)
      case _ where ModelBody.kept.contains(member) || member == "connector":
        throw .illegalArgument(
          "[\(member)] of a registered model can't be changed here; register a new version")
      default: break
      }
    }
    return { [operation] in
      let done = try await call.registry.perform(operation)
      return DocumentWrite(
        index: modelIndex, id: operation.modelID, result: .updated, revision: done.revision
      ).response
    }
  }

  private static func deleteModel(_ call: Call) -> Action {
    {
      let done = try await call.registry.perform(DeleteModel(call.name("id")))
      return DocumentWrite(
        index: modelIndex, id: call.name("id"), result: .deleted, revision: done.revision
      ).response
    }
  }

  private static func deployModel(_ call: Call) -> Action {
    {
      let id = call.name("id")
      _ = try await call.registry.perform(DeployModel(id))
      return .json { writer in
        writer.beginObject()
        writer.member("task_id", ModelTask(kind: .deploy, modelID: id).id)
        writer.member("task_type", ModelTask.Kind.deploy.rawValue)
        writer.member("status", "CREATED")
        writer.endObject()
      }
    }
  }

  /// The models that a request to undeploy names in its body.
  private static func undeployed(_ call: Call) throws(ErrorBody) -> [String] {
    var ids: [String] = []
    if !call.request.body.isEmpty {
      let body = try Body(call.request.body)
      for (member, value) in body.members where member == "model_ids" {
        ids = try body.texts(value)
      }
    }
    guard !ids.isEmpty else {
      throw .illegalArgument(
        "[model_ids] must name the models to undeploy; all at once is not served")
    }
    guard ids.count <= ServerLimits.modelsAtOnce else {
      throw .illegalArgument(
        "[model_ids] has [\(ids.count)] models, [\(ServerLimits.modelsAtOnce)] are the most")
    }
    return ids
  }

  private static func undeploy(_ call: Call, _ ids: [String]) -> Action {
    {
      for id in ids { _ = try await call.registry.perform(UndeployModel(id, among: ids)) }
      return .json { writer in
        writer.beginObject()
        writer.name("modelgate")
        writer.beginObject()
        writer.name("stats")
        writer.beginObject()
        for id in ids { writer.member(id, "undeployed") }
        writer.endObject()
        writer.endObject()
        writer.endObject()
      }
    }
  }

  private static func predict(_ call: Call) -> Action {
    {
      let model = try await call.registry.read(Predict(call.name("id")))
      guard let predictor = call.dialect.predictor else {
        throw ErrorBody(
          501, "unsupported_operation_exception",
          "[\(call.caller.name)] may call model [\(model.id)], but no inference service is set up "
            + "to forward the call to")
      }
      return try await predictor(
        Prediction(model: model, caller: call.caller, request: call.request))
    }
  }
}

extension OpenSearch {
  /// Work that OpenSearch does in the background and the registry at once: its id tells the model.
  struct ModelTask: Sendable {
    enum Kind: String, CaseIterable {
      case register = "REGISTER_MODEL"
      case deploy = "DEPLOY_MODEL"

      var suffix: String { self == .register ? "-register" : "-deploy" }
    }

    let kind: Kind
    let modelID: String

    var id: String { modelID + kind.suffix }

    init(kind: Kind, modelID: String) { (self.kind, self.modelID) = (kind, modelID) }

    /// The task of an id; nil if no task has such an id.
    init?(id: String) {
      guard let kind = Kind.allCases.first(where: { id.hasSuffix($0.suffix) }) else { return nil }
      self.init(kind: kind, modelID: String(id.dropLast(kind.suffix.count)))
    }
  }

  private static func getTask(_ call: Call) throws(ErrorBody) -> Action {
    let id = call.name("task")
    guard let task = ModelTask(id: id) else {
      throw ErrorBody(
        404, "status_exception", "Failed to find task with the provided task id: \(id)")
    }
    return {
      let model = try await call.registry.read(GetModel(task.modelID))
      return .json { writer in
        writer.beginObject()
        writer.member("model_id", model.id)
        writer.member("task_type", task.kind.rawValue)
        writer.member("function_name", model.algorithm)
        writer.member("state", "COMPLETED")
        writer.member("worker_node", ["modelgate"])
        writer.member("create_time", model.createdTime)
        writer.member(
          "last_update_time", task.kind == .register ? model.createdTime : model.lastUpdatedTime)
        writer.member("is_async", true)
        writer.endObject()
      }
    }
  }
}
