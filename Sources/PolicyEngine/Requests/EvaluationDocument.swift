import CEL

/// An AuthZEN text as typed requests: one evaluation, or the items of a batch with their defaults
/// put in. For whoever adds to requests before they are decided; whoever does not decides them
/// straight from the text (`Authorizer.answer(json:)`), and finds the same faults.
package struct EvaluationDocument: Sendable {
  private let tape: JSONTape
  private let batch: Batch?
  /// Defaults, each read once however many items it serves.
  private let subject, resource: Result<Request.Entity, RequestError>?
  private let action: Result<Request.Action, RequestError>?
  private let context: Result<[String: CELValue], RequestError>?

  /// Reads a text.
  ///
  /// - Parameters:
  ///   - isBatchAllowed: false where a text is one evaluation whatever else is in it.
  ///   - bytes: what the evaluations of a batch may come to, a default counting for every item that
  ///     it serves.
  /// - Throws: `RequestError` with the place of what is wrong, if it is wrong with the text as a
  ///   whole.
  package init(
    _ json: [UInt8], isBatchAllowed: Bool = true, bytes: Int = EngineLimits.batchBytes
  ) throws(RequestError) {
    var tape = JSONTape()
    try tape.readRequest(json)
    do throws(RequestError) {
      batch = isBatchAllowed ? try Batch(tape, bytes: bytes) : nil
      guard batch != nil || tape.kind(of: tape.root) == .object else {
        throw .notAnObject(tape, tape.root)
      }
    } catch {
      var places = PlaceFinder()
      throw places.located(error, in: tape)
    }
    self.tape = tape
    let defaults = batch?.defaults
    let reader = TypedReader(tape: tape)
    subject = reader.result(defaults?.subject) { (reader, node) throws(RequestError) in
      try reader.subject(node)
    }
    action = reader.result(defaults?.action) { (reader, node) throws(RequestError) in
      try reader.action(node)
    }
    resource = reader.result(defaults?.resource) { (reader, node) throws(RequestError) in
      try reader.resource(node)
    }
    context = reader.result(defaults?.context) { (reader, node) throws(RequestError) in
      try reader.context(node)
    }
  }

  /// Whether it is a batch, which is answered with a list.
  package var isBatch: Bool { batch != nil }
  /// How many evaluations there are.
  package var count: Int { batch?.items.count ?? 1 }
  /// When a batch is done.
  package var semantic: BatchSemantic { batch?.semantic ?? .executeAll }

  /// One evaluation, from 0.
  ///
  /// - Throws: `RequestError` with the place of what is wrong.
  package func request(_ index: Int) throws(RequestError) -> Request {
    let node = batch?.items[index] ?? tape.root
    var places = PlaceFinder()
    do throws(RequestError) {
      return try read(node)
    } catch {
      throw places.located(error, in: tape)
    }
  }

  private func read(_ node: Int) throws(RequestError) -> Request {
    guard tape.kind(of: node) == .object else { throw .notAnObject(tape, node) }
    let own = RequestReader.parts(of: node, in: tape)
    let reader = TypedReader(tape: tape)
    // In the order in which `RequestReader` finds faults.
    let actionNode = try reader.object(own.action ?? batch?.defaults.action, "action", node)
    let resourceNode = try reader.object(own.resource ?? batch?.defaults.resource, "resource", node)
    let subjectNode = try reader.object(own.subject ?? batch?.defaults.subject, "subject", node)
    for (name, part, what) in [
      ("name", actionNode, "action"), ("type", resourceNode, "resource"),
      ("id", resourceNode, "resource"), ("type", subjectNode, "subject"),
      ("id", subjectNode, "subject"),
    ] { _ = try reader.required(name, of: part, what) }
    let action = try reader.take(own.action == nil ? self.action : nil) {
      () throws(RequestError) in try reader.action(actionNode)
    }
    let resource = try reader.take(own.resource == nil ? self.resource : nil) {
      () throws(RequestError) in try reader.resource(resourceNode)
    }
    let context = try reader.take(own.context == nil ? self.context : nil) {
      () throws(RequestError) in
      guard let node = own.context else { return [:] }
      return try reader.context(node)
    }
    let subject = try reader.take(own.subject == nil ? self.subject : nil) {
      () throws(RequestError) in try reader.subject(subjectNode)
    }
    return Request(subject: subject, action: action, resource: resource, context: context)
  }
}

