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
  /// Everything else, which is handed on without being copied.
  private let content: Content

  private final class Content: Sendable {
    let time: Int64
    let key: String?
    let askedBy: Asker?
    let revision: String
    let decision: Decision?
    let request: Request?
    let note: String?

    init(
      time: Int64, key: String? = nil, askedBy: Asker? = nil, revision: String,
      decision: Decision? = nil, request: Request? = nil, note: String? = nil
    ) {
      (self.time, self.key, self.askedBy, self.revision) = (time, key, askedBy, revision)
      (self.decision, self.request, self.note) = (decision, request, note)
    }
  }

  /// When it was judged, in milliseconds since the Unix epoch.
  public var time: Int64 { content.time }
  /// What names the attempt, if the caller may repeat it.
  public var key: String? { content.key }
  /// Who asked, if that is not the subject of the request.
  public var askedBy: Asker? { content.askedBy }
  /// The revision of the policies that decided, or that came into force.
  public var revision: String { content.revision }
  /// The decision; nil for a change of policies.
  public var decision: Decision? { content.decision }
  /// What was asked, with fields masked; nil for a change of policies.
  public var request: Request? { content.request }
  /// For people.
  public var note: String? { content.note }

  /// A record of a decision.
  init(
    kind: Kind, time: Int64, key: String?, askedBy: Asker? = nil, decision: Decision,
    request: Request
  ) {
    self.kind = kind
    content = Content(
      time: time, key: key, askedBy: askedBy, revision: decision.revision, decision: decision,
      request: request)
  }

  /// A record of policies that came into force.
  public init(policyRevision revision: String, time: Int64, note: String?) {
    kind = .policy
    content = Content(time: time, revision: revision, note: note)
  }

  private init(_ other: DecisionRecord, _ kind: Kind) {
    (self.kind, content) = (kind, other.content)
  }

  /// The same decision, of which something else became.
  public func `as`(_ kind: Kind) -> DecisionRecord { DecisionRecord(self, kind) }

  /// The record as one line of JSON: the bytes that the chain is made of.
  public var bytes: [UInt8] {
    var writer = JSONWriter(room: Self.usualBytes)
    write(to: &writer)
    return writer.bytes
  }

  /// Most records have fewer.
  private static var usualBytes: Int { 2_048 }

  private func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("time", time: time)
    writer.member("kind", kind.rawValue)
    if let key { writer.member("key", key) }
    askedBy?.write(to: &writer)
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
