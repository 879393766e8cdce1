import CEL
public import PolicyEngine

/// Who would ask for what an audit asks about.
public enum AuditAsker: Hashable, Sendable {
  /// Somebody in particular: who made it, or who is named for everything.
  case known(Request.Entity)
  /// Nobody recorded who made it, so somebody is assumed who may: with a role that grants the
  /// action, and, where a model group is concerned, as its owner with its backend roles. What is
  /// denied even to them is denied to everybody.
  case assumed(Request.Entity)

  /// Them as policies see them.
  public var subject: Request.Entity {
    switch self {
    case .known(let subject), .assumed(let subject): subject
    }
  }
}

/// Who made what, and who they are today.
public struct AuditCallers: Sendable {
  /// Somebody who is asked as about everything; nil to ask as those who made it.
  public var everything: Request.Entity?
  /// Today's users by name; nil if nobody knows them, so that owners count as they were recorded.
  public var users: [String: Request.Entity]?

  /// Callers. Without users, owners are asked as with the roles that they had.
  public init(everything: Request.Entity? = nil, users: [String: Request.Entity]? = nil) {
    (self.everything, self.users) = (everything, users)
  }

  /// A user as policies see one.
  public static func user(
    _ name: String, roles: [String] = [], backendRoles: [String] = []
  ) -> Request.Entity {
    var properties: [String: CELValue] = ["roles": .list(roles.map { .string($0) })]
    if !backendRoles.isEmpty {
      properties["backend_roles"] = .list(backendRoles.map { .string($0) })
    }
    return Request.Entity(type: "user", id: name, properties: properties)
  }

  /// The owner of a group today; nil if they are gone.
  func today(_ owner: ModelGroup.Owner) -> Request.Entity? {
    guard let users else { return Self.recorded(owner) }
    return users[owner.name]
  }

  /// The owner of a group as they were when they made it.
  static func recorded(_ owner: ModelGroup.Owner) -> Request.Entity {
    user(owner.name, roles: owner.roles, backendRoles: owner.backendRoles)
  }

  /// The user of a name, if users are known and this is one.
  func user(named name: String) -> Request.Entity? { users?[name] }
}

/// Finds somebody who may do something, for what nobody recorded the maker of.
struct AssumedCallers {
  private let policies: PolicySet
  private let actions: [String]
  private var roles: [String: String?] = [:]

  init(_ policies: PolicySet) {
    self.policies = policies
    actions = policies.actionNames
  }

  /// Somebody who may do this, also with the models of a group.
  mutating func caller(_ action: String, _ group: ModelGroup?) -> Request.Entity {
    AuditCallers.user(
      group?.owner?.name ?? "somebody", roles: role(granting: action).map { [$0] } ?? [],
      backendRoles: group?.backendRoles ?? [])
  }

  /// The role that grants the action and fewest others: an administrator's would hide what binds
  /// everybody else.
  private mutating func role(granting action: String) -> String? {
    if let known = roles[action] { return known }
    let (policies, actions) = (policies, actions)
    let granting = policies.roleNames.indices.lazy
      .filter { policies.grants(role: $0, action: action) }
      .prefix(EngineLimits.explainedAlternatives)
    let narrowest = granting.map { role in
      (role: role, others: actions.count { policies.grants(role: role, action: $0) })
    }.min { ($0.others, $0.role) < ($1.others, $1.role) }
    let name = narrowest.map { policies.roleNames[$0.role] }
    roles[action] = .some(name)
    return name
  }
}
