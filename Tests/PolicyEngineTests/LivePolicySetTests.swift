import CEL
import PolicyEngine
import Synchronization
import Testing

/// Replacing a policy set while others decide by it.
@Suite struct LivePolicySetTests {
  /// A set in which two rules always agree: a decision that mixed two sets would show one of each.
  private static func set(_ word: String) throws -> PolicySet {
    try PolicySet.rules(
      rule("first", "warn", #""message": "\#(word)""#),
      rule("second", "warn", #""message": "\#(word)""#))
  }

  private static let request = Request(
    subject: .init(type: "user", id: "eve", properties: ["roles": ["all"]]),
    action: .init(name: "a"), resource: .init(type: "t", id: "i"))

  @Test func replacingCountsAndReturnsTheOldSet() throws {
    let (one, two) = (try Self.set("one"), try Self.set("two"))
    let live = LivePolicySet(one)
    #expect(live.current === one)
    #expect(live.generation == 0)
    #expect(live.replace(with: two) === one)
    #expect(live.current === two)
    #expect(live.generation == 1)
    #expect(live.snapshot.policies === two)
    #expect(live.snapshot.generation == 1)
  }

  @Test func anAuthorizerFollowsAndKeepsItsSetting() throws {
    let live = LivePolicySet(try Self.set("one"))
    var authorizer = LiveAuthorizer(live)
    authorizer.explains = true
    #expect(try authorizer.decide(Self.request).warnings.map(\.message) == ["one", "one"])
    live.replace(with: try Self.set("two"))
    #expect(authorizer.policies.revision != live.current.revision, "not before it is asked")
    #expect(try authorizer.decide(Self.request).warnings.map(\.message) == ["two", "two"])
    #expect(authorizer.policies === live.current)
    #expect(authorizer.explains)
    let again = authorizer.refresh()
    #expect(!again, "nothing has changed")
    live.replace(with: try Self.set("three"))
    let anew = authorizer.refresh()
    #expect(anew)
    #expect(try authorizer.outcome(of: Self.request) == .warn)
    let lent = authorizer.withAuthorizer { $0.policies }
    #expect(lent === live.current)
  }

  /// A door that was closed stays closed for everybody who asks afterwards.
  @Test func aReplacementIsSeenByWhoeverAsksAfterIt() throws {
    let open = try PolicySet.rules(rule("quiet", "warn", #""when": "false""#))
    let closed = try PolicySet.rules(rule("shut", "deny"))
    let live = LivePolicySet(open)
    var authorizer = LiveAuthorizer(live)
    for round in 0..<100 {
      live.replace(with: round.isMultiple(of: 2) ? closed : open)
      let wanted: Outcome = round.isMultiple(of: 2) ? .deny : .allow
      #expect(try authorizer.outcome(of: Self.request) == wanted)
    }
  }

  private final class Flag: Sendable {
    let isUp = Atomic(false)
  }

  @Test func noDecisionMixesTwoSetsAndGenerationsOnlyGrow() async throws {
    let sets = [try Self.set("one"), try Self.set("two"), try Self.set("three")]
    let live = LivePolicySet(sets[0])
    let done = Flag()
    let decided = await withTaskGroup(of: (decisions: Int, faults: [String]).self) { group in
      for _ in 0..<3 {
        group.addTask {
          var authorizer = LiveAuthorizer(live)
          var faults: [String] = []
          var decisions = 0
          var generation: UInt64 = 0
          while !done.isUp.load(ordering: .acquiring) || decisions == 0 {
            let seen = live.generation
            if seen < generation { faults.append("generation \(seen) after \(generation)") }
            generation = seen
            guard let decision = try? authorizer.decide(Self.request) else {
              faults.append("no decision")
              break
            }
            decisions += 1
            // There may be fewer threads than tasks, and the one that replaces must have its turn.
            await Task.yield()
            if Set(decision.warnings.map(\.message)).count != 1 || decision.warnings.count != 2 {
              faults.append(decision.summary)
            }
            if decision.revision != authorizer.policies.revision { faults.append("revision") }
          }
          return (decisions, faults)
        }
      }
      group.addTask {
        for round in 0..<2_000 {
          live.replace(with: sets[round % 3])
          if round.isMultiple(of: 5) { await Task.yield() }
        }
        done.isUp.store(true, ordering: .releasing)
        return (0, [])
      }
      var all: [(decisions: Int, faults: [String])] = []
      for await part in group { all.append(part) }
      return all
    }
    #expect(decided.flatMap(\.faults) == [])
    #expect(decided.reduce(0) { $0 + $1.decisions } > 0)
    #expect(live.generation == 2_000)
  }

  @Test func anOldSetLivesAsLongAsSomebodyDecidesByIt() throws {
    weak var old: PolicySet?
    let live = LivePolicySet(try Self.set("one"))
    old = live.current
    var authorizer = LiveAuthorizer(live)
    live.replace(with: try Self.set("two"))
    #expect(old != nil)
    authorizer.refresh()
    #expect(old == nil)
  }
}
