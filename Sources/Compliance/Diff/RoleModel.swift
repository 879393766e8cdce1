import CEL
import PolicyEngine

/// What roles of one policy set grant, and who has them, worked out from its listing: so that a
/// difference can be looked for without a request at hand. What is found is asked of the engine
/// itself before it is shown.
struct RoleModel: Sendable, Equatable {
  private struct Role: Sendable, Equatable {
    var sets: [ActionSet]
    var includes: [String]
  }
  struct Mapping: Sendable, Equatable {
    var role: String
    var users, backendRoles, joint: [String]
  }

  private var roles: [String: Role] = [:]
  let mappings: [Mapping]

  init(_ listing: Listing) {
    var privileges: [String: ActionSet] = [:]
    for privilege in listing.privileges {
      privileges[privilege.name] = ActionSet(privilege.actions, except: privilege.exceptions)
    }
    for role in listing.roles {
      roles[role.name] = Role(
        sets: role.privileges.compactMap { privileges[$0] } + [ActionSet(role.actions, except: [])],
        includes: role.roles)
    }
    mappings = listing.mappings.map {
      Mapping(
        role: $0.role, users: $0.users, backendRoles: $0.backendRoles, joint: $0.allBackendRoles)
    }
  }

  var names: [String] { roles.keys.sorted() }

  /// Whether every subject holds the same roles in both, whatever these grant: then conditions see
  /// the same subject on both sides.
  func holdsAlike(_ other: RoleModel) -> Bool {
    mappings == other.mappings && roles.mapValues(\.includes) == other.roles.mapValues(\.includes)
  }

  /// Whether every subject either holds a role in both or in neither, whoever asks for what.
  func holdsAlike(_ other: RoleModel, role: String) -> Bool {
    let (mine, others) = (holders(of: role), other.holders(of: role))
    return mine == others
      && mappings.filter { mine.contains($0.role) }
        == other.mappings.filter { others.contains($0.role) }
  }

  /// The role itself, if there is one, and those that include it.
  private func holders(of role: String) -> Set<String> {
    Set(roles.keys.filter { closure([$0]).contains(role) })
  }

  /// Roles with all that they include.
  func closure(_ names: [String]) -> Set<String> {
    var held: Set<String> = []
    var pending = names.filter { roles[$0] != nil }
    while let next = pending.popLast() {
      guard held.insert(next).inserted else { continue }
      pending += roles[next]?.includes ?? []
    }
    return held
  }

  func grants(_ names: [String], _ action: [UInt8]) -> Bool {
    closure(names).contains { name in
      (roles[name]?.sets ?? []).contains { $0.contains(action) }
    }
  }

  /// Roles that are mapped to a subject.
  func mapped(_ subject: [String: CELValue]) -> [String] {
    var mine: Set<String> = []
    if case .list(let elements)? = subject["backend_roles"] {
      for case .string(let name) in elements { mine.insert(name) }
    }
    var user: String?
    if subject["type"] == .string("user"), case .string(let id)? = subject["id"] { user = id }
    return mappings.filter { mapping in
      user.map { mapping.users.contains($0) } ?? false
        || mapping.backendRoles.contains { mine.contains($0) }
        || !mapping.joint.isEmpty && mapping.joint.allSatisfy { mine.contains($0) }
    }.map(\.role)
  }

  /// The subject as conditions see it, with this role in the request.
  func complete(_ subject: [String: CELValue], claiming role: String?) -> [String: CELValue] {
    let held = closure([role].compactMap(\.self) + mapped(subject))
    let unknown = [role].compactMap(\.self).filter { roles[$0] == nil }
    func list(_ names: some Sequence<String>) -> CELValue {
      .list(
        names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { .string($0) })
    }
    var subject = subject
    subject["roles"] = list(held.union(unknown))
    subject["unknown_roles"] = list(unknown)
    return subject
  }
}

extension ActionSet {
  fileprivate init(_ patterns: [String], except: [String]) {
    self.init(
      patterns: patterns.compactMap { ActionPattern($0) },
      exceptions: except.compactMap { ActionPattern($0) })
  }
}
