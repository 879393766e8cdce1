import Linearizability
import Testing

/// The checker is itself checked: against every order of small histories, and on planted faults.
@Suite struct LinearizabilityTests {
  typealias Event = HistoryEvent<Register.Operation>

  static func check(_ history: [Event]) -> Linearizability {
    LinearizabilityChecker<Register>(history).check()
  }

  @Test func goodHistoriesHold() {
    #expect(Self.check([]) == .holds)
    #expect(Self.check([Event(.read(nil), called: 0, returned: 1)]) == .holds)
    #expect(
      Self.check([
        Event(.moved(from: nil, to: "a"), called: 0, returned: 10),
        Event(.read("a"), called: 1, returned: 2), Event(.read(nil), called: 1, returned: 2),
        Event(.read("a"), called: 11, returned: 12),
      ]) == .holds)
    #expect(
      Self.check([
        Event(.moved(from: nil, to: "a"), called: 0, returned: 5),
        Event(.refused(expected: nil, found: "a"), called: 1, returned: 6),
        Event(.moved(from: "a", to: "b"), called: 2, returned: 7),
      ]) == .holds)
  }

  @Test func plantedFaultsAreFound() {
    // A stale read: the write was over before the read began.
    #expect(
      Self.check([
        Event(.moved(from: nil, to: "a"), called: 0, returned: 1),
        Event(.read(nil), called: 2, returned: 3),
      ]) == .violated)
    // Two that both passed a check that only one may pass.
    #expect(
      Self.check([
        Event(.moved(from: nil, to: "a"), called: 0, returned: 5),
        Event(.moved(from: nil, to: "b"), called: 1, returned: 6),
      ]) == .violated)
    // A lost write: acknowledged and gone.
    #expect(
      Self.check([
        Event(.moved(from: nil, to: "a"), called: 0, returned: 1),
        Event(.moved(from: "a", to: "b"), called: 2, returned: 3),
        Event(.read("a"), called: 4, returned: 5),
      ]) == .violated)
    // Reads that go back in time, one after the other.
    #expect(
      Self.check([
        Event(.moved(from: nil, to: "a"), called: 0, returned: 9),
        Event(.read("a"), called: 1, returned: 2), Event(.read(nil), called: 3, returned: 4),
      ]) == .violated)
    // A refusal that names what was never there.
    #expect(
      Self.check([
        Event(.moved(from: nil, to: "a"), called: 0, returned: 1),
        Event(.refused(expected: nil, found: "z"), called: 2, returned: 3),
      ]) == .violated)
  }

  @Test func operationsWithoutAnAnswerMayHaveHappenedOrNot() {
    let write = Event(.unknown(from: nil, to: "a"), called: 0, returned: nil)
    #expect(Self.check([write, Event(.read(nil), called: 5, returned: 6)]) == .holds)
    #expect(Self.check([write, Event(.read("a"), called: 5, returned: 6)]) == .holds)
    #expect(
      Self.check([
        write, Event(.read(nil), called: 5, returned: 6), Event(.read("a"), called: 7, returned: 8),
      ]) == .holds)
    #expect(
      Self.check([
        write, Event(.read("a"), called: 5, returned: 6), Event(.read(nil), called: 7, returned: 8),
      ]) == .violated)
    // One that took a timeout for a refusal.
    #expect(
      Self.check([
        Event(.refused(expected: nil, found: nil), called: 0, returned: 1),
        Event(.read("a"), called: 5, returned: 6),
      ]) == .violated)
  }

  @Test func aSearchThatIsGivenUpSaysSo() {
    let history = (0..<40).map {
      Event(.moved(from: nil, to: "\($0)"), called: 0, returned: 100 + UInt64($0))
    }
    #expect(LinearizabilityChecker<Register>(history).check(limit: 10) == .undecided)
  }

  /// Against trying every order, on all that random small histories come to.
  @Test func agreesWithTryingEveryOrder() {
    var generator = Generator(state: 0x5EED)
    var verdicts: [Linearizability: Int] = [:]
    for _ in 0..<4_000 {
      let history = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
        Self.event(&generator)
      }
      let expected = Self.someOrder(history) ? Linearizability.holds : .violated
      let found = Self.check(history)
      #expect(found == expected, "\(history)")
      verdicts[found, default: 0] += 1
    }
    // Neither verdict is rare, or this test would say little.
    #expect(verdicts[.holds, default: 0] > 400)
    #expect(verdicts[.violated, default: 0] > 400)
  }

  static func event(_ generator: inout Generator) -> Event {
    func value() -> String? { [nil, "a", "b"].randomElement(using: &generator) ?? nil }
    let called = UInt64.random(in: 0..<12, using: &generator)
    let returned = called + 1 + UInt64.random(in: 0..<8, using: &generator)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0, 1: return Event(.read(value()), called: called, returned: returned)
    case 2: return Event(.moved(from: value(), to: value()), called: called, returned: returned)
    case 3:
      return Event(.refused(expected: value(), found: value()), called: called, returned: returned)
    default: return Event(.unknown(from: value(), to: value()), called: called, returned: nil)
    }
  }

  /// Whether some order of the operations (without any number of those that have no answer) agrees
  /// with the clock and the register.
  static func someOrder(_ rest: [Event], _ state: String? = nil) -> Bool {
    if rest.allSatisfy({ $0.returned == nil }) { return true }
    let deadline = rest.compactMap(\.returned).min() ?? .max
    for index in rest.indices where rest[index].called <= deadline {
      guard let next = Register.step(state, rest[index].operation) else { continue }
      var others = rest
      others.remove(at: index)
      if someOrder(others, next) { return true }
    }
    return false
  }
}

/// Reproducible random numbers (SplitMix64's step).
struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
