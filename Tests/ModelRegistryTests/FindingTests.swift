import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import Testing

/// Searches that sort and count.
@Suite struct FindingTests {
  /// Groups and models of three people, open and closed.
  static func filled() async throws -> ModelRegistry {
    let registry = try await ModelRegistry.test()
    for number in 0..<40 {
      let maker: Request.Entity = [.user1, .user2, .user3][number % 3]
      let access = GroupAccessParameters(accessMode: number % 2 == 0 ? "public" : "private")
      let id = try await registry.perform(
        RegisterGroup("g\(number)", id: "id\(number % 7)-\(number)", access: access), by: maker
      ).output
      try await registry.perform(RegisterModel("m\(number)", in: id), by: maker)
    }
    return registry
  }

  @Test func theySortAndCountWhatTheCallerCanFind() async throws {
    let registry = try await Self.filled()
    for person: Request.Entity in [.user1, .user2, .user3, .root] {
      let visible = try await registry.search(SearchGroups(limit: 1_000), by: person).items
      let wanted = visible.sorted {
        ($0.name.utf8.count, $0.id) < ($1.name.utf8.count, $1.id)
      }.map(\.id)
      for (from, size) in [(0, 100), (3, 5), (0, 0), (wanted.count - 1, 9), (500, 3)] {
        let found = try await registry.search(
          FindGroups(from: from, size: size) { $0.name.utf8.count }, by: person)
        #expect(found.total == wanted.count && found.isComplete && found.wasEverUsed)
        #expect(found.hits.map(\.item.id) == Array(wanted.dropFirst(from).prefix(size)))
        #expect(found.hits.allSatisfy { $0.revision > 0 && $0.rank == $0.item.name.utf8.count })
      }
      let models = try await registry.search(SearchModels(limit: 1_000), by: person).items
      let found = try await registry.search(FindModels(size: 100) { _ in 0 }, by: person)
      #expect(found.hits.map(\.item) == models)
      let last = try #require(models.last?.id)
      let one = try await registry.search(
        FindModels(in: .ids([last, "nowhere"])) { _ in 0 }, by: person)
      #expect(one.hits.map(\.item.id) == [last])
    }
  }

  /// Where a search looks opens nothing.
  @Test func scopesShowNoMore() async throws {
    let registry = try await Self.filled()
    let theirs = try #require(
      try await registry.search(SearchGroups(limit: 100), by: .user1).items.first {
        $0.access == .private
      })
    for scope in [FindScope.ids([theirs.id, theirs.id]), .names([theirs.name, "nowhere"])] {
      let mine = try await registry.search(FindGroups(in: scope) { _ in 0 }, by: .user1)
      #expect(mine.hits.map(\.item.id) == [theirs.id] && mine.total == 1)
      let other = try await registry.search(FindGroups(in: scope) { _ in 0 }, by: .user2)
      #expect(other.hits.isEmpty && other.total == 0)
    }
    let nobody = Request.Entity.user("nobody", roles: [])
    await #expect(throws: Refusal.self) {
      try await registry.search(FindGroups { _ in 0 }, by: nobody)
    }
    await #expect(throws: Refusal.self) {
      try await registry.search(FindModels { _ in 0 }, by: nobody)
    }
  }

  @Test func windowsAreLimited() async throws {
    let registry = try await ModelRegistry.test()
    let most = RegistryLimits.searchWindow
    #expect(
      try await registry.search(FindGroups(from: most - 1, size: 1) { _ in 0 }, by: .user1).total
        == 0)
    for (from, size) in [(most, 1), (0, most + 1), (1, .max), (-1, 1), (0, -1)] {
      await #expect(throws: RegistryError.self) {
        try await registry.search(FindGroups(from: from, size: size) { _ in 0 }, by: .user1)
      }
      await #expect(throws: RegistryError.self) {
        try await registry.search(FindModels(from: from, size: size) { _ in 0 }, by: .user1)
      }
    }
  }

  /// The best of many candidates, in whatever order they come, and the end of looking.
  @Test func candidatesAreLimited() throws {
    let most = RegistryLimits.candidatesPerSearch
    func collect(_ count: Int) throws -> FindRules.Matches<Int> {
      try FindRules.collect(
        from: 2, size: 3, id: { (number: Int) in String(number + 1_000_000) },
        candidates: { after, limit in
          let first = after.flatMap { Int($0) }.map { $0 - 999_999 } ?? 0
          return Array(first..<min(count, first + limit))
        },
        // Spread, so that the best come from everywhere.
        match: { $0 % 2 == 0 ? ($0 * 7_919) % 99_991 : nil })
    }
    for count in [0, 1, 511, 512, 513, 5_000, most] {
      let matches = try collect(count)
      #expect(matches.isComplete && matches.total == (count + 1) / 2)
      let ranks = stride(from: 0, to: count, by: 2).map { ($0 * 7_919) % 99_991 }.sorted()
      #expect(matches.page.map(\.rank) == Array(ranks.dropFirst(2).prefix(3)))
    }
    #expect(try !collect(most + 1).isComplete)
  }

  @Test func resultsAreLimited() async throws {
    let registry = try await ModelRegistry.test()
    let large = String(repeating: "a", count: RegistryLimits.operationBytes - 100_000)
    let count = RegistryLimits.foundBytes / large.utf8.count
    for number in 0...count {
      try await registry.perform(
        RegisterModel("m\(number)", configuration: Array(#"{"a":"\#(large)"}"#.utf8)), by: .user1)
    }
    let fitting = try await registry.search(FindModels(size: count) { _ in 0 }, by: .user1)
    #expect(fitting.hits.count == count)
    await #expect(throws: RegistryError.self) {
      try await registry.search(FindModels(size: count + 1) { _ in 0 }, by: .user1)
    }
  }

  @Test func settingsAreRead() async throws {
    let registry = try await ModelRegistry.test()
    #expect(try await registry.read(ReadSettings(), by: .root).isEmpty)
    try await registry.perform(ChangeSetting(.accessControl, to: "false"), by: .root)
    #expect(try await registry.read(ReadSettings(), by: .user1) == [.accessControl: "false"])
    await #expect(throws: Refusal.self) {
      try await registry.read(ReadSettings(), by: .user("nobody", roles: []))
    }
  }
}
