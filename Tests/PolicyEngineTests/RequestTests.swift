import CEL
import Testing

@testable import PolicyEngine

/// What a request may look like, in JSON and typed; what is not well-formed is neither allowed nor
/// denied.
@Suite struct RequestTests {
  static let subject = #""subject": { "type": "user", "id": "eve" }"#
  static let action = #""action": { "name": "a" }"#
  static let resource = #""resource": { "type": "thing", "id": "t" }"#

  private func error(_ json: String) throws -> String? {
    try error(Array(json.utf8))
  }

  private func error(_ json: [UInt8]) throws -> String? {
    var authorizer = Authorizer(try PolicySet.rules())
    do throws(RequestError) {
      _ = try authorizer.decide(json: json)
      return nil
    } catch {
      return "\(error.line):\(error.column): \(error.message) [\(error.code)]"
        + (error.help.map { "; \($0)" } ?? "")
    }
  }

  static let badRequests: [(String, String)] = [
    ("", "1:1: expected a value, found an empty text [json-unexpectedEnd]"),
    (
      "[]",
      "1:1: a request must be an object, this is an array [wrong-type]; a batch is an object too: `{\"evaluations\": […]}`"
    ),
    ("null", "1:1: a request must be an object, this is null [wrong-type]"),
    (
      "{}",
      "1:1: the request has no `action` [missing-member]; an evaluation has `subject`, `action`, `resource` and, if need be, `context`"
    ),
    (
      "{ \(action), \(resource) }",
      "1:1: the request has no `subject` [missing-member]; an evaluation has `subject`, `action`, `resource` and, if need be, `context`"
    ),
    (
      "{ \(subject), \(resource),\n\"action\": \"a\" }",
      "2:11: `action` must be an object, this is a string [wrong-type]"
    ),
    (
      "{ \(subject), \(resource),\n\"action\": {} }",
      "2:11: `action` has no `name` [missing-member]"
    ),
    (
      "{ \(subject), \(resource),\n\"action\": { \"name\": 1 } }",
      "2:21: `action.name` must be a string, this is a number [wrong-type]"
    ),
    (
      "{ \(subject), \(resource),\n\"action\": { \"name\": null } }",
      "2:21: `action.name` must be a string, this is null [wrong-type]"
    ),
    (
      "{ \(action), \(subject),\n\"resource\": { \"type\": \"t\" } }",
      "2:13: `resource` has no `id` [missing-member]"
    ),
    (
      "{ \(action), \(subject),\n\"resource\": { \"id\": \"t\" } }",
      "2:13: `resource` has no `type` [missing-member]"
    ),
    (
      "{ \(action), \(subject), \(resource),\n\"context\": [] }",
      "2:12: `context` must be an object, this is an array [wrong-type]"
    ),
    (
      "{ \(action), \(subject), \(resource),\n\"context\": null }",
      "2:12: `context` must be an object, this is null [wrong-type]"
    ),
    (
      "{ \(action), \(subject), \(resource),\n\"action\": {} }",
      "2:1: expected each name once in an object, found `action` again [json-duplicateKey]; `action` stood first at line 1, column 3; remove one of the two"
    ),
  ]

  @Test(arguments: badRequests) func isNotWellFormed(_ json: String, _ message: String) throws {
    #expect(try error(json) == message)
  }

  @Test func invalidUTF8() throws {
    let text = Array(request(id: "\u{1}").replacing("\u{1}", with: "x").utf8)
    let place = try #require(text.firstIndex(of: UInt8(ascii: "x")))
    var broken = text
    broken[place] = 0xff
    #expect(try error(text) == nil)
    #expect(try error(broken)?.contains("expected UTF-8") == true)
  }

  // MARK: Names that shadow

