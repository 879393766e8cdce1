import EngineComparison
import Foundation
import Testing

/// The engine against the reference, and all ways of asking it against each other, on random sets
/// and requests. Few, because this is the slow build of the tests: `make differential` runs a
/// hundred thousand cases, `make soak` as many as there is time for.
///
/// `REFERENCE_ROUNDS` (sets) raises the number, `REFERENCE_SEED` changes what is random.
@Suite struct DifferentialTests {
  static func setting(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
  }

  @Test func theEngineDecidesAsTheReferenceDoes() async {
    let rounds = Self.setting("REFERENCE_ROUNDS", 300)
    let comparison = Comparison(seed: Self.setting("REFERENCE_SEED", 7), requests: 8)
    let result = await comparison.run(
      rounds: rounds, seconds: 0, tasks: ProcessInfo.processInfo.activeProcessorCount)
    if let fault = result.fault { Issue.record("\(fault)") }
    print("differential: \(result.cases) cases")
    #expect(result.cases >= rounds * 8)
    // What was tried is what this is about.
    for kind in Comparison.kinds {
      #expect(result.kinds[kind, default: 0] > rounds / 20, "\(kind)")
    }
  }
}
