import CEL
import Exports
import PolicyEngine
import Testing

/// Exported roles as rule files.
@Suite struct RoleImportTests {
  static func imported(
    _ system: ExportSystem, _ texts: [String]
  ) throws -> (RoleImport, PolicySet) {
    let shipped = try Checkout.shipped.get()
    let export = try RegistryExport.of(system, texts)
    let result = RoleImport(export, beside: shipped, name: "imported.json")
    return (result, try PolicySet(shipped.sources + [result.document]))
  }

  static func grants(_ set: PolicySet, _ subject: Request.Entity, _ action: String) throws -> Bool {
    var authorizer = Authorizer(set)
    _ = try authorizer.outcome(
      of: Request(
        subject: subject, action: .init(name: action),
        resource: .init(type: "model", id: "x")))
    return authorizer.isGrantedByRole
  }

  /// What a name that an Elasticsearch role grants comes to.
  @Test(arguments: [
    ("manage_ml", "privileges manage_ml", nil),
    ("none", "", nil),
    ("manage_pipeline", "actions cluster:admin/ingest/pipeline/*", nil),
    (
      "cluster:monitor/xpack/ml/inference/get", "actions cluster:monitor/xpack/ml/inference/get*",
      nil
    ),
    ("cluster:monitor/*", "actions cluster:monitor/*", nil),
    ("manage_security", "privileges manage_security", nil),
    ("manage_watcher", "Not taken: `manage_watcher`.", nil),
    ("manage_mll", "Not taken: `manage_mll`.", "unknown-privilege"),
    ("indices:data/read/search", "Not taken: `indices:data/read/search`.", "unknown-privilege"),
    ("*", "Not taken: `*`.", "unknown-privilege"),
    ("cluster:a*b*c*d*e*f*g*h*i*j*k*l*m*n*o*p*q*", "Not taken:", "unsupported-pattern"),
  ])
  func elasticsearchNames(_ name: String, _ text: String, _ note: String?) throws {
    let (result, set) = try Self.imported(
      .elasticsearch, [#"{ "site": { "cluster": ["\#(name)"] } }"#])
    let role = try #require(set.listing().roles.first { $0.name == "site" })
    let words =
      "privileges \(role.privileges.joined()) actions \(role.actions.joined()) \(role.description ?? "")"
    #expect(words.contains(text), "\(words)")
    #expect(result.notes.map(\.code) == (note.map { [$0] } ?? []))
  }

  @Test(arguments: [
    ("cluster:admin/opensearch/ml/predict", ["cluster:admin/opensearch/ml/predict"], nil),
    ("unlimited", ["*"], nil), ("cluster_monitor", ["cluster:monitor/*"], nil),
    ("mine", ["cluster:admin/opensearch/ml/*", "cluster:monitor/*"], nil),
    ("circular", ["cluster:x"], nil), ("manage_snapshots", [], nil),
    ("cluster_montior", [], "unknown-permission"),
    ("broken", [], "unknown-permission"),
    ("cluster:admin/opensearch/ml/?", [], "unsupported-pattern"),
    ("/cluster:.*/", [], "unsupported-pattern"),
  ])
  func openSearchNames(_ name: String, _ actions: [String], _ note: String?) throws {
    let (result, set) = try Self.imported(
      .opensearch,
      [
        #"{ "site": { "cluster_permissions": ["\#(name)"] } }"#,
        #"{ "mine": { "allowed_actions": ["cluster:admin/opensearch/ml/*", "cluster_monitor"] }, "circular": { "allowed_actions": ["circular", "cluster:x"] }, "broken": { "allowed_actions": ["cluster:y", "nothing"] } }"#,
      ])
    let role = try #require(set.listing().roles.first { $0.name == "site" })
    #expect(role.actions == actions)
    #expect(result.notes.map(\.code) == (note.map { [$0] } ?? []))
  }

  @Test func mappingsAreTaken() throws {
    let (result, set) = try Self.imported(
      .opensearch,
      [
        #"{ "site": { "cluster_permissions": ["cluster:x"] } }"#,
        #"{ "_meta": { "type": "rolesmapping" }, "site": { "users": ["kim"], "backend_roles": ["b"], "hosts": [], "and_backend_roles": ["c", "d"] } }"#,
        #"{ "lee": { "hash": "", "backend_roles": ["z"], "opendistro_security_roles": ["site", "nowhere"] } }"#,
      ])
    #expect(result.notes.map(\.code) == ["unknown-role"])
    for (name, backendRoles, holds) in [
      ("kim", [String](), true), ("lee", [], true), ("x", ["b"], true), ("x", ["c"], false),
      ("x", ["c", "d"], true), ("x", ["z"], false),
    ] {
      let subject = Request.Entity(
        type: "user", id: name,
        properties: ["backend_roles": .list(backendRoles.map { .string($0) })])
      #expect(try Self.grants(set, subject, "cluster:x") == holds, "\(name) \(backendRoles)")
    }
  }

  /// Patterns among names, hosts, and one of several that are all needed: nobody gets a role by what
  /// could not be taken.
  @Test func whatCannotBeSaidIsLeftOut() throws {
    let (result, _) = try Self.imported(
      .opensearch,
      [
        #"{ "site": { "cluster_permissions": ["cluster:x"] } }"#,
        #"{ "site": { "users": ["*", "a?"], "backend_roles": ["/x/"], "hosts": ["h"], "and_backend_roles": ["c", "d*"] } }"#,
      ])
    #expect(result.mapped.isEmpty)
    #expect(
      result.notes.map(\.code)
        == ["unsupported-mapping"] + Array(repeating: "unsupported-pattern", count: 4))
  }

  /// A role of this name that grants more here is given to nobody.
  @Test func nothingIsWidened() throws {
    let mapping = #"{ "superuser": { "users": ["kim"], "hosts": [] } }"#
    let role =
      #"{ "superuser": { "cluster_permissions": ["cluster:admin/opensearch/ml/predict"] } }"#
    for texts in [[mapping], [role, mapping]] {
      let (result, set) = try Self.imported(.opensearch, texts)
      #expect(result.mapped.isEmpty)
      #expect(result.notes.last?.code == "unknown-role")
      #expect(
        try !Self.grants(
          set, .init(type: "user", id: "kim"), "cluster:admin/xpack/ml/inference/put"))
    }
    #expect(try Self.imported(.opensearch, [role, mapping]).0.refused == ["superuser"])
  }

