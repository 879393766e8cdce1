import PolicyGate

/// A state of a store as it would be if some of its records had not been made.
///
/// Revisions stay what they are: nothing is committed on what is read here.
struct SnapshotWithout: StoreSnapshot {
  private let base: any StoreSnapshot
  private let missing: [RecordKey: Record]

  /// Leaves out the records that have these keys.
  init(_ base: any StoreSnapshot, leavingOut records: [Record]) {
    self.base = base
    missing = Dictionary(records.map { ($0.key, $0) }) { first, _ in first }
  }

  var revision: StoreRevision { base.revision }

  func record(_ key: RecordKey) throws(StoreError) -> Versioned? {
    missing[key] == nil ? try base.record(key) : nil
  }

  func members(_ set: RecordSet) throws(StoreError) -> (
    members: [Versioned], revision: StoreRevision
  ) {
    let (members, revision) = try base.members(set)
    return (members.filter { missing[$0.record.key] == nil }, revision)
  }

  func count(_ set: RecordSet) throws(StoreError) -> (count: Int, revision: StoreRevision) {
    let (count, revision) = try base.count(set)
    return (count - missing.values.count { $0.sets.contains(set) }, revision)
  }

  func count(of kind: Record.Kind) throws(StoreError) -> Int {
    try base.count(of: kind) - missing.keys.count { $0.parts.kind == kind }
  }

  func page(_ kind: Record.Kind, after: String?, limit: Int) throws(StoreError) -> [Versioned] {
    try base.page(kind, after: after, limit: limit).filter { missing[$0.record.key] == nil }
  }

  func groups(
    in ranges: [GroupRange], after: String?, limit: Int
  ) throws(StoreError) -> [Versioned] {
    try base.groups(in: ranges, after: after, limit: limit).filter {
      missing[$0.record.key] == nil
    }
  }

  func revision(ofKey key: String) throws(StoreError) -> StoreRevision? {
    try base.revision(ofKey: key)
  }

  func log(from sequence: Int64, limit: Int) throws(StoreError) -> [LogEntry] {
    try base.log(from: sequence, limit: limit)
  }

  func logHead() throws(StoreError) -> (start: LogHead, end: LogHead) { try base.logHead() }
}
