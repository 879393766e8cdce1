public import PolicyEngine

/// Whether what stands in a registry could be made today, under these policies.
///
/// For every model group, model in a group, trained model, alias and deployment it is asked whether
/// the operation that would make it would be allowed and could be done: by who made it, as far as
/// that is recorded, in the state that the registry would be in without it. Nothing is changed and
/// nothing is logged: it is about the registry, not a decision about anybody's request.
///
/// ```swift
/// let audit = RegistryAudit(policies, at: now)
/// let summary = try await store.read { snapshot in
///   try audit.run(on: snapshot) { finding in print(finding.message) }
/// }
/// ```
public struct RegistryAudit: Sendable {
  /// What is asked.
  public let policies: PolicySet
  /// Who asks.
  public let callers: AuditCallers
  /// What rules see as `now`, in milliseconds since the Unix epoch.
  public let time: Int64
  /// What is not examined, because nobody made it: what came with a system.
  public let exempt: Set<RecordKey>
  /// Whether decisions come with clauses and what was missing.
  public var explains = false

  /// An audit by these policies.
  public init(
    _ policies: PolicySet, callers: AuditCallers = AuditCallers(), at time: Int64,
    exempt: Set<RecordKey> = []
  ) {
    (self.policies, self.callers, self.time) = (policies, callers, time)
    self.exempt = exempt
  }

  /// What is examined, in this order.
  public static let kinds: [Record.Kind] = [
    .group, .groupModel, .trainedModel, .alias, .deployment,
  ]

  /// How many records there are to examine.
  ///
  /// - Throws: `StoreError` if they can't be counted.
  public static func count(in snapshot: any StoreSnapshot) throws(StoreError) -> Int {
    var count = 0
    for kind in kinds { count += try snapshot.count(of: kind) }
    return count
  }

  /// Examines one state of a store, a page of records at a time.
  ///
  /// - Parameters:
  ///   - progress: is told now and then how many records were examined.
  ///   - report: gets each finding once it is made, in the order of kinds and of keys' bytes.
  /// - Throws: `StoreError` if the store can't be read, and what `report` throws.
  public func run(
    on snapshot: any StoreSnapshot, progress: (Int) -> Void = { _ in },
    report: (AuditFinding) throws -> Void
  ) throws -> AuditSummary {
    var run = try AuditRun(self, snapshot)
    for kind in Self.kinds {
      var last: String?
      while true {
        let page = try snapshot.page(kind, after: last, limit: RegistryLimits.pageSize)
        for found in page where !exempt.contains(found.record.key) {
          try run.examine(found.record, report)
        }
        progress(run.summary.total)
        guard page.count == RegistryLimits.pageSize else { break }
        last = page.last?.record.key.parts.name
      }
    }
    return run.summary
  }
}
