import CEL
import PolicyEngine
import Testing

@testable import Compliance

/// Cases that ask for operations on a registry. What tries them is a stand-in here; the registry's
/// own is tested beside it.
@Suite struct TestOperationTests {
  /// Asks for the action `name` on the resource that the registry holds under `id`; there is an
  /// obstacle if it holds none.
  private static let rehearse: Rehearse = { (operation, registry) throws(PolicyLoadError) in
    let file: SourceFile
    let state: SourceFile
    do throws(LoadDiagnostic) {
      file = try SourceFile(reading: operation, index: 0)
      state = try SourceFile(
        reading: registry ?? PolicySource(name: "none", bytes: Array("{}".utf8)), index: 0)
    } catch {
      throw PolicyLoadError(diagnostics: [error])
    }
    var reader = DocumentReader(file)
    let members = reader.members(of: file.tape.root, "operation", known: ["name", "id", "tags"])
    let name = reader.string(members?["name"], "name") ?? ""
    let id = reader.string(members?["id"], "id") ?? ""
    _ = reader.strings(members?["tags"], "tags")
    var stateReader = DocumentReader(state)
    for entry in stateReader.entries(of: state.tape.root, "registry") {
      _ = stateReader.bool(entry.value, "thing `\(entry.name)`")
    }
    let faults = reader.diagnostics + stateReader.diagnostics
    guard faults.isEmpty else { throw PolicyLoadError(diagnostics: faults) }
    let isThere = state.tape.member(id, of: state.tape.root) != nil
    let request = Request(
      subject: .init(type: "user", id: "eve", properties: ["roles": .list([.string("all")])]),
      action: .init(name: name),
      resource: .init(type: "thing", id: id, properties: ["there": .bool(isThere)]))
    return (request, isThere ? nil : ("not_found", "there is no `\(id)`"))
  }

