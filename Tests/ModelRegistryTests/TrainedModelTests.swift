import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import Testing

/// Trained models against the shipped rules.
@Suite struct TrainedModelTests {
  static func registry() async throws -> ModelRegistry {
    let registry = try await ModelRegistry.test()
    for model in [
      TrainedModel(id: "a", inferenceType: "regression", inputFields: ["x"], tags: ["tagged"]),
      TrainedModel(id: "b"), TrainedModel(id: "piped"), TrainedModel(id: "alias-piped"),
      TrainedModel(id: "lang_ident_model_1", modelType: .langIdent),
      TrainedModel(id: "torch", modelType: .pytorch),
      TrainedModel(id: "bare", modelType: .pytorch),
    ] {
      let definition: [UInt8]? = model.id == "bare" ? nil : [1, 2, 3]
      try await registry.perform(PutTrainedModel(model, definition: definition), by: .mona)
    }
    for (alias, model) in [("al", "a"), ("am", "a"), ("ap", "alias-piped")] {
      try await registry.perform(PutAlias(alias, of: model), by: .mona)
    }
    try await registry.perform(PutPipeline("p", naming: ["piped", "ap", "ap"]), by: .root)
    try await registry.perform(StartDeployment(of: "torch", as: "run"), by: .mona)
    return registry
  }

  static let validation = "400 action_request_validation_exception: Validation Failed: "

  static let puts: [(model: TrainedModel, fields: [String]?, wanted: String)] = [
    (TrainedModel(id: "c"), nil, "ok"),
    (TrainedModel(id: String(repeating: "c", count: 64)), nil, "ok"),
    (
      TrainedModel(id: String(repeating: "c", count: 65)), nil,
      validation
        + "1: Invalid model_id; '\(String(repeating: "c", count: 65))' cannot contain more than 64 characters.;"
    ),
    (
      TrainedModel(id: "C"), nil,
      validation
        + "1: Invalid model_id; 'C' can contain lowercase alphanumeric (a-z and 0-9), hyphens or underscores; must start and end with alphanumeric;"
    ),
    (
      TrainedModel(id: ""), nil,
      validation
        + "1: Invalid model_id; '' can contain lowercase alphanumeric (a-z and 0-9), hyphens or underscores; must start and end with alphanumeric;"
    ),
    (
      TrainedModel(id: "c"), ["definition", "location", "inference_config"],
      validation
        + "1: [definition] and [location] are both defined but only one can be used.;2: illegal to set [location] at inference model creation;"
    ),
    (
      TrainedModel(id: "c"), ["definition", "input"],
      validation + "1: [inference_config] must not be null.;"
    ),
    (
      TrainedModel(id: "c", tags: ["T", "c"]), nil,
      validation
        + "1: Invalid tags [T]; must only can contain lowercase alphanumeric (a-z and 0-9), hyphens or underscores, must start and end with alphanumeric, and must be less than 64 characters.;2: none of the tags must equal the model_id;"
    ),
    (
      TrainedModel(id: "c", inferenceType: "regression"), nil,
      validation + "1: [input.field_names] must not be empty;"
    ),
    (
      TrainedModel(id: "al"), nil,
      "400 status_exception: requested model_id [al] is the same as an existing model_alias. Model model_aliases and ids must be unique"
    ),
    (
      TrainedModel(id: "run"), nil,
      "400 status_exception: Cannot create model [run] the model id is the same as the deployment id of a current model deployment"
    ),
    (
      TrainedModel(id: "tagged"), nil,
      "400 status_exception: The provided model_id tagged must not match existing tags."
    ),
    (
      TrainedModel(id: "c", tags: ["new", "b", "a"]), nil,
      "400 status_exception: The provided tags [b, a] must not match existing model_ids."
    ),
    (
      TrainedModel(id: "a"), nil,
      "400 resource_already_exists_exception: Trained machine learning model [a] already exists"
    ),
    (
      TrainedModel(id: "c", groupID: "nowhere"), nil,
      "registry not_found: there is no model group `nowhere`"
    ),
  ]

