import CEL
import PolicyEngine

/// A test document as it was read; names are not yet resolved.
struct TestDocument {
  struct Case {
    var name: Named
    /// What is asked: an object, or an object with `like`.
    var asks: Question
    var expect: Int
    /// The rows of its table; nil without one.
    var rows: [Int]?
    var skip: String?
    var node: Int
  }

  /// What a case asks, by nodes.
  enum Question {
    /// Policies, with a request.
    case request(Int)
    /// For an operation on a registry; nil for an empty one.
    case operation(Int, registry: Int?)
  }

  var file: SourceFile
  var name: Named
  var fixtures: [String: Int] = [:]
  var cases: [Case] = []

  static let fields = ["$schema", "tests", "description", "fixtures", "cases"]
  static let caseFields = [
    "name", "description", "request", "operation", "registry", "table", "expect", "skip",
  ]
}

extension DocumentReader {
  /// Nil if it is no test document at all.
  mutating func testDocument() -> TestDocument? {
    guard
      let members = members(
        of: tape.root, "the test document", known: TestDocument.fields,
        required: ["tests", "cases"])
    else { return nil }
    var document = TestDocument(
      file: file,
      name: Named(
        name: identifier(members["tests"], "tests") ?? "", node: members["tests"] ?? tape.root))
    _ = string(members["description"], "description")
    for fixture in entries(of: members["fixtures"], "fixtures") {
      guard tape.kind(of: fixture.value) == .object else {
        wrongType(fixture.value, "fixture `\(fixture.name)`", "an object")
        continue
      }
      document.fixtures[fixture.name] = fixture.value
    }
    for node in elements(members["cases"], "cases") {
      if let test = testCase(node) { document.cases.append(test) }
    }
    return document
  }

  private mutating func testCase(_ node: Int) -> TestDocument.Case? {
    let known = tape.member("name", of: node).flatMap {
      tape.kind(of: $0) == .string ? tape.string(of: $0) : nil
    }
    guard
      let members = members(
        of: node, known.map { "case `\($0)`" } ?? "this case", known: TestDocument.caseFields,
        required: ["name", "expect"])
    else { return nil }
    _ = string(members["description"], "description")
    let skip = string(members["skip"], "skip")
    var rows: [Int]?
    if let table = members["table"] {
      rows = elements(table, "table")
      if rows?.isEmpty ?? true, tape.kind(of: table) == .array {
        report("empty-table", "an empty `table` tests nothing", at: table)
      }
    }
    let name = string(members["name"], "name")
    if let text = name, text.isEmpty, let place = members["name"] {
      report("invalid-name", "a case needs a name", at: place)
    }
    let expect = object(members, "expect")
    guard let asks = question(members, node), let name, let place = members["name"], let expect
    else { return nil }
    return TestDocument.Case(
      name: Named(name: name, node: place), asks: asks, expect: expect, rows: rows, skip: skip,
      node: node)
  }

  private mutating func question(
    _ members: Members, _ node: Int
  ) -> TestDocument.Question? {
    let request = object(members, "request")
    let operation = object(members, "operation")
    let registry = object(members, "registry")
    switch (members["request"], members["operation"]) {
    case (_?, let other?):
      report(
        "two-questions", "a case has either a `request` or an `operation`", at: other - 1,
        help: "make two cases of it")
      return nil
    case (nil, nil):
      report(
        "missing-field", "the case has neither a `request` nor an `operation`", at: node,
        help: "say what is asked")
      return nil
    case (_?, nil):
      if let place = members["registry"] {
        report(
          "registry-without-operation", "a `request` says itself what is in the registry",
          at: place - 1, help: "ask for an `operation`, or leave `registry` out")
      }
      return request.map { .request($0) }
    case (nil, _?):
      guard let operation, members["registry"] == nil || registry != nil else { return nil }
      return .operation(operation, registry: registry)
    }
  }

  /// A member that is an object; nil, and reported, if it is something else.
  private mutating func object(_ members: Members, _ name: String) -> Int? {
    guard let node = members[name] else { return nil }
    guard tape.kind(of: node) == .object else {
      wrongType(node, name, "an object")
      return nil
    }
    return node
  }
}
