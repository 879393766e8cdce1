import ModelRegistry
import PolicyEngine
import RegistryRaces
import Testing

/// Putting and deleting aliases against the shipped rules: every refusal, and which comes first.
@Suite struct AliasTests {
  typealias Model = TrainedModel

  static func tree(_ id: String, _ type: String?, _ fields: [String] = ["a", "b"]) -> Model {
    TrainedModel(id: id, inferenceType: type, inputFields: fields)
  }

  static func torch(_ id: String, _ type: String? = "ner") -> Model {
    TrainedModel(id: id, modelType: .pytorch, inferenceType: type, definitionBytes: 1)
  }

  /// A registry with models of every kind.
  static func registry() async throws -> ModelRegistry {
    let registry = try await ModelRegistry.test()
    let models = [
      tree("reg-a", "regression"), tree("reg-b", "regression"), tree("class-a", "classification"),
      tree("other-fields", "regression", ["c", "d", "e"]), tree("plain-a", nil),
      TrainedModel(id: "lang", modelType: .langIdent),
      torch("ner-a"), torch("ner-b"), torch("ner-c"), torch("emb-a", "text_embedding"),
    ]
    for model in models {
      try await registry.perform(PutTrainedModel(model, definition: [1]), by: .mona)
    }
    for (alias, model) in [
      ("reg", "reg-a"), ("ner", "ner-a"), ("plain", "plain-a"), ("used", "reg-a"),
    ] {
      try await registry.perform(PutAlias(alias, of: model), by: .mona)
    }
    for model in ["ner-a", "ner-c"] {
      try await registry.perform(StartDeployment(of: model), by: .mona)
    }
    try await registry.perform(
      ReportDeployment("ner-a", state: .started, currentAllocations: 1), by: .root)
    try await registry.perform(PutPipeline("pipe", naming: ["used", "reg-b"]), by: .root)
    return registry
  }

  static let puts: [(alias: String, model: String, reassign: Bool, wanted: String)] = [
    ("new", "reg-a", false, "ok"),
    ("new", "reg-a", true, "ok"),
    ("7", "reg-a", false, "ok"),
    ("two.dots_a-b", "reg-a", false, "ok"),
    (
      "reg-a", "reg-a", false,
      "400 action_request_validation_exception: Validation Failed: 1: model_alias [reg-a] cannot equal model_id [reg-a];"
    ),
    (
      "Reg-1", "Reg-1", false,
      "400 action_request_validation_exception: Validation Failed: 1: model_alias [Reg-1] cannot equal model_id [Reg-1];2: Invalid model_alias; 'Reg-1' can contain lowercase alphanumeric (a-z and 0-9), hyphens or underscores; must start with alphanumeric and cannot end with numbers;"
    ),
    (
      "reg", "reg-a", false,
      "400 status_exception: cannot assign model_alias [reg] to model_id [reg-a] as model_alias already refers to [reg-a]. Set parameter [reassign] to [true] if model_alias should be reassigned."
    ),
    // An alias that exists comes before a model that does not.
    (
      "reg", "nowhere", false,
      "400 status_exception: cannot assign model_alias [reg] to model_id [nowhere] as model_alias already refers to [reg-a]. Set parameter [reassign] to [true] if model_alias should be reassigned."
    ),
    (
      "lang", "nowhere", false,
      "400 status_exception: model_alias cannot be the same as an existing trained model_id"
    ),
    (
      "new", "nowhere", true,
      "404 resource_not_found_exception: No known trained model with model_id [nowhere]"
    ),
    // An alias is not followed.
    (
      "new", "reg", true,
      "404 resource_not_found_exception: No known trained model with model_id [reg]"
    ),
    ("reg", "reg-a", true, "ok"),
    ("reg", "reg-b", true, "ok"),
    (
      "reg", "class-a", true,
      "400 status_exception: cannot reassign model_alias [reg] to model [class-a] with inference config type [classification] from model [reg-a] with type [regression]"
    ),
    (
      "ner", "emb-a", true,
      "400 status_exception: cannot reassign model_alias [ner] to model [emb-a] with inference config type [text_embedding] from model [ner-a] with type [ner]"
    ),
    (
      "plain", "lang", true,
      "400 status_exception: cannot reassign model_alias [plain] to model [lang] with type [lang_ident] from model [plain-a] with type [tree_ensemble]"
    ),
    (
      "ner", "ner-b", true,
      "400 status_exception: cannot reassign model_alias [ner] to model [ner-b] from model [ner-a] as it is not yet deployed"
    ),
    (
      "ner", "ner-c", true,
      "400 status_exception: cannot reassign model_alias [ner] to model [ner-c]  from model [ner-a] as it is not yet allocated to any nodes"
    ),
    (
      "reg", "other-fields", true,
      "ok, warns: The input fields for new model [other-fields] and for old model [reg-a] differ significantly, model results may change drastically."
    ),
    // An alias may have the id of a deployment and the name of a tag.
    ("pipe", "reg-a", false, "ok"),
  ]

  @Test(arguments: puts)
  func putting(_ alias: String, _ model: String, _ reassign: Bool, _ wanted: String) async throws {
    let registry = try await Self.registry()
    let before = try await registry.contents()
    let found = await line {
      try await registry.perform(PutAlias(alias, of: model, reassign: reassign), by: .mona)
    }
    #expect(found == wanted)
    if wanted.hasPrefix("ok") {
      #expect(try await registry.read(ResolveAlias(alias), by: .vera) == model)
    } else {
      #expect(try await registry.contents() == before)
    }
  }

