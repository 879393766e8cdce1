import CEL
import Foundation
import GateServer
import ModelRegistry
import PolicyEngine
import PolicyGate
import Synchronization
import Testing

/// Who may ask is judged again whenever the judgement could be another one.
@Suite struct RepeatedUseTests {
  /// A clock that stands until it is moved.
  final class StandingClock: Sendable {
    let time = Atomic<Int64>(1_700_000_000_000)

    var read: PolicyGate.Clock { { self.time.load(ordering: .relaxed) } }
  }

  /// `pep…` may, before a time.
  static func policies(_ condition: String = "true") throws -> PolicySet {
    let text = """
      { "policy": "test", "rules": [
        { "id": "may-ask", "description": "Who may ask.", "effect": "allow",
          "actions": ["modelgate:access/evaluate"],
          "when": "subject.id.startsWith('pep') && \(condition)" } ] }
      """
    return try PolicySet([PolicySource(name: "p.json", bytes: Array(text.utf8))])
  }

  struct World {
    let clock = StandingClock()
    let registry: ModelRegistry
    let use: RepeatedUse

    init(_ policies: PolicySet) async throws {
      registry = try await ModelRegistry.open(MemoryStore(), policies: policies, clock: clock.read)
      use = RepeatedUse(ServiceUse("modelgate:access/evaluate", of: "decisions"), in: registry)
    }

    func may(_ caller: Caller) async throws -> Bool {
      do {
        try await use.check(by: caller)
        return true
      } catch is Refusal {
        return false
      }
    }

    func refusals() async throws -> Int {
      try await registry.inspect { try $0.log(from: 1, limit: 10_000).map(\.bytes) }
        .filter { String(decoding: $0, as: UTF8.self).contains(#""kind":"refused""#) }.count
    }
  }

  /// More callers than are remembered, each by itself, at one time.
  @Test func everyCallerIsJudged() async throws {
    let world = try await World(try Self.policies())
    let callers = (0...ServerLimits.repeatedCallers).flatMap { number in
      [Caller(name: "pep \(number)"), Caller(name: "other \(number)")]
    }
    for _ in 0..<3 {
      for caller in callers {
        #expect(try await world.may(caller) == caller.name.hasPrefix("pep"))
      }
    }
    // Each refusal is logged, however often it comes.
    #expect(try await world.refusals() == 3 * (ServerLimits.repeatedCallers + 1))
  }

  /// A caller that was changed is another one, also if it stands where the first one stood.
  @Test func aChangedCallerIsJudged() async throws {
    let world = try await World(try Self.policies())
    var caller = Caller(name: "pep")
    #expect(try await world.may(caller))
    let kept = caller
    caller.name = "somebody"
    #expect(try await !world.may(caller))
    #expect(caller.subject.id == "somebody" && kept.subject.id == "pep")
    #expect(try await world.may(kept))
    for number in 0..<1_000 {
      #expect(
        try await world.may(Caller(name: number % 2 == 0 ? "pep" : "eve")) == (number % 2 == 0))
    }
  }

  @Test func otherPoliciesJudgeAtOnce() async throws {
    let world = try await World(try Self.policies())
    let caller = Caller(name: "pep")
    #expect(try await world.may(caller))
    let (others, same) = (try Self.policies("false"), try Self.policies())
    try await world.registry.reload { () throws(PolicyLoadError) in others }
    #expect(try await !world.may(caller))
    try await world.registry.reload { () throws(PolicyLoadError) in same }
    #expect(try await world.may(caller))
  }

  /// A rule that asks for the time is asked whenever that is another.
  @Test func timeGoesOn() async throws {
    let world = try await World(
      try Self.policies("timestamp(context.now) < timestamp('2023-11-14T22:13:20.002Z')"))
    let caller = Caller(name: "pep")
    for milliseconds in 0..<4 {
      for _ in 0..<2 { #expect(try await world.may(caller) == (milliseconds < 2)) }
      world.clock.time.add(1, ordering: .relaxed)
    }
    // And one that was set back.
    world.clock.time.subtract(4, ordering: .relaxed)
    #expect(try await world.may(caller))
  }

  /// Everything that makes a caller makes its subject, whoever asked before.
  @Test func subjectsFollowTheirCallers() {
    var caller = Caller(name: "a", roles: ["r"], attributes: ["department": .string("d")])
    _ = caller.subject
    caller.roles = ["s"]
    caller.isRoleLimited = true
    caller.privilegeLimit = ["p"]
    caller.proof = .apiKey(id: "i", name: "n")
    let same = Caller(name: "a", roles: ["s"])
    #expect(caller != same && caller.subject != same.subject)
    #expect(caller.subject.properties["roles"] == .list([.string("s")]))
    #expect(caller.subject.properties["privilege_limit"] == .list([.string("p")]))
    #expect(caller.subject.properties["department"] == .string("d"))
    #expect(caller.subject == caller.subject)
    #expect(Caller(name: "a") == Caller(name: "a"))
    #expect(Caller(name: "a").hashValue == Caller(name: "a").hashValue)
    #expect(!Caller(name: "a").isSame(as: Caller(name: "a")))
  }
}
