import CEL
import PolicyEngine
import Testing

@testable import Compliance

@Suite struct DiffTests {
  private static func compare(_ old: PolicySource, _ new: PolicySource) throws -> AccessChanges {
    AccessDiff(old: try PolicySet([old]), new: try PolicySet([new])).compare()
  }

  private static func set(_ roles: String, _ rules: String...) -> PolicySource {
    LintSets.policy(
      "\"roles\": { \(roles) }, \"rules\": [\(rules.map(LintSets.rule).joined(separator: ","))]")
  }

  private static let reader = #""reader": { "actions": ["doc:read"] }"#

  private static func deny(_ id: String, _ when: String, _ more: String = "") -> String {
    "\"id\": \"\(id)\", \"effect\": \"deny\", \"when\": \"\(when)\"\(more)"
  }

  @Test func aSetIsEqualToItself() throws {
    let set = Self.set(Self.reader, Self.deny("x", "resource.a.matches('x+') && subject.n > 3"))
    let changes = try Self.compare(set, set)
    #expect(changes.cells.isEmpty && changes.compared > 0 && !changes.isDoubtful)
  }

  @Test func otherWordsAreNoChange() throws {
    let changes = try Self.compare(
      Self.set(Self.reader, Self.deny("x", "resource.n >= 1 && resource.n <= 5")),
      Self.set(Self.reader, Self.deny("y", "!(resource.n < 1 || 5 < resource.n)")))
    #expect(changes.cells.isEmpty && !changes.isDoubtful)
  }

  @Test func aBoundaryThatMoved() throws {
    let changes = try Self.compare(
      Self.set(Self.reader, Self.deny("x", "resource.n > 10")),
      Self.set(Self.reader, Self.deny("x", "resource.n >= 10")))
    let cell = try #require(changes.cells.first)
    #expect(changes.cells.count == 1)
    #expect(cell.role == "reader" && cell.action == "doc:read")
    #expect(cell.verdict == .lessPermissive && cell.doubt == nil)
    #expect(cell.witnesses.first?.request.contains("\"n\":10") ?? false)
    #expect(cell.witnesses.first?.old.outcome == .allow)
    #expect(cell.witnesses.first?.new.reasons.first?.rule == "x")
  }

  @Test func bothWays() throws {
    let changes = try Self.compare(
      Self.set(Self.reader, Self.deny("x", "resource.id == 'a'")),
      Self.set(Self.reader, Self.deny("x", "resource.id == 'b'")))
    #expect(changes.cells.map(\.verdict) == [.incomparable])
    #expect(changes.cells[0].witnesses.map(\.kind) == [.newlyAllowed, .newlyDenied])
  }

  @Test func anErrorThatIsGone() throws {
    // A condition that fails denies; asking first lets the request pass.
    let changes = try Self.compare(
      Self.set(Self.reader, Self.deny("x", "resource.n > 10")),
      Self.set(Self.reader, Self.deny("x", "has(resource.n) && resource.n > 10")))
    #expect(changes.cells.map(\.verdict) == [.morePermissive])
    #expect(!(changes.cells[0].witnesses[0].request.contains("\"n\"")))
  }

