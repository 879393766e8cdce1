import CEL
import PolicyEngine
import Testing

@testable import Compliance

@Suite struct ReplayTests {
  /// Everyone may read and write; small numbers are warned of, negative ones refused.
  private static func policies(_ rules: String = "") -> PolicySource {
    LintSets.policy(
      """
      "roles": { "r": { "description": "d", "actions": ["a"] } },
      "rules": [
        { "id": "negative", "description": "d", "effect": "deny", "message": "m", "when": "resource.n < 0" },
        { "id": "small", "description": "d", "effect": "warn", "message": "m", "when": "resource.n < 3" }
        \(rules)
      ]
      """)
  }

  private static func request(_ n: Int, _ id: String = "u", role: String = "r") -> String {
    """
    "subject":{"type":"user","id":"\(id)","properties":{"roles":["\(role)"]}},"action":{"name":"a"},\
    "resource":{"type":"t","id":"x","properties":{"n":\(n)}}
    """
  }

  private static func replay(
    _ lines: [String], _ policies: PolicySource = policies(), against: PolicySource? = nil
  ) throws -> ReplayTally {
    let replay = Replay(
      policies: try PolicySet([policies]), against: try against.map { try PolicySet([$0]) })
    var worker = replay.makeWorker()
    return worker.replay(Array(lines.joined(separator: "\n").utf8), from: 1)
  }

  // MARK: Shapes of lines

  static let shapes: [(line: String, change: ReplayChange)] = [
    ("{\(request(5)),\"decision\":true}", .same),
    ("{\(request(5)),\"decision\":false}", .newlyAllowed),
    ("{\(request(-1)),\"decision\":true}", .newlyDenied),
    ("{\(request(1)),\"decision\":true}", .same),
    ("{\(request(1)),\"decision\":true,\"warnings\":[]}", .warningAdded),
    ("{\(request(1)),\"outcome\":\"warn\"}", .same),
    ("{\(request(1)),\"outcome\":\"allow\"}", .warningAdded),
    ("{\(request(5)),\"outcome\":\"warn\"}", .warningRemoved),
    ("{\(request(5)),\"context\":{\"outcome\":\"deny\"},\"decision\":true}", .same),
    (
      "{\"request\":{\(request(-1))},\"outcome\":\"deny\",\"reasons\":[{\"rule\":\"negative\"}]}",
      .same
    ),
    ("{\"request\":{\(request(-1))},\"outcome\":\"deny\",\"reasons\":[\"negative\"]}", .same),
    ("{\"request\":{\(request(-1))},\"outcome\":\"deny\",\"reasons\":[\"other\"]}", .reasonChanged),
    (
      "{\"request\":{\(request(-1))},\"outcome\":\"deny\",\"reasons\":[{\"message\":\"nothing\"}]}",
      .reasonChanged
    ),
    ("{\"request\":{\(request(-1))},\"outcome\":\"deny\"}", .same),
    (
      "{\"request\":{\(request(5, role: "no"))},\"outcome\":\"deny\",\"reasons\":[{\"message\":\"n\"}]}",
      .same
    ),
    (
      "{\"request\":{\(request(1))},\"outcome\":\"warn\",\"warnings\":[{\"rule\":\"small\"}]}",
      .same
    ),
    (
      "{\"request\":{\(request(1))},\"outcome\":\"warn\",\"warnings\":[\"small\",\"old\"]}",
      .warningRemoved
    ),
    ("{\"request\":{\(request(1))},\"outcome\":\"warn\",\"warnings\":[\"old\"]}", .reasonChanged),
    ("{\"request\":{\(request(1))},\"outcome\":\"warn\",\"warnings\":[]}", .warningAdded),
    (
      "{\"request\":{\(request(5))},\"decision\":{\"decision\":true,\"context\":{\"outcome\":\"allow\"}}}",
      .same
    ),
    (
      "{\"request\":{\(request(5))},\"decision\":false,\"context\":{\"outcome\":\"deny\",\"reasons\":[]}}",
      .newlyAllowed
    ),
    ("{\"request\":{\(request(5))},\"response\":{\"decision\":false}}", .newlyAllowed),
    ("{\"request\":{\(request(5))},\"answer\":{\"decision\":true}}", .same),
    (
      "{\"sequence\":1,\"hash\":\"0\",\"record\":{\"kind\":\"read\",\"outcome\":\"allow\",\"request\":{\(request(5))}}}",
      .same
    ),
  ]

