public import CEL
public import PolicyEngine
package import PolicyGate
import Synchronization

/// Who is calling, as far as it has been proven.
///
/// A value that is handed on without being copied: it holds one reference, and what that stands for
/// never changes.
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

  private struct Fields: Hashable, Sendable {
    var name: String
    var roles: [String]
    var backendRoles: [String]
    var fullName: String?
    var proof: Proof
    var realm: String
    var actingUser: String?
    var isSuperAdmin: Bool
    var attributes: [String: CELValue]
    var isRoleLimited: Bool
    var privilegeLimit: [String]?
  }

  private final class Content: Sendable {
    let fields: Fields
    /// The caller as policies see it, once that was asked for.
    let subject = Mutex<Request.Entity?>(nil)

    init(_ fields: Fields) {
      self.fields = fields
    }
  }

  private var content: Content

  private mutating func change(_ edit: (inout Fields) -> Void) {
    var fields = content.fields
    edit(&fields)
    content = Content(fields)
  }

  /// The name: what policies know as `subject.id`.
  public var name: String {
    get { content.fields.name }
    set { change { $0.name = newValue } }
  }
  /// Roles that the user, key or token has. Role mappings of the policies may add more.
  public var roles: [String] {
    get { content.fields.roles }
    set { change { $0.roles = newValue } }
  }
  /// Groups of the organization, which policies map to roles and compare with model groups.
  public var backendRoles: [String] {
    get { content.fields.backendRoles }
    set { change { $0.backendRoles = newValue } }
  }
  /// For people.
  public var fullName: String? {
    get { content.fields.fullName }
    set { change { $0.fullName = newValue } }
  }
  /// By what the caller was recognized.
  public var proof: Proof {
    get { content.fields.proof }
    set { change { $0.proof = newValue } }
  }
  /// Where the caller is kept: the name of the users file's realm, of a token's issuer.
  public var realm: String {
    get { content.fields.realm }
    set { change { $0.realm = newValue } }
  }
  /// Who is really calling, if the caller acts for somebody else.
  public var actingUser: String? {
    get { content.fields.actingUser }
    set { change { $0.actingUser = newValue } }
  }
  /// Whether the caller presented an administrators' certificate, who is no user to model groups.
  public var isSuperAdmin: Bool {
    get { content.fields.isSuperAdmin }
    set { change { $0.isSuperAdmin = newValue } }
  }
  /// What else is known of the caller, such as claims: `subject.department`.
  public var attributes: [String: CELValue] {
    get { content.fields.attributes }
    set { change { $0.attributes = newValue } }
  }
  /// Whether an API key was limited to roles: then neither mappings by its owner's name nor rules'
  /// grants give it more.
  public var isRoleLimited: Bool {
    get { content.fields.isRoleLimited }
    set { change { $0.isRoleLimited = newValue } }
  }
  /// Privileges and actions beyond which an API key may do nothing; nil for no such limit.
  public var privilegeLimit: [String]? {
    get { content.fields.privilegeLimit }
    set { change { $0.privilegeLimit = newValue } }
  }

  /// A caller from its parts.
  public init(
    name: String, roles: [String] = [], backendRoles: [String] = [], fullName: String? = nil,
    proof: Proof = .password, realm: String = "users", actingUser: String? = nil,
    isSuperAdmin: Bool = false, attributes: [String: CELValue] = [:]
  ) {
    content = Content(
      Fields(
        name: name, roles: roles, backendRoles: backendRoles, fullName: fullName, proof: proof,
        realm: realm, actingUser: actingUser, isSuperAdmin: isSuperAdmin, attributes: attributes,
        isRoleLimited: false, privilegeLimit: nil))
  }

  /// Equal by everything that is known of them.
  public static func == (one: Caller, other: Caller) -> Bool {
    one.content === other.content || one.content.fields == other.content.fields
  }

  /// Hashes everything that is known.
  public func hash(into hasher: inout Hasher) { hasher.combine(content.fields) }

  /// Whether the other is this very value, handed on: then nothing of it differs, to the byte.
  /// Callers that were made from the same parts are not.
  package func isSame(as other: Caller) -> Bool { content === other.content }

  /// Where this value stands as long as somebody holds it.
  package var place: ObjectIdentifier { ObjectIdentifier(content) }

  /// The caller as policies see it: a subject of type `user`.
  public var subject: Request.Entity {
    content.subject.withLock { known in
      if let known { return known }
      let subject = makeSubject()
      known = subject
      return subject
    }
  }

  private func makeSubject() -> Request.Entity {
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
public indirect enum Authentication: Hashable, Sendable {
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
