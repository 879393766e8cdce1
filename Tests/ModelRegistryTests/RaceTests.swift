import ModelRegistry
import PolicyEngine
import PolicyGate
import StoreContract
import Testing

/// Of many that may not all have their way, as many have it as may.
@Suite struct RaceTests {
  static let racers = 24

  /// Runs it many times at once and counts what came of it.
  static func race(
    _ body: @escaping @Sendable (Int) async throws -> String
  ) async -> [String: Int] {
    await withTaskGroup(of: String.self) { tasks in
      for number in 0..<racers { tasks.addTask { await line { try await body(number) } } }
      return await tasks.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
  }

  /// Upstream, two that register one name at once can both succeed.
  @Test func aGroupsNameIsOnes() async throws {
    let registry = try await ModelRegistry.test(YieldingStore(MemoryStore()))
    for round in 0..<10 {
      let counts = await Self.race { number in
        try await registry.perform(RegisterGroup("name \(round)"), by: .user1)
        return "ok"
      }
      #expect(counts["ok"] == 1 && counts.count == 2, "\(counts)")
    }
    #expect(try await Invariants.faults(of: registry).isEmpty)
  }

  /// Upstream, two that put an alias without `reassign` can both succeed.
  @Test func anAliasIsAssignedOnce() async throws {
    let registry = try await ModelRegistry.test(YieldingStore(MemoryStore()))
    for number in 0..<Self.racers {
      try await registry.perform(PutTrainedModel(TrainedModel(id: "m\(number)")), by: .mona)
    }
    for round in 0..<10 {
      let alias = "alias_\(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][round])"
      let counts = await Self.race { number in
        try await registry.perform(PutAlias(alias, of: "m\(number)"), by: .mona)
        return "ok"
      }
      #expect(counts["ok"] == 1, "\(counts)")
      let holder = try await registry.read(ResolveAlias(alias), by: .mona)
      let refusal =
        "400 status_exception: cannot assign model_alias [\(alias)] to model_id"
      #expect(counts.keys.filter { $0.hasPrefix(refusal) }.count == Self.racers - 1)
      // All losers were refused for the alias that won.
      #expect(
        counts.keys.filter { $0 != "ok" }.allSatisfy {
          $0.contains("already refers to [\(holder)]")
        })
    }
  }

  @Test func renamesToOneNameAreOnes() async throws {
    let registry = try await ModelRegistry.test(YieldingStore(MemoryStore()))
    var made: [String] = []
    for number in 0..<Self.racers {
      made.append(
        try await registry.perform(RegisterGroup("group \(number)"), by: .user1).output)
    }
    let ids = made
    for round in 0..<5 {
      let counts = await Self.race { number in
        try await registry.perform(UpdateGroup(ids[number], name: "new \(round)"), by: .user1)
        return "ok"
      }
      #expect(counts["ok"] == 1 && counts.count == 2, "\(counts)")
    }
    #expect(try await Invariants.faults(of: registry).isEmpty)
  }

  /// A model and an alias of one name, a deletion and an alias on what is deleted.
  @Test func nothingDanglesWhoeverIsFirst() async throws {
    let registry = try await ModelRegistry.test(YieldingStore(MemoryStore()))
    try await registry.perform(PutTrainedModel(TrainedModel(id: "base")), by: .mona)
    var (models, dangling) = (0, 0)
    for round in 0..<30 {
      try await registry.perform(PutTrainedModel(TrainedModel(id: "m\(round)")), by: .mona)
      let name = "x\(round)y"
      async let asModel = line {
        try await registry.perform(PutTrainedModel(TrainedModel(id: name)), by: .mona)
      }
      async let asAlias = line { try await registry.perform(PutAlias(name, of: "base"), by: .mona) }
      async let deleted = line {
        try await registry.perform(DeleteTrainedModel("m\(round)"), by: .mona)
      }
      async let aliased = line {
        try await registry.perform(PutAlias("of\(round)m", of: "m\(round)"), by: .mona)
      }
      let lines = await [asModel, asAlias, deleted, aliased]
      #expect(lines[0...1].filter { $0 == "ok" }.count == 1, "\(lines)")
      #expect(lines[2] == "ok")
      if lines[0] == "ok" { models += 1 }
      if lines[3] == "ok" { dangling += 1 }
    }
    print("model before alias \(models) of 30 times, alias before deletion \(dangling) of 30 times")
    #expect(try await Invariants.faults(of: registry).isEmpty)
  }

  @Test func versionsAreNotGivenTwice() async throws {
    let registry = try await ModelRegistry.test(YieldingStore(MemoryStore()))
    let group = try await registry.perform(RegisterGroup("g"), by: .user1).output
    let counts = await Self.race { number in
      try await registry.perform(
        RegisterModel("m\(number)", in: number % 2 == 0 ? group : nil), by: .user1)
      return "ok"
    }
    #expect(counts == ["ok": Self.racers])
    let models = try await registry.search(SearchModels(), by: .user1).items
    #expect(
      models.filter { $0.groupID == group }.map(\.version).sorted() == Array(1...Self.racers / 2))
    #expect(try await Invariants.faults(of: registry).isEmpty)
  }

  /// A group is deleted only while nothing is in it, whoever is first.
  @Test func groupsAreDeletedOnlyIfEmpty() async throws {
    let registry = try await ModelRegistry.test(YieldingStore(MemoryStore()))
    var deletions = 0
    for round in 0..<30 {
      let group = try await registry.perform(RegisterGroup("g\(round)"), by: .user1).output
      async let deleted = line { try await registry.perform(DeleteGroup(group), by: .user1) }
      async let registered = line {
        try await registry.perform(RegisterModel("m", in: group), by: .user1)
      }
      let lines = await [deleted, registered]
      #expect(lines.filter { $0 == "ok" }.count == 1, "\(lines)")
      if lines[0] == "ok" { deletions += 1 }
    }
    print("deletion before registration \(deletions) of 30 times")
    #expect(try await Invariants.faults(of: registry).isEmpty)
  }

  /// Switching access control off and on lets nobody through who was judged the other way.
  @Test func settingsBindWhatTheyJudged() async throws {
    let registry = try await ModelRegistry.test(YieldingStore(MemoryStore()))
    let group = try await registry.perform(RegisterGroup("g"), by: .user1).output
    var (strangers, refusals) = (0, 0)
    for _ in 0..<6 {
      let counts = await Self.race { number in
        if number % 4 == 0 {
          let value = number % 8 == 0 ? "false" : "true"
          try await registry.perform(ChangeSetting(.accessControl, to: value), by: .root)
          return "set"
        }
        try await registry.perform(UpdateGroup(group, summary: "\(number)"), by: .user3)
        return "ok"
      }
      #expect(counts["set"] == Self.racers / 4)
      strangers += counts["ok"] ?? 0
      refusals += counts.filter { $0.key.hasPrefix("400") }.values.reduce(0, +)
    }
    var (isOn, found) = (true, 0)
    for record in try await registry.logged() where record.kind == "performed" {
      let action = record.request?.action
      if action?.name == ChangeSetting.action {
        isOn = action?.properties?["value"] == .string("true")
      }
      if action?.name == UpdateGroup.action {
        found += 1
        #expect(!isOn, "a stranger changed a private group")
      }
    }
    #expect(found == strangers && strangers + refusals == 6 * Self.racers * 3 / 4)
    print("strangers got through \(strangers) times, while it was off; \(refusals) refused")
  }
}