  private func suite(
    _ cases: String, beside members: String = "", rules: String = "",
    rehearse: Rehearse? = Self.rehearse
  ) throws -> TestSuite {
    try TestSuite(
      try policies(#""rules": [\#(rules)]"#), documents: [document(cases, beside: members)],
      rehearse: rehearse)
  }

  private func outcomes(_ suite: TestSuite) async throws -> [String] {
    await (try TestRunner(suite)).run().results.map(summary)
  }

  /// A column, a fixture of the operation and one of the registry.
  @Test func operationsAreFilledIn() async throws {
    let rule =
      #"{ "id": "r", "description": "d", "effect": "deny", "when": "action.name == 'move' && resource.id == 'b'", "message": "no" }"#
    let suite = try suite(
      #"""
      { "name": "${id}", "operation": { "like": "move", "id": "${id}" }, "registry": { "like": "two" },
        "table": [ { "id": "a", "outcome": "allow" }, { "id": "b", "outcome": "deny" } ],
        "expect": { "outcome": "${outcome}" } }
      """#,
      beside: #""fixtures": { "move": { "name": "move" }, "two": { "a": true, "b": true } }"#,
      rules: rule)
    #expect(try await outcomes(suite) == ["passed", "passed"])
  }

  /// What the registry would refuse is no pass, unless it is said; what policies deny it is not
  /// asked for.
  @Test(
    arguments: [
      ("a", #""outcome": "allow""#, "passed"),
      ("x", #""outcome": "allow""#, "obstacle: (none) ≠ not_found: there is no `x`"),
      ("x", #""outcome": "allow", "obstacle": "not_found""#, "passed"),
      (
        "x", #""outcome": "allow", "obstacle": "in_use""#,
        "obstacle: in_use ≠ not_found: there is no `x`"
      ),
      ("a", #""obstacle": "not_found""#, "obstacle: not_found ≠ (none)"),
      ("denied", #""outcome": "deny""#, "passed"),
      (
        "denied", #""outcome": "deny", "obstacle": "not_found""#, "obstacle: not_found ≠ (none)"
      ),
    ])
  func obstaclesAreExpectedOrNone(_ id: String, _ expect: String, _ result: String) async throws {
    let rule =
      #"{ "id": "r", "description": "d", "effect": "deny", "when": "resource.id == 'denied'", "message": "no" }"#
    let suite = try suite(
      #"{ "name": "n", "operation": { "name": "go", "id": "\#(id)" }, "registry": { "a": true }, "expect": { \#(expect) } }"#,
      rules: rule)
    #expect(try await outcomes(suite) == [result])
  }

  /// Faults stand where their author wrote them: in the case, in a row, in a fixture.
  @Test(
    arguments: [
      (#""operation": { "nome": "go" }"#, "", [#"unknown-field "nome""#]),
      (#""operation": { "name": 7 }"#, "", ["wrong-type 7 }"]),
      (#""operation": { "name": "go", "tags": ["a", 7] }"#, "", ["wrong-type 7] }"]),
      (#""operation": { "name": "go" }, "registry": { "a": 1 }"#, "", ["wrong-type 1 }"]),
      (
        #""operation": { "like": "f", "name": "go" }"#, #""fixtures": { "f": { "id": 7 } }"#,
        ["wrong-type 7 } }"]
      ),
      (
        #""operation": { "like": "f", "id": 7 }"#, #""fixtures": { "f": { "id": 8 } }"#,
        ["wrong-type 7 }"]
      ),
      (
        #""operation": { "name": "${a}" }, "table": [{ "a": 1 }, { "a": 2 }]"#, "",
        ["wrong-type 1 }, {", "wrong-type 2 }]"]
      ),
      (#""operation": { "like": "f" }"#, "", [#"unknown-fixture "f" }"#]),
      (#""operation": 7"#, "", ["wrong-type 7"]),
      (#""operation": {}, "registry": []"#, "", ["wrong-type []"]),
      (#""operation": {}, "request": {}"#, "", [#"two-questions "operation""#]),
      (
        #""request": {}, "registry": {}"#, "", [#"registry-without-operation "registry""#]
      ),
      (#""description": "d""#, "", [#"missing-field { "name": "n""#]),
    ])
  func faultsHaveTheirPlace(_ asks: String, _ beside: String, _ found: [String]) throws {
    let cases = #"{ "name": "n", \#(asks), "expect": { "outcome": "deny" } }"#
    let error = #expect(throws: PolicyLoadError.self) { try suite(cases, beside: beside) }
    let bytes = document(cases, beside: beside).bytes
    let diagnostics = try #require(error).diagnostics
    #expect(diagnostics.count == found.count)
    for (diagnostic, wanted) in zip(diagnostics, found) {
      #expect(diagnostic.position.line == 1)
      let rest = String(decoding: bytes[(diagnostic.position.column - 1)...], as: UTF8.self)
      #expect("\(diagnostic.code) \(rest)".hasPrefix(wanted))
    }
  }

  @Test func obstaclesNeedAnOperation() {
    let error = #expect(throws: PolicyLoadError.self) {
      try suite(#"{ "name": "n", "request": {}, "expect": { "obstacle": "in_use" } }"#)
    }
    #expect(error?.diagnostics.map(\.code) == ["obstacle-without-operation"])
  }

  /// Nobody takes an operation for tried where nothing tries it.
  @Test func somethingMustTryThem() {
    let error = #expect(throws: PolicyLoadError.self) {
      try suite(
        #"{ "name": "n", "operation": { "name": "go" }, "expect": { "outcome": "allow" } }"#,
        rehearse: nil)
    }
    #expect(error?.diagnostics.map(\.code) == ["no-registry"])
  }

  /// Coverage and mutants see what operations ask.
  @Test func operationsCountForCoverageAndMutants() async throws {
    let rule =
      #"{ "id": "r", "description": "d", "effect": "deny", "when": "resource.there && resource.id == 'b'", "message": "no" }"#
    let suite = try suite(
      #"""
      { "name": "${id}", "operation": { "name": "go", "id": "${id}" }, "registry": { "a": true, "b": true },
        "table": [ { "id": "a", "outcome": "allow" }, { "id": "b", "outcome": "deny" } ],
        "expect": { "outcome": "${outcome}" } },
      { "name": "none", "operation": { "name": "go", "id": "b" }, "expect": { "outcome": "allow", "obstacle": "not_found" } }
      """#, rules: rule)
    let run = await (try TestRunner(suite, covers: true)).run()
    #expect(run.count(.passed) == 3)
    #expect(run.coverage?.total.percent == 100)
    let mutation = await MutationRunner(suite, run).run()
    #expect(mutation.score.percent == 100)
    #expect(!mutation.results.isEmpty)
  }
}
