import Testing

@testable import PolicyEngine

/// Who has which role, and what roles and privileges grant.
@Suite struct RoleTests {
  static let document = """
    { "policy": "p",
      "privileges": {
        "monitor": { "actions": ["cluster:monitor/*"] },
        "manage": { "actions": ["cluster:*", "index:*"], "except": ["cluster:security/*", "*/secret"] },
        "all": { "actions": ["cluster:*"] } },
      "roles": {
        "watcher": { "privileges": ["monitor"] },
        "operator": { "privileges": ["manage"], "roles": ["watcher"] },
        "chief": { "roles": ["operator", "writer"] },
        "writer": { "actions": ["index:write", "index:w*e"] },
        "empty": {} },
      "role_mappings": {
        "watcher": { "users": ["ada"], "backend_roles": ["staff", "guests"] },
        "writer": { "and_backend_roles": ["staff", "writers"] },
        "chief": { "users": ["grace"], "backend_roles": ["chiefs"], "and_backend_roles": ["staff", "board"] },
        "empty": { } },
      "rules": [ \(rule("roles", "warn", #""message": "${subject.roles} ${subject.unknown_roles}""#)) ] }
    """

  private func roles(_ subject: String, id: String = "eve") throws -> String {
    let policies = try PolicySet.inline(
      Self.document,
      #"{ "policy": "q", "roles": { "any": { "actions": ["*"] } }, "rules": [\#(rule("yes", "allow"))] }"#
    )
    return try policies.decide(request(action: "x", subject: subject, id: id)).warnings[0].message
  }

  @Test func mappings() throws {
    #expect(try roles("") == "[] []")
    #expect(try roles("", id: "ada") == #"["watcher"] []"#)
    #expect(try roles("", id: "Ada") == "[] []")
    #expect(try roles(#""backend_roles": ["guests"]"#) == #"["watcher"] []"#)
    #expect(try roles(#""backend_roles": ["writers"]"#) == "[] []")
    #expect(try roles(#""backend_roles": ["writers", "staff"]"#) == #"["watcher", "writer"] []"#)
    #expect(try roles(#""backend_roles": ["staff", "staff"]"#) == #"["watcher"] []"#)
    #expect(
      try roles(#""backend_roles": ["chiefs"]"#)
        == #"["chief", "operator", "watcher", "writer"] []"#)
    #expect(
      try roles(#""backend_roles": ["board", "x", "staff"]"#)
        == #"["chief", "operator", "watcher", "writer"] []"#)
    #expect(try roles("", id: "grace") == #"["chief", "operator", "watcher", "writer"] []"#)
    // A backend role is not a role, and a role is not a backend role.
    #expect(try roles(#""backend_roles": ["operator"]"#) == "[] []")
    #expect(
      try roles(#""roles": ["staff", "chiefs"]"#) == #"["chiefs", "staff"] ["chiefs", "staff"]"#)
  }

  @Test func rolesOfTheRequest() throws {
    #expect(try roles(#""roles": ["writer", "empty", "writer"]"#) == #"["empty", "writer"] []"#)
    #expect(
      try roles(#""roles": ["operator"], "backend_roles": ["staff"]"#)
        == #"["operator", "watcher"] []"#)
    #expect(
      try roles(#""roles": ["zz", "watcher", "Watcher", "zz"]"#)
        == #"["Watcher", "watcher", "zz"] ["Watcher", "zz"]"#)
    #expect(
      try roles(#""roles": ["", "é", "e\u0301"]"#)
        == "[\"\", \"e\u{301}\", \"é\"] [\"\", \"e\u{301}\", \"é\"]")
    #expect(try roles(#""roles": ["watcher\u0000", "watcher "]"#).contains("watcher\",") == false)
  }

  @Test(arguments: [
    ("watcher", "cluster:monitor/ml", true), ("watcher", "cluster:monitor", false),
    ("watcher", "index:write", false),
    ("operator", "cluster:admin", true), ("operator", "cluster:security/user", false),
    ("operator", "cluster:monitor/secret", true),  // through the role `watcher`
    ("operator", "index:a/secret", false), ("operator", "index:write", true),
    ("chief", "index:write", true), ("chief", "cluster:security/user", false),
    ("chief", "cluster:monitor/x", true),
    ("writer", "index:write", true), ("writer", "index:wire", true),
    ("writer", "index:read", false),
    ("empty", "index:write", false),
  ])
  func grants(_ role: String, _ action: String, _ isGranted: Bool) throws {
    let policies = try PolicySet.inline(Self.document)
    let decision = try policies.decide(request(action: action, subject: #""roles": ["\#(role)"]"#))
    #expect(decision.isAllowed == isGranted)
    #expect(isGranted || decision.stage == .authorization)
  }

  /// Forty levels of roles, each including the two below it: as many paths as a hundred million,
  /// decided at once.
  @Test func manyPathsToOneRole() throws {
    var roles = [#""r0": { "actions": ["a"] }"#, #""r1": { "roles": ["r0"] }"#]
    for level in 2..<40 {
      roles.append(#""r\#(level)": { "roles": ["r\#(level - 1)", "r\#(level - 2)"] }"#)
    }
    let policies = try PolicySet.inline(
      #"{ "policy": "p", "roles": { \#(roles.shuffled().joined(separator: ",")) } }"#)
    #expect(
      try policies.decide(request(subject: #""roles": ["r39"]"#)).summary == "allow [role:r0]")
  }

  /// A chain as long as a file: neither loading nor deciding recurses.
  @Test func aLongChain() throws {
    let count = 2_000
    var roles = [#""r0": { "actions": ["a"] }"#]
    for level in 1..<count { roles.append(#""r\#(level)": { "roles": ["r\#(level - 1)"] }"#) }
    let policies = try PolicySet.inline(
      #"{ "policy": "p", "roles": { \#(roles.joined(separator: ",")) } }"#)
    #expect(
      try policies.decide(request(subject: #""roles": ["r\#(count - 1)"]"#)).summary
        == "allow [role:r0]")
    let closed = #"{ "policy": "q", "roles": { "last": { "roles": ["r\#(count - 1)", "last"] } } }"#
    #expect(throws: PolicyLoadError.self) { _ = try PolicySet.inline(closed) }
  }

  @Test func aLongCycleIsFoundOnce() throws {
    let count = 20_000
    let roles = (0..<count).map { #""r\#($0)": { "roles": ["r\#(($0 + 1) % count)"] }"# }
    let set = BadSet("", #"{ "policy": "p", "roles": { \#(roles.joined(separator: ",")) } }"#)
    #expect(
      set.report.hasPrefix(
        "policy.json:1:47: error: role `r0` includes itself: `r0` → `r1` → `r2` → `r3` → … → `r19997`"
      ))
    #expect(set.report.split(separator: "\n").count { $0.contains("role-cycle") } == 1)
  }
}

/// An id belongs to its type.
@Suite struct MappedUserTests {
  @Test func anotherTypeOfSubjectIsNotTheUser() throws {
    var authorizer = Authorizer(
      try PolicySet.inline(
        #"{"policy": "p", "roles": {"r": {"actions": ["*"]}}, "role_mappings": {"r": {"users": ["eve"]}}}"#
      ))
    for (type, outcome) in [("user", Outcome.allow), ("api_key", .deny), ("User", .deny)] {
      let request = Request(
        subject: .init(type: type, id: "eve"), action: .init(name: "act"),
        resource: .init(type: "t", id: "x"))
      #expect(try authorizer.decide(request).outcome == outcome)
    }
  }
}
