import CEL
import PolicyEngine
import PolicyGate
import Testing

@Suite struct PermitTests {
  let open = Doors.Open(door: "1")

  @Test func anAllowedOperationHasAPermitThatCarriesIt() async throws {
    let log = MemoryLog()
    let gate = try Doors.gate(log)
    let verdict = try await gate.judge(
      open, by: Doors.alice, given: .init(isLocked: false), key: "k-1")
    #expect(verdict.decision.outcome == .allow)
    let permit = try verdict.permit()
    #expect(permit.operation.door == "1")
    #expect(!permit.facts.isLocked)
    let spent = permit.spend()
    #expect(spent.record.kind == .performed)
    #expect(spent.record.key == "k-1")
    #expect(spent.record.revision == gate.current.revision)
    // Whoever performs it logs it, with the effect.
    #expect(log.entries.isEmpty)
    #expect(gate.health.unspentPermits == 0)
  }

  @Test func aDenialHasNoPermitAndIsLogged() async throws {
    let log = MemoryLog()
    let gate = try Doors.gate(log)
    let verdict = try await gate.judge(open, by: Doors.alice, given: .init(isLocked: true))
    #expect(verdict.decision.outcome == .deny)
    var refusal: Refusal?
    do throws(Refusal) { _ = try verdict.permit().spend() } catch { refusal = error }
    #expect(refusal?.error?.status == 409)
    #expect(refusal?.error?.type == "locked")
    #expect(refusal?.error?.reason == "door 1 is locked")
    #expect(refusal?.description == "denied: door 1 is locked")
    let entry = try #require(log.entries.first)
    let text = String(decoding: entry.bytes, as: UTF8.self)
    #expect(text.contains(#""kind":"refused""#))
    #expect(text.contains("door 1 is locked"))
  }

  @Test func whoLacksThePrivilegeIsRefused() async throws {
    let gate = try Doors.gate()
    let verdict = try await gate.judge(open, by: Doors.bob, given: .init(isLocked: false))
    #expect(verdict.decision.stage == .authorization)
    await #expect(throws: Refusal.self) {
      let verdict = try await gate.judge(open, by: Doors.bob, given: .init(isLocked: false))
      _ = try verdict.permit().spend()
    }
  }

  @Test func anUnspentPermitIsNoticedAndSoIsADroppedVerdict() async throws {
    let log = MemoryLog()
    let gate = try Doors.gate(log)
    do {
      let verdict = try await gate.judge(open, by: Doors.alice, given: .init(isLocked: false))
      let permit = try verdict.permit()
      #expect(permit.operation.door == "1")
    }
    #expect(gate.health.unspentPermits == 1)
    do {
      let verdict = try await gate.judge(open, by: Doors.alice, given: .init(isLocked: false))
      #expect(verdict.decision.isAllowed)
    }
    #expect(gate.health.unspentPermits == 2)
    #expect(log.entries.count == 2)
    for entry in log.entries {
      #expect(String(decoding: entry.bytes, as: UTF8.self).contains(#""kind":"abandoned""#))
    }
  }

  @Test func aDenialThatCannotBeLoggedIsAnErrorAndNoVerdict() async throws {
    let gate = try Doors.gate(BrokenLog())
    await #expect(throws: GateError.self) {
      let verdict = try await gate.judge(open, by: Doors.bob, given: .init(isLocked: false))
      _ = try verdict.permit().spend()
    }
    await #expect(throws: GateError.self) {
      try await gate.rehearse(open, by: Doors.alice, given: .init(isLocked: false))
    }
  }

  @Test func aRequestThatIsNotWellFormedHasNoVerdict() async throws {
    let gate = try Doors.gate()
    var nobody = Doors.alice
    nobody.properties["id"] = "somebody else"
    await #expect(throws: GateError.self) {
      let verdict = try await gate.judge(open, by: nobody, given: .init(isLocked: false))
      _ = try verdict.permit().spend()
    }
  }

  @Test func aRehearsalDecidesTheSameAndIsLoggedAsOne() async throws {
    let log = MemoryLog()
    let gate = try Doors.gate(log)
    for locked in [false, true] {
      let decision = try await gate.rehearse(open, by: Doors.alice, given: .init(isLocked: locked))
      #expect(decision.isAllowed == !locked)
    }
    #expect(log.entries.count == 2)
    for entry in log.entries {
      #expect(String(decoding: entry.bytes, as: UTF8.self).contains(#""kind":"dry_run""#))
    }
    #expect(gate.health.unspentPermits == 0)
  }

  @Test func readsAreMarkedAsReads() async throws {
    let gate = try Doors.gate()
    let verdict = try await gate.judge(Doors.Look(), by: Doors.alice, given: NoFacts())
    #expect(try verdict.permit().spend().record.kind == .read)
  }
}
