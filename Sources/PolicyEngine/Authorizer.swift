package import CEL

/// Decides requests against one policy set, with storage that is reused.
///
/// An authorizer belongs to one thread at a time; the set behind it is shared. After a reload, make
/// new ones.
public struct Authorizer: Sendable {
  /// The set that it decides by.
  public let policies: PolicySet
  private let executable: Executable
  private let known: KnownTexts
  /// Whether decisions carry clauses, values and missing facts. The outcome and the reasons are the
  /// same either way.
  public var explains = false

  var workspace: Workspace
  var tape = JSONTape()
  var trace = Trace()
  private var roles = RoleResolver()
  private(set) var candidates = Candidates()

  /// An authorizer for this set.
  public init(_ policies: PolicySet) {
    self.policies = policies
    executable = policies.executable
    known = policies.known
    workspace = Workspace(policies.program)
  }

  /// Decides a request.
  ///
  /// - Throws: `RequestError` if the request is not well-formed.
  public mutating func decide(_ request: Request) throws(RequestError) -> Decision {
    reset()
    let values = try RequestWriter(known: known).write(request, into: &workspace.memory)
    return decide(values)
  }

  /// Decides an AuthZEN evaluation in JSON.
  ///
  /// - Throws: `RequestError` with the place of what is wrong.
  public mutating func decide(json: [UInt8]) throws(RequestError) -> Decision {
    decide(try read(json))
  }

  /// Reads an evaluation into the workspace.
  private mutating func read(_ json: [UInt8]) throws(RequestError) -> RequestValues {
    var tape = JSONTape()
    swap(&tape, &self.tape)
    defer { swap(&tape, &self.tape) }
    try tape.readRequest(json)
    do throws(RequestError) {
      return try read(RequestReader.parts(of: tape.root, in: tape), at: tape.root, tape)
    } catch {
      var places = PlaceFinder()
      throw places.located(error, in: tape)
    }
  }

  private mutating func read(
    _ parts: RequestReader.Parts, at node: Int, _ tape: borrowing JSONTape
  ) throws(RequestError) -> RequestValues {
    reset()
    guard tape.kind(of: node) == .object else { throw Self.notAnObject(tape, node) }
    return try RequestReader(known: known).read(parts, at: node, tape, into: &workspace.memory)
  }

  /// Decides one evaluation that stands on a tape. Faults come with their offset, for the caller to
  /// locate.
  mutating func decide(
    _ parts: RequestReader.Parts, at node: Int, _ tape: borrowing JSONTape
  ) throws(RequestError) -> Decision {
    decide(try read(parts, at: node, tape))
  }

  /// Only what comes of a request, without words: the fast path.
  ///
  /// - Throws: `RequestError` if the request is not well-formed.
  public mutating func outcome(of request: Request) throws(RequestError) -> Outcome {
    reset()
    let values = try RequestWriter(known: known).write(request, into: &workspace.memory)
    evaluate(values)
    return trace.outcome
  }

  /// Only what comes of an AuthZEN evaluation in JSON, without words.
  ///
  /// - Throws: `RequestError` with the place of what is wrong.
  public mutating func outcome(json: [UInt8]) throws(RequestError) -> Outcome {
    evaluate(try read(json))
    return trace.outcome
  }

  /// Only what comes of an evaluation that stands at a node of a tape, without words: for whoever
  /// reads many of them out of larger texts.
  package mutating func outcome(
    at node: Int, of tape: borrowing JSONTape
  ) throws(RequestError) -> Outcome {
    evaluate(try read(RequestReader.parts(of: node, in: tape), at: node, tape))
    return trace.outcome
  }

  private static func notAnObject(_ tape: borrowing JSONTape, _ node: Int) -> RequestError {
    RequestError(
      code: "wrong-type",
      message:
        "a request must be an object, this is \(DocumentReader.describe(tape.kind(of: node)))",
      help: tape.kind(of: node) == .array
        ? "a batch is an object too: `{\"evaluations\": […]}`" : nil,
      at: Int(tape.nodes[node].start))
  }

  private mutating func reset() {
    workspace.reset(budget: EngineLimits.decisionBudget)
    trace.reset()
  }

  private mutating func decide(_ values: RequestValues) -> Decision {
    evaluate(values)
    return makeDecision(values)
  }

