import PolicyGate

/// Everything that a store in memory holds.
struct MemoryState: Sendable {
  private(set) var revision: StoreRevision = 0
  private(set) var records: [Record.Kind: OrderedNames<Versioned>] = [:]
  private(set) var sets: [RecordSet: SetState] = [:]
  /// Ids of model groups by what they have in common.
  private(set) var groups: [GroupRange: OrderedNames<Void>] = [:]
  private(set) var entries: [LogEntry] = []
  /// Request keys that were used: the commit, or nil if the key was given up.
  private var keys: [ExactText: StoreRevision?] = [:]

  struct SetState: Sendable {
    var revision: StoreRevision = 0
    var names = OrderedNames<Void>()
  }

  func record(_ key: RecordKey) -> Versioned? {
    let (kind, name) = key.parts
    return records[kind]?[name]
  }

  func revision(ofKey key: String) -> StoreRevision? { keys[ExactText(key)] ?? nil }

  mutating func log(_ bytes: [UInt8]) {
    entries.append((entries.last?.head ?? .empty).appending(bytes))
  }

  mutating func resolve(_ key: String) -> Resolution {
    let key = ExactText(key)
    if let known = keys[key] {
      return known.map { .committed($0) } ?? .aborted
    }
    keys[key] = .some(nil)
    return .aborted
  }

  mutating func perform(_ commit: StoreCommit) -> CommitOutcome {
    let key = ExactText(commit.key)
    if let known = keys[key] {
      return known.map { .committed($0, repeated: true) } ?? .aborted
    }
    guard holds(commit) else { return .conflict }
    revision += 1
    for (key, record) in commit.writes { write(key, record) }
    keys[key] = revision
    log(commit.record.bytes)
    return .committed(revision, repeated: false)
  }

  /// Whether everything that the commit depends on is as it was.
  private func holds(_ commit: StoreCommit) -> Bool {
    if let wanted = commit.policyRevision {
      guard case .policy(let inForce)? = record(.policy)?.record, inForce.isExactly(wanted) else {
        return false
      }
    }
    return commit.reads.records.allSatisfy { (record($0.key)?.revision ?? 0) == $0.value }
      && commit.reads.sets.allSatisfy { (sets[$0.key]?.revision ?? 0) == $0.value }
  }

  private mutating func write(_ key: RecordKey, _ record: Record?) {
    let (kind, name) = key.parts
    let old = records[kind]?[name]?.record
    if old == nil, record == nil { return }
    records[kind, default: OrderedNames()][name] = record.map {
      Versioned(record: $0, revision: revision)
    }
    for set in old?.sets ?? [] { sets[set]?.names[name] = nil }
    for set in record?.sets ?? [] { sets[set, default: SetState()].names[name] = () }
    for set in (old?.sets ?? []) + (record?.sets ?? []) { sets[set]?.revision = revision }
    for range in old?.groupRanges ?? [] { groups[range]?[name] = nil }
    for range in record?.groupRanges ?? [] { groups[range, default: OrderedNames()][name] = () }
  }
}

extension MemoryState {
  /// A state that holds these records, as if one commit had written them.
  init(holding records: [Record]) {
    revision = 1
    for record in records { write(record.key, record) }
  }
}

extension Record {
  /// The ranges that hold a model group, except those of its id and of all groups.
  package var groupRanges: [GroupRange] {
    guard case .group(let group) = self else { return [] }
    return [.access(group.access), group.owner.map { .owner($0.name) } ?? .noOwner]
      + group.backendRoles.map { .backendRole($0) }
  }
}
