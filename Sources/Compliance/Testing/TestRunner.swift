public import CEL
public import PolicyEngine

/// Runs the cases of a suite, several at a time.
public struct TestRunner: Sendable {
  /// What is run.
  public let suite: TestSuite
  /// How many threads work at a time, 1 to `ComplianceLimits.jobs`.
  public let jobs: Int
  /// Whether it is noted what the cases exercise.
  public let covers: Bool
  /// The set that decides.
  private let policies: PolicySet

  /// A runner of a suite. With coverage every rule about an action is asked, so that nothing that
  /// an index would leave out is missed; decisions are the same.
  ///
  /// - Throws: `PolicyLoadError` never, for a suite whose set was loaded with these time zones.
  public init(
    _ suite: TestSuite, jobs: Int = 1, covers: Bool = false, timeZones: TimeZones = .system
  ) throws(PolicyLoadError) {
    self.suite = suite
    self.jobs = min(max(1, jobs), ComplianceLimits.jobs)
    self.covers = covers
    policies = covers ? try suite.policies.withoutIndex(timeZones: timeZones) : suite.policies
  }

  /// Cases that are run before the next progress is told.
  private static let chunk = 64

  private struct Part: Sendable {
    var first: Int
    var results: [TestResult]
    var exercises: [Exercise]
  }

  /// Runs all cases. Results stand in the order of the cases, whatever order they were run in.
  ///
  /// - Parameter progress: told how many cases are done, now and then.
  public func run(progress: (Int) -> Void = { _ in }) async -> TestRun {
    let start = ContinuousClock.now
    var parts: [Part] = []
    await withTaskGroup(of: Part.self) { group in
      var next = 0
      var done = 0
      func add() {
        guard next < suite.cases.count else { return }
        let range = next..<min(next + Self.chunk, suite.cases.count)
        next = range.upperBound
        group.addTask { work(range) }
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
    let coverage = covers ? Coverage(policies, parts.flatMap(\.exercises)) : nil
    return TestRun(
      results: parts.flatMap(\.results), coverage: coverage,
      duration: ContinuousClock.now - start)
  }

  private func work(_ range: Range<Int>) -> Part {
    var worker = TestWorker(policies)
    var part = Part(first: range.lowerBound, results: [], exercises: [])
    for index in range {
      let test = suite.cases[index]
      let start = ContinuousClock.now
      guard test.skip == nil else {
        part.results.append(
          TestResult(
            test: test, status: .skipped, differences: [], decision: nil, duration: .zero))
        if covers { part.exercises.append(Exercise()) }
        continue
      }
      let (differences, decision) = worker.run(test)
      if covers { part.exercises.append(worker.exercise) }
      part.results.append(
        TestResult(
          test: test, status: differences.isEmpty ? .passed : .failed, differences: differences,
          decision: differences.isEmpty ? nil : decision, duration: ContinuousClock.now - start))
    }
    return part
  }
}

/// Runs cases one after the other, with storage that is reused.
struct TestWorker {
  private var authorizer: Authorizer
  /// Whether the last case was decided, so that there is something to read off.
  private var isDecided = false

  init(_ policies: PolicySet) { authorizer = Authorizer(policies) }

  /// What the last case exercised; nothing if it was not decided.
  var exercise: Exercise {
    mutating get { isDecided ? authorizer.exercise() : Exercise() }
  }

  /// What is wrong with a case, and the decision, explained if something is.
  mutating func run(_ test: TestCase) -> (differences: [Difference], decision: Decision?) {
    isDecided = false
    let request: [UInt8]
    switch test.request {
    case .failure(let fault):
      let difference = Difference(what: "request", expected: "a request", actual: fault.message)
      return ([difference], nil)
    case .success(let bytes): request = bytes
    }
    authorizer.explains = test.expectation.needsExplanation
    let answer = decide(request)
    let differences = Judge(expectation: test.expectation, obstacle: test.obstacle)
      .differences(answer)
    guard !differences.isEmpty, !authorizer.explains else {
      return (differences, try? answer.get())
    }
    // A second time, with reasons: the first was for speed.
    authorizer.explains = true
    return (differences, try? decide(request).get())
  }

  private mutating func decide(_ request: [UInt8]) -> Result<Decision, RequestError> {
    do throws(RequestError) {
      let decision = try authorizer.decide(json: request)
      isDecided = true
      return .success(decision)
    } catch {
      return .failure(error)
    }
  }
}
