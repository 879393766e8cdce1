import ModelRegistry
import PolicyEngine
import PolicyGate
import RegistryRaces
import StoreContract
import Testing

/// Reads are decisions too: judged, logged, and not answered if that fails.
@Suite struct ReadingTests {
  static func registry(
    _ store: any RegistryStore = MemoryStore(), unlogged: Int
  ) async throws -> (ModelRegistry, group: String) {
    let registry = try await ModelRegistry.test(store, unloggedReads: unlogged)
    let group = try await registry.perform(RegisterGroup("g"), by: .user1).output
    return (registry, group)
  }

  static func reads(_ registry: ModelRegistry) async throws -> Int {
    try await registry.logged().filter { $0.kind == "read" }.count
  }

  @Test func eachReadIsLoggedBeforeItIsAnswered() async throws {
    let (registry, group) = try await Self.registry(unlogged: 0)
    for number in 1...5 {
      _ = try await registry.read(GetGroup(group), by: .user1)
      #expect(try await Self.reads(registry) == number)
    }
    _ = try await registry.search(SearchGroups(), by: .user1)
    #expect(try await Self.reads(registry) == 6)
  }

  /// A refusal is durable before it is answered, and what waits goes before it.
  @Test func refusalsDoNotWait() async throws {
    let (registry, group) = try await Self.registry(unlogged: 100)
    _ = try await registry.read(GetGroup(group), by: .user1)
    #expect(await line { try await registry.read(GetGroup(group), by: .user2).id }.hasPrefix("403"))
    #expect(try await registry.logged().map(\.kind) == ["policy", "performed", "read", "refused"])
  }

  /// While the log can't be written nothing is read, and when it can, no record is lost.
  @Test func withoutALogNothingIsRead() async throws {
    let faults = Switch()
    let store = AppendSwitchStore(MemoryStore(), fails: faults)
    let (registry, group) = try await Self.registry(store, unlogged: 3)
    for _ in 0..<3 { _ = try await registry.read(GetGroup(group), by: .user1) }
    faults.isOn = true
    for _ in 0..<5 {
      let found = await line { try await registry.read(GetGroup(group), by: .user1).id }
      #expect(found.contains("the store is not available"))
      let search = await line {
        "\(try await registry.search(SearchGroups(), by: .user1).items.count)"
      }
      #expect(search.contains("the store is not available"))
      let refusal = await line { try await registry.read(GetGroup(group), by: .user2).id }
      #expect(refusal.contains("can't be logged"))
    }
    faults.isOn = false
    _ = try await registry.read(GetGroup(group), by: .user1)
    try await registry.log.flush()
    #expect(try await Self.reads(registry) == 4)
  }

  /// A log that could not be written stops reads, although there is room for more to wait.
  @Test func aLogThatFailedStopsReadsAtOnce() async throws {
    let faults = Switch()
    let store = AppendSwitchStore(MemoryStore(), fails: faults)
    let (registry, group) = try await Self.registry(store, unlogged: 100)
    _ = try await registry.read(GetGroup(group), by: .user1)
    faults.isOn = true
    // Nobody has noticed yet.
    _ = try await registry.read(GetGroup(group), by: .user1)
    let refusal = await line { try await registry.read(GetGroup(group), by: .user2).id }
    #expect(refusal.contains("can't be logged"))
    let found = await line { try await registry.read(GetGroup(group), by: .user1).id }
    #expect(found.contains("the store is not available"))
    faults.isOn = false
    _ = try await registry.read(GetGroup(group), by: .user1)
    #expect(try await Self.reads(registry) == 3)
  }

  @Test func manyReadersLoseNoRecord() async throws {
    let (registry, group) = try await Self.registry(unlogged: 16)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for _ in 0..<8 {
        tasks.addTask {
          for _ in 0..<50 { _ = try await registry.read(GetGroup(group), by: .user1) }
        }
      }
      try await tasks.waitForAll()
    }
    try await registry.log.flush()
    #expect(try await Self.reads(registry) == 400)
  }

  @Test func pagesAreBounded() async throws {
    let (registry, _) = try await Self.registry(unlogged: 0)
    #expect(
      try await registry.search(SearchGroups(limit: RegistryLimits.pageSize), by: .user1).items
        .count == 1)
    #expect(try await registry.search(SearchGroups(limit: 0), by: .user1).items.isEmpty)
    for limit in [-1, RegistryLimits.pageSize + 1] {
      let found = await line {
        "\(try await registry.search(SearchGroups(limit: limit), by: .user1).items.count)"
      }
      #expect(found.hasSuffix("a page can't have \(limit) results"))
    }
  }

  /// A page looks at so many records and says where to go on, so that it takes bounded time.
  @Test func pagesLookAtSoMuch() async throws {
    let store = MemoryStore()
    let count = RegistryLimits.candidatesPerPage
    let groups = (0..<(count + 5)).map { number in
      Record.group(
        ModelGroup(
          id: "g\(String(1_000_000 + number))", name: "n\(number)",
          owner: .init(name: number >= count ? "user1" : "other"), access: .private))
    }
    try await store.mustPut(groups, key: "groups")
    let registry = try await ModelRegistry.test(store)
    // Told to look everywhere, a page ends before it has found anything.
    let first = try await registry.search(SearchGroups(in: [.all], limit: 10), by: .user1)
    #expect(first.items.isEmpty && first.next == "g\(1_000_000 + count - 1)")
    let second = try await registry.search(
      SearchGroups(in: [.all], after: first.next, limit: 10), by: .user1)
    #expect(second.items.count == 5 && second.next == nil)
    // The policies say where there can be something for the caller.
    let own = try await registry.search(SearchGroups(limit: 9), by: .user1)
    #expect(own.items.count == 5 && own.next == nil)
    let some = try await registry.search(SearchGroups(limit: 4), by: .user1)
    #expect(some.items.count == 4 && some.next == "g\(1_000_000 + count + 3)")
  }
}
