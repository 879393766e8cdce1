import PolicyEngine
import PolicyGate
import Testing

@Suite struct ReloadTests {
  @Test func aSetThatLoadsIsInForceAtOnce() async throws {
    let gate = try Doors.gate()
    let old = gate.current.revision
    let other = try gate.reload { () throws(PolicyLoadError) in
      try PolicySet([Doors.source("door:look")])
    }
    #expect(other.revision != old)
    #expect(gate.health.revision == other.revision)
    let verdict = try await gate.judge(
      Doors.Open(door: "1"), by: Doors.alice, given: .init(isLocked: false))
    #expect(verdict.decision.outcome == .deny)
    #expect(verdict.decision.revision == other.revision)
  }

  @Test func aSetThatDoesNotLoadLeavesTheOldOneInForceAndHealthSaysSo() throws {
    let gate = try Doors.gate(time: 77)
    let old = gate.current
    #expect(throws: PolicyLoadError.self) {
      try gate.reload { () throws(PolicyLoadError) in
        try PolicySet([PolicySource(name: "bad.json", bytes: Array("{".utf8))])
      }
    }
    #expect(gate.current === old)
    let failure = try #require(gate.health.lastFailure)
    #expect(failure.time == 77)
    #expect(failure.error.diagnostics.first?.position.file == "bad.json")
    // The next one that loads clears it.
    gate.install(old)
    #expect(gate.health.lastFailure == nil)
  }

  /// Storage that was made for one set never decides for another: every decision is the one that
  /// the set of its revision makes.
  @Test func decisionsDuringReloadsAreOfOneSetOrTheOther() async throws {
    let gate = try Doors.gate()
    let (opens, looks) = (try Doors.policies(), try Doors.policies("door:look"))
    let allowing = opens.revision
    let request = Doors.Open(door: "1").request(by: Doors.alice, given: .init(isLocked: false))
    let wrong = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var wrong = 0
          for _ in 0..<2_000 {
            guard let decision = try? gate.evaluate(request) else {
              wrong += 1
              continue
            }
            if decision.isAllowed != (decision.revision == allowing) { wrong += 1 }
          }
          return wrong
        }
      }
      group.addTask {
        for turn in 0..<400 {
          gate.install(turn % 2 == 0 ? looks : opens)
          await Task.yield()
        }
        return 0
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }

  @Test func onlySoManyIdleAuthorizersAreKept() async throws {
    // More decisions at once than are kept: all of them are right, and nothing is kept for ever.
    let gate = try Doors.gate()
    let request = Doors.Open(door: "1").request(by: Doors.alice, given: .init(isLocked: false))
    for count in [GateLimits.idleAuthorizers, GateLimits.idleAuthorizers + 1] {
      let allowed = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<count { group.addTask { (try? gate.evaluate(request))?.isAllowed ?? false } }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(allowed == count)
    }
  }
}
