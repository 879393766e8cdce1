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
  /// Lists that are handed over again are recognised, short ones without being written again: whatever
  /// comes in between, in whichever of two attributes, conditions see the request's own.
  @Test func listsComeAgain() throws {
    let policies = try PolicySet.inline(
      #"""
      { "policy": "p", "roles": { "all": { "actions": ["*"] } },
        "rules": [ { "id": "r", "description": "d", "effect": "deny",
          "message": "${resource}", "when": "true" } ] }
      """#)
    var way = PreparedAuthorizer(policies, try RequestShape(["resource.a", "resource.b"]))
    let slots = try ["resource.a", "resource.b"].map { try #require(way.shape.slot($0)) }
    let eve = try way.prepare(.init(type: "user", id: "eve", properties: ["roles": ["all"]]))
    let lists = [0, 1, 2, 3, 8, 9, 50].flatMap { count in
      ["x", "y"].map { word in (0..<count).map { "\(word) \($0)" } }
    }
    // Each list three times and more, alone and in turn with the others.
    var asked: [Int] = lists.indices.flatMap { [$0, $0, $0] }
    for step in 1..<5 { asked += lists.indices.map { ($0 * step) % lists.count } }
    for (number, place) in asked.enumerated() {
      let other = asked[(number * 7) % asked.count]
      if number == asked.count / 2 {
        // Texts are forgotten, and what was known of lists with them.
        way.forgetSubjects()
        let again = try way.prepare(.init(type: "user", id: "eve", properties: ["roles": ["all"]]))
        try way.begin(again, action: "a", resource: "t", id: "i")
        way.set(slots[0], lists[place])
        #expect(way.outcome() == .deny)
        return try check(again)
      }
      try ask(eve, place, other)
    }

    func ask(_ subject: PreparedSubject, _ one: Int, _ other: Int) throws {
      try way.begin(subject, action: "a", resource: "t", id: "i")
      way.set(slots[1], lists[one])
      way.set(slots[0], lists[one])
      way.set(slots[1], lists[other])
      let expected: CELValue = .map([
        .init(.string("type"), .string("t")), .init(.string("id"), .string("i")),
        .init(.string("a"), .list(lists[one].map { .string($0) })),
        .init(.string("b"), .list(lists[other].map { .string($0) })),
      ])
      #expect(way.decide().reasons.map(\.message) == [expected.description])
    }
    func check(_ subject: PreparedSubject) throws {
      for (number, place) in asked.enumerated() {
        try ask(subject, place, asked[(number * 5) % asked.count])
      }
    }
  }
}
