import PolicyEngine
import PolicyGate

/// Why an operation can't even be asked about.
struct StatedFault: Error {
  let code, message: String
  let help: String?
}

/// An operation by a name, with what it is asked for.
struct NamedOperation: Sendable {
  /// An operation with its parameters, to be tried by somebody, at a time, on a state.
  typealias Prepared = (Request.Entity, Int64, any StoreSnapshot) throws(StatedFault)
    -> StatedOperation.Answer

  let name: String
  /// Reads the parameters.
  let prepare: @Sendable (inout MemberReader) -> Prepared

  private init<Op: RegistryWrite>(
    _ name: String, _ make: @escaping @Sendable (inout MemberReader) -> Op
  ) {
    self.name = name
    prepare = { members in
      Self.prepared(make(&members)) { (operation, facts, attempt) throws(RegistryError) in
        _ = try operation.effect(on: facts, of: attempt)
      }
    }
  }

  private init<Op: RegistryRead>(
    _ name: String, _ make: @escaping @Sendable (inout MemberReader) -> Op
  ) {
    self.name = name
    prepare = { members in
      Self.prepared(make(&members)) { (operation, facts, _) throws(RegistryError) in
        _ = try operation.answer(from: facts)
      }
    }
  }

  private init<Op: RegistrySearch>(
    _ name: String, _ make: @escaping @Sendable (inout MemberReader) -> Op
  ) {
    self.name = name
    prepare = { members in Self.prepared(make(&members)) { (_, _, _) throws(RegistryError) in } }
  }

  /// The steps of `ModelRegistry.rehearse` but for the decision.
  private static func prepared<Op: RegistryOperation>(
    _ operation: Op, _ act: @escaping (Op, Op.Facts, Attempt) throws(RegistryError) -> Void
  ) -> Prepared {
    { (subject, time, state) throws(StatedFault) in
      let attempt = Attempt(operation, by: subject, at: time, key: "stated")
      let facts: Op.Facts
      do {
        try operation.checkLimits()
        var reader = FactReader(state)
        facts = try operation.facts(from: &reader, for: attempt)
      } catch let error as RegistryError {
        throw StatedFault(code: error.kind.code, message: error.message, help: error.help)
      } catch {
        throw StatedFault(code: "unusable-registry", message: "\(error)", help: nil)
      }
      var request = operation.request(by: subject, given: facts)
      request.context["now"] = .timestamp(milliseconds: time)
      do throws(RegistryError) {
        try act(operation, facts, attempt)
      } catch {
        return (request, (error.kind.rawValue, error.message))
      }
      return (request, nil)
    }
  }
}

extension RegistryError.Kind {
  /// As diagnostics are called: with hyphens.
  fileprivate var code: String {
    String(decoding: rawValue.utf8.map { $0 == 0x5F ? 0x2D : $0 }, as: UTF8.self)
  }
}

extension NamedOperation {
  /// Every operation that can be named, parameters called as requests of the wire APIs call them.
  static let all: [NamedOperation] = trainedModels + deployments + groups + models + others

  private static let trainedModels: [NamedOperation] = [
    .init("put_trained_model") {
      PutTrainedModel(
        TrainedModel(
          id: $0.text("model_id"), modelType: $0.word("model_type", or: .treeEnsemble),
          inferenceType: $0.optionalText("inference_type"), inputFields: $0.texts("input_fields"),
          tags: $0.texts("tags"), groupID: $0.optionalText("model_group_id"),
          summary: $0.optionalText("description"),
          licenseLevel: $0.optionalText("license_level") ?? "platinum"),
        givesModelType: $0.optionalFlag("gives_model_type") ?? true,
        bodyFields: $0.optionalTexts("body_fields"),
        defersDecompression: $0.flag("defer_definition_decompression"))
    },
    .init("get_trained_model") { GetTrainedModel($0.text("model_id")) },
    .init("list_trained_models") { ListTrainedModels(tags: $0.texts("tags")) },
    .init("delete_trained_model") {
      DeleteTrainedModel($0.text("model_id"), force: $0.flag("force"))
    },
    .init("put_alias") {
      PutAlias($0.text("alias"), of: $0.text("model_id"), reassign: $0.flag("reassign"))
    },
    .init("resolve_alias") { ResolveAlias($0.text("alias")) },
    .init("delete_alias") { DeleteAlias($0.text("alias"), of: $0.text("model_id")) },
  ]

