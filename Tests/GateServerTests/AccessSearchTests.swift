import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Testing

/// AuthZEN's searches.
@Suite struct AccessSearchTests {
  static let pep = "pep;portal"

  static func world(_ entities: [[String: Any]]? = nil) async throws -> AccessWorld {
    let directory =
      try entities.map { try AccessData.directory($0) }
      ?? LiveDirectory(
        try Directory(folder: AccessWorld.path("examples/22-authzen-search/entities")))
    return try await AccessWorld(
      policies: try AccessWorld.policies(ofExample: "22-authzen-search"), directory: directory)
  }

  static let edit =
    #"{"subject":{"type":"user","id":"eve"},"action":{"name":"edit"},"resource":{"type":"record"}}"#

  /// Kind, text and answer.
  static let found: [(String, String, String)] = [
    ("resource", edit, #"{"results":[{"type":"record","id":"r-2"}]}"#),
    (
      // An id of what is looked for does not narrow.
      "subject",
      #"{"subject":{"type":"user","id":"nobody"},"action":{"name":"view"},"resource":{"type":"record","id":"r-1"}}"#,
      #"{"results":[{"type":"user","id":"ann"},{"type":"user","id":"eve"}]}"#
    ),
    (
      "action",
      #"{"subject":{"type":"user","id":"ann"},"resource":{"type":"record","id":"r-1"}}"#,
      #"{"results":[{"name":"delete"},{"name":"edit"},{"name":"view"}]}"#
    ),
    (
      "action",
      #"{"subject":{"type":"user","id":"nobody"},"resource":{"type":"record","id":"r-1"},"page":{}}"#,
      #"{"page":{"next_token":"","count":0},"results":[]}"#
    ),
    (
      "subject",
      #"{"subject":{"type":"ghost"},"action":{"name":"view"},"resource":{"type":"record","id":"r-1"}}"#,
      #"{"results":[]}"#
    ),
    (
      "resource",
      #"{"subject":{"type":"user","id":"ann"},"action":{"name":"view"},"resource":{"type":"ghost"}}"#,
      #"{"results":[]}"#
    ),
    (
      "subject",
      #"{"subject":{"type":"user"},"action":{"name":"fly"},"resource":{"type":"record","id":"r-1"}}"#,
      #"{"results":[]}"#
    ),
  ]

  @Test(arguments: found.indices) func finds(_ index: Int) async throws {
    let (kind, text, answer) = Self.found[index]
    let world = try await Self.world()
    let reply = try await world.send("POST", "/access/v1/search/\(kind)", text, as: Self.pep)
    #expect(reply.status == 200)
    #expect(reply.body == answer)
    // A search is one record, which says what was looked for.
    let records = try await world.records()
    #expect(records.count == 2 && records.last?["kind"] as? String == "read")
    let request = records.last?["request"] as? [String: Any]
    let action = request?["action"] as? [String: Any]
    #expect((action?["properties"] as? [String: Any])?["wanted"] as? String == kind)
  }

  static let faults: [(String, String, String)] = [
    (
      "resource", #"{"subject":{"type":"user"},"action":{"name":"a"},"resource":{"type":"t"}}"#,
      "no `id`"
    ),
    (
      "subject", #"{"subject":{"type":"user"},"action":{"name":"a"},"resource":{"type":"t"}}"#,
      "no `id`"
    ),
    ("action", #"{"subject":{"type":"user","id":"u"}}"#, "no `resource`"),
    ("resource", edit.dropLast() + #","page":{"token":"x"}}"#, "not of this search"),
    ("resource", edit.dropLast() + #","page":{"limit":-1}}"#, "whole number"),
    ("resource", "[]", "must be an object"),
  ]

  @Test(arguments: faults.indices) func isRefused(_ index: Int) async throws {
    let (kind, text, words) = Self.faults[index]
    let world = try await Self.world()
    let reply = try await world.send("POST", "/access/v1/search/\(kind)", text, as: Self.pep)
    #expect(reply.status == 400)
    #expect((reply.json as? String)?.contains(words) ?? false, "\(reply.body)")
    // Who may not search is not told what is wrong with the search.
    let stranger = try await world.send("POST", "/access/v1/search/\(kind)", text, as: "joe")
    #expect(stranger.status == 403)
  }

  // MARK: Pages

  static func records(_ count: Int, ownedBy owner: String = "ann") -> [[String: Any]] {
    (0..<count).map { number in
      let id = String(format: "r-%05d", number)
      return ["type": "record", "id": id, "properties": ["owner": number % 2 == 0 ? owner : "x"]]
    }
  }

  static func page(
    _ world: AccessWorld, limit: Int?, token: String?, subject: String = "ann"
  ) async throws -> (ids: [String], token: String?, status: Int) {
    var page: [String: Any] = [:]
    page["limit"] = limit
    page["token"] = token
    let body = try AccessData.text([
      "subject": ["type": "user", "id": subject], "action": ["name": "delete"],
      "resource": ["type": "record"], "page": page,
    ])
    let reply = try await world.send("POST", "/access/v1/search/resource", body, as: pep)
    let results = reply.object["results"] as? [[String: Any]] ?? []
    let next = (reply.object["page"] as? [String: Any])?["next_token"] as? String
    return (results.compactMap { $0["id"] as? String }, next, reply.status)
  }

  @Test func pagesGoOnWhereTheyEnded() async throws {
    let world = try await Self.world(Self.records(1_300))
    var found: [String] = []
    var token: String?
    var pages = 0
    repeat {
      // The limit may be left out once there is a token.
      let page = try await Self.page(world, limit: token == nil ? 100 : nil, token: token)
      #expect(page.status == 200 && page.ids.count <= 100)
      found += page.ids
      token = page.token
      pages += 1
    } while token?.isEmpty == false && pages < 20
    #expect(found == (0..<650).map { String(format: "r-%05d", $0 * 2) })
    #expect(pages == 7)
  }

  @Test func aTokenIsOfItsSearch() async throws {
    let world = try await Self.world(Self.records(30))
    let first = try await Self.page(world, limit: 10, token: nil)
    let token = try #require(first.token)
    #expect(try await Self.page(world, limit: 10, token: token).status == 200)
    #expect(try await Self.page(world, limit: 11, token: token).status == 400)
    #expect(try await Self.page(world, limit: 10, token: token, subject: "eve").status == 400)
    #expect(try await Self.page(world, limit: 10, token: token + "0").status == 400)
    #expect(try await Self.page(world, limit: 10, token: "").ids == first.ids)
  }

  @Test func sizesAreLimited() async throws {
    // Half of the candidates are found.
    let world = try await Self.world(Self.records(2 * ServerLimits.searchPage + 2))
    let most = try await Self.page(world, limit: nil, token: nil)
    #expect(most.ids.count == ServerLimits.searchPage && most.token?.isEmpty == false)
    let more = try await Self.page(world, limit: ServerLimits.searchPage * 5, token: nil)
    #expect(more.ids.count == ServerLimits.searchPage)
    let none = try await Self.page(world, limit: 0, token: nil)
    #expect(none.ids.isEmpty && none.token?.isEmpty == false)
  }

  @Test func aPageLooksAtSoMany() async throws {
    // One is found, behind all others that a page looks at.
    var entities = Self.records(ServerLimits.searchCandidates + 1, ownedBy: "x")
    entities[ServerLimits.searchCandidates]["properties"] = ["owner": "ann"]
    let world = try await Self.world(entities)
    let first = try await Self.page(world, limit: 10, token: nil)
    #expect(first.ids.isEmpty && first.token?.isEmpty == false)
    let second = try await Self.page(world, limit: 10, token: first.token)
    #expect(second.ids.count == 1 && second.token == "")
  }

  /// Groups are found as the registry keeps them.
  @Test func groupsAreFound() async throws {
    let world = try await AccessWorld()
    let owner = Request.Entity(
      type: "user", id: "owner", properties: ["roles": ["ml_full_access"]])
    for (name, mode) in [("b", "private"), ("a", "public"), ("c", "private")] {
      _ = try await world.registry.perform(
        RegisterGroup(name, id: name, access: .init(accessMode: mode)), by: owner)
    }
    func search(_ user: String) async throws -> String {
      let body = #"""
        {"subject":{"type":"user","id":"\#(user)","properties":{"roles":["ml_full_access"]}},\#
        "action":{"name":"\#(DirectoryTests.get)"},"resource":{"type":"model_group"}}
        """#
      return try await world.send(
        "POST", "/access/v1/search/resource", body, as: AccessTests.pep
      ).body
    }
    let group = { (id: String) in #"{"type":"model_group","id":"\#(id)"}"# }
    #expect(
      try await search("owner") == #"{"results":[\#(group("a")),\#(group("b")),\#(group("c"))]}"#)
    #expect(try await search("stranger") == #"{"results":[\#(group("a"))]}"#)
  }
}
