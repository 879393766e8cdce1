import CEL
import Exports
import PolicyEngine
import Testing

/// Whatever an export holds, nobody may do more by its rule file than the system or the policies
/// without it let them.
@Suite struct WideningTests {
  /// Numbers that look random and come again with the same seed (SplitMix64).
  struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }

    mutating func some(_ names: [String]) -> [String] {
      names.filter { _ in Int.random(in: 0..<3, using: &self) == 0 }
    }
  }

  /// OpenSearch's roles and mappings, decided by the plainest means.
  struct Site {
    var roles: [String: [String]] = [:]
    var users: [String: [String]] = [:]
    var backendRoles: [String: [String]] = [:]
    var allBackendRoles: [String: [String]] = [:]

    static let groups = [
      "group1": ["cluster:admin/opensearch/ml/predict", "group2"], "group2": ["cluster_monitor"],
      "unlimited": ["*"], "cluster_monitor": ["cluster:monitor/*"],
    ]

    init(_ random: inout Chance) {
      for name in random.some(["site", "other", "superuser", "ml_full_access", "viewer", "a b"]) {
        roles[name] = random.some([
          "cluster:admin/opensearch/ml/predict", "cluster:admin/opensearch/*", "*", "unlimited",
          "cluster:admin/opensearch/ml/pre?ict", "nothing", "group1", "cluster_monitor",
        ])
      }
      for name in random.some(["site", "other", "superuser", "ml_full_access", "viewer", "lost"]) {
        users[name] = random.some(["kim", "lee", "*", "k?m"])
        backendRoles[name] = random.some(["b1", "b2", "b*"])
        allBackendRoles[name] = random.some(["b1", "b2", "b3", "b*"])
      }
    }

    private static func texts(_ texts: [String]?) -> String {
      "[\((texts ?? []).map { "\"\($0)\"" }.joined(separator: ", "))]"
    }

    var files: [String] {
      let roles = roles.map { #""\#($0)": { "cluster_permissions": \#(Self.texts($1)) }"# }
      let mappings = users.keys.map { name in
        #""\#(name)": { "hosts": [], "users": \#(Self.texts(users[name])), "backend_roles": \#(Self.texts(backendRoles[name])), "and_backend_roles": \#(Self.texts(allBackendRoles[name])) }"#
      }
      let groups = [
        #""group1": { "allowed_actions": ["cluster:admin/opensearch/ml/predict", "group2"] }"#,
        #""group2": { "allowed_actions": ["cluster_monitor"] }"#,
      ]
      return [roles, mappings, groups].filter { !$0.isEmpty }.map {
        "{ \($0.joined(separator: ", ")) }"
      }
    }

    static func matches(_ pattern: Substring, _ text: Substring) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      if first == "*" {
        return matches(pattern.dropFirst(), text)
          || !text.isEmpty && matches(pattern, text.dropFirst())
      }
      guard let next = text.first, first == "?" || first == next else { return false }
      return matches(pattern.dropFirst(), text.dropFirst())
    }

    static func any(_ patterns: [String]?, _ text: String) -> Bool {
      (patterns ?? []).contains { matches($0[...], text[...]) }
    }

    private static func grants(_ permission: String, _ action: String) -> Bool {
      if let members = groups[permission] { return members.contains { grants($0, action) } }
      return matches(permission[...], action[...])
    }

    /// What every site has, even if the export leaves it out.
    private var allRoles: [String: [String]] {
      roles.merging(
        ["ml_full_access": ["cluster:admin/opensearch/ml/*", "cluster_monitor"]]
      ) { own, _ in own }
    }

    func lets(_ user: String, _ backend: [String], _ action: String) -> Bool {
      allRoles.contains { name, permissions in
        let all = allBackendRoles[name] ?? []
        let holds =
          Self.any(users[name], user) || backend.contains { Self.any(backendRoles[name], $0) }
          || !all.isEmpty
            && all.allSatisfy { wanted in backend.contains { Self.any([wanted], $0) } }
        return holds && permissions.contains { Self.grants($0, action) }
      }
    }
  }

  @Test(arguments: [UInt64](1...60)) func nobodyMayMore(_ seed: UInt64) throws {
    var random = Chance(state: seed)
    let site = Site(&random)
    let shipped = try Checkout.shipped.get()
    let export = try RegistryExport.of(.opensearch, site.files)
    let imported = RoleImport(export, beside: shipped, name: "imported.json")
    let set = try PolicySet(shipped.sources + [imported.document])
    for user in ["kim", "lee", "x"] {
      for backend in [[], ["b1"], ["b2"], ["b1", "b2"], ["b3", "b1"]] {
        let subject = Request.Entity(
          type: "user", id: user,
          properties: ["backend_roles": .list(backend.map { .string($0) })])
        for action in [
          "cluster:admin/opensearch/ml/predict", "cluster:admin/opensearch/ml/models/delete",
          "cluster:admin/xpack/ml/inference/put", "cluster:monitor/xpack/ml/inference/get",
        ] where try RoleImportTests.grants(set, subject, action) {
          #expect(
            try site.lets(user, backend, action)
              || RoleImportTests.grants(shipped, subject, action),
            "\(user) \(backend) \(action): \(site.files)")
        }
      }
    }
  }

  /// The check above could fail: most sites let somebody do something.
  @Test func sitesAreNotEmpty() throws {
    let letting = (1...60).count { seed in
      var random = Chance(state: UInt64(seed))
      return Site(&random).lets("kim", ["b1", "b2"], "cluster:admin/opensearch/ml/predict")
    }
    #expect(letting > 20, "\(letting) of 60")
  }
}
