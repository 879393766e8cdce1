import Testing

@testable import PolicyEngine

/// Outcomes, stages, modes and their order: docs/RULES.md and section 3 of the design, sentence by
/// sentence.
@Suite struct DecisionTests {
  // MARK: Outcomes

  @Test func nothingGrantedIsADeny() throws {
    let policies = try PolicySet.rules(rule("w", "warn"), rule("d", "deny", #""when": "false""#))
    #expect(try policies.decide(request(subject: "")).summary == "deny authorization [nothing]")
    #expect(
      try policies.decide(request(subject: #""roles": ["nobody"]"#)).summary
        == "deny authorization [nothing]")
  }

  @Test func aRoleThatGrantsIsThePermission() throws {
    let policies = try PolicySet.rules()
    let decision = try policies.decide(request())
    #expect(decision.summary == "allow [role:all]")
    #expect(decision.reasons.map(\.message) == ["the role `all` grants it"])
    #expect(
      decision.stage == nil && decision.error == nil && decision.missing.isEmpty
        && decision.isAllowed)
  }

  @Test func denyBeatsWarnBeatsAllow() throws {
    let allow = rule("a", "allow")
    let warn = rule("w", "warn", #""when": "has(context.w)""#)
    let deny = rule("d", "deny", #""when": "has(context.d)""#)
    for rules in [[allow, warn, deny], [deny, warn, allow], [warn, deny, allow]] {
      let policies = try PolicySet.inline(
        #"{ "policy": "p", "rules": [\#(rules.joined(separator: ","))] }"#)
      let ask = { try policies.decide(request(subject: "", context: $0)).summary }
      #expect(try ask("") == "allow [a]")
      #expect(try ask(#""w": 1"#) == "warn [a] warn [w]")
      #expect(try ask(#""d": 1"#) == "deny admission [d]")
      #expect(try ask(#""d": 1, "w": 1"#) == "deny admission [d] warn [w]")
    }
  }

  @Test func everyReasonInDocumentOrder() throws {
    let names = ["z", "a", "m", "b"]
    let policies = try PolicySet.inline(
      #"{ "policy": "one", "roles": { "all": { "actions": ["*"] } }, "rules": [\#(names.map { rule($0, "deny") }.joined(separator: ","))] }"#,
      #"{ "policy": "another", "rules": [\#(rule("c", "deny")), \#(rule("y", "warn")), \#(rule("x", "warn"))] }"#
    )
    let decision = try policies.decide(request())
    #expect(decision.summary == "deny admission [z a m b c] warn [y x]")
    #expect(decision.reasons.map(\.policy) == ["one", "one", "one", "one", "another"])
    #expect(
      decision.reasons.map(\.position?.file) == Array(repeating: "test0.json", count: 4) + [
        "test1.json"
      ])
  }

  @Test func grantsInOrder() throws {
    let policies = try PolicySet.inline(
      """
      { "policy": "p", "privileges": { "read": { "actions": ["a"] } },
        "roles": { "z": { "actions": ["a"] }, "y": { "privileges": ["read"] }, "x": { "actions": ["b"], "roles": ["z"] } },
        "rules": [ \(rule("second", "allow")), \(rule("first", "allow")) ] }
      """)
    let decision = try policies.decide(request(subject: #""roles": ["x", "y"]"#))
    #expect(decision.summary == "allow [role:z role:y second first]")
    #expect(decision.reasons.map(\.privilege) == [nil, "read", nil, nil])
    #expect(decision.reasons[1].message == "the role `y` grants it through the privilege `read`")
  }

  // MARK: Stages

  private static let staged = [
    rule("v", "deny", #""stage": "validation""#, #""when": "has(context.v)""#),
    rule("vw", "warn", #""stage": "validation""#, #""when": "has(context.vw)""#),
    rule("z", "deny", #""stage": "authorization""#, #""when": "has(context.z)""#),
    rule("m", "deny", #""when": "has(context.m)""#),
    rule("mw", "warn", #""when": "has(context.mw)""#),
    rule("ma", "deny", #""mode": "audit""#, #""when": "has(context.mw)""#),
  ]

  @Test(arguments: [staged, staged.reversed()])
  func aStageThatDeniesEndsTheEvaluation(_ rules: [String]) throws {
    let policies = try PolicySet.inline(
      #"{ "policy": "p", "roles": { "all": { "actions": ["*"] } }, "rules": [\#(rules.joined(separator: ","))] }"#
    )
    let everything = #""v": 1, "vw": 1, "z": 1, "m": 1, "mw": 1"#
    let without = { (names: [String]) in
      everything.split(separator: ", ").filter {
        !names.contains(String($0.dropFirst().prefix { $0 != "\"" }))
      }.joined(separator: ", ")
    }
    let ask = { try policies.decide(request(subject: $0, context: $1)).summary }
    let role = #""roles": ["all"]"#
    #expect(try ask(role, everything) == "deny validation [v] warn [vw]")
    #expect(try ask("", everything) == "deny validation [v] warn [vw]")
    #expect(try ask(role, without(["v"])) == "deny authorization [z] warn [vw]")
    #expect(try ask("", without(["v"])) == "deny authorization [nothing z] warn [vw]")
    #expect(try ask("", without(["v", "z"])) == "deny authorization [nothing] warn [vw]")
    #expect(try ask(role, without(["v", "z"])) == "deny admission [m] warn [vw mw] audit [ma]")
    #expect(
      try ask(role, without(["v", "z", "m", "vw"])) == "warn [role:all] warn [mw] audit [ma]")
  }

  /// What the registry holds is not said to who may not ask: not in reasons, warnings, audit,
  /// error, missing facts or clauses.
  @Test func nothingOfALaterStageLeaks() throws {
    let secret = #""when": "resource.secret == 'hunter2'", "message": "it is ${resource.secret}""#
    let policies = try PolicySet.rules(
      rule("d", "deny", secret), rule("w", "warn", secret),
      rule("a", "deny", secret, #""mode": "audit""#),
      rule("f", "deny", #""when": "resource.secret > 1""#))
    for subject in ["", #""roles": ["other"]"#] {
      let decision = try policies.decide(
        request(subject: subject, resource: #""secret": "hunter2""#), explains: true)
      #expect(decision.summary == "deny authorization [nothing]")
      #expect(!decision.json().contains("hunter2") && !decision.json().contains("secret"))
    }
  }

  // MARK: Modes

  @Test func modes() throws {
    let when = #""when": "context.n == 1""#
    func decide(
      _ effect: String, _ mode: String, _ context: String, _ subject: String = #""roles": ["all"]"#
    ) throws -> String {
      try PolicySet.rules(rule("r", effect, when, #""mode": "\#(mode)""#))
        .decide(request(subject: subject, context: context)).summary
    }
    let (yes, no, error) = (#""n": 1"#, #""n": 2"#, "")
    for mode in ["enforce", "warn", "audit"] {
      for effect in ["allow", "deny", "warn"] {
        #expect(try decide(effect, mode, no) == "allow [role:all]")
      }
      #expect(try decide("allow", mode, error, "") == "deny authorization [nothing]")
      #expect(try decide("allow", mode, no, "") == "deny authorization [nothing]")
    }
    for context in [yes, error] {
      #expect(try decide("deny", "enforce", context) == "deny admission [r]")
      #expect(try decide("deny", "warn", context) == "warn [role:all] warn [r]")
      #expect(try decide("deny", "audit", context) == "allow [role:all] audit [r]")
      #expect(try decide("warn", "enforce", context) == "warn [role:all] warn [r]")
      #expect(try decide("warn", "warn", context) == "warn [role:all] warn [r]")
      #expect(try decide("warn", "audit", context) == "allow [role:all] audit [r]")
    }
    #expect(try decide("allow", "enforce", yes, "") == "allow [r]")
    #expect(try decide("allow", "warn", yes, "") == "warn [r] warn [r]")
    #expect(try decide("allow", "audit", yes, "") == "deny authorization [nothing] audit [r]")
  }

  // MARK: Conditions

  @Test(arguments: [
    ("true", "true", false), ("true", "false", true), ("false", "true", false),
    ("false", "false", false),
    ("1 / 0 == 1", "true", false), ("1 / 0 == 1", "false", true),
    ("1 / 0 == 1", "1 / 0 == 1", true),
    ("true", "1 / 0 == 1", true), ("false", "1 / 0 == 1", false),
  ])
  func whenAndUnless(_ when: String, _ unless: String, _ applies: Bool) throws {
    let rules = #""when": "\#(when)", "unless": "\#(unless)""#
    let deny = try PolicySet.rules(rule("r", "deny", rules))
    #expect(
      try deny.decide(request()).summary == (applies ? "deny admission [r]" : "allow [role:all]"))
    // What denies on an error does not allow on one.
    let isError = when.contains("/") || unless.contains("/")
    let allow = try PolicySet.rules(rule("r", "allow", rules))
    #expect(
      try allow.decide(request(subject: "")).summary
        == (applies && !isError ? "allow [r]" : "deny authorization [nothing]"))
  }

  @Test func resourceTypes() throws {
    let policies = try PolicySet.rules(rule("r", "deny", #""resource_types": ["model", "group"]"#))
    #expect(try policies.decide(request(type: "model")).outcome == .deny)
    #expect(try policies.decide(request(type: "group")).outcome == .deny)
    for type in ["thing", "Model", "models", "", "model "] {
      #expect(try policies.decide(request(type: type)).outcome == .allow)
    }
  }

  // MARK: Patterns

  @Test(arguments: [
    ("a", ["a"], ["", "A", "aa", "b"]),
    ("*", ["a", "", "a:b/c", "é"], []),
    ("**", ["a", ""], []),
    ("a*", ["a", "ab"], ["", "b", "ba"]),
    ("*a", ["a", "ba", "aa"], ["ab", ""]),
    ("*a*b*", ["ab", "xaxbx", "aab"], ["ba", "a", "b"]),
    ("a*b*c", ["abc", "abbc", "aXbYc", "abcbc"], ["ab", "ac", "abcd", "acb"]),
    (
      "cluster:admin/x", ["cluster:admin/x"],
      ["cluster:admin/xpack", "cluster:admin/x/y", "cluster:admin/X"]
    ),
    (
      "cluster:admin/x/*", ["cluster:admin/x/y", "cluster:admin/x/"],
      ["cluster:admin/xpack/y", "cluster:admin/x"]
    ),
    ("*/ml/*/put", ["a/ml/b/put", "a/ml/ml/x/put/put"], ["a/ml/put", "ml/b/put", "a/ml/b/put/"]),
    ("a.c", ["a.c"], ["abc"]), ("[a]", ["[a]"], ["a"]), ("a?", ["a?"], ["ab"]),
  ])
  func patterns(_ pattern: String, _ matching: [String], _ others: [String]) throws {
    let policies = try PolicySet.rules(rule("r", "deny", #""actions": ["\#(pattern)"]"#))
    for action in matching {
      #expect(try policies.decide(request(action: action)).outcome == .deny, "\(action)")
    }
    for action in others {
      #expect(try policies.decide(request(action: action)).outcome == .allow, "\(action)")
    }
  }

  /// Long names against many stars: the time is the product at worst, never exponential.
  @Test func starsDoNotExplode() throws {
    let pattern = String(repeating: "*a", count: EngineLimits.patternWildcards) + "b"
    let policies = try PolicySet.rules(rule("r", "deny", #""actions": ["\#(pattern)"]"#))
    let name = String(repeating: "a", count: 20_000)
    #expect(try policies.decide(request(action: name)).outcome == .allow)
    #expect(try policies.decide(request(action: name + "b")).outcome == .deny)
  }
}
