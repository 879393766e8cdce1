#if Server
  @testable import Authentication
  import Foundation
  import GateServer
  import Synchronization
  import Testing

  /// Files that change while they are in use.
  @Suite struct ReloadTests {
    @Test func changesAreTakenOverWithinASecond() async throws {
      let site = try Site(users: [Site.user("alice")])
      defer { site.remove() }
      let authenticator = try site.authenticator()
      func works(_ name: String) async throws -> Bool {
        await authenticator.authenticate(try request(basic(name), from: nil)).caller != nil
      }
      #expect(try await works("alice"))
      try site.change { table throws(FileFault) in
        var alice = try table.user("alice")
        alice.isEnabled = false
        try table.replace(alice)
        alice.name = "bob"
        alice.isEnabled = true
        try table.add(alice)
      }
      // Not looked at again within the second: what was there is in force.
      #expect(try await works("alice"))
      site.clock.advance(seconds: Int64(AuthenticationLimits.secondsBetweenLooks))
      // Remembered passwords too end with the record that they belong to.
      #expect(try await !works("alice"))
      #expect(try await works("bob"))
      #expect(await authenticator.problems() == [])
    }

    /// Each way to break a file.
    static let breakages: [@Sendable (Site) throws -> Void] = [
      { try $0.write("{", to: "users.json") }, { try $0.write("", to: "users.json") },
      { try $0.write(#"{"version": 1, "users": {"eve": {"roles": 1}}}"#, to: "users.json") },
      { try $0.write(#"{"version": 1, "users": {"eve": {}}}"#, to: "users.json", mode: 0o666) },
      { try FileManager.default.removeItem(atPath: $0.usersFile) },
      {
        try FileManager.default.removeItem(atPath: $0.usersFile)
        try FileManager.default.createDirectory(
          atPath: $0.usersFile, withIntermediateDirectories: false)
      },
    ]

    @Test(arguments: breakages.indices) func aBrokenFileLeavesTheOldOneInForce(
      _ index: Int
    ) async throws {
      let site = try Site(users: [Site.user("alice")])
      defer { site.remove() }
      let authenticator = try site.authenticator()
      try Self.breakages[index](site)
      for _ in 0..<3 {
        site.clock.advance(seconds: 1)
        #expect(await authenticator.authenticate(try request(basic("alice"))).caller != nil)
        let problems = await authenticator.problems()
        #expect(problems.count == 1 && problems.first?.contains("users.json") == true)
      }
      #expect(await authenticator.users().map(\.name) == ["alice"])
      // And a good one ends it.
      try? FileManager.default.removeItem(atPath: site.usersFile)
      try site.write(
        #"{"version": 1, "users": {"bob": {"password_hash": "\#(Site.hash)"}}}"#, to: "users.json")
      site.clock.advance(seconds: 1)
      #expect(await authenticator.problems() == [])
      #expect(await authenticator.authenticate(try request(basic("bob"))).caller != nil)
    }

    /// Written twice within one step of the file system's clock, with the same size.
    @Test func quickChangesAreSeen() throws {
      let site = try Site(users: [])
      defer { site.remove() }
      let path = site.path("text")
      try site.write("0", to: "text")
      let file = try WatchedFile(
        path, limit: 10, absent: nil, clock: site.clock.clock
      ) { bytes, _ throws(FileFault) in String(decoding: bytes, as: UTF8.self) }
      for turn in 1...50 {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.write(contentsOf: Data("\(turn % 10)".utf8))
        try handle.close()
        site.clock.advance(seconds: 1)
        #expect(file.current().content == "\(turn % 10)")
      }
    }

    @Test func whatHasNotChangedIsNotReadAgain() async throws {
      let site = try Site(users: [])
      defer { site.remove() }
      try site.write("0", to: "text")
      let file = try WatchedFile(
        site.path("text"), limit: 10, absent: nil, clock: site.clock.clock
      ) { bytes, _ throws(FileFault) in bytes.count }
      // Old enough for its time to be believed.
      try await Task.sleep(for: .milliseconds(150))
      site.clock.advance(seconds: 1)
      let number = file.current().number
      for _ in 0..<3 {
        site.clock.advance(seconds: 1)
        #expect(file.current().number == number)
      }
    }

    /// A file that was only just written is read again to be sure. As long as it holds the same,
    /// whatever is bound to its version, such as remembered passwords, need not be forgotten.
    @Test func theSameBytesAreNoNewVersion() throws {
      let site = try Site(users: [])
      defer { site.remove() }
      let reads = Mutex(0)
      try site.write("a", to: "text")
      let file = try WatchedFile(
        site.path("text"), limit: 10, absent: nil, clock: site.clock.clock
      ) { bytes, path throws(FileFault) in
        reads.withLock { $0 += 1 }
        guard bytes.first != UInt8(ascii: "x") else { throw FileFault("bad", "bad") }
        return String(decoding: bytes, as: UTF8.self)
      }
      func next(_ text: String) throws -> UInt64 {
        try site.write(text, to: "text")
        site.clock.advance(seconds: 1)
        return file.currentNumber()
      }
      #expect(try [next("a"), next("a"), next("b"), next("b")] == [1, 1, 2, 2])
      #expect(reads.withLock { $0 } == 2)
      // What makes no sense changes nothing, neither when it comes nor when it goes.
      #expect(try next("x") == 2)
      #expect(file.problem != nil)
      #expect(try next("b") == 2)
      #expect(file.problem == nil)
      #expect(try next("a") == 3)
      #expect(file.current().content == "a")
    }

    @Test func readersAndWritersAtTheSameTime() async throws {
      let site = try Site(users: [Site.user("alice")])
      defer { site.remove() }
      let authenticator = try site.authenticator()
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          for turn in 0..<20 {
            try? site.change { table throws(FileFault) in
              var alice = try table.user("alice")
              alice.fullName = "\(turn)"
              try table.replace(alice)
            }
            site.clock.advance(seconds: 1)
          }
        }
        for _ in 0..<4 {
          group.addTask {
            for _ in 0..<20 {
              let found = try? await authenticator.authenticate(request(basic("alice")))
              #expect(found?.caller?.name == "alice")
            }
          }
        }
      }
      site.clock.advance(seconds: 1)
      #expect(await authenticator.users().first?.fullName == "19")
    }
  }
#endif
