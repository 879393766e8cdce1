import PolicyEngine
import Testing

@testable import Compliance

/// Mutants: every change is one, none twice, and one that no case notices is told.
@Suite struct MutationTests {
  private func mutants(_ members: String) throws -> [String] {
    MutantGenerator(try policies(members)).mutants.filter { $0.owner != "role `all`" }
      .map { "\($0.kind.rawValue) \($0.change)" }
  }

  private func rule(_ members: String, effect: String = "deny") -> String {
    #""rules": [{ "id": "r", "description": "d", "effect": "\#(effect)", "message": "m", \#(members) }]"#
  }

  /// What folds to a removed rule or to a dropped condition is that, and not another change.
  @Test func equalChangesAreOne() throws {
    let single = try mutants(rule(#""when": "resource.a""#))
    #expect(
      single == [
        "rule-removed the rule removed", "deny-warns `deny` only warns",
        "when-dropped `when` dropped", "clause-negated `resource.a` negated",
      ])
    #expect(
      try mutants(rule(#""when": "resource.a && resource.b""#)) == [
        "rule-removed the rule removed", "deny-warns `deny` only warns",
        "when-dropped `when` dropped", "clause-true `resource.a` made true",
        "clause-negated `resource.a` negated", "clause-true `resource.b` made true",
        "clause-negated `resource.b` negated",
      ])
    #expect(
      try mutants(rule(#""when": "resource.a || !resource.b""#, effect: "warn")) == [
        "rule-removed the rule removed", "when-dropped `when` dropped",
        "clause-false `resource.a` made false", "clause-negated `resource.a` negated",
        "clause-true `resource.b` made true", "clause-negated `resource.b` negated",
      ])
  }

  @Test func unlessAndDefinitionsAreChanged() throws {
    #expect(
      try mutants(
        #""definitions": { "d": "has(resource.x) ? resource.x : [1]", "unused": "resource.z == 1" },"#
          + rule(#""unless": "size(d) > 1""#)) == [
          "clause-true `has(resource.x)` made true", "clause-false `has(resource.x)` made false",
          "clause-negated `has(resource.x)` negated", "rule-removed the rule removed",
          "deny-warns `deny` only warns", "unless-dropped `unless` dropped",
          "clause-negated `size(d) > 1` negated",
        ])
  }

  @Test func grantsAreTakenAway() throws {
    #expect(
      try mutants(
        #"""
        "privileges": { "x": { "actions": ["a", "b"], "except": ["c"] } },
        "role_mappings": { "all": { "users": ["u"], "backend_roles": ["v"], "and_backend_roles": ["w", "y"] } }
        """#) == [
          "pattern-removed the pattern `a` removed", "pattern-removed the pattern `b` removed",
          "exception-removed the exception `c` removed", "mapping-removed the user `u` removed",
          "mapping-removed the backend role `v` removed",
          "mapping-removed the backend role `w` removed",
          "mapping-removed the backend role `y` removed",
        ])
  }

  /// Every mutant is a document that still loads, and no two are the same.
  @Test func changesLeaveDocumentsWhole() throws {
    let set = try policies(
      #"""
      "privileges": { "x": { "actions": ["a", "b"], "except": ["c"] }, "y": { "actions": ["b"] } },
      "definitions": { "d": "has(resource.x) && (resource.x > 1 || resource.x < 0)" },
      "rules": [
        { "id": "r", "description": "say \"no\"", "effect": "deny", "when": "d && resource.name == \"a\u0062\"", "unless": "resource.y", "message": "m" },
        { "id": "s", "description": "d", "effect": "warn", "when": "resource.x in [1, 2]", "message": "m" }
      ],
      "role_mappings": { "all": { "users": ["u"], "and_backend_roles": ["w", "y"] } }
      """#)
    let mutants = MutantGenerator(set).mutants
    #expect(mutants.count > 25)
    for mutant in mutants {
      let changed = mutant.apply(to: set.sources)
      #expect(throws: Never.self, "\(mutant.owner) \(mutant.change)") { try PolicySet(changed) }
      #expect(changed.map(\.bytes) != set.sources.map(\.bytes))
    }
    #expect(Set(mutants.map { $0.apply(to: set.sources)[0].bytes }).count == mutants.count)
  }

  private func run(_ set: PolicySet, _ cases: String, jobs: Int = 2) async throws -> MutationRun {
    let suite = try TestSuite(set, documents: [document(cases)])
    let run = await (try TestRunner(suite, covers: true)).run()
    #expect(run.count(.failed) == 0)
    return await MutationRunner(suite, run, jobs: jobs).run()
  }

  /// A weak suite lets changes survive, a strong one none.
  @Test func survivorsAreWhatNoCaseNotices() async throws {
    let set = try policies(rule(#""when": "resource.a && resource.b""#))
    func test(_ a: Bool, _ b: Bool) -> String {
      let outcome = a && b ? "deny" : "allow"
      let request = request("\"a\": \(a), \"b\": \(b)")
      return
        #"{ "name": "\#(a) \#(b)", "request": \#(request), "expect": { "outcome": "\#(outcome)" } }"#
    }
    let weak = try await run(set, test(true, true))
    #expect(
      weak.survivors.map(\.change) == [
        "the pattern `*` removed", "`when` dropped", "`resource.a` made true",
        "`resource.b` made true",
      ])
    let strong = try await run(
      set, [test(true, true), test(true, false), test(false, true)].joined(separator: ","))
    #expect(strong.survivors.map(\.change) == [])
    #expect(strong.score.percent == 100)
    #expect(strong.results.count == weak.results.count)
  }

  /// What runs on one thread and on several is the same, and so is what asks no rule.
  @Test func changesThatNoCaseAsksSurvive() async throws {
    let set = try policies(
      #""rules": [{ "id": "r", "description": "d", "effect": "deny", "actions": ["other"], "message": "m" }]"#
    )
    let cases = #"{ "name": "n", "request": \#(request()), "expect": { "outcome": "allow" } }"#
    for jobs in [1, 3] {
      let run = try await run(set, cases, jobs: jobs)
      #expect(run.survivors.map(\.change) == ["the rule removed", "`deny` only warns"])
      // The role's own pattern is what the case passes by.
      #expect(run.killed == 1)
    }
  }
}
