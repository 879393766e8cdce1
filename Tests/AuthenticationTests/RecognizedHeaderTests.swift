#if Server
  @testable import Authentication
  import GateServer
  import Testing

  /// A header that was checked need not be taken apart again. Whatever would have its password
  /// checked otherwise ends that.
  @Suite struct RecognizedHeaderTests {
    static func site() throws -> Site {
      try Site(users: [
        Site.user("alice", ["editor"], runAs: ["bob"]), Site.user("bob", ["reader"]),
      ])
    }

    static func isRecognized(
      _ authenticator: SiteAuthenticator, _ header: String = basic("alice"),
      from address: String? = "192.0.2.1"
    ) -> Bool {
      authenticator.passwords.recognized(
        header, from: address, version: authenticator.table.currentNumber()) != nil
    }

    @Test func theSameHeaderFromTheSameAddressIsKnownAgain() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      #expect(!Self.isRecognized(authenticator))
      let first = await authenticator.authenticate(try request(basic("alice")))
      #expect(Self.isRecognized(authenticator))
      let second = await authenticator.authenticate(try request(basic("alice")))
      #expect(first == second && second.caller?.roles == ["editor"])
      // Neither another's, nor from elsewhere, nor almost the same.
      #expect(!Self.isRecognized(authenticator, basic("bob")))
      #expect(!Self.isRecognized(authenticator, from: "192.0.2.2"))
      #expect(!Self.isRecognized(authenticator, from: nil))
      #expect(!Self.isRecognized(authenticator, basic("alice") + " "))
      #expect(!Self.isRecognized(authenticator, basic("alice", "wrong")))
      #expect(
        await authenticator.authenticate(try request(basic("bob"))).caller?.roles == ["reader"])
    }

    @Test func whatProvesNothingIsNotRecognized() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      for header in [basic("alice", "wrong"), basic("nobody"), "Basic !", "Nonsense"] {
        #expect(await authenticator.authenticate(try request(header)).caller == nil)
      }
      #expect(authenticator.passwords.recognizedHeaders == 0)
    }

    @Test func aNewFileOfUsersEndsIt() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      func caller() async throws -> Caller? {
        await authenticator.authenticate(try request(basic("alice"))).caller
      }
      #expect(try await caller()?.roles == ["editor"])
      #expect(Self.isRecognized(authenticator))
      try site.change { table throws(FileFault) in
        var alice = try table.user("alice")
        alice.roles = ["reader"]
        try table.replace(alice)
      }
      site.clock.advance(seconds: Int64(AuthenticationLimits.secondsBetweenLooks))
      #expect(!Self.isRecognized(authenticator))
      #expect(try await caller()?.roles == ["reader"])
      #expect(Self.isRecognized(authenticator))
      try site.change { table throws(FileFault) in
        var alice = try table.user("alice")
        alice.isEnabled = false
        try table.replace(alice)
      }
      site.clock.advance(seconds: Int64(AuthenticationLimits.secondsBetweenLooks))
      #expect(try await caller() == nil)
    }

    @Test(arguments: [
      (AuthenticationLimits.cacheSeconds - 1, true), (AuthenticationLimits.cacheSeconds, false),
      (-1, false),
    ]) func itEndsWithTheMemoryOfThePassword(_ seconds: Int, _ isKnown: Bool) async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      #expect(await authenticator.authenticate(try request(basic("alice"))).caller != nil)
      let version = authenticator.table.currentNumber()
      site.clock.advance(seconds: Int64(seconds))
      // A file that was written a moment ago is read again and is of another version then.
      let known = authenticator.passwords.recognized(
        basic("alice"), from: "192.0.2.1", version: version)
      #expect((known != nil) == isKnown)
      #expect(await authenticator.authenticate(try request(basic("alice"))).caller != nil)
    }

    /// Who has to wait because somebody guesses from there has to wait with the right header too.
    @Test func guessesSlowItAsTheySlowThePassword() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      #expect(await authenticator.authenticate(try request(basic("alice"))).caller != nil)
      for number in 0..<AuthenticationLimits.freeAttempts {
        _ = await authenticator.authenticate(try request(basic("alice", "wrong \(number)")))
      }
      #expect(!Self.isRecognized(authenticator))
      let found = await authenticator.authenticate(try request(basic("alice")))
      #expect(found.refusal?.retryAfter == 1)
      site.clock.advance(seconds: 1)
      #expect(await authenticator.authenticate(try request(basic("alice"))).caller != nil)
    }

    /// Acting as somebody else, and several headers, are looked at each time.
    @Test func moreHeadersAreLookedAt() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      #expect(await authenticator.authenticate(try request(basic("alice"))).caller?.name == "alice")
      let acting = try request(
        basic("alice"), [(SiteAuthenticator.runAsHeader.uppercased(), "bob")])
      #expect(await authenticator.authenticate(acting).caller?.name == "bob")
      let refused = try request(basic("alice"), [(SiteAuthenticator.runAsHeader, "carol")])
      #expect(await authenticator.authenticate(refused).caller == nil)
      let twice = try request(basic("alice"), [("authorization", basic("alice"))])
      #expect(await authenticator.authenticate(twice).caller == nil)
    }

    @Test func itIsBounded() async throws {
      let site = try Self.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      for number in 0...AuthenticationLimits.cachedPasswords {
        let header =
          "Basic" + String(repeating: " ", count: number + 1) + basic("alice").dropFirst(6)
        #expect(await authenticator.authenticate(try request(header)).caller != nil)
        let isFull = number == AuthenticationLimits.cachedPasswords
        #expect(authenticator.passwords.recognizedHeaders == (isFull ? 1 : number + 1))
      }
    }
  }
#endif
