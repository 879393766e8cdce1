import CEL
import PolicyEngine

@testable import Compliance

/// Numbers that look random and are the same in every run (SplitMix64).
struct DiffRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// A small finite world: two attributes, two lists, two actions, two roles; policy sets over it, and
/// every request that they can tell apart.
struct DiffWorld {
  private var random: DiffRandom

  /// Attributes that conditions of the pair read.
  private var scalars: [String] = []
  private var lists: [String] = []

  init(seed: UInt64) { random = DiffRandom(seed: seed) }

  static let actions = ["d:read", "d:write"]
  static let roles: [String?] = [nil, "r", "s"]

  /// Constants are 1, `x`, `true` and `false`; values lie between and beside them, two of a kind where
  /// attributes are compared with each other.
  static let scalars: [CELValue?] = [
    nil, .int(-1), .int(0), .int(1), .int(2), .int(3), "x", "y", "z", true, false,
  ]
  static let lists: [CELValue?] = [nil, .list([]), ["x"], ["y"], ["x", "y"], .int(0)]

  /// Every request of the world, for a role and an action.
  static func requests(_ role: String?, _ action: String, _ uses: Uses) -> [Request] {
    let a: [CELValue?] = uses.a ? scalars : [nil]
    let b: [CELValue?] = uses.b ? scalars : [nil]
    var requests: [Request] = []
    for a in a {
      for b in b {
        for l in uses.l ? lists : [nil] {
          for m in uses.m ? lists : [nil] {
            var properties: [String: CELValue] = [:]
            properties["a"] = a
            properties["b"] = b
            properties["l"] = l
            properties["m"] = m
            requests.append(
              Request(
                subject: .init(
                  type: "user", id: "u",
                  properties: role.map { ["roles": .list([.string($0)])] } ?? [:]),
                action: .init(name: action),
                resource: .init(type: "t", id: "i", properties: properties)))
          }
        }
      }
    }
    return requests
  }

  /// Attributes that a text mentions: the others make no difference.
  struct Uses {
    var a, b, l, m: Bool
    init(_ texts: [String]) {
      func mentions(_ name: String) -> Bool { texts.contains { $0.contains("resource.\(name)") } }
      (a, b, l, m) = (mentions("a"), mentions("b"), mentions("l"), mentions("m"))
    }
  }

  // MARK: Policy sets

  private mutating func pick<T>(_ items: [T]) -> T {
    items[Int.random(in: items.indices, using: &random)]
  }
  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  /// Two sets of which the second one is the first with a few changes, or another one.
  mutating func pair() -> (old: String, new: String) {
    // All attributes together make many requests; most pairs are about some of them.
    let focus = Int.random(in: 0..<20, using: &random)
    (scalars, lists) =
      focus == 0
      ? (["a", "b"], ["l", "m"]) : focus < 11 ? (["a", "b"], []) : (["a"], ["l", "m"])
    let count = Int.random(in: 1...3, using: &random)
    let rules = (0..<count).map { _ in rule() }
    var changed = rules
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: changed.append(rule())
      case 1: if changed.count > 1 { changed.removeLast() }
      default:
        if !changed.isEmpty { changed[Int.random(in: changed.indices, using: &random)] = rule() }
      }
    }
    return (set(rules, roles()), set(changed, chance(80) ? nil : roles()))
  }

  private var lastRoles = ""
  private mutating func roles() -> String {
    lastRoles = """
      "roles": { "r": { "actions": ["\(pick(["d:*", "d:read", "none"]))"] }, "s": { "actions": ["\(pick(["*", "d:write"]))"] } }
      """
    return lastRoles
  }

  private func set(_ rules: [String], _ roles: String?) -> String {
    let numbered = rules.enumerated().map { "{ \"id\": \"rule-\($0.offset)\", \($0.element) }" }
    return
      "{ \"policy\": \"p\", \(roles ?? lastRoles), \"rules\": [\(numbered.joined(separator: ",\n"))] }"
  }

  private mutating func rule() -> String {
    let effect = pick(["deny", "deny", "deny", "allow", "warn"])
    var members = ["\"description\": \"d\"", "\"effect\": \"\(effect)\"", "\"message\": \"m\""]
    if chance(15) { members.append("\"mode\": \"\(pick(["warn", "audit"]))\"") }
    if chance(50) { members.append("\"actions\": [\"\(pick(["d:read", "d:*", "*"]))\"]") }
    members.append("\"when\": \"\(condition(2))\"")
    if chance(25) { members.append("\"unless\": \"\(condition(1))\"") }
    return members.joined(separator: ", ")
  }

  private mutating func condition(_ depth: Int) -> String {
    guard depth > 0, chance(75) else { return atom() }
    switch Int.random(in: 0..<7, using: &random) {
    case 0, 1: return "(\(condition(depth - 1)) && \(condition(depth - 1)))"
    case 2, 3: return "(\(condition(depth - 1)) || \(condition(depth - 1)))"
    case 4: return "!(\(condition(depth - 1)))"
    case 5: return "(\(atom()) ? \(condition(depth - 1)) : \(condition(depth - 1)))"
    default: return atom()
    }
  }

  private mutating func atom() -> String {
    let scalar = "resource.\(pick(scalars))"
    let list = lists.isEmpty ? scalar : "resource.\(pick(lists))"
    switch Int.random(in: lists.isEmpty ? 2..<10 : 0..<10, using: &random) {
    case 0: return "'x' in \(list)"
    case 1: return "resource.l.exists(e, e in resource.m)"
    case 2: return "has(\(pick([scalar, list])))"
    case 3, 4: return "\(scalar) \(pick(["==", "!=", "<", "<=", ">", ">="])) 1"
    case 5: return "\(scalar) \(pick(["==", "!="])) 'x'"
    case 6: return "\(scalar) in [1, 'x']"
    case 7: return scalars.count > 1 ? "resource.a \(pick(["==", "!="])) resource.b" : scalar
    case 8: return "(has(\(scalar)) ? \(scalar) : 1) == \(pick(["1", "'x'"]))"
    default: return scalar
    }
  }
}
