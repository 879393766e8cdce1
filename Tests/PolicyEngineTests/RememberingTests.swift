import CEL
import Testing

@testable import PolicyEngine

/// What an authorizer remembers between requests never mixes up two of them.
@Suite struct RememberingTests {
  /// Roles for which order, spelling, mapping and kind of subject matter.
  private static let policies = """
    { "policy": "p",
      "roles": { "a": { "actions": ["x"] }, "b": { "actions": ["y"] },
        "both": { "roles": ["a", "b"] }, "joint": { "actions": ["z"] } },
      "role_mappings": { "a": { "users": ["ada"], "backend_roles": ["B1"] },
        "b": { "backend_roles": ["B2"] }, "joint": { "and_backend_roles": ["B1", "B2"] } } }
    """

  private static let subjects: [Request.Entity] = {
    var subjects: [Request.Entity] = []
    let claims: [[String]?] = [
      nil, [], ["a"], ["b"], ["a", "b"], ["b", "a"], ["both"], ["ghost"], ["ghost", "a"],
      ["A"], ["ada"], ["B1"],
    ]
    for claim in claims {
      for backend in [nil, ["B1"], ["B2"], ["B1", "B2"], ["B2", "B1"], ["a"], ["ghost", "B1"]]
        as [[String]?]
      {
        for (type, id) in [("user", "ada"), ("user", "eve"), ("api_key", "ada")] {
          var properties: [String: CELValue] = [:]
          if let claim { properties["roles"] = .list(claim.map { .string($0) }) }
          if let backend { properties["backend_roles"] = .list(backend.map { .string($0) }) }
          subjects.append(.init(type: type, id: id, properties: properties))
        }
      }
    }
    return subjects
  }()

  private static func decisions(_ authorizer: inout Authorizer, _ subject: Request.Entity) throws
    -> [String]
  {
    try ["x", "y", "z", "w"].map { action in
      try authorizer.decide(
        Request(
          subject: subject, action: .init(name: action), resource: .init(type: "t", id: "i"))
      ).json()
    }
  }

  /// One authorizer for all subjects in turn, against a new one for each.
  @Test func rememberedRolesAreThoseOfTheSubject() throws {
    let policies = try PolicySet.inline(Self.policies)
    var remembering = Authorizer(policies)
    var different: Set<[String]> = []
    for round in 0..<2 {
      for subject in round == 0 ? Self.subjects : Self.subjects.reversed() {
        var new = Authorizer(policies)
        let expected = try Self.decisions(&new, subject)
        #expect(try Self.decisions(&remembering, subject) == expected, "\(subject)")
        different.insert(expected)
      }
    }
    #expect(different.count > 10)
  }

  /// What is remembered is bounded, and is still right when it was all forgotten.
  @Test func rememberingIsBounded() throws {
    let names = (0..<600).map { "r\($0)" }
    let roles = names.map { #""\#($0)": { "actions": ["act-\#($0)"] }"# }
    var authorizer = Authorizer(
      try .inline("{ \"policy\": \"p\", \"roles\": { \(roles.joined(separator: ", ")) } }"))
    // Each subject is remembered with several hundred words; together they are more than may be.
    let rounds = EngineLimits.rememberedRoles / 400
    for round in 0..<rounds {
      let held = (0..<250).map { CELValue.string(names[(round + $0) % names.count]) }
      let request = Request(
        subject: .init(type: "user", id: "u\(round)", properties: ["roles": .list(held)]),
        action: .init(name: "act-r\((round + 100) % names.count)"),
        resource: .init(type: "t", id: "i"))
      #expect(try authorizer.outcome(of: request) == .allow)
      var other = request
      other.action.name = "act-r\((round + 400) % names.count)"
      #expect(try authorizer.outcome(of: other) == .deny)
    }
    #expect(authorizer.roles.size <= EngineLimits.rememberedRoles * 2)
  }

  /// Texts of earlier requests stay for a while: they must not change what later ones mean.
  @Test func textsOfEarlierRequestsMeanNothing() throws {
    let policies = try PolicySet.rules(
      rule("r", "deny", #""when": "resource.owner + '!' == context.word""#))
    var authorizer = Authorizer(policies)
    for index in 0..<Limits.retainedTexts * 2 {
      func request(_ word: String) -> Request {
        Request(
          subject: .init(type: "user", id: "u\(index)", properties: ["roles": ["all"]]),
          action: .init(name: "a"),
          resource: .init(type: "t", id: "i", properties: ["owner": .string("o\(index)")]),
          context: ["word": .string(word)])
      }
      #expect(try authorizer.outcome(of: request("o\(index)!")) == .deny)
      #expect(try authorizer.outcome(of: request("o\(index + 1)!")) == .allow)
    }
  }

  @Test func hugeTextsAreNotKept() throws {
    var authorizer = Authorizer(try .rules(rule("r", "warn", #""when": "false""#)))
    let text = String(repeating: "x", count: Limits.retainedOctets)
    for index in 0..<20 {
      let request = Request(
        subject: .init(type: "user", id: "\(index)\(text)", properties: ["roles": ["all"]]),
        action: .init(name: "a"), resource: .init(type: "t", id: "i"))
      #expect(try authorizer.outcome(of: request) == .allow)
    }
    #expect(authorizer.workspace.memory.octets.count < Limits.retainedOctets * 3)
  }

  @Test func renderedReasonsAreBounded() throws {
    let count = EngineLimits.renderedReasons + 100
    let roles = (0..<count).map { #""r\#($0)": { "actions": ["act-\#($0)"] }"# }
    var authorizer = Authorizer(
      try .inline("{ \"policy\": \"p\", \"roles\": { \(roles.joined(separator: ", ")) } }"))
    for index in 0..<count {
      let json = Array(
        request(action: "act-\(index)", subject: #""roles": ["r\#(index)"]"#).utf8)
      var writer = JSONWriter()
      try authorizer.answer(json: json, in: 0..<json.count, into: &writer) { _ in }
      #expect(
        String(decoding: writer.bytes, as: UTF8.self) == (try authorizer.decide(json: json)).json())
    }
  }
}
