import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization
import Testing

/// What is known of subjects and resources.
@Suite struct DirectoryTests {
  static func directory(_ texts: String...) throws(PolicyLoadError) -> Directory {
    try Directory(
      texts.enumerated().map { PolicySource(name: "\($0 + 1).json", bytes: Array($1.utf8)) })
  }

  static let staff = #"""
    {"directory":"staff","complete_types":["robot"],"entities":[
      {"type":"user","id":"ann","properties":{"roles":["machine_learning_user"],"level":3}},
      {"type":"user","id":"bob","description":"Has no properties."},
      {"type":"user","id":"é"},
      {"type":"robot","id":"r2","properties":{"backend_roles":["IT"]}},
      {"type":"cluster","id":"c","properties":{"zone":"north"}}
    ]}
    """#

  /// Every fault, each with its place and code.
  static let faults: [(String, [String])] = [
    ("", ["1:1 json"]), ("[]", ["1:1 wrong-type"]),
    ("{}", ["1:1 missing-field", "1:1 missing-field"]),
    (
      #"{"directory":"a b","entities":{},"x":1}"#,
      ["1:34 unknown-field", "1:14 invalid-name", "1:31 wrong-type"]
    ),
    (
      #"{"directory":"a","entities":[1,{"type":"t"},{"type":"","id":"i"},{"type":"t","id":""}]}"#,
      ["1:30 wrong-type", "1:32 missing-field", "1:53 invalid-name", "1:83 invalid-name"]
    ),
    (
      #"{"directory":"a","entities":[{"type":"t","id":"1"},{"type":"t","id":"1"},{"type":"u","id":"1"}]}"#,
      ["1:69 duplicate-id"]
    ),
    (
      #"{"directory":"a","complete_types":["model"],"entities":[{"type":"model_group","id":"1"}]}"#,
      ["1:36 registry-type", "1:65 registry-type"]
    ),
    (
      #"{"directory":"a","entities":[{"type":"t","id":"1","properties":{"id":1,"roles":"x","backend_roles":[1],"unknown_roles":[]}}]}"#,
      ["1:65 reserved-property", "1:80 wrong-type", "1:101 wrong-type", "1:104 reserved-property"]
    ),
    (
      "{\"directory\":\"a\",\"entities\":[{\"type\":\"t\",\"id\":\"1\",\"properties\":{\"é\":1,\"e\u{301}\":2}}]}",
      ["1:71 duplicate-name"]
    ),
    (#"{"directory":"a","entities":[],"entities":[]}"#, ["1:32 json"]),
  ]

  @Test(arguments: faults.indices) func everyFaultHasItsPlace(_ index: Int) throws {
    let (text, expected) = Self.faults[index]
    let error = #expect(throws: PolicyLoadError.self) { try Self.directory(text) }
    let found = error?.diagnostics.map { diagnostic in
      let code = diagnostic.code.hasPrefix("json-") ? "json" : diagnostic.code
      return "\(diagnostic.position.line):\(diagnostic.position.column) \(code)"
    }
    #expect(found == expected, "\(error.map(String.init(describing:)) ?? "")")
  }

  @Test func faultsOfAllFilesAreTold() throws {
    let error = #expect(throws: PolicyLoadError.self) {
      try Self.directory(Self.staff, Self.staff, "{")
    }
    let files = error?.diagnostics.map(\.position.file) ?? []
    // The name and five entities come twice, and the third file is no JSON.
    #expect(files.count { $0 == "2.json" } == 6 && files.count { $0 == "3.json" } == 1)
  }

  @Test func idsGoByTheirBytes() throws {
    let directory = try Self.directory(Self.staff)
    #expect(directory.entity(type: "user", id: "é") != nil)
    #expect(directory.entity(type: "user", id: "e\u{301}") == nil)
    #expect(directory.entities(ofType: "user").map(\.id) == ["ann", "bob", "é"])
    #expect(directory.count == 5 && directory.fileCount == 1)
    #expect(directory.revision != Directory.empty.revision)
  }

  /// What a request says of a subject, and what is believed of it.
  static let claims: [(String, String, [String: CELValue], [String: CELValue])] = [
    // Known: what stands here stands, and no role is added to it.
    (
      "user", "ann", ["roles": ["superuser"], "level": 9, "x": 1],
      ["roles": ["machine_learning_user"], "level": 3, "x": 1]
    ),
    (
      "user", "ann", ["backend_roles": ["admin"], "super_admin": true],
      ["roles": ["machine_learning_user"], "level": 3]
    ),
    ("user", "bob", ["roles": ["superuser"], "backend_roles": ["admin"], "x": 1], ["x": 1]),
    // Not known: what the enforcement point says is all there is.
    ("user", "joe", ["roles": ["viewer"], "x": 1], ["roles": ["viewer"], "x": 1]),
    ("user", "Ann", ["roles": ["viewer"]], ["roles": ["viewer"]]),
    ("user", "e\u{301}", ["roles": ["viewer"]], ["roles": ["viewer"]]),
    // Not listed where all are.
    ("robot", "r3", ["roles": ["viewer"], "super_admin": true, "x": 1], ["x": 1]),
    ("robot", "r2", ["roles": ["viewer"]], ["backend_roles": ["IT"]]),
  ]

  @Test(arguments: claims.indices) func isBelieved(_ index: Int) throws {
    let (type, id, claimed, believed) = Self.claims[index]
    let directory = try Self.directory(Self.staff)
    let subject = directory.complete(
      subject: Request.Entity(type: type, id: id, properties: claimed))
    #expect(subject.properties == believed)
    #expect(subject.type == type && Array(subject.id.utf8) == Array(id.utf8))
  }

  @Test func resourcesAreCompleted() throws {
    let directory = try Self.directory(Self.staff)
    let known = directory.complete(
      resource: Request.Entity(type: "cluster", id: "c", properties: ["zone": "south", "x": 1]))
    #expect(known.properties == ["zone": "north", "x": 1])
    let other = Request.Entity(type: "cluster", id: "d", properties: ["zone": "south"])
    #expect(directory.complete(resource: other) == other)
  }

  // MARK: Over the wire

  static func ask(
    _ world: AccessWorld, _ subject: String, _ action: String, _ resource: String
  ) async throws -> AccessWorld.Reply {
    try await world.send(
      "POST", "/access/v1/evaluation",
      #"{"subject":\#(subject),"action":{"name":"\#(action)"},"resource":\#(resource)}"#,
      as: AccessTests.pep)
  }

  @Test func requestsCarryIdsAlone() async throws {
    let world = try await AccessWorld(directory: LiveDirectory(try Self.directory(Self.staff)))
    let get = "cluster:monitor/xpack/ml/inference/get"
    let cluster = #"{"type":"cluster","id":"c"}"#
    let ann = try await Self.ask(world, #"{"type":"user","id":"ann"}"#, get, cluster)
    #expect(ann.object["decision"] as? Bool == true)
    // Bob can't be given a role by who asks.
    let bob = try await Self.ask(
      world, #"{"type":"user","id":"bob","properties":{"roles":["superuser"]}}"#, get, cluster)
    #expect(bob.object["decision"] as? Bool == false)
    // The log shows what was decided on.
    let request = try #require(try await world.records().last?["request"] as? [String: Any])
    let resource = try #require(request["resource"] as? [String: Any])
    #expect((resource["properties"] as? [String: String]) == ["zone": "north"])
  }

  static let get = "cluster:admin/opensearch/ml/model_groups/get"

  /// The registry's facts decide about its groups, whatever a request says of them.
  static let groups: [(String, String, Bool)] = [
    ("owner", #"{"type":"model_group","id":"g"}"#, true),
    ("stranger", #"{"type":"model_group","id":"g"}"#, false),
    ("stranger", #"{"type":"model_group","id":"g","properties":{"access":"public"}}"#, false),
    ("stranger", #"{"type":"model_group","id":"g","properties":{"owner":"stranger"}}"#, false),
    ("stranger", #"{"type":"model_group","id":"g","properties":{"backend_roles":["IT"]}}"#, false),
    ("stranger", #"{"type":"model","id":"$M"}"#, false),
    ("owner", #"{"type":"model","id":"$M"}"#, true),
    ("stranger", #"{"type":"model","id":"$M","properties":{"model_group":null}}"#, false),
  ]

  @Test(arguments: groups.indices) func theRegistryKnowsItsGroups(_ index: Int) async throws {
    let (user, resource, isAllowed) = Self.groups[index]
    let world = try await AccessWorld()
    let owner = Request.Entity(
      type: "user", id: "owner",
      properties: ["roles": ["ml_full_access"], "backend_roles": ["IT"]])
    _ = try await world.registry.perform(
      RegisterGroup("g", id: "g", access: .init(accessMode: "private")), by: owner)
    let model = try await world.registry.perform(RegisterModel("m", in: "g"), by: owner).output
    let action =
      resource.contains(#""model""#) ? "cluster:admin/opensearch/ml/models/get" : Self.get
    let subject =
      #"{"type":"user","id":"\#(user)","properties":{"roles":["ml_full_access"],"backend_roles":["IT"]}}"#
    let reply = try await Self.ask(
      world, subject, action, resource.replacingOccurrences(of: "$M", with: model))
    #expect(reply.object["decision"] as? Bool == isAllowed, "\(reply.body)")
  }

  /// The switch for access control is the registry's as well.
  @Test func theSwitchIsTheRegistrys() async throws {
    let world = try await AccessWorld()
    let owner = Request.Entity(
      type: "user", id: "owner", properties: ["roles": ["ml_full_access"]])
    _ = try await world.registry.perform(
      RegisterGroup("g", id: "g", access: .init(accessMode: "private")), by: owner)
    let body = #"""
      {"subject":{"type":"user","id":"x","properties":{"roles":["ml_full_access"]}},\#
      "action":{"name":"\#(Self.get)"},"resource":{"type":"model_group","id":"g"},\#
      "context":{"access_control_enabled":false}}
      """#
    let reply = try await world.send("POST", "/access/v1/evaluation", body, as: AccessTests.pep)
    #expect(reply.object["decision"] as? Bool == false)
  }

  // MARK: Reload

  @Test func aBadFileLeavesTheOldInForce() throws {
    let text = Mutex(Self.staff)
    let live = try LiveDirectory(loading: { () throws(PolicyLoadError) in
      try Self.directory(text.withLock { $0 })
    })
    let before = live.current.revision
    text.withLock { $0 = "{" }
    #expect(throws: PolicyLoadError.self) { try live.reload() }
    #expect(live.current.revision == before && live.lastFailure != nil)
    text.withLock { $0 = #"{"directory":"d","entities":[]}"# }
    try live.reload()
    #expect(live.current.revision != before && live.lastFailure == nil && live.current.count == 0)
  }

  @Test func foldersAreNamedAsWhatTheyAre() throws {
    let nowhere = #expect(throws: PolicyLoadError.self) { try Directory(folder: "/no/where") }
    #expect(nowhere?.diagnostics.first?.help == "name it with `--entities`")
    let nothing = #expect(throws: PolicyLoadError.self) {
      try Directory(folder: AccessWorld.path("Tests/GateServerTests/Golden"))
    }
    #expect(nothing?.diagnostics.first?.code == "no-files")
  }

  @Test func sizeIsLimited() throws {
    let roles = [String](repeating: #""r""#, count: EngineLimits.rolesPerSubject)
    func text(_ roles: [String]) -> String {
      #"{"directory":"d","entities":[{"type":"t","id":"1","properties":{"roles":[\#(roles.joined(separator: ","))]}}]}"#
    }
    #expect(try Self.directory(text(roles)).count == 1)
    #expect(throws: PolicyLoadError.self) { try Self.directory(text(roles + [#""r""#])) }
  }
}
