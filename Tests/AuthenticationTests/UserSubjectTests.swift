#if Server
  import Authentication
  import CEL
  import Foundation
  import GateServer
  import ModelRegistry
  import PolicyEngine
  import Testing

  /// Users of the users file as subjects of AuthZEN's requests, and what comes before them.
  @Suite struct UserSubjectTests {
    static let policies = """
      { "policy": "p", "roles": {
          "reader": { "actions": ["doc:read"] }, "ask": { "actions": ["modelgate:access/*"] } },
        "rules": [
          { "id": "lab", "description": "d", "effect": "deny", "actions": ["doc:read"],
            "resource_types": ["lab"], "unless": "has(subject.team) && subject.team == 'lab'",
            "message": "not of the lab" } ] }
      """

    static let entities = """
      { "directory": "d", "entities": [
        { "type": "user", "id": "filed", "properties": { "roles": [] } } ] }
      """

    struct World {
      let site: Site
      private let server: GateServer

      init(usesUsers: Bool) async throws {
        var users = try ["lea", "filed", "off"].map { try Site.user($0, ["reader"]) }
        users[0].attributes = ["team": "lab"]
        users[2].isEnabled = false
        site = try Site(users: users + [Site.user("pdp", ["ask"])])
        let authenticator = try site.authenticator()
        let folder = site.path("entities")
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: false)
        try site.write(UserSubjectTests.entities, to: "entities/d.json")
        let registry = try await ModelRegistry.open(
          MemoryStore(),
          policies: try PolicySet([
            PolicySource(name: "p.json", bytes: Array(UserSubjectTests.policies.utf8))
          ]), clock: { 0 })
        let directory = try LiveDirectory {
          () throws(PolicyLoadError) in try Directory(folder: folder)
        }
        if usesUsers { directory.include(authenticator) }
        server = GateServer([AuthZEN(registry, directory: directory)], authenticator: authenticator)
      }

      func ask(_ path: String, _ body: String) async throws -> [String: Any] {
        let response = await server.answer(
          try WireRequest(
            method: "POST", target: path,
            headers: ["Content-Type": "application/json", "Authorization": basic("pdp")],
            body: Array(body.utf8)))
        return try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
      }

      func mayRead(
        _ id: String, _ properties: String = "", type: String = "user", resource: String = "doc"
      ) async throws -> Bool? {
        try await ask(
          "/access/v1/evaluation",
          """
          { "subject": { "type": "\(type)", "id": "\(id)", "properties": { \(properties) } },
            "action": { "name": "doc:read" }, "resource": { "type": "\(resource)", "id": "1" } }
          """)["decision"] as? Bool
      }
    }

    @Test func anIDIsEnough() async throws {
      let world = try await World(usesUsers: true)
      defer { world.site.remove() }
      #expect(try await world.mayRead("lea") == true)
      #expect(try await world.mayRead("lea", resource: "lab") == true)
      // What a request says of a user counts for nothing, except what is not known.
      #expect(try await world.mayRead("lea", #""team": "sales""#, resource: "lab") == true)
      #expect(try await world.mayRead("pdp", #""roles": ["reader"]"#) == false)
      #expect(try await world.mayRead("off", #""roles": ["reader"]"#) == false)
      // An entity file comes first, and then it alone counts.
      #expect(try await world.mayRead("filed") == false)
      // Somebody of another type, and somebody who is not known.
      #expect(try await world.mayRead("lea", type: "service") == false)
      #expect(try await world.mayRead("stranger") == false)
      #expect(try await world.mayRead("stranger", #""roles": ["reader"]"#) == true)
      let found = try await world.ask(
        "/access/v1/search/subject",
        #"{"subject":{"type":"user"},"action":{"name":"doc:read"},"resource":{"type":"doc","id":"1"}}"#
      )
      let ids = (found["results"] as? [[String: Any]])?.compactMap { $0["id"] as? String }
      #expect(ids == ["lea"])
      // A change of the file counts at once.
      try world.site.change { table throws(FileFault) in
        var lea = try table.user("lea")
        lea.roles = []
        try table.replace(lea)
      }
      world.site.clock.advance(seconds: 1)
      #expect(try await world.mayRead("lea") == false)
    }

    /// Unless the site says so, whoever is called like a user is not that user.
    @Test func usersAreNoSubjectsUnlessTheSiteSaysSo() async throws {
      let world = try await World(usesUsers: false)
      defer { world.site.remove() }
      #expect(try await world.mayRead("lea") == false)
      #expect(try await world.mayRead("lea", #""roles": ["reader"]"#) == true)
      #expect(try await world.mayRead("off", #""roles": ["reader"]"#) == true)
    }

    @Test func filesAreWatched() throws {
      let site = try Site()
      defer { site.remove() }
      let paths = [site.path("a"), site.path("b")]
      var watch = FileWatch(paths)
      func hasChanged() -> Bool { watch.hasChanged() }
      #expect(!hasChanged())
      try site.write("1", to: "a")
      #expect(hasChanged())
      try site.write("2", to: "b")
      #expect(hasChanged())
      // What has just changed may change once more without a later time, so it is looked at again
      // until it has settled; then there is quiet.
      var looks = 0
      while hasChanged() {
        usleep(20_000)
        looks += 1
        try #require(looks < 1_000)
      }
      #expect(!hasChanged())
      try FileManager.default.removeItem(atPath: paths[0])
      #expect(hasChanged())
    }

    @Test func healthTellsOfFilesThatCantBeUsed() async throws {
      let world = try await KeyWorld()
      defer { world.site.remove() }
      let authenticator = world.authenticator
      let console = ConsoleAPI(
        world.registry, build: .init(version: "0"), problems: { await authenticator.problems() })
      func problems() async throws -> [String] {
        var request = try WireRequest(method: "GET", target: "/_modelgate/health")
        request.authentication = .caller(Caller(name: "root", roles: ["all_access"]))
        let json = try JSONSerialization.jsonObject(
          with: Data(await console.answer(request).body))
        return try #require((json as? [String: Any])?["problems"] as? [String])
      }
      #expect(try await problems() == [])
      try world.site.write("{", to: "users.json")
      world.site.clock.advance(seconds: 1)
      let found = try await problems()
      #expect(found.count == 1 && found.first?.contains("users.json") == true)
    }
  }
#endif
