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
