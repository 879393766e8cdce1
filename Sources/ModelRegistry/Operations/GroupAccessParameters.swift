/// What a request says about who may use a model group.
public struct GroupAccessParameters: Hashable, Sendable {
  /// `public`, `private` or `restricted` in upper or lower case; anything else counts as absent.
  public var accessMode: String?
  /// The backend roles that shall use the group.
  public var backendRoles: [String]?
  /// Share the group with all of the caller's backend roles. Even false says something.
  public var addAllBackendRoles: Bool?

  /// What a request says.
  public init(
    accessMode: String? = nil, backendRoles: [String]? = nil, addAllBackendRoles: Bool? = nil
  ) {
    (self.accessMode, self.backendRoles) = (accessMode, backendRoles)
    self.addAllBackendRoles = addAllBackendRoles
  }

  /// The mode that was asked for, if it is one.
  var mode: ModelGroup.Access? { accessMode.flatMap { .init(rawValue: Self.lowercased($0)) } }

  /// As rules do it: ASCII letters alone.
  private static func lowercased(_ text: String) -> String {
    String(decoding: text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }

  private var addsAll: Bool { addAllBackendRoles == true }

  /// The roles that a group gets if it is restricted.
  private func roles(_ attempt: Attempt) -> [String] {
    addsAll ? attempt.backendRoles : backendRoles ?? []
  }

  /// Who may use a new group.
  func forNewGroup(_ attempt: Attempt) -> (access: ModelGroup.Access, roles: [String]) {
    let givesRoles = addsAll || !(backendRoles ?? []).isEmpty
    let access = mode ?? (givesRoles ? .restricted : .private)
    return (access, access == .restricted ? roles(attempt) : [])
  }

  /// Changes who may use a group; nothing if the request does not say.
  func apply(to group: inout ModelGroup, _ attempt: Attempt) {
    if let mode {
      group.access = mode
      if mode != .restricted { group.backendRoles = [] }
    } else if backendRoles != nil || addsAll {
      group.access = .restricted
    }
    guard group.access == .restricted, backendRoles != nil || addsAll else { return }
    group.backendRoles = roles(attempt)
  }

  func add(to action: inout Attributes) {
    action.add("access_mode", accessMode)
    action.add("backend_roles", backendRoles)
    action.add("add_all_backend_roles", addAllBackendRoles)
  }

  func add(to size: inout ParameterSize) throws(RegistryError) {
    try size.name("access mode", accessMode)
    for role in backendRoles ?? [] { try size.name("backend role", role) }
    try size.texts(backendRoles)
  }
}

enum Blank {
  /// Whether a text has nothing but white space, by the code points that the rules call blank.
  static func isBlank(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x09...0x0D, 0x1C...0x20, 0x1680, 0x2000...0x2006, 0x2008...0x200A, 0x2028, 0x2029,
        0x205F, 0x3000:
        true
      default: false
      }
    }
  }
}
