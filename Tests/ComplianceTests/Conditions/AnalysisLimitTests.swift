import CEL
import PolicyEngine
import Testing

@testable import Compliance

/// Both sides of every limit of `AnalysisLimits`.
@Suite struct AnalysisLimitTests {
  private static func space(_ condition: String) throws -> AttributeSpace {
    let set = try PolicySet([
      LintSets.rules("\"id\": \"x\", \"effect\": \"deny\", \"when\": \"\(condition)\"")
    ])
    var reader = ConditionReader(set)
    let formula = reader.formula(of: set.rules[0])
    return AttributeSpace(formula.atoms, of: reader.atoms, Assumptions())
  }

  @Test func subsetsOfElements() throws {
    // One element stands for all that are not mentioned.
    func contains(_ count: Int) -> String {
      (0..<count).map { "'e\($0)' in resource.l" }.joined(separator: " && ")
    }
    #expect(try Self.space(contains(AnalysisLimits.subsetElements - 1)).isExact)
    #expect(try !Self.space(contains(AnalysisLimits.subsetElements)).isExact)
  }

  @Test func rowsOfATable() throws {
    let few = try Self.space("has(resource.a.b.c)")
    #expect(few.isExact)
    #expect(few.tables.values.allSatisfy { $0.rows.count <= AnalysisLimits.tableRows })
    let names = (0..<12).map { "resource.a\($0)" }.joined(separator: " + ")
    let many = try Self.space("\(names) == 'x'")
    #expect(!many.isExact)
    #expect(many.tables.values.allSatisfy { $0.rows.count <= AnalysisLimits.tableRows })
  }

  @Test func stepsOfASearch() throws {
    func search(_ pigeons: Int, _ holes: Int) throws -> RequestSearch.Finding {
      var parts: [String] = []
      for a in 0..<pigeons {
        parts.append(
          "resource.p\(a) in [" + (0..<holes).map { "'h\($0)'" }.joined(separator: ",") + "]")
        for b in 0..<a { parts.append("resource.p\(a) != resource.p\(b)") }
      }
      let set = try PolicySet([
        LintSets.rules(
          "\"id\": \"x\", \"effect\": \"deny\", \"when\": \"\(parts.joined(separator: " && "))\"")
      ])
      var reader = ConditionReader(set)
      let formula = reader.formula(of: set.rules[0])
      let space = AttributeSpace(formula.atoms, of: reader.atoms, Assumptions())
      var search = RequestSearch(space)
      return search.find([.init(formula: formula, wanted: .true)])
    }
    // More pigeons than holes can't be housed; seeing it takes a step for every try.
    if case .none = try search(4, 3) {} else { Issue.record("four do not fit into three") }
    if case .gaveUp = try search(10, 9) {
    } else {
      Issue.record("ten into nine takes more than \(AnalysisLimits.searchSteps) steps")
    }
  }

  @Test func pairsOfRules() {
    func notes(_ count: Int) -> [String] {
      let rules = (0..<count).map { index in
        LintSets.rule(
          "\"id\": \"rule-\(index)-x\", \"effect\": \"deny\", \"when\": \"resource.id == '\(index)'\""
        )
      }
      let source = LintSets.policy("\"rules\": [\(rules.joined(separator: ","))]")
      return Lint().report(on: [source]).notes
    }
    #expect(notes(20).isEmpty)
    let count = Int(Double(AnalysisLimits.rulePairs).squareRoot()) + 2
    #expect(notes(count).contains { $0.contains("pairs of rules") })
  }

  @Test func namesThatAreCompared() {
    func notes(_ count: Int) -> [String] {
      let roles = (0..<count).map { "\"r\($0)\": { \"description\": \"d\", \"actions\": [\"a\"] }" }
      return Lint().report(
        on: [LintSets.policy("\"roles\": { \(roles.joined(separator: ",")) }")]
      ).notes
    }
    #expect(notes(AnalysisLimits.comparedNames).isEmpty)
    #expect(notes(AnalysisLimits.comparedNames + 1).contains { $0.contains("names of one kind") })
  }
}