  @Test func patternsThatOverlap() throws {
    let changes = try Self.compare(
      Self.set(#""r": { "actions": ["a:*"] }"#),
      Self.set(#""r": { "actions": ["a:*"] }, "s": { "actions": ["*:read"] }"#))
    #expect(changes.cells.allSatisfy { $0.role == "s" && $0.verdict == .morePermissive })
    #expect(changes.cells.contains { $0.action.hasPrefix("a:") && $0.action.hasSuffix(":read") })
  }

  @Test func rolesThatAreMapped() throws {
    let roles = #""r": { "actions": ["a"] }"#
    let changes = try Self.compare(
      LintSets.policy(
        "\"roles\": { \(roles) }, \"role_mappings\": { \"r\": { \"backend_roles\": [\"it\"] } }"),
      LintSets.policy(
        "\"roles\": { \(roles) }, \"role_mappings\": { \"r\": { \"and_backend_roles\": [\"it\", \"ml\"], \"users\": [\"eve\"] } }"
      ))
    let cell = try #require(changes.cells.first { $0.role == nil && $0.action == "a" })
    #expect(cell.verdict == .incomparable && cell.doubt == nil)
    #expect(cell.witnesses.first?.request.contains("eve") ?? false)
    #expect(cell.witnesses.last?.request.contains("\"backend_roles\":[\"it\"]") ?? false)
  }

  @Test func conditionsThatReadRoles() throws {
    let roles = #""r": { "actions": ["a"] }, "s": { "actions": ["a"], "roles": ["r"] }"#
    let changes = try Self.compare(
      Self.set(roles), Self.set(roles, Self.deny("x", "'r' in subject.roles && subject.id == 'u'")))
    #expect(changes.cells.map(\.role) == ["r", "s"])
    #expect(changes.cells.allSatisfy { $0.verdict == .lessPermissive })
  }

  @Test func warningsAreNoAccess() throws {
    let changes = try Self.compare(
      Self.set(Self.reader, Self.deny("x", "resource.id == 'a'", #", "mode": "warn""#)),
      Self.set(Self.reader, Self.deny("x", "resource.id == 'b'", #", "mode": "warn""#)))
    #expect(changes.cells.map(\.verdict) == [.equal])
    #expect(changes.cells[0].witnesses.map(\.kind) == [.warningAdded, .warningRemoved])
    #expect(changes.isAnything && !changes.contains(.morePermissive))
  }

  @Test func watchedRulesAreNoAccess() throws {
    let changes = try Self.compare(
      Self.set(Self.reader),
      Self.set(Self.reader, Self.deny("x", "resource.id == 'a'", #", "mode": "audit""#)))
    #expect(changes.cells.isEmpty)
  }

  // MARK: Where it is not exact

  @Test func saysWhereItIsNotExact() throws {
    let changes = try Self.compare(
      Self.set(Self.reader, Self.deny("x", "resource.id.matches('^[a-c]{7}$')")),
      Self.set(Self.reader, Self.deny("x", "resource.id.matches('^[a-d]{7}$')")))
    #expect(changes.isDoubtful)
    #expect(changes.cells[0].doubt?.contains("resource.id.matches") ?? false)
  }

  @Test func whatIsNotUnderstoodMayStillBeProven() throws {
    let pattern = "resource.id.matches('^[a-c]{7}$')"
    let changes = try Self.compare(
      Self.set(Self.reader, Self.deny("x", "\(pattern) && resource.n == 1")),
      Self.set(Self.reader, Self.deny("x", "resource.n == 1 && \(pattern)")))
    #expect(changes.cells.isEmpty && !changes.isDoubtful)
  }

  @Test func samplesFindWhatTheyCan() throws {
    let changes = try Self.compare(
      Self.set(Self.reader, Self.deny("x", "resource.id.startsWith('tmp-')")),
      Self.set(Self.reader, Self.deny("x", "resource.id.startsWith('temp-')")))
    #expect(changes.cells.map(\.verdict) == [.incomparable])
  }

  // MARK: Limits

  @Test func patternsThatAreCombined() throws {
    func roles(_ count: Int) -> PolicySource {
      let patterns = (0..<count).map { "\"p\($0):*\"" }.joined(separator: ",")
      return Self.set("\"r\": { \"actions\": [\(patterns)] }")
    }
    let few = roles(AnalysisLimits.diffPatterns)
    #expect(try Self.compare(few, few).notes.isEmpty)
    let many = roles(AnalysisLimits.diffPatterns + 1)
    #expect(try Self.compare(many, many).notes.count == 1)
  }

  @Test func cellsThatAreCompared() throws {
    func roles(_ count: Int, _ actions: Int) -> PolicySource {
      let names = (0..<actions).map { "\"a\($0)\"" }.joined(separator: ",")
      return Self.set(
        (0..<count).map { "\"r\($0)\": { \"actions\": [\($0 == 0 ? names : "")] }" }
          .joined(separator: ","))
    }
    // One cell without a role, and one action that nothing names.
    let few = roles(9, 9)
    #expect(try Self.compare(few, few).compared == 100)
    let side = Int(Double(AnalysisLimits.diffCells).squareRoot())
    let many = roles(side, side + 1)
    let changes = try Self.compare(many, many)
    #expect(changes.compared == AnalysisLimits.diffCells)
    #expect(changes.notes.count == 1 && changes.isDoubtful)
  }
}
