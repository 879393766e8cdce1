import PolicyEngine
import Testing

@testable import Compliance

/// Coverage is what the program that decides reached, no more and no less.
@Suite struct CoverageTests {
  /// One rule with a condition, asked with some properties; its clauses as `text true/false/error`.
  struct Case: CustomTestStringConvertible {
    var when: String
    var asked: [String]
    var clauses: [String]
    var testDescription: String { when }
  }

  static let cases = [
    Case(when: "resource.a == 1", asked: [#""a": 1"#], clauses: ["resource.a == 1 1/0/0"]),
    Case(
      when: "resource.a && resource.b", asked: [#""a": false, "b": true"#],
      clauses: ["resource.a 0/1/0", "resource.b 0/0/0"]),
    Case(
      when: "resource.a || resource.b", asked: [#""a": true, "b": true"#],
      clauses: ["resource.a 1/0/0", "resource.b 0/0/0"]),
    Case(
      when: "resource.a && resource.b",
      asked: [#""a": true, "b": true"#, #""a": true, "b": false"#, #""a": false, "b": false"#],
      clauses: ["resource.a 2/1/0", "resource.b 1/1/0"]),
    // An error does not keep the other side from being asked.
    Case(
      when: "resource.a && resource.b", asked: [#""b": false"#],
      clauses: ["resource.a 0/0/1", "resource.b 0/1/0"]),
    Case(
      when: "!(resource.a && !resource.b)", asked: [#""a": true, "b": true"#],
      clauses: ["resource.a 1/0/0", "resource.b 1/0/0"]),
    Case(
      when: "(has(resource.a) ? resource.a : 'x') == 'x'", asked: [""],
      clauses: ["(has(resource.a) ? resource.a : 'x') == 'x' 1/0/0", "has(resource.a) 0/1/0"]),
    Case(
      when: "is_a && resource.b", asked: [#""a": 1, "b": true"#],
      clauses: ["resource.b 1/0/0", "is_a: has(resource.a) 1/0/0", "is_a: resource.a == 1 1/0/0"]),
    Case(
      when: "resource.b && is_a", asked: [#""a": 1, "b": false"#],
      clauses: ["resource.b 0/1/0", "is_a: has(resource.a) 0/0/0", "is_a: resource.a == 1 0/0/0"]),
    Case(
      when: "size(list) > 0 && resource.b", asked: [#""b": true"#],
      clauses: ["size(list) > 0 0/1/0", "resource.b 0/0/0", "list: has(resource.l) 0/1/0"]),
    Case(
      when: "resource.l.exists(x, x == 1 || x == 2)", asked: [#""l": [2]"#],
      clauses: ["resource.l.exists(x, x == 1 || x == 2) 1/0/0"]),
  ]

  @Test(arguments: cases) func clausesAreCounted(_ test: Case) async throws {
    let set = try policies(
      #"""
      "definitions": { "is_a": "has(resource.a) && resource.a == 1", "list": "has(resource.l) ? resource.l : []" },
      "rules": [{ "id": "r", "description": "d", "effect": "warn", "when": "\#(test.when)", "message": "m" }]
      """#)
    let coverage = try await cover(set, test.asked)
    let own = coverage.rules.flatMap { $0.clauses.map(Self.shown) }
    let defined = coverage.definitions.flatMap { part in
      part.clauses.map { "\(part.name): \(Self.shown($0))" }
    }
    #expect(own + defined == test.clauses)
  }

  private static func shown(_ clause: Coverage.Clause) -> String {
    "\(clause.expression) \(clause.isTrue)/\(clause.isFalse)/\(clause.isError)"
  }

  private func cover(_ set: PolicySet, _ asked: [String]) async throws -> Coverage {
    let cases = asked.enumerated().map {
      #"{ "name": "\#($0)", "request": \#(request($1)), "expect": { "excludes": [] } }"#
    }
    let suite = try TestSuite(set, documents: [document(cases.joined(separator: ","))])
    let run = await (try TestRunner(suite, covers: true)).run()
    #expect(run.count(.failed) == 0 || asked == [#""b": false"#])
    return try #require(run.coverage)
  }

  /// `unless` is asked only where `when` holds, and a stage that denies ends it.
  @Test func whatIsNotAskedIsNotCovered() async throws {
    let set = try policies(
      #"""
      "rules": [
        { "id": "v", "description": "d", "effect": "deny", "stage": "validation", "when": "has(resource.bad)", "message": "m" },
        { "id": "u", "description": "d", "effect": "deny", "when": "resource.w", "unless": "resource.u", "message": "m" }
      ]
      """#)
    let coverage = try await cover(set, [#""w": false, "u": true"#, #""bad": 1, "w": true"#])
    #expect(coverage.rules.map(\.asked) == [2, 1])
    #expect(coverage.rules.map(\.decided) == [1, 0])
    #expect(coverage.rules[1].clauses.map(Self.shown) == ["resource.w 0/1/0", "resource.u 0/0/0"])
    #expect(
      coverage.gaps.map(\.message) == [
        "no test is matched by rule `u`", "`resource.w` is never true",
        "`resource.u` is never reached",
      ])
  }

  /// Rules that an index would leave out are asked: nine rules with one text each make a group.
  @Test func theIndexHidesNothing() async throws {
    let rules = (0..<9).map {
      #"{ "id": "r\#($0)", "description": "d", "effect": "deny", "when": "resource.kind == 'k\#($0)'", "message": "m" }"#
    }
    let set = try policies(#""rules": [\#(rules.joined(separator: ","))]"#)
    let coverage = try await cover(set, [#""kind": "k3""#])
    #expect(coverage.rules.map(\.asked) == Array(repeating: 1, count: 9))
    #expect(coverage.clauseShare == Coverage.Share(hit: 9, all: 18))
  }

  @Test func rolesAndPrivilegesThatGrant() async throws {
    let set = try PolicySet([
      PolicySource(
        name: "p.json",
        bytes: Array(
          #"""
          { "policy": "p", "privileges": { "x": { "actions": ["a"] }, "y": { "actions": ["b"] } },
            "roles": { "all": { "privileges": ["x", "y"] }, "other": { "privileges": ["y"] } } }
          """#.utf8))
    ])
    let coverage = try await cover(set, [""])
    #expect(coverage.roles.map(\.granted) == [1, 0])
    #expect(coverage.privileges.map(\.granted) == [1, 0])
    #expect(coverage.total == Coverage.Share(hit: 2, all: 4))
    #expect(coverage.total.shown == "50.0 %")
  }

  @Test(arguments: [(0, 0, "100.0 %"), (1, 3, "33.3 %"), (1_999, 2_000, "99.9 %"), (0, 5, "0.0 %")])
  func sharesAreNeverRoundedUp(_ hit: Int, _ all: Int, _ shown: String) {
    #expect(Coverage.Share(hit: hit, all: all).shown == shown)
  }
}
