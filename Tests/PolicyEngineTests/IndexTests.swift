import CEL
import PolicyEngine
import Testing

/// The index leaves out only rules that are certainly false: decisions with and without it are the
/// same, byte for byte.
@Suite struct IndexTests {
  /// A small generator of its own, so that a failing seed can be run again.
  struct Random {
    var state: UInt64
    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    mutating func pick<T>(_ values: [T]) -> T { values[next(values.count)] }
  }

  /// Conditions of every shape that the index knows, and of shapes that it must leave alone.
  static func condition(_ random: inout Random) -> String {
    let text = "v\(random.next(12))"
    let other = "v\(random.next(12))"
    let atom = random.pick([
      "resource.id == '\(text)'", "'\(text)' == subject.department",
      "subject.department == '\(text)'",
      "'\(text)' in subject.groups", "resource.owner.team in ['\(text)', '\(other)']",
      "context.zone == '\(text)'", "'\(text)' in resource.tags",
    ])
    let rest = random.pick([
      "", " && subject.level > 2", " && context.missing == 1", " && !(resource.id == 'v1')",
      " && 10 / subject.level > 3", " || subject.level == 3",
    ])
    return atom + rest
  }

  static func document(_ random: inout Random) -> String {
    let rules = (0..<90).map { index in
      let effect = random.pick(["deny", "deny", "warn", "allow"])
      let stage = effect == "allow" ? "" : random.pick(["", #", "stage": "validation""#])
      let unless = random.pick(["", "", #", "unless": "subject.level == 4""#])
      let types = random.pick(["", "", #", "resource_types": ["model"]"#])
      let mode = random.pick(["", "", #", "mode": "audit""#, #", "mode": "warn""#])
      let actions = random.pick([#""read""#, #""write""#, #""re*", "delete""#, #""*""#])
      return
        #"{"id": "r\#(index)", "description": "d", "effect": "\#(effect)", "message": "m ${resource.id}", "actions": [\#(actions)], "when": "\#(condition(&random))"\#(stage)\#(unless)\#(types)\#(mode)}"#
    }
    return
      #"{"policy": "p", "roles": {"r": {"actions": ["read", "w*"]}}, "rules": [\#(rules.joined(separator: ",\n"))]}"#
  }

  static func request(_ random: inout Random) -> Request {
    func value(_ random: inout Random) -> CELValue {
      random.pick([
        .string("v\(random.next(12))"), .string("v\(random.next(12))"), .int(7), .null,
        .list([.string("v\(random.next(12))"), .int(1), .string("v\(random.next(12))")]),
        ["team": .string("v\(random.next(12))")],
      ])
    }
    var subject: [String: CELValue] = ["level": .int(Int64(random.next(6)))]
    if random.next(3) > 0 { subject["roles"] = ["r"] }
    if random.next(4) > 0 { subject["department"] = value(&random) }
    if random.next(4) > 0 { subject["groups"] = value(&random) }
    var resource: [String: CELValue] = [:]
    if random.next(3) > 0 { resource["owner"] = value(&random) }
    if random.next(3) > 0 { resource["tags"] = value(&random) }
    return Request(
      subject: .init(type: "user", id: "u", properties: subject),
      action: .init(name: random.pick(["read", "write", "delete", "rename", "unheard-of"])),
      resource: .init(
        type: random.pick(["model", "alias"]), id: "v\(random.next(12))", properties: resource),
      context: random.next(2) == 0 ? [:] : ["zone": value(&random)])
  }

  @Test(arguments: 0..<12) func indexedAndUnindexedAgree(_ seed: Int) throws {
    var random = Random(state: UInt64(seed) &* 7_919 &+ 17)
    let source = PolicySource(name: "index.json", bytes: Array(Self.document(&random).utf8))
    var indexed = Authorizer(try PolicySet([source], timeZones: TimeZones(), usesIndex: true))
    var plain = Authorizer(try PolicySet([source], timeZones: TimeZones(), usesIndex: false))
    var answers: Set<String> = []
    for _ in 0..<150 {
      let request = Self.request(&random)
      let decision = try indexed.decide(request)
      answers.insert(decision.json())
      #expect(decision.json() == (try plain.decide(request)).json(), "seed \(seed): \(request)")
    }
    // Requests that all come out alike would prove nothing.
    #expect(answers.count > 100)
  }
}