  private static let deployments: [NamedOperation] = [
    .init("start_deployment") {
      StartDeployment(
        of: $0.text("model_id"), as: $0.optionalText("deployment_id"),
        allocations: $0.optionalCount("number_of_allocations") ?? 1,
        threadsPerAllocation: $0.optionalCount("threads_per_allocation") ?? 1,
        queueCapacity: $0.optionalCount("queue_capacity") ?? 1024,
        priority: $0.optionalText("priority") ?? "normal",
        timeout: $0.optionalCount("timeout_ms") ?? 20_000)
    },
    .init("update_deployment") {
      UpdateDeployment($0.text("deployment_id"), allocations: $0.count("number_of_allocations"))
    },
    .init("report_deployment") {
      ReportDeployment(
        $0.text("deployment_id"), state: $0.demandedWord("state", or: .started),
        currentAllocations: $0.count("current_allocations"), reason: $0.optionalText("reason"))
    },
    .init("stop_deployment") {
      StopDeployment(
        $0.text("deployment_id"), force: $0.flag("force"),
        allowNoMatch: $0.optionalFlag("allow_no_match") ?? true)
    },
    .init("list_deployments") { _ in ListDeployments() },
    .init("infer") { ResolveCall($0.text("model_id")) },
  ]

  private static let groups: [NamedOperation] = [
    .init("register_group") {
      RegisterGroup(
        $0.optionalText("name"), summary: $0.optionalText("description"),
        id: $0.optionalText("model_group_id"), access: $0.access())
    },
    .init("get_group") { GetGroup($0.text("model_group_id")) },
    .init("search_groups") { _ in SearchGroups() },
    .init("update_group") {
      UpdateGroup(
        $0.text("model_group_id"), name: $0.optionalText("name"),
        summary: $0.optionalText("description"), access: $0.access())
    },
    .init("delete_group") { DeleteGroup($0.text("model_group_id")) },
  ]

  private static let models: [NamedOperation] = [
    .init("register_model") {
      RegisterModel(
        $0.text("name"), in: $0.optionalText("model_group_id"),
        summary: $0.optionalText("description"), isPretrained: $0.flag("pretrained"),
        access: $0.access(), configuration: $0.object("configuration"))
    },
    .init("register_model_meta") {
      RegisterModelMeta($0.text("name"), in: $0.optionalText("model_group_id"))
    },
    .init("get_model") { GetModel($0.text("model_id")) },
    .init("search_models") { _ in SearchModels() },
    .init("update_model") {
      UpdateModel(
        $0.text("model_id"), name: $0.optionalText("name"),
        summary: $0.optionalText("description"), movingTo: $0.optionalText("model_group_id"))
    },
    .init("delete_model") { DeleteModel($0.text("model_id")) },
    .init("deploy_model") { DeployModel($0.text("model_id")) },
    .init("undeploy_model") {
      UndeployModel($0.text("model_id"), among: $0.optionalTexts("model_ids"))
    },
    .init("predict") { Predict($0.text("model_id")) },
  ]

  private static let others: [NamedOperation] = [
    .init("put_pipeline") { PutPipeline($0.text("pipeline_id"), naming: $0.texts("names")) },
    .init("delete_pipeline") { DeletePipeline($0.text("pipeline_id")) },
    .init("list_pipelines") { _ in ListPipelines() },
    .init("change_setting") {
      ChangeSetting(
        $0.demandedWord("setting", or: .accessControl), to: $0.optionalText("value"))
    },
    .init("read_settings") { _ in ReadSettings() },
  ]
}
