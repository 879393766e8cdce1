import CEL
import Foundation
import Testing

@testable import PolicyEngine

/// The engine against the reference, on random sets and requests. `REFERENCE_ROUNDS` (sets of eight
/// requests) raises the number, `REFERENCE_SEED` changes what is random.
@Suite struct DifferentialTests {
  static func setting(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
  }

  private static func load(_ files: [String], usesIndex: Bool = true) throws(PolicyLoadError)
    -> Authorizer
  {
    let sources = files.enumerated().map {
      PolicySource(name: "\($0.offset).json", bytes: Array($0.element.utf8))
    }
    return Authorizer(try PolicySet(sources, timeZones: TimeZones(), usesIndex: usesIndex))
  }

  /// Everything but where rules stand, and the revision.
  private static func words(_ decision: Decision) -> String {
    decision.json().replacing(/"policy_revision":"[0-9a-f]+",/, with: "")
  }

  @Test func theEngineDecidesAsTheReferenceDoes() throws {
    let rounds = Self.setting("REFERENCE_ROUNDS", 260)
    let seed = UInt64(Self.setting("REFERENCE_SEED", 1))
    var seen: [String: Int] = [:]
    for round in 0..<rounds {
      var generator = PolicyGenerator(seed: seed << 32 | UInt64(round))
      let parts = generator.parts()
      let files = parts.files(generator.number(1...3), &generator, shuffles: false)
      let reference = try ReferenceEngine(files)
      var engine = try Self.load(files)
      var plain = try Self.load(files, usesIndex: false)
      var shuffled = try Self.load(parts.files(generator.number(1...3), &generator, shuffles: true))
      for _ in 0..<8 {
        let request = generator.request()
        let json = Array(request.utf8)
        let expected = try reference.decide(try JSONValue.parse(request))
        seen[
          "\(expected.outcome) \(expected.stage ?? "") \(expected.failed.isEmpty ? "" : "failed")",
          default: 0] += 1
        engine.explains = false
        let decision = try engine.decide(json: json)
        let found = ReferenceEngine.Verdict(decision)
        let context = { "round \(round)\n\(files.joined(separator: "\n"))\n\(request)" }
        guard found == expected else {
          Issue.record("\(found)\nis not\n\(expected)\n\(context())")
          return
        }
        engine.explains = true
        plain.explains = true
        let explained = try engine.decide(json: json)
        guard ReferenceEngine.Verdict(explained) == expected,
          explained.reasons.map(\.message) == decision.reasons.map(\.message),
          try engine.outcome(json: json) == decision.outcome
        else {
          Issue.record("an explanation changes the decision\n\(context())")
          return
        }
        guard try plain.decide(json: json).json() == explained.json() else {
          Issue.record("the index changes the decision\n\(context())")
          return
        }
        guard
          ReferenceEngine.Verdict(try shuffled.decide(json: json)).unordered == expected.unordered
        else {
          Issue.record("the order of rules or files changes the decision\n\(context())")
          return
        }
        guard
          Self.words(try engine.decide(try Request(foundation: request))) == Self.words(explained)
        else {
          Issue.record("a typed request decides otherwise\n\(context())")
          return
        }
      }
    }
    // What was tried is what this is about.
    print(
      "differential: \(rounds * 8) pairs, \(seen.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
    )
    for kind in [
      "allow  ", "warn  ", "warn  failed", "deny validation ", "deny authorization ",
      "deny admission ", "deny admission failed",
    ] {
      #expect(seen[kind, default: 0] > rounds / 20, "\(kind)")
    }
  }
}
