#if Server
  @testable import Authentication
  import Foundation
  import GateServer
  import Testing

  /// Issuers' keys: which are used, for what, and what happens when they change.
  @Suite struct KeySetTests {
    static func keySet(
      _ text: String, _ adjust: (inout TokenSettings) -> Void = { _ in }
    ) throws -> KeySet {
      var settings = TokenSettings(issuer: "i", audiences: ["a"], keySetFile: "jwks.json")
      settings.algorithms = [.rs256, .es256, .eddsa]
      adjust(&settings)
      return try KeySet(Array(text.utf8), file: "jwks.json", settings)
    }

    /// Keys that are not used; whether that is worth telling.
    static let unusable: [(key: String, isTold: Bool)] = [
      (#"{"kty": "oct", "kid": "x", "k": "c2VjcmV0", "alg": "HS256"}"#, true),
      (#"{"kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "RS256"}"#, true),
      (#"{"kty": "RSA", "kid": "", "n": "AQAB", "e": "AQAB", "alg": "RS256"}"#, true),
      (#"{"kty": "RSA", "kid": 5, "n": "AQAB", "e": "AQAB", "alg": "RS256"}"#, true),
      (#"{"kty": "RSA", "kid": "x", "e": "AQAB", "alg": "RS256"}"#, true),
      (#"{"kty": "RSA", "kid": "x", "n": "AQAB", "e": "AQAB", "alg": "PS256"}"#, true),
      (#"{"kty": "RSA", "kid": "x", "n": "AQAB", "e": "AQAB", "alg": "HS256"}"#, true),
      (#"{"kty": "RSA", "kid": "x", "n": "AQAB", "e": "AQAB", "alg": "none"}"#, true),
      (#"{"kty": "RSA", "kid": "x", "n": "AQAB", "e": "AQAB", "alg": "ES256"}"#, true),
      (#"{"kty": "RSA", "kid": "x", "n": "AQAB", "e": "AQAB", "d": "AQAB"}"#, true),
      (#"{"kty": "EC", "crv": "P-384", "kid": "x", "x": "AA", "y": "AA"}"#, true),
      (#"{"kty": "EC", "crv": "P-384", "kid": "x", "x": "AA", "y": "AA", "alg": "ES256"}"#, true),
      (#"{"kty": "OKP", "crv": "X25519", "kid": "x", "x": "AA"}"#, true),
      (#"{"kty": "RSA", "kid": "rsa", "n": "AQAB", "e": "AQAB", "alg": "RS256"}"#, true),
      (#"{"kid": "x"}"#, true), (#""x""#, true), ("null", true),
      (#"{"kty": "RSA", "use": "enc", "kid": "x", "n": "AQAB", "e": "AQAB"}"#, false),
      (#"{"kty": "RSA", "key_ops": ["encrypt"], "kid": "x", "n": "AQAB", "e": "AQAB"}"#, false),
      // Only found out when the key is made.
      (#"{"kty": "RSA", "kid": "x", "n": "AQAB", "e": "AQAB", "alg": "RS256"}"#, true),
      (#"{"kty": "EC", "crv": "P-256", "kid": "x", "x": "AA", "y": "AA"}"#, true),
    ]

    @Test(arguments: unusable) func oneBadKeyLosesNoOther(
      _ key: String, _ isTold: Bool
    ) async throws {
      let issuer = try Issuer()
      let site = try TokenTests.site(issuer, [key])
      defer { site.remove() }
      let authenticator = try TokenTests.authenticator(site, issuer)
      #expect(await authenticator.problems().isEmpty == !isTold)
      for (header, signature) in [
        (#"{"alg":"RS256","kid":"rsa"}"#, Issuer.Signature.rs256),
        (#"{"alg":"ES256","kid":"ec"}"#, .es256), (#"{"alg":"EdDSA","kid":"ed"}"#, .eddsa),
      ] {
        let token = try issuer.token(header, issuer.claims(site), signature)
        #expect(
          await authenticator.authenticate(try request("Bearer \(token)")).caller?.name == "dora")
      }
      let token = try issuer.token(#"{"alg":"RS256","kid":"x"}"#, issuer.claims(site), .rs256)
      #expect(await authenticator.authenticate(try request("Bearer \(token)")).caller == nil)
    }

    /// A key that does not say its algorithm gets one before any token comes, or is not used.
    @Test func aTokenDoesNotChooseTheAlgorithm() throws {
      let issuer = try Issuer()
      let text = #"{"keys": [{"kid": "x", \#(try issuer.rsaMembers())}]}"#
      #expect(try Self.keySet(text).keys.map(\.algorithm) == [.rs256])
      let several = try Self.keySet(text) { $0.algorithms = [.rs256, .ps256] }
      #expect(several.keys.isEmpty && several.problems.count == 2)
      let configured = try Self.keySet(text) {
        $0.algorithms = [.rs256, .ps256]
        $0.keyAlgorithms = ["x": .ps256]
      }
      #expect(configured.keys.map(\.algorithm) == [.ps256])
      let wrong = try Self.keySet(text) { $0.keyAlgorithms = ["x": .es256] }
      #expect(wrong.keys.isEmpty)
      let forbidden = try Self.keySet(text) { $0.keyAlgorithms = ["x": .rs512] }
      #expect(forbidden.keys.isEmpty)
    }

    static let notSets = [
      "", "[]", "{}", #"{"keys": {}}"#, #"{"keys": "x"}"#, #"{"keys": [}"#,
      #"{"keys": [], "keys": []}"#,
    ]

    @Test(arguments: notSets) func whatIsNoKeySetIsRefused(_ text: String) {
      #expect(throws: FileFault.self) { try Self.keySet(text) }
    }

    @Test func theNumberOfKeysIsBounded() throws {
      for (count, isRead) in [
        (AuthenticationLimits.keySetKeys, true), (AuthenticationLimits.keySetKeys + 1, false),
      ] {
        let keys = [String](repeating: #"{"kty": "oct"}"#, count: count).joined(separator: ",")
        #expect(((try? Self.keySet(#"{"keys": [\#(keys)]}"#)) != nil) == isRead)
      }
    }

    @Test func theFileOfKeysIsBounded() throws {
      let issuer = try Issuer()
      let site = try TokenTests.site(issuer)
      defer { site.remove() }
      let set = try issuer.keySet()
      for (size, isRead) in [
        (AuthenticationLimits.keySetBytes, true), (AuthenticationLimits.keySetBytes + 1, false),
      ] {
        let padding = String(repeating: " ", count: size - set.utf8.count)
        try site.write(set + padding, to: "jwks.json")
        #expect(((try? TokenTests.authenticator(site, issuer)) != nil) == isRead)
      }
    }

    @Test func newKeysAreTakenOverAndOldOnesEnd() async throws {
      let (issuer, site) = try { (try Issuer(), try TokenTests.site(try Issuer())) }()
      defer { site.remove() }
      // Another issuer's keys first: the EC keys differ.
      let authenticator = try TokenTests.authenticator(site, issuer)
      let token = try issuer.token(#"{"alg":"ES256","kid":"ec"}"#, issuer.claims(site), .es256)
      func works() async throws -> Bool {
        await authenticator.authenticate(try request("Bearer \(token)")).caller != nil
      }
      #expect(try await !works())
      try site.write(issuer.keySet(), to: "jwks.json")
      #expect(try await !works())
      site.clock.advance(seconds: 1)
      #expect(try await works())
      // What can't be read changes nothing, and is told.
      try site.write("{", to: "jwks.json")
      site.clock.advance(seconds: 1)
      #expect(try await works())
      #expect(await authenticator.problems().count == 1)
      try site.write(#"{"keys": []}"#, to: "jwks.json")
      site.clock.advance(seconds: 1)
      #expect(try await !works())
    }
  }
#endif
