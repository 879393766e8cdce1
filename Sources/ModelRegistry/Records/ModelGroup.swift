/// A group of models of the OpenSearch dialect: who owns them, and who may use them.
public struct ModelGroup: Hashable, Sendable {
  /// Who may use a group's models.
  public enum Access: String, Hashable, Sendable, CaseIterable {
    /// Everybody who may use models at all.
    case `public`
    /// The owner.
    case `private`
    /// Those who share a backend role with it.
    case restricted
  }

  /// The user who registered it, as that user was then.
  public struct Owner: Hashable, Sendable {
    /// The user's name: what ownership goes by.
    public var name: String
    /// The backend roles at that time.
    public var backendRoles: [String]
    /// The roles at that time.
    public var roles: [String]

    /// An owner from their parts.
    public init(name: String, backendRoles: [String] = [], roles: [String] = []) {
      (self.name, self.backendRoles, self.roles) = (name, backendRoles, roles)
    }
  }

  /// Its id.
  public var id: String
  /// Its name, which no other group has.
  public var name: String
  /// For people.
  public var summary: String?
  /// The version of the model that was registered last.
  public var latestVersion: Int
  /// Backend roles that may use it.
  public var backendRoles: [String]
  /// Nil for a group that was made while access control was off.
  public var owner: Owner?
  /// Who may use it.
  public var access: Access
  /// When it was registered, in milliseconds since the Unix epoch.
  public var createdTime: Int64
  /// When it was last changed, in milliseconds since the Unix epoch.
  public var lastUpdatedTime: Int64

  /// A group from its parts.
  public init(
    id: String, name: String, summary: String? = nil, latestVersion: Int = 0,
    backendRoles: [String] = [], owner: Owner? = nil, access: Access = .private,
    createdTime: Int64 = 0, lastUpdatedTime: Int64 = 0
  ) {
    (self.id, self.name, self.summary) = (id, name, summary)
    (self.latestVersion, self.backendRoles) = (latestVersion, backendRoles)
    (self.owner, self.access) = (owner, access)
    (self.createdTime, self.lastUpdatedTime) = (createdTime, lastUpdatedTime)
  }
}

/// A model of the OpenSearch dialect: one version in a group.
public struct GroupModel: Hashable, Sendable {
  /// Its id.
  public var id: String
  /// Its name.
  public var name: String
  /// The group that it is in.
  public var groupID: String?
  /// Its number within the group, from 1.
  public var version: Int
  /// For people.
  public var summary: String?
  /// Registered with the administrators' certificate.
  public var isHidden: Bool
  /// `REGISTERED`, `DEPLOYED`, `UNDEPLOYED`, …
  public var state: String
  /// When it was registered, in milliseconds since the Unix epoch.
  public var createdTime: Int64
  /// When it was last changed, in milliseconds since the Unix epoch.
  public var lastUpdatedTime: Int64
  /// The other members that it was registered with, as a JSON object without blanks around it; no
  /// bytes for no object.
  public var configuration: [UInt8]

  /// A model from its parts.
  public init(
    id: String, name: String, groupID: String?, version: Int = 1, summary: String? = nil,
    isHidden: Bool = false, state: String = "REGISTERED", createdTime: Int64 = 0,
    lastUpdatedTime: Int64 = 0, configuration: [UInt8] = []
  ) {
    (self.id, self.name, self.groupID, self.version) = (id, name, groupID, version)
    (self.summary, self.isHidden, self.state) = (summary, isHidden, state)
    (self.createdTime, self.lastUpdatedTime) = (createdTime, lastUpdatedTime)
    self.configuration = configuration
  }
}
