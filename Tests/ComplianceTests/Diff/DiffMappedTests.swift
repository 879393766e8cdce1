import CEL
import PolicyEngine
import Testing

@testable import Compliance

/// Generated pairs of policy sets whose roles include each other, are mapped to subjects and are
/// asked for by conditions: what the comparison says is what comes of asking both sets about every
/// subject of a small world.
@Suite struct DiffMappedTests {
  private struct World {
    var random: DiffRandom

    private mutating func chance(_ percent: Int) -> Bool {
      Int.random(in: 0..<100, using: &random) < percent
    }
    private mutating func pick<T>(_ items: [T]) -> T {
      items[Int.random(in: items.indices, using: &random)]
    }

    /// Roles and mappings, and rules: each kept or made anew for the second set.
    mutating func pair() -> (old: String, new: String) {
      let parts = [roles(), mappings(), rules()]
      var changed = parts
      let place = Int.random(in: 0..<4, using: &random)
      if place == 0 || place == 3 { changed[0] = roles() }
      if place == 1 || place == 3 { changed[1] = mappings() }
      if place == 2 { changed[2] = rules() }
      func set(_ parts: [String]) -> String {
        #"{ "policy": "p", \#(parts.joined(separator: ", ")) }"#
      }
      return (set(parts), set(changed))
    }

    private mutating func roles() -> String {
      let actions = (0..<3).map { _ in pick([[], ["d:read"], ["d:*"], ["d:write"]]) }
      let includes = [[], chance(40) ? ["r"] : [], chance(40) ? [pick(["r", "s"])] : []]
      let roles = zip(["r", "s", "t"], zip(actions, includes)).map { name, role in
        #""\#(name)": { "actions": \#(Self.list(role.0)), "roles": \#(Self.list(role.1)) }"#
      }
      return #""roles": { \#(roles.joined(separator: ", ")) }"#
    }

    private mutating func mappings() -> String {
      var mappings: [String] = []
      for role in ["r", "s"] where chance(60) {
        let who = pick([
          #""users": ["u"]"#, #""backend_roles": ["b"]"#, #""backend_roles": ["b", "c"]"#,
          #""and_backend_roles": ["b", "c"]"#,
        ])
        mappings.append(#""\#(role)": { \#(who) }"#)
      }
      return #""role_mappings": { \#(mappings.joined(separator: ", ")) }"#
    }

    private mutating func rules() -> String {
      let conditions = [
        "'r' in subject.roles", "!('s' in subject.roles)", "subject.id == 'u'",
        "has(subject.backend_roles) && 'b' in subject.backend_roles",
        "'t' in subject.roles || 'r' in subject.roles", "resource.id == 'i'",
      ]
      let rules = (0..<Int.random(in: 0...2, using: &random)).map { number in
        #"{ "id": "x\#(number)", "description": "d", "effect": "\#(pick(["deny", "deny", "allow", "warn"]))", "when": "\#(pick(conditions))", "message": "m" }"#
      }
      return #""rules": [\#(rules.joined(separator: ", "))]"#
    }

    private static func list(_ texts: [String]) -> String {
      "[\(texts.map { "\"\($0)\"" }.joined(separator: ", "))]"
    }
  }

  private static let roles: [String?] = [nil, "r", "s", "t"]
  private static let actions = ["d:read", "d:write"]

  private static func requests(_ role: String?, _ action: String) -> [Request] {
    var requests: [Request] = []
    let backend: [[CELValue]?] = [nil, [], ["b"], ["c"], ["b", "c"], ["d"]]
    for type in ["user", "service"] {
      for id in ["u", "v"] {
        for backend in backend {
          for resource in ["i", "j"] {
            var properties: [String: CELValue] = [:]
            properties["roles"] = role.map { .list([.string($0)]) }
            properties["backend_roles"] = backend.map { .list($0) }
            requests.append(
              Request(
                subject: .init(type: type, id: id, properties: properties),
                action: .init(name: action), resource: .init(type: "t", id: resource)))
          }
        }
      }
    }
    return requests
  }

  private static func kinds(
    _ old: inout Authorizer, _ new: inout Authorizer, _ role: String?, _ action: String
  ) throws -> Set<AccessChanges.Witness.Kind> {
    var kinds: Set<AccessChanges.Witness.Kind> = []
    for request in requests(role, action) {
      switch (try old.outcome(of: request), try new.outcome(of: request)) {
      case (.deny, .deny), (.allow, .allow), (.warn, .warn): break
      case (.deny, _): kinds.insert(.newlyAllowed)
      case (_, .deny): kinds.insert(.newlyDenied)
      case (.allow, .warn): kinds.insert(.warningAdded)
      case (.warn, .allow): kinds.insert(.warningRemoved)
      }
    }
    return kinds
  }

  @Test(arguments: 0..<10) func agrees(_ part: Int) throws {
    var changed = 0
    for seed in (part * 20)..<(part * 20 + 20) {
      var world = World(random: DiffRandom(seed: UInt64(seed + 7_000)))
      let pair = world.pair()
      let actions = #"{ "vocabulary": "v", "actions": { "d:read": {}, "d:write": {} } }"#
      let sets = try [pair.old, pair.new].map { text in
        try PolicySet([
          PolicySource(name: "p.json", bytes: Array(text.utf8)),
          PolicySource(name: "v.json", bytes: Array(actions.utf8)),
        ])
      }
      let changes = AccessDiff(old: sets[0], new: sets[1]).compare()
      var (old, new) = (Authorizer(sets[0]), Authorizer(sets[1]))
      for role in Self.roles {
        for action in Self.actions {
          let expected = try Self.kinds(&old, &new, role, action)
          let cell = changes.cells.first { $0.role == role && $0.action == action }
          let found = Set((cell?.witnesses ?? []).map(\.kind))
          #expect(
            found == expected && cell?.doubt == nil,
            "seed \(seed), \(role ?? "-"), \(action): \(cell?.doubt ?? "")\n\(pair.old)\n\(pair.new)"
          )
          if !expected.isEmpty { changed += 1 }
        }
      }
    }
    #expect(changed > 5)
  }
}
