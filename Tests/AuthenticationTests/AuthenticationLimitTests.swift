#if Server
  @testable import Authentication
  import CEL
  import Foundation
  import GateServer
  import Testing

  /// Limits that have no test of their own where they matter, each from inside and from outside.
  @Suite struct AuthenticationLimitTests {
    static func isRead(_ users: String, _ more: String = "") -> Bool {
      let text = #"{"version": 1, "users": {\#(users)}\#(more)}"#
      return (try? UserTable(Array(text.utf8), file: "users.json")) != nil
    }

    static func names(_ count: Int) -> String {
      (0..<count).map { "\"r\($0)\"" }.joined(separator: ",")
    }

    @Test func names() {
      let limit = AuthenticationLimits.nameBytes
      for (size, fits) in [(1, true), (limit, true), (limit + 1, false)] {
        let name = String(repeating: "a", count: size)
        #expect(Self.isRead("\"\(name)\": {}") == fits)
        #expect(Self.isRead("\"a\": {\"roles\": [\"\(name)\"]}") == fits)
        var table = UserTable()
        #expect(((try? table.add(User(name: name))) != nil) == fits)
      }
      // Bytes, not characters.
      #expect(!Self.isRead("\"\(String(repeating: "é", count: limit / 2 + 1))\": {}"))
    }

    @Test func lists() {
      let limit = AuthenticationLimits.namesPerList
      for (count, fits) in [(limit, true), (limit + 1, false)] {
        let list = Self.names(count)
        for field in ["roles", "backend_roles", "run_as"] {
          #expect(Self.isRead("\"a\": {\"\(field)\": [\(list)]}") == fits)
        }
        #expect(Self.isRead("", ", \"run_as\": {\"r\": [\(list)]}") == fits)
      }
    }

    @Test func attributes() {
      let limit = AuthenticationLimits.attributes
      for (count, fits) in [(limit, true), (limit + 1, false)] {
        let members = (0..<count).map { "\"a\($0)\": 1" }.joined(separator: ",")
        #expect(Self.isRead("\"a\": {\"attributes\": {\(members)}}") == fits)
      }
    }

    @Test func users() throws {
      let limit = AuthenticationLimits.users
      for (count, fits) in [(limit, true), (limit + 1, false)] {
        #expect(
          Self.isRead((0..<count).map { "\"u\($0)\":{}" }.joined(separator: ",")) == fits)
      }
      var table = UserTable()
      for index in 0..<limit { try table.add(User(name: "u\(index)")) }
      #expect(throws: FileFault.self) { try table.add(User(name: "one too many")) }
    }

    @Test func keys() throws {
      var table = KeyTable()
      for index in 0..<AuthenticationLimits.keys {
        try table.add(
          APIKey(
            id: "k\(index)", name: "k", owner: "o", digest: KeyTests.digest, roles: nil,
            backendRoles: nil, created: 0, expires: nil))
      }
      let full = table
      #expect(throws: FileFault.self) {
        try table.add(APIKey.make(name: "one too many", owner: "o", now: 0).key)
      }
      #expect(try KeyTable(full.bytes, file: "k.json").keys.count == AuthenticationLimits.keys)
      let text = String(decoding: full.bytes, as: UTF8.self).replacing(
        "\"keys\": {",
        with:
          "\"keys\": {\"x\": {\"name\": \"x\", \"owner\": \"o\", \"created\": 0, \"secret_sha256\": \"\(KeyTests.digest)\"},",
        maxReplacements: 1)
      #expect(throws: FileFault.self) { try KeyTable(Array(text.utf8), file: "k.json") }
    }

    @Test func files() throws {
      let site = try Site()
      defer { site.remove() }
      let document = #"{"version": 1, "users": {}}"#
      let limit = AuthenticationLimits.fileBytes
      for (size, fits) in [(limit, true), (limit + 1, false)] {
        let padding = String(repeating: " ", count: size - document.utf8.count)
        try site.write(document + padding, to: "users.json")
        #expect(((try? site.authenticator()) != nil) == fits)
      }
    }

    @Test func credentials() async throws {
      let site = try AuthenticatorTests.site()
      defer { site.remove() }
      let limit = AuthenticationLimits.credentialBytes
      for (size, fits) in [(limit, true), (limit + 4, false)] {
        // In Base64, four letters for three bytes.
        let text = "id:" + String(repeating: "x", count: size / 4 * 3 - 3)
        let header = try request("ApiKey \(Data(text.utf8).base64EncodedString())")
        #expect(((try? Credentials.read(header)) != nil) == fits)
      }
      let blanks = String(repeating: " ", count: limit * 2)
      #expect((try? Credentials.read(try request("Basic\(blanks)YTpi"))) == nil)
    }

    @Test func passwords() throws {
      let limit = AuthenticationLimits.passwordBytes
      for (size, fits) in [(limit, true), (limit + 1, false)] {
        let header = try request(basic("bob", String(repeating: "x", count: size)))
        #expect(((try? Credentials.read(header)) != nil) == fits)
      }
    }

    @Test func tokens() {
      func isRead(_ claims: String) -> Bool {
        let header = Issuer.base64(#"{"alg":"RS256","kid":"k"}"#.utf8)
        return (try? TokenParts("\(header).\(Issuer.base64(claims.utf8)).AAAA")) != nil
      }
      func nested(_ depth: Int) -> String {
        "{\"a\":" + String(repeating: "[", count: depth - 1)
          + String(repeating: "]", count: depth - 1) + "}"
      }
      #expect(isRead(nested(AuthenticationLimits.tokenDepth)))
      #expect(!isRead(nested(AuthenticationLimits.tokenDepth + 1)))
      func wide(_ values: Int) -> String {
        // The object, the name, the list, and what is in it.
        "{\"a\":[" + [String](repeating: "1", count: values - 3).joined(separator: ",") + "]}"
      }
      #expect(isRead(wide(AuthenticationLimits.tokenValues)))
      #expect(!isRead(wide(AuthenticationLimits.tokenValues + 1)))
    }

    /// Whoever holds the lock for longer than this keeps others waiting no longer.
    @Test func locks() throws {
      let site = try Site(users: [User(name: "alice")])
      defer { site.remove() }
      let lock = try #require(PlainFile.Handle(site.usersFile + ".lock", 2))
      #expect(PlainFile.lock(lock))
      #expect(AuthenticationLimits.lockSeconds <= 10)
      let fault = #expect(throws: FileFault.self) { try site.change { _ in } }
      #expect(fault?.code == "file-busy")
    }
  }
#endif
