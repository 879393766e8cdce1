import ModelRegistry
import PolicyEngine
import RegistryRaces
import Testing

/// Model groups against the shipped rules: what the replayed cases do not say.
@Suite struct GroupTests {
  @Test func registeringFillsInWhatIsNotSaid() async throws {
    let registry = try await ModelRegistry.test()
    let cases: [(access: GroupAccessParameters, wanted: String)] = [
      (.init(), "private []"), (.init(accessMode: "PUBLIC"), "public []"),
      (.init(accessMode: "shared"), "private []"), (.init(accessMode: "PrİVATE"), "private []"),
      (.init(backendRoles: ["HR"]), "restricted [HR]"),
      (.init(addAllBackendRoles: true), "restricted [IT, HR]"),
      (.init(accessMode: "Restricted", addAllBackendRoles: true), "restricted [IT, HR]"),
      (.init(backendRoles: [], addAllBackendRoles: false), "private []"),
    ]
    for (number, one) in cases.enumerated() {
      let id = try await registry.perform(
        RegisterGroup("group \(number)", summary: "s", access: one.access), by: .user1
      ).output
      #expect(id.utf8.count == 20 && id.utf8.allSatisfy { $0 < 128 })
      let group = try await registry.read(GetGroup(id), by: .root)
      #expect("\(group.access) [\(group.backendRoles.joined(separator: ", "))]" == one.wanted)
      #expect(group.owner?.name == "user1" && group.owner?.backendRoles == ["IT", "HR"])
      #expect(group.createdTime == group.lastUpdatedTime && group.createdTime > 0)
    }
  }

  @Test func withoutAccessControlGroupsAreEverybodys() async throws {
    let registry = try await ModelRegistry.test()
    try await registry.perform(ChangeSetting(.accessControl, to: "false"), by: .root)
    let id = try await registry.perform(RegisterGroup("g"), by: .user1).output
    let group = try await registry.read(GetGroup(id), by: .user3)
    #expect(group.owner == nil && group.access == .public && group.backendRoles.isEmpty)
    // So are those of the administrators' certificate.
    try await registry.perform(ChangeSetting(.accessControl, to: nil), by: .root)
    let kirk = Request.Entity.user("CN=kirk", roles: [], superAdmin: true)
    let other = try await registry.perform(RegisterGroup("h"), by: kirk).output
    #expect(try await registry.read(GetGroup(other), by: .user3).owner == nil)
  }

