public import CEL

/// A question to the policy: may this subject take this action on this resource, in this context?
///
/// The four parts of an AuthZEN 1.0 evaluation. Conditions see each part with its properties
/// flattened: `subject.id`, `resource.current_model.id`. A property can't be called `type`, `id` or
/// (for the action) `name`.
public struct Request: Hashable, Sendable {
  /// Someone or something: a subject or a resource.
  public struct Entity: Hashable, Sendable {
    /// What kind of thing it is: `user`, `model_alias`.
    public var type: String
    /// Which one, within its type.
    public var id: String
    /// Everything else that is known of it.
    public var properties: [String: CELValue]

    /// An entity from its parts.
    public init(type: String, id: String, properties: [String: CELValue] = [:]) {
      self.type = type
      self.id = id
      self.properties = properties
    }
  }

  /// What is to be done.
  public struct Action: Hashable, Sendable {
    /// The action's name: `cluster:admin/xpack/ml/inference/model_aliases/put`.
    public var name: String
    /// Its parameters.
    public var properties: [String: CELValue]

    /// An action from its parts.
    public init(name: String, properties: [String: CELValue] = [:]) {
      self.name = name
      self.properties = properties
    }
  }

  /// Who asks. The properties `roles` and `backend_roles` decide which roles the subject has.
  public var subject: Entity
  /// What is to be done.
  public var action: Action
  /// To what.
  public var resource: Entity
  /// What else the decision depends on, such as `now`: the engine has no clock.
  public var context: [String: CELValue]

  /// A request from its four parts.
  public init(
    subject: Entity, action: Action, resource: Entity, context: [String: CELValue] = [:]
  ) {
    self.subject = subject
    self.action = action
    self.resource = resource
    self.context = context
  }
}

extension Request.Entity {
  /// The texts of an attribute that is a list, in their order; none if it is not a list.
  package func texts(_ name: String) -> [String] {
    guard case .list(let elements)? = properties[name] else { return [] }
    return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }
}

/// Why a request can't be decided: it is not well-formed. It is neither allowed nor denied; treat
/// it as not allowed.
public struct RequestError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A stable name: `missing-member`, `wrong-type`, `reserved-property`, or the name of a JSON
  /// fault.
  public let code: String
  /// What is wrong.
  public let message: String
  /// What to do about it, if that is known.
  public let help: String?
  /// Line and column in the JSON text; zero for requests that are not text.
  public let line: Int
  /// See `line`.
  public let column: Int
  /// Where it is in the text, until somebody who has all of the text works out line and column.
  let offset: Int?

  package init(code: String, message: String, help: String?, line: Int, column: Int) {
    (self.code, self.message, self.help) = (code, message, help)
    (self.line, self.column, offset) = (line, column, nil)
  }

  init(code: String, message: String, help: String?, at offset: Int) {
    (self.code, self.message, self.help) = (code, message, help)
    (line, column, self.offset) = (0, 0, offset)
  }

  func at(line: Int, column: Int) -> RequestError {
    RequestError(code: code, message: message, help: help, line: line, column: column)
  }

  static func wrongType(
    _ what: String, _ wanted: String, _ node: Int, _ tape: borrowing JSONTape
  ) -> RequestError {
    RequestError(
      code: "wrong-type",
      message:
        "`\(what)` must be \(wanted), this is \(DocumentReader.describe(tape.kind(of: node)))",
      help: nil,
      at: Int(tape.nodes[node].start))
  }

  static func notAnObject(_ tape: borrowing JSONTape, _ node: Int) -> RequestError {
    RequestError(
      code: "wrong-type",
      message:
        "a request must be an object, this is \(DocumentReader.describe(tape.kind(of: node)))",
      help: tape.kind(of: node) == .array
        ? "a batch is an object too: `{\"evaluations\": […]}`" : nil,
      at: Int(tape.nodes[node].start))
  }

  static func missingPart(
    _ what: String, _ root: Int, _ tape: borrowing JSONTape
  ) -> RequestError {
    RequestError(
      code: "missing-member", message: "the request has no `\(what)`",
      help: "an evaluation has `subject`, `action`, `resource` and, if need be, `context`",
      at: Int(tape.nodes[root].start))
  }

  /// The name of the part is only put together for a fault.
  static func expectStrings(
    _ node: Int, _ what: @autoclosure () -> String, _ tape: borrowing JSONTape
  ) throws(RequestError) {
    guard tape.kind(of: node) == .array else {
      throw .wrongType(what(), "an array of strings", node, tape)
    }
    for element in tape.children(of: node) where tape.kind(of: element) != .string {
      throw RequestError(
        code: "wrong-type", message: "`\(what())` must be an array of strings", help: nil,
        at: Int(tape.nodes[element].start))
    }
    guard tape.nodes[node].count <= EngineLimits.rolesPerSubject else {
      throw RequestError(
        code: "too-many-roles",
        message: "`\(what())` may have \(EngineLimits.rolesPerSubject) elements",
        help: nil, at: Int(tape.nodes[node].start))
    }
  }

  /// The message, with its place if there is one.
  public var description: String { line > 0 ? "\(line):\(column): \(message)" : message }
}
