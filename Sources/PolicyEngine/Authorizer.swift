import CEL

/// Decides requests against one policy set, with storage that is reused.
///
/// An authorizer belongs to one thread at a time; the set behind it is shared. After a reload, make new ones.
public struct Authorizer: Sendable {
  /// The set that it decides by.
  public let policies: PolicySet
  /// Whether decisions carry clauses, values and missing facts. The outcome and the reasons are the same either way.
  public var explains = false

  var workspace: Workspace
  var tape = JSONTape()
  var trace = Trace()
  private var roles = RoleResolver()

  /// An authorizer for this set.
  public init(_ policies: PolicySet) {
    self.policies = policies
    workspace = Workspace(policies.program)
  }

  /// Decides a request.
  ///
  /// - Throws: `RequestError` if the request is not well-formed.
  public mutating func decide(_ request: Request) throws(RequestError) -> Decision {
    reset()
    let values = try RequestWriter(known: policies.known).write(request, into: &workspace.memory)
    return decide(values)
  }

  /// Decides an AuthZEN evaluation in JSON.
  ///
  /// - Throws: `RequestError` with the place of what is wrong.
  public mutating func decide(json: [UInt8]) throws(RequestError) -> Decision {
    var tape = JSONTape()
    swap(&tape, &self.tape)
    defer { swap(&tape, &self.tape) }
    try tape.readRequest(json)
    do throws(RequestError) {
      return try decide(RequestReader.parts(of: tape.root, in: tape), at: tape.root, tape)
    } catch {
      var places = PlaceFinder()
      throw places.located(error, in: tape)
    }
  }

  /// Decides one evaluation that stands on a tape. Faults come with their offset, for the caller to locate.
  mutating func decide(
    _ parts: RequestReader.Parts, at node: Int, _ tape: borrowing JSONTape
  ) throws(RequestError) -> Decision {
    reset()
    guard tape.kind(of: node) == .object else {
      throw RequestError(
        code: "wrong-type", message: "a request must be an object, this is \(DocumentReader.describe(tape.kind(of: node)))",
        help: tape.kind(of: node) == .array ? "a batch is an object too: `{\"evaluations\": […]}`" : nil,
        at: Int(tape.nodes[node].start))
    }
    let values = try RequestReader(known: policies.known).read(parts, at: node, tape, into: &workspace.memory)
    return decide(values)
  }

  private mutating func reset() {
    workspace.reset(budget: policies.program.budget)
    trace.reset()
  }

  private mutating func decide(_ values: RequestValues) -> Decision {
    bind(values)
    let entry = policies.actions[values.action.text] ?? policies.entry(for: name(values.action))
    evaluate(entry, values)
    return makeDecision(entry, values)
  }

  func name(_ text: Value) -> [UInt8] { Array(workspace.memory.octets[workspace.memory.range(of: text.text)]) }

  /// Puts the request's parts into the program's variables.
  private mutating func bind(_ values: RequestValues) {
    let registers = policies.registers
    workspace.registers[registers.action] = values.actionMap
    workspace.registers[registers.resource] = values.resourceMap
    workspace.registers[registers.context] = values.contextMap
    workspace.registers[registers.subject] = roles.subject(values, policies, &workspace.memory)
  }

  // MARK: Stages

  /// Runs the stages, in order, until one denies.
  private mutating func evaluate(_ entry: ActionEntry, _ values: RequestValues) {
    let type = values.resourceType.text
    for stage in Stage.allCases {
      if stage == .authorization { grant(entry, type) }
      for index in entry.rules where policies.rules[index].stage == stage && policies.rules[index].effect != .allow {
        guard policies.rules[index].concerns(type) else { continue }
        apply(index)
      }
      if stage == .authorization, !trace.isGranted { trace.isRefused = true }
      if trace.isDenied {
        trace.stage = stage
        return
      }
    }
  }

  /// Looks for what grants the action: roles first, then `allow` rules.
  private mutating func grant(_ entry: ActionEntry, _ type: TextID) {
    for role in roles.held {
      if let privilege = entry.grants[role] { trace.roleGrants.append((role, privilege)) }
    }
    for index in entry.rules where policies.rules[index].effect == .allow {
      let rule = policies.rules[index]
      guard rule.concerns(type) else { continue }
      // A condition that fails to evaluate grants nothing.
      guard evaluate(rule).isTrue else { continue }
      switch rule.mode {
      case .enforce: trace.ruleGrants.append(index)
      case .warn:
        trace.ruleGrants.append(index)
        trace.warnings.append((index, .true))
      case .audit: trace.audit.append((index, .true))
      }
    }
  }

  /// Asks a `deny` or `warn` rule and files the answer.
  private mutating func apply(_ index: Int) {
    let rule = policies.rules[index]
    let value = evaluate(rule)
    guard !value.isFalse else { return }
    // True, or an error: a rule that can't be evaluated counts as one that applies.
    switch (rule.effect, rule.mode) {
    case (_, .audit): trace.audit.append((index, value))
    case (.deny, .enforce): trace.denials.append((index, value))
    default: trace.warnings.append((index, value))
    }
  }

  /// Whether a rule applies: `when` and not `unless`, with errors that the other side does not settle.
  private mutating func evaluate(_ rule: LinkedRule) -> Value {
    var result = Value.true
    if let when = rule.when {
      result = policies.program.run(when, in: &workspace)
      if result.isFalse { return result }
    }
    guard let unless = rule.unless else { return result }
    let exempt = policies.program.run(unless, in: &workspace)
    if exempt.isTrue { return .false }
    if result.isError { return result }
    return exempt.isError ? exempt : result
  }
}

/// What an evaluation found, before it is put into words.
struct Trace: Sendable {
  var stage: Stage?
  var denials: [(rule: Int, value: Value)] = []
  var warnings: [(rule: Int, value: Value)] = []
  var audit: [(rule: Int, value: Value)] = []
  var roleGrants: [(role: Int, privilege: Int?)] = []
  var ruleGrants: [Int] = []
  /// Nothing grants the action.
  var isRefused = false

  var isGranted: Bool { !roleGrants.isEmpty || !ruleGrants.isEmpty }
  var isDenied: Bool { isRefused || !denials.isEmpty }

  mutating func reset() {
    stage = nil
    denials.removeAll(keepingCapacity: true)
    warnings.removeAll(keepingCapacity: true)
    audit.removeAll(keepingCapacity: true)
    roleGrants.removeAll(keepingCapacity: true)
    ruleGrants.removeAll(keepingCapacity: true)
    isRefused = false
  }
}

extension PolicySet {
  func entry(for action: [UInt8]) -> ActionEntry { Self.entry(for: action, rules, roles) }
}
