import CEL
import Testing

@testable import PolicyEngine

/// What a limited API key can't have, whatever mappings and rules would give its owner.
@Suite struct SubjectLimitTests {
  static let policies = """
    { "policy": "p",
      "privileges": {
        "see": { "actions": ["m:get", "m:list"] },
        "run": { "actions": ["m:*"], "except": ["m:purge"] } },
      "roles": {
        "reader": { "privileges": ["see"] }, "boss": { "privileges": ["run"] },
        "chief": { "roles": ["boss"] } },
      "role_mappings": {
        "boss": { "users": ["ada"], "backend_roles": ["staff"] }, "chief": { "users": ["ida"] } },
      "rules": [ { "id": "own", "description": "d", "effect": "allow", "actions": ["m:give"],
        "when": "subject.id == 'ada'" } ] }
    """

  struct Case: CustomTestStringConvertible {
    let id: String
    var roles: [String] = []
    var backend: [String] = []
    /// The limits, as JSON members.
    var limits = ""
    let action: String
    let allowed: Bool

    var testDescription: String { "\(id) \(roles) \(backend) {\(limits)} \(action)" }

    /// The same as JSON.
    var json: String {
      let members = [#""roles": \#(roles)"#, #""backend_roles": \#(backend)"#]
      return request(
        action: action,
        subject: (members + (limits.isEmpty ? [] : [limits])).joined(separator: ", "),
        id: id, type: "t")
    }

    /// The same as values.
    func typed() throws -> Request { try EvaluationDocument(Array(json.utf8)).request(0) }
  }

  static let roleLimited = #""role_limited": true"#

