import CEL
import Foundation
import PolicyEngine
import PolicyGate
import Testing

@Suite struct RecordTests {
  @Test func aRecordHoldsWhatAReplayNeeds() async throws {
    let log = MemoryLog()
    let gate = try Doors.gate(log, time: 1_763_703_251_042)
    _ = try await gate.rehearse(
      Doors.Open(door: "1"), by: Doors.alice, given: .init(isLocked: true))
    let text = String(decoding: try #require(log.entries.first).bytes, as: UTF8.self)
    #expect(
      text == """
        {"time":"2025-11-21T05:34:11.042Z","kind":"dry_run","revision":"\(gate.current.revision)",\
        "outcome":"deny","stage":"admission","reasons":[{"rule":"locked","message":"door 1 is locked"}],\
        "error":{"status":409,"type":"locked","reason":"door 1 is locked"},\
        "request":{"subject":{"type":"user","id":"alice","properties":{"roles":["porter"]}},\
        "action":{"name":"door:open","properties":{"password":"[masked]"}},\
        "resource":{"type":"door","id":"1","properties":{"locked":true}},\
        "context":{"now":"2025-11-21T05:34:11.042Z"}}}
        """)
  }

  @Test func timesBeforeTheEpochAreTimesToo() async throws {
    let log = MemoryLog()
    let gate = try Doors.gate(log, time: -1)
    _ = try await gate.rehearse(
      Doors.Open(door: "1"), by: Doors.alice, given: .init(isLocked: false))
    let text = String(decoding: try #require(log.entries.first).bytes, as: UTF8.self)
    #expect(text.hasPrefix(#"{"time":"1969-12-31T23:59:59.999Z""#))
  }

  /// However a name is written, and nothing that only looks like one.
  @Test(arguments: Masks.credentials.sorted()) func everySpellingIsMasked(_ name: String) {
    let dashed = String(name.map { $0 == "_" ? "-" : $0 })
    var properties: [String: CELValue] = [:]
    for name in [name, name.uppercased(), dashed, dashed.capitalized] { properties[name] = "x" }
    let others = [name + "x", String(name.dropLast())].filter {
      !Masks.credentials.contains($0)
    }
    for name in others { properties[name] = "y" }
    // A letter outside ASCII whose lower case is in it.
    let kelvin = name.replacingOccurrences(of: "k", with: "\u{212A}")
    properties[kelvin] = "x"
    let request = Request(
      subject: .init(type: "user", id: "u", properties: properties), action: .init(name: "a"),
      resource: .init(
        type: "t", id: "1",
        properties: [
          "deep": [
            "x": .map([
              CELValue.Entry(.string(name), "x")
            ])
          ]
        ]))
    let masked = Masks().apply(to: request)
    for (name, value) in masked.subject.properties {
      #expect(value == (others.contains(name) ? "y" : Masks.replacement), "\(name)")
    }
    #expect(masked.resource.properties["deep"]?["x"]?[name] == Masks.replacement)
  }

  @Test func credentialsAreMaskedWhereverTheyStand() {
    let request = Request(
      subject: .init(
        type: "user", id: "alice",
        properties: [
          "API-Key": "k", "profile": ["Secret": "s", "mail": "m", "list": [["token": 1]]],
        ]),
      action: .init(name: "a", properties: ["authorization": ["scheme": "Basic"]]),
      resource: .init(type: "t", id: "i", properties: ["tokens": 3, "passwords": "kept"]),
      context: ["cookie": nil])
    let masked = Masks(["subject.profile.mail"]).apply(to: request)
    #expect(masked.subject.properties["API-Key"] == Masks.replacement)
    #expect(
      masked.subject.properties["profile"]
        == [
          "Secret": Masks.replacement, "mail": Masks.replacement,
          "list": [["token": Masks.replacement]],
        ])
    #expect(masked.action.properties["authorization"] == Masks.replacement)
    #expect(masked.resource == request.resource)
    #expect(masked.context["cookie"] == Masks.replacement)
    #expect(Masks().apply(to: masked) == masked)
  }
}