  @Test(arguments: shapes.indices) func reads(_ index: Int) throws {
    let (line, change) = Self.shapes[index]
    let tally = try Self.replay([line])
    #expect(tally.unusable == 0, "\(tally.faults) of \(line)")
    #expect(tally.decisions == 1)
    #expect(tally.count(of: change) == 1, "\(line)")
  }

  /// What `modelgate check --format json` writes, with its request beside it.
  @Test func readsAnswersOfTheEngine() throws {
    var authorizer = Authorizer(try PolicySet([Self.policies()]))
    for n in [-1, 1, 5] {
      let request = "{\(Self.request(n))}"
      let answer = try authorizer.decide(json: Array(request.utf8)).json()
      for line in [
        "{\"request\":\(request),\(answer.dropFirst())",
        "{\"request\":\(request),\"decision\":\(answer)}",
      ] {
        let tally = try Self.replay([line])
        #expect(tally.same == 1, "\(line): \(tally.faults)")
      }
    }
  }

  static let faults: [(line: String, message: String)] = [
    ("{", "no JSON"), ("[]", "must be an object"), ("{}", "no `request`"),
    ("{\"request\":3,\"decision\":true}", "`request` must be an object"),
    ("{\(request(5))}", "nothing to compare with"),
    ("{\(request(5)),\"decision\":\"yes\"}", "`decision` must be true or false"),
    ("{\(request(5)),\"decision\":1}", "`decision` must be true or false"),
    ("{\(request(5)),\"outcome\":\"maybe\"}", "`outcome` must be"),
    ("{\(request(5)),\"outcome\":true}", "`outcome` must be"),
    ("{\(request(5)),\"outcome\":\"deny\",\"decision\":true}", "contradict"),
    ("{\"request\":{\"action\":{\"name\":\"a\"}},\"decision\":true}", "has no `resource`"),
    ("{\"evaluations\":[],\"decision\":true}", "batch"),
  ]

  @Test(arguments: faults.indices) func saysWhatIsWrongWithALine(_ index: Int) throws {
    let (line, message) = Self.faults[index]
    let tally = try Self.replay(["", line, "{\(Self.request(5)),\"decision\":true}"])
    #expect(tally.unusable == 1)
    #expect(tally.decisions == 1)
    #expect(tally.faults.first?.line == 2)
    #expect(tally.faults.first?.message.contains(message) ?? false, "\(tally.faults)")
  }

  @Test func otherEntriesOfALogAreCounted() throws {
    let tally = try Self.replay([
      #"{"sequence":1,"hash":"0","record":{"kind":"policy","revision":"x"}}"#,
      #"{"sequence":2,"hash":"0","time":"t","signature":"s"}"#,
      "{\(Self.request(5)),\"decision\":true}",
    ])
    #expect(tally.others == 2 && tally.decisions == 1 && tally.unusable == 0)
  }

  // MARK: Sets

