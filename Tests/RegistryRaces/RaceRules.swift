package import ModelRegistry
import PolicyEngine
import PolicyGate
import StoreContract

/// Of many that may not all have their way, as many have it as may: on every store.
///
/// ```swift
/// @Test(arguments: RaceRules.all)
/// func keeps(_ rule: RaceRule) async throws {
///   try await rule.check { try await ModelRegistry.test(MyStore()) }
/// }
/// ```
package enum RaceRules {
  /// Makes an empty registry under the shipped policies.
  package typealias Maker = @Sendable () async throws -> ModelRegistry

  /// All of them.
  package static let all = [
    RaceRule("a group's name is one group's", aGroupsNameIsOnes),
    RaceRule("an alias is assigned once", anAliasIsAssignedOnce),
    RaceRule("of renames to one name one is done", renamesToOneNameAreOnes),
    RaceRule("nothing dangles, whoever is first", nothingDanglesWhoeverIsFirst),
    RaceRule("no version is given twice", versionsAreNotGivenTwice),
    RaceRule("groups are deleted only while they are empty", groupsAreDeletedOnlyIfEmpty),
    RaceRule("settings bind what they judged", settingsBindWhatTheyJudged),
  ]

  private static func requireWhole(_ registry: ModelRegistry) async throws {
    try requireEqual(try await Invariants.faults(of: registry), [], "what does not hold")
    _ = try await registry.logged()
  }

  private static let racers = 24

  /// Runs it many times at once and counts what came of it.
  private static func race(
    _ body: @escaping @Sendable (Int) async throws -> String
  ) async -> [String: Int] {
    await withTaskGroup(of: String.self) { tasks in
      for number in 0..<racers { tasks.addTask { await line { try await body(number) } } }
      return await tasks.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
  }

  /// Upstream, two that register one name at once can both succeed.
  private static func aGroupsNameIsOnes(_ make: Maker) async throws {
    let registry = try await make()
    for round in 0..<10 {
      let counts = await race { number in
        try await registry.perform(RegisterGroup("name \(round)"), by: .user1)
        return "ok"
      }
      try require(counts["ok"] == 1 && counts.count == 2, "\(counts)")
    }
    try await requireWhole(registry)
  }

  /// Upstream, two that put an alias without `reassign` can both succeed.
  private static func anAliasIsAssignedOnce(_ make: Maker) async throws {
    let registry = try await make()
    for number in 0..<racers {
      try await registry.perform(PutTrainedModel(TrainedModel(id: "m\(number)")), by: .mona)
    }
    for round in 0..<10 {
      let alias = "alias_\(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][round])"
      let counts = await race { number in
        try await registry.perform(PutAlias(alias, of: "m\(number)"), by: .mona)
        return "ok"
      }
      try require(counts["ok"] == 1, "\(counts)")
      let holder = try await registry.read(ResolveAlias(alias), by: .mona)
      let refusal =
        "400 status_exception: cannot assign model_alias [\(alias)] to model_id"
      // All losers were refused, for the alias that won.
      let refused = counts.keys.filter {
        $0.hasPrefix(refusal) && $0.contains("already refers to [\(holder)]")
      }
      try requireEqual(refused.count, racers - 1, "refused for the alias of \(holder)")
    }
  }

  private static func renamesToOneNameAreOnes(_ make: Maker) async throws {
    let registry = try await make()
    var made: [String] = []
    for number in 0..<racers {
      made.append(
        try await registry.perform(RegisterGroup("group \(number)"), by: .user1).output)
    }
    let ids = made
    for round in 0..<5 {
      let counts = await race { number in
        try await registry.perform(UpdateGroup(ids[number], name: "new \(round)"), by: .user1)
        return "ok"
      }
      try require(counts["ok"] == 1 && counts.count == 2, "\(counts)")
    }
    try await requireWhole(registry)
  }

  /// A model and an alias of one name, a deletion and an alias on what is deleted.
  private static func nothingDanglesWhoeverIsFirst(_ make: Maker) async throws {
    let registry = try await make()
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
      try require(lines[0...1].filter { $0 == "ok" }.count == 1, "\(lines)")
      try requireEqual(lines[2], "ok", "the deletion")
      if lines[0] == "ok" { models += 1 }
      if lines[3] == "ok" { dangling += 1 }
    }
    print("model before alias \(models) of 30 times, alias before deletion \(dangling) of 30 times")
    try await requireWhole(registry)
  }

  private static func versionsAreNotGivenTwice(_ make: Maker) async throws {
    let registry = try await make()
    let group = try await registry.perform(RegisterGroup("g"), by: .user1).output
    let counts = await race { number in
      try await registry.perform(
        RegisterModel("m\(number)", in: number % 2 == 0 ? group : nil), by: .user1)
      return "ok"
    }
    try requireEqual(counts, ["ok": racers], "registrations")
    let models = try await registry.search(SearchModels(), by: .user1).items
    let versions = models.filter { $0.groupID == group }.map(\.version).sorted()
    try requireEqual(versions, Array(1...racers / 2), "versions in the group")
    try await requireWhole(registry)
  }

  /// A group is deleted only while nothing is in it, whoever is first.
  private static func groupsAreDeletedOnlyIfEmpty(_ make: Maker) async throws {
    let registry = try await make()
    var deletions = 0
    for round in 0..<30 {
      let group = try await registry.perform(RegisterGroup("g\(round)"), by: .user1).output
      async let deleted = line { try await registry.perform(DeleteGroup(group), by: .user1) }
      async let registered = line {
        try await registry.perform(RegisterModel("m", in: group), by: .user1)
      }
      let lines = await [deleted, registered]
      try require(lines.filter { $0 == "ok" }.count == 1, "\(lines)")
      if lines[0] == "ok" { deletions += 1 }
    }
    print("deletion before registration \(deletions) of 30 times")
    try await requireWhole(registry)
  }

  /// Switching access control off and on lets nobody through who was judged the other way.
  private static func settingsBindWhatTheyJudged(_ make: Maker) async throws {
    let registry = try await make()
    let group = try await registry.perform(RegisterGroup("g"), by: .user1).output
    var (strangers, refusals) = (0, 0)
    for _ in 0..<6 {
      let counts = await race { number in
        if number % 4 == 0 {
          let value = number % 8 == 0 ? "false" : "true"
          try await registry.perform(ChangeSetting(.accessControl, to: value), by: .root)
          return "set"
        }
        try await registry.perform(UpdateGroup(group, summary: "\(number)"), by: .user3)
        return "ok"
      }
      try requireEqual(counts["set"], racers / 4, "changes of the setting")
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
        try require(!isOn, "a stranger changed a private group")
      }
    }
    try requireEqual(found, strangers, "strangers in the log")
    try requireEqual(strangers + refusals, 6 * racers * 3 / 4, "answers to strangers")
    try await requireWhole(registry)
    print("strangers got through \(strangers) times, while it was off; \(refusals) refused")
  }
}

/// Something that must hold of racing callers.
package struct RaceRule: Sendable, CustomStringConvertible {
  /// What it says.
  package let description: String
  /// Races on a registry that `make` makes.
  ///
  /// Throws `ContractViolation` if the rule does not hold.
  package let check: @Sendable (_ make: @escaping RaceRules.Maker) async throws -> Void

  init(
    _ description: String, _ check: @escaping @Sendable (RaceRules.Maker) async throws -> Void
  ) {
    (self.description, self.check) = (description, { try await check($0) })
  }
}
