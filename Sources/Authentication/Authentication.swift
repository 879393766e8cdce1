#if Server
  import Crypto
  import Dispatch
  import Foundation
  public import GateServer

  /// Finds out who is calling a site: by password, API key, token or certificate.
  ///
  /// Users and keys are in files that `modelgate users` and `modelgate keys` keep, and that are read
  /// again when they change. Whatever is doubtful proves nothing: two headers, a scheme that is not
  /// known, a certificate of two users. Credentials that prove nothing never make an anonymous caller.
  public struct SiteAuthenticator: Authenticator, UserDirectory {
    let settings: AuthenticationSettings
    let table: WatchedFile<UserTable>
    let keys: WatchedFile<KeyTable>?
    let tokens: TokenVerifier?
    let passwords: PasswordChecker
    /// Changes of the file of keys wait for each other, and for the disk, here and not on a thread
    /// that answers.
    let keyChanges = DispatchQueue(label: "modelgate.keys")
    private let decoyKey = SymmetricKey(size: .bits256)

    /// An authenticator of these settings.
    ///
    /// - Throws: `FileFault` if a file can't be used, or if the settings would let in more than can be
    ///   meant.
    public init(_ settings: AuthenticationSettings) throws(FileFault) {
      try settings.check()
      self.settings = settings
      let limit = AuthenticationLimits.fileBytes
      table = try WatchedFile(
        settings.usersFile, limit: limit, absent: nil, clock: settings.clock
      ) { bytes, path throws(FileFault) in try UserTable(bytes, file: path) }
      if let path = settings.keysFile {
        keys = try WatchedFile(path, limit: limit, absent: KeyTable(), clock: settings.clock) {
          bytes, path throws(FileFault) in try KeyTable(bytes, file: path)
        }
      } else {
        keys = nil
      }
      tokens =
        if let settings = settings.tokens {
          try TokenVerifier(settings, clock: self.settings.clock)
        } else {
          nil
        }
      passwords = PasswordChecker(queue: HashQueue(), clock: settings.clock)
    }

    /// Looks at the credentials of a request.
    ///
    /// The header `Authorization` comes first: whoever presents it means it. Then the certificate of
    /// the connection, then what anonymous callers are.
    public func authenticate(_ request: WireRequest) async -> Authentication {
      if let header = Self.onlyHeader(of: request),
        let known = passwords.recognized(
          header, from: request.address, version: table.currentNumber())
      {
        return known
      }
      let found: Authentication
      do throws(Credentials.Fault) {
        switch try Credentials.read(request) {
        case .password(let name, let password):
          found = await check(name, password, in: request)
        case .apiKey(let id, let secret): found = check(key: id, secret)
        case .token(let token): found = await check(token: token)
        case nil: found = withoutCredentials(request)
        }
      } catch {
        return .refused(.init(reason: error.reason))
      }
      guard case .caller(let caller) = found else { return found }
      return run(caller, as: request.headers.all(Self.runAsHeader))
    }

    /// All users, sorted by name.
    public func users() async -> [ListedUser] {
      table.current().content.users.map { user in
        ListedUser(
          name: user.name, roles: user.roles, backendRoles: user.backendRoles,
          fullName: user.fullName, isEnabled: user.isEnabled)
      }
    }

    /// What is wrong with the files: each is then in force as it was before. Empty if nothing is.
    public func problems() async -> [String] {
      var problems = [table.problem, keys?.problem].compactMap { $0 }
      if let tokens { problems += await tokens.problems() }
      return problems
    }

    /// A hash for the password of a name that no user has: always the same for a name, and one of
    /// those that are there, so that the time it takes tells nothing.
    func decoy(for name: String, _ table: UserTable) -> PasswordHash? {
      guard !table.hashes.isEmpty else { return nil }
      let code = HMAC<SHA256>.authenticationCode(for: Data(name.utf8), using: decoyKey)
      let number = code.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return table.hashes[Int(number % UInt64(table.hashes.count))]
    }
  }
#endif
