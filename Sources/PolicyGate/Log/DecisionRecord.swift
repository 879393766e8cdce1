import CEL
public import PolicyEngine

/// What the log holds of one decision: what was asked, what was known, what came of it and why.
/// Enough to ask the same question of other policies later. Never a credential: see `Masks`.
public struct DecisionRecord: Sendable {
  /// What became of the decision.
  public enum Kind: String, Sendable, CaseIterable {
    /// It allowed, and the effect is in the same transaction as the record.
    case performed
    /// It allowed something to be read.
    case read
    /// It denied.
    case refused
    /// It was asked for by a policy enforcement point, or by somebody who checks policies; what
    /// comes of it is theirs. `askedBy` says whose.
    case evaluated
    /// Somebody only wanted to know.
    case dryRun = "dry_run"
    /// It allowed, and nothing was done.
    case abandoned
    /// Other policies came into force.
    case policy
  }

  /// What became of it.
  public let kind: Kind
  /// When it was judged, in milliseconds since the Unix epoch.
  public let time: Int64
  /// What names the attempt, if the caller may repeat it.
  public let key: String?
  /// Who asked, if that is not the subject of the request.
  public let askedBy: String?
  /// The revision of the policies that decided, or that came into force.
  public let revision: String
  /// The decision; nil for a change of policies.
  public let decision: Decision?
  /// What was asked, with fields masked; nil for a change of policies.
  public let request: Request?
  /// For people.
  public let note: String?

  /// A record of a decision.
  init(
    kind: Kind, time: Int64, key: String?, askedBy: String? = nil, decision: Decision,
    request: Request
  ) {
    (self.kind, self.time, self.key, self.askedBy, note) = (kind, time, key, askedBy, nil)
    (revision, self.decision, self.request) = (decision.revision, decision, request)
  }

  /// A record of policies that came into force.
  public init(policyRevision revision: String, time: Int64, note: String?) {
    (kind, self.time, key, self.revision) = (.policy, time, nil, revision)
    (decision, request, askedBy, self.note) = (nil, nil, nil, note)
  }

  private init(_ other: DecisionRecord, _ kind: Kind) {
    (self.kind, time, key, revision) = (kind, other.time, other.key, other.revision)
    (decision, request, note) = (other.decision, other.request, other.note)
    askedBy = other.askedBy
  }

  /// The same decision, of which something else became.
  public func `as`(_ kind: Kind) -> DecisionRecord { DecisionRecord(self, kind) }

  /// The record as one line of JSON: the bytes that the chain is made of.
  public var bytes: [UInt8] {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.bytes
  }

  private func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("time", RFC3339.text(milliseconds: time))
    writer.member("kind", kind.rawValue)
    if let key { writer.member("key", key) }
    if let askedBy { writer.member("asked_by", askedBy) }
    writer.member("revision", revision)
    if let note { writer.member("note", note) }
    if let decision { write(decision, &writer) }
    if let request {
      writer.name("request")
      request.write(to: &writer)
    }
    writer.endObject()
  }

  private func write(_ decision: Decision, _ writer: inout JSONWriter) {
    writer.member("outcome", decision.outcome.rawValue)
    if let stage = decision.stage { writer.member("stage", stage.rawValue) }
    write(decision.reasons, "reasons", &writer)
    write(decision.warnings, "warnings", &writer)
    write(decision.audit, "audit", &writer)
    guard let error = decision.error else { return }
    writer.name("error")
    writer.beginObject()
    writer.member("status", error.status)
    writer.member("type", error.type)
    writer.member("reason", error.reason)
    writer.endObject()
  }

  /// Without positions and clauses: they can be had again from the revision and the request.
  private func write(_ reasons: [Reason], _ name: String, _ writer: inout JSONWriter) {
    guard !reasons.isEmpty else { return }
    writer.name(name)
    writer.beginArray()
    for reason in reasons {
      writer.beginObject()
      if let rule = reason.rule { writer.member("rule", rule) }
      if let role = reason.role { writer.member("role", role) }
      if let privilege = reason.privilege { writer.member("privilege", privilege) }
      writer.member("message", reason.message)
      if let failure = reason.failure { writer.member("failure", failure) }
      writer.endObject()
    }
    writer.endArray()
  }
}
