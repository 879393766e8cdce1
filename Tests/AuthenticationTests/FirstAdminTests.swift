#if Server
  @testable import Authentication
  import Foundation
  import GateServer
  import Testing

  /// The first start: a random password, once, and never a default one.
  @Suite struct FirstAdminTests {
    @Test func theFirstStartMakesAnAdmin() async throws {
      let site = try Site()
      defer { site.remove() }
      let path = site.path("first.json")
      let admin = try #require(try SiteAuthenticator.firstAdmin(usersFile: path))
      #expect(admin.password.count == 24)
      let authenticator = try site.authenticator { $0.usersFile = path }
      let found = await authenticator.authenticate(try request(basic("admin", admin.password)))
      #expect(found.caller?.roles == ["superuser", "all_access"])
      #expect(found.caller?.backendRoles == ["admin"])
      #expect(found.caller?.isSuperAdmin == false)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(!text.contains(admin.password) && text.contains("$scrypt$ln=17,r=8,p=1$"))
      // Not again, whatever is in the file.
      #expect(try SiteAuthenticator.firstAdmin(usersFile: path) == nil)
      try site.write("{", to: "first.json")
      #expect(try SiteAuthenticator.firstAdmin(usersFile: path) == nil)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "{")
    }

    @Test func ofManyFirstStartsOneIsTheFirst() async throws {
      let site = try Site()
      defer { site.remove() }
      let path = site.path("first.json")
      let made = await AttemptTests.together(4) { _ in
        try? SiteAuthenticator.firstAdmin(usersFile: path)
      }
      let admins = made.compactMap { $0 ?? nil }
      #expect(admins.count == 1)
      let authenticator = try site.authenticator { $0.usersFile = path }
      let password = try #require(admins.first).password
      #expect(
        await authenticator.authenticate(try request(basic("admin", password))).caller != nil)
    }

    @Test func twoSitesHaveTwoPasswords() throws {
      let site = try Site()
      defer { site.remove() }
      let one = try SiteAuthenticator.firstAdmin(usersFile: site.path("one.json"))
      let two = try SiteAuthenticator.firstAdmin(usersFile: site.path("two.json"))
      #expect(one?.password != two?.password)
      #expect(throws: FileFault.self) {
        try SiteAuthenticator.firstAdmin(usersFile: site.path("nowhere/users.json"))
      }
    }

    /// What the shipped policies call those who may do everything.
    @Test func thePoliciesKnowTheAdminsRoles() throws {
      let root = Checkout.fixtures.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      for (dialect, name) in [
        ("elasticsearch", FirstAdmin.roles[0]), ("opensearch", FirstAdmin.roles[1]),
      ] {
        let file = root.appendingPathComponent("policies/\(dialect)/privileges.json")
        let document =
          try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        #expect((document?["roles"] as? [String: Any])?[name] != nil)
      }
    }
  }
#endif
