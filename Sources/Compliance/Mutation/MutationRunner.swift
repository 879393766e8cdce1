public import CEL
public import PolicyEngine

/// Changes a policy set in small ways, one at a time, and sees whether a case fails.
public struct MutationRunner: Sendable {
  private let suite: TestSuite
  private let jobs: Int
  private let timeZones: TimeZones
  private let sources: [PolicySource]
  /// A mutant changes one file in one place; the rest is read and checked once.
  private let cache = PolicyCache()
  /// Cases that run and pass on the unchanged set, with the rules that they ask.
  private let cases: [(test: TestCase, rules: Set<Int>)]
  /// The changes, in the order of the documents.
  public let mutants: [Mutant]

  /// A runner over the cases that passed.
  ///
  /// - Parameter run: the run of this suite on the unchanged set, with coverage: only cases that
  ///   ask a rule run against a change of it.
  public init(_ suite: TestSuite, _ run: TestRun, jobs: Int = 1, timeZones: TimeZones = .system) {
    self.suite = suite
    self.jobs = min(max(1, jobs), ComplianceLimits.jobs)
    self.timeZones = timeZones
    sources = suite.policies.sources
    let asked = run.coverage?.askedRules ?? []
    cases = run.results.enumerated().filter { $0.element.status == .passed }.map { index, result in
      (result.test, index < asked.count ? asked[index] : [])
    }
    mutants = MutantGenerator(suite.policies).mutants
  }

  /// Mutants that are run before the next progress is told.
  private static let chunk = 4

  /// Runs all mutants.
  ///
  /// - Parameter progress: told how many are done, now and then.
  public func run(progress: (Int) -> Void = { _ in }) async -> MutationRun {
    let start = ContinuousClock.now
    var parts: [(first: Int, results: [MutantResult])] = []
    await withTaskGroup(of: (first: Int, results: [MutantResult]).self) { group in
      var next = 0
      var done = 0
      func add() {
        guard next < mutants.count else { return }
        let range = next..<min(next + Self.chunk, mutants.count)
        next = range.upperBound
        group.addTask { (range.lowerBound, range.map { result(mutants[$0]) }) }
      }
      for _ in 0..<jobs { add() }
      for await part in group {
        parts.append(part)
        done += part.results.count
        progress(done)
        add()
      }
    }
    parts.sort { $0.first < $1.first }
    return MutationRun(
      results: parts.flatMap(\.results), duration: ContinuousClock.now - start)
  }

  private func result(_ mutant: Mutant) -> MutantResult {
    let policies: PolicySet
    do throws(PolicyLoadError) {
      policies = try PolicySet(mutant.apply(to: sources), timeZones: timeZones, cache: cache)
    } catch {
      return MutantResult(mutant: mutant, status: .invalid)
    }
    var worker = TestWorker(policies)
    for (test, rules) in cases {
      if let own = mutant.rules, own.isDisjoint(with: rules) { continue }
      if !worker.run(test).differences.isEmpty {
        return MutantResult(mutant: mutant, status: .killed(by: test.fullName))
      }
    }
    return MutantResult(mutant: mutant, status: .survived)
  }
}
