#if Server
  import Authentication
  import GateServer
  import Testing

  /// Acting as somebody else: only by name, only with the right to, and the answer tells nothing.
  @Suite struct RunAsTests {
    struct Case: Sendable {
      var caller: String
      var target: String
      var isAllowed: Bool
    }

    /// alice may act as bob, off, and somebody who is not there; support as alice.
    static let cases: [Case] = [
      Case(caller: "alice", target: "bob", isAllowed: true),
      Case(caller: "alice", target: "off", isAllowed: false),
      Case(caller: "alice", target: "nobody", isAllowed: false),
      Case(caller: "alice", target: "alice", isAllowed: false),
      Case(caller: "alice", target: "helper", isAllowed: false),
      Case(caller: "alice", target: "BOB", isAllowed: false),
      Case(caller: "alice", target: "", isAllowed: false),
      Case(caller: "alice", target: "*", isAllowed: false),
      Case(caller: "bob", target: "alice", isAllowed: false),
      Case(caller: "bob", target: "bob", isAllowed: false),
      Case(caller: "helper", target: "alice", isAllowed: true),
      Case(caller: "helper", target: "bob", isAllowed: false),
    ]

    static func site() throws -> Site {
      let site = try AuthenticatorTests.site()
      try site.write(
        #"""
        {"version": 1, "users": {
          "alice": {"password_hash": "\#(Site.hash)", "roles": ["admin"], "run_as": ["bob", "off", "nobody"]},
          "bob": {"password_hash": "\#(Site.hash)", "roles": ["user"]},
          "off": {"password_hash": "\#(Site.hash)", "enabled": false},
          "helper": {"password_hash": "\#(Site.hash)", "roles": ["support"]}
        }, "run_as": {"support": ["alice"]}}
        """#, to: "users.json")
      return site
    }

    @Test(arguments: cases) func onlyWithTheRight(_ run: Case) async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      let found = await authenticator.authenticate(
        try request(basic(run.caller), [("ES-Security-RunAs-User", run.target)]))
      if run.isAllowed {
        #expect(found.caller?.name == run.target)
        #expect(found.caller?.actingUser == run.caller)
        #expect(found.caller?.roles == (run.target == "bob" ? ["user"] : ["admin"]))
      } else {
        let refusal = try #require(found.refusal)
        #expect(refusal.refusedRunAs == run.target)
        #expect(refusal.name == run.caller && refusal.caller?.name == run.caller)
        #expect(refusal.caller?.actingUser == nil)
      }
    }

    @Test func unknownDisabledAndForbiddenTargetsLookTheSame() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      var reasons: Set<String> = []
      for target in ["off", "nobody", "helper"] {
        let found = await authenticator.authenticate(
          try request(basic("alice"), [("es-security-runas-user", target)]))
        reasons.insert(found.refusal?.reason ?? "\(found)")
      }
      #expect(reasons.count == 1)
    }

    @Test func twoTargetsAreRefused() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let headers = [("es-security-runas-user", "bob"), ("es-security-runas-user", "bob")]
      let found = try await site.authenticator().authenticate(
        request(basic("alice"), headers.map { (name: $0.0, value: $0.1) }))
      #expect(found.refusal?.refusedRunAs == "bob")
    }

    @Test func wrongPasswordsAndOtherProofsRunAsNobody() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let fresh = APIKey.make(name: "k", owner: "alice", now: site.clock.time)
      try site.add(fresh.key)
      let authenticator = try site.authenticator {
        $0.superAdmins = ["DNS:admin"]
        $0.certificates = ["DNS:alice": "alice"]
        $0.anonymous = .init(name: "alice")
      }
      let header = [(name: "es-security-runas-user", value: "bob")]
      let wrong = await authenticator.authenticate(
        try request(basic("alice", "wrong"), header))
      #expect(wrong.refusal?.refusedRunAs == nil && wrong.caller == nil)
      let others: [WireRequest] = [
        try request("ApiKey \(fresh.encoded)", header),
        try request(nil, header, certificate: ["DNS:admin"]), try request(nil, header),
      ]
      for other in others {
        #expect(await authenticator.authenticate(other).refusal?.refusedRunAs == "bob")
      }
      let byCertificate = try request(nil, header, certificate: ["DNS:alice"])
      #expect(await authenticator.authenticate(byCertificate).caller?.name == "bob")
    }
  }
#endif