  static let cases: [Case] = [
    // Without limits: what mappings and rules give.
    Case(id: "ada", action: "m:put", allowed: true),
    Case(id: "ida", action: "m:put", allowed: true),
    Case(id: "ada", action: "m:give", allowed: true),
    // Limited to roles: a mapping by name gives nothing, nor what is included in the role mapped.
    Case(id: "ada", limits: roleLimited, action: "m:put", allowed: false),
    Case(id: "ida", limits: roleLimited, action: "m:put", allowed: false),
    Case(id: "ada", roles: ["reader"], limits: roleLimited, action: "m:put", allowed: false),
    Case(id: "ada", roles: ["reader"], limits: roleLimited, action: "m:get", allowed: true),
    // A rule's grant is no role.
    Case(id: "ada", roles: ["reader"], limits: roleLimited, action: "m:give", allowed: false),
    Case(id: "ada", roles: ["boss"], limits: roleLimited, action: "m:give", allowed: true),
    // A backend role that was left to the key stands for its roles.
    Case(id: "eve", backend: ["staff"], limits: roleLimited, action: "m:put", allowed: true),
    // `false` is no limit, and whatever is no `false` is one.
    Case(id: "ada", limits: #""role_limited": false"#, action: "m:put", allowed: true),
    Case(id: "ada", limits: #""role_limited": null"#, action: "m:put", allowed: false),
    Case(id: "ada", limits: #""role_limited": "no""#, action: "m:put", allowed: false),
    // Limited to privileges: what both the owner has and the limit reaches.
    Case(id: "ada", limits: #""privilege_limit": ["see"]"#, action: "m:get", allowed: true),
    Case(id: "ada", limits: #""privilege_limit": ["see"]"#, action: "m:put", allowed: false),
    Case(id: "ada", limits: #""privilege_limit": ["see"]"#, action: "m:give", allowed: false),
    Case(id: "ada", limits: #""privilege_limit": ["run"]"#, action: "m:give", allowed: true),
    Case(id: "eve", limits: #""privilege_limit": ["run"]"#, action: "m:get", allowed: false),
    Case(
      id: "eve", roles: ["reader"], limits: #""privilege_limit": ["run"]"#, action: "m:put",
      allowed: false),
    // Exceptions of a privilege hold for a limit, too.
    Case(
      id: "ada", roles: ["all"], limits: #""privilege_limit": ["run"]"#, action: "m:purge",
      allowed: false),
    // Patterns over actions, which have a colon; other names reach nothing.
    Case(id: "ada", limits: #""privilege_limit": ["m:*"]"#, action: "m:put", allowed: true),
    Case(id: "ada", limits: #""privilege_limit": ["m:put"]"#, action: "m:put", allowed: true),
    Case(id: "ada", limits: #""privilege_limit": ["m:puts"]"#, action: "m:put", allowed: false),
    Case(id: "ada", limits: #""privilege_limit": ["*"]"#, action: "m:put", allowed: false),
    Case(id: "ada", limits: #""privilege_limit": ["boss"]"#, action: "m:put", allowed: false),
    Case(id: "ada", limits: #""privilege_limit": ["x", "run"]"#, action: "m:put", allowed: true),
    // Whatever is no list of texts reaches nothing.
    Case(id: "ada", limits: #""privilege_limit": []"#, action: "m:get", allowed: false),
    Case(id: "ada", limits: #""privilege_limit": null"#, action: "m:get", allowed: false),
    Case(id: "ada", limits: #""privilege_limit": "run""#, action: "m:get", allowed: false),
    Case(id: "ada", limits: #""privilege_limit": {"run": 1}"#, action: "m:get", allowed: false),
    Case(id: "ada", limits: #""privilege_limit": [["run"], 1]"#, action: "m:get", allowed: false),
    // Both.
    Case(
      id: "ada", roles: ["reader"], limits: #"\#(roleLimited), "privilege_limit": ["run"]"#,
      action: "m:put", allowed: false),
    Case(
      id: "ada", roles: ["reader"], limits: #"\#(roleLimited), "privilege_limit": ["run"]"#,
      action: "m:list", allowed: true),
  ]

  /// One authorizer for all, in both orders: a limit must not be remembered for others of the same
  /// name.
  @Test func limitsHoldHoweverASubjectIsGiven() throws {
    let policies = try PolicySet.inline(Self.policies)
    var authorizer = Authorizer(policies)
    var prepared = PreparedAuthorizer(policies, try RequestShape([]))
    for one in Self.cases + Self.cases.reversed() {
      let expected = one.allowed ? Outcome.allow : .deny
      #expect(try authorizer.outcome(json: Array(one.json.utf8)) == expected, "\(one)")
      let request = try one.typed()
      #expect(try authorizer.outcome(of: request) == expected, "\(one)")
      #expect(try authorizer.decide(request).outcome == expected, "\(one)")
      let subject = try prepared.prepare(request.subject)
      try prepared.begin(subject, action: one.action, resource: "t", id: "i")
      #expect(prepared.outcome() == expected, "\(one)")
    }
  }

  @Test func explanationsSayThatTheLimitIsInTheWay() throws {
    let policies = try PolicySet.inline(Self.policies)
    let limited = request(
      action: "m:put", subject: #""privilege_limit": ["see"]"#, id: "ada", type: "t")
    let decision = try policies.decide(limited, explains: true)
    #expect(decision.outcome == .deny && decision.stage == .authorization)
    #expect(
      decision.missing.flatMap(\.facts).map(\.text) == [
        "`subject.privilege_limit` reaches the action"
      ])
  }

  /// `EngineLimits.limitEntries`: what stands behind is not looked at.
  @Test func manyEntries() throws {
    let policies = try PolicySet.inline(Self.policies)
    for (extra, expected) in [(-1, Outcome.allow), (0, .deny)] {
      let others = [String](repeating: "x:y", count: EngineLimits.limitEntries + extra)
      let text = request(
        action: "m:put", subject: #""privilege_limit": \#(others + ["run"])"#, id: "ada", type: "t")
      #expect(try policies.decide(text).outcome == expected)
    }
  }
}