  /// A deliberate departure: groups that are made on the way are their maker's.
  @Test func groupsMadeOnTheWayArePrivate() async throws {
    let registry = try await ModelRegistry.test()
    try await registry.perform(RegisterModel("mine", summary: "s"), by: .user1)
    let found = try await registry.search(SearchGroups(), by: .user1).items
    #expect(found.map(\.name) == ["mine"])
    #expect(found[0].access == .private && found[0].owner?.name == "user1")
    #expect(found[0].latestVersion == 1)
    #expect(try await registry.search(SearchGroups(), by: .user2).items.isEmpty)
    #expect(
      await line { try await registry.perform(RegisterModel("mine"), by: .user2) }
        == "400 illegal_argument_exception: The name {mine} you provided is unavailable because it is used by another model group with id {\(found[0].id)} to which you do not have access. Please provide a different name."
    )
  }

  @Test func namesMoveWithTheirGroups() async throws {
    let registry = try await ModelRegistry.test()
    let id = try await registry.perform(RegisterGroup("one"), by: .user1).output
    try await registry.perform(UpdateGroup(id, name: "two", summary: "new"), by: .user1)
    let group = try await registry.read(GetGroup(id), by: .user1)
    #expect(group.name == "two" && group.summary == "new")
    #expect(group.lastUpdatedTime > group.createdTime)
    // The old name is free again, the new one is not; nor can it be cleared.
    let other = try await registry.perform(RegisterGroup("one"), by: .user2).output
    #expect(
      await line { try await registry.perform(RegisterGroup("two"), by: .user2) }
        == "400 illegal_argument_exception: The name you provided is already being used by a model group with ID: \(id)."
    )
    #expect(
      await line { try await registry.perform(UpdateGroup(other, name: "two"), by: .user2) }
        == "400 illegal_argument_exception: The name you provided is already being used by another model with ID: \(id). Please provide a different name"
    )
    for blank in ["", " ", "\u{3000}\t"] {
      try await registry.perform(UpdateGroup(id, name: blank, summary: blank), by: .user1)
    }
    #expect(try await registry.read(GetGroup(id), by: .user1).name == "two")
    // To the name that it has, it may be renamed.
    try await registry.perform(UpdateGroup(id, name: "two"), by: .user1)
    try await registry.perform(DeleteGroup(id), by: .user1)
    try await registry.perform(UpdateGroup(other, name: "two"), by: .user2)
    #expect(try await Invariants.faults(of: registry).isEmpty)
  }

  /// Names go by their bytes: what looks alike is not the same name.
  @Test func namesThatLookAlikeAreTwo() async throws {
    let registry = try await ModelRegistry.test(policies: try Policies.lenient.get())
    let one = try await registry.perform(RegisterGroup("\u{E9}"), by: .user1).output
    let other = try await registry.perform(RegisterGroup("e\u{301}"), by: .user1).output
    try await registry.perform(UpdateGroup(one, name: "x"), by: .user1)
    try await registry.perform(UpdateGroup(other, name: "\u{E9}"), by: .user1)
    try await registry.perform(RegisterGroup("e\u{301}"), by: .user1)
    #expect(
      await line { try await registry.perform(RegisterGroup("\u{E9}"), by: .user1) }
        == "registry already_exists: model group `\(other)` has the name `\u{E9}`")
  }

  @Test func deletingTellsWhetherThereWasOne() async throws {
    let registry = try await ModelRegistry.test()
    #expect(
      await line { try await registry.perform(DeleteGroup("x"), by: .user1) }
        == "404 status_exception: Failed to find model group")
    let id = try await registry.perform(RegisterGroup("g"), by: .user1).output
    #expect(
      await line { try await registry.perform(DeleteGroup(id), by: .user2) }
        == "403 status_exception: User doesn't have privilege to delete this model group")
    #expect(try await registry.perform(DeleteGroup(id), by: .user1).output)
    #expect(try await !registry.perform(DeleteGroup(id), by: .user1).output)
    // The last group is gone, but there were some once.
    #expect(
      await line { try await registry.read(GetGroup(id), by: .user1).name }
        == "404 status_exception: Failed to find model group with the provided model group id: \(id)"
    )
  }

  @Test func whoMayUseAGroupChangesWithUpdates() async throws {
    let registry = try await ModelRegistry.test()
    let id = try await registry.perform(RegisterGroup("g"), by: .user1).output
    let steps: [(access: GroupAccessParameters, wanted: String, others: Bool)] = [
      (.init(backendRoles: ["IT"]), "restricted [IT]", true),
      (.init(accessMode: "private"), "private []", false),
      (.init(addAllBackendRoles: true), "restricted [IT, HR]", true),
      (.init(accessMode: "public"), "public []", true),
      (.init(accessMode: "restricted", backendRoles: ["HR"]), "restricted [HR]", false),
      (.init(), "restricted [HR]", false),
    ]
    for step in steps {
      try await registry.perform(UpdateGroup(id, access: step.access), by: .user1)
      let group = try await registry.read(GetGroup(id), by: .root)
      #expect("\(group.access) [\(group.backendRoles.joined(separator: ", "))]" == step.wanted)
      let seen = await line { try await registry.read(GetGroup(id), by: .user2).name }
      #expect((seen == "g") == step.others, "\(step.wanted): \(seen)")
      #expect(
        try await registry.search(SearchGroups(), by: .user2).items.count == (step.others ? 1 : 0))
    }
  }

  /// Searches ask the same policies as `get`, about every candidate, in whatever portions.
  @Test func searchesHoldWhatPoliciesShow() async throws {
    let registry = try await ModelRegistry.test()
    let modes: [GroupAccessParameters] = [
      .init(), .init(accessMode: "public"), .init(addAllBackendRoles: true),
    ]
    for number in 0..<90 {
      let maker: Request.Entity = [.user1, .user2, .user3][number % 3]
      try await registry.perform(
        RegisterGroup("g\(number)", access: modes[(number / 3) % 3]), by: maker)
    }
    for person: Request.Entity in [.user1, .user2, .user3, .root] {
      var wanted: [String] = []
      let all = try await registry.search(SearchGroups(limit: 1_000), by: .root).items
      #expect(all.count == 90)
      for group in all {
        let seen = await line { try await registry.read(GetGroup(group.id), by: person).id }
        if seen == group.id { wanted.append(group.id) }
      }
      #expect(wanted.count >= 50 && (person.id == "root") == (wanted.count == 90))
      for size in [1, 13, 1_000] {
        var (found, after): ([String], String?) = ([], nil)
        repeat {
          let page = try await registry.search(
            SearchGroups(after: after, limit: size), by: person)
          found += page.items.map(\.id)
          after = page.next
        } while after != nil
        #expect(found == wanted, "\(person.id) in pages of \(size)")
      }
    }
  }
}
