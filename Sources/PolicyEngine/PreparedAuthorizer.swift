public import CEL

/// Decides requests of one shape from typed values, without JSON and, once it is warm, without an
/// allocation.
///
/// What stays the same from request to request is worked out once: where attributes belong
/// (`RequestShape`), which roles a subject has (`PreparedSubject`), what an action is
/// (`PreparedAction`). What changes is written straight into the engine's memory.
///
/// ```swift
/// var authorizer = PreparedAuthorizer(policies, shape)
/// let alice = try authorizer.prepare(
///   .init(type: "user", id: "alice", properties: ["roles": ["machine_learning_admin"]]))
/// let put = authorizer.action("cluster:admin/xpack/ml/inference/model_aliases/put")
///
/// authorizer.begin(alice, put, resource: "model_alias", id: "flight_delay")
/// authorizer.set(reassign, true)
/// authorizer.set(inputFields, ["age", "distance"])
/// if authorizer.outcome() == .deny { … }
/// ```
///
/// It decides as `Authorizer` does with the same request in JSON: the same outcome, reasons and
/// words. It belongs to one thread at a time.
public struct PreparedAuthorizer: Sendable {
  /// The set that it decides by.
  public var policies: PolicySet { authorizer.policies }
  /// The attributes that requests may carry.
  public let shape: RequestShape
  /// Whether decisions carry clauses, values and missing facts.
  public var explains: Bool {
    get { authorizer.explains }
    set { authorizer.explains = newValue }
  }

  var authorizer: Authorizer
  private var form: ObjectForm
  /// Slots of the action's name, the resource's type and its id, and the parts' objects.
  private let own: (name: Int32, type: Int32, id: Int32)
  private let parts: (action: Int32, resource: Int32, context: Int32)
  private var subjects: [PreparedSubject.Values] = []
  private var request = RequestValues()
  private let empty: Memory.Extent
  private var isOpen = false

  /// An authorizer for this set and shape, with no subjects yet.
  public init(_ policies: PolicySet, _ shape: RequestShape) {
    self.shape = shape
    authorizer = Authorizer(policies)
    form = ObjectForm(
      shape.members, shape.objects, slots: shape.count + 3, &authorizer.workspace.memory)
    own = (shape.nameSlot, shape.typeSlot, shape.idSlot)
    parts = (shape.parts[0], shape.parts[1], shape.parts[2])
    authorizer.workspace.memory.keep()
    empty = authorizer.workspace.memory.extent
  }

  // MARK: Preparing

  /// Keeps a subject: its properties, and the roles that it has by them and by mappings.
  ///
  /// - Throws: `RequestError` if the subject is not well-formed, or if there are
  ///   `EngineLimits.preparedSubjects` already (`forgetSubjects()` makes room).
  public mutating func prepare(_ subject: Request.Entity) throws(RequestError) -> PreparedSubject {
    guard subjects.count < EngineLimits.preparedSubjects else {
      throw RequestError(
        code: "too-many-subjects",
        message: "an authorizer keeps \(EngineLimits.preparedSubjects) subjects",
        help: "forget them with `forgetSubjects()`, or keep those that are asked for most",
        line: 0, column: 0)
    }
    isOpen = false
    authorizer.forgetRequest()
    var values = RequestValues()
    do throws(RequestError) {
      try RequestWriter(known: authorizer.known).write(
        subject, into: &authorizer.workspace.memory, &values)
    } catch {
      authorizer.forgetRequest()
      throw error
    }
    let prepared = authorizer.prepare(values)
    subjects.append(prepared)
    return PreparedSubject(number: Int32(subjects.count - 1), token: prepared.token)
  }

  /// Forgets all prepared subjects and gives back the room that they took; their handles mean
  /// nothing any more.
  public mutating func forgetSubjects() {
    isOpen = false
    subjects.removeAll()
    authorizer.forget(to: empty)
  }

  /// An action, found once by its name. Every authorizer of this policy set finds it faster; others
  /// find it by its name.
  public func action(_ name: String) -> PreparedAction {
    PreparedAction(name: name, policies: policies, text: authorizer.programText(name))
  }

  // MARK: One request

  /// Begins a request; attributes of the one before are gone.
  ///
  /// - Throws: `RequestError` (`unknown-subject`) if this authorizer did not prepare the subject, or
  ///   has forgotten it, as after a reload: nothing is decided for somebody else.
  public mutating func begin(
    _ subject: PreparedSubject, _ action: PreparedAction, resource type: String, id: String
  ) throws(RequestError) {
    try begin(subject, resource: type, id: id)
    if let text = action.text, action.policies === authorizer.policies {
      request.action = .string(text)
      form.set(own.name, request.action, &authorizer.workspace.memory)
    } else {
      request.action = form.set(own.name, action.name, &authorizer.workspace.memory)
    }
  }