/// Reads parts of requests off a tape, as `RequestReader` does into memory.
struct TypedReader {
  let tape: JSONTape

  /// What a node reads as, or why it does not; nil for no node.
  func result<T>(
    _ node: Int?, _ read: (TypedReader, Int) throws(RequestError) -> T
  ) -> Result<T, RequestError>? {
    guard let node else { return nil }
    do throws(RequestError) {
      return .success(try read(self, node))
    } catch {
      return .failure(error)
    }
  }

  /// What was read before, or else what can be read now.
  func take<T>(
    _ shared: Result<T, RequestError>?, or read: () throws(RequestError) -> T
  ) throws(RequestError) -> T {
    switch shared {
    case nil: return try read()
    case .success(let value): return value
    case .failure(let error): throw error
    }
  }

  func subject(_ node: Int, hasID: Bool = true) throws(RequestError) -> Request.Entity {
    let entity = try entity(node, "subject", ["type", "id", "unknown_roles"], hasID)
    guard let properties = tape.member("properties", of: node) else { return entity }
    for name in ["roles", "backend_roles"] {
      if let value = tape.member(name, of: properties) {
        try RequestError.expectStrings(value, "subject.properties.\(name)", tape)
      }
    }
    return entity
  }

  func resource(_ node: Int, hasID: Bool = true) throws(RequestError) -> Request.Entity {
    try entity(node, "resource", ["type", "id"], hasID)
  }

  func action(_ node: Int) throws(RequestError) -> Request.Action {
    try expectObject(node, "action")
    return Request.Action(
      name: try required("name", of: node, "action"),
      properties: try properties(of: node, "action", ["name"]))
  }

  func context(_ node: Int) throws(RequestError) -> [String: CELValue] {
    try expectObject(node, "context")
    return try members(of: node, "context", [])
  }

  private func entity(
    _ node: Int, _ what: String, _ reserved: [String], _ hasID: Bool
  ) throws(RequestError) -> Request.Entity {
    try expectObject(node, what)
    return Request.Entity(
      type: try required("type", of: node, what),
      id: hasID ? try required("id", of: node, what) : "",
      properties: try properties(of: node, what, reserved))
  }

  private func properties(
    of node: Int, _ what: String, _ reserved: [String]
  ) throws(RequestError) -> [String: CELValue] {
    guard let properties = tape.member("properties", of: node) else { return [:] }
    try expectObject(properties, "\(what).properties")
    return try members(of: properties, what, reserved)
  }

  private func members(
    of object: Int, _ what: String, _ reserved: [String]
  ) throws(RequestError) -> [String: CELValue] {
    var members: [String: CELValue] = [:]
    for name in tape.children(of: object) {
      let text = tape.string(of: name)
      if reserved.contains(where: { tape.isString(name, $0) }) {
        throw fault(
          "reserved-property",
          "`\(what).properties` can't hold `\(text)`, which is the \(what)'s own",
          name)
      }
      guard members.updateValue(tape.value(of: name + 1), forKey: text) == nil else {
        throw fault(
          "duplicate-name", "`\(text)` looks like another name in the same object", name,
          help: "two names must differ in more than how their letters are composed")
      }
    }
    return members
  }

  // MARK: Faults

  private func fault(
    _ code: String, _ message: String, _ node: Int, help: String? = nil
  ) -> RequestError {
    RequestError(code: code, message: message, help: help, at: Int(tape.nodes[node].start))
  }

  func object(_ node: Int?, _ what: String, _ root: Int) throws(RequestError) -> Int {
    guard let node else { throw .missingPart(what, root, tape) }
    try expectObject(node, what)
    return node
  }

  /// The name of the part is only put together for a fault.
  private func expectObject(
    _ node: Int, _ what: @autoclosure () -> String
  ) throws(RequestError) {
    guard tape.kind(of: node) == .object else { throw .wrongType(what(), "an object", node, tape) }
  }

  func required(_ name: String, of node: Int, _ what: String) throws(RequestError) -> String {
    guard let value = tape.member(name, of: node) else {
      throw fault("missing-member", "`\(what)` has no `\(name)`", node)
    }
    guard tape.kind(of: value) == .string else {
      throw .wrongType("\(what).\(name)", "a string", value, tape)
    }
    return tape.string(of: value)
  }
}