  func name(_ text: Value) -> [UInt8] {
    Array(workspace.memory.octets[workspace.memory.range(of: text.text)])
  }

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
  private mutating func evaluate(_ values: RequestValues) {
    bind(values)
    trace.resourceType = values.resourceType.text
    trace.action = values.action.text
    let index = policies.index
    let action = Int(values.action.text)
    if action < index.entryOfText.count, index.entryOfText[action] >= 0 {
      evaluate(index.entries[Int(index.entryOfText[action])], index.lists, values.resourceType.text)
    } else {
      // An action that the set does not name: only patterns can speak of it.
      var lists: [Int32] = []
      let entry = index.makeEntry(name(values.action), &lists)
      evaluate(entry, lists, values.resourceType.text)
    }
  }

  private mutating func evaluate(_ entry: ActionEntry, _ lists: [Int32], _ type: TextID) {
    let index = policies.index
    candidates.collect(entry, lists, index, workspace.registers, workspace.memory)
    trace.entry = entry
    trace.lists = lists
    var place = 0
    let count = candidates.rules.count
    for phase in RuleCode.Phase.allCases {
      if phase == .grants { grantByRole(entry, lists) }
      while place < count {
        let rule = Int(candidates.rules[place])
        let code = index.codes[rule]
        guard code.phase == phase else { break }
        place += 1
        guard concerns(code, type, index.types) else { continue }
        file(rule, code.verdict, ask(code))
      }
      if phase == .grants { continue }
      if phase == .authorization, !trace.isGranted { trace.isRefused = true }
      if trace.isDenied {
        trace.stage = phase.stage
        return
      }
    }
  }

  @inline(__always)
  func concerns(_ code: RuleCode, _ type: TextID, _ types: [TextID]) -> Bool {
    guard code.typeCount > 0 else { return true }
    for place in Int(code.typeStart)..<Int(code.typeStart + code.typeCount)
    where types[place] == type { return true }
    return false
  }

  private mutating func grantByRole(_ entry: ActionEntry, _ lists: [Int32]) {
    for role in roles.held {
      if let grant = policies.roles.grant(role, lists, entry) { trace.roleGrants.append(grant) }
    }
    // As they are declared, like all reasons.
    if trace.roleGrants.count > 1 { trace.roleGrants.sort { $0.role < $1.role } }
  }

  /// Files a rule's answer. A rule that can't be evaluated grants nothing, and otherwise counts as
  /// one that applies.
  @inline(__always)
  private mutating func file(_ rule: Int, _ verdict: RuleCode.Verdict, _ value: Value) {
    guard !value.isFalse else { return }
    switch verdict {
    case .grant: if value.isTrue { trace.ruleGrants.append(rule) }
    case .grantWithWarning:
      guard value.isTrue else { return }
      trace.ruleGrants.append(rule)
      trace.warnings.append((rule, value))
    case .deny: trace.denials.append((rule, value))
    case .warn: trace.warnings.append((rule, value))
    case .audit:
      if value.isTrue || policies.rules[rule].effect != .allow { trace.audit.append((rule, value)) }
    }
  }

  /// Whether a rule applies: `when` and not `unless`, with errors that the other side does not
  /// settle.
  @inline(__always)
  private mutating func ask(_ code: RuleCode) -> Value {
    var result = Value.true
    if code.when >= 0 {
      result = executable.run(at: code.when, in: &workspace)
      if result.isFalse { return result }
    }
    guard code.unless >= 0 else { return result }
    let exempt = executable.run(at: code.unless, in: &workspace)
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
  var roleGrants: [Grant] = []
  var ruleGrants: [Int] = []
  /// Nothing grants the action.
  var isRefused = false
  /// What is known of the action, with the lists that it refers to.
  var entry = ActionEntry()
  var lists: [Int32] = []
  /// The type of the resource, by text id.
  var resourceType: TextID = 0
  /// The action, by text id.
  var action: TextID = 0

  var isGranted: Bool { !roleGrants.isEmpty || !ruleGrants.isEmpty }
  var isDenied: Bool { isRefused || !denials.isEmpty }
  var outcome: Outcome { isDenied ? .deny : warnings.isEmpty ? .allow : .warn }
  /// Privileges that grant the action, in order.
  var privileges: ArraySlice<Int32> {
    lists[Int(entry.privilegeStart)..<Int(entry.privilegeStart + entry.privilegeCount)]
  }

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
