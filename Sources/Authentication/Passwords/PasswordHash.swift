#if Server
  /// A password's salted, slow hash, as it stands in a file.
  ///
  /// New ones are scrypt in PHC form; bcrypt is read so that the users of other systems can be taken
  /// over.
  public struct PasswordHash: Hashable, Sendable {
    /// How it was made.
    enum Method: Hashable, Sendable {
      case scrypt(Scrypt, salt: [UInt8], key: [UInt8])
      case bcrypt
    }

    /// As it is written.
    public let text: String
    let method: Method

    /// Reads a hash: `$scrypt$ln=17,r=8,p=1$…$…`, or bcrypt's `$2a$10$…`, `$2b$…`, `$2y$…`.
    ///
    /// - Throws: `PasswordFault`, also if checking the password would take more time or memory than
    ///   `AuthenticationLimits` allows.
    public init(_ text: String) throws(PasswordFault) {
      self.text = text
      if text.hasPrefix("$scrypt$") {
        method = try Scrypt.read(text)
      } else if text.hasPrefix("$2a$") || text.hasPrefix("$2b$") || text.hasPrefix("$2y$") {
        try Bcrypt.check(text)
        method = .bcrypt
      } else {
        throw PasswordFault(
          "the hash is neither scrypt (`$scrypt$…`) nor bcrypt (`$2a$`, `$2b$`, `$2y$`)")
      }
    }

    private init(_ scrypt: Scrypt, salt: [UInt8], key: [UInt8]) {
      method = .scrypt(scrypt, salt: salt, key: key)
      text = scrypt.text(salt: salt, key: key)
    }

    /// Hashes a password with a new salt. It takes about half a second and 128 MiB.
    ///
    /// - Throws: `PasswordFault` for a password that is too short, too long, or holds a NUL.
    public static func make(_ password: [UInt8]) throws(PasswordFault) -> PasswordHash {
      try make(password, .standard)
    }

    static func make(_ password: [UInt8], _ scrypt: Scrypt) throws(PasswordFault) -> PasswordHash {
      guard password.count >= AuthenticationLimits.shortestPassword else {
        throw PasswordFault(
          "the password is shorter than \(AuthenticationLimits.shortestPassword) bytes")
      }
      guard password.count <= AuthenticationLimits.passwordBytes, !password.contains(0) else {
        throw PasswordFault(
          "the password is longer than \(AuthenticationLimits.passwordBytes) bytes or holds a NUL")
      }
      let salt = Randomness.bytes(16)
      guard let key = scrypt.key(of: password, salt: salt, count: 32) else {
        throw PasswordFault("the password can't be hashed: there is not enough memory")
      }
      return PasswordHash(scrypt, salt: salt, key: key)
    }

    /// Whether this is the hash of the password. It takes as long as making it did.
    func matches(_ password: [UInt8]) -> Bool {
      guard password.count <= AuthenticationLimits.passwordBytes, !password.contains(0) else {
        return false
      }
      switch method {
      case .scrypt(let scrypt, let salt, let key):
        guard let found = scrypt.key(of: password, salt: salt, count: key.count) else {
          return false
        }
        return isSameSecret(found, key)
      case .bcrypt: return Bcrypt.matches(password, text)
      }
    }

    /// A password that nobody can guess: 24 letters and digits, about 139 bits.
    public static func randomPassword() -> String { Randomness.text(24) }

    /// Whether it was made with less effort than new ones are, so that setting the password anew
    /// would make it better.
    public var isWeak: Bool {
      guard case .scrypt(let scrypt, _, _) = method else { return true }
      return scrypt.cost < Scrypt.standard.cost
    }
  }

  /// What is wrong with a password or its hash.
  public struct PasswordFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Lower case, no full stop. It never holds the password or the hash.
    public let description: String

    init(_ description: String) { self.description = description }
  }
#endif
