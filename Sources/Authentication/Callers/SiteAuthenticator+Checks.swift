#if Server
  import GateServer

  extension SiteAuthenticator {
    /// A password. Unknown, disabled and passwordless users take as long as others do.
    func check(_ name: String, _ password: [UInt8], in request: WireRequest) async
      -> Authentication
    {
      let current = table.current()
      let user = current.content[name]
      guard let hash = user?.passwordHash ?? decoy(for: name, current.content) else {
        return .refused(.init(name: name, reason: "no user has a password"))
      }
      let attempt = PasswordChecker.Attempt(
        name: name, password: password, network: NetworkKey.of(request.address), hash: hash,
        canSucceed: user?.isEnabled ?? false && user?.passwordHash != nil, version: current.number)
      switch await passwords.check(attempt) {
      case .right:
        // What the file says now, and not when the hashing began.
        let latest = table.current()
        guard let user = latest.content[name], user.isEnabled, user.passwordHash == hash else {
          return .refused(.init(name: name, reason: "the user has changed meanwhile"))
        }
        let found = Authentication.caller(Self.caller(user, .password))
        if latest.number == attempt.version, let header = Self.onlyHeader(of: request) {
          passwords.recognize(header, from: request.address, as: found, by: attempt)
        }
        return found
      case .wrong:
        let reason =
          switch user {
          case nil: "there is no such user"
          case let user? where !user.isEnabled: "the user is disabled"
          case let user? where user.passwordHash == nil: "the user has no password"
          default: "the password is wrong"
          }
        return .refused(.init(name: name, reason: reason))
      case .tooMany(let seconds):
        return .refused(
          .init(
            name: name, reason: "there were too many failed attempts, or too many at once",
            retryAfter: seconds))
      }
    }

    /// The header that alone says who is calling; nil if there is more to look at.
    static func onlyHeader(of request: WireRequest) -> String? {
      guard let header = request.headers.only("Authorization"),
        header.utf8.count <= AuthenticationLimits.credentialBytes,
        request.headers[runAsHeader] == nil
      else { return nil }
      return header
    }

    /// An API key.
    func check(key id: String, _ secret: String) -> Authentication {
      guard let keys else {
        return .refused(.init(reason: "API keys are not in use"))
      }
      let key = keys.current().content[id]
      let digest = APIKey.digest(of: secret)
      // Compared also if there is no such key.
      let isSame = isSameSecret(digest.utf8, (key?.digest ?? APIKey.digest(of: "")).utf8)
      guard let key, isSame else {
        return .refused(.init(reason: "there is no API key of the id, or its secret is another"))
      }
      guard key.isValid(at: settings.clock()) else {
        return .refused(
          .init(
            name: key.owner, reason: "the API key `\(key.id)` has expired or was revoked"))
      }
      guard let owner = table.current().content[key.owner], owner.isEnabled else {
        return .refused(
          .init(name: key.owner, reason: "the owner of the API key is gone or disabled"))
      }
      var caller = Self.caller(owner, .apiKey(id: key.id, name: key.name))
      key.limit(&caller, of: owner)
      caller.realm = "api_keys"
      return .caller(caller)
    }

    func check(token: String) async -> Authentication {
      guard let tokens else { return .refused(.init(reason: "tokens are not in use")) }
      do throws(TokenParts.Fault) {
        return .caller(try await tokens.verify(token))
      } catch {
        return .refused(.init(reason: error.reason))
      }
    }

    /// The certificate of the connection, or nothing at all.
    func withoutCredentials(_ request: WireRequest) -> Authentication {
      let names = request.certificateNames
      if let name = names.first(where: { settings.superAdmins.contains($0) }) {
        return .caller(
          Caller(name: name, proof: .certificate, realm: "certificates", isSuperAdmin: true))
      }
      let users = Set(names.compactMap { settings.certificates[$0] })
      guard users.count <= 1 else {
        return .refused(.init(reason: "the certificate has the names of several users"))
      }
      if let name = users.first {
        guard let user = table.current().content[name], user.isEnabled else {
          return .refused(
            .init(name: name, reason: "the user of the certificate is gone or disabled"))
        }
        return .caller(Self.caller(user, .certificate))
      }
      guard let anonymous = settings.anonymous else { return .missing }
      return .caller(
        Caller(
          name: anonymous.name, roles: anonymous.roles, backendRoles: anonymous.backendRoles,
          proof: .anonymous, realm: "anonymous"))
    }

    static func caller(_ user: User, _ proof: Caller.Proof) -> Caller {
      Caller(
        name: user.name, roles: user.roles, backendRoles: user.backendRoles,
        fullName: user.fullName, proof: proof, realm: "users", attributes: user.attributes)
    }
  }

  // MARK: Acting as somebody else

  extension SiteAuthenticator {
    /// Names the user to act as: the one of Elasticsearch.
    static let runAsHeader = "es-security-runas-user"

    /// The caller, or whom the caller wants to act as.
    ///
    /// Only users of the file may, by password or certificate, and only as those whom the file names
    /// for them. Whether there is such a user makes no difference to the answer.
    func run(_ caller: Caller, as headers: [String]) -> Authentication {
      guard let name = headers.first else { return .caller(caller) }
      func refuse(_ reason: String) -> Authentication {
        .refused(.init(name: caller.name, reason: reason, refusedRunAs: name, caller: caller))
      }
      guard headers.count == 1 else { return refuse("there are several names to act as") }
      guard !caller.isSuperAdmin, caller.proof == .password || caller.proof == .certificate else {
        return refuse(
          "API keys, tokens, administrators' certificates and nobody act for themselves")
      }
      let users = table.current().content
      guard let acting = users[caller.name], users.mayRun(acting, as: name),
        let target = users[name], target.isEnabled
      else { return refuse("the user may not act as the other, or there is no such user") }
      var result = Self.caller(target, caller.proof)
      result.actingUser = caller.name
      return .caller(result)
    }
  }
#endif
