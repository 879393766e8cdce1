#if Server
  @testable import Authentication
  import Foundation
  import GateServer
  import PolicyEngine
  import Testing

  /// API keys: what they are worth, and when they are worth nothing.
  @Suite struct KeyTests {
    static func owner() throws -> User {
      var owner = try Site.user("alice", ["machine_learning_admin", "support"])
      owner.backendRoles = ["analyst", "admin"]
      return owner
    }

    /// Roles and backend roles that a key keeps, and what is left of the owner's.
    static let limits:
      [(roles: [String]?, backend: [String]?, left: [String], leftBackend: [String])] =
        [
          (nil, nil, ["machine_learning_admin", "support"], ["analyst", "admin"]),
          (["support"], nil, ["support"], []), (["support", "superuser"], nil, ["support"], []),
          ([], nil, [], []), (["support"], ["analyst", "root"], ["support"], ["analyst"]),
          (nil, ["analyst"], ["machine_learning_admin", "support"], ["analyst"]),
        ]

    @Test(arguments: limits) func aKeyHasNoMoreThanItsOwner(
      _ roles: [String]?, _ backend: [String]?, _ left: [String], _ leftBackend: [String]
    ) async throws {
      let site = try Site(users: [Self.owner()])
      defer { site.remove() }
      let fresh = APIKey.make(
        name: "ci", owner: "alice", roles: roles, backendRoles: backend, now: site.clock.time)
      try site.add(fresh.key)
      let authenticator = try site.authenticator()
      for scheme in ["ApiKey", "apikey", "Bearer"] {
        let found = await authenticator.authenticate(try request("\(scheme) \(fresh.encoded)"))
        let caller = try #require(found.caller)
        #expect(caller.name == "alice" && caller.proof == .apiKey(id: fresh.key.id, name: "ci"))
        #expect(caller.roles == left && caller.backendRoles == leftBackend)
      }
      // What the owner loses, the key loses.
      try site.change { table throws(FileFault) in
        var owner = try table.user("alice")
        (owner.roles, owner.backendRoles) = ([], [])
        try table.replace(owner)
      }
      site.clock.advance(seconds: 1)
      let found = await authenticator.authenticate(try request("ApiKey \(fresh.encoded)"))
      #expect(found.caller?.roles == [] && found.caller?.backendRoles == [])
    }

    @Test func onlyTheDigestIsKept() throws {
      let site = try Site(users: [Self.owner()])
      defer { site.remove() }
      let fresh = APIKey.make(name: "ci", owner: "alice", now: site.clock.time)
      try site.add(fresh.key)
      let text = try String(contentsOfFile: site.keysFile, encoding: .utf8)
      #expect(!text.contains(fresh.secret) && !text.contains(fresh.encoded))
      #expect(text.contains(fresh.key.digest))
      // 256 bits, and no two alike.
      #expect(Base64.bytes(of: fresh.secret, .url)?.count == 32)
      let made = (0..<100).map { _ in APIKey.make(name: "n", owner: "o", now: 0) }
      #expect(Set(made.map(\.secret)).count == 100 && Set(made.map(\.key.id)).count == 100)
    }

    @Test func wrongSecretsAndIdsProveNothing() async throws {
      let site = try Site(users: [Self.owner()])
      defer { site.remove() }
      let (one, two) = (
        APIKey.make(name: "1", owner: "alice", now: 0),
        APIKey.make(name: "2", owner: "alice", now: 0)
      )
      try site.add(one.key)
      try site.add(two.key)
      let authenticator = try site.authenticator()
      let texts = [
        "\(one.key.id):\(two.secret)", "\(two.key.id):\(one.secret)", "nobody:\(one.secret)",
        "\(one.key.id):", "\(one.key.id):\(one.secret)x", "\(one.key.id):\(one.secret.dropLast())",
        "\(one.key.id):\(one.secret.lowercased())", ":\(one.secret)", one.secret,
        "\(one.key.id):\(one.key.digest)", "nobody:",
      ]
      for text in texts {
        let encoded = Data(text.utf8).base64EncodedString()
        let found = await authenticator.authenticate(try request("ApiKey \(encoded)"))
        #expect(found.refusal != nil, "\(text)")
      }
      // A key is no password, and no number of wrong keys keeps anybody out.
      #expect(
        await authenticator.authenticate(try request(basic(one.key.id, one.secret))).refusal != nil)
      #expect(
        await authenticator.authenticate(try request("ApiKey \(one.encoded)")).caller != nil)
      #expect(await authenticator.authenticate(try request(basic("alice"))).caller != nil)
    }

    @Test func expiredRevokedAndOrphanedKeysProveNothing() async throws {
      let site = try Site(users: [Self.owner(), Site.user("bob"), Site.user("carol")])
      defer { site.remove() }
      let now = site.clock.time
      let keys = ["alice", "bob", "carol", "alice"].map {
        APIKey.make(name: "k", owner: $0, now: now, expires: $0 == "alice" ? now + 5_000 : nil)
      }
      for key in keys { try site.add(key.key) }
      let authenticator = try site.authenticator()
      func works(_ index: Int) async throws -> Bool {
        await authenticator.authenticate(try request("ApiKey \(keys[index].encoded)")).caller
          != nil
      }
      for index in keys.indices { #expect(try await works(index)) }
      try TableFile<KeyTable>(site.keysFile).change { table throws(FileFault) in
        try table.revoke(keys[3].key.id, at: now)
      }
      try site.change { table throws(FileFault) in
        var bob = try table.user("bob")
        bob.isEnabled = false
        try table.replace(bob)
        try table.remove("carol")
      }
      site.clock.advance(seconds: 4)
      #expect(try await works(0))
      for index in 1...3 { #expect(try await !works(index)) }
      site.clock.advance(seconds: 1)
      #expect(try await !works(0))
    }

    @Test func revokingAndPruning() throws {
      var table = KeyTable()
      let keys = (0..<4).map {
        APIKey.make(name: "k", owner: "o", now: Int64($0), expires: $0 == 0 ? 10 : nil)
      }
      for key in keys { try table.add(key.key) }
      try table.revoke(keys[1].key.id, at: 5)
      try table.revoke(keys[1].key.id, at: 6)
      #expect(table[keys[1].key.id]?.revoked == 5)
      #expect(throws: FileFault.self) { try table.revoke("nobody", at: 5) }
      #expect(table.prune(at: 9) == 1)
      #expect(table.prune(at: 10) == 1)
      #expect(table.keys.map(\.id) == keys[2...].map(\.key.id))
      #expect(throws: FileFault.self) {
        try table.add(APIKey.make(name: "", owner: "o", now: 0).key)
      }
    }

    @Test func theFileIsReadAsItIsWritten() throws {
      let bytes = try Checkout.fixture("api-keys.json")
      let table = try KeyTable(bytes, file: "api-keys.json")
      #expect(table.keys.count == 2)
      let key = try #require(table["qL0sV5yZ4mB2c8R1xTgD"])
      #expect(key.roles == ["support"] && key.backendRoles == [] && key.revoked == 1_500)
      #expect(table["7MZb0vO3hN6fKQ2wXy1A"]?.roles == nil)
      let again = try KeyTable(table.bytes, file: "again")
      #expect(again.keys == table.keys)
    }

    static let digest = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"

    static let bad: [String] = [
      "{}", "[]", #"{"version": 1}"#, #"{"version": 1, "keys": []}"#,
      #"{"version": 1, "keys": {"a": {}}}"#,
      #"{"version": 1, "keys": {"a": {"name": "n", "owner": "o", "created": 1}}}"#,
      #"{"version": 1, "keys": {"a": {"name": "n", "owner": "o", "created": 1, "secret_sha256": "ab"}}}"#,
      #"{"version": 1, "keys": {"a": {"name": "n", "created": 1, "secret_sha256": "\#(digest)"}}}"#,
      #"{"version": 1, "keys": {"a": {"name": "n", "owner": "o", "created": 1, "secret_sha256": "\#(digest)", "expires": null}}}"#,
      #"{"version": 1, "keys": {"a": {"name": "n", "owner": "o", "created": 1, "secret_sha256": "\#(digest)", "expires": "2030"}}}"#,
      #"{"version": 1, "keys": {"a": {"name": "n", "owner": "o", "created": 1, "secret_sha256": "\#(digest)", "expiry": 5}}}"#,
      #"{"version": 1, "keys": {"a": {"name": "n", "owner": "o", "created": 1, "secret_sha256": "\#(digest)", "roles": "r"}}}"#,
      #"{"version": 1, "keys": {"": {"name": "n", "owner": "o", "created": 1, "secret_sha256": "\#(digest)"}}}"#,
    ]

    @Test(arguments: bad) func whatIsNoFileOfKeysIsRefused(_ text: String) throws {
      let fault = #expect(throws: FileFault.self) { try KeyTable(Array(text.utf8), file: "k.json") }
      #expect(fault?.diagnostics.isEmpty == false)
      #expect(fault?.diagnostics.allSatisfy { $0.position.line == 1 } == true)
    }

    @Test func withoutAFileThereAreNoKeysAndOneMayCome() async throws {
      let site = try Site(users: [Self.owner()])
      defer { site.remove() }
      let (fresh, authenticator) = (
        APIKey.make(name: "ci", owner: "alice", now: site.clock.time), try site.authenticator()
      )
      let header = "ApiKey \(fresh.encoded)"
      #expect(await authenticator.authenticate(try request(header)).refusal != nil)
      try site.add(fresh.key)
      site.clock.advance(seconds: 1)
      #expect(await authenticator.authenticate(try request(header)).caller != nil)
      #expect(await authenticator.problems() == [])
      let without = try site.authenticator { $0.keysFile = nil }
      #expect(await without.authenticate(try request(header)).refusal != nil)
    }
  }
#endif
