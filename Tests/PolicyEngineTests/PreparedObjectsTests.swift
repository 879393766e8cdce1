import CEL
import Testing

@testable import PolicyEngine

/// Objects of prepared requests stay where they are in memory: whatever members come and go from one
/// request to the next, conditions see those of their own request, in the order of the shape.
@Suite struct PreparedObjectsTests {
  private static let attributes =
    [
      "resource.a", "resource.in.x", "resource.in.deep.z", "resource.in.y", "resource.b",
      "context.k",
    ] + (0..<10).map { "resource.large.l\($0)" }

  /// Which attributes a request has, and in which order they are given.
  private static func asked(_ number: Int) -> [Int] {
    let subset = number &* 37
    let some = attributes.indices.filter { place in
      place < 6 ? subset & (1 << place) != 0 : place < 6 + number % 11
    }
    return number.isMultiple(of: 3) ? some.reversed() : some
  }

  private static func json(_ places: Set<Int>, _ number: Int) -> String {
    func members(_ names: [(Int, String)]) -> [String] {
      names.filter { places.contains($0.0) }.map { "\"\($0.1)\":\"\(number) \($0.0)\"" }
    }
    func object(_ name: String, _ members: [String]) -> [String] {
      members.isEmpty ? [] : ["\"\(name)\":{\(members.joined(separator: ","))}"]
    }
    let inner =
      members([(1, "x")]) + object("deep", members([(2, "z")])) + members([(3, "y")])
    let resource =
      members([(0, "a")]) + object("in", inner) + members([(4, "b")])
      + object("large", members((0..<10).map { ($0 + 6, "l\($0)") }))
    return """
      {"subject":{"type":"user","id":"eve","properties":{"roles":["all"]}},"action":{"name":"a"},\
      "resource":{"type":"t","id":"i","properties":{\(resource.joined(separator: ","))}},\
      "context":{\(members([(5, "k")]).joined(separator: ","))}}
      """
  }

  @Test func membersComeAndGo() throws {
    let policies = try PolicySet.inline(
      #"""
      { "policy": "p", "roles": { "all": { "actions": ["*"] } },
        "rules": [ { "id": "r", "description": "d", "effect": "deny",
          "message": "${resource} ${context} ${action}", "when": "true" } ] }
      """#)
    var authorizer = Authorizer(policies)
    var way = PreparedAuthorizer(policies, try RequestShape(Self.attributes))
    let slots = try Self.attributes.map { try #require(way.shape.slot($0)) }
    let eve = try way.prepare(
      .init(type: "user", id: "eve", properties: ["roles": ["all"]]))
    for number in 0..<200 {
      let places = Self.asked(number)
      try way.begin(eve, action: "a", resource: "t", id: "i")
      for place in places {
        // Twice: the last value counts.
        if number.isMultiple(of: 5) { way.set(slots[place], number) }
        way.set(slots[place], "\(number) \(place)")
      }
      let expected = try authorizer.decide(json: Array(Self.json(Set(places), number).utf8))
      let found = way.decide()
      #expect(found.reasons.map(\.message) == expected.reasons.map(\.message))
      // What is begun and not asked leaves nothing behind.
      try way.begin(eve, action: "a", resource: "t", id: "i")
      way.set(slots[number % slots.count], "left")
    }
  }
}
