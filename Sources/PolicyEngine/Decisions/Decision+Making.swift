import CEL

/// The trace of an evaluation, put into words.
extension Authorizer {
  mutating func makeDecision(_ values: RequestValues) -> Decision {
    prepareMessages()
    var warnings = makeReasons(trace.warnings)
    var audit = makeReasons(trace.audit)
    var reasons: [Reason] = []
    var error: WireError?
    if trace.isDenied {
      if trace.isRefused {
        let (refusal, wire) = refusal(values)
        reasons.append(refusal)
        error = wire
      }
      makeReasons(trace.denials, &reasons)
      error = error ?? wireError(reasons)
    } else {
      reasons = roleGrants().map { reason(of: $0) }
      makeReasons(trace.ruleGrants.map { ($0, .true) }, &reasons)
    }
    // Last, because it evaluates anew: messages are the same with and without it.
    var missing: [MissingFacts] = []
    if explains {
      explainer.makeRoom()
      explain(&warnings, trace.warnings)
      explain(&audit, trace.audit)
      if trace.isRefused { missing = missingGrants(values) }
      if trace.isDenied {
        let kept = explain(&reasons, trace.denials, denies: true)
        if missing.isEmpty { missing = kept } else { missing += kept }
      } else {
        explain(&reasons, trace.ruleGrants.map { ($0, .true) })
      }
    }
    return Decision(
      outcome: trace.outcome, revision: policies.revision, stage: trace.stage, reasons: reasons,
      warnings: warnings, audit: audit, error: error, missing: missing)
  }

  private mutating func makeReasons(_ found: [(rule: Int, value: Value)]) -> [Reason] {
    var reasons: [Reason] = []
    makeReasons(found, &reasons)
    return reasons
  }

  private mutating func makeReasons(
    _ found: [(rule: Int, value: Value)], _ reasons: inout [Reason]
  ) {
    guard !found.isEmpty else { return }
    reasons.reserveCapacity(reasons.count + found.count)
    for (rule, value) in found { reasons.append(reason(of: rule, value)) }
  }

  /// What messages may refer to, and a budget of their own: they must not fail because conditions
  /// were dear.
  mutating func prepareMessages() {
    workspace.registers[policies.registers.grantingPrivileges] = grantingPrivileges()
    workspace.memory.fuel = EngineLimits.decisionBudget
  }

  /// The subject's roles that grant the action, as they are declared, like all reasons.
  mutating func roleGrants() -> [Grant] {
    findRoleGrants()
    return grants
  }

  /// The same, left in `grants`.
  mutating func findRoleGrants() {
    if !grants.isEmpty { grants.removeAll(keepingCapacity: true) }
    guard trace.isGrantedByRole else { return }
    for place in 0..<roles.roleCount {
      let role = roles.role(place)
      // One or the other where it stands: a choice between the two would hold it.
      let grant =
        if trace.action.isOwn {
          policies.roles.grant(role, actions.lists, trace.action.entry)
        } else {
          policies.roles.grant(role, index.lists, trace.action.entry)
        }
      if let grant { grants.append(grant) }
    }
    if grants.count > 1 { grants.sort { $0.role < $1.role } }
  }

  private mutating func grantingPrivileges() -> Value {
    let mark = workspace.memory.beginResults()
    let start = Int(trace.action.entry.privilegeStart)
    for place in start..<start + Int(trace.action.entry.privilegeCount) {
      let index = actions.number(at: place, of: trace.action, policies.index)
      let name = workspace.memory.intern(policies.roles.privileges[Int(index)].name)
      workspace.memory.push(.string(name))
    }
    return workspace.memory.listOfResults(from: mark)
  }

  mutating func reason(of index: Int, _ value: Value) -> Reason {
    // Rules are read where they stand: copying one is a dozen references.
    let rules = policies.rules
    let failure = value.isError ? executable.describe(value, workspace.memory).message : nil
    let message: String
    if let failure {
      message = "the rule `\(rules[index].id)` could not be evaluated: \(failure)"
    } else if let template = rules[index].message {
      message = text(of: template)
    } else {
      message = rules[index].description
    }
    return Reason(
      rule: rules[index].id, role: nil, privilege: nil, policy: rules[index].policy,
      effect: rules[index].effect, mode: rules[index].mode, message: message,
      position: rules[index].position, error: rules[index].error, failure: failure, clauses: [])
  }

