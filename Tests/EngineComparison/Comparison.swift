import CEL
import PolicyEngine

/// The engine against the reference, and all ways of asking it against each other, on random sets
/// and requests. A case is one request to one set.
///
/// Whatever a round does follows from the seed and the round's number alone, so that any number of
/// tasks does the same work and a failing round can be run again.
package struct Comparison: Sendable {
  /// What was seen, and the first thing that did not agree, if any did.
  package struct Result: Sendable {
    package var cases = 0
    /// Decisions by outcome, stage and whether a rule failed.
    package var kinds: [String: Int] = [:]
    package var fault: String?

    mutating func add(_ other: Result) {
      cases += other.cases
      kinds.merge(other.kinds, uniquingKeysWith: +)
      fault = fault ?? other.fault
    }
  }

  private let seed: UInt64
  /// Requests that are asked of each set.
  private let requests: Int

  package init(seed: Int, requests: Int) {
    self.seed = UInt64(seed) << 32
    self.requests = requests
  }

  /// Runs at least so many rounds, and goes on for so many seconds.
  package func run(rounds: Int, seconds: Int, tasks: Int) async -> Result {
    let end = ContinuousClock.now + .seconds(seconds)
    return await withTaskGroup(of: Result.self) { group in
      for part in 0..<tasks {
        group.addTask {
          var result = Result()
          var round = part
          while result.fault == nil, round < rounds || ContinuousClock.now < end {
            result.add(self.round(round))
            round += tasks
          }
          return result
        }
      }
      return await group.reduce(into: Result()) { $0.add($1) }
    }
  }

  private func round(_ number: Int) -> Result {
    var result = Result()
    var generator = PolicyGenerator(seed: seed | UInt64(number))
    let parts = generator.parts()
    let files = parts.files(generator.number(1...3), &generator, shuffles: false)
    let context = { "round \(number)\n\(files.joined(separator: "\n"))" }
    do {
      let reference = try ReferenceEngine(files)
      var ways = try Ways(Self.sources(files))
      var shuffled = Authorizer(
        try PolicySet(
          Self.sources(parts.files(generator.number(1...3), &generator, shuffles: true))))
      for _ in 0..<requests {
        let request = generator.request()
        result.cases += 1
        let fault =
          try compare(request, reference, &ways, &shuffled, &result.kinds)
          ?? ways.disagreement(about: request)
        guard let fault else { continue }
        result.fault = "\(fault)\n\(context())\n\(request)"
        return result
      }
    } catch {
      result.fault = "\(error)\n\(context())"
    }
    return result
  }

  private static func sources(_ files: [String]) -> [PolicySource] {
    files.enumerated().map {
      PolicySource(name: "\($0.offset).json", bytes: Array($0.element.utf8))
    }
  }

  /// What does not agree with the reference, in files as they are and shuffled.
  private func compare(
    _ request: String, _ reference: ReferenceEngine, _ ways: inout Ways,
    _ shuffled: inout Authorizer, _ kinds: inout [String: Int]
  ) throws -> String? {
    let expected = try reference.decide(try JSONValue.parse(request))
    let kind =
      "\(expected.outcome) \(expected.stage ?? "") \(expected.failed.isEmpty ? "" : "failed")"
    kinds[kind, default: 0] += 1
    let json = Array(request.utf8)
    let found = ReferenceEngine.Verdict(try ways.decide(json))
    guard found == expected else { return "\(found)\nis not\n\(expected)" }
    let other = ReferenceEngine.Verdict(try shuffled.decide(json: json))
    return other.unordered == expected.unordered
      ? nil : "the order of rules or files changes the decision"
  }

  /// Kinds of decisions of which random cases must have some, or they would show little.
  package static let kinds = [
    "allow  ", "warn  ", "warn  failed", "deny validation ", "deny authorization ",
    "deny admission ", "deny admission failed",
  ]
}
