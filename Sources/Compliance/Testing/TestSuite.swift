import CEL
public import PolicyEngine

/// Tries an operation on a registry, both written as JSON: what policies would be asked, and why the
/// registry would refuse what they allow, in a stable word and for people.
///
/// - Throws: `PolicyLoadError` with what is wrong with either, in the places of these sources.
public typealias Rehearse =
  @Sendable (
    _ operation: PolicySource, _ registry: PolicySource?
  ) throws(PolicyLoadError) -> (request: Request, obstacle: (kind: String, message: String)?)

/// All that a policy set is tested by: the examples of its rules and the cases of test documents.
public struct TestSuite: Sendable {
  /// The set that is tested.
  public let policies: PolicySet
  /// Examples first, then the documents, each in its order.
  public private(set) var cases: [TestCase] = []

  /// Reads test documents against a set.
  ///
  /// - Parameter rehearse: tries the registry operations that cases ask for: the registry's own
  ///   `StatedOperation.rehearse`. Without it there can be none.
  /// - Throws: `PolicyLoadError` with everything that is wrong with any of them.
  public init(
    _ policies: PolicySet, documents: [PolicySource], rehearse: Rehearse? = nil
  ) throws(PolicyLoadError) {
    self.policies = policies
    cases = policies.exampleCases().map { TestCase($0) }
    var linker = TestLinker(policies, rehearse)
    linker.link(documents)
    guard linker.diagnostics.isEmpty else {
      throw PolicyLoadError(diagnostics: linker.diagnostics)
    }
    cases += linker.cases
  }

  private init(_ policies: PolicySet, cases: [TestCase]) {
    (self.policies, self.cases) = (policies, cases)
  }

  /// The cases whose full name holds the text, or, for a text with `*`, whose full name as a whole
  /// matches it; `*` stands for any run of characters.
  public func filtered(by text: String) -> TestSuite {
    guard text.contains("*"), let pattern = ActionPattern(text) else {
      let wanted = Array(text.utf8)
      return TestSuite(
        policies, cases: cases.filter { Self.holds(Array($0.fullName.utf8), wanted) })
    }
    return TestSuite(
      policies, cases: cases.filter { pattern.matches(Array($0.fullName.utf8)) })
  }

  private static func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard part.count <= text.count else { return false }
    return (0...text.count - part.count).contains { text[$0...].starts(with: part) }
  }
}

extension TestCase {
  init(_ example: ExampleCase) {
    var expectation = Expectation()
    expectation.example = (example.rule, example.effect)
    expectation.outcome = example.expected
    suite = example.rule
    name = "\(example.expected.rawValue) example \(example.number)"
    position = example.position
    skip = nil
    self.expectation = expectation
    switch example.request {
    case .success(let bytes): request = .success(bytes)
    case .failure(let fault): request = .failure(CaseFault(message: fault.message))
    }
  }
}
