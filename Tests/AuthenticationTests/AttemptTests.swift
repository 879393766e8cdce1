#if Server
  @testable import Authentication
  import GateServer
  import Testing

  /// Guessing passwords: slowed, and nobody is kept out by it from elsewhere.
  @Suite struct AttemptTests {
    /// How a request ends: right, wrong, or not looked at for so many seconds.
    enum Outcome: Equatable {
      case right, wrong
      case wait(Int)
    }

    static func outcome(
      _ authenticator: SiteAuthenticator, _ name: String, _ password: String, from address: String
    ) async throws -> Outcome {
      switch await authenticator.authenticate(
        try request(basic(name, password), from: address))
      {
      case .caller: .right
      case .refused(let refusal): refusal.retryAfter.map { .wait($0) } ?? .wrong
      case .missing: .wrong
      }
    }

    @Test(arguments: ["bob", "nobody", "off"])
    func eachFailureDoublesTheWait(_ name: String) async throws {
      let site = try AuthenticatorTests.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      func attempt() async throws -> Outcome {
        try await Self.outcome(authenticator, name, "wrong", from: "192.0.2.1")
      }
      for _ in 0..<AuthenticationLimits.freeAttempts { #expect(try await attempt() == .wrong) }
      var wait = 1
      while wait < AuthenticationLimits.longestDelay {
        #expect(try await attempt() == .wait(wait))
        // Attempts that are not looked at don't make it worse.
        #expect(try await attempt() == .wait(wait))
        site.clock.advance(seconds: Int64(wait))
        #expect(try await attempt() == .wrong)
        wait = min(wait * 2, AuthenticationLimits.longestDelay)
      }
      #expect(try await attempt() == .wait(AuthenticationLimits.longestDelay))
    }

    @Test func othersAreNotKeptOut() async throws {
      let site = try AuthenticatorTests.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      for _ in 0...AuthenticationLimits.freeAttempts {
        _ = try await Self.outcome(authenticator, "bob", "wrong", from: "192.0.2.1")
      }
      // The right password too, from there.
      #expect(
        try await Self.outcome(authenticator, "bob", Site.password, from: "192.0.2.1") == .wait(1))
      #expect(
        try await Self.outcome(authenticator, "bob", Site.password, from: "192.0.2.2") == .right)
      #expect(
        try await Self.outcome(authenticator, "alice", Site.password, from: "192.0.2.1") == .right)
      site.clock.advance(seconds: 1)
      #expect(
        try await Self.outcome(authenticator, "bob", Site.password, from: "192.0.2.1") == .right)
      // A success begins anew.
      for _ in 0..<AuthenticationLimits.freeAttempts {
        #expect(
          try await Self.outcome(authenticator, "bob", "wrong", from: "192.0.2.1") == .wrong)
      }
    }

    @Test func failuresAreForgotten() async throws {
      let site = try AuthenticatorTests.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      for _ in 0..<2 {
        for _ in 0..<AuthenticationLimits.freeAttempts {
          #expect(
            try await Self.outcome(authenticator, "bob", "wrong", from: "192.0.2.1") == .wrong)
        }
        site.clock.advance(seconds: Int64(AuthenticationLimits.attemptSeconds) + 1)
      }
    }

    @Test func manyNamesFromOneAddressAreSlowedToo() async throws {
      let site = try AuthenticatorTests.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      #expect(
        try await Self.outcome(authenticator, "bob", Site.password, from: "2001:db8::1") == .right)
      for index in 0..<AuthenticationLimits.freeAttemptsPerAddress {
        // One network, whatever the address in it.
        let address = "2001:db8::\(String(index + 2, radix: 16))"
        #expect(
          try await Self.outcome(authenticator, "user\(index)", "wrong", from: address) == .wrong)
      }
      #expect(
        try await Self.outcome(authenticator, "alice", Site.password, from: "2001:db8::ffff")
          == .wait(1))
      // Who was here before goes on, and is still slowed down when guessing.
      #expect(
        try await Self.outcome(authenticator, "bob", Site.password, from: "2001:db8::1") == .right)
      for _ in 0..<AuthenticationLimits.freeAttempts {
        #expect(
          try await Self.outcome(authenticator, "bob", "wrong", from: "2001:db8::1") == .wait(1))
      }
      #expect(
        try await Self.outcome(authenticator, "bob", Site.password, from: "2001:db8::1")
          == .wait(1))
      #expect(
        try await Self.outcome(authenticator, "alice", Site.password, from: "2001:db9::1")
          == .right)
    }

    /// A hundred callers with one password hash it once, and none of them is a failure.
    @Test func sameAttemptsAtTheSameTimeAreOne() async throws {
      let site = try AuthenticatorTests.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      let outcomes = await Self.together(100) { _ in
        try? await Self.outcome(authenticator, "bob", Site.password, from: "192.0.2.1")
      }
      #expect(outcomes.allSatisfy { $0 == .right })
    }

    /// Attempts count before they are made: many at once are no way around.
    @Test func differentAttemptsAtTheSameTimeAllCount() async throws {
      let site = try AuthenticatorTests.site()
      defer { site.remove() }
      let authenticator = try site.authenticator()
      let outcomes = await Self.together(100) { index in
        try? await Self.outcome(authenticator, "bob", "wrong \(index)", from: "192.0.2.1")
      }
      #expect(outcomes.filter { $0 == .wrong }.count <= AuthenticationLimits.freeAttempts)
    }

    static func together<Result: Sendable>(
      _ count: Int, _ body: @escaping @Sendable (Int) async -> Result
    ) async -> [Result] {
      await withTaskGroup(of: Result.self) { group in
        for index in 0..<count { group.addTask { await body(index) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
    }

    static let networks: [(String?, String)] = [
      (nil, ""), ("192.0.2.1", "192.0.2.1"), ("::1", "0:0:0:0:0:0:0:0/64"),
      ("2001:db8:1:2:3:4:5:6", "20:1:d:b8:0:1:0:2/64"), ("::ffff:192.0.2.1", "192.0.2.1"),
      ("fe80::1%eth0", "fe:80:0:0:0:0:0:0/64"), ("unix", "unix"), ("", ""), ("::zz", "::zz"),
    ]

    @Test(arguments: networks) func networksAreWhole(_ address: String?, _ network: String) {
      #expect(NetworkKey.of(address) == network)
    }
  }

  /// The parts, by themselves.
  @Suite struct AttemptTableTests {
    @Test func theTableIsBounded() {
      var table = AttemptTable(free: 1, longest: 60)
      for index in 0..<(AuthenticationLimits.attemptEntries + 1) {
        table.note("key \(index)", now: Int64(index))
        #expect(table.count <= AuthenticationLimits.attemptEntries)
      }
      let now = Int64(AuthenticationLimits.attemptEntries)
      // The oldest went, the newest is there.
      #expect(table.wait("key 0", now: now) == 0)
      #expect(table.wait("key \(now)", now: now) == 1)
    }

    @Test func exactlyAsManyFitAsTheLimitSays() {
      var table = AttemptTable(free: 1, longest: 60)
      for index in 0..<AuthenticationLimits.attemptEntries { table.note("\(index)", now: 0) }
      #expect(table.count == AuthenticationLimits.attemptEntries)
      #expect(table.wait("0", now: 0) == 1)
    }

    @Test func theLongestWaitIsBounded() {
      for longest in [AuthenticationLimits.longestDelay, AuthenticationLimits.longestAddressDelay] {
        var table = AttemptTable(free: 0, longest: longest)
        for _ in 0..<200 { table.note("key", now: 0) }
        #expect(table.wait("key", now: 0) == longest)
        #expect(table.wait("key", now: Int64(longest) * 1_000 - 1) == 1)
        #expect(table.wait("key", now: Int64(longest) * 1_000) == 0)
        // A clock that was set back by a year.
        #expect(table.wait("key", now: -31_536_000_000) == longest)
      }
    }

    @Test func failuresAreForgottenAfterATime() {
      let last = Int64(AuthenticationLimits.attemptSeconds) * 1_000
      for (now, isKept) in [(last, true), (last + 1, false)] {
        var table = AttemptTable(free: 2, longest: 60)
        table.note("key", now: 0)
        table.note("key", now: now)
        #expect((table.wait("key", now: now) > 0) == isKept)
      }
    }

    @Test func whatIsTakenBackWasNeverThere() {
      var table = AttemptTable(free: 1, longest: 60)
      table.note("key", now: 0)
      table.takeBack("key")
      table.takeBack("key")
      #expect(table.count == 0 && table.wait("key", now: 0) == 0)
    }
  }
#endif
