public import PolicyEngine

/// Where what came of a request is not what must come of it.
public struct Difference: Hashable, Sendable {
  /// What was looked at: `outcome`, `rules`, `message`, ….
  public let what: String
  /// What must come of it.
  public let expected: String
  /// What came of it.
  public let actual: String
}

/// What came of one case.
public struct TestResult: Sendable {
  /// How it ended.
  public enum Status: String, Sendable, CaseIterable { case passed, failed, skipped }

  /// The case.
  public let test: TestCase
  /// How it ended.
  public let status: Status
  /// What is not as it must be; empty unless it failed.
  public let differences: [Difference]
  /// The decision of a case that failed, explained; nil if there is none.
  public let decision: Decision?
  /// How long it took.
  public let duration: Duration
}

/// What came of a suite.
public struct TestRun: Sendable {
  /// One result for each case, in order.
  public let results: [TestResult]
  /// What the cases exercised, if that was asked for.
  public let coverage: Coverage?
  /// How long all of it took.
  public let duration: Duration

  /// How many ended in a way.
  public func count(_ status: TestResult.Status) -> Int { results.count { $0.status == status } }
  /// The results that failed, in order.
  public var failures: [TestResult] { results.filter { $0.status == .failed } }
}

/// Holds a decision against what was expected.
struct Judge {
  let expectation: Expectation
  /// What the registry would meet if policies allowed the operation.
  var obstacle: Obstacle?

  func differences(_ answer: Result<Decision, RequestError>) -> [Difference] {
    switch answer {
    case .failure(let error): return differences(error)
    case .success(let decision):
      if let code = expectation.requestError {
        let actual = "a decision: \(decision.outcome.rawValue)"
        return [Difference(what: "request", expected: "refused, `\(code)`", actual: actual)]
      }
      return differences(decision)
    }
  }

  private func differences(_ error: RequestError) -> [Difference] {
    guard error.code != expectation.requestError else { return [] }
    let expected = expectation.requestError.map { "refused, `\($0)`" } ?? "well-formed"
    return [
      Difference(
        what: "request", expected: expected, actual: "refused, `\(error.code)`: \(error)")
    ]
  }

  private func differences(_ decision: Decision) -> [Difference] {
    var found: [Difference] = []
    func compare(_ what: String, _ expected: String?, _ actual: String?) {
      guard let expected, Array(expected.utf8) != Array((actual ?? "").utf8) || actual == nil else {
        return
      }
      found.append(Difference(what: what, expected: expected, actual: actual ?? "(none)"))
    }
    func compare(_ what: String, _ expected: [String]?, _ actual: [String]) {
      guard let expected, Set(expected) != Set(actual) else { return }
      found.append(
        Difference(what: what, expected: Self.list(expected), actual: Self.list(actual)))
    }
    if let (rule, effect) = expectation.example, let expected = expectation.outcome {
      if let fault = PolicySet.judge(decision, rule: rule, effect, expected) {
        found.append(Difference(what: "example", expected: expected.rawValue, actual: fault))
      }
    } else {
      compare("outcome", expectation.outcome?.rawValue, decision.outcome.rawValue)
    }
    compare("stage", expectation.stage?.rawValue, decision.stage?.rawValue)
    let warning = decision.warnings.compactMap(\.rule)
    let deciding = decision.reasons.compactMap(\.rule) + warning
    compare("rules", expectation.rules, deciding)
    compareParts(deciding, &found)
    compare("roles", expectation.roles, decision.reasons.compactMap(\.role))
    compare("privileges", expectation.privileges, decision.reasons.compactMap(\.privilege))
    compare("warnings", expectation.warnings, warning)
    compare("audit", expectation.audit, decision.audit.compactMap(\.rule))
    compare("failures", expectation.failures, Self.failures(decision))
    compareObstacles(decision, &found)
    compareWords(decision, &found)
    compare(
      "error.status", expectation.status.map(String.init), decision.error.map { "\($0.status)" })
    compare("error.type", expectation.errorType, decision.error?.type)
    compare("error.reason", expectation.errorReason, decision.error?.reason)
    return found
  }

  /// What policies deny, the registry is not asked for.
  private func compareObstacles(_ decision: Decision, _ found: inout [Difference]) {
    let met = decision.isAllowed ? obstacle : nil
    guard expectation.obstacle != met?.kind else { return }
    found.append(
      Difference(
        what: "obstacle", expected: expectation.obstacle ?? "(none)",
        actual: met.map { "\($0.kind): \($0.message)" } ?? "(none)"))
  }

  private static func failures(_ decision: Decision) -> [String] {
    (decision.reasons + decision.warnings + decision.audit).filter { $0.failure != nil }
      .compactMap(\.rule)
  }

  private func compareParts(_ deciding: [String], _ found: inout [Difference]) {
    if let wanted = expectation.includes, !Set(wanted).isSubset(of: Set(deciding)) {
      found.append(
        Difference(
          what: "includes", expected: Self.list(wanted), actual: Self.list(deciding)))
    }
    if let unwanted = expectation.excludes, !Set(unwanted).isDisjoint(with: Set(deciding)) {
      found.append(
        Difference(
          what: "excludes", expected: "none of \(Self.list(unwanted))",
          actual: Self.list(deciding)))
    }
  }

  private func compareWords(_ decision: Decision, _ found: inout [Difference]) {
    if let message = expectation.message {
      let messages = (decision.reasons + decision.warnings).map(\.message)
      if !messages.contains(where: { Array($0.utf8) == Array(message.utf8) }) {
        found.append(
          Difference(
            what: "message", expected: message, actual: messages.joined(separator: "\n")))
      }
    }
    if let wanted = expectation.missing {
      let facts = decision.missing.flatMap { $0.facts.map(\.text) }
      if !Set(wanted).isSubset(of: Set(facts)) {
        found.append(
          Difference(
            what: "missing", expected: wanted.joined(separator: "\n"),
            actual: facts.isEmpty ? "(nothing)" : facts.joined(separator: "\n")))
      }
    }
  }

  /// Names in the order of their texts, so that the two lines of a difference can be held against
  /// each other.
  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "(none)" : Set(names).sorted().joined(separator: ", ")
  }
}
