#if Server
  public import CEL
  import GateServer

  /// Somebody who may call, as kept in the users file.
  public struct User: Hashable, Sendable {
    /// What policies know as `subject.id`. Compared byte by byte.
    public var name: String
    /// Nil for a user who has no password and is known by a certificate alone.
    public var passwordHash: PasswordHash?
    /// Roles of the policies.
    public var roles: [String]
    /// Groups of the organization.
    public var backendRoles: [String]
    /// For people.
    public var fullName: String?
    /// Whether the user may call.
    public var isEnabled: Bool
    /// The names of the users that this one may act as: exactly these.
    public var runAs: [String]
    /// What else policies see of the user: `subject.department`.
    public var attributes: [String: CELValue]

    /// A user from its parts.
    public init(
      name: String, passwordHash: PasswordHash? = nil, roles: [String] = [],
      backendRoles: [String] = [], fullName: String? = nil, isEnabled: Bool = true,
      runAs: [String] = [], attributes: [String: CELValue] = [:]
    ) {
      (self.name, self.passwordHash, self.roles) = (name, passwordHash, roles)
      (self.backendRoles, self.fullName, self.isEnabled) = (backendRoles, fullName, isEnabled)
      (self.runAs, self.attributes) = (runAs, attributes)
    }
  }

  /// What names may be.
  enum Naming {
    /// Attributes that mean something of their own to policies: whoever writes them would give roles
    /// or rights past the lists that are for it.
    static let reservedAttributes = Caller.ownAttributes.union(["name"])

    /// What is wrong with a name; nil if nothing is.
    static func fault(_ name: String) -> String? {
      guard !name.isEmpty, name.utf8.count <= AuthenticationLimits.nameBytes else {
        return "it must have 1 to \(AuthenticationLimits.nameBytes) bytes"
      }
      let hasControl = name.unicodeScalars.contains { scalar in
        scalar.value < 0x20 || scalar.value >= 0x7F && scalar.value < 0xA0
      }
      if hasControl { return "it must not hold control characters" }
      if name.first == " " || name.last == " " { return "it must not begin or end with a blank" }
      return nil
    }

    /// The same of a user, whose name stands before a colon in credentials.
    static func userFault(_ name: String) -> String? {
      fault(name) ?? (name.utf8.contains(UInt8(ascii: ":")) ? "it must not hold a colon" : nil)
    }
  }
#endif