  @Test func namesThatRuleFilesDoNotHaveAreLeftOut() throws {
    let (result, _) = try Self.imported(
      .elasticsearch,
      [
        #"{ "a b": { "cluster": ["all"] }, "é": { "cluster": ["all"] }, "\#(String(repeating: "x", count: 129))": { "cluster": ["all"] }, "\#(String(repeating: "x", count: 128))": { "cluster": ["all"] } }"#
      ])
    #expect(result.roles.map(\.utf8.count) == [128])
    #expect(result.notes.map(\.code) == ["invalid-name", "invalid-name", "invalid-name"])
  }

  /// The order of an answer's members is nobody's choice.
  @Test func theSameRolesMakeTheSameBytes() throws {
    let roles = [
      #""b": { "cluster": ["monitor_ml"] }"#, #""a": { "cluster": ["all"] }"#,
      #""c": { "cluster": [] }"#,
    ]
    let users = [
      #""x": { "username": "x", "roles": ["a", "b"] }"#,
      #""y": { "username": "y", "roles": ["a"] }"#,
    ]
    let documents = try [(roles, users), (roles.reversed(), users.reversed())].map {
      try Self.imported(
        .elasticsearch,
        ["{ \($0.0.joined(separator: ", ")) }", "{ \($0.1.joined(separator: ", ")) }"]
      ).0.document.bytes
    }
    #expect(documents[0] == documents[1])
  }
}
