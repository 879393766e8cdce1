import ModelRegistry
import PolicyEngine
import RegistryRaces
import Testing

/// Models in groups against the shipped rules.
@Suite struct GroupModelTests {
  @Test func versionsCountUp() async throws {
    let registry = try await ModelRegistry.test()
    let group = try await registry.perform(RegisterGroup("g"), by: .user1).output
    var ids: [String] = []
    for number in 1...3 {
      ids.append(
        try await registry.perform(
          RegisterModel(
            "model \(number)", in: group, configuration: Array(#" {"a": [1]} "#.utf8)),
          by: .user1
        ).output)
    }
    // Deleting a model does not lower the count, nor does it delete the group.
    try await registry.perform(DeleteModel(ids[2]), by: .user1)
    ids.append(
      try await registry.perform(RegisterModel("g"), by: .user1).output)
    let models = try await registry.search(SearchModels(), by: .user1).items
    #expect(models.map(\.version).sorted() == [1, 2, 4])
    #expect(models.allSatisfy { $0.groupID == group && $0.state == "REGISTERED" })
    let first = try await registry.read(GetModel(ids[0]), by: .user1)
    #expect(first.configuration == Array(#"{"a": [1]}"#.utf8))
    #expect(try await registry.read(GetGroup(group), by: .user1).latestVersion == 4)
  }

  @Test func modelsMoveToOtherGroups() async throws {
    let registry = try await ModelRegistry.test()
    let one = try await registry.perform(RegisterGroup("one"), by: .user1).output
    let two = try await registry.perform(RegisterGroup("two"), by: .user1).output
    let theirs = try await registry.perform(RegisterGroup("theirs"), by: .user2).output
    try await registry.perform(RegisterModel("x", in: two), by: .user1)
    let model = try await registry.perform(RegisterModel("m", in: one), by: .user1).output
    try await registry.perform(
      UpdateModel(model, name: "n", summary: "s", movingTo: two), by: .user1)
    // Within its group it stays what it is.
    try await registry.perform(UpdateModel(model, movingTo: two), by: .user1)
    let moved = try await registry.read(GetModel(model), by: .user1)
    #expect(moved.groupID == two && moved.version == 2)
    #expect(moved.name == "n" && moved.summary == "s")
    #expect(try await registry.perform(DeleteGroup(one), by: .user1).output)
    for (target, wanted) in [
      (
        theirs,
        "403 status_exception: User Doesn't have privilege to re-link this model to the target model group due to no access to the target model group with model group ID \(theirs)"
      ),
      (
        "nowhere",
        "404 status_exception: Failed to find the model group with the provided model group id in the update model input, MODEL_GROUP_ID: nowhere"
      ),
    ] {
      #expect(
        await line {
          try await registry.perform(UpdateModel(model, movingTo: target), by: .user1)
        } == wanted)
    }
  }

  @Test func modelsOfClosedGroupsAreOutOfSight() async throws {
    let registry = try await ModelRegistry.test()
    let model = try await registry.perform(RegisterModel("m"), by: .user1).output
    let denied =
      "403 status_exception: User doesn't have privilege to perform this operation on this model"
    #expect(await line { try await registry.read(GetModel(model), by: .user2).id } == denied)
    #expect(await line { try await registry.read(Predict(model), by: .user2).id } == denied)
    #expect(await line { try await registry.perform(DeployModel(model), by: .user2) } == denied)
    #expect(await line { try await registry.perform(DeleteModel(model), by: .user2) } == denied)
    #expect(
      await line { try await registry.perform(UpdateModel(model, name: "x"), by: .user2) }
        == denied + ", model ID \(model)")
    #expect(
      await line { try await registry.perform(UndeployModel(model), by: .user2) }
        == "400 illegal_argument_exception: No permission to undeploy model \(model)")
    #expect(try await registry.search(SearchModels(), by: .user2).items.isEmpty)
    #expect(try await registry.search(SearchModels(), by: .user1).items.map(\.id) == [model])
    #expect(
      await line { try await registry.read(GetModel("nowhere"), by: .user1).id }
        == "registry not_found: Failed to find model with the provided model id: nowhere")
  }

  @Test func deployingIsNoted() async throws {
    let registry = try await ModelRegistry.test()
    let model = try await registry.perform(RegisterModel("m"), by: .user1).output
    try await registry.perform(DeployModel(model), by: .user1)
    #expect(try await registry.read(GetModel(model), by: .user1).state == "DEPLOYED")
    #expect(
      await line {
        try await registry.perform(UndeployModel(model, among: [model, "other"]), by: .user1)
      } == "400 illegal_argument_exception: only support undeploy one model")
    try await registry.perform(UndeployModel(model), by: .user1)
    #expect(try await registry.read(GetModel(model), by: .user1).state == "UNDEPLOYED")
  }

  /// A model of the administrators' certificate is hidden from all, called by its name, and may be
  /// called by anybody.
  @Test func hiddenModelsAreTheAdministrators() async throws {
    let registry = try await ModelRegistry.test()
    let kirk = Request.Entity.user("CN=kirk", roles: [], superAdmin: true)
    let model = try await registry.perform(RegisterModel("hidden"), by: kirk).output
    #expect(model == "hidden")
    let denied =
      "403 status_exception: User doesn't have privilege to perform this operation on this model"
    #expect(await line { try await registry.read(GetModel(model), by: .root).id } == denied)
    #expect(await line { try await registry.read(Predict(model), by: .user3).id } == "hidden")
    #expect(try await registry.search(SearchModels(), by: .root).items.isEmpty)
    #expect(
      await line { try await registry.perform(RegisterModel("hidden"), by: kirk) }
        == "registry already_exists: there is a model `hidden`")
  }
}
