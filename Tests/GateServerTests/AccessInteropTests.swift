import Foundation
import GateServer
import PolicyEngine
import Testing

/// The AuthZEN working group's interoperability payloads, through the examples' policies.
@Suite(.enabled(if: AccessData.folder != nil, "MODELGATE_SHARED names no folder with data/authzen"))
struct AccessInteropTests {
  static func cases(_ file: String, _ name: String) throws -> [[String: Any]] {
    try #require((try AccessData.json(file) as? [String: Any])?[name] as? [[String: Any]])
  }

  static func todoUsers(type: String) throws -> LiveDirectory {
    let users = try #require(try AccessData.json("todo/users.json") as? [String: [String: Any]])
    return try AccessData.directory(
      users.map { id, user in
        [
          "type": type, "id": id,
          "properties": ["email": user["email"] ?? "", "roles": user["roles"] ?? []],
        ]
      })
  }

  @Test(arguments: [
    ("todo/decisions-authorization-api-1_0-02.json", "20-authzen-todo", "user", "todo_app", 40, 26),
    ("todo/decisions-authorization-api-1_0-01.json", "20-authzen-todo", "user", "todo_app", 40, 26),
    ("api-gateway/decisions.json", "21-authzen-gateway", "identity", "gateway", 25, 19),
  ])
  func evaluations(
    _ file: String, _ example: String, _ type: String, _ role: String, _ count: Int, _ allowed: Int
  ) async throws {
    let world = try await AccessWorld(
      policies: try AccessWorld.policies(ofExample: example),
      directory: try Self.todoUsers(type: type))
    let cases = try Self.cases(file, "evaluation")
    #expect(cases.count == count)
    var trues = 0
    for item in cases {
      let body = try AccessData.text(try #require(item["request"]))
      let reply = try await world.send("POST", "/access/v1/evaluation", body, as: "pep;\(role)")
      #expect(reply.status == 200)
      let expected = try #require(item["expected"] as? Bool)
      #expect(reply.object["decision"] as? Bool == expected, "\(body)")
      trues += expected ? 1 : 0
    }
    #expect(trues == allowed)
  }

  @Test func batches() async throws {
    let world = try await AccessWorld(
      policies: try AccessWorld.policies(ofExample: "20-authzen-todo"),
      directory: try Self.todoUsers(type: "user"))
    let cases = try Self.cases("todo/decisions-authorization-api-1_0-02.json", "evaluations")
    #expect(cases.count == 3)
    for item in cases {
      let body = try AccessData.text(try #require(item["request"]))
      let reply = try await world.send("POST", "/access/v1/evaluations", body, as: "pep;todo_app")
      let found = (reply.object["evaluations"] as? [[String: Any]])?.map { $0["decision"] as? Bool }
      let expected = (item["expected"] as? [[String: Any]])?.map { $0["decision"] as? Bool }
      #expect(found == expected, "\(body)")
    }
  }

  static func records(_ folder: String) throws -> LiveDirectory {
    let users = try #require(try AccessData.json("\(folder)/users.json") as? [[String: Any]])
    let records = try #require(try AccessData.json("\(folder)/records.json") as? [[String: Any]])
    func entity(_ type: String, _ facts: [String: Any]) -> [String: Any] {
      // Ids are numbers in one of the files, and strings in requests.
      let id = (facts["id"] as? String) ?? (facts["id"] as? Int).map(String.init) ?? ""
      return [
        "type": type, "id": id,
        "properties": facts.filter { $0.key != "id" && $0.key != "password" },
      ]
    }
    return try AccessData.directory(
      users.map { entity("user", $0) } + records.map { entity("record", $0) })
  }

  @Test(arguments: [
    ("search", "subject-results.json", "evaluation", "subject", 60),
    ("search", "resource-results.json", "evaluation", "resource", 18),
    ("search", "action-results.json", "evaluation", "action", 120),
    ("idp", "results.json", "search", "resource", 6),
  ])
  func searches(
    _ folder: String, _ file: String, _ member: String, _ kind: String, _ count: Int
  ) async throws {
    let world = try await AccessWorld(
      policies: try AccessWorld.policies(ofExample: "22-authzen-search"),
      directory: try Self.records(folder))
    let cases = try Self.cases("\(folder)/\(file)", member)
    #expect(cases.count == count)
    for item in cases {
      let body = try AccessData.text(try #require(item["request"]))
      let reply = try await world.send("POST", "/access/v1/search/\(kind)", body, as: "pep;portal")
      #expect(reply.status == 200)
      #expect(
        try Self.sorted(reply.object["results"])
          == Self.sorted((item["expected"] as? [String: Any])?["results"]), "\(body)")
    }
  }

  private static func sorted(_ results: Any?) throws -> [String] {
    try #require(results as? [[String: Any]]).map { try AccessData.text($0) }.sorted()
  }

  @Test(arguments: ["20-authzen-todo", "21-authzen-gateway", "22-authzen-search"])
  func examplesHold(_ example: String) throws {
    let set = try AccessWorld.policies(ofExample: example)
    let results = set.runExamples()
    #expect(!results.isEmpty)
    for result in results { #expect(result.failure == nil, "\(result.position)") }
    let directory = try Directory(folder: AccessWorld.path("examples/\(example)/entities"))
    #expect(directory.count > 2)
  }
}
