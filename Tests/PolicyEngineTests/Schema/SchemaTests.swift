import Foundation
import PolicyEngine
import Testing

/// The JSON Schemas that editors complete from say what the engine accepts.
@Suite struct SchemaTests {
  static func schema(_ name: String) throws -> SchemaValidator {
    try SchemaValidator(URL(fileURLWithPath: Checkout.path("policies/\(name).schema.json")))
  }

  static func json(_ path: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static let documents = ((try? PolicyLoader.sources(at: Checkout.path("policies"))) ?? []).map(
    \.name)

  @Test(arguments: documents) func shippedDocumentsFitTheirSchema(_ path: String) throws {
    let document = try Self.json(path)
    let isPolicy = (document as? [String: Any])?["policy"] != nil
    #expect(try Self.schema(isPolicy ? "policy" : "vocabulary").faults(document) == [])
  }

  static let tests = ((try? PolicyLoader.testSources(at: Checkout.path("policies"))) ?? []).map(
    \.name)

  @Test func thereAreTests() { #expect(Self.tests.count >= 7) }

  @Test(arguments: tests) func shippedTestsFitTheirSchema(_ path: String) throws {
    #expect(try Self.schema("tests").faults(try Self.json(path)) == [])
  }

  @Test(arguments: [
    #"{"tests": "t"}"#, #"{"cases": []}"#, #"{"tests": "t", "cases": [{"name": "n"}]}"#,
    #"{"tests": "t", "cases": [{"name": "n", "request": {}, "expect": {}}]}"#,
    #"{"tests": "t", "cases": [{"name": "n", "request": {}, "expect": {"outcome": "alow"}}]}"#,
    #"{"tests": "t", "cases": [{"name": "n", "request": {}, "expect": {"rules": "r"}}]}"#,
    #"{"tests": "t", "cases": [{"name": "n", "request": {}, "registry": {}, "expect": {"stage": "admission"}}]}"#,
    #"{"tests": "t", "cases": [{"name": "n", "request": {}, "operation": {}, "expect": {"stage": "admission"}}]}"#,
    #"{"tests": "t", "cases": [{"name": "n", "request": {}, "expect": {"error": {"status": 1}}}]}"#,
    #"{"tests": "t", "cases": [{"name": "n", "request": {}, "table": [], "expect": {"stage": "admission"}}]}"#,
  ]) func badTestsFitNot(_ text: String) throws {
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
    #expect(try !Self.schema("tests").faults(document).isEmpty)
  }

  static let requests: [String] = {
    let root = Checkout.path("examples")
    let all = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
    return all.filter {
      $0.hasSuffix(".json") && !$0.hasSuffix("expected.json") && $0.first?.isNumber ?? false
        && !$0.contains(".build") && !$0.contains("/policies/")
        && !$0.contains("/entities/") && !$0.hasPrefix("82-audit/")
    }.sorted()
      .map { "\(root)/\($0)" }
  }()

  static let entities: [String] = {
    let root = Checkout.path("examples")
    let all = FileManager.default.enumerator(atPath: root)?.allObjects as? [String] ?? []
    return all.filter { $0.hasSuffix(".json") && $0.contains("/entities/") }.sorted()
      .map { "\(root)/\($0)" }
  }()

  @Test func thereAreEntities() { #expect(Self.entities.count >= 3) }

  @Test(arguments: entities) func entitiesFitTheirSchema(_ path: String) throws {
    #expect(try Self.schema("entities").faults(try Self.json(path)) == [])
  }

  @Test(arguments: [
    #"{"directory": "d"}"#, #"{"entities": []}"#, #"{"directory": "a b", "entities": []}"#,
    #"{"directory": "d", "entities": [{"type": "t"}]}"#,
    #"{"directory": "d", "entities": [{"type": "t", "id": "1", "x": 1}]}"#,
    #"{"directory": "d", "entities": [{"type": "t", "id": "1", "properties": {"roles": 1}}]}"#,
    #"{"directory": "d", "entities": {}, "complete_types": 1}"#,
  ]) func badEntitiesFitNot(_ text: String) throws {
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
    #expect(try !Self.schema("entities").faults(document).isEmpty)
  }

  @Test(arguments: requests) func exampleRequestsFitTheirSchema(_ path: String) throws {
    #expect(try Self.schema("request").faults(try Self.json(path)) == [])
  }

  @Test(arguments: requests) func decisionsFitTheirSchema(_ path: String) throws {
    let schema = try Self.schema("decision")
    var authorizer = Authorizer(try PolicySet.shipped())
    authorizer.explains = true
    let document = try Self.json(path) as? [String: Any] ?? [:]
    let items = document["evaluations"] as? [[String: Any]] ?? [[:]]
    for item in items {
      let request = document.merging(item) { _, item in item }
      let bytes = try JSONSerialization.data(withJSONObject: request)
      let decision = try authorizer.decide(json: [UInt8](bytes))
      let written = try JSONSerialization.jsonObject(with: Data(decision.json().utf8))
      #expect(schema.faults(written) == [])
    }
  }

  @Test(arguments: [
    #"{"policy": "p", "rules": [{"id": "a", "description": "d", "effect": "maybe"}]}"#,
    #"{"policy": "p", "rulez": []}"#, #"{"policy": 1}"#, #"{"rules": []}"#,
  ])
  func whatTheEngineRefusesTheSchemaRefuses(_ text: String) throws {
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
    #expect(try !Self.schema("policy").faults(document).isEmpty)
    #expect(throws: PolicyLoadError.self) { try PolicySet.inline(text) }
  }

  // The files of the server's users; what reads them is tested on the same documents.

  @Test func usersAndKeysFitTheirSchema() throws {
    for (name, file) in [("users", "users.json"), ("api-keys", "api-keys.json")] {
      let path = Checkout.path("Tests/AuthenticationTests/Fixtures/\(file)")
      #expect(try Self.schema(name).faults(try Self.json(path)) == [])
    }
  }

  @Test func badUsersFitNot() throws {
    let path = Checkout.path("Tests/AuthenticationTests/Fixtures/bad-users.json")
    let documents = try Self.json(path) as? [Any] ?? []
    #expect(documents.count >= 30)
    let schema = try Self.schema("users")
    for document in documents { #expect(!schema.faults(document).isEmpty, "\(document)") }
  }
}
