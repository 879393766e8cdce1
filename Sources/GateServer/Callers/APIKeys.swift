public import CEL

/// An API key, as far as others may know: everything but its secret.
public struct ListedKey: Hashable, Sendable {
  /// What some key may do, of what its owner may.
  public struct Descriptor: Hashable, Sendable {
    /// What it is called.
    public var name: String
    /// Names of privileges, and patterns over actions.
    public var privileges: [String]

    /// A descriptor from its parts.
    public init(name: String, privileges: [String]) {
      (self.name, self.privileges) = (name, privileges)
    }
  }

  /// Names the key.
  public var id: String
  /// What it is for.
  public var name: String
  /// The user whose key it is.
  public var owner: String
  /// What it is limited to, all of these together; nil if to nothing but what the owner may do.
  public var descriptors: [Descriptor]?
  /// The roles that are left to it; nil for all of the owner's.
  public var roles: [String]?
  /// Whatever its maker wants to remember of it.
  public var metadata: [CELValue.Entry]
  /// Milliseconds since the Unix epoch.
  public var created: Int64
  /// When it stops working, in milliseconds since the Unix epoch; nil for never.
  public var expires: Int64?
  /// When it was revoked, in milliseconds since the Unix epoch.
  public var revoked: Int64?

  /// A key from its parts.
  public init(
    id: String, name: String, owner: String, descriptors: [Descriptor]? = nil,
    roles: [String]? = nil, metadata: [CELValue.Entry] = [], created: Int64 = 0,
    expires: Int64? = nil, revoked: Int64? = nil
  ) {
    (self.id, self.name, self.owner, self.descriptors) = (id, name, owner, descriptors)
    (self.roles, self.metadata, self.created) = (roles, metadata, created)
    (self.expires, self.revoked) = (expires, revoked)
  }

  /// An id for a key that is to be made: 120 random bits. It is no secret.
  public static func newID() -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    return String((0..<20).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }

  /// Whether it works at a time, as far as the key itself goes.
  public func isValid(at now: Int64) -> Bool {
    revoked == nil && expires.map { now < $0 } ?? true
  }
}

/// A key that was just made, with the only copy of its secret.
public struct IssuedKey: Sendable {
  /// The key.
  public let key: ListedKey
  /// The secret.
  public let secret: String
  /// Id and secret as they stand behind `Authorization: ApiKey`.
  public let encoded: String

  /// A key from its parts.
  public init(key: ListedKey, secret: String, encoded: String) {
    (self.key, self.secret, self.encoded) = (key, secret, encoded)
  }
}

/// Keeps API keys.
public protocol APIKeyStore: Sendable {
  /// All keys, those made first coming first.
  func listedKeys() async -> [ListedKey]

  /// Makes a key with a new secret, which is told this once. When it returns, the key works.
  ///
  /// - Parameter key: what the key is to be; when it was made is not taken from it.
  /// - Throws: `KeyFault`; then there is no such key.
  func create(_ key: ListedKey) async throws(KeyFault) -> IssuedKey

  /// Lets keys work no more. When it returns, they don't.
  ///
  /// - Returns: the ids of those that were revoked now; those that had been before are not there.
  /// - Throws: `KeyFault`; then nothing was revoked.
  func revoke(_ ids: [String]) async throws(KeyFault) -> [String]

  /// What time the keys' times are compared with, in milliseconds since the Unix epoch.
  var now: Int64 { get }
}

/// Why keys can't be changed.
public struct KeyFault: Error, Hashable, Sendable {
  /// Whether it lies in what was asked for, and not in the site.
  public let isCallers: Bool
  /// For the caller, or for the site's log: lower case, no full stop.
  public let message: String

  /// A fault.
  public init(_ message: String, isCallers: Bool) {
    (self.message, self.isCallers) = (message, isCallers)
  }
}
