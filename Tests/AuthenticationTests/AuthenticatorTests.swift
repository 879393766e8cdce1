#if Server
  import Authentication
  import CEL
  import Foundation
  import GateServer
  import Testing

  /// Who is calling, by every kind of credentials.
  @Suite struct AuthenticatorTests {
    static func site() throws -> Site {
      let site = try Site(users: [
        Site.user("alice", ["machine_learning_admin"], runAs: ["bob", "off", "nobody"]),
        Site.user("bob", ["machine_learning_user"]), Site.user("björn"),
        User(name: "gateway", roles: ["support"]),
      ])
      try site.change { table throws(FileFault) in
        var user = try table.user("bob")
        (user.backendRoles, user.fullName) = (["analyst"], "Bob")
        user.attributes = ["department": "ml"]
        try table.replace(user)
        user.name = "off"
        user.isEnabled = false
        try table.add(user)
      }
      return site
    }

    @Test func aRightPasswordProvesTheUser() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let caller = try await site.authenticator().authenticate(request(basic("bob"))).caller
      #expect(
        caller
          == Caller(
            name: "bob", roles: ["machine_learning_user"], backendRoles: ["analyst"],
            fullName: "Bob", proof: .password, realm: "users",
            attributes: ["department": "ml"]))
      // UTF-8, as RFC 7617 says.
      #expect(try await site.authenticator().authenticate(request(basic("björn"))).caller != nil)
    }

    /// What a header can be, and the name that a refusal knows.
    static let refused: [(header: String, name: String?)] = [
      (basic("bob", "wrong"), "bob"), (basic("bob", ""), "bob"), (basic("off"), "off"),
      (basic("gateway"), "gateway"), (basic("gateway", ""), "gateway"), (basic("nobody"), "nobody"),
      (basic("BOB"), "BOB"), (basic("bob", Site.password + " "), "bob"),
      (basic("bob", Site.password + "\u{0}"), "bob"),
      // The same letters in other bytes are another name.
      (basic("bjo\u{308}rn"), "bjo\u{308}rn"), (basic("bob\u{0}"), nil), (basic(""), nil),
      (basic(" bob"), nil), ("Basic", nil), ("Basic ", nil), ("Basic !!!!", nil),
      ("Basic \(Data("bob".utf8).base64EncodedString())", nil),
      ("Basic \(Data([0xFF, 0x3A, 0x61]).base64EncodedString())", nil),
      ("Basic Ym9iOmNvcnJlY3QgaG9yc2V=", nil), ("Digest username=bob", nil),
      ("Negotiate YII=", nil), ("bob:correct horse", nil), ("", nil), ("Bearer", nil),
      ("Bearer a.b.c", nil), ("Bearer abc", nil), ("ApiKey abc", nil), ("ApiKey OmE=", nil),
      ("ApiKey YTo=", nil), ("ApiKey YTpi", nil), (basic("bob") + ", " + basic("bob"), nil),
    ]

    @Test(arguments: refused) func whatProvesNothingIsRefused(
      _ header: String, _ name: String?
    ) async throws {
      let site = try Self.site()
      defer { site.remove() }
      // Also where callers without credentials are let in.
      let authenticator = try site.authenticator { $0.anonymous = .init() }
      let found = await authenticator.authenticate(try request(header))
      #expect(found.refusal != nil, "\(header) is \(found)")
      #expect(found.refusal?.name == name)
      #expect(found.refusal?.retryAfter == nil)
    }

    @Test func twoHeadersAreRefused() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let twice = try request(basic("bob"), [("authorization", basic("alice"))])
      #expect(try await site.authenticator().authenticate(twice).refusal != nil)
    }

    @Test func withoutCredentialsNobodyIsLetIn() async throws {
      let site = try Self.site()
      defer { site.remove() }
      #expect(try await site.authenticator().authenticate(request()) == .missing)
      let open = try site.authenticator { $0.anonymous = .init(roles: ["viewer"]) }
      let caller = await open.authenticate(try request()).caller
      #expect(caller?.proof == .anonymous && caller?.roles == ["viewer"])
      #expect(caller?.isSuperAdmin == false)
    }

    @Test func usersAreListed() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let listed = try await site.authenticator().users()
      #expect(listed.map(\.name) == ["alice", "björn", "bob", "gateway", "off"])
      #expect(listed.map(\.isEnabled) == [true, true, true, true, false])
    }

    // MARK: Certificates

    static let certificates: [(names: [String], expected: String)] = [
      (["URI:spiffe://site/bob"], "bob"), (["DNS:x", "URI:spiffe://site/bob"], "bob"),
      (["DNS:admin.site"], "super"), (["DNS:admin.site", "URI:spiffe://site/bob"], "super"),
      (["URI:spiffe://site/bob", "email:bob@site"], "bob"),
      (["URI:spiffe://site/bob", "DNS:gateway"], "refused"), (["DNS:off"], "refused"),
      (["DNS:gone"], "refused"), (["CN:bob"], "missing"), (["bob"], "missing"),
      (["uri:spiffe://site/bob"], "missing"), (["URI:spiffe://site/bob2"], "missing"),
      (["DNS:bob"], "missing"), ([], "missing"),
    ]

    @Test(arguments: certificates) func certificatesProveTheirUsers(
      _ names: [String], _ expected: String
    ) async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator {
        $0.certificates = [
          "URI:spiffe://site/bob": "bob", "email:bob@site": "bob", "DNS:gateway": "gateway",
          "DNS:off": "off", "DNS:gone": "gone",
        ]
        $0.superAdmins = ["DNS:admin.site"]
      }
      switch await authenticator.authenticate(try request(certificate: names)) {
      case .caller(let caller):
        #expect((caller.isSuperAdmin ? "super" : caller.name) == expected)
        #expect(caller.proof == .certificate)
      case .refused: #expect(expected == "refused")
      case .missing: #expect(expected == "missing")
      }
      // Whoever presents a header means it.
      let both = try request(basic("alice"), certificate: names)
      #expect(await authenticator.authenticate(both).caller?.name == "alice")
      let wrong = try request(basic("alice", "wrong"), certificate: names)
      #expect(await authenticator.authenticate(wrong).refusal != nil)
    }

    @Test(arguments: ["CN:bob", "bob", "URI:", "dns:bob", ""])
    func onlyAlternativeNamesCanBeConfigured(_ name: String) throws {
      let site = try Self.site()
      defer { site.remove() }
      #expect(throws: FileFault.self) {
        try site.authenticator { $0.certificates = [name: "bob"] }
      }
      #expect(throws: FileFault.self) { try site.authenticator { $0.superAdmins = [name] } }
    }
  }
#endif
