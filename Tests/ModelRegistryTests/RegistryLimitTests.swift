import ModelRegistry
import PolicyEngine
import RegistryRaces
import StoreContract
import Testing

/// Each limit of the registry, from both sides.
@Suite struct RegistryLimitTests {
  static func lenient() async throws -> ModelRegistry {
    try await ModelRegistry.test(policies: try Policies.lenient.get())
  }

  @Test func names() async throws {
    let registry = try await Self.lenient()
    let longest = String(repeating: "n", count: RegistryLimits.nameBytes)
    #expect(await line { try await registry.perform(RegisterGroup(longest), by: .user1) } == "ok")
    let tooLong =
      "registry too_large: the model group name has \(RegistryLimits.nameBytes + 1) bytes"
    #expect(
      await line { try await registry.perform(RegisterGroup(longest + "n"), by: .user1) } == tooLong
    )
    #expect(
      await line { try await registry.rehearse(RegisterGroup(longest + "n"), by: .user1) }
        == tooLong)
    for (operation, what) in [
      (PutAlias(longest + "n", of: "m"), "alias"), (PutAlias("a", of: longest + "n"), "model id"),
    ] {
      #expect(
        await line { try await registry.perform(operation, by: .user1) }
          == "registry too_large: the \(what) has \(RegistryLimits.nameBytes + 1) bytes")
    }
  }

  @Test func operationBytes() async throws {
    let registry = try await Self.lenient()
    // The id counts too.
    let most = RegistryLimits.operationBytes - 1 - "api_userplatinum".utf8.count
    func model(_ count: Int) -> TrainedModel {
      TrainedModel(id: "m", summary: String(repeating: "s", count: count))
    }
    #expect(
      await line { try await registry.perform(PutTrainedModel(model(most + 1)), by: .mona) }
        == "registry too_large: the parameters come to more than \(RegistryLimits.operationBytes) bytes"
    )
    #expect(
      await line { try await registry.perform(PutTrainedModel(model(most)), by: .mona) } == "ok")
    #expect(
      try await registry.read(GetTrainedModel("m"), by: .mona).model.summary?.utf8.count == most)
    // Even of empty texts there can only be so many.
    let empty = [String](repeating: "", count: RegistryLimits.operationBytes / 8 + 1)
    #expect(
      await line { try await registry.perform(PutPipeline("p", naming: empty), by: .mona) }
        .hasPrefix("registry too_large"))
  }

  /// What an operation lets in, however it is escaped, can be read back.
  @Test func whatIsLetInCanBeRead() async throws {
    let registry = try await Self.lenient()
    let worst = String(repeating: "\u{1}", count: RegistryLimits.operationBytes - 100)
    try await registry.perform(
      PutTrainedModel(TrainedModel(id: "m", summary: worst)), by: .mona)
    let numbers = String(repeating: "1,", count: RegistryLimits.operationBytes / 4 - 100)
    let configuration = Array("{\"a\":[\(numbers)1]}".utf8)
    try await registry.perform(
      PutTrainedModel(TrainedModel(id: "n", configuration: configuration)), by: .mona)
    for id in ["m", "n"] {
      let model = try await registry.read(GetTrainedModel(id), by: .mona).model
      let bytes = Record.trainedModel(model).bytes
      #expect(try Record(kind: .trainedModel, name: id, bytes: bytes) == .trainedModel(model))
    }
  }

  @Test func configurations() async throws {
    let registry = try await Self.lenient()
    func nested(_ depth: Int) -> [UInt8] {
      Array(
        (String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth))
          .utf8)
    }
    func put(_ configuration: [UInt8]) async -> String {
      await line {
        try await registry.perform(RegisterModel("m", configuration: configuration), by: .user1)
      }
    }
    #expect(await put(nested(RegistryLimits.configurationDepth)) == "ok")
    let tooDeep = await put(nested(RegistryLimits.configurationDepth + 1))
    #expect(tooDeep.hasPrefix("registry invalid: the configuration can't be read"), "\(tooDeep)")
    for bad in ["[]", "1", "{", "{\"a\":1}x", "{\"a\":1,\"a\":2}", "\u{FEFF}{}"] {
      let found = await put(Array(bad.utf8))
      #expect(found.hasPrefix("registry invalid: the configuration"), "\(bad): \(found)")
    }
    #expect(await put([]) == "ok")
  }

  @Test func definitions() async throws {
    let registry = try await Self.lenient()
    try await registry.perform(PutTrainedModel(TrainedModel(id: "later")), by: .mona)
    let largest = [UInt8](repeating: 1, count: RegistryLimits.definitionBytes)
    let tooLarge = largest + [1]
    let refusal =
      "registry too_large: the definition has \(RegistryLimits.definitionBytes + 1) bytes"
    #expect(
      await line {
        try await registry.perform(
          PutTrainedModel(TrainedModel(id: "m"), definition: tooLarge), by: .mona)
      } == refusal)
    #expect(
      await line { try await registry.perform(PutDefinition(tooLarge, of: "later"), by: .mona) }
        == refusal)
    try await registry.perform(PutDefinition(largest, of: "later"), by: .mona)
    #expect(try await registry.read(GetDefinition("later"), by: .mona).count == largest.count)
  }

  @Test(arguments: [
    (RegistrySetting.accessControl, "yes"), (.accessControl, ""), (.accessControl, "TRUE"),
    (.license, ""), (.deploymentLimit, "-1"), (.deploymentLimit, "many"), (.deploymentLimit, ""),
    (.deploymentLimit, "99999999999999999999"),
  ])
  func settings(_ setting: RegistrySetting, _ value: String) async throws {
    let registry = try await Self.lenient()
    let found = await line {
      try await registry.perform(ChangeSetting(setting, to: value), by: .root)
    }
    #expect(found.hasPrefix("registry invalid: setting `\(setting.rawValue)` can't be"))
  }

  /// Counters at the end of their range are an error, not a trap.
  @Test func versionsDoNotOverflow() async throws {
    let store = MemoryStore()
    try await store.mustPut(
      [
        .group(ModelGroup(id: "g", name: "g", latestVersion: .max, access: .public)),
        .groupName(name: "g", group: "g"),
        .groupModel(GroupModel(id: "m", name: "m", groupID: nil)),
      ], key: "k")
    let registry = try await ModelRegistry.test(store, policies: try Policies.lenient.get())
    let full = "registry too_large: model group `g` has as many versions as there can be"
    #expect(await line { try await registry.perform(RegisterModel("g"), by: .user1) } == full)
    #expect(
      await line { try await registry.perform(UpdateModel("m", movingTo: "g"), by: .user1) } == full
    )
  }

  /// A group that is named and not there would open what it shall close: nothing is answered.
  @Test func groupsThatAreMissingAreDamage() async throws {
    let store = MemoryStore()
    try await store.mustPut(
      [
        .groupModel(GroupModel(id: "m", name: "m", groupID: "gone")),
        .trainedModel(TrainedModel(id: "t", groupID: "gone")),
      ], key: "k")
    let registry = try await ModelRegistry.test(store)
    for found in [
      await line { try await registry.read(GetModel("m"), by: .user1).id },
      await line { try await registry.read(GetTrainedModel("t"), by: .mona).model.id },
      await line { try await registry.perform(PutAlias("a", of: "t"), by: .mona) },
      await line { "\(try await registry.search(SearchModels(), by: .user1).items.count)" },
    ] {
      #expect(found.contains("is in model group `gone`, which is not there"), "\(found)")
    }
  }
}

/// What came of a rehearsal, as a line.
private func line(_ body: () async throws -> Rehearsal) async -> String {
  await line { () async throws -> String in try await body().wouldSucceed ? "ok" : "refused" }
}
