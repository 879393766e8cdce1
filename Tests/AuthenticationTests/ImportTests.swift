#if Server
  @testable import Authentication
  import CEL
  import Foundation
  import PolicyEngine
  import Testing

  /// Users of other systems, with their passwords.
  @Suite struct ImportTests {
    @Test func elasticsearchsFilesAreTakenOver() throws {
      let site = try Site()
      defer { site.remove() }
      try site.write(
        """
        # comment
        alice:\(Site.hash)

          bob : $2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e

        """, to: "users")
      try site.write("superuser:alice\n#x\nviewer: alice, bob\n", to: "users_roles")
      let found = try ImportedUsers(
        elasticsearchUsers: site.path("users"), roles: site.path("users_roles"))
      #expect(found.users.map(\.name) == ["alice", "bob"])
      #expect(found.users.map(\.roles) == [["superuser", "viewer"], ["viewer"]])
      for user in found.users {
        #expect(user.passwordHash?.matches(Array(Site.password.utf8)) == true)
      }
      #expect(found.withoutPassword.isEmpty)
    }

    static let badLines: [(users: String, roles: String?, line: Int)] = [
      ("alice", nil, 1), ("\nalice:secret", nil, 2), ("alice:{PBKDF2}10000$a$b", nil, 1),
      ("alice:\(Site.hash)\nalice:\(Site.hash)", nil, 2), (":\(Site.hash)", nil, 1),
      ("a\u{7}:\(Site.hash)", nil, 1), ("alice:\(Site.hash)", "superuser:bob", 1),
      ("alice:\(Site.hash)", "superuser", 1), ("alice:\(Site.hash)", ":alice", 1),
      ("alice:\(Site.hash)x", nil, 1),
    ]

    @Test(arguments: badLines) func whatIsWrongIsToldWithItsLine(
      _ users: String, _ roles: String?, _ line: Int
    ) throws {
      let site = try Site()
      defer { site.remove() }
      try site.write(users, to: "users")
      if let roles { try site.write(roles, to: "users_roles") }
      let fault = try #require(
        #expect(throws: FileFault.self) {
          try ImportedUsers(
            elasticsearchUsers: site.path("users"),
            roles: roles.map { _ in site.path("users_roles") })
        })
      #expect(fault.diagnostics.map(\.position.line) == [line])
      #expect(!fault.description.contains("secret") && !fault.description.contains("abcdefgh"))
    }

    @Test func openSearchsUsersAreTakenOver() throws {
      let site = try Site()
      defer { site.remove() }
      try site.write(
        #"""
        {
          "_meta": {"type": "internalusers", "config_version": 2},
          "alice": {"hash": "\#(Site.hash)", "reserved": false, "backend_roles": ["analyst"],
            "opendistro_security_roles": ["ml_full_access"], "attributes": {"dept": "ml"},
            "description": "x"},
          "bob": {"hash": "", "hidden": false, "static": false, "backend_roles": []}
        }
        """#, to: "internal.json")
      let found = try ImportedUsers(openSearchInternalUsers: site.path("internal.json"))
      #expect(found.users.map(\.name) == ["alice", "bob"])
      #expect(found.users[0].backendRoles == ["analyst"])
      #expect(found.users[0].roles == ["ml_full_access"])
      #expect(found.users[0].attributes == ["dept": "ml"])
      #expect(found.users[0].passwordHash?.matches(Array(Site.password.utf8)) == true)
      #expect(found.users[1].passwordHash == nil && found.withoutPassword == ["bob"])
    }

    static let badDocuments = [
      "alice:\n  hash: x\n", "[]", #"{"alice": []}"#, #"{"alice": {"hash": "secret"}}"#,
      #"{"alice": {"hash": 1}}"#, #"{"alice": {"hash": "", "role": []}}"#,
      #"{"a:b": {"hash": ""}}"#,
      #"{"alice": {"hash": "", "attributes": {"super_admin": "true"}}}"#,
      #"{"alice": {"hash": "", "backend_roles": "x"}}"#,
    ]

    @Test(arguments: badDocuments) func whatIsNoListOfUsersIsRefused(_ text: String) throws {
      let site = try Site()
      defer { site.remove() }
      try site.write(text, to: "internal.json")
      let fault = try #require(
        #expect(throws: FileFault.self) {
          try ImportedUsers(openSearchInternalUsers: site.path("internal.json"))
        })
      #expect(!fault.diagnostics.isEmpty && !fault.description.contains("secret"))
    }

    @Test func filesThatAreNotThere() throws {
      #expect(throws: FileFault.self) {
        try ImportedUsers(elasticsearchUsers: "nowhere", roles: nil)
      }
      #expect(throws: FileFault.self) { try ImportedUsers(openSearchInternalUsers: "nowhere") }
    }
  }
#endif
