import CEL
import Foundation
import PolicyEngine
import Testing

@testable import Compliance

/// What lint finds, and what it does not find beside it.
@Suite struct LintTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var sources: [PolicySource]
    var codes: [String]
    var testDescription: String { name }

    init(_ name: String, _ codes: [String], _ sources: PolicySource...) {
      (self.name, self.codes, self.sources) = (name, codes, sources)
    }
  }

  private static func deny(_ id: String, _ members: String) -> String {
    "\"id\": \"\(id)\", \"effect\": \"deny\", \(members)"
  }

  static let conditions: [Case] = [
    Case(
      "two values of one attribute", ["never-matches"],
      LintSets.rules(deny("x", #""when": "has(resource.a) && resource.a == 1 && resource.a == 2""#))
    ),
    Case(
      "an empty range", ["never-matches"],
      LintSets.rules(deny("x", #""when": "has(resource.a) && resource.a > 2 && resource.a < 2""#))),
    Case(
      "a value that is in no list of both", ["never-matches"],
      LintSets.rules(
        deny(
          "x", #""when": "resource.id in ['a', 'b'] && resource.id in ['c', 'd']""#))),
    Case(
      "a part that is not understood changes nothing", ["never-matches"],
      LintSets.rules(
        deny(
          "x", #""when": "resource.id.matches('a+') && resource.id == 'b' && resource.id == 'c'""#))
    ),
    Case(
      "a part that is not understood by itself", [],
      LintSets.rules(deny("x", #""when": "resource.id.matches('a+')""#))),
    Case(
      "elements of one list", [],
      LintSets.rules(
        deny(
          "x",
          #""when": "has(subject.backend_roles) && 'a' in subject.backend_roles && 'b' in subject.backend_roles""#
        ))),
    Case(
      "unless is true when when is", ["never-matches"],
      LintSets.rules(
        deny(
          "x", #""when": "resource.id == 'a'", "unless": "resource.id in ['a', 'b']""#))),
    Case(
      "one or the other", ["always-true"],
      LintSets.rules(deny("x", #""when": "resource.id == 'a' || resource.id != 'a'""#))),
    Case(
      "what may be missing is not always true", ["deny-can-fail"],
      LintSets.rules(deny("x", #""when": "resource.a == 'a' || resource.a != 'a'""#))),
    Case(
      "asked for first", [],
      LintSets.rules(deny("x", #""when": "has(resource.a) && resource.a == 'a'""#))),
    Case(
      "another type", ["deny-reads-undeclared"],
      LintSets.rules(deny("x", #""when": "has(resource.a) && resource.a < 3""#))),
    Case(
      "declared and required", [],
      LintSets.rules(deny("x", #""when": "subject.level < 3""#)), LintSets.vocabulary),
    Case(
      "an overflow", ["deny-can-fail"],
      LintSets.rules(deny("x", #""when": "9223372036854775807 + size(resource.id) > 0""#))),
    Case(
      "an audited rule denies nothing", [],
      LintSets.rules(deny("x", #""mode": "audit", "when": "resource.a == 'a'""#))),
  ]

  static let pairs: [Case] = [
    Case(
      "after an unconditional denial", ["shadowed-rule"],
      LintSets.rules(
        deny("x", #""actions": ["t:*"]"#),
        deny("y", #""actions": ["t:read"], "when": "resource.id == 'a'""#))),
    Case(
      "before it, in the same stage", [],
      LintSets.rules(
        deny("y", #""actions": ["t:read"], "when": "resource.id == 'a'""#),
        deny("x", #""actions": ["t:*"]"#))),
    Case(
      "before it, in a later stage", ["shadowed-rule"],
      LintSets.rules(
        deny("y", #""actions": ["t:read"], "when": "resource.id == 'a'""#),
        deny("x", #""stage": "validation", "actions": ["t:*"]"#))),
    Case(
      "about other actions", [],
      LintSets.rules(
        deny("x", #""actions": ["t:r*"]"#),
        deny("y", #""actions": ["t:*"], "when": "resource.id == 'a'""#))),
    Case(
      "more general by its values", ["shadowed-rule"],
      LintSets.rules(
        deny("x", #""when": "resource.id in ['a', 'b']""#),
        deny("y", #""when": "resource.id == 'a'""#))),
    Case(
      "not more general", [],
      LintSets.rules(
        deny("x", #""when": "resource.id in ['a', 'b']""#),
        deny("y", #""when": "resource.id in ['a', 'c']""#))),
    Case(
      "the same with the sides exchanged", ["duplicate-rule"],
      LintSets.rules(
        deny("x", #""when": "resource.id == 'a'""#),
        deny("y", #""when": "'a' == resource.id""#))),
    Case(
      "the same through a definition", ["duplicate-rule"],
      LintSets.policy(
        "\"definitions\": { \"is_a\": \"resource.id == 'a'\" }, \"rules\": ["
          + LintSets.rule(deny("x", #""when": "is_a""#)) + ","
          + LintSets.rule(deny("y", #""when": "resource.id == 'a'""#)) + "]")),
    Case(
      "an allowance that is always refused", ["conflicting-rules"],
      LintSets.rules(
        deny("x", #""when": "resource.id in ['a', 'b']""#),
        #""id": "y", "effect": "allow", "when": "resource.id == 'a'""#)),
    Case(
      "an allowance within another", ["shadowed-rule"],
      LintSets.rules(
        #""id": "x", "effect": "allow", "when": "resource.id in ['a', 'b']""#,
        #""id": "y", "effect": "allow", "when": "resource.id == 'a'""#)),
    Case(
      "a watched rule covers nothing", [],
      LintSets.rules(deny("x", #""mode": "warn""#), deny("y", #""when": "resource.id == 'a'""#))),
  ]

  static let others: [Case] = [
    Case(
      "a pattern that nothing declares", ["unmatched-action"],
      LintSets.rules(deny("x", #""actions": ["t:read", "t:raed"]"#)), LintSets.vocabulary),
    Case(
      "without a vocabulary nothing is declared", [],
      LintSets.rules(deny("x", #""actions": ["t:raed"]"#))),
    Case(
      "a type of other actions", ["never-matches"],
      LintSets.rules(deny("x", #""actions": ["t:read"], "resource_types": ["u"]"#)),
      LintSets.vocabulary),
    Case(
      "grants", ["broad-grant", "redundant-pattern", "broad-grant"],
      LintSets.policy(
        #""privileges": { "p": { "description": "d", "actions": ["cluster:*", "cluster:admin/x/*"] } }, "roles": { "r": { "description": "d", "privileges": ["p"], "actions": ["*"] } }"#
      )),
    Case(
      "a rule about everything grants nothing", [],
      LintSets.rules(deny("x", #""actions": ["*"]"#))),
    Case(
      "used by a message alone", [],
      LintSets.policy(
        "\"definitions\": { \"name\": \"resource.id\" }, \"rules\": ["
          + LintSets.rule(
            deny("x", #""actions": ["a"], "message": "${name}""#).replacing(
              "\"message\": \"m\", ", with: "")
          ).replacing("\"message\": \"m\", ", with: "") + "]")),
    Case(
      "digits tell names apart", [],
      LintSets.policy(
        #""roles": { "readers-of-2": { "description": "d", "actions": ["a"] }, "readers-of-3": { "description": "d", "actions": ["a"] } }"#
      )),
    Case(
      "one letter more", ["confusable-name"],
      LintSets.policy(
        #""roles": { "administrator": { "description": "d", "actions": ["a"] }, "administrators": { "description": "d", "actions": ["a"] } }"#
      )),
    Case(
      "shapes", ["confusable-name"],
      LintSets.policy(
        #""roles": { "modern": { "description": "d", "actions": ["a"] }, "modem": { "description": "d", "actions": ["a"] } }"#
      )),
    Case(
      "scripts in conditions", ["mixed-script"],
      LintSets.rules(deny("x", #""when": "resource.id == 'pаypal'""#))),
    Case(
      "accents are Latin", [],
      LintSets.rules(deny("x", #""when": "resource.id == 'café'""#))),
    Case(
      "what can't be seen", ["mixed-script"],
      LintSets.rules(deny("x", #""when": "resource.id == 'a\u200bb'""#))),
    Case(
      "a suppressed finding", [],
      LintSets.rules(
        deny(
          "x", #""when": "resource.a == 1", "suppress": { "deny-can-fail": "It must be given." }"#))
    ),
    Case(
      "suppressed for the document", [],
      LintSets.policy(
        #""suppress": { "deny-can-fail": "All of it is given." }, "rules": ["#
          + LintSets.rule(deny("x", #""when": "resource.a == 1""#)) + "]")),
  ]

  @Test(arguments: conditions + pairs + others) func finds(_ test: Case) throws {
    let report = Lint().report(on: test.sources)
    #expect(report.diagnostics.map(\.code) == test.codes, "\(report.diagnostics)")
  }

  @Test func aSetThatDoesNotLoadIsItsOwnFinding() {
    let report = Lint().report(on: [LintSets.rules(#""id": "x", "effect": "deny", "when": "1 +""#)])
    #expect(report.findings.allSatisfy { $0.code == nil } && report.worst == .error)
  }

  /// The bad example shows everything that there is to find.
  @Test func theExampleShowsEveryCode() throws {
    let report = Lint().report(on: try LintSets.sources("examples/81-lint/policies"))
    let found = Set(report.findings.compactMap(\.code))
    #expect(Set(LintCode.allCases).subtracting(found).isEmpty)
  }

  @Test func theShippedPoliciesAreClean() throws {
    let report = Lint().report(on: try LintSets.sources("policies"), timeZones: .system)
    #expect(report.diagnostics.isEmpty, "\(report.diagnostics.map(\.description))")
    #expect(report.notes.isEmpty)
  }

  @Test func everyCodeIsDocumented() throws {
    let page = try String(
      contentsOf: LintSets.root.appendingPathComponent("docs/LINT.md"), encoding: .utf8)
    let schema = try String(
      contentsOf: LintSets.root.appendingPathComponent("policies/policy.schema.json"),
      encoding: .utf8)
    for code in LintCode.allCases {
      #expect(page.contains("\n### `\(code.rawValue)`\n"))
      #expect(schema.contains("\"\(code.rawValue)\""))
    }
  }

  // MARK: Configuration

  private static func configuration(_ text: String) throws -> LintConfiguration {
    try LintConfiguration(PolicySource(name: "modelgate-lint.json", bytes: Array(text.utf8)))
  }

  @Test func levelsCanBeSet() throws {
    let configuration = try Self.configuration(
      #"{ "codes": { "deny-can-fail": "error", "missing-examples": "off" } }"#)
    let rule = #""id": "x", "effect": "deny", "when": "resource.a == 1", "examples": {}"#
    let source = LintSets.policy(
      "\"rules\": [{ \"description\": \"d\", \"message\": \"m\", \(rule) }]")
    let report = Lint(configuration).report(on: [source])
    #expect(report.diagnostics.map(\.code) == ["deny-can-fail"])
    #expect(report.worst == .error)
    #expect(Lint().report(on: [source]).findings.count == 2)
  }

  @Test func whatIsSwitchedOffNeedsNoSuppression() throws {
    let source = LintSets.rules(
      #""id": "x", "effect": "deny", "when": "resource.a == 1", "suppress": { "deny-can-fail": "why" }"#
    )
    let off = try Self.configuration(#"{ "codes": { "deny-can-fail": "off" } }"#)
    #expect(Lint(off).report(on: [source]).findings.isEmpty)
  }

  @Test(arguments: [
    (#"{ "codes": { "deny-can-fall": "off" } }"#, "unknown-code", "did you mean `deny-can-fail`?"),
    (#"{ "codes": { "deny-can-fail": "loud" } }"#, "unknown-word", "`off`"),
    (#"{ "codes": { "deny-can-fail": 3 } }"#, "unknown-word", "`off`"),
    (#"{ "code": {} }"#, "unknown-field", "did you mean `codes`?"),
    (#"{ "codes": [] }"#, "wrong-type", ""), ("[]", "wrong-type", ""), ("{", "json", ""),
  ]) func saysWhatIsWrongWithIt(_ text: String, _ code: String, _ help: String) {
    let error = #expect(throws: PolicyLoadError.self) { try Self.configuration(text) }
    let first = error?.diagnostics.first
    #expect(first?.code.hasPrefix(code) ?? false)
    #expect(help.isEmpty || first?.help?.contains(help) ?? false)
  }
}
