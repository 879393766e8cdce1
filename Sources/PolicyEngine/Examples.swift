package import CEL

/// One of a rule's examples, and what came of it.
public struct ExampleResult: Sendable {
  /// The rule.
  public let rule: String
  /// What should come of the request.
  public let expected: Outcome
  /// What came of it; nil if the request is not well-formed.
  public let outcome: Outcome?
  /// Where the example stands.
  public let position: SourcePosition
  /// What is wrong; nil if the example holds.
  public let failure: String?
}

extension PolicySet {
  /// Runs the examples of all rules: they are documentation and tests at once.
  ///
  /// A `deny` or `warn` example must give that outcome with its rule among the reasons. An `allow`
  /// example must give allow: for an `allow` rule with it among the grants, for another rule
  /// without it.
  public func runExamples() -> [ExampleResult] {
    var authorizer = Authorizer(self)
    return examples.map { run($0, &authorizer) }
  }

  private func run(_ example: LinkedExample, _ authorizer: inout Authorizer) -> ExampleResult {
    let file = files[example.file]
    let rule = rules[example.rule]
    func result(_ outcome: Outcome?, _ failure: String?) -> ExampleResult {
      ExampleResult(
        rule: rule.id, expected: example.expected, outcome: outcome,
        position: file.position(ofNode: example.node),
        failure: failure)
    }
    let request: [UInt8]
    switch exampleRequest(file, example.node) {
    case .failure(let fault): return result(nil, fault.message)
    case .success(let bytes): request = bytes
    }
    do throws(RequestError) {
      let decision = try authorizer.decide(json: request)
      return result(decision.outcome, judge(decision, rule, example.expected))
    } catch {
      return result(nil, "the request is not well-formed: \(error.message)")
    }
  }

  private func judge(_ decision: Decision, _ rule: LinkedRule, _ expected: Outcome) -> String? {
    Self.judge(decision, rule: rule.id, rule.effect, expected)
  }

  /// What is wrong with the decision of a rule's example; nil if it holds.
  package static func judge(
    _ decision: Decision, rule: String, _ effect: Effect, _ expected: Outcome
  ) -> String? {
    let reasons = decision.reasons.compactMap(\.rule)
    let all = reasons + (decision.warnings + decision.audit).compactMap(\.rule)
    if decision.outcome != expected {
      let why = decision.reasons.map(\.message).joined(separator: "; ")
      return "gives \(decision.outcome.rawValue): \(why)"
    }
    // A denial by others, to which a `deny` rule only adds a warning, is not its own.
    let isAmong =
      effect == .allow || effect == .deny && expected == .deny
      ? reasons.contains(rule) : all.contains(rule)
    let shouldBe = effect == .allow ? expected != .deny : expected != .allow
    guard isAmong != shouldBe else { return nil }
    return shouldBe
      ? "gives \(expected.rawValue), but not by this rule: \(all.joined(separator: ", "))"
      : "this rule takes part in the decision"
  }

  package struct ExampleFault: Error { package let message: String }

  /// The request of an example: the object itself, or a fixture with the object merged into it.
  func exampleRequest(_ file: SourceFile, _ node: Int) -> Result<[UInt8], ExampleFault> {
    guard let like = file.tape.member("like", of: node) else {
      return .success(Array(file.tape.source[file.tape.sourceRange(of: node)]))
    }
    let name = file.tape.string(of: like)
    guard let (home, fixture) = self.fixture(name, file.index) else {
      return .failure(ExampleFault(message: "there is no fixture `\(name)`"))
    }
    var writer = JSONWriter(.compact)
    MergePatch(base: home.tape, patch: file.tape).write(fixture, node, leaving: "like", &writer)
    return .success(writer.bytes)
  }

  /// A fixture of the same document, or else of another one.
  package func fixture(_ name: String, _ file: Int? = nil) -> (SourceFile, Int)? {
    if let file, let node = fixtures[file][name] { return (files[file], node) }
    for (index, names) in fixtures.enumerated() {
      if let node = names[name] { return (files[index], node) }
    }
    return nil
  }
}

/// JSON Merge Patch (RFC 7396) from one tape over another: members replace, `null` removes, objects
/// merge.
package struct MergePatch {
  let base: JSONTape
  let patch: JSONTape

  package init(base: JSONTape, patch: JSONTape) { (self.base, self.patch) = (base, patch) }

  package func write(
    _ target: Int, _ change: Int, leaving skipped: String? = nil, _ writer: inout JSONWriter
  ) {
    writer.beginObject()
    if base.kind(of: target) == .object {
      for name in base.children(of: target) {
        let key = base.string(of: name)
        if let value = patch.member(key, of: change), key != skipped {
          guard patch.kind(of: value) != .null else { continue }
          writer.name(key)
          merge(name + 1, value, &writer)
        } else {
          writer.name(key)
          writer.value(verbatim: base.source[base.sourceRange(of: name + 1)])
        }
      }
    }
    for name in patch.children(of: change) {
      let key = patch.string(of: name)
      guard key != skipped, patch.kind(of: name + 1) != .null else { continue }
      if base.kind(of: target) == .object, base.member(key, of: target) != nil { continue }
      writer.name(key)
      add(name + 1, &writer)
    }
    writer.endObject()
  }

  private func merge(_ target: Int, _ change: Int, _ writer: inout JSONWriter) {
    if patch.kind(of: change) == .object {
      write(target, change, &writer)
    } else {
      add(change, &writer)
    }
  }

  /// A value that is only in the patch: nulls inside its objects are not members.
  private func add(_ node: Int, _ writer: inout JSONWriter) {
    guard patch.kind(of: node) == .object else {
      return writer.value(verbatim: patch.source[patch.sourceRange(of: node)])
    }
    writer.beginObject()
    for name in patch.children(of: node) where patch.kind(of: name + 1) != .null {
      writer.name(patch.string(of: name))
      add(name + 1, &writer)
    }
    writer.endObject()
  }
}
