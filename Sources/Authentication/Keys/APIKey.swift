#if Server
  import Crypto
  public import CEL
  import Foundation
  public import GateServer
  import PolicyEngine

  /// A secret of a program, which may do no more than its owner may, and perhaps less.
  public struct APIKey: Hashable, Sendable {
    /// Names the key in lists and logs; no secret.
    public let id: String
    /// What it is for.
    public let name: String
    /// The user whose key it is. It works as long as there is such a user, and the user is enabled.
    public let owner: String
    /// Lower-case hexadecimal digits of the secret's SHA-256. A slow hash would add nothing to 256
    /// random bits.
    let digest: String
    /// The roles that are left to the key, of those that the owner has when it is used; nil for all.
    public let roles: [String]?
    /// The backend roles that are left to the key; nil for all, but none if `roles` is given, because
    /// policies may map them to roles.
    public let backendRoles: [String]?
    /// Privileges and actions that are left to the key, of what the owner may do; nil for all.
    public let descriptors: [ListedKey.Descriptor]?
    /// Whatever its maker wants to remember of it. It gives no right.
    public let metadata: [CELValue.Entry]
    /// Milliseconds since the Unix epoch.
    public let created: Int64
    /// When it stops working, in milliseconds since the Unix epoch; nil for never.
    public let expires: Int64?
    /// When it was revoked, in milliseconds since the Unix epoch.
    public internal(set) var revoked: Int64?

    /// Whether it works at a time.
    public func isValid(at now: Int64) -> Bool {
      revoked == nil && expires.map { now < $0 } ?? true
    }

    init(
      id: String, name: String, owner: String, digest: String, roles: [String]?,
      backendRoles: [String]?, descriptors: [ListedKey.Descriptor]? = nil,
      metadata: [CELValue.Entry] = [], created: Int64, expires: Int64?, revoked: Int64? = nil
    ) {
      (self.id, self.name, self.owner, self.digest) = (id, name, owner, digest)
      (self.roles, self.backendRoles) = (roles, backendRoles)
      (self.descriptors, self.metadata) = (descriptors, metadata)
      (self.created, self.expires, self.revoked) = (created, expires, revoked)
    }

    /// What has just been made, with the only copy of its secret.
    public struct Fresh: Sendable {
      /// The key as it is kept.
      public let key: APIKey
      /// 256 random bits in Base64 (URL alphabet).
      public let secret: String
      /// What goes behind `Authorization: ApiKey`.
      public var encoded: String { Data("\(key.id):\(secret)".utf8).base64EncodedString() }
    }

    /// Makes a key with a new secret.
    ///
    /// - Parameters:
    ///   - id: Names the key; nil for a random one.
    ///   - name: What it is for.
    ///   - owner: The user whose key it is.
    ///   - roles: The roles that are left to it; nil for all that the owner has.
    ///   - backendRoles: The same of backend roles.
    ///   - descriptors: Privileges that are left to it, of what the owner may do; nil for all.
    ///   - metadata: Whatever its maker wants to remember of it.
    ///   - now: Milliseconds since the Unix epoch.
    ///   - expires: When it stops working.
    public static func make(
      id: String? = nil, name: String, owner: String, roles: [String]? = nil,
      backendRoles: [String]? = nil, descriptors: [ListedKey.Descriptor]? = nil,
      metadata: [CELValue.Entry] = [], now: Int64, expires: Int64? = nil
    ) -> Fresh {
      let secret = Base64.text(of: Randomness.bytes(32), .url)
      let key = APIKey(
        id: id ?? Randomness.text(20), name: name, owner: owner, digest: digest(of: secret),
        roles: roles,
        backendRoles: backendRoles, descriptors: descriptors, metadata: metadata, created: now,
        expires: expires)
      return Fresh(key: key, secret: secret)
    }

    static func digest(of secret: String) -> String {
      Hex.text(of: Array(Crypto.SHA256.hash(data: Data(secret.utf8))))
    }

    /// The key as others may know it.
    public var listed: ListedKey {
      ListedKey(
        id: id, name: name, owner: owner, descriptors: descriptors, roles: roles,
        metadata: metadata, created: created, expires: expires, revoked: revoked)
    }

    /// Makes of a caller who presents this key what is left of its owner.
    func limit(_ caller: inout Caller, of owner: User) {
      (caller.roles, caller.backendRoles) = limited(owner)
      caller.isRoleLimited = roles != nil || backendRoles != nil
      caller.privilegeLimit = descriptors.map { $0.flatMap(\.privileges) }
    }

    /// The roles and backend roles that are left of the owner's.
    func limited(_ owner: User) -> (roles: [String], backendRoles: [String]) {
      func common(_ all: [String], _ kept: [String]?) -> [String] {
        guard let kept else { return all }
        return all.filter { name in kept.contains { $0.utf8.elementsEqual(name.utf8) } }
      }
      let kept = backendRoles ?? (roles == nil ? nil : [])
      return (common(owner.roles, roles), common(owner.backendRoles, kept))
    }
  }
#endif
