import PolicyEngine

/// Reads one state of the store and notes what was read, so that the effect can depend on it.
public struct FactReader {
  private let snapshot: any StoreSnapshot
  /// Where to look for what a request may find.
  private let ranges: ((Request) -> [GroupRange])?
  /// Whether anything will depend on what was read: what only reads takes no effect.
  private let notesReads: Bool
  /// What was read so far.
  private(set) var reads = ReadSet()

  init(
    _ snapshot: any StoreSnapshot, notesReads: Bool = true,
    ranges: ((Request) -> [GroupRange])? = nil
  ) {
    (self.snapshot, self.notesReads, self.ranges) = (snapshot, notesReads, ranges)
  }

  mutating func record(_ key: RecordKey) throws(StoreError) -> Record? {
    let found = try snapshot.record(key)
    if notesReads { reads.note(key, found) }
    return found?.record
  }

  mutating func members(_ set: RecordSet) throws(StoreError) -> [Record] {
    let (members, revision) = try snapshot.members(set)
    if notesReads { reads.note(set, revision) }
    return members.map(\.record)
  }

  mutating func count(_ set: RecordSet) throws(StoreError) -> Int {
    let (count, revision) = try snapshot.count(set)
    if notesReads { reads.note(set, revision) }
    return count
  }

  /// Whether a set ever had a member. Once it had, that stays so, and nothing needs to depend on it.
  mutating func wasEverUsed(_ set: RecordSet) throws(StoreError) -> Bool {
    let revision = try snapshot.count(set).revision
    if notesReads, revision == 0 { reads.note(set, 0) }
    return revision > 0
  }

  /// Records for a list, which nothing is decided by.
  func page(_ kind: Record.Kind, after: String?, limit: Int) throws(StoreError) -> [Record] {
    try snapshot.page(kind, after: after, limit: limit).map(\.record)
  }

  /// A record for a list, which nothing is decided by.
  func listed(_ key: RecordKey) throws(StoreError) -> Versioned? { try snapshot.record(key) }

  /// The ranges outside of which a search request finds no group.
  func ranges(for request: Request) -> [GroupRange] { ranges?(request) ?? [.all] }

  /// Groups for a list, which nothing is decided by.
  func groups(
    in ranges: [GroupRange], after: String?, limit: Int
  ) throws(StoreError) -> [ModelGroup] {
    try snapshot.groups(in: ranges, after: after, limit: limit).compactMap {
      if case .group(let group) = $0.record { group } else { nil }
    }
  }
}

extension FactReader {
  mutating func trainedModel(_ id: String) throws(StoreError) -> TrainedModel? {
    guard case .trainedModel(let model)? = try record(.trainedModel(id)) else { return nil }
    return model
  }

  mutating func alias(_ name: String) throws(StoreError) -> ModelAlias? {
    guard case .alias(let alias)? = try record(.alias(name)) else { return nil }
    return alias
  }

  mutating func deployment(_ id: String) throws(StoreError) -> Deployment? {
    guard case .deployment(let deployment)? = try record(.deployment(id)) else { return nil }
    return deployment
  }

  mutating func group(_ id: String) throws(StoreError) -> ModelGroup? {
    guard case .group(let group)? = try record(.group(id)) else { return nil }
    return group
  }

  mutating func groupModel(_ id: String) throws(StoreError) -> GroupModel? {
    guard case .groupModel(let model)? = try record(.groupModel(id)) else { return nil }
    return model
  }

  /// The group that has a name.
  mutating func groupID(named name: String) throws(StoreError) -> String? {
    guard case .groupName(_, let id)? = try record(.groupName(name)) else { return nil }
    return id
  }

  mutating func aliases(of model: String) throws(StoreError) -> [String] {
    try members(.aliases(model: model)).map(\.key.parts.name)
  }

  mutating func pipelines(naming name: String) throws(StoreError) -> [String] {
    try members(.pipelines(naming: name)).map(\.key.parts.name)
  }

  mutating func deployments(of model: String) throws(StoreError) -> [Deployment] {
    try members(.deployments(model: model)).compactMap {
      if case .deployment(let deployment) = $0 { deployment } else { nil }
    }
  }

  mutating func setting(_ setting: RegistrySetting) throws(StoreError) -> String? {
    guard case .setting(_, let value)? = try record(.setting(setting.rawValue)) else { return nil }
    return value
  }

  /// The revision of the policies in force, which every commit depends on anyway.
  func policyRevision() throws(StoreError) -> String? {
    guard case .policy(let revision)? = try snapshot.record(.policy)?.record else { return nil }
    return revision
  }

  /// The commit of an earlier attempt of the same key. Only a key that the caller has chosen can
  /// have been used before.
  func revision(of attempt: Attempt) throws(StoreError) -> StoreRevision? {
    guard attempt.key != nil else { return nil }
    for number in 1...Attempt.numbers {
      if let revision = try snapshot.revision(ofKey: attempt.storeKey(number)) { return revision }
    }
    return nil
  }
}