  @Test func comparesTwoSets() throws {
    let stricter = Self.policies(
      #", { "id": "odd", "description": "d", "effect": "deny", "message": "m", "when": "resource.n % 2 == 1" }"#
    )
    // What the log says does not count.
    let lines = (0..<10).map { "{\(Self.request($0)),\"decision\":\($0 % 3 == 0)}" }
    let tally = try Self.replay(lines, stricter, against: Self.policies())
    #expect(tally.count(of: .newlyDenied) == 5)
    #expect(tally.same == 5)
    #expect(tally.changes[.newlyDenied]?.rules.sorted.map(\.name) == ["odd"])
    #expect(tally.changes[.newlyDenied]?.examples.map(\.line) == [2, 4, 6, 8, 10])
    #expect(
      tally.changes[.newlyDenied]?.examples.map(\.was) == [
        "warn", "allow", "allow", "allow", "allow",
      ])
    let back = try Self.replay(lines, Self.policies(), against: stricter)
    #expect(back.count(of: .newlyAllowed) == 5)
    #expect(try Self.replay(lines, stricter, against: stricter).same == 10)
  }

  @Test func promotesRules() throws {
    let watched = Self.policies(
      #", { "id": "odd", "description": "d", "effect": "deny", "mode" : "audit", "message": "m", "when": "resource.n % 2 == 1" }"#
    )
    let lines = (3..<9).map { "{\(Self.request($0)),\"decision\":true}" }
    #expect(try Self.replay(lines, watched).same == 6)
    let promoted = try Promotion.enforcing(["odd"], in: [watched])
    let tally = try Self.replay(lines, promoted[0])
    #expect(tally.count(of: .newlyDenied) == 3)
    #expect(tally.changes[.newlyDenied]?.rules.sorted.map(\.name) == ["odd"])
    let missing = #expect(throws: PolicyLoadError.self) {
      try Promotion.enforcing(["add"], in: [watched])
    }
    #expect(missing?.diagnostics.first?.help == "did you mean `odd`?")
    let enforced = #expect(throws: PolicyLoadError.self) {
      try Promotion.enforcing(["small"], in: [watched])
    }
    #expect(enforced?.diagnostics.first?.code == "already-enforced")
  }

  // MARK: Tallies

  /// However a log is divided among workers, the result is the same.
  @Test func divisionDoesNotMatter() throws {
    let lines = (0..<200).map { index in
      index % 17 == 0
        ? "not json"
        : "{\(Self.request(index % 7 - 2, "user-\(index % 23)")),\"decision\":\(index % 5 != 0)}"
    }
    let whole = try Self.replay(lines)
    for size in [1, 7, 50, 199] {
      let replay = Replay(policies: try PolicySet([Self.policies()]))
      var worker = replay.makeWorker()
      var tally = ReplayTally()
      for start in stride(from: 0, to: lines.count, by: size) {
        let part = lines[start..<min(lines.count, start + size)].joined(separator: "\n")
        tally.merge(worker.replay(Array(part.utf8), from: start + 1))
      }
      #expect(Self.summary(tally) == Self.summary(whole))
    }
    #expect(whole.unusable == 12 && whole.decisions == 188)
  }

  private static func summary(_ tally: ReplayTally) -> [String] {
    ReplayChange.allCases.flatMap { change -> [String] in
      let found = tally.changes[change]
      return ["\(change) \(tally.count(of: change))"]
        + [found?.rules, found?.actions, found?.subjects].flatMap { counts in
          (counts?.sorted ?? []).map { "\($0.name) \($0.count) \($0.line)" }
        } + (found?.examples ?? []).map { "\($0)" }
    } + tally.faults.map { "\($0)" } + ["\(tally.unusable)"]
  }

  @Test func examplesAndFaultsAreLimited() throws {
    for extra in [0, 1] {
      let examples = AnalysisLimits.replayExamples + extra
      let tally = try Self.replay(
        (0..<examples).map { _ in "{\(Self.request(5)),\"decision\":false}" })
      #expect(tally.count(of: .newlyAllowed) == examples)
      #expect(tally.changes[.newlyAllowed]?.examples.count == AnalysisLimits.replayExamples)
      let faults = AnalysisLimits.replayFaults + extra
      let bad = try Self.replay((0..<faults).map { _ in "x" })
      #expect(bad.unusable == faults && bad.faults.count == AnalysisLimits.replayFaults)
    }
  }

  @Test func groupsAreLimited() {
    for extra in [0, 1] {
      var counts = ReplayTally.Counts()
      for index in 0..<(AnalysisLimits.replayGroups + extra) { counts.add("\(index)", 1, index) }
      #expect(counts.sorted.count == AnalysisLimits.replayGroups)
      #expect(counts.others == extra)
    }
  }
}
