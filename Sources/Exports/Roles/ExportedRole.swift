import CEL
public import PolicyEngine

/// A name with the place where an export has it.
public struct ExportedName: Sendable {
  /// The name.
  public let name: String
  /// Where it stands.
  public let position: SourcePosition
}

/// A role as a system has it: what it grants, by the system's own names.
public struct ExportedRole: Sendable {
  /// Its name.
  public let name: String
  /// Where it stands.
  public let position: SourcePosition
  /// For people.
  public var summary: String?
  /// Names of cluster privileges, permissions, action groups, or patterns of actions.
  public var grants: [ExportedName] = []
  /// What it grants besides, which no rule file has a place for: index privileges and the like.
  public var others: [String] = []
  /// Whether the system does not count it now, for want of a licence.
  public var isDisabled = false
}

/// Who gets a role.
public struct ExportedMapping: Sendable {
  /// The role.
  public let role: String
  /// Users and backend roles, any of which is enough, and backend roles that are enough together.
  public var users: [String] = []
  /// See `users`.
  public var backendRoles: [String] = []
  /// See `users`.
  public var allBackendRoles: [String] = []
  /// What decides besides, which no rule file has a place for.
  public var others: [String] = []
  /// Where it stands.
  public let position: SourcePosition
}

extension ExportReader {
  func place(_ named: Named) -> ExportedName {
    ExportedName(name: named.name, position: file.position(ofNode: named.node))
  }
}

/// Says how many of something there are, or nothing.
func counted(_ count: Int, _ one: String, _ many: String) -> [String] {
  count == 0 ? [] : [count == 1 ? "1 \(one)" : "\(count) \(many)"]
}