  @Test(arguments: puts)
  func putting(_ model: TrainedModel, _ fields: [String]?, _ wanted: String) async throws {
    let registry = try await Self.registry()
    let before = try await registry.contents()
    let found = await line {
      try await registry.perform(PutTrainedModel(model, bodyFields: fields), by: .mona)
    }
    #expect(found == wanted)
    if wanted != "ok" { #expect(try await registry.contents() == before) }
  }

  @Test func whatIsPutCanBeRead() async throws {
    let registry = try await ModelRegistry.test()
    let configuration = Array(#"  {"metadata":{"é":[1, 2]}} "#.utf8)
    var model = TrainedModel(
      id: "m", modelType: .pytorch, inferenceType: "ner", inputFields: ["t"], tags: ["x"],
      summary: "For people.", sizeBytes: 7, estimatedOperations: 8, configuration: configuration)
    let put = try await registry.perform(
      PutTrainedModel(model, definition: [9, 8]), by: .mona
    ).output
    model.createTime = put.createTime
    model.definitionBytes = 2
    model.configuration = Array(#"{"metadata":{"é":[1, 2]}}"#.utf8)
    #expect(put == model)
    try await registry.perform(PutAlias("zz", of: "m"), by: .mona)
    try await registry.perform(PutAlias("aa", of: "m"), by: .mona)
    for name in ["m", "zz"] {
      let read = try await registry.read(GetTrainedModel(name), by: .vera)
      #expect(read.model == model)
      #expect(read.aliases == ["aa", "zz"])
      #expect(try await registry.read(GetDefinition(name), by: .vera) == [9, 8])
    }
  }

  static let deletions: [(id: String, force: Bool, wanted: String)] = [
    ("b", false, "ok"), ("a", false, "ok"), ("piped", true, "ok"), ("alias-piped", true, "ok"),
    ("torch", true, "ok"),
    ("nowhere", false, "404 resource_not_found_exception: Could not find trained model [nowhere]"),
    // An alias is not followed.
    ("al", true, "404 resource_not_found_exception: Could not find trained model [al]"),
    (
      "piped", false,
      "409 status_exception: Cannot delete model [piped] as it is still referenced by ingest processors; use force to delete the model"
    ),
    (
      "alias-piped", false,
      "409 status_exception: Cannot delete model [alias-piped] as it has a model_alias [ap] that is still referenced by ingest processors; use force to delete the model"
    ),
    (
      "torch", false,
      "409 status_exception: Cannot delete model [torch] as it is currently deployed; use force to delete the model"
    ),
    (
      "lang_ident_model_1", true,
      "400 status_exception: Unable to delete model [lang_ident_model_1] as it is required by machine learning"
    ),
  ]

  @Test(arguments: deletions)
  func deleting(_ id: String, _ force: Bool, _ wanted: String) async throws {
    let registry = try await Self.registry()
    let before = try await registry.contents()
    let found = await line {
      try await registry.perform(DeleteTrainedModel(id, force: force), by: .mona)
    }
    #expect(found == wanted)
    let after = try await registry.contents()
    guard wanted == "ok" else {
      #expect(after == before)
      return
    }
    // Its definition, aliases and deployments went with it, and nothing else.
    let rest = before.filter { line in
      !line.hasPrefix("definition") && !line.contains(#""id":"\#(id)""#)
        && !line.contains(#""model":"\#(id)""#)
    }
    #expect(after.filter { !$0.hasPrefix("definition") } == rest)
    let gone = await line {
      _ = try await registry.read(GetDefinition(id), by: .root)
      return ""
    }
    #expect(gone.hasPrefix("registry not_found"))
  }

  @Test func definitionsCanComeLaterAndOnce() async throws {
    let registry = try await Self.registry()
    let start = StartDeployment(of: "bare")
    #expect(
      await line { try await registry.perform(start, by: .mona) }
        == "404 resource_not_found_exception: Could not find trained model definition [bare]")
    try await registry.perform(PutDefinition([5], of: "bare"), by: .mona)
    #expect(
      await line { try await registry.perform(PutDefinition([6], of: "bare"), by: .mona) }
        == "registry already_exists: model `bare` has a definition")
    #expect(await line { try await registry.perform(start, by: .mona) } == "ok")
    #expect(try await registry.read(GetDefinition("bare"), by: .mona) == [5])
    #expect(
      await line { try await registry.perform(PutDefinition([5], of: "nowhere"), by: .mona) }
        == "registry not_found: No known trained model with model_id [nowhere]")
  }

  @Test func listsComeInPagesAndHoldWhatPoliciesShow() async throws {
    let policies = try Policies.inline(
      #"""
      { "policy": "p", "rules": [ \#(Policies.allowAll),
        { "id": "hide", "description": "Some are hidden.", "effect": "deny",
          "actions": ["cluster:monitor/xpack/ml/inference/*"],
          "when": "resource.id.startsWith('secret')", "message": "no" } ] }
      """#)
    let registry = try await ModelRegistry.test(policies: policies)
    for number in 0..<30 {
      let name = number % 3 == 0 ? "secret-\(number)" : "open-\(number)"
      try await registry.perform(
        PutTrainedModel(TrainedModel(id: name, tags: number % 2 == 0 ? ["even"] : [])), by: .vera)
      try await registry.perform(PutAlias("alias-\(number)", of: name), by: .vera)
    }
    for size in [1, 7, 20, 100] {
      var (names, after): ([String], String?) = ([], nil)
      repeat {
        let page = try await registry.search(
          ListTrainedModels(after: after, limit: size), by: .vera)
        #expect(page.items.count <= size)
        names += page.items.map(\.model.id)
        after = page.next
      } while after != nil
      let wanted = (0..<30).filter { $0 % 3 != 0 }.map { "open-\($0)" }.sorted()
      #expect(names == wanted)
    }
    let even = try await registry.search(ListTrainedModels(tags: ["even"]), by: .vera)
    #expect(even.items.count == 10 && even.next == nil)
    let some = try await registry.search(
      ListTrainedModels { $0.aliases == ["alias-7"] }, by: .vera)
    #expect(some.items.map(\.model.id) == ["open-7"])
    let aliases = try await registry.search(ListAliases(), by: .vera)
    #expect(aliases.items.count == 20)
    #expect(aliases.items.allSatisfy { $0.modelID.hasPrefix("open") })
    #expect(
      await line { try await registry.read(ResolveAlias("alias-3"), by: .vera) } == "denied: no")
  }
}
