public import PolicyGate

/// Counts commits: each commit of a store has a greater one than all before it.
public typealias StoreRevision = Int64

/// A record and the commit that wrote it.
public struct Versioned: Sendable {
  /// The record.
  public let record: Record
  /// The commit that wrote it last.
  public let revision: StoreRevision

  /// A record that a store has read.
  public init(record: Record, revision: StoreRevision) {
    (self.record, self.revision) = (record, revision)
  }
}

/// Where a registry keeps its records and its log.
///
/// One shape that an embedded database, etcd and PostgreSQL can all keep: consistent reads, and a
/// commit on conditions. Nothing is locked while a policy decides; if what it saw has changed
/// meanwhile, the commit conflicts and the registry judges again.
///
/// A store keeps what it is given and judges nothing; only `ModelRegistry` can make a
/// `StoreCommit`, and only from a permit.
public protocol RegistryStore: Sendable {
  /// Reads one state of the store: nothing that is committed meanwhile is seen in part.
  ///
  /// - Throws: `StoreError`, and what `body` throws.
  func read<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result

  /// Reads one state of the store where little is read: some records and sets, by their names. It
  /// may be done on the thread of the caller, without waiting for another, and `body` may be called
  /// again, for one state as a whole each time.
  ///
  /// - Throws: as `read` does.
  func readBriefly<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result

  /// Does all of a commit or nothing: if its key is new, everything in its read set still has the
  /// revision that was read (0 for what was not there) and the `.policy` record names its policy
  /// revision, then all writes and the log record are done, durably and at once. A request key is
  /// looked at first: a repeated commit is committed, whatever has changed since.
  ///
  /// - Throws: `StoreError` if it is certain that nothing was done.
  func commit(_ commit: StoreCommit) async throws(StoreError) -> CommitOutcome

  /// Appends records of decisions without effect. When it returns they are as durable as a commit.
  ///
  /// - Throws: `StoreError` if it is not certain that they will be found again.
  func append(_ records: [DecisionRecord]) async throws(StoreError)

  /// Whether a commit of which nobody knows the outcome took effect. If it did not, it never will:
  /// its key is used up.
  ///
  /// - Throws: `StoreError` if that can't be found out now.
  func resolve(_ key: String) async throws(StoreError) -> Resolution
}

extension RegistryStore {
  /// Reads as `read` does.
  public func readBriefly<Result: Sendable>(
    _ body: @Sendable (any StoreSnapshot) throws -> Result
  ) async throws -> Result {
    try await read(body)
  }
}

/// One state of a store.
public protocol StoreSnapshot {
  /// The last commit that this state holds.
  var revision: StoreRevision { get }

  /// A record, if there is one.
  func record(_ key: RecordKey) throws(StoreError) -> Versioned?

  /// The members of a set, sorted by the bytes of their keys' texts, and the revision of the set: 0
  /// if it never had a member.
  func members(_ set: RecordSet) throws(StoreError) -> (
    members: [Versioned], revision: StoreRevision
  )

  /// How many members a set has, and its revision, without reading them.
  func count(_ set: RecordSet) throws(StoreError) -> (count: Int, revision: StoreRevision)

  /// How many records of a kind there are.
  func count(of kind: Record.Kind) throws(StoreError) -> Int

  /// Records of a kind in the order of their keys' bytes, from the first after `after`.
  func page(_ kind: Record.Kind, after: String?, limit: Int) throws(StoreError) -> [Versioned]

  /// Model groups that one of the ranges holds, in the order of their ids' bytes, each once.
  func groups(in ranges: [GroupRange], after: String?, limit: Int) throws(StoreError) -> [Versioned]

  /// The commit that took effect under a request key; nil if none has.
  func revision(ofKey key: String) throws(StoreError) -> StoreRevision?

  /// Log entries from a number on.
  func log(from sequence: Int64, limit: Int) throws(StoreError) -> [LogEntry]

  /// The end of the log, and the head before its first kept entry, which is not `LogHead.empty`
  /// when retention has removed something.
  func logHead() throws(StoreError) -> (start: LogHead, end: LogHead)
}

extension StoreSnapshot {
  /// Counts them a page at a time, for stores that know no faster way.
  public func count(of kind: Record.Kind) throws(StoreError) -> Int {
    var (count, last): (Int, String?) = (0, nil)
    while true {
      let page = try page(kind, after: last, limit: RegistryLimits.pageSize)
      count += page.count
      guard page.count == RegistryLimits.pageSize else { return count }
      last = page.last?.record.key.parts.name
    }
  }
}

/// Model groups that have something in common which a store has an index for.
public enum GroupRange: Hashable, Sendable {
  /// Every group.
  case all
  /// Groups of an access mode.
  case access(ModelGroup.Access)
  /// Groups that a backend role may use.
  case backendRole(String)
  /// Groups of an owner.
  case owner(String)
  /// Groups without an owner.
  case noOwner
  /// The group of an id.
  case id(String)

  /// Byte for byte, as keys are.
  public static func == (one: GroupRange, other: GroupRange) -> Bool {
    switch (one, other) {
    case (.all, .all), (.noOwner, .noOwner): true
    case (.access(let one), .access(let other)): one == other
    case (.backendRole(let one), .backendRole(let other)), (.owner(let one), .owner(let other)),
      (.id(let one), .id(let other)):
      one.isExactly(other)
    default: false
    }
  }
}

/// What came of a commit.
public enum CommitOutcome: Hashable, Sendable {
  /// It took effect, with this revision. `repeated` if an earlier attempt of the same key did.
  case committed(StoreRevision, repeated: Bool)
  /// Nothing was done: something of what was read has changed, or other policies are in force.
  case conflict
  /// Nothing was done, and under this key nothing ever will: `resolve` has said so.
  case aborted
  /// It may have taken effect or may yet: ask `resolve`.
  case unknown
}

/// What became of a commit whose outcome was unknown.
public enum Resolution: Hashable, Sendable {
  /// It took effect.
  case committed(StoreRevision)
  /// It did not, and never will.
  case aborted
}

/// Why a store can't do what it was asked. Nothing was changed.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It can't be reached, or is closed.
  case unavailable(String)
  /// There is no room, or no right to write.
  case notWritable(String)
  /// What it holds is not what was written.
  case damaged(String)
  /// Another program has it.
  case busy(String)
  /// What is to be written is larger than the store takes.
  case tooLarge(String)

  /// For people.
  public var description: String {
    switch self {
    case .unavailable(let text): "the store is not available: \(text)"
    case .notWritable(let text): "the store can't be written: \(text)"
    case .damaged(let text): "the store is damaged: \(text)"
    case .busy(let text): "the store is in use: \(text)"
    case .tooLarge(let text): "too large for the store: \(text)"
    }
  }
}
