import CEL

/// Privileges, roles and mappings of a set, resolved: who holds what, and what grants an action.
struct RoleTable: Sendable {
  struct Privilege: Sendable {
    var name: String
    var policy: String
    var actions: ActionSet
    var position: SourcePosition
    var description: String?
    /// Its number in the table of action sets.
    var set: Int32 = -1
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
    /// Numbers of its privileges' action sets, in their order, and of its own.
    var sets: [Int32] = []
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
  /// Roles that are mapped to a user or a backend role, by text id; texts that nothing is mapped to
  /// are behind the end or empty.
  var rolesOfUser: [[Int]] = []
  var rolesOfBackendRole: [[Int]] = []
  var jointMappings: [Mapping] = []

  /// Place of each role in the order of names, so that lists of roles sort without comparing texts.
  var rank: [Int32] = []

  /// Whether a text is the name of a declared role.
  @inline(__always) func isRole(_ text: TextID) -> Bool {
    Int(text) < roleOfText.count && roleOfText[Int(text)] >= 0
  }
  /// Whether any backend role is mapped to anything.
  var mapsBackendRoles: Bool { !rolesOfBackendRole.isEmpty || !jointMappings.isEmpty }

  /// Whether a role grants an action that these sets hold, by itself and not through roles that it
  /// includes.
  @inline(__always)
  func grant(_ role: Int, _ lists: [Int32], _ entry: ActionEntry) -> Grant? {
    let privileges = roles[role].privileges.count
    for place in 0..<roles[role].sets.count {
      let set = roles[role].sets[place]
      for index in Int(entry.setStart)..<Int(entry.setStart + entry.setCount)
      where lists[index] == set {
        return Grant(role: role, privilege: place < privileges ? roles[role].privileges[place] : -1)
      }
    }
    return nil
  }
}

/// A role that grants an action, and the privilege through which it does, or -1.
struct Grant: BitwiseCopyable, Sendable {
  var role: Int
  var privilege: Int
}
