public import PolicyGate

/// Writes that take effect together or not at all, and on which conditions.
public struct StoreCommit: Sendable {
  /// What was read of the store, and which of it must still be the same.
  public let reads: ReadSet
  /// Records to write; nil removes.
  public let writes: [RecordKey: Record?]
  /// What names the attempt. A key that was used before does not take effect again.
  public let key: String
  /// What is logged with the effect.
  public let record: DecisionRecord
  /// The policies that must be in force; nil for the commit that puts others in force.
  public let policyRevision: String?

  /// Only the registry makes commits, and only from permits.
  package init(
    reads: ReadSet, writes: [RecordKey: Record?], key: String, record: DecisionRecord,
    policyRevision: String?
  ) {
    (self.reads, self.writes, self.key) = (reads, writes, key)
    (self.record, self.policyRevision) = (record, policyRevision)
  }
}

/// What a decision saw of the store.
public struct ReadSet: Hashable, Sendable {
  /// Records and the revisions that they had; 0 for records that were not there.
  public private(set) var records = [RecordKey: StoreRevision](minimumCapacity: usual)
  /// Sets and the revisions that they had.
  public private(set) var sets = [RecordSet: StoreRevision](minimumCapacity: usual)

  /// Most decisions look at no more records and sets than that.
  private static var usual: Int { 6 }

  /// Nothing read yet.
  public init() {}

  /// Notes a record.
  public mutating func note(_ key: RecordKey, _ found: Versioned?) {
    note(key, revision: found?.revision ?? 0)
  }

  /// Notes a record by its revision.
  package mutating func note(_ key: RecordKey, revision: StoreRevision) { records[key] = revision }

  /// Notes a set.
  public mutating func note(_ set: RecordSet, _ revision: StoreRevision) { sets[set] = revision }
}
