import PolicyEngine
import Testing

@testable import Compliance

/// Rules that test documents beside the policies cover need no examples, and fixtures that they use
/// are used.
@Suite struct LintTestedTests {
  private static let policy = PolicySource(
    name: "p.json",
    bytes: Array(
      #"""
      { "policy": "p", "description": "d",
        "roles": { "all": { "description": "d", "actions": ["x", "y"] } },
        "rules": [{ "id": "r", "description": "d", "effect": "deny", "when": "resource.id == 'a'", "message": "m" }],
        "fixtures": { "f": {} } }
      """#.utf8))

  private static func found(_ cases: String, name: String = "t") -> (codes: [String], notes: Int) {
    let text = #"{ "tests": "\#(name)", "cases": [\#(cases)] }"#
    let tests = [PolicySource(name: "t.test.json", bytes: Array(text.utf8))]
    let report = Lint().report(on: [policy], tests: tests)
    let codes = report.diagnostics.map(\.code)
    return (
      codes.filter { ["missing-examples", "unused-fixture"].contains($0) }, report.notes.count
    )
  }

  @Test(
    arguments: [
      // Neither speaks of the rule.
      (
        #"{ "name": "n", "request": {}, "expect": { "outcome": "deny" } }"#,
        ["missing-examples", "unused-fixture"]
      ),
      (
        #"{ "name": "n", "request": {}, "expect": { "excludes": ["r"] } }"#,
        ["missing-examples", "unused-fixture"]
      ),
      (
        #"{ "name": "n", "request": {}, "expect": { "rules": [] } }"#,
        ["missing-examples", "unused-fixture"]
      ),
      (#"{ "name": "n", "request": {}, "expect": { "rules": ["r"] } }"#, ["unused-fixture"]),
      (
        #"{ "name": "n", "request": {}, "expect": { "includes": ["q", "r"] } }"#, ["unused-fixture"]
      ),
      (#"{ "name": "n", "request": {}, "expect": { "warnings": ["r"] } }"#, ["unused-fixture"]),
      (#"{ "name": "n", "request": {}, "expect": { "audit": ["r"] } }"#, ["unused-fixture"]),
      // In a column, as a list or as an element.
      (
        #"{ "name": "n", "request": {}, "table": [{ "c": [] }, { "c": ["r"] }], "expect": { "rules": "${c}" } }"#,
        ["unused-fixture"]
      ),
      (
        #"{ "name": "n", "request": {}, "table": [{ "c": "r" }], "expect": { "rules": ["${c}"] } }"#,
        ["unused-fixture"]
      ),
      // What does not run covers nothing.
      (
        #"{ "name": "n", "request": {}, "expect": { "rules": ["r"] }, "skip": "later" }"#,
        ["missing-examples", "unused-fixture"]
      ),
      (#"{ "name": "n", "request": { "like": "f" }, "expect": { "rules": ["r"] } }"#, []),
      (
        #"{ "name": "n", "operation": { "like": "g" }, "registry": { "like": "f" }, "expect": { "rules": ["r"] } }"#,
        []
      ),
      (
        #"{ "name": "n", "request": { "like": "${c}" }, "table": [{ "c": "f" }], "expect": { "rules": ["r"] } }"#,
        []
      ),
    ])
  func whatTestsCover(_ test: String, _ codes: [String]) {
    #expect(Set(Self.found(test).codes) == Set(codes))
    #expect(Self.found(test).notes == 0)
  }

  /// A document with faults is not run, so it covers nothing, and lint says so.
  @Test func faultyDocumentsCoverNothing() {
    let test = #"{ "name": "n", "request": {}, "expect": { "rules": ["r"] } }"#
    let (codes, notes) = Self.found(test, name: "not a name")
    #expect(codes.contains("missing-examples"))
    #expect(notes == 1)
    #expect(Self.found(test + ",").codes.contains("missing-examples"))
  }
}
