import CEL

/// What a rule does when it applies.
public enum Effect: String, Sendable, CaseIterable {
  case allow, deny, warn
}

/// When a rule is asked.
public enum Stage: String, Sendable, CaseIterable {
  /// Is the request well-formed? Anyone may be told.
  case validation
  /// May this subject ask at all?
  case authorization
  /// Is it right now, given what the registry holds?
  case admission
}

/// How far a rule goes.
public enum Mode: String, Sendable, CaseIterable {
  /// It does what its effect says.
  case enforce
  /// A deny only warns.
  case warn
  /// It is only recorded.
  case audit
}

/// What a protocol front end answers for a denial.
public struct ProtocolError: Hashable, Sendable {
  /// HTTP status.
  public let status: Int
  /// The error type of the protocol, such as `status_exception`.
  public let type: String
  /// When set, the reasons of the deciding stage that carry the same text are counted in one
  /// sentence that begins with it.
  public let numbered: String?

  /// An error with its status and type.
  public init(status: Int, type: String, numbered: String? = nil) {
    self.status = status
    self.type = type
    self.numbered = numbered
  }
}

/// A policy document as it was read; names are not yet resolved.
struct PolicyDocument: Sendable {
  struct Privilege: Sendable {
    var name: Named
    var actions: [Named]
    var exceptions: [Named]
    var description: String?
  }
  struct Role: Sendable {
    var name: Named
    var privileges: [Named]
    var actions: [Named]
    var roles: [Named]
    var description: String?
  }
  struct Mapping: Sendable {
    var role: Named
    var users: [Named]
    var backendRoles: [Named]
    var allBackendRoles: [Named]
  }
  struct Definition: Sendable {
    var name: Named
    var expression: Named
    var description: String?
  }
  struct Unauthorized: Sendable {
    var actions: [Named]?
    var message: Named
    var error: ProtocolError?
  }
  struct ExampleText: Sendable {
    var expected: Outcome
    var node: Int
  }
  struct Rule: Sendable {
    var id: Named
    var description: String?
    var source: String?
    var effect: Effect
    var stage: Stage
    var mode: Mode
    var actions: [Named]?
    var resourceTypes: [Named]?
    var when: Named?
    var unless: Named?
    var message: Named?
    var error: ProtocolError?
    var examples: [ExampleText]
    var node: Int
  }

  var file: SourceFile
  var name: Named
  var description: String?
  var privileges: [Privilege] = []
  var roles: [Role] = []
  var mappings: [Mapping] = []
  var definitions: [Definition] = []
  var unauthorized: [Unauthorized] = []
  var rules: [Rule] = []
  var fixtures: [Named] = []
}
