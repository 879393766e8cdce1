public import CEL
public import PolicyEngine
package import PolicyGate

/// Who is calling, as far as it has been proven.
public struct Caller: Hashable, Sendable {
  /// By what a caller was recognized.
  public enum Proof: Hashable, Sendable {
    case password
    /// An API key, by its id and name.
    case apiKey(id: String, name: String)
    /// A signed token.
    case token
    /// The certificate of a mutual TLS connection.
    case certificate
    /// Nothing: a caller without credentials, where a site lets such callers in.
    case anonymous
  }

  /// The name: what policies know as `subject.id`.
  public var name: String
  /// Roles that the user, key or token has. Role mappings of the policies may add more.
  public var roles: [String]
  /// Groups of the organization, which policies map to roles and compare with model groups.
  public var backendRoles: [String]
  /// For people.
  public var fullName: String?
  /// By what the caller was recognized.
  public var proof: Proof
  /// Where the caller is kept: the name of the users file's realm, of a token's issuer.
  public var realm: String
  /// Who is really calling, if the caller acts for somebody else.
  public var actingUser: String?
  /// Whether the caller presented an administrators' certificate, who is no user to model groups.
  public var isSuperAdmin: Bool
  /// What else is known of the caller, such as claims: `subject.department`.
  public var attributes: [String: CELValue]
  /// Whether an API key was limited to roles: then neither mappings by its owner's name nor rules'
  /// grants give it more.
  public var isRoleLimited = false
  /// Privileges and actions beyond which an API key may do nothing; nil for no such limit.
  public var privilegeLimit: [String]?

  /// A caller from its parts.
  public init(
    name: String, roles: [String] = [], backendRoles: [String] = [], fullName: String? = nil,
    proof: Proof = .password, realm: String = "users", actingUser: String? = nil,
    isSuperAdmin: Bool = false, attributes: [String: CELValue] = [:]
  ) {
    (self.name, self.roles, self.backendRoles) = (name, roles, backendRoles)
    (self.fullName, self.proof, self.realm) = (fullName, proof, realm)
    (self.actingUser, self.isSuperAdmin) = (actingUser, isSuperAdmin)
    self.attributes = attributes
  }

  /// The caller as policies see it: a subject of type `user`.
  public var subject: Request.Entity {
    var properties = attributes.filter { !Self.ownAttributes.contains($0.key) }
    properties["roles"] = .list(roles.map { .string($0) })
    properties["backend_roles"] = .list(backendRoles.map { .string($0) })
    if let actingUser { properties["authenticated_user"] = .string(actingUser) }
    if isSuperAdmin { properties["super_admin"] = .bool(true) }
    if isRoleLimited { properties["role_limited"] = .bool(true) }
    if let privilegeLimit {
      properties["privilege_limit"] = .list(privilegeLimit.map { .string($0) })
    }
    if case .apiKey(let id, let name) = proof {
      properties["authenticated_key"] = .map([
        .init(.string("id"), .string(id)), .init(.string("name"), .string(name)),
      ])
    }
    return Request.Entity(type: "user", id: name, properties: properties)
  }

  /// The caller as the log names it where decisions about others are asked for.
  package var asker: Asker {
    var asker = Asker(name: name, authenticatedUser: actingUser)
    if case .apiKey(let id, let name) = proof { asker.authenticatedKey = .init(id: id, name: name) }
    return asker
  }

  /// Attributes that are said of a caller by what recognized it, and so can't be attributes of a
  /// user.
  public static let ownAttributes: Set<String> = [
    "type", "id", "roles", "backend_roles", "unknown_roles", "authenticated_user",
    "authenticated_key", "super_admin", "role_limited", "privilege_limit",
  ]
}

/// What became of finding out who is calling.
public enum Authentication: Hashable, Sendable {
  /// The caller is known.
  case caller(Caller)
  /// No credentials came, and anonymous callers are not let in.
  case missing
  /// Credentials came and prove nothing.
  case refused(Refused)

  /// Why credentials prove nothing. It is for the log and for the shape of the answer; a caller is
  /// not told whether the name or the password was wrong.
  public struct Refused: Hashable, Sendable {
    /// The name that the credentials gave, if they gave one.
    public var name: String?
    /// For the log.
    public var reason: String
    /// Seconds to wait, if there were too many failed attempts.
    public var retryAfter: Int?
    /// The name that the caller wanted to act as, if that is what was refused.
    public var refusedRunAs: String?
    /// Who wanted to act as somebody else without the right to.
    public var caller: Caller?

    /// A refusal from its parts.
    public init(
      name: String? = nil, reason: String, retryAfter: Int? = nil, refusedRunAs: String? = nil,
      caller: Caller? = nil
    ) {
      (self.name, self.reason, self.retryAfter) = (name, reason, retryAfter)
      (self.refusedRunAs, self.caller) = (refusedRunAs, caller)
    }
  }

  /// The caller, if known.
  public var caller: Caller? { if case .caller(let caller) = self { caller } else { nil } }
}

/// Finds out who is calling.
public protocol Authenticator: Sendable {
  /// Looks at the credentials of a request.
  func authenticate(_ request: WireRequest) async -> Authentication
}
