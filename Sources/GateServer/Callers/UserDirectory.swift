/// A user, as far as others may know.
public struct ListedUser: Hashable, Sendable {
  /// The name.
  public var name: String
  /// Roles of the user itself.
  public var roles: [String]
  /// Groups of the organization.
  public var backendRoles: [String]
  /// For people.
  public var fullName: String?
  /// Whether the user may call.
  public var isEnabled: Bool

  /// A user from its parts.
  public init(
    name: String, roles: [String] = [], backendRoles: [String] = [], fullName: String? = nil,
    isEnabled: Bool = true
  ) {
    (self.name, self.roles, self.backendRoles) = (name, roles, backendRoles)
    (self.fullName, self.isEnabled) = (fullName, isEnabled)
  }
}

/// Knows which users there are.
public protocol UserDirectory: Sendable {
  /// All users, sorted by name.
  func users() async -> [ListedUser]
}
