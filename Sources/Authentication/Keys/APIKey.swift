#if Server
  import Crypto
  import Foundation
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
      backendRoles: [String]?, created: Int64, expires: Int64?, revoked: Int64? = nil
    ) {
      (self.id, self.name, self.owner, self.digest) = (id, name, owner, digest)
      (self.roles, self.backendRoles) = (roles, backendRoles)
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
    ///   - name: What it is for.
    ///   - owner: The user whose key it is.
    ///   - roles: The roles that are left to it; nil for all that the owner has.
    ///   - backendRoles: The same of backend roles.
    ///   - now: Milliseconds since the Unix epoch.
    ///   - expires: When it stops working.
    public static func make(
      name: String, owner: String, roles: [String]? = nil, backendRoles: [String]? = nil,
      now: Int64, expires: Int64? = nil
    ) -> Fresh {
      let secret = Base64.text(of: Randomness.bytes(32), .url)
      let key = APIKey(
        id: Randomness.text(20), name: name, owner: owner,
        digest: digest(of: secret), roles: roles, backendRoles: backendRoles, created: now,
        expires: expires)
      return Fresh(key: key, secret: secret)
    }

    static func digest(of secret: String) -> String {
      Hex.text(of: Crypto.SHA256.hash(data: Data(secret.utf8)))
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
