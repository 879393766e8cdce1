import CEL
import Testing

@testable import PolicyEngine

/// Requests without JSON: what is prepared once must not be mixed up later. That they decide as all
/// others do is for `DifferentialTests.allWaysAgree`.
@Suite struct PreparedAuthorizerTests {
  private static let policies = """
    { "policy": "p",
      "roles": { "reader": { "actions": ["read"] }, "writer": { "actions": ["write", "w:*"] } },
      "role_mappings": { "writer": { "users": ["ada"], "backend_roles": ["staff"] } },
      "rules": [ { "id": "owner", "description": "d", "effect": "deny", "actions": ["write"],
        "when": "has(resource.owner) && resource.owner != subject.id", "message": "not yours" } ] }
    """

  private static func authorizer(_ attributes: [String] = ["resource.owner"]) throws
    -> PreparedAuthorizer
  {
    PreparedAuthorizer(try .inline(policies), try RequestShape(attributes))
  }

  private static func subject(_ id: String, _ roles: [String] = [], type: String = "user")
    -> Request.Entity
  {
    .init(type: type, id: id, properties: ["roles": .list(roles.map { .string($0) })])
  }

  @Test func subjectsKeepTheirRolesApart() throws {
    var way = try Self.authorizer()
    let people: [(Request.Entity, read: Outcome, write: Outcome)] = [
      (Self.subject("eve", ["reader"]), .allow, .deny),
      (Self.subject("eve", ["writer"]), .deny, .allow),
      (Self.subject("ada"), .deny, .allow),
      (Self.subject("ada", type: "api_key"), .deny, .deny),
      (Self.subject("eve", ["reader", "writer"]), .allow, .allow),
      (Self.subject("eve", ["Reader"]), .deny, .deny),
      (Self.subject("eve", ["writer\u{0}"]), .deny, .deny),
    ]
    let prepared = try people.map { try way.prepare($0.0) }
    // Over and over, in both orders: nothing of one request stays for the next.
    for round in 0..<4 {
      for index in round.isMultiple(of: 2) ? Array(people.indices) : people.indices.reversed() {
        try way.begin(prepared[index], action: "read", resource: "t", id: "i")
        #expect(way.outcome() == people[index].read, "\(people[index].0)")
        try way.begin(prepared[index], action: "write", resource: "t", id: "i")
        #expect(way.outcome() == people[index].write, "\(people[index].0)")
      }
    }
  }

  @Test func attributesOfOneRequestAreGoneInTheNext() throws {
    var way = try Self.authorizer()
    let owner = try #require(way.shape.slot("resource.owner"))
    let ada = try way.prepare(Self.subject("ada"))
    try way.begin(ada, action: "write", resource: "t", id: "i")
    way.set(owner, "eve")
    #expect(way.outcome() == .deny)
    try way.begin(ada, action: "write", resource: "t", id: "i")
    #expect(way.outcome() == .allow)
    try way.begin(ada, action: "write", resource: "t", id: "i")
    way.set(owner, "ada")
    #expect(way.decide().isAllowed)
  }

