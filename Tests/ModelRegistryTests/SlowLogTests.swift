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

/// Reads that are answered before their records are durable: so many, however slow the log is, and
/// they wait for it only then.
@Suite(.timeLimit(.minutes(5))) struct SlowLogTests {
  private struct Found {
    let registry: ModelRegistry
    let group: String

    init(_ store: any RegistryStore = MemoryStore(), unlogged: Int) async throws {
      (registry, group) = try await ReadingTests.registry(store, unlogged: unlogged)
    }
  }

  private static func read(_ count: Int, _ found: Found) async throws {
    for _ in 0..<count { _ = try await found.registry.read(GetGroup(found.group), by: .user1) }
  }

  private static func begins(_ store: SlowLogStore) async {
    for await _ in store.begun { return }
  }

  /// Some of them are being written, and the others wait: one more would be one that may get lost.
  @Test func readsAreAnsweredUpToABound() async throws {
    let bound = RegistryLimits.unloggedReads
    for (setting, most) in [(4, 4), (5, 5), (bound + 1_000, bound)] {
      let store = SlowLogStore()
      let found = try await Found(store, unlogged: setting)
      store.isSlow.isOn = true
      try await Self.read(most, found)
      await Self.begins(store)
      let next = Task { try await Self.read(1, found) }
      await Self.begins(store)
      #expect(try await ReadingTests.reads(found.registry) == 0)
      store.isSlow.isOn = false
      store.release.finish()
      try await next.value
      try await found.registry.log.flush()
      #expect(try await ReadingTests.reads(found.registry) == most + 1)
      // And then as many may be answered again.
      try await Self.read(most, found)
      try await found.registry.log.flush()
      #expect(try await ReadingTests.reads(found.registry) == 2 * most + 1)
    }
  }

  @Test func anEighthOfThemIsWrittenBesideTheReading() async throws {
    let found = try await Found(unlogged: 25)
    try await Self.read(3, found)
    try await Task.sleep(for: .milliseconds(50))
    #expect(try await ReadingTests.reads(found.registry) == 0)
    try await Self.read(1, found)
    while try await ReadingTests.reads(found.registry) < 4 {
      try await Task.sleep(for: .milliseconds(1))
    }
  }

  /// Whoever ends the process must know that nothing is on its way any more: neither what was being
  /// written, nor what waited and was taken as soon as that was done.
  @Test func flushingWaitsForWhatIsBeingWritten() async throws {
    let store = SlowLogStore()
    let found = try await Found(store, unlogged: 16)
    store.isSlow.isOn = true
    try await Self.read(2, found)
    await Self.begins(store)
    try await Self.read(2, found)
    let isFlushed = Switch()
    let flush = Task {
      try await found.registry.log.flush()
      isFlushed.isOn = true
    }
    for durable in [0, 2] {
      try await Task.sleep(for: .milliseconds(100))
      #expect(!isFlushed.isOn)
      #expect(try await ReadingTests.reads(found.registry) == durable)
      store.release.yield()
      if durable == 0 { await Self.begins(store) }
    }
    try await flush.value
    #expect(try await ReadingTests.reads(found.registry) == 4)
  }

  /// Nobody waits for what is written beside the reading, so nobody is told at once if it can't be;
  /// whoever reads next is, and no record is lost.
  @Test func readsStopIfItCannotBeWrittenBesideThem() async throws {
    let faults = Switch()
    let found = try await Found(
      AppendSwitchStore(MemoryStore(), fails: faults), unlogged: 100)
    faults.isOn = true
    try await Self.read(13, found)
    while !found.registry.log.isStuck { try await Task.sleep(for: .milliseconds(1)) }
    for _ in 0..<3 {
      await #expect(throws: (any Error).self) { try await Self.read(1, found) }
    }
    faults.isOn = false
    try await Self.read(1, found)
    #expect(try await ReadingTests.reads(found.registry) == 14)
  }
}