  static let deletions: [(alias: String, model: String, wanted: String)] = [
    ("reg", "reg-a", "ok"),
    ("nothing", "reg-a", "404 status_exception: model_alias [nothing] could not be found"),
    (
      "reg", "reg-b",
      "409 status_exception: model_alias [reg] does not refer to provided model_id [reg-b]"
    ),
    (
      "used", "reg-b",
      "409 status_exception: model_alias [used] does not refer to provided model_id [reg-b]"
    ),
    (
      "used", "reg-a",
      "409 status_exception: Cannot delete model_alias [used] as it is still referenced by ingest processors"
    ),
  ]

  @Test(arguments: deletions)
  func deleting(_ alias: String, _ model: String, _ wanted: String) async throws {
    let registry = try await Self.registry()
    let before = try await registry.contents()
    let found = await line { try await registry.perform(DeleteAlias(alias, of: model), by: .mona) }
    #expect(found == wanted)
    if wanted == "ok" {
      let after = await line { try await registry.read(ResolveAlias(alias), by: .vera) }
      #expect(after == "registry not_found: No known trained model with model_id [\(alias)]")
    } else {
      #expect(try await registry.contents() == before)
    }
  }

  @Test func refusalsNameTheCallerAndTheRoles() async throws {
    let registry = try await Self.registry()
    let found = await line { try await registry.perform(PutAlias("x", of: "reg-a"), by: .vera) }
    #expect(
      found
        == "403 security_exception: action [cluster:admin/xpack/ml/inference/model_aliases/put] is unauthorized for user [vera] with effective roles [machine_learning_user], this action is granted by the cluster privileges [manage_ml,manage,all]"
    )
    // Whoever may not do it is told what is wrong with the request, but nothing of the registry.
    let malformed = await line { try await registry.perform(PutAlias("X", of: "x"), by: .vera) }
    #expect(malformed.hasPrefix("400 action_request_validation_exception"))
  }

  @Test func licencesBindModelsThatNeedOne() async throws {
    let registry = try await Self.registry()
    try await registry.perform(
      PutTrainedModel(TrainedModel(id: "free", licenseLevel: "basic")), by: .mona)
    try await registry.perform(ChangeSetting(.license, to: "basic"), by: .root)
    #expect(
      await line { try await registry.perform(PutAlias("x", of: "reg-a"), by: .mona) }
        == "403 security_exception: current license is non-compliant for [ml]")
    #expect(await line { try await registry.perform(PutAlias("x", of: "free"), by: .mona) } == "ok")
    try await registry.perform(ChangeSetting(.license, to: nil), by: .root)
    #expect(
      await line { try await registry.perform(PutAlias("y", of: "reg-a"), by: .mona) } == "ok")
  }

  /// A deliberate departure: an alias on a grouped model needs access to the group.
  @Test func groupedModelsNeedAccessToTheGroup() async throws {
    let registry = try await Self.registry()
    let olga = Request.Entity.user(
      "olga", roles: ["machine_learning_admin", "ml_full_access"], backendRoles: ["IT"])
    let group = try await registry.perform(RegisterGroup("forecasts"), by: olga).output
    for id in ["grouped-a", "grouped-b"] {
      try await registry.perform(
        PutTrainedModel(
          TrainedModel(
            id: id, inferenceType: "regression", inputFields: ["a", "b"], groupID: group)),
        by: olga)
    }
    func refusal(_ model: String, _ verb: String, _ alias: String) -> String {
      "403 security_exception: user [mona] has no access to model group [\(group)] of model [\(model)], which model_alias [\(alias)] \(verb) for"
    }
    #expect(
      await line { try await registry.perform(PutAlias("g", of: "grouped-a"), by: .mona) }
        == refusal("grouped-a", "would stand", "g"))
    try await registry.perform(PutAlias("g", of: "grouped-a"), by: olga)
    #expect(
      await line {
        try await registry.perform(PutAlias("g", of: "reg-a", reassign: true), by: .mona)
      } == refusal("grouped-a", "stands", "g"))
    #expect(
      await line { try await registry.perform(DeleteAlias("g", of: "grouped-a"), by: .mona) }
        == refusal("grouped-a", "stands", "g"))
    // Nor is there a way around through the model, or into the group.
    let closed = "403 security_exception: user [mona] has no access to model group [\(group)]"
    for found in [
      await line { try await registry.perform(DeleteTrainedModel("grouped-a"), by: .mona) },
      await line { try await registry.perform(PutDefinition([1], of: "grouped-a"), by: .mona) },
      await line {
        try await registry.perform(
          PutTrainedModel(TrainedModel(id: "grouped-c", groupID: group)), by: .mona)
      },
    ] { #expect(found.hasPrefix(closed), "\(found)") }
    // The group can't go while models are in it, whoever asks.
    #expect(
      await line { try await registry.perform(DeleteGroup(group), by: olga) }
        == "409 status_exception: Cannot delete the model group when it has associated model versions"
    )
    try await registry.perform(
      UpdateGroup(group, access: .init(accessMode: "public")), by: olga)
    #expect(
      await line { try await registry.perform(DeleteAlias("g", of: "grouped-a"), by: .mona) }
        == "ok")
  }
}