  /// Adds the clauses to the reasons that rules gave, which are the last ones. Gives the facts that
  /// would have kept rules quiet that deny.
  @discardableResult
  private mutating func explain(
    _ reasons: inout [Reason], _ found: [(rule: Int, value: Value)], denies: Bool = false
  ) -> [MissingFacts] {
    let start = reasons.count - found.count
    var missing: [MissingFacts] = []
    for (offset, (rule, value)) in found.enumerated() {
      let explanation = explain(rule, value, denies: denies)
      reasons[start + offset].clauses = explanation.clauses
      if missing.isEmpty { missing = explanation.missing } else { missing += explanation.missing }
    }
    return missing
  }

  func reason(of grant: Grant) -> Reason {
    let granted = policies.roles.roles[grant.role]
    let through = grant.privilege < 0 ? nil : policies.roles.privileges[grant.privilege].name
    // With room for all of it: most requests are decided by a grant.
    var message = ""
    message.reserveCapacity(64 + granted.name.utf8.count + (through?.utf8.count ?? 0))
    message += "the role `"
    message += granted.name
    message += "` grants it"
    if let through {
      message += " through the privilege `"
      message += through
      message += "`"
    }
    return Reason(
      rule: nil, role: granted.name, privilege: through, policy: granted.policy, effect: .allow,
      mode: .enforce, message: message, position: granted.position, error: nil, failure: nil,
      clauses: [])
  }

  /// What is said when nothing grants the action.
  private mutating func refusal(_ values: RequestValues) -> (Reason, WireError?) {
    let action = name(values.action)
    let part = policies.unauthorized.first { $0.actions?.contains(action) ?? true }
    let message =
      part.map { text(of: $0.message) }
      ?? "nothing grants `\(String(decoding: action, as: UTF8.self))` to \(workspace.memory.string(values.subjectType.text)) `\(workspace.memory.string(values.subjectID.text))`"
    let reason = Reason(
      rule: nil, role: nil, privilege: nil, policy: nil, effect: .deny, mode: .enforce,
      message: message,
      position: nil, error: part?.error, failure: nil, clauses: [])
    return (
      reason, part?.error.map { WireError(status: $0.status, type: $0.type, reason: message) }
    )
  }

  /// The first reason that has an error speaks; reasons that are numbered speak together.
  private func wireError(_ reasons: [Reason]) -> WireError? {
    guard !reasons.isEmpty, let error = reasons[0].error else { return nil }
    guard reasons[0].failure == nil else {
      return WireError(status: 403, type: "security_exception", reason: reasons[0].message)
    }
    guard let prefix = error.numbered else {
      return WireError(status: error.status, type: error.type, reason: reasons[0].message)
    }
    var text = prefix + " "
    var number = 0
    for reason in reasons where reason.error?.numbered == prefix && reason.failure == nil {
      number += 1
      text += "\(number): \(reason.message);"
    }
    return WireError(status: error.status, type: error.type, reason: text)
  }

  // MARK: Messages

  mutating func text(of template: Template) -> String {
    if let fixed = template.fixed { return fixed }
    var text = ""
    if template.parts.count > 1 { text.reserveCapacity(template.length) }
    for part in template.parts {
      switch part {
      case .text(let fixed): text += fixed
      case .expression(let entry, let source):
        let value = executable.run(entry, in: &workspace)
        text += value.isError ? "${\(source)}" : Self.shown(value, workspace.memory)
      }
    }
    return text
  }

  /// A value inside a message: texts as they are, everything else as CEL would write it.
  private static func shown(_ value: Value, _ memory: Memory) -> String {
    switch memory.export(value) {
    case .string(let text): text
    case .some(let value): value.description
    case nil: "…"
    }
  }
}
