import Foundation
import PolicyEngine
import Testing

/// Requests that are read as values are what is read straight into the engine: same decisions, same
/// faults.
@Suite struct EvaluationDocumentTests {
  static let policies = Result {
    try PolicySet(
      folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("policies").path)
  }

  static let good = #"""
    {"subject":{"type":"user","id":"u","properties":{"roles":["superuser","viewer"],"x":[1,2.5,null]}},
     "action":{"name":"cluster:monitor/health","properties":{"deep":{"a":{"b":true}}}},
     "resource":{"type":"cluster","id":"\u00e9","properties":{"n":18446744073709551615,"m":-1}},
     "context":{"now":"2025-01-01T00:00:00Z","list":[{},[]]}, "unknown": 1}
    """#

  static let texts: [String] = {
    let part = #"{"type":"t","id":"1"}"#
    let action = #"{"name":"a"}"#
    func text(_ subject: String, _ action: String, _ resource: String, _ more: String = "")
      -> String
    {
      #"{"subject":\#(subject),"action":\#(action),"resource":\#(resource)\#(more)}"#
    }
    let bad = ["1", "[]", "null", #""x""#, "{}", #"{"type":1,"id":"1"}"#, #"{"type":"t"}"#]
    let properties = [
      #""properties":1"#, #""properties":{"type":1}"#, #""properties":{"id":1}"#,
      #""properties":{"name":1}"#, #""properties":{"unknown_roles":[]}"#,
      #""properties":{"roles":"x"}"#, #""properties":{"roles":[1]}"#,
      #""properties":{"backend_roles":{}}"#, #""properties":{"backend_roles":["a",null]}"#,
    ]
    var texts = [good, "", "{", "[]", "1", "{}", #"{"subject":{}}"#]
    for bad in bad {
      texts += [text(bad, action, part), text(part, bad, part), text(part, action, bad)]
      texts.append(text(part, action, part, ",\"context\":\(bad)"))
    }
    for member in properties {
      texts.append(text(#"{"type":"t","id":"1",\#(member)}"#, action, part))
      texts.append(text(part, #"{"name":"a",\#(member)}"#, part))
      texts.append(text(part, action, #"{"type":"t","id":"1",\#(member)}"#))
    }
    return texts
  }()

  static func words(_ result: Result<Decision, RequestError>) -> String {
    switch result {
    case .success(let decision): decision.json()
    case .failure(let error): "\(error.code) \(error) \(error.help ?? "")"
    }
  }

  static func typed(
    _ document: EvaluationDocument, _ index: Int, _ authorizer: inout Authorizer
  ) -> Result<Decision, RequestError> {
    do throws(RequestError) {
      return .success(try authorizer.decide(try document.request(index)))
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: texts) func oneByOne(_ text: String) throws {
    var authorizer = Authorizer(try Self.policies.get())
    let json = Array(text.utf8)
    let straight: String
    do throws(RequestError) {
      straight = Self.words(.success(try authorizer.decide(json: json)))
    } catch {
      straight = Self.words(.failure(error))
    }
    let typed: String
    do throws(RequestError) {
      let document = try EvaluationDocument(json, isBatchAllowed: false)
      #expect(!document.isBatch && document.count == 1)
      typed = Self.words(Self.typed(document, 0, &authorizer))
    } catch {
      typed = Self.words(.failure(error))
    }
    #expect(typed == straight)
  }

  /// Items with parts of their own, and others that take defaults, which may be no good.
  @Test(arguments: [
    #"{"type":"user","id":"u","properties":{"roles":["superuser"]}}"#, "1",
    #"{"type":"user"}"#, #"{"type":"user","id":"u","properties":{"roles":3}}"#,
  ])
  func inBatches(_ subject: String) throws {
    var authorizer = Authorizer(try Self.policies.get())
    let json = Array(
      #"""
      {"subject":\#(subject),"action":{"name":"cluster:monitor/health"},
       "resource":{"type":"cluster","id":"c"},"context":{"a":1},
       "evaluations":[{},{"subject":{"type":"user","id":"v"}},{"context":{}},{"context":3},7,
         {"resource":{"type":"x"}},{"action":{"name":"y","properties":{"name":1}}}]}
      """#.utf8)
    guard case .batch(let straight) = try authorizer.answer(json: json) else {
      Issue.record("it is a batch")
      return
    }
    let document = try EvaluationDocument(json)
    #expect(document.isBatch && document.count == 7)
    let typed = (0..<document.count).map { Self.typed(document, $0, &authorizer) }
    #expect(typed.map(Self.words) == straight.map(Self.words))
  }

  // MARK: Searches

  static let searches: [(String, SearchDocument.Wanted, String?)] = [
    (
      #"{"subject":{"type":"u"},"action":{"name":"a"},"resource":{"type":"t","id":"1"}}"#, .subject,
      nil
    ),
    (
      #"{"subject":{"type":"u","id":"x"},"action":{"name":"a"},"resource":{"type":"t","id":"1"}}"#,
      .subject, nil
    ),
    (
      #"{"subject":{"type":"u"},"action":{"name":"a"},"resource":{"type":"t"}}"#, .subject,
      "missing-member"
    ),
    (#"{"subject":{"type":"u"},"resource":{"type":"t","id":"1"}}"#, .subject, "missing-member"),
    (
      #"{"subject":{"type":"u","id":"x"},"action":{"name":"a"},"resource":{"type":"t"}}"#,
      .resource, nil
    ),
    (
      #"{"subject":{"type":"u"},"action":{"name":"a"},"resource":{"type":"t"}}"#, .resource,
      "missing-member"
    ),
    (#"{"subject":{"type":"u","id":"x"},"resource":{"type":"t","id":"1"}}"#, .action, nil),
    (#"{"subject":{"type":"u","id":"x"},"resource":{"type":"t"}}"#, .action, "missing-member"),
    (
      #"{"subject":{"type":"u","id":"x"},"resource":{"type":"t","id":"1"},"page":1}"#, .action,
      "wrong-type"
    ),
    (
      #"{"subject":{"type":"u","id":"x"},"resource":{"type":"t","id":"1"},"page":{"limit":-1}}"#,
      .action, "wrong-type"
    ),
    (
      #"{"subject":{"type":"u","id":"x"},"resource":{"type":"t","id":"1"},"page":{"token":1}}"#,
      .action, "wrong-type"
    ),
    (
      #"{"subject":{"type":"u","id":"x"},"resource":{"type":"t","id":"1"},"page":{"limit":0,"x":1}}"#,
      .action, nil
    ),
    ("[]", .action, "wrong-type"),
  ]

  @Test(arguments: searches.indices) func search(_ index: Int) throws {
    let (text, wanted, code) = Self.searches[index]
    do throws(RequestError) {
      let document = try SearchDocument(Array(text.utf8), for: wanted)
      #expect(code == nil)
      #expect(document.request.resource.type == "t")
      // What is looked for has no name yet.
      #expect(wanted != .subject || document.request.subject.id == "")
    } catch {
      #expect(error.code == code)
    }
  }
}
