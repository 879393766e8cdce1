import CEL
import EngineComparison
import PolicyEngine
import Testing

/// Filters for searches: what the shipped rules come to, and that nothing is ever left out which the
/// engine would let through.
@Suite struct FilterTests {
  static let search = "cluster:admin/opensearch/ml/model_groups/search"

  static func filter(
    _ policies: PolicySet, _ subject: Request.Entity, _ context: [String: CELValue] = [:],
    action: String = search, type: String = "model_group"
  ) throws -> ResourceFilter {
    var authorizer = Authorizer(policies)
    return FilterPlan(policies, action: action, resourceType: type).filter(
      subject: try authorizer.resolved(subject), action: .init(name: action), context: context)
  }

  static func user(_ id: String, roles: [String], backendRoles: [String]?) -> Request.Entity {
    var user = Request.Entity(
      type: "user", id: id, properties: ["roles": .list(roles.map { .string($0) })])
    if let backendRoles {
      user.properties["backend_roles"] = .list(backendRoles.map { .string($0) })
    }
    return user
  }

  @Test func theShippedSearchIsAUnionOfLookUps() throws {
    let policies = try PolicySet.shipped("policies/opensearch")
    let found = try Self.filter(
      policies, Self.user("alice", roles: ["ml_full_access"], backendRoles: ["IT", "HR"]))
    #expect(
      found.alternatives == [
        [.absent(path: ["access"])],
        [.equals(path: ["access"], text: "public")],
        [
          .equals(path: ["access"], text: "private"), .equals(path: ["owner"], text: "alice"),
        ],
        [.contains(path: ["backend_roles"], text: "IT")],
        [.contains(path: ["backend_roles"], text: "HR")],
      ])
  }

  @Test func whoSeesEverythingHasNoFilter() throws {
    let policies = try PolicySet.shipped("policies/opensearch")
    let admin = Self.user("root", roles: ["all_access"], backendRoles: [])
    #expect(try Self.filter(policies, admin) == .everything)
    // By way of a role mapping, too.
    let mapped = Self.user("root", roles: [], backendRoles: ["admin"])
    #expect(try Self.filter(policies, mapped) == .everything)
    let alice = Self.user("alice", roles: ["ml_full_access"], backendRoles: [])
    #expect(
      try Self.filter(policies, alice, ["access_control_enabled": false]) == .everything)
    #expect(try Self.filter(policies, alice).alternatives?.count == 3)
  }

  @Test func rolesAreResolvedAsTheEngineDoes() throws {
    var authorizer = Authorizer(try PolicySet.shipped("policies/opensearch"))
    let resolved = try authorizer.resolved(
      Self.user("root", roles: ["ml_read_access", "nonsense"], backendRoles: ["admin"]))
    #expect(resolved.properties["roles"] == ["all_access", "ml_read_access", "nonsense"])
    #expect(resolved.properties["unknown_roles"] == ["nonsense"])
    #expect(resolved.id == "root")
  }

  /// A caller with so many backend roles that the filter would be longer than a store wants it.
  @Test func aFilterHasSoManyAlternativesAndNoMore() throws {
    let policies = try PolicySet.shipped("policies/opensearch")
    func count(_ roles: Int) throws -> Int? {
      try Self.filter(
        policies,
        Self.user("alice", roles: ["ml_full_access"], backendRoles: (0..<roles).map { "r\($0)" })
      ).alternatives?.count
    }
    #expect(try count(EngineLimits.filterAlternatives - 3) == EngineLimits.filterAlternatives)
    #expect(try count(EngineLimits.filterAlternatives - 2) == nil)
  }

  /// Conditions of many shapes, some of which can't be followed, against random callers and random
  /// resources: what the engine allows, the filter lets through.
  @Test func nothingThatIsAllowedIsEverLeftOut() throws {
    var generator = SeededGenerator(seed: 0xF117E5)
    var (left, through, narrowed) = (0, 0, 0)
    for _ in 0..<300 {
      let rules = (0..<Int.random(in: 1...3, using: &generator)).map { index in
        Self.rule(index, &generator)
      }
      let text = """
        {"policy": "p", "roles": {"r": {"actions": ["*"]}, "admin": {"actions": ["*"]}},
         "role_mappings": {"admin": {"backend_roles": ["root"]}},
         "definitions": {"mine": "has(resource.owner) && resource.owner == subject.id",
           "groups": "has(subject.groups) ? subject.groups : []",
           "shared": "has(resource.groups) ? resource.groups : []",
           "is_admin": "'admin' in subject.roles"},
         "rules": [\(rules.joined(separator: ",\n"))]}
        """
      let policies = try PolicySet([PolicySource(name: "p.json", bytes: Array(text.utf8))])
      var authorizer = Authorizer(policies)
      let plan = FilterPlan(policies, action: "find", resourceType: "thing")
      for _ in 0..<4 {
        let subject = Self.subject(&generator)
        let filter = plan.filter(
          subject: try authorizer.resolved(subject), action: .init(name: "find"))
        if filter.alternatives != nil { narrowed += 1 }
        for _ in 0..<12 {
          let resource = Self.resource(&generator)
          let decision = try authorizer.decide(
            Request(subject: subject, action: .init(name: "find"), resource: resource))
          let isLetThrough = Self.letsThrough(filter, resource)
          if decision.isAllowed {
            #expect(isLetThrough, "\(text)\n\(subject)\n\(resource)\n\(filter)")
          }
          if isLetThrough { through += 1 } else { left += 1 }
        }
      }
    }
    // A filter that lets everything through would pass as well, so see that these don't.
    #expect(narrowed > 300)
    #expect(left > 2_000)
    #expect(through > 2_000)
  }

  static func rule(_ index: Int, _ generator: inout SeededGenerator) -> String {
    let unless = Bool.random(using: &generator)
    let condition = condition(3, &generator)
    return """
      {"id": "r\(index)", "description": "d", "effect": "deny", "actions": ["find"],
       "\(unless ? "unless" : "when")": "\(condition)", "message": "no"}
      """
  }

  static func condition(_ depth: Int, _ generator: inout SeededGenerator) -> String {
    if depth > 0, Int.random(in: 0..<5, using: &generator) > 0 {
      let (a, b) = (condition(depth - 1, &generator), condition(depth - 1, &generator))
      switch Int.random(in: 0..<7, using: &generator) {
      case 0, 1: return "(\(a)) && (\(b))"
      case 2, 3: return "(\(a)) || (\(b))"
      case 4: return "!(\(a))"
      case 5: return "(\(a)) ? (\(b)) : (\(condition(depth - 1, &generator)))"
      default: return "\(a) || \(b) && is_admin"
      }
    }
    return leaves.randomElement(using: &generator) ?? "true"
  }

  static let leaves = [
    "resource.access == 'public'", "'private' == resource.access", "resource.access != 'public'",
    "has(resource.owner)", "!has(resource.groups)", "mine", "is_admin", "true", "false",
    "resource.owner == subject.id", "resource.owner != subject.id",
    "groups.exists(g, g in shared)", "groups.exists(g, g in resource.groups)",
    "resource.groups.exists(g, g in groups)", "shared.exists(g, g == 'IT')",
    "groups.all(g, g in shared)", "shared.all(g, g in groups)", "'IT' in resource.groups",
    "resource.access in ['public', 'restricted']", "resource.access in groups",
    "size(resource.groups) > 1", "resource.access.startsWith('p')", "resource.level > 3",
    "(has(resource.owner) ? resource.owner : 'nobody') == subject.id", "subject.id == 'alice'",
    "has(subject.groups)", "groups.exists(resource, resource == 'IT')", "resource.nested.id == 'a'",
    "has(resource.nested.id)", "resource['access'] == 'public'", "resource.id == subject.id",
    "resource.owner == null", "subject.missing == 'x'",
    "[resource.access].exists(a, a == 'public')",
    "groups.map(g, g + '!').exists(g, g in shared)", "shared.filter(g, g in groups).size() > 0",
  ]

  static func subject(_ generator: inout SeededGenerator) -> Request.Entity {
    let groups = ["IT", "HR", "root", "IT!", "é", "e\u{301}"].filter { _ in
      Int.random(in: 0..<3, using: &generator) == 0
    }
    var subject = Request.Entity(
      type: "user", id: ["alice", "bob", "public", ""].randomElement(using: &generator) ?? "",
      properties: ["roles": ["r"], "backend_roles": .list(groups.map { .string($0) })])
    if Bool.random(using: &generator) {
      subject.properties["groups"] = .list(groups.map { .string($0) })
    }
    return subject
  }

  static func resource(_ generator: inout SeededGenerator) -> Request.Entity {
    var resource = Request.Entity(
      type: "thing", id: ["alice", "x"].randomElement(using: &generator) ?? "")
    func maybe(_ name: String, _ values: [CELValue]) {
      guard Int.random(in: 0..<4, using: &generator) > 0 else { return }
      resource.properties[name] = values.randomElement(using: &generator)
    }
    maybe("access", ["public", "private", "restricted", "", .null, 3, ["public"]])
    maybe("owner", ["alice", "bob", "nobody", .null, "Alice"])
    maybe(
      "groups", [[], ["IT"], ["HR", "IT"], ["root", "é"], ["e\u{301}"], [.null], .null, "IT"])
    maybe("level", [1, 5, "9"])
    maybe("nested", [["id": "a"], ["id": "b"], .null, [:]])
    return resource
  }

  /// What a store would look up.
  static func letsThrough(_ filter: ResourceFilter, _ resource: Request.Entity) -> Bool {
    guard let alternatives = filter.alternatives else { return true }
    return alternatives.contains { alternative in
      alternative.allSatisfy { atom in
        switch atom {
        case .equals(let path, let text): value(path, resource) == .string(text)
        case .contains(let path, let text):
          if case .list(let elements)? = value(path, resource) {
            elements.contains(.string(text))
          } else {
            false
          }
        case .absent(let path): value(path, resource) == nil
        }
      }
    }
  }

  static func value(_ path: [String], _ resource: Request.Entity) -> CELValue? {
    var members = resource.properties
    members["id"] = .string(resource.id)
    members["type"] = .string(resource.type)
    var found: CELValue?
    for (depth, name) in path.enumerated() {
      if depth == 0 {
        found = members[name]
      } else if case .map(let entries)? = found {
        found = entries.first { $0.key == .string(name) }?.value
      } else {
        return nil
      }
    }
    return found
  }
}
