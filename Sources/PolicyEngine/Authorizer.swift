package import CEL

/// Decides requests against one policy set, with storage that is reused.
///
/// An authorizer belongs to one thread at a time; the set behind it is shared. After a reload, make
/// new ones.
public struct Authorizer: Sendable {
  /// The set that it decides by.
  public let policies: PolicySet
  let executable: Executable
  let index: RuleIndex
  let known: KnownTexts
  /// Whether decisions carry clauses, values and missing facts. The outcome and the reasons are the
  /// same either way.
  public var explains = false

  var workspace: Workspace
  var tape = JSONTape()
  var trace = Trace()
  var roles: RoleResolver
  private(set) var candidates = Candidates()
  var actions = ActionMemory()
  var rendered = RenderedReasons()
  /// Storage of `roleGrants`.
  var grants: [Grant] = []
  var explainer: Explainer

  /// An authorizer for this set.
  public init(_ policies: PolicySet) {
    self.policies = policies
    executable = policies.executable
    index = policies.index
    known = policies.known
    explainer = Explainer(policies.executable)
    workspace = Workspace(policies.program)
    roles = RoleResolver(policies, programTexts: workspace.memory.keptTexts)
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

  mutating func read(
    _ parts: RequestReader.Parts, at node: Int, _ tape: borrowing JSONTape
  ) throws(RequestError) -> RequestValues {
    reset()
    guard tape.isObject(node) else { throw .notAnObject(tape, node) }
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

  mutating func reset() {
    workspace.resetValues(budget: EngineLimits.decisionBudget)
    trace.reset()
  }

  mutating func decide(_ values: RequestValues) -> Decision {
    evaluate(values)
    return makeDecision(values)
  }

  /// The subject as conditions see it.
  mutating func resolve(_ subject: Request.Entity) throws(RequestError) -> Value {
    reset()
    let request = Request(
      subject: subject, action: .init(name: "*"), resource: .init(type: "*", id: "*"))
    let values = try RequestWriter(known: known).write(request, into: &workspace.memory)
    return roles.subject(values, policies, &workspace.memory)
  }

  func name(_ text: Value) -> [UInt8] {
    Array(workspace.memory.octets[workspace.memory.range(of: text.text)])
  }

  /// Puts the request's parts into the program's variables.
  private mutating func bind(_ values: RequestValues) {
    guard !values.isPrepared else {
      return bind(
        prepared: values.subjectMap, roleSet: values.roleSet, values.actionMap, values.resourceMap,
        values.contextMap)
    }
    let registers = policies.registers
    workspace.registers[registers.action] = values.actionMap
    workspace.registers[registers.resource] = values.resourceMap
    workspace.registers[registers.context] = values.contextMap
    workspace.registers[registers.subject] = roles.subject(values, policies, &workspace.memory)
  }

  /// The same for a subject that was prepared.
  mutating func bind(
    prepared subject: Value, roleSet: Int, _ action: Value, _ resource: Value, _ context: Value
  ) {
    let registers = policies.registers
    workspace.registers[registers.subject] = subject
    workspace.registers[registers.action] = action
    workspace.registers[registers.resource] = resource
    workspace.registers[registers.context] = context
    roles.use(kept: roleSet)
  }

  // MARK: Preparing

  /// The id of a text that the set's program has, which is the same in every authorizer of the set.
  func programText(_ text: String) -> TextID? {
    workspace.memory.find(text.utf8Span.span).flatMap { roles.isProgramText($0) ? $0 : nil }
  }

  /// Keeps a subject that was just written into memory.
  mutating func prepare(_ values: RequestValues) -> PreparedSubject.Values {
    let map = roles.subject(values, policies, &workspace.memory)
    workspace.memory.keep()
    return PreparedSubject.Values(
      type: values.subjectType, id: values.subjectID, map: map, limit: values.limit,
      roleSet: roles.keep())
  }

  /// Forgets the last request, and the texts of those before it.
  mutating func forgetRequest() { workspace.reset(budget: EngineLimits.decisionBudget) }

  /// Forgets subjects that were prepared since there was so much in memory.
  mutating func forget(to extent: Memory.Extent) {
    forgetRequest()
    workspace.memory.forget(to: extent)
    roles.forgetKept()
  }

  // MARK: Stages

  /// Runs the stages, in order, until one denies.
  mutating func evaluate(_ values: RequestValues) {
    bind(values)
    evaluate(action: values.action.text, type: values.resourceType.text, values.limit)
  }

  /// The same when all variables have their values: a request's parts are many words, which the fast
  /// path does not copy.
  mutating func evaluate(action: TextID, type: TextID, _ narrowed: SubjectLimit) {
    trace.actionText = action
    workspace.memory.beginEvaluation()
    trace.action = actions.find(action, index, workspace.memory)
    trace.isGrantedByRole = roles.grants(trace.action, actions, index)
    if narrowed.isAny { limit(narrowed, to: action) }
    candidates.collect(trace.action, actions, index, type, &workspace)
    run()
  }

  /// Asks the questions, which stand in the order of phases.
  private mutating func run() {
    var place = 0
    let count = workspace.questions.count
    for phase in RuleCode.Phase.validation.rawValue...RuleCode.Phase.admission.rawValue {
      while place < count, workspace.questions[place].group == phase {
        let stop = executable.sweep(from: place, in: &workspace)
        place = stop.place
        guard stop.isStopped else { break }
        let rule = Int(workspace.questions[place].rule)
        place += 1
        let (when, unless) = (index.codes[rule].when, index.codes[rule].unless)
        file(
          rule, index.codes[rule].verdict,
          executable.answer(stop.value, when: when, unless: unless, in: &workspace))
      }
      if phase == RuleCode.Phase.authorization.rawValue, !trace.isGranted { trace.isRefused = true }
      if phase != RuleCode.Phase.grants.rawValue, trace.isDenied {
        trace.stage = RuleCode.Phase(rawValue: phase)?.stage
        return
      }
    }
  }

  /// Files a rule's answer. A rule that can't be evaluated grants nothing, and otherwise counts as
  /// one that applies.
  @inline(__always)
  private mutating func file(_ rule: Int, _ verdict: RuleCode.Verdict, _ answer: Executable.Answer)
  {
    let applies: Bool
    switch answer.verdict {
    case .no: return
    case .yes: applies = true
    case .error: applies = false
    }
    switch verdict {
    case .grant: if applies { trace.ruleGrants.append(rule) }
    case .grantWithWarning:
      guard applies else { return }
      trace.ruleGrants.append(rule)
      trace.warnings.append((rule, answer.value))
    case .deny: trace.denials.append((rule, answer.value))
    case .warn: trace.warnings.append((rule, answer.value))
    case .audit:
      if applies || policies.rules[rule].effect != .allow {
        trace.audit.append((rule, answer.value))
      }
    }
  }
}
