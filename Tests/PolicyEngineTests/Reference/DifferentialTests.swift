import CEL
import Foundation
import Testing

@testable import PolicyEngine

/// The engine against the reference, and all ways of asking it against each other, on random sets
/// and requests. `REFERENCE_ROUNDS` (sets) raises the number, `REFERENCE_SEED` changes what is
/// random, `SOAK_SECONDS` goes on for so long.
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
    let end = ContinuousClock.now + .seconds(Self.setting("SOAK_SECONDS", 0))
    var round = -1
    while round + 1 < rounds || ContinuousClock.now < end {
      round += 1
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
      "differential: \((round + 1) * 8) pairs, \(seen.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
    )
    for kind in [
      "allow  ", "warn  ", "warn  failed", "deny validation ", "deny authorization ",
      "deny admission ", "deny admission failed",
    ] {
      #expect(seen[kind, default: 0] > rounds / 20, "\(kind)")
    }
  }

  /// The ways of asking are compared with each other, which is much faster than with the reference:
  /// so many more cases. A case is one request to one set, asked in twelve ways.
  @Test func allWaysAgree() async throws {
    let rounds = Self.setting("WAYS_ROUNDS", 200)
    let seconds = Self.setting("SOAK_SECONDS", 0)
    let seed = UInt64(Self.setting("REFERENCE_SEED", 1))
    let width = ProcessInfo.processInfo.activeProcessorCount
    let results = await withTaskGroup(of: (cases: Int, fault: String?).self) { group in
      for part in 0..<width {
        group.addTask {
          Self.compareWays(seed << 32, part, width, rounds: rounds, seconds: seconds)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for case (_, let fault?) in results { Issue.record("\(fault)") }
    let cases = results.reduce(0) { $0 + $1.cases }
    print("differential: \(cases) cases in twelve ways each")
    #expect(cases >= rounds * Self.requestsPerSet)
  }

  private static let requestsPerSet = 42

  private static func compareWays(
    _ seed: UInt64, _ part: Int, _ width: Int, rounds: Int, seconds: Int
  ) -> (cases: Int, fault: String?) {
    let end = ContinuousClock.now + .seconds(seconds)
    var cases = 0
    var round = part
    while round < rounds || ContinuousClock.now < end {
      var generator = PolicyGenerator(seed: ~(seed | UInt64(round)))
      let files = generator.parts().files(generator.number(1...3), &generator, shuffles: true)
      do {
        var ways = try Ways(
          files.enumerated().map {
            PolicySource(name: "\($0.offset).json", bytes: Array($0.element.utf8))
          })
        for _ in 0..<requestsPerSet {
          let request = generator.request()
          if let fault = try ways.disagreement(about: request) {
            return (
              cases, "round \(round): \(fault)\n\(files.joined(separator: "\n"))\n\(request)"
            )
          }
          cases += 1
        }
      } catch {
        return (cases, "round \(round): \(error)")
      }
      round += width
    }
    return (cases, nil)
  }
}
