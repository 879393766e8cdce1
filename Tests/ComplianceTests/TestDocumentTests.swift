import CEL
import PolicyEngine
import Testing

@testable import Compliance

/// Test documents: columns, fixtures, limits. What is wrong with one is golden-tested with the
/// tool.
@Suite struct TestDocumentTests {
  @Test(
    arguments: [
      ("plain", [.text("plain")]), ("${a}", [.column("a")]),
      ("x${a}y${b}", [.text("x"), .column("a"), .text("y"), .column("b")]),
      ("$${a}", [.text("${a}")]), ("${a", [.text("${a")]), ("$", [.text("$")]), ("", []),
    ] as [(String, [TableRow.Piece])])
  func stringsAreSplitAtColumns(_ text: String, _ pieces: [TableRow.Piece]) {
    #expect(TableRow.pieces(of: text) == pieces)
  }

  /// A column keeps its type when it stands alone, and is spelled inside a text.
  @Test func columnsAreTyped() throws {
    var tape = JSONTape()
    let text = #"""
      {"row": {"n": 1, "l": [1, "x"], "s": "t", "o": {"k": true}, "z": null},
       "use": {"a": "${n}", "b": "${l}", "c": "-${s}${n}-", "d": ["${o}"], "e": "${z}", "f": "$${n}"}}
      """#
    try tape.read(Array(text.utf8))
    let row = try #require(tape.member("row", of: tape.root))
    var columns: [String: Int] = [:]
    for name in tape.children(of: row) { columns[tape.string(of: name)] = name + 1 }
    var writer = JSONWriter(.compact)
    let use = try #require(tape.member("use", of: tape.root))
    TableRow(columns: columns, tape: tape).write(use, &writer)
    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == #"{"a":1,"b":[1, "x"],"c":"-t1-","d":[{"k": true}],"e":null,"f":"${n}"}"#)
  }

  /// Without a table nothing is replaced: messages may be about `${`.
  @Test func withoutTableTextsStayAsTheyAre() async throws {
    let set = try policies(
      #""rules": [{ "id": "r", "description": "d", "effect": "deny", "message": "say $${x}" }]"#)
    let suite = try TestSuite(
      set,
      documents: [
        document(
          #"{ "name": "${x}", "request": \#(request()), "expect": { "message": "say ${x}" } }"#)
      ])
    #expect(suite.cases.map(\.fullName) == ["t / ${x}"])
    #expect(await run(suite) == ["passed"])
  }

  private func run(_ suite: TestSuite) async -> [String] {
    guard let runner = try? TestRunner(suite, jobs: 2) else { return ["does not load"] }
    return await runner.run().results.map(summary)
  }

  /// The own document's fixture is meant before that of a policy, and that before one of another
  /// document.
  @Test func fixturesAreFoundNearestFirst() async throws {
    let set = try policies(
      #"""
      "rules": [{ "id": "r", "description": "d", "effect": "warn", "message": "${resource.from}" }],
      "fixtures": { "a": \#(request(#""from": "policy""#)), "b": \#(request(#""from": "policy""#)) }
      """#)
    func cases(_ names: [String]) -> String {
      names.map {
        #"{ "name": "\#($0)", "request": { "like": "\#($0)" }, "expect": { "message": "?" } }"#
      }
      .joined(separator: ",")
    }
    let own = document(
      cases(["a", "b", "c"]), beside: #""fixtures": { "a": \#(request(#""from": "own""#)) }"#)
    let other = PolicySource(
      name: "o.test.json",
      bytes: Array(
        #"{ "tests": "o", "cases": [], "fixtures": { "b": {}, "c": \#(request(#""from": "other""#)) } }"#
          .utf8))
    let suite = try TestSuite(set, documents: [own, other])
    #expect(
      await run(suite).map { $0.split(separator: "\n").last } == ["own", "policy", "other"])
  }

  @Test func filtersByTextAndByPattern() throws {
    let set = try policies(#""rules": []"#)
    let names = ["one", "two", "twenty-one"]
    let suite = try TestSuite(
      set,
      documents: [
        document(
          names.map {
            #"{ "name": "\#($0)", "request": {}, "expect": { "outcome": "deny" } }"#
          }.joined(separator: ","))
      ])
    func found(_ filter: String) -> [String] { suite.filtered(by: filter).cases.map(\.name) }
    #expect(found("one") == ["one", "twenty-one"])
    #expect(found("t / one") == ["one"])
    #expect(found("* / tw*") == ["two", "twenty-one"])
    #expect(found("one*") == [])
    #expect(found("") == names)
  }

  /// `ComplianceLimits.casesPerDocument`, on either side.
  @Test(arguments: [0, 1]) func documentsHaveSoManyCases(_ more: Int) throws {
    let set = try policies(#""rules": []"#)
    let rows = [String](
      repeating: #"{"a":1}"#, count: ComplianceLimits.casesPerDocument + more)
    let source = document(
      #"{ "name": "n", "request": {}, "expect": { "outcome": "deny" }, "table": [\#(rows.joined(separator: ","))] }"#
    )
    guard more > 0 else {
      let suite = try TestSuite(set, documents: [source])
      #expect(suite.cases.count == ComplianceLimits.casesPerDocument)
      return
    }
    let error = #expect(throws: PolicyLoadError.self) { try TestSuite(set, documents: [source]) }
    #expect(error?.diagnostics.map(\.code) == ["too-many-cases"])
  }

  /// `ComplianceLimits.jobs`: more are not started, less than one is one.
  @Test(arguments: [
    (0, 1), (ComplianceLimits.jobs, ComplianceLimits.jobs),
    (ComplianceLimits.jobs + 1, ComplianceLimits.jobs),
  ])
  func jobsAreBounded(_ wanted: Int, _ jobs: Int) throws {
    let suite = try TestSuite(try policies(#""rules": []"#), documents: [])
    #expect(try TestRunner(suite, jobs: wanted).jobs == jobs)
  }

  /// Results stand in the order of the cases, on however many threads they ran.
  @Test func resultsAreInOrder() async throws {
    let rows = (0..<1_000).map { #"{"n":\#($0),"outcome":"\#($0 % 7 == 0 ? "deny" : "allow")"}"# }
    let source = document(
      #"""
      { "name": "${n}", "request": \#(request(#""n": "${n}""#)), "expect": { "outcome": "${outcome}" },
        "table": [\#(rows.joined(separator: ","))] }
      """#)
    let set = try policies(
      #""rules": [{ "id": "r", "description": "d", "effect": "deny", "when": "resource.n % 7 == 0", "message": "no" }]"#
    )
    let suite = try TestSuite(set, documents: [source])
    for jobs in [1, 4] {
      let run = await (try TestRunner(suite, jobs: jobs, covers: jobs == 4)).run()
      #expect(run.results.map(\.test.name) == (0..<1_000).map(String.init))
      #expect(run.count(.passed) == 1_000)
    }
  }

  /// Test documents are no part of a policy set, by either sign.
  @Test func testsAreNoRules() {
    let source = document(#"{ "name": "n", "request": {}, "expect": { "outcome": "deny" } }"#)
    let error = #expect(throws: PolicyLoadError.self) { try PolicySet([source]) }
    #expect(error?.diagnostics.first?.code == "unknown-document")
    #expect(error?.diagnostics.first?.help?.contains(".test.json") ?? false)
  }
}
