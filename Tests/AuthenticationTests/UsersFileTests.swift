#if Server
  @testable import Authentication
  import CEL
  import Foundation
  import PolicyEngine
  import Testing

  /// The users file: what it holds, what it must not hold, and how it is replaced.
  @Suite struct UsersFileTests {
    @Test func theFileIsReadAsItIsWritten() throws {
      let table = try UserTable(try Checkout.fixture("users.json"), file: "users.json")
      #expect(table.users.map(\.name) == ["alice", "björn", "bob"])
      let alice = try #require(table["alice"])
      #expect(alice.roles == ["machine_learning_admin", "support"])
      #expect(alice.backendRoles == ["analyst"] && alice.fullName == "Alice Arnold")
      #expect(
        alice.attributes
          == ["department": "ml", "level": 3, "sites": ["north", "south"]])
      #expect(alice.isEnabled && table["bob"]?.isEnabled == false)
      #expect(table["bob"]?.passwordHash == nil)
      #expect(table.runAsByRole == ["support": ["björn"]])
      let again = try UserTable(table.bytes, file: "again")
      #expect(again.users == table.users && again.runAsByRole == table.runAsByRole)
      #expect(again.bytes == table.bytes)
    }

    static let bad: [String] = {
      let data = (try? Checkout.fixture("bad-users.json")) ?? []
      let all = try? JSONSerialization.jsonObject(with: Data(data)) as? [Any]
      return (all ?? []).compactMap {
        (try? JSONSerialization.data(withJSONObject: $0, options: .sortedKeys)).map {
          String(decoding: $0, as: UTF8.self)
        }
      }
    }()

    @Test func thereAreBadOnes() { #expect(Self.bad.count >= 30) }

    @Test(arguments: bad) func whatIsNoUsersFileIsRefused(_ text: String) {
      let fault = #expect(throws: FileFault.self) {
        try UserTable(Array(text.utf8), file: "users.json")
      }
      #expect(fault?.code == "file-invalid")
      #expect(fault?.diagnostics.isEmpty == false)
      #expect(fault?.diagnostics.allSatisfy { $0.position.file == "users.json" } == true)
    }

    @Test func everyFaultIsToldWithItsPlace() throws {
      let text = """
        {
          "version": 1,
          "users": {
            "a": { "rolez": [] },
            "b": { "password_hash": "secret$secret" }
          }
        }
        """
      let fault = try #require(
        #expect(throws: FileFault.self) { try UserTable(Array(text.utf8), file: "u.json") })
      #expect(fault.diagnostics.map(\.code) == ["unknown-field", "invalid-hash"])
      #expect(fault.diagnostics.map(\.position.line) == [4, 5])
      #expect(fault.diagnostics[0].help == "did you mean `roles`?")
      // What may be a password is not repeated.
      #expect(!fault.description.contains("secret"))
    }

    static let hostile = [
      "\u{FEFF}{}", "{\"version\": 1, \"users\": {\"a\": {}, \"a\": {}}}", "\u{0}", "{",
      String(repeating: "[", count: 100_000), "{\"version\": 1, \"users\": {\"\\ud800\": {}}}",
      "{\"version\": 1, \"users\": {\"a\\u0000b\": {}}}",
      "{\"version\": 1, \"users\": {\" a\": {}}}", "{\"version\": 1, \"users\": {\"a\\n\": {}}}",
      "{\"version\": 1e0, \"users\": {}}",
    ]

    @Test(arguments: hostile) func hostileFilesAreRefused(_ text: String) {
      #expect(throws: FileFault.self) { try UserTable(Array(text.utf8), file: "users.json") }
    }

    @Test func usersAreAddedReplacedAndRemoved() throws {
      var table = UserTable()
      try table.add(User(name: "alice"))
      #expect(throws: FileFault.self) { try table.add(User(name: "alice")) }
      // Other bytes are another user.
      try table.add(User(name: "bj\u{F6}rn"))
      try table.add(User(name: "bjo\u{308}rn"))
      #expect(table.count == 3)
      for name in ["", "a:b", "a\nb", " a", "a "] {
        #expect(throws: FileFault.self) { try table.add(User(name: name)) }
      }
      #expect(throws: FileFault.self) { try table.replace(User(name: "bob")) }
      #expect(throws: FileFault.self) { try table.remove("bob") }
      let fault = #expect(throws: FileFault.self) { _ = try table.user("alic") }
      #expect(fault?.help == "did you mean `alice`?")
      try table.remove("alice")
      #expect(table["alice"] == nil && table.count == 2)
    }

    // MARK: The file itself

    func mode(_ path: String) throws -> Int {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
    }

    @Test func onlyTheOwnerMayReadWhatIsWritten() throws {
      let site = try Site(users: [User(name: "alice")])
      defer { site.remove() }
      #expect(try mode(site.usersFile) == 0o600)
      // Also where the one before could be read by others.
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o644], ofItemAtPath: site.usersFile)
      try site.change { table throws(FileFault) in try table.add(User(name: "bob")) }
      #expect(try mode(site.usersFile) == 0o600)
      let names = try FileManager.default.contentsOfDirectory(atPath: site.folder.path)
      #expect(names.sorted() == ["users.json", "users.json.lock"])
    }

    @Test(arguments: [0o620, 0o602, 0o666, 0o660])
    func aFileThatOthersMayWriteIsNotBelieved(_ mode: Int) throws {
      let site = try Site(users: [User(name: "alice")])
      defer { site.remove() }
      try FileManager.default.setAttributes(
        [.posixPermissions: mode], ofItemAtPath: site.usersFile)
      let fault = #expect(throws: FileFault.self) { try site.authenticator() }
      #expect(fault?.code == "file-unsafe")
      #expect(throws: FileFault.self) { try site.change { _ in } }
    }

    @Test func whatIsNoFileIsRefused() throws {
      let site = try Site(users: [])
      defer { site.remove() }
      for path in [site.folder.path, "/dev/zero", "/dev/null", site.path("nowhere")] {
        #expect(throws: FileFault.self) { try site.authenticator { $0.usersFile = path } }
      }
    }

    @Test func aFailedChangeChangesNothing() throws {
      let site = try Site(users: [User(name: "alice")])
      defer { site.remove() }
      let before = try Data(contentsOf: URL(fileURLWithPath: site.usersFile))
      #expect(throws: FileFault.self) {
        try site.change { table throws(FileFault) in
          try table.add(User(name: "bob"))
          try table.add(User(name: "bob"))
        }
      }
      // What could not be read back is not written.
      #expect(throws: FileFault.self) {
        try site.change { table throws(FileFault) in
          try table.add(User(name: "bob", attributes: ["super_admin": true]))
        }
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: site.usersFile)) == before)
      // A file that makes no sense is not overwritten.
      try site.write("{", to: "users.json")
      #expect(throws: FileFault.self) {
        try site.change { table throws(FileFault) in try table.add(User(name: "carol")) }
      }
      #expect(try String(contentsOfFile: site.usersFile, encoding: .utf8) == "{")
    }

    @Test func linksLeadToWhatIsReplaced() throws {
      let site = try Site(users: [User(name: "alice")])
      defer { site.remove() }
      let link = site.path("link.json")
      try FileManager.default.createSymbolicLink(
        atPath: link, withDestinationPath: site.usersFile)
      try TableFile<UserTable>(link).change { table throws(FileFault) in
        try table.add(User(name: "bob"))
      }
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == site.usersFile)
      #expect(try TableFile<UserTable>(site.usersFile).read().count == 2)
    }

    /// Many who change the file at the same time lose nothing of one another, and who reads
    /// meanwhile sees a whole file.
    @Test func concurrentChangesAllCount() async throws {
      let site = try Site(users: [User(name: "first")])
      defer { site.remove() }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<8 {
          group.addTask {
            for turn in 0..<5 {
              try site.change { table throws(FileFault) in
                try table.add(User(name: "user \(index) \(turn)"))
              }
              _ = try TableFile<UserTable>(site.usersFile).read()
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try TableFile<UserTable>(site.usersFile).read().count == 41)
    }
  }
#endif
