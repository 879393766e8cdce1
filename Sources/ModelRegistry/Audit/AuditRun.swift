import CEL
import PolicyEngine
import PolicyGate

/// One audit of one state of a store.
struct AuditRun {
  let audit: RegistryAudit
  let snapshot: any StoreSnapshot
  private(set) var summary = AuditSummary()
  private var authorizer: Authorizer
  private var assumed: AssumedCallers
  /// What was found about the record that is examined.
  private var findings: [AuditFinding] = []

  init(_ audit: RegistryAudit, _ snapshot: any StoreSnapshot) throws(StoreError) {
    (self.audit, self.snapshot) = (audit, snapshot)
    authorizer = Authorizer(audit.policies)
    authorizer.explains = audit.explains
    assumed = AssumedCallers(audit.policies)
    var reader = FactReader(snapshot)
    summary.accessControl = try reader.setting(.accessControl) != "false"
  }

  mutating func examine(_ record: Record, _ report: (AuditFinding) throws -> Void) throws {
    findings.removeAll(keepingCapacity: true)
    switch record {
    case .group(let group): try examine(group)
    case .groupModel(let model): try examine(model)
    case .trainedModel(let model): try examine(model)
    case .alias(let alias): try examine(alias)
    case .deployment(let deployment): try examine(deployment)
    case .definition, .pipeline, .groupName, .setting, .policy: return
    }
    let kind = record.key.parts.kind
    summary.examined[kind, default: 0] += 1
    guard !findings.isEmpty else { return }
    summary.affected[kind, default: 0] += 1
    for finding in findings {
      if finding.severity == .violation { summary.violations += 1 } else { summary.warnings += 1 }
      try report(finding)
    }
  }

  // MARK: Asking

  /// Who asks for an operation that nobody recorded the maker of.
  mutating func somebody(_ action: String, _ group: ModelGroup?) -> AuditAsker {
    if let named = audit.callers.everything { return .known(named) }
    return .assumed(assumed.caller(action, group))
  }

  /// Asks whether an operation would be allowed and could be done, without some records.
  ///
  /// - Parameter resource: the id that rules see, where the operation would choose another one.
  /// - Returns: whether something grants it to the caller at all.
  @discardableResult
  mutating func ask<Op: RegistryWrite>(
    _ operation: Op, about record: Record, without others: [Record] = [], by asker: AuditAsker,
    resource: String? = nil
  ) throws -> Bool {
    let state = SnapshotWithout(snapshot, leavingOut: [record] + others)
    let attempt = Attempt(operation, by: asker.subject, at: audit.time, key: "audit")
    do {
      try operation.checkLimits()
      var reader = FactReader(state)
      let facts = try operation.facts(from: &reader, for: attempt)
      let (request, decision) = try decide(operation, facts, asker, resource)
      note(decision, request, record.key, asker)
      guard decision?.isAllowed ?? true else { return decision?.stage != .authorization }
      _ = try operation.effect(on: facts, of: attempt)
    } catch let error as RegistryError {
      add(.impossible, record.key, error.message, help: error.help, by: asker)
    } catch StoreError.damaged(let text) {
      add(.dangling, record.key, text, by: asker)
    }
    return true
  }

  /// Whether an operation is denied, on the state as it is, for another reason than that nothing
  /// grants it.
  mutating func isDenied<Op: RegistryOperation>(
    _ operation: Op, by asker: AuditAsker
  ) throws -> (request: Request, decision: Decision)? {
    let attempt = Attempt(operation, by: asker.subject, at: audit.time, key: "audit")
    var reader = FactReader(snapshot)
    let facts = try operation.facts(from: &reader, for: attempt)
    let (request, decision) = try decide(operation, facts, asker, nil)
    guard let decision, !decision.isAllowed, decision.stage != .authorization else { return nil }
    return (request, decision)
  }

  /// The decision; nil if it is plainly allowed.
  private mutating func decide<Op: RegistryOperation>(
    _ operation: Op, _ facts: Op.Facts, _ asker: AuditAsker, _ resource: String?
  ) throws -> (Request, Decision?) {
    var request = operation.request(by: asker.subject, given: facts)
    if let resource { request.resource.id = resource }
    request.context["now"] = .timestamp(milliseconds: audit.time)
    // Words are made only for what is found.
    guard try authorizer.outcome(of: request) != .allow else { return (request, nil) }
    return (request, try authorizer.decide(request))
  }

  // MARK: Finding

  private mutating func note(
    _ decision: Decision?, _ request: Request, _ key: RecordKey, _ asker: AuditAsker
  ) {
    guard let decision else { return }
    let denied = decision.isAllowed ? [] : decision.reasons
    for (reason, severity) in denied.map({ ($0, AuditFinding.Severity.violation) })
      + decision.warnings.map({ ($0, .warning) })
    {
      findings.append(
        AuditFinding(
          key: key, code: reason.rule ?? AuditCode.unauthorized.rawValue, severity: severity,
          message: reason.message,
          help: reason.rule == nil ? AuditCode.unauthorized.help : nil, asker: asker,
          request: request, decision: decision))
    }
  }

  /// Notes something that no rule says.
  mutating func add(
    _ code: AuditCode, _ key: RecordKey, _ message: String, help: String? = nil,
    severity: AuditFinding.Severity = .violation, by asker: AuditAsker,
    _ answer: (request: Request, decision: Decision)? = nil
  ) {
    findings.append(
      AuditFinding(
        key: key, code: code.rawValue, severity: severity, message: message,
        help: help ?? code.help, asker: asker, request: answer?.request,
        decision: answer?.decision))
  }
}