  /// No property takes the place of a part's own member, and no two spellings of one name do
  /// together.
  @Test(arguments: [
    (#""subject""#, #""type": "admin""#), (#""subject""#, #""id": "root""#),
    (#""subject""#, #""unknown_roles": []"#),
    (#""resource""#, #""type": "x""#), (#""resource""#, #""id": "x""#),
    (#""action""#, #""name": "x""#),
    (#""action""#, #""\u006eame": "x""#), (#""subject""#, #""i\u0064": "root""#),
  ])
  func reservedProperties(_ part: String, _ member: String) throws {
    let json =
      switch part {
      case #""subject""#: request(subject: member)
      case #""resource""#: request(resource: member)
      default: request(properties: member)
      }
    #expect(try error(json)?.contains("[reserved-property]") == true)
  }

  @Test func namesThatOnlyLookReserved() throws {
    let policies = try PolicySet.rules(
      rule(
        "r", "warn",
        #""message": "${subject.type} ${subject.id} ${subject.name} ${action.name} ${action.id} ${action.type} ${resource.name} ${context.id}""#
      ))
    let decision = try policies.decide(
      request(
        subject: #""roles": ["all"], "name": "n1", "Id": "root", "id ": 1, "\u0000id": 1"#,
        resource: #""name": "n2", "roles": [1]"#,
        properties: #""id": "i", "type": "t""#,
        context: #""id": "c", "type": 1, "roles": 2, "unknown_roles": 3"#))
    #expect(decision.warnings.map(\.message) == ["user eve n1 a i t n2 c"])
  }

  @Test(arguments: ["roles", "backend_roles"]) func listsOfRoles(_ name: String) throws {
    for value in ["\"all\"", "null", "{}", "[1]", "[\"all\", null]", "[[\"all\"]]", "true"] {
      #expect(
        try error(request(subject: "\"\(name)\": \(value)"))?.contains(
          "`subject.properties.\(name)` must be an array of strings") == true)
    }
    let count = EngineLimits.rolesPerSubject
    for (size, code) in [
      (count, nil as String?), (count + 1, "[too-many-roles]"), (70_000, "[too-many-roles]"),
    ] {
      let roles = (0..<size).map { "\"r\($0)\"" }.joined(separator: ",")
      let message = try error(request(subject: "\"\(name)\": [\(roles)]"))
      #expect(code.map { message?.contains($0) == true } ?? (message == nil))
      let typed = Request(
        subject: .init(
          type: "user", id: "eve", properties: [name: .list((0..<size).map { .string("r\($0)") })]),
        action: .init(name: "a"), resource: .init(type: "thing", id: "t"))
      var authorizer = Authorizer(try PolicySet.rules())
      if size > count {
        #expect { _ = try authorizer.decide(typed) } throws: {
          ($0 as? RequestError)?.code == "too-many-roles"
        }
      } else {
        #expect(try authorizer.decide(typed).summary == "deny authorization [nothing]")
      }
    }
  }

  // MARK: Limits

  @Test func depth() throws {
    func nested(_ depth: Int) -> String {
      request(
        resource: "\"deep\": " + String(repeating: "[", count: depth)
          + String(repeating: "]", count: depth))
    }
    // The request, the resource and its properties are three of the levels.
    #expect(try error(nested(EngineLimits.requestDepth - 3)) == nil)
    #expect(try error(nested(EngineLimits.requestDepth - 2))?.contains("json-tooDeep") == true)
    #expect(try error(nested(1_000_000))?.contains("json-tooDeep") == true)
  }

  @Test func size() throws {
    let room = EngineLimits.requestBytes - request(resource: #""x": """#).utf8.count
    func large(_ count: Int) -> String {
      request(resource: "\"x\": \"\(String(repeating: "x", count: count))\"")
    }
    #expect(try error(large(room)) == nil)
    #expect(try error(large(room + 1))?.contains("json-tooLarge") == true)
  }

  @Test func values() throws {
    func many(_ count: Int) -> String {
      request(resource: "\"x\": [" + String(repeating: "0,", count: count) + "0]")
    }
    #expect(try error(many(900_000)) == nil)
    #expect(try error(many(EngineLimits.requestValues))?.contains("json-tooManyValues") == true)
  }

  /// An authorizer that refused a request, or decided a large one, decides the next as if it were
  /// new.
  @Test func nothingStays() throws {
    let policies = try PolicySet.rules(
      rule("r", "deny", #""when": "context.n > 1""#),
      beside: #""definitions": { "d": "context.n" }"#)
    var authorizer = Authorizer(policies)
    let requests = [
      request(context: #""n": 1"#), request(context: #""n": 2"#), request(), "{",
      request(subject: ""), "[1]",
      request(subject: #""roles": [1]"#), request(resource: #""type": 1"#),
      request(context: #""n": 1"#),
    ]
    var fresh: [String?] = []
    for json in requests { fresh.append(try? policies.decide(json).json()) }
    for index in [0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 5, 0, 6, 2, 7, 8, 4, 3, 0] {
      #expect((try? authorizer.decide(json: Array(requests[index].utf8)).json()) == fresh[index])
    }
  }
}
