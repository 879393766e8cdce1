import CEL

/// Texts that the engine knows by id, in every program of a policy set.
struct KnownTexts: Sendable {
  let type, id, name, roles, unknownRoles, backendRoles, user: TextID
  /// What narrows a subject: see `SubjectLimit`.
  let roleLimited, privilegeLimit: TextID

  init(_ memory: inout Memory) {
    type = memory.intern("type")
    id = memory.intern("id")
    name = memory.intern("name")
    roles = memory.intern("roles")
    unknownRoles = memory.intern("unknown_roles")
    user = memory.intern("user")
    backendRoles = memory.intern("backend_roles")
    roleLimited = memory.intern(SubjectLimit.roleLimited)
    privilegeLimit = memory.intern(SubjectLimit.privilegeLimit)
  }
}

/// The parts of a request in the engine's memory, before roles are known.
struct RequestValues {
  var subjectType = Value.null
  var subjectID = Value.null
  /// Roles in the request, or null.
  var claimedRoles = Value.null
  /// Backend roles in the request, or null.
  var backendRoles = Value.null
  var action = Value.null
  var resourceType = Value.null
  var resourceID = Value.null
  var actionMap = Value.null
  var resourceMap = Value.null
  var contextMap = Value.null
  /// Names and values of the subject's properties but for roles, pushed since this mark.
  var subjectMark = 0
  /// What the subject is limited to, beside what it has.
  var limit = SubjectLimit()
  /// For a subject that was prepared: how conditions see it, and the number of its role set.
  var isPrepared = false
  var subjectMap = Value.null
  var roleSet = 0
}

/// Reads an AuthZEN evaluation from a tape into memory.
struct RequestReader {
  let known: KnownTexts

  /// The four parts, each the node of an object; for a batch, items and defaults are put together
  /// by the caller.
  struct Parts {
    var subject: Int?
    var action: Int?
    var resource: Int?
    var context: Int?
    /// What makes it a batch.
    var evaluations: Int?
  }

  private static let partNames = MemberNames([
    "subject", "action", "resource", "context", "evaluations",
  ])
  private static let memberNames = MemberNames(["type", "id", "name", "properties"])

  /// Members of a part, by number; nil for those that it lacks.
  private enum Member: Int { case type, id, name, properties }

  /// A part that is an object, and the members of it that are its own.
  private struct Found {
    let node: Int
    let members: InlineArray<8, Int32>

    subscript(member: Member) -> Int? { RequestReader.node(members[member.rawValue]) }
  }

  private static func node(_ place: Int32) -> Int? { place < 0 ? nil : Int(place) }

  static func parts(of node: Int, in tape: borrowing JSONTape) -> Parts {
    let found = tape.members(partNames, of: node)
    return Parts(
      subject: Self.node(found[0]), action: Self.node(found[1]), resource: Self.node(found[2]),
      context: Self.node(found[3]), evaluations: Self.node(found[4]))
  }

  func read(
    _ parts: Parts, at root: Int, _ tape: borrowing JSONTape, into memory: inout Memory
  ) throws(RequestError) -> RequestValues {
    var values = RequestValues()
    let action = try object(parts.action, "action", root, tape)
    let resource = try object(parts.resource, "resource", root, tape)
    let subject = try object(parts.subject, "subject", root, tape)
    values.action = try required(.name, of: action, "action", tape, &memory)
    values.resourceType = try required(.type, of: resource, "resource", tape, &memory)
    values.resourceID = try required(.id, of: resource, "resource", tape, &memory)
    values.subjectType = try required(.type, of: subject, "subject", tape, &memory)
    values.subjectID = try required(.id, of: subject, "subject", tape, &memory)
    values.actionMap = try map(
      (known.name, values.action), nil, of: action, "action", tape, &memory)
    values.resourceMap = try map(
      (known.type, values.resourceType), (known.id, values.resourceID), of: resource, "resource",
      tape, &memory)
    if let context = parts.context {
      try expectObject(context, "context", tape)
      values.contextMap = memory.read(tape, context)
    } else {
      values.contextMap = memory.mapOfResults(from: memory.beginResults())
    }
    try readSubject(subject, tape, &memory, &values)
    return values
  }

  /// The subject comes last: its properties stay pushed until its roles are known.
  private func readSubject(
    _ subject: Found, _ tape: borrowing JSONTape, _ memory: inout Memory,
    _ values: inout RequestValues
  ) throws(RequestError) {
    values.subjectMark = memory.beginResults()
    guard let properties = subject[.properties] else { return }
    try expectObject(properties, "subject.properties", tape)
    var name = properties + 1
    let end = tape.nodes[properties].next
    while name < end {
      let key = memory.text(tape, name)
      let value = name + 1
      if key == known.roles {
        try RequestError.expectStrings(value, "subject.properties.roles", tape)
        values.claimedRoles = memory.read(tape, value)
      } else if key == known.type || key == known.id || key == known.unknownRoles {
        throw reserved("subject", name, tape)
      } else {
        if key == known.backendRoles {
          try RequestError.expectStrings(value, "subject.properties.backend_roles", tape)
        }
        let read = memory.read(tape, value)
        if key == known.backendRoles { values.backendRoles = read }
        values.limit.note(key, read, known)
        memory.push(key, read)
      }
      name = tape.next(after: value)
    }
  }

  /// A part as conditions see it: what it has by itself, and its properties.
  private func map(
    _ first: (TextID, Value), _ second: (TextID, Value)?, of part: Found, _ what: String,
    _ tape: borrowing JSONTape, _ memory: inout Memory
  ) throws(RequestError) -> Value {
    let properties = part[.properties]
    if let properties { try expectObject(properties, "\(what).properties", tape) }
    var clash: Int?
    let map = memory.map(first, second, tape, properties, clash: &clash)
    if let clash { throw reserved(what, clash, tape) }
    return map
  }

  // MARK: Faults

  private func fault(
    _ code: String, _ message: String, _ node: Int, _ tape: borrowing JSONTape
  ) -> RequestError {
    RequestError(code: code, message: message, help: nil, at: Int(tape.nodes[node].start))
  }

  private func reserved(_ what: String, _ node: Int, _ tape: borrowing JSONTape) -> RequestError {
    fault(
      "reserved-property",
      "`\(what).properties` can't hold `\(tape.string(of: node))`, which is the \(what)'s own",
      node, tape)
  }

  private func object(
    _ node: Int?, _ what: String, _ root: Int, _ tape: borrowing JSONTape
  ) throws(RequestError) -> Found {
    guard let node else { throw .missingPart(what, root, tape) }
    try expectObject(node, what, tape)
    return Found(node: node, members: tape.members(Self.memberNames, of: node))
  }

  /// The name of the part is only put together for a fault.
  private func expectObject(
    _ node: Int, _ what: @autoclosure () -> String, _ tape: borrowing JSONTape
  ) throws(RequestError) {
    guard tape.isObject(node) else {
      throw .wrongType(what(), "an object", node, tape)
    }
  }

  private func required(
    _ member: Member, of part: Found, _ what: String, _ tape: borrowing JSONTape,
    _ memory: inout Memory
  ) throws(RequestError) -> Value {
    guard let value = part[member] else {
      throw fault("missing-member", "`\(what)` has no `\(member)`", part.node, tape)
    }
    guard tape.isString(value) else {
      throw .wrongType("\(what).\(member)", "a string", value, tape)
    }
    return .string(memory.text(tape, value))
  }
}
