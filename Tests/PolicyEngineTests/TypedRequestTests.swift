import CEL
import EngineComparison
import Foundation
import Testing

@testable import PolicyEngine

/// A request decides alike whether it comes as JSON or as Swift values.
@Suite struct TypedRequestTests {
  /// Every example of every shipped rule, both ways, with the same bytes of explanation.
  @Test func shippedExamples() throws {
    let policies = try PolicySet.shipped()
    var authorizer = Authorizer(policies)
    authorizer.explains = true
    var count = 0
    for example in policies.examples {
      guard
        case .success(let bytes) = policies.exampleRequest(
          policies.files[example.file], example.node)
      else {
        Issue.record("an example can't be read")
        continue
      }
      // Members in one order: a map shows its entries in the order of the text.
      let object = try JSONSerialization.jsonObject(with: Data(bytes))
      let json = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
      let fromText = try authorizer.decide(json: [UInt8](json))
      let fromValues = try authorizer.decide(
        try Request(foundation: String(decoding: json, as: UTF8.self)))
      #expect(fromText.json() == fromValues.json())
      count += 1
    }
    #expect(count > 300)
  }

  @Test func valuesOfEveryKind() throws {
    let context =
      #""s": "é", "i": -9223372036854775808, "u": 9223372036854775808, "d": 0.5, "b": false, "n": null, "l": [1, [2]], "m": { "k": {} }"#
    let names = ["s", "i", "u", "d", "b", "n", "l", "m"]
    let policies = try PolicySet.rules(
      rule(
        "r", "warn",
        #""message": "\#(names.map { "${context.\($0)} ${type(context.\($0))}" }.joined(separator: ";"))""#
      ))
    let json = request(context: context)
    var authorizer = Authorizer(policies)
    let typed = try authorizer.decide(try Request(foundation: json))
    #expect(try typed.json() == policies.decide(json).json())
    #expect(
      typed.warnings[0].message
        == #"é string;-9223372036854775808 int;9223372036854775808u uint;0.5 double;false bool;null null_type;[1, [2]] list;{"k": {}} map"#
    )
  }

  // MARK: What only Swift can say

  @Test(arguments: [
    CELValue.map([.init("a", 1), .init("a", 2)]), .map([.init(1, 1), .init(.uint(1), 2)]),
    .map([.init([1], 1)]),
    .map([.init(nil, 1)]), .map([.init(.double(1.5), 1)]), .opaque(type: "ip", text: "::1"),
    .timestamp(seconds: .max, nanoseconds: 0),
    (0..<200).reduce(CELValue.null) { value, _ in .list([value]) },
  ])
  func unusableValues(_ value: CELValue) throws {
    var authorizer = Authorizer(try PolicySet.rules())
    var request = Request(
      subject: .init(type: "user", id: "eve", properties: ["roles": ["all"]]),
      action: .init(name: "a"),
      resource: .init(type: "thing", id: "t"))
    request.context = ["x": value]
    #expect { _ = try authorizer.decide(request) } throws: {
      ($0 as? RequestError)?.code == "wrong-type"
    }
    request.context = ["x": 1]
    #expect(try authorizer.decide(request).outcome == .allow)
  }

  @Test func reservedProperties() throws {
    var authorizer = Authorizer(try PolicySet.rules())
    let plain = Request(
      subject: .init(type: "user", id: "eve"), action: .init(name: "a"),
      resource: .init(type: "thing", id: "t"))
    var requests = Array(repeating: plain, count: 6)
    requests[0].subject.properties = ["type": "admin"]
    requests[1].subject.properties = ["id": "root"]
    requests[2].subject.properties = ["unknown_roles": []]
    requests[3].resource.properties = ["type": "x"]
    requests[4].resource.properties = ["id": "x"]
    requests[5].action.properties = ["name": "x"]
    for request in requests {
      #expect { _ = try authorizer.decide(request) } throws: {
        ($0 as? RequestError)?.code == "reserved-property"
      }
    }
    for roles in ["all", nil, [1], ["all", nil]] as [CELValue] {
      var request = plain
      request.subject.properties = ["roles": roles]
      #expect { _ = try authorizer.decide(request) } throws: {
        ($0 as? RequestError)?.code == "wrong-type"
      }
    }
  }

  /// What JSON can't say still makes an explanation that is JSON.
  @Test func explanationsAreJSON() throws {
    let values: [String: CELValue] = [
      "nan": .double(.nan), "infinity": .double(-.infinity), "bytes": .bytes([0, 255]),
      "keys": .map([.init(1, 1), .init(true, 2)]),
      "none": .optional(nil), "time": .timestamp(seconds: 0, nanoseconds: 5), "span": .duration(-5),
      "type": .type("int"),
      "control": .string("\u{0}\u{1b}\u{2028}\u{202e}\""),
    ]
    let all = values.keys.sorted().map { "context.\($0) == 1" }.joined(separator: " || ")
    let policies = try PolicySet.rules(
      rule("r", "deny", #""unless": "dyn(\#(all))""#.replacing("context.", with: "dyn(context).")))
    var authorizer = Authorizer(policies)
    authorizer.explains = true
    let decision = try authorizer.decide(
      Request(
        subject: .init(type: "user", id: "e\u{301}\u{0}", properties: ["roles": ["all"]]),
        action: .init(name: "a"),
        resource: .init(type: "thing", id: "t"), context: values))
    #expect(decision.outcome == .deny)
    let json = decision.json(pretty: true)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.utf8)) }
  }
}
