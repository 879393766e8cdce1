import Foundation
import PolicyEngine
import Testing

/// Limits that a policy author or caller can meet, from either side.
@Suite struct EngineLimitTests {
  static func rule(_ id: String, _ effect: String, when: String) -> String {
    #"{"id": "\#(id)", "description": "d", "effect": "\#(effect)", "message": "m", "when": "\#(when)"}"#
  }

  static let request = Request(
    subject: .init(type: "user", id: "u"), action: .init(name: "act"),
    resource: .init(type: "t", id: "x"))

  @Test func aFileMayBeSoLarge() throws {
    let path =
      NSTemporaryDirectory() + "modelgate-\(ProcessInfo.processInfo.globallyUniqueString).json"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    // A hole, so that it takes no room on the disk.
    try handle.truncate(atOffset: UInt64(EngineLimits.fileBytes) + 1)
    try handle.close()
    let error = #expect(throws: PolicyLoadError.self) { try PolicyLoader.sources(at: path) }
    #expect(error?.diagnostics.map(\.code) == ["too-large"])
  }

  @Test func aFileMayHoldSoManyValues() throws {
    let text =
      #"{"policy": "p", "rules": ["# + String(repeating: "0,", count: EngineLimits.fileValues)
      + "0]}"
    let error = #expect(throws: PolicyLoadError.self) { try PolicySet.inline(text) }
    #expect(error?.diagnostics.map(\.code) == ["json-tooManyValues"])
    #expect(
      try PolicySet.inline(#"{"policy": "p", "roles": {"r": {"actions": ["*"]}}}"#).warnings.isEmpty
    )
  }

  /// All conditions of a decision share one budget; what is left unasked does not open the door.
  @Test func aDecisionMayTakeSoManySteps() throws {
    func outcome(loops: Int) throws -> Decision {
      let loop = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
      let nested = (0..<5).reduce("a0 + a1 + a2 + a3 + a4 < 0") { body, depth in
        "\(loop).exists(a\(4 - depth), \(body))"
      }
      let rules = (0..<loops).map { Self.rule("r\($0)", "deny", when: nested) }.joined(
        separator: ",")
      return try authorizer(
        #"{"policy": "p", "roles": {"r": {"actions": ["*"]}}, "role_mappings": {"r": {"users": ["u"]}}, "rules": [\#(rules)]}"#
      )
    }
    func authorizer(_ text: String) throws -> Decision {
      var authorizer = Authorizer(try PolicySet.inline(text))
      return try authorizer.decide(Self.request)
    }
    // One such loop takes a few hundred thousand steps.
    #expect(try outcome(loops: 1).outcome == .allow)
    let spent = try outcome(loops: 2 + EngineLimits.decisionBudget / 100_000)
    #expect(spent.outcome == .deny)
    #expect(spent.reasons.last?.failure?.contains("budget") == true)
  }

  @Test func anExplanationOffersSoManyAlternatives() throws {
    func missing(_ count: Int) throws -> Int {
      let rules = (0..<count).map {
        Self.rule("r\($0)", "allow", when: "resource.id == 'only-\($0)'")
      }.joined(separator: ",")
      var authorizer = Authorizer(try PolicySet.inline(#"{"policy": "p", "rules": [\#(rules)]}"#))
      authorizer.explains = true
      return try authorizer.decide(Self.request).missing.count
    }
    #expect(
      try missing(EngineLimits.explainedAlternatives - 1) == EngineLimits.explainedAlternatives - 1)
    #expect(
      try missing(EngineLimits.explainedAlternatives + 5) == EngineLimits.explainedAlternatives)
  }
}
