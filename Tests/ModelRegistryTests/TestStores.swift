import ModelRegistry
import PolicyGate
import RegistryRaces
import StoreContract
import Synchronization

/// A store that answers some commits with a conflict.
final class ContendedStore: RegistryStore {
  private let on = Switch()
  private let left: Atomic<Int>
  private let store: any RegistryStore

  var isOn: Bool {
    get { on.isOn }
    set { on.isOn = newValue }
  }

  init(_ store: any RegistryStore, conflicts: Int) {
    self.store = store
    left = Atomic(conflicts)
  }

  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result { try await store.read(body) }

  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    guard isOn,
      left.subtract(1, ordering: .relaxed).oldValue > 0
    else { return try await store.commit(commit) }
    return .conflict
  }

  func append(_ records: [DecisionRecord]) async throws(StoreError) {
    try await store.append(records)
  }

  func resolve(_ key: String) async throws(StoreError) -> Resolution {
    try await store.resolve(key)
  }
}

/// Something that is switched on and off.
final class Switch: Sendable {
  private let state = Atomic<Bool>(false)

  var isOn: Bool {
    get { state.load(ordering: .relaxed) }
    set { state.store(newValue, ordering: .relaxed) }
  }
}

/// A store that breaks with a commit.
final class CommitSwitchStore: RegistryStore {
  let armed = Switch()
  private let store: any RegistryStore
  private let breaks: Switch

  init(_ store: any RegistryStore, onCommit breaks: Switch) {
    (self.store, self.breaks) = (store, breaks)
  }

  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result { try await store.read(body) }

  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    if armed.isOn { breaks.isOn = true }
    return try await store.commit(commit)
  }

  func append(_ records: [DecisionRecord]) async throws(StoreError) {
    try await store.append(records)
  }

  func resolve(_ key: String) async throws(StoreError) -> Resolution {
    try await store.resolve(key)
  }
}

/// A store of which the log can't be written.
final class AppendSwitchStore: RegistryStore {
  private let store: any RegistryStore
  private let fails: Switch

  init(_ store: any RegistryStore, fails: Switch) { (self.store, self.fails) = (store, fails) }

  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result { try await store.read(body) }

  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    try await store.commit(commit)
  }

  func append(_ records: [DecisionRecord]) async throws(StoreError) {
    guard !fails.isOn else { throw .unavailable("switched off") }
    try await store.append(records)
  }

  func resolve(_ key: String) async throws(StoreError) -> Resolution {
    try await store.resolve(key)
  }
}

/// Faults by chance, when they are switched on.
final class RandomFaults: Sendable {
  private let on = Switch()
  private let seed: UInt64
  private let times: Int

  init(seed: UInt64, oneIn times: Int) { (self.seed, self.times) = (seed, times) }

  var isOn: Bool {
    get { on.isOn }
    set { on.isOn = newValue }
  }

  func next(_ call: Int) -> FailingStore.Fault? {
    var random = SeededRandom(seed &* 1_000_003 &+ UInt64(call))
    guard isOn, random.once(in: times) else { return nil }
    return random.pick(FailingStore.Fault.allCases)
  }
}

/// Keys that many tasks add to.
final class Keys: Sendable {
  private let keys = Mutex<Set<String>>([])

  var all: Set<String> { keys.withLock { $0 } }

  func insert(_ key: String) { keys.withLock { _ = $0.insert(key) } }
}

/// A store at which others get a turn before and after each call, so that operations interleave in
/// every way.
final class YieldingStore: RegistryStore {
  private let store: any RegistryStore

  init(_ store: any RegistryStore) { self.store = store }

  private func letOthersGo() async {
    for _ in 0..<Int.random(in: 0...3) { await Task.yield() }
  }

  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result {
    await letOthersGo()
    let result = try await store.read(body)
    await letOthersGo()
    return result
  }

  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    await letOthersGo()
    let outcome = try await store.commit(commit)
    await letOthersGo()
    return outcome
  }

  func append(_ records: [DecisionRecord]) async throws(StoreError) {
    await letOthersGo()
    try await store.append(records)
  }

  func resolve(_ key: String) async throws(StoreError) -> Resolution {
    await letOthersGo()
    return try await store.resolve(key)
  }
}

/// A store that loses some commits and does not say so.
final class LosingStore: RegistryStore {
  private let store: any RegistryStore
  private let losses = Atomic<Int>(0)

  init(_ store: any RegistryStore) { self.store = store }

  var left: Int {
    get { losses.load(ordering: .relaxed) }
    set { losses.store(newValue, ordering: .relaxed) }
  }

  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result { try await store.read(body) }

  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    guard left > 0 else { return try await store.commit(commit) }
    left -= 1
    return .unknown
  }

  func append(_ records: [DecisionRecord]) async throws(StoreError) {
    try await store.append(records)
  }

  func resolve(_ key: String) async throws(StoreError) -> Resolution {
    try await store.resolve(key)
  }
}

/// A store that commits whatever has changed meanwhile.
final class ForgetfulStore: RegistryStore {
  private let store: any RegistryStore
  init(_ store: any RegistryStore) { self.store = store }

  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result { try await store.read(body) }

  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome {
    try await store.commit(
      StoreCommit(
        reads: ReadSet(), writes: commit.writes, key: commit.key, record: commit.record,
        policyRevision: commit.policyRevision))
  }

  func append(_ records: [DecisionRecord]) async throws(StoreError) {
    try await store.append(records)
  }

  func resolve(_ key: String) async throws(StoreError) -> Resolution {
    try await store.resolve(key)
  }
}
