#if Server
  @testable import Authentication
  import CEL
  import Foundation
  import GateServer
  import Testing

  /// Tokens: what a good one says, and that nothing else says anything.
  @Suite struct TokenTests {
    static func site(_ issuer: Issuer, _ more: [String] = []) throws -> Site {
      let site = try Site(users: [Site.user("alice", runAs: ["bob"]), Site.user("bob")])
      try site.write(issuer.keySet(more), to: "jwks.json")
      return site
    }

    static func authenticator(
      _ site: Site, _ issuer: Issuer, _ adjust: (inout TokenSettings) -> Void = { _ in }
    ) throws -> SiteAuthenticator {
      var tokens = issuer.settings(site)
      adjust(&tokens)
      return try site.authenticator { $0.tokens = tokens }
    }

    @Test func aGoodTokenProvesItsCaller() async throws {
      let issuer = try Issuer()
      let site = try Self.site(issuer)
      defer { site.remove() }
      let authenticator = try Self.authenticator(site, issuer)
      let token = try issuer.good(site, ["dept": "ml"])
      let caller = await authenticator.authenticate(try request("Bearer \(token)")).caller
      #expect(
        caller
          == Caller(
            name: "dora", roles: ["machine_learning_user"], backendRoles: ["analyst"],
            fullName: "Dora", proof: .token, realm: Issuer.name,
            attributes: ["department": "ml"]))
    }

    /// Whatever was tried, nobody else notices: the first hostile token may come before any good
    /// one.
    @Test(arguments: HostileTokens.all) func hostileTokensProveNothing(
      _ hostile: HostileTokens.Case
    ) async throws {
      let issuer = try Issuer()
      let site = try Self.site(issuer)
      defer { site.remove() }
      let authenticator = try Self.authenticator(site, issuer)
      let bad = await authenticator.authenticate(
        try request("Bearer \(try hostile.make(issuer, site))"))
      #expect(bad.refusal != nil, "\(bad)")
      #expect(bad.refusal?.retryAfter == nil && bad.refusal?.name == nil)
      let good = await authenticator.authenticate(try request("Bearer \(try issuer.good(site))"))
      #expect(good.caller?.name == "dora")
    }

    @Test func theTableIsLong() {
      #expect(HostileTokens.all.count >= 90)
      #expect(Set(HostileTokens.all.map(\.name)).count == HostileTokens.all.count)
    }

    @Test func noNumberOfBadTokensKeepsAnybodyOut() async throws {
      let issuer = try Issuer()
      let site = try Self.site(issuer)
      defer { site.remove() }
      let authenticator = try Self.authenticator(site, issuer)
      for _ in 0..<3 {
        for hostile in HostileTokens.all {
          let header = "Bearer \(try hostile.make(issuer, site))"
          #expect(await authenticator.authenticate(try request(header)).caller == nil)
        }
      }
      let headers = [
        "Bearer \(try issuer.good(site))",
        "Bearer \(try issuer.token(#"{"alg":"ES256","kid":"ec"}"#, issuer.claims(site), .es256))",
        "Bearer \(try issuer.token(#"{"alg":"EdDSA","kid":"ed"}"#, issuer.claims(site), .eddsa))",
        basic("alice"),
      ]
      for header in headers {
        #expect(await authenticator.authenticate(try request(header)).caller != nil)
      }
    }

    /// What is still good.
    static let accepted: [(name: String, make: @Sendable (Issuer, Site, Int) throws -> String)] = [
      ("expired within the skew", { try $0.good($1, ["exp": $2 - 29]) }),
      ("not yet, within the skew", { try $0.good($1, ["nbf": $2 + 30, "iat": $2 + 30]) }),
      ("several audiences", { issuer, site, _ in try issuer.good(site, ["aud": ["x", "other"]]) }),
      ("exp with a fraction", { try $0.good($1, ["exp": Double($2) + 0.5]) }),
      ("no roles", { issuer, site, _ in try issuer.good(site, ["roles": Any?.none]) }),
      (
        "an access token",
        { issuer, site, _ in
          try issuer.token(
            #"{"typ":"at+jwt","alg":"RS256","kid":"rsa","x5t":"abc"}"#, issuer.claims(site), .rs256)
        }
      ),
      (
        "no type",
        { issuer, site, _ in
          try issuer.token(#"{"alg":"RS256","kid":"rsa"}"#, issuer.claims(site), .rs256)
        }
      ),
    ]

    @Test(arguments: accepted.indices) func whatIsGoodIsTaken(_ index: Int) async throws {
      let issuer = try Issuer()
      let site = try Self.site(issuer)
      defer { site.remove() }
      let authenticator = try Self.authenticator(site, issuer)
      let (name, make) = Self.accepted[index]
      let token = try make(issuer, site, Int(site.clock.time / 1_000))
      let found = await authenticator.authenticate(try request("Bearer \(token)"))
      #expect(found.caller?.name == "dora", "\(name): \(found)")
    }

    @Test func aTokenEndsWhileTheServerRuns() async throws {
      let issuer = try Issuer()
      let site = try Self.site(issuer)
      defer { site.remove() }
      let authenticator = try Self.authenticator(site, issuer)
      let token = try issuer.good(site)
      for (seconds, isGood) in [(Int64(0), true), (329, true), (1, false), (1_000, false)] {
        site.clock.advance(seconds: seconds)
        let found = await authenticator.authenticate(try request("Bearer \(token)"))
        #expect((found.caller != nil) == isGood)
      }
    }

    @Test func rolesCanBeOneTextOrAScope() async throws {
      let issuer = try Issuer()
      let site = try Self.site(issuer)
      defer { site.remove() }
      let token = try issuer.good(site, ["scope": "a b", "roles": "a b"])
      for (claim, roles) in [("scope", ["a", "b"]), ("roles", ["a b"]), ("none", [])] {
        let authenticator = try Self.authenticator(site, issuer) { $0.rolesClaim = claim }
        let found = await authenticator.authenticate(try request("Bearer \(token)"))
        #expect(found.caller?.roles == roles)
      }
    }

    @Test func tokensRunAsNobody() async throws {
      let issuer = try Issuer()
      let site = try Self.site(issuer)
      defer { site.remove() }
      let authenticator = try Self.authenticator(site, issuer)
      // Even one with the name of a user who may.
      let token = try issuer.good(site, ["sub": "alice"])
      let found = await authenticator.authenticate(
        try request("Bearer \(token)", [("es-security-runas-user", "bob")]))
      #expect(found.refusal?.refusedRunAs == "bob")
    }

    // MARK: Settings

    static let badSettings: [@Sendable (inout TokenSettings) -> Void] = [
      { $0.issuer = "" }, { $0.audiences = [] }, { $0.audiences = [""] }, { $0.algorithms = [] },
      { $0.clockSkew = AuthenticationLimits.clockSkew + 1 }, { $0.clockSkew = -1 },
      { $0.nameClaim = "" }, { $0.attributeClaims = ["super_admin": "x"] },
      { $0.attributeClaims = ["roles": "x"] }, { $0.keySetFile += "x" },
    ]

    @Test(arguments: badSettings.indices) func settingsThatLetInTooMuchAreRefused(
      _ index: Int
    ) throws {
      let issuer = try Issuer()
      let site = try Self.site(issuer)
      defer { site.remove() }
      #expect(throws: FileFault.self) {
        try Self.authenticator(site, issuer, Self.badSettings[index])
      }
    }

    @Test func theLargestSkewIsTaken() async throws {
      let issuer = try Issuer()
      let site = try Self.site(issuer)
      defer { site.remove() }
      let skew = AuthenticationLimits.clockSkew
      let authenticator = try Self.authenticator(site, issuer) { $0.clockSkew = skew }
      let now = Int(site.clock.time / 1_000)
      for (expires, isGood) in [(now - skew + 1, true), (now - skew, false)] {
        let token = try issuer.good(site, ["exp": expires])
        let found = await authenticator.authenticate(try request("Bearer \(token)"))
        #expect((found.caller != nil) == isGood)
      }
    }
  }
#endif