  @Test func aSubjectOfAnotherAuthorizerIsRefused() throws {
    var one = try Self.authorizer()
    var other = try Self.authorizer()
    let writer = try one.prepare(Self.subject("eve", ["writer"]))
    _ = try other.prepare(Self.subject("eve", ["reader"]))
    let error = #expect(throws: RequestError.self) {
      try other.begin(writer, action: "write", resource: "t", id: "i")
    }
    #expect(error?.code == "unknown-subject")
    // A copy of an authorizer is another one from the moment on in which it is made.
    var copy = one
    let first = try one.prepare(Self.subject("eve", ["writer"]))
    let second = try copy.prepare(Self.subject("eve", ["reader"]))
    #expect(throws: RequestError.self) {
      try copy.begin(first, action: "write", resource: "t", id: "i")
    }
    #expect(throws: RequestError.self) {
      try one.begin(second, action: "read", resource: "t", id: "i")
    }
    try copy.begin(writer, action: "write", resource: "t", id: "i")
    #expect(copy.outcome() == .allow, "it was prepared before the copy was made")
  }

  @Test func aForgottenSubjectIsRefused() throws {
    var way = try Self.authorizer()
    let old = try way.prepare(Self.subject("eve", ["writer"]))
    way.forgetSubjects()
    #expect(throws: RequestError.self) {
      try way.begin(old, action: "write", resource: "t", id: "i")
    }
    // Another one takes its number, and not its handle.
    let new = try way.prepare(Self.subject("eve", ["reader"]))
    #expect(throws: RequestError.self) {
      try way.begin(old, action: "write", resource: "t", id: "i")
    }
    try way.begin(new, action: "write", resource: "t", id: "i")
    #expect(way.outcome() == .deny)
  }

  @Test func actionsAreFoundByNameInAnotherSet() throws {
    let one = try Self.authorizer()
    // The same ids stand for other texts here.
    var other = PreparedAuthorizer(
      try .inline(
        #"{ "policy": "q", "roles": { "zz": { "actions": ["write"] }, "reader": { "actions": ["read"] } } }"#
      ), try RequestShape([]))
    let reader = try other.prepare(Self.subject("eve", ["reader"]))
    for name in ["read", "write", "w:x", "read ", "READ"] {
      try other.begin(reader, one.action(name), resource: "t", id: "i")
      #expect(other.outcome() == (name == "read" ? .allow : .deny), "\(name)")
    }
  }

  @Test func actionsThatNoRuleNamesAreRemembered() throws {
    var way = try Self.authorizer()
    let writer = try way.prepare(Self.subject("eve", ["writer"]))
    // More than are remembered, twice, so that every one is forgotten in between.
    for _ in 0..<2 {
      for index in 0..<EngineLimits.rememberedActions + 10 {
        let isWriting = index.isMultiple(of: 3)
        let name = "\(isWriting ? "w" : "v"):\(index)"
        for _ in 0..<2 {
          try way.begin(writer, action: name, resource: "t", id: "i")
          #expect(way.outcome() == (isWriting ? .allow : .deny), "\(name)")
        }
      }
    }
  }

  @Test(arguments: [
    "resource", "subject.department", "resource.id", "resource.type", "resource.id.x",
    "action.name", "", "other.x",
  ])
  func attributesThatCanNotBe(_ attribute: String) {
    let error = #expect(throws: RequestError.self) { try RequestShape([attribute]) }
    #expect(error?.code == "invalid-attribute")
  }

  @Test func attributesMustNotContainEachOther() throws {
    for attributes in [
      ["context.a", "context.a"], ["context.a", "context.a.b"],
      ["context.a.b", "context.a"],
    ] {
      #expect(throws: RequestError.self) { try RequestShape(attributes) }
    }
    // Canonically equivalent names are different names, as they are in JSON.
    let shape = try RequestShape(["context.é", "context.e\u{301}", "context.", "context.a.b"])
    #expect(shape.count == 4 || shape.count == 3)
  }

  @Test func aShapeHasSoManyAttributes() throws {
    let names = (0..<EngineLimits.shapeAttributes).map { "context.a\($0)" }
    #expect(try RequestShape(names).count == names.count)
    #expect(throws: RequestError.self) { try RequestShape(names + ["context.more"]) }
    let deep = ["context"] + (1..<EngineLimits.shapeDepth).map { "d\($0)" }
    let shape = try RequestShape([deep.joined(separator: ".")])
    #expect(throws: RequestError.self) {
      try RequestShape([(deep + ["more"]).joined(separator: ".")])
    }
    // As deep as may be, and as conditions see it.
    var way = PreparedAuthorizer(
      try .rules(rule("deep", "warn", #""when": "\#(deep.joined(separator: ".")) == 1""#)), shape)
    let eve = try way.prepare(Self.subject("eve", ["all"]))
    try way.begin(eve, action: "a", resource: "t", id: "i")
    way.set(try #require(shape.slot(deep.joined(separator: "."))), 1)
    #expect(way.outcome() == .warn)
    try way.begin(eve, action: "a", resource: "t", id: "i")
    #expect(way.decide().warnings.first?.failure != nil)
  }

  @Test func anAuthorizerKeepsSoManySubjects() throws {
    var way = PreparedAuthorizer(
      try .inline(#"{ "policy": "p", "roles": { "r": { "actions": ["a"] } } }"#),
      try RequestShape([]))
    var first: PreparedSubject?
    for number in 0..<EngineLimits.preparedSubjects {
      let subject = try way.prepare(
        .init(type: "u", id: "\(number % 7)", properties: number == 0 ? ["roles": ["r"]] : [:]))
      if number == 0 { first = subject }
    }
    let error = #expect(throws: RequestError.self) {
      try way.prepare(.init(type: "u", id: "one too many"))
    }
    #expect(error?.code == "too-many-subjects")
    try way.begin(try #require(first), action: "a", resource: "t", id: "i")
    #expect(way.outcome() == .allow)
    way.forgetSubjects()
    _ = try way.prepare(.init(type: "u", id: "room again"))
  }

  @Test func badSubjectsAndValuesLeaveNothingBehind() throws {
    var way = try Self.authorizer()
    #expect(throws: RequestError.self) {
      try way.prepare(.init(type: "user", id: "eve", properties: ["roles": "writer"]))
    }
    #expect(throws: RequestError.self) {
      try way.prepare(.init(type: "user", id: "eve", properties: ["id": "ada"]))
    }
    let owner = try #require(way.shape.slot("resource.owner"))
    let ada = try way.prepare(Self.subject("ada"))
    try way.begin(ada, action: "write", resource: "t", id: "i")
    #expect(throws: RequestError.self) {
      try way.set(owner, value: .map([.init("a", 1), .init("a", 2)]))
    }
    #expect(way.outcome() == .allow, "the attribute has no value")
  }
}
