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

  /// Texts and lists are recognised when they come again: by their bytes, and by their storage as
  /// long as nobody could have changed it.
  @Test func whatIsLikeTheLastRequestIsNotTakenForIt() throws {
    let policies = try PolicySet.inline(
      """
      { "policy": "p", "roles": { "all": { "actions": ["*"] } },
        "rules": [ { "id": "r", "description": "d", "effect": "deny", "message": "m",
          "unless": "'\u{e9}' in resource.names || resource.owner == '\u{e9}'" } ] }
      """)
    var way = PreparedAuthorizer(policies, try RequestShape(["resource.names", "resource.owner"]))
    let names = try #require(way.shape.slot("resource.names"))
    let owner = try #require(way.shape.slot("resource.owner"))
    let eve = try way.prepare(Self.subject("eve", ["all"]))
    func outcome(_ list: [String]?, _ text: String? = nil) throws -> Outcome {
      try way.begin(eve, action: "a", resource: "t", id: "i")
      if let list { way.set(names, list) }
      if let text { way.set(owner, text) }
      return way.outcome()
    }
    var list = ["a", "b", "\u{e9}"]
    for _ in 0..<3 { #expect(try outcome(list) == .allow) }
    // Equal for Swift, but other bytes: another text.
    list[2] = "e\u{301}"
    for _ in 0..<2 { #expect(try outcome(list) == .deny) }
    list[2] = "\u{e9}"
    #expect(try outcome(list) == .allow)
    let copy = list
    list.removeAll(keepingCapacity: true)
    list += ["a", "b", "c"]
    #expect(try outcome(list) == .deny)
    #expect(try outcome(copy) == .allow)
    #expect(try outcome(Array(copy.prefix(2))) == .deny)
    #expect(try outcome([]) == .deny)
    // So many new texts that those of earlier requests are forgotten in between.
    for round in 0..<2 {
      for number in 0..<5_000 { #expect(try outcome(["\(round) \(number)"]) == .deny) }
      #expect(try outcome(copy) == .allow)
    }
    for text in ["\u{e9}", "e\u{301}", "", "\u{e9}", "\u{e9}\u{0}", "\u{e9}", "e"] {
      let wanted: Outcome = text.utf8.elementsEqual("\u{e9}".utf8) ? .allow : .deny
      #expect(try outcome(["x"], text) == wanted, "\(text)")
    }
  }

  /// Objects of more members than a machine word has bits, with gaps and objects inside.
  @Test func objectsOfManyMembers() throws {
    let count = 200
    let attributes = (0..<count).map { "context.\($0 % 3 == 0 ? "deep.a" : "b")\($0)" }
    let shape = try RequestShape(attributes)
    let wanted = """
      has(context.deep.a63) && context.deep.a63 == 63 && has(context.b1) && context.b1 == 1 \
      && has(context.b64) && context.b64 == 64 && has(context.b199) && context.b199 == 199 \
      && size(context) == 4
      """
    var way = PreparedAuthorizer(
      try .rules(rule("r", "warn", #""when": "has(context.deep) && \#(wanted)""#)), shape)
    let eve = try way.prepare(Self.subject("eve", ["all"]))
    for given in [[1, 63, 64, 199], [199, 1, 64, 63], [1, 64, 199], [1, 63, 64, 65, 199], []] {
      try way.begin(eve, action: "a", resource: "t", id: "i")
      for number in given { way.set(try #require(shape.slot(attributes[number])), number) }
      #expect(way.outcome() == (given.count == 4 ? .warn : .allow), "\(given)")
    }
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
