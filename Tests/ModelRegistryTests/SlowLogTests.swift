import ModelRegistry
import PolicyGate
import RegistryRaces
import StoreContract
import Testing

/// A store whose log takes its time.
private final class SlowLogStore: RegistryStore {
  let store = MemoryStore()
  let (released, release) = AsyncStream<Void>.makeStream()
  let (begun, begin) = AsyncStream<Void>.makeStream()
  let isSlow = Switch()

  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result { try await store.read(body) }

  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    try await store.commit(commit)
  }

  func append(_ records: [DecisionRecord]) async throws(StoreError) {
    if isSlow.isOn {
      begin.yield()
      for await _ in released { break }
    }
    try await store.append(records)
  }

  func resolve(_ key: String) async throws(StoreError) -> Resolution {
    try await store.resolve(key)
  }
}

/// Reads whose records are being written are not durable yet, so they count among those that wait.
@Suite struct SlowLogTests {
  @Test func whatIsBeingWrittenCounts() async throws {
    let store = SlowLogStore()
    let (registry, group) = try await ReadingTests.registry(store, unlogged: 4)
    for _ in 0..<4 { _ = try await registry.read(GetGroup(group), by: .user1) }
    store.isSlow.isOn = true
    let fifth = Task { _ = try await registry.read(GetGroup(group), by: .user1) }
    for await _ in store.begun { break }
    // Four are answered and being written; one more would be a fifth that may get lost.
    let sixth = Task { _ = try await registry.read(GetGroup(group), by: .user1) }
    for await _ in store.begun { break }
    #expect(try await ReadingTests.reads(registry) == 0)
    store.isSlow.isOn = false
    store.release.finish()
    try await fifth.value
    try await sixth.value
    #expect(try await ReadingTests.reads(registry) == 6)
    // And then four may wait again.
    for _ in 0..<4 { _ = try await registry.read(GetGroup(group), by: .user1) }
    #expect(try await ReadingTests.reads(registry) == 6)
  }
}
