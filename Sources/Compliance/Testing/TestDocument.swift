import CEL
import PolicyEngine

/// A test document as it was read; names are not yet resolved.
struct TestDocument {
  struct Case {
    var name: Named
    /// The request: an object, or an object with `like`.
    var request: Int
    var expect: Int
    /// The rows of its table; nil without one.
    var rows: [Int]?
    var skip: String?
    var node: Int
  }

  var file: SourceFile
  var name: Named
  var fixtures: [String: Int] = [:]
  var cases: [Case] = []

  static let fields = ["$schema", "tests", "description", "fixtures", "cases"]
  static let caseFields = ["name", "description", "request", "table", "expect", "skip"]
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
        wrongType(fixture.value, "fixture `\(fixture.name)`", "a request object")
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
        required: ["name", "request", "expect"])
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
    for field in ["request", "expect"] {
      guard let part = members[field], tape.kind(of: part) != .object else { continue }
      wrongType(part, field, "an object")
    }
    guard let name, let place = members["name"], let request = members["request"],
      let expect = members["expect"], tape.kind(of: request) == .object,
      tape.kind(of: expect) == .object
    else { return nil }
    return TestDocument.Case(
      name: Named(name: name, node: place), request: request, expect: expect, rows: rows,
      skip: skip, node: node)
  }
}
