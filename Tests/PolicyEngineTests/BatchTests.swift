import Foundation
import Testing

@testable import PolicyEngine

/// AuthZEN's `evaluations`: a batch answers what its items answer one by one.
@Suite struct BatchTests {
  static let policies = """
    { "policy": "p", "roles": { "reader": { "actions": ["read"] } },
      "rules": [
        { "id": "no-secrets", "description": "Secrets stay secret.", "effect": "deny",
          "when": "resource.id.startsWith('secret')", "message": "${resource.id} is a secret" },
        { "id": "old", "description": "Old things are pointed out.", "effect": "warn",
          "when": "has(context.old) && context.old", "message": "${resource.id} is old" } ] }
    """

  static func authorizer() throws -> Authorizer { Authorizer(try .inline(policies)) }

  static let subject =
    #""subject": {"type": "user", "id": "a", "properties": {"roles": ["reader"]}}"#
  static let read = #""action": {"name": "read"}"#

  static func resource(_ id: String) -> String { #""resource": {"type": "t", "id": "\#(id)"}"# }

  static func answer(_ text: String) throws -> Answer {
    var authorizer = try authorizer()
    return try authorizer.answer(json: Array(text.utf8))
  }

  /// One word for each item: its outcome, or the code of its error.
  static func words(_ answer: Answer) -> [String] {
    guard case .batch(let answers) = answer else { return ["single"] }
    return answers.map { answer in
      switch answer {
      case .success(let decision): decision.outcome.rawValue
      case .failure(let error): error.code
      }
    }
  }

  static func batch(_ items: [String], _ more: String = "") -> String {
    "{ \(subject), \(read)\(more.isEmpty ? "" : ", \(more)"), \"evaluations\": [\(items.joined(separator: ", "))] }"
  }

  @Test func anItemsPartReplacesTheWholeDefault() throws {
    let answer = try Self.answer(
      Self.batch(
        [
          "{ \(Self.resource("x")) }",
          "{ \(Self.resource("secret-1")) }",
          "{ \(Self.resource("x")), \"context\": {} }",
          // The default's roles do not come along.
          "{ \(Self.resource("x")), \"subject\": {\"type\": \"user\", \"id\": \"a\"} }",
          "{ \(Self.resource("x")), \"action\": {\"name\": \"write\"} }",
        ], #""context": {"old": true}"#))
    #expect(Self.words(answer) == ["warn", "deny", "allow", "deny", "deny"])
  }

  @Test(arguments: [#""evaluations": []"#, #""x": 1"#])
  func withoutItemsItIsOneEvaluation(_ member: String) throws {
    let answer = try Self.answer(
      "{ \(Self.subject), \(Self.read), \(Self.resource("x")), \(member) }")
    guard case .decision(let decision) = answer else {
      Issue.record("not a decision")
      return
    }
    #expect(decision.outcome == .allow)
    #expect(answer.json() == decision.json())
  }

  @Test func anItemThatLacksAPartFailsByItself() throws {
    let answer = try Self.answer(Self.batch(["{}", "{ \(Self.resource("x")) }", "7"]))
    #expect(Self.words(answer) == ["missing-member", "allow", "wrong-type"])
    let json = try JSONSerialization.jsonObject(with: Data(answer.json().utf8)) as? [String: Any]
    let first = (json?["evaluations"] as? [[String: Any]])?.first
    #expect(first?["decision"] as? Bool == false)
    let error = (first?["context"] as? [String: Any])?["error"] as? [String: Any]
    #expect(error?["status"] as? Int == 400)
    #expect(error?["message"] as? String == "the request has no `resource`")
    #expect(try SchemaTests.schema("decision").faults(try #require(json)) == [])
  }

  @Test(arguments: [
    ("execute_all", ["allow", "deny", "allow", "missing-member", "allow"]),
    ("deny_on_first_deny", ["allow", "deny"]),
    ("permit_on_first_permit", ["allow"]),
  ])
  func aSemanticEndsTheBatch(_ word: String, _ expected: [String]) throws {
    let items =
      ["x", "secret", "x"].map { "{ \(Self.resource($0)) }" } + ["{}", "{ \(Self.resource("x")) }"]
    let options = #""options": {"evaluations_semantic": "\#(word)"}"#
    #expect(Self.words(try Self.answer(Self.batch(items, options))) == expected)
  }

  @Test func whatCannotBeDecidedCountsAsDenied() throws {
    let items = ["{}", "{ \(Self.resource("secret")) }", "{ \(Self.resource("x")) }"]
    let deny = #""options": {"evaluations_semantic": "deny_on_first_deny"}"#
    #expect(Self.words(try Self.answer(Self.batch(items, deny))) == ["missing-member"])
    let permit = #""options": {"evaluations_semantic": "permit_on_first_permit"}"#
    #expect(
      Self.words(try Self.answer(Self.batch(items, permit))) == ["missing-member", "deny", "allow"])
  }

  @Test(arguments: [
    (#""options": {"evaluations_semantic": "deny_on_frist_deny"}"#, "unknown-semantic"),
    (#""options": {"evaluations_semantic": 1}"#, "wrong-type"), (#""options": []"#, "wrong-type"),
  ])
  func wrongOptionsAreRefused(_ options: String, _ code: String) throws {
    let text = Self.batch(["{ \(Self.resource("x")) }"], options)
    let error = #expect(throws: RequestError.self) { try Self.answer(text) }
    #expect(error?.code == code)
    #expect(error?.line == 1)
    #expect(error?.column ?? 0 > 1)
  }

  @Test func evaluationsMustBeAnArray() {
    let error = #expect(throws: RequestError.self) { try Self.answer(#"{"evaluations": {}}"#) }
    #expect(error?.code == "wrong-type")
  }

  // MARK: Singles and batches

  /// Items in any order, any number of times, answer what they answer alone.
  @Test(arguments: 0..<20) func permutedAndRepeatedItemsEqualSingles(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let kinds =
      ["x", "secret-1", "secret-2", "y"].map {
        "{ \(Self.subject), \(Self.read), \(Self.resource($0)) }"
      }
      + ["{ \(Self.subject), \(Self.read), \(Self.resource("x")), \"context\": {\"old\": true} }"]
      + [
        "{ \(Self.subject), \(Self.read) }",
        "{ \(Self.subject), \(Self.read), \"resource\": {\"type\": 1} }", "[]",
      ]
    let items = (0..<40).map { _ in kinds[Int(random.next() % UInt64(kinds.count))] }
    var authorizer = try Self.authorizer()
    authorizer.explains = true
    let text = "{ \"evaluations\": [\(items.joined(separator: ",\n"))] }"
    guard case .batch(let answers) = try authorizer.answer(json: Array(text.utf8)) else {
      Issue.record("not a batch")
      return
    }
    #expect(answers.count == items.count)
    for (item, answer) in zip(items, answers) {
      var alone = try Self.authorizer()
      alone.explains = true
      switch answer {
      case .success(let decision):
        #expect(try alone.decide(json: Array(item.utf8)).json() == decision.json())
      case .failure(let error):
        let single = #expect(throws: RequestError.self) { try alone.decide(json: Array(item.utf8)) }
        #expect(single?.code == error.code)
        #expect(single?.message == error.message)
      }
    }
  }

  struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  // MARK: Places and limits

  @Test func faultsOfItemsHaveTheirPlaces() throws {
    let text =
      "{ \"action\": {\"name\": 1},\r\n \"evaluations\": [ {},\n  { \"subject\": \"ü\", \"resource\": 7 },\r {} ] }"
    guard case .batch(let answers) = try Self.answer(text) else { return }
    let places = answers.map { answer in
      if case .failure(let error) = answer { "\(error.line):\(error.column)" } else { "" }
    }
    #expect(places == ["2:19", "3:33", "4:2"])
  }

  @Test func placesAreFoundFast() throws {
    // Ten thousand bad items behind eight megabytes on one line: counting from the start each time
    // would take minutes.
    let padding = String(repeating: "x", count: 8 << 20)
    let items = Array(repeating: "{}", count: EngineLimits.batchEvaluations)
    let clock = ContinuousClock()
    let start = clock.now
    let answer = try Self.answer(
      "{ \"x\": \"\(padding)\", \"evaluations\": [\(items.joined(separator: ","))] }")
    #expect(Self.words(answer).count == items.count)
    #expect(clock.now - start < .seconds(60))
  }

  @Test func aBatchHasALimitedNumberOfItems() throws {
    func text(_ count: Int) -> String {
      Self.batch(Array(repeating: "{}", count: count))
    }
    #expect(
      Self.words(try Self.answer(text(EngineLimits.batchEvaluations))).count
        == EngineLimits.batchEvaluations)
    let error = #expect(throws: RequestError.self) {
      try Self.answer(text(EngineLimits.batchEvaluations + 1))
    }
    #expect(error?.code == "too-many-evaluations")
  }

  @Test func defaultsCountForEveryItem() throws {
    // A default as large as this is read for every item.
    let items = 64
    let overhead = #"{"x": ""}"#.utf8.count
    let size = EngineLimits.batchBytes / items - overhead
    func text(_ size: Int) -> String {
      let context = #""context": {"x": "\#(String(repeating: "x", count: size))"}"#
      return
        "{ \(context), \"evaluations\": [\(Array(repeating: "{}", count: items).joined(separator: ","))] }"
    }
    #expect(Self.words(try Self.answer(text(size))).count == items)
    let error = #expect(throws: RequestError.self) { try Self.answer(text(size + 1)) }
    #expect(error?.code == "batch-too-large")
  }

  @Test func outlinesHeadTheAnswers() {
    let text = Self.batch(["{ \(Self.resource("x")) }", "{}"])
    let outlines = RequestOutline.outlines(of: Array(text.utf8))
    #expect(outlines.map(\.resourceID) == ["x", nil])
    #expect(outlines.map(\.subjectID) == ["a", "a"])
    #expect(RequestOutline.outlines(of: Array("{".utf8)).isEmpty)
  }
}
