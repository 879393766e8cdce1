#if CLI && SQLite && Server
  import Authentication

  extension ServeRun {
    /// Whom to believe, as it was set.
    func authenticationSettings() throws(SettingFault) -> AuthenticationSettings {
      let users = settings["users"] ?? "modelgate-users.json"
      var site = AuthenticationSettings(usersFile: users, clock: System.milliseconds)
      site.keysFile = settings["keys"] ?? AuthenticationSettings.keysFile(beside: users)
      site.tokens = try tokens()
      for pair in settings.list("certificates.users") ?? [] {
        guard let equals = pair.lastIndex(of: "="), pair.index(after: equals) < pair.endIndex else {
          throw SettingFault(
            "certificates.users", "`\(pair)` does not say which user a certificate is",
            help: "such as URI:spiffe://site/alice=alice")
        }
        site.certificates[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
      }
      site.superAdmins = Set(settings.list("certificates.super_admins") ?? [])
      if let roles = settings.list("anonymous.roles") { site.anonymous = .init(roles: roles) }
      return site
    }

    private func tokens() throws(SettingFault) -> TokenSettings? {
      guard let issuer = settings["tokens.issuer"] else { return nil }
      guard let audiences = settings.list("tokens.audiences") else {
        throw SettingFault("tokens.audiences", "tokens of \(issuer) are believed, but for whom?")
      }
      guard let keys = settings["tokens.key_set"] else {
        throw SettingFault("tokens.key_set", "tokens of \(issuer) are believed, but by which keys?")
      }
      var tokens = TokenSettings(issuer: issuer, audiences: audiences, keySetFile: keys)
      if let names = settings.list("tokens.algorithms") {
        tokens.algorithms = try names.map { name throws(SettingFault) in
          guard let algorithm = TokenAlgorithm(rawValue: name) else {
            throw SettingFault(
              "tokens.algorithms", "`\(name)` is no way of signing that is believed here",
              help: "there are \(TokenAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))")
          }
          return algorithm
        }
      }
      tokens.clockSkew = try settings.whole("tokens.clock_skew") ?? tokens.clockSkew
      tokens.nameClaim = settings["tokens.name_claim"] ?? tokens.nameClaim
      tokens.rolesClaim = settings["tokens.roles_claim"]
      tokens.backendRolesClaim = settings["tokens.backend_roles_claim"]
      tokens.fullNameClaim = settings["tokens.full_name_claim"] ?? tokens.fullNameClaim
      return tokens
    }
  }
#endif
