import CEL

/// Privileges, roles and mappings of a set, resolved: who holds what, and what grants an action.
struct RoleTable: Sendable {
  struct Privilege: Sendable {
    var name: String
    var policy: String
    var actions: ActionSet
    var position: SourcePosition
    var description: String?
  }
  struct Role: Sendable {
    var name: String
    var policy: String
    var privileges: [Int]
    var actions: ActionSet
    /// The roles that it names; what those include is found when a subject's roles are.
    var includes: [Int]
    var position: SourcePosition
    var description: String?
  }
  struct Mapping: Sendable {
    var role: Int
    var backendRoles: [TextID]
  }

  var privileges: [Privilege] = []
  var roles: [Role] = []
  var roleIndex: [String: Int] = [:]
  /// Role of a text, by text id of the program's memory; -1 for texts that are no role's name.
  var roleOfText: [Int32] = []
  var textOfRole: [TextID] = []
  var rolesOfUser: [TextID: [Int]] = [:]
  var rolesOfBackendRole: [TextID: [Int]] = [:]
  var jointMappings: [Mapping] = []

  /// Privileges, in order, that grant an action.
  func privileges(granting action: [UInt8]) -> [Int] {
    privileges.indices.filter { privileges[$0].actions.contains(action) }
  }

  /// Which roles grant an action by themselves (not through roles that they include), with the privilege it comes from.
  func grants(_ action: [UInt8]) -> [Int: Int?] {
    let granting = Set(privileges(granting: action))
    var grants: [Int: Int?] = [:]
    for (index, role) in roles.enumerated() {
      if let privilege = role.privileges.first(where: { granting.contains($0) }) {
        grants[index] = .some(privilege)
      } else if role.actions.contains(action) {
        grants[index] = .some(nil)
      }
    }
    return grants
  }
}
