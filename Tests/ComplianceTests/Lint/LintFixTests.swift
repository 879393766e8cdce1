import CEL
import Compliance
import Foundation
import PolicyEngine
import Testing

/// Fixes change no decision and nothing but what they fix.
@Suite struct LintFixTests {
  private static func bad() throws -> [PolicySource] {
    try LintSets.sources("examples/81-lint/policies")
  }

  @Test func fixingLeavesNothingToFix() throws {
    let sources = try Self.bad()
    let (fixed, count) = Lint().fixed(sources)
    #expect(count == Lint().report(on: sources).findings.count { $0.fix != nil })
    #expect(Lint().report(on: fixed).findings.allSatisfy { $0.fix == nil })
    let again = Lint().fixed(fixed)
    #expect(again.count == 0)
    #expect(again.sources.map(\.bytes) == fixed.map(\.bytes))
  }

  @Test func onlyTheFixedPlacesChange() {
    let source = LintSets.policy(
      """
      "privileges" : {"p":{"description":"d",  "actions":[ "a:x",
            "a:*" , "b" ,"b" ] } },
        "roles": { "r": { "description": "d", "privileges": [ "p" ] } },
      "definitions": { "unused": "1 == 1" }
      """)
    let (fixed, count) = Lint().fixed([source])
    #expect(count == 3)
    #expect(
      String(decoding: fixed[0].bytes, as: UTF8.self).contains(
        """
        "privileges" : {"p":{"description":"d",  "actions":[ "a:*" , "b" ] } },
          "roles": { "r": { "description": "d", "privileges": [ "p" ] } },
        "definitions": {}
        """))
  }

  @Test func manyNeighboursAreFixed() {
    let entries = (0..<200).map { _ in "\"a\"" }.joined(separator: ", ")
    let source = LintSets.policy(
      "\"roles\": { \"r\": { \"description\": \"d\", \"actions\": [\(entries)] } }")
    let (fixed, count) = Lint().fixed([source])
    #expect(count == 199)
    #expect(String(decoding: fixed[0].bytes, as: UTF8.self).contains("\"actions\": [\"a\"]"))
  }

  /// Decisions before and after, for requests of every kind that the set can tell apart.
  @Test func noDecisionChanges() throws {
    let sources = try Self.bad()
    let (fixed, _) = Lint().fixed(sources)
    #expect(fixed.map(\.bytes) != sources.map(\.bytes))
    var before = Authorizer(try PolicySet(sources))
    var after = Authorizer(try PolicySet(fixed))
    var count = 0
    for request in Self.requests() {
      let (old, new) = (try before.decide(request), try after.decide(request))
      #expect(old.outcome == new.outcome)
      #expect(old.reasons.map(\.rule) == new.reasons.map(\.rule))
      #expect(old.reasons.map(\.message) == new.reasons.map(\.message))
      #expect(old.warnings.map(\.rule) == new.warnings.map(\.rule))
      count += 1
    }
    #expect(count > 1_000)
  }

  private static func requests() -> [Request] {
    let stages: [CELValue?] = [nil, "test", "production", "old", .int(3)]
    let sizes: [CELValue?] = [nil, .int(1), .int(50), .int(500), "big"]
    var requests: [Request] = []
    for role in ["model_reader", "mode1_reader", "guest", "owner", "nobody"] {
      for action in ["model:read", "model:raed", "model:write", "report:read", "other"] {
        for stage in stages {
          for size in sizes {
            for force in [nil, true, false] as [Bool?] {
              var properties: [String: CELValue] = ["owner": "ada"]
              properties["stage"] = stage
              properties["size"] = size
              requests.append(
                Request(
                  subject: .init(
                    type: "user", id: "bob",
                    properties: ["roles": .list([.string(role)]), "team": "a"]),
                  action: .init(
                    name: action, properties: force.map { ["force": .bool($0)] } ?? [:]),
                  resource: .init(type: "model", id: "m", properties: properties)))
            }
          }
        }
      }
    }
    return requests
  }
}
