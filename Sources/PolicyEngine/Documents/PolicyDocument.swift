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
package struct PolicyDocument: Sendable {
  package struct Privilege: Sendable {
    package var name: Named
    package var actions: [Named]
    package var exceptions: [Named]
    package var description: String?
  }
  package struct Role: Sendable {
    package var name: Named
    package var privileges: [Named]
    package var actions: [Named]
    package var roles: [Named]
    package var description: String?
  }
  package struct Mapping: Sendable {
    package var role: Named
    package var users: [Named]
    package var backendRoles: [Named]
    package var allBackendRoles: [Named]
  }
  package struct Definition: Sendable {
    package var name: Named
    package var expression: Named
    package var description: String?
  }
  package struct Unauthorized: Sendable {
    package var actions: [Named]?
    package var message: Named
    package var error: ProtocolError?
  }
  package struct ExampleText: Sendable {
    package var expected: Outcome
    package var node: Int
  }
  package struct Rule: Sendable {
    package var id: Named
    package var description: String?
    package var source: String?
    package var effect: Effect
    package var stage: Stage
    package var mode: Mode
    package var actions: [Named]?
    package var resourceTypes: [Named]?
    package var when: Named?
    package var unless: Named?
    package var message: Named?
    package var error: ProtocolError?
    package var examples: [ExampleText]
    package var node: Int
  }

  package var file: SourceFile
  package var name: Named
  package var description: String?
  package var privileges: [Privilege] = []
  package var roles: [Role] = []
  package var mappings: [Mapping] = []
  package var definitions: [Definition] = []
  package var unauthorized: [Unauthorized] = []
  package var rules: [Rule] = []
  package var fixtures: [Named] = []
}
