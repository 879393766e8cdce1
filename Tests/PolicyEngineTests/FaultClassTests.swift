import CEL
import Testing

@testable import PolicyEngine

/// Faults that other engines had, each by name: they must not be possible here. Those of caches are
/// in `RememberingTests`, of failing conditions in `FailClosedTests`, of role cycles in `RoleTests`,
/// of names that look alike and of a deny in any file in `HostileTests`.
@Suite struct FaultClassTests {
  // MARK: Identifiers

  /// Two rules whose ids only look the same are two rules; two with the same id are an error.
  @Test func idsAreUniqueByCodePoint() throws {
    let error = #expect(throws: PolicyLoadError.self) {
      try PolicySet.rules(rule("same", "warn"), rule("same", "deny"))
    }
    #expect(error?.diagnostics.map(\.code) == ["duplicate-id"])
    let policies = try PolicySet.rules(rule("same", "warn"), rule("Same", "warn"))
    #expect(try policies.decide(request()).warnings.map(\.rule) == ["same", "Same"])
  }

  // MARK: Wildcards

  @Test func wildcardsAreOnlyInRuleFiles() throws {
    let policies = try PolicySet.inline(
      """
      { "policy": "p", "roles": { "some": { "actions": ["a:*:read", "b?", "c[1]", "d.e", "f\\\\*"] },
        "star": { "actions": ["*"] } } }
      """)
    let table: [(String, Bool)] = [
      ("a:x:read", true), ("a::read", true), ("a:x:y:read", true), ("a:x:reads", false),
      ("xa:x:read", false), ("a:read", false), ("A:x:read", false), ("*", false), ("a:*", false),
      ("a:*:read", true), ("b?", true), ("bx", false), ("c1", false), ("d.e", true),
      ("dxe", false), ("f\\anything", true), ("fanything", false), ("", false),
    ]
    var authorizer = Authorizer(policies)
    for (action, isGranted) in table {
      for role in ["some", "star"] {
        let outcome = try authorizer.outcome(
          of: Request(
            subject: .init(type: "user", id: "eve", properties: ["roles": [.string(role)]]),
            action: .init(name: action), resource: .init(type: "t", id: "i")))
        #expect((outcome == .allow) == (role == "star" || isGranted), "\(role) \(action)")
      }
    }
  }

  // MARK: Depth and breadth

  /// Forty levels of roles that each include two of the next: a million millions of paths.
  @Test func rolesThatIncludeEachOtherWidely() throws {
    let levels = 40
    let roles = (0..<levels).flatMap { level in
      ["a", "b"].map { name in
        let below =
          level + 1 < levels
          ? #""roles": ["a\#(level + 1)", "b\#(level + 1)"]"# : #""actions": ["act"]"#
        return #""\#(name)\#(level)": { \#(below) }"#
      }
    }
    var authorizer = Authorizer(
      try .inline("{ \"policy\": \"p\", \"roles\": { \(roles.joined(separator: ", ")) } }"))
    for (role, wanted) in [("a0", Outcome.allow), ("b39", .allow), ("c0", .deny)] {
      let json = request(action: "act", subject: #""roles": ["\#(role)"]"#)
      #expect(try authorizer.outcome(json: Array(json.utf8)) == wanted)
    }
  }

  @Test func moreThan65536Attributes() throws {
    let count = 66_000
    let policies = try PolicySet.rules(
      rule("last", "deny", #""when": "resource.p\#(count - 1) == \#(count - 1)""#),
      rule("first", "warn", #""when": "resource.p0 == 0""#))
    let members = (0..<count).map { #""p\#($0)": \#($0)"# }.joined(separator: ",")
    #expect(
      try policies.decide(request(resource: members)).summary
        == "deny admission [last] warn [first]")
    let fewer = (0..<count - 1).map { #""p\#($0)": \#($0)"# }.joined(separator: ",")
    #expect(try policies.decide(request(resource: fewer)).reasons.first?.failure != nil)
  }

  /// As many different texts, which can't all be remembered, in one request and over many.
  @Test func moreThan65536Texts() throws {
    let count = 66_000
    let policies = try PolicySet.rules(
      rule("r", "deny", #""when": "'t\#(count - 1)' in resource.texts""#))
    var authorizer = Authorizer(policies)
    for round in 0..<3 {
      let texts = (0..<count).map { #""t\#($0 - round)""# }.joined(separator: ",")
      let json = request(resource: #""texts": [\#(texts)]"#)
      #expect(try authorizer.outcome(json: Array(json.utf8)) == (round == 0 ? .deny : .allow))
    }
  }

  @Test func moreThan65536ActionsAndTypes() throws {
    let count = 66_000
    let list = (0..<count).map { #""x\#($0)""# }.joined(separator: ",")
    let policies = try PolicySet.rules(
      rule("actions", "deny", #""actions": [\#(list)]"#),
      rule("types", "warn", #""resource_types": [\#(list)]"#))
    for (number, isListed) in [(0, true), (count - 1, true), (count, false)] {
      #expect(
        (try policies.decide(request(action: "x\(number)")).outcome == .deny) == isListed)
      #expect(
        (try policies.decide(request(type: "x\(number)")).outcome == .warn) == isListed)
    }
  }
}

extension FaultClassTests {
  // MARK: Cache keys

  /// What is checked once for many rules is checked in the scope of each: a condition that one scope
  /// takes must still be refused in another.
  @Test func conditionsAreCheckedInTheirOwnScope() {
    let vocabulary =
      #"{"vocabulary": "v", "resources": {"a": {"attributes": {"x": "string"}}, "b": {"attributes": {"y": "string"}}, "a b": {"attributes": {"z": "string"}}, "*": {"attributes": {"s": "string"}}}}"#
    let scopes = [
      (#"["a b"]"#, "z"), (#"["a", "b"]"#, "x"), (#"["*"]"#, "s"), (#"["b"]"#, "y"),
      (#"["a"]"#, "x"), (#"["1:a"]"#, "anything"),
    ]
    for (types, own) in scopes {
      for (others, foreign) in scopes where others != types {
        let rules = [
          rule("one", "deny", #""resource_types": \#(types), "when": "resource.\#(own) == 'v'""#),
          rule(
            "two", "deny", #""resource_types": \#(others), "when": "resource.\#(own) == 'w'""#),
        ]
        let isKnown =
          own == foreign || foreign == "anything" || own == "x" && others.contains(#""a""#)
          || own == "y" && others.contains(#""b""#)
        let load = {
          _ = try PolicySet.inline(
            vocabulary, #"{"policy": "p", "rules": [\#(rules.joined(separator: ","))]}"#)
        }
        guard !isKnown else {
          #expect(throws: Never.self, "\(types) \(others)") { try load() }
          continue
        }
        let error = #expect(throws: PolicyLoadError.self, "\(types) \(others)") { try load() }
        #expect(error?.diagnostics.map(\.code) == ["unknown-attribute"])
      }
    }
  }

  /// Conditions that look alike but for a text are rules of their own: each denies for its own text.
  @Test func conditionsThatLookAlike() throws {
    let texts = ["a", "b", "a b", "A", "é", "e\u{301}", "", " a", "x\u{202E}"]
    let rules = texts.enumerated().map { index, text in
      rule("r\(index)", "deny", #""when": "'\#(text)' in resource.l || resource.s == 'o\#(text)'""#)
    }
    let policies = try PolicySet.inline(
      #"{"policy": "p", "roles": {"all": {"actions": ["*"]}}, "rules": [\#(rules.joined(separator: ","))]}"#
    )
    for (index, text) in texts.enumerated() {
      for resource in [#""l": ["\#(text)"], "s": "n""#, #""l": [], "s": "o\#(text)""#] {
        #expect(
          try policies.decide(request(resource: resource)).reasons.map(\.rule) == ["r\(index)"])
      }
    }
  }

  // MARK: Depth bombs

  @Test func aRuleFileThatNestsDeeply() {
    for depth in [65, 100_000] {
      let bomb =
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      let error = #expect(throws: PolicyLoadError.self) {
        try PolicySet.inline(#"{"policy": "p", "rules": \#(bomb)}"#)
      }
      #expect(error?.diagnostics.map(\.code) == ["json-tooDeep"])
    }
  }

  @Test(arguments: [
    ("(", "1 == 1", ")"), ("!(", "true", ")"), ("[", "1", "] == []"), ("-", "1", ""),
  ])
  func aConditionThatNestsDeeply(_ open: String, _ inner: String, _ close: String) {
    let depth = 10_000
    let bomb =
      String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
    #expect(throws: PolicyLoadError.self) {
      try PolicySet.rules(rule("bomb", "deny", #""when": "\#(bomb)""#))
    }
  }

  @Test func aRequestThatNestsDeeply() throws {
    let policies = try PolicySet.rules(rule("r", "deny", #""when": "resource.x == 1""#))
    let bomb =
      String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    let error = #expect(throws: RequestError.self) {
      try policies.decide(request(resource: #""x": \#(bomb)"#))
    }
    #expect(error?.code == "json-tooDeep")
  }

  // MARK: Counts

  /// More conditions than any number of sixteen bits counts, all of one look.
  @Test func moreThan65536Conditions() throws {
    let count = 66_000
    let rules = (0..<count).map { index in
      #"{"id":"r\#(index)","description":"d","effect":"deny","message":"m","when":"resource.id == 'i\#(index)'"}"#
    }
    let policies = try PolicySet.inline(
      #"{"policy": "p", "roles": {"all": {"actions": ["*"]}}, "rules": [\#(rules.joined(separator: ","))]}"#
    )
    for index in [0, 65_535, 65_536, count - 1] {
      let json = request().replacing(#""id": "t""#, with: #""id": "i\#(index)""#)
      #expect(try policies.decide(json).reasons.map(\.rule) == ["r\(index)"])
    }
    #expect(try policies.decide(request()).outcome == .allow)
  }

  @Test func moreThan65536PrivilegesAndMappings() throws {
    let count = 66_000
    let privileges = (0..<count).map { #""p\#($0)": {"actions": ["a\#($0)"]}"# }
    let roles = (0..<count).map { #""r\#($0)": {"privileges": ["p\#($0)"]}"# }
    let mappings = (0..<count).map { #""r\#($0)": {"users": ["u\#($0)"]}"# }
    let policies = try PolicySet.inline(
      """
      {"policy": "p", "privileges": {\(privileges.joined(separator: ","))},
       "roles": {\(roles.joined(separator: ","))},
       "role_mappings": {\(mappings.joined(separator: ","))}}
      """)
    for (user, action, isGranted) in [
      (65_536, 65_536, true), (0, 0, true), (65_536, 0, false), (0, 65_536, false),
      (count - 1, count - 1, true),
    ] {
      let decision = try policies.decide(
        request(action: "a\(action)", subject: "", id: "u\(user)"))
      #expect((decision.outcome == .allow) == isGranted)
    }
  }
}
