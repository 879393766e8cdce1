#if Server
  import CEL
  import PolicyEngine

  /// The users of a site.
  public struct UserTable: FileTable {
    /// `users`.
    public static let noun = "users"

    /// By the bytes of the name: texts that look alike are different users.
    private var records: [[UInt8]: User] = [:]
    /// By role, the names of the users that whoever has the role may act as: exactly these.
    public internal(set) var runAsByRole: [String: [String]] = [:]
    /// Hashes of passwords, in the order of the names.
    private(set) var hashes: [PasswordHash] = []

    /// No users.
    public init() {}

    /// How many there are.
    public var count: Int { records.count }

    /// All users, by name.
    public var users: [User] {
      records.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }

    /// The user of a name.
    public subscript(name: String) -> User? { records[Array(name.utf8)] }

    /// Adds a user.
    ///
    /// - Throws: `FileFault` if there is one of the name already, if a name can't be one, or if there
    ///   are too many users.
    public mutating func add(_ user: User) throws(FileFault) {
      try Self.check(user)
      guard self[user.name] == nil else {
        throw FileFault("user-exists", "there is a user `\(user.name)` already")
      }
      guard count < AuthenticationLimits.users else {
        throw FileFault("too-many-users", "there are \(count) users already, and no more may be")
      }
      put(user)
    }

    /// Puts a user in the place of the one of the same name.
    ///
    /// - Throws: `FileFault` if there is none, or if a name can't be one.
    public mutating func replace(_ user: User) throws(FileFault) {
      try Self.check(user)
      guard self[user.name] != nil else { throw noSuch(user.name) }
      put(user)
    }

    /// What is wrong is told here in terms of what was asked for, and not of a file to be.
    private static func check(_ user: User) throws(FileFault) {
      func refuse(_ name: String, _ what: String, _ fault: String) -> FileFault {
        FileFault("invalid-name", "`\(name)` can't be the name of \(what): \(fault)")
      }
      if let fault = Naming.userFault(user.name) { throw refuse(user.name, "a user", fault) }
      for role in user.roles + user.backendRoles {
        if let fault = Naming.fault(role) { throw refuse(role, "a role", fault) }
      }
      for name in user.runAs {
        if let fault = Naming.userFault(name) { throw refuse(name, "a user", fault) }
        if name.contains("*") {
          throw refuse(name, "a user to act as", "it must be exact, and no pattern")
        }
      }
    }

    /// Removes a user.
    ///
    /// - Throws: `FileFault` if there is none of the name.
    public mutating func remove(_ name: String) throws(FileFault) {
      guard records.removeValue(forKey: Array(name.utf8)) != nil else { throw noSuch(name) }
    }

    /// The user of a name.
    ///
    /// - Throws: `FileFault` if there is none.
    public func user(_ name: String) throws(FileFault) -> User {
      guard let user = self[name] else { throw noSuch(name) }
      return user
    }

    private func noSuch(_ name: String) -> FileFault {
      let near = suggestion(for: name, among: users.map(\.name))
      return FileFault(
        "no-such-user", "there is no user `\(name)`", help: near.map { "did you mean `\($0)`?" })
    }

    mutating func put(_ user: User) { records[Array(user.name.utf8)] = user }

    /// Makes ready what checking passwords needs; what has just been read is complete.
    mutating func finish() { hashes = users.compactMap(\.passwordHash) }

    /// Whether a user may act as another: its own list or that of one of its roles names the other.
    func mayRun(_ user: User, as name: String) -> Bool {
      let lists = [user.runAs] + user.roles.compactMap { runAsByRole[$0] }
      return lists.joined().contains { $0.utf8.elementsEqual(name.utf8) }
    }
  }
#endif