  /// As above, with the action's name.
  public mutating func begin(
    _ subject: PreparedSubject, action: String, resource type: String, id: String
  ) throws(RequestError) {
    try begin(subject, resource: type, id: id)
    request.action = form.set(own.name, action, &authorizer.workspace.memory)
  }

  @inline(__always)
  private mutating func begin(
    _ subject: PreparedSubject, resource type: String, id: String
  ) throws(RequestError) {
    isOpen = false
    let number = Int(subject.number)
    guard number < subjects.count, subjects[number].token == subject.token else {
      throw Self.unknownSubject()
    }
    let values = subjects[number]
    authorizer.reset()
    form.reset(&authorizer.workspace.memory)
    request.subjectType = values.type
    request.subjectID = values.id
    request.isPrepared = true
    request.subjectMap = values.map
    request.roleSet = values.roleSet
    request.limit = values.limit
    request.resourceType = form.set(own.type, type, &authorizer.workspace.memory)
    request.resourceID = form.set(own.id, id, &authorizer.workspace.memory)
    isOpen = true
  }

  @inline(never)
  private static func unknownSubject() -> RequestError {
    RequestError(
      code: "unknown-subject",
      message: "the subject was prepared by another authorizer, or has been forgotten",
      help: "prepare it again", line: 0, column: 0)
  }

  /// Gives an attribute a value.
  public mutating func set(_ slot: RequestShape.Slot, _ value: Bool) {
    expectRequest()
    form.set(slot.index, value, &authorizer.workspace.memory)
  }
  /// Gives an attribute a value.
  public mutating func set(_ slot: RequestShape.Slot, _ value: Int) {
    expectRequest()
    form.set(slot.index, Int64(value), &authorizer.workspace.memory)
  }
  /// Gives an attribute a value.
  public mutating func set(_ slot: RequestShape.Slot, _ value: Double) {
    expectRequest()
    form.set(slot.index, value, &authorizer.workspace.memory)
  }
  /// Gives an attribute a text.
  public mutating func set(_ slot: RequestShape.Slot, _ value: String) {
    expectRequest()
    form.set(slot.index, value, &authorizer.workspace.memory)
  }
  /// Gives an attribute a list of texts.
  public mutating func set(_ slot: RequestShape.Slot, _ value: [String]) {
    expectRequest()
    form.set(slot.index, value, &authorizer.workspace.memory)
  }
  /// Gives an attribute any value.
  ///
  /// - Throws: `RequestError` (`wrong-type`) if it nests too deeply or has unusable keys; the
  ///   attribute then has no value.
  public mutating func set(
    _ slot: RequestShape.Slot, value: CELValue
  ) throws(RequestError) {
    expectRequest()
    let added = authorizer.workspace.memory.add(value)
    guard !added.isError else {
      throw RequestError(
        code: "wrong-type", message: "the value nests too deeply or has unusable keys", help: nil,
        line: 0, column: 0)
    }
    form.set(slot.index, added, &authorizer.workspace.memory)
  }

  @inline(__always) private func expectRequest() {
    precondition(isOpen, "an attribute belongs to a request that has begun")
  }

  /// What comes of the request, without words.
  public mutating func outcome() -> Outcome {
    finish()
    authorizer.bind(
      prepared: request.subjectMap, roleSet: request.roleSet, form.map(parts.action),
      form.map(parts.resource), form.map(parts.context))
    authorizer.evaluate(
      action: request.action.text, type: request.resourceType.text, request.limit)
    return authorizer.trace.outcome
  }

  /// The decision, with words.
  public mutating func decide() -> Decision {
    finish()
    request.actionMap = form.map(parts.action)
    request.resourceMap = form.map(parts.resource)
    request.contextMap = form.map(parts.context)
    return authorizer.decide(request)
  }

  private mutating func finish() {
    precondition(isOpen, "there is no request: `begin` one, and ask once")
    isOpen = false
    form.write(into: &authorizer.workspace.memory)
  }
}

/// A subject that a `PreparedAuthorizer` keeps.
public struct PreparedSubject: Hashable, Sendable {
  let number: Int32
  /// Drawn at random when the subject was prepared: numbers come again, in copies of an authorizer
  /// and after it has forgotten, and must not stand for somebody else.
  let token: UInt64

  /// What is kept of it.
  struct Values: BitwiseCopyable, Sendable {
    let token = UInt64.random(in: .min ... .max)
    var type: Value
    var id: Value
    /// The subject as conditions see it.
    var map: Value
    /// To what it is limited.
    var limit: SubjectLimit
    /// Its role set among those that are kept.
    var roleSet: Int
  }
}

/// An action that was found by its name.
public struct PreparedAction: Sendable {
  /// The action's name.
  public let name: String
  let policies: PolicySet
  let text: TextID?
}
