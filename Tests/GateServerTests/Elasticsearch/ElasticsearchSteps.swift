import GateServer
import Testing

/// A request and what must come of it, in a row of others on one registry.
struct ElasticsearchStep {
  var user = "mona"
  let line: String
  var body = ""
  var headers: [(name: String, value: String)] = []
  let status: Int
  /// The whole body; nil for any.
  var answer: String?
  /// Header fields that must be there; nil for one that must not.
  var fields: [(name: String, value: String?)] = []

  init(
    _ line: String, _ body: String, as user: String = "mona",
    headers: [(name: String, value: String)] = [], _ status: Int, _ answer: String? = nil,
    fields: [(name: String, value: String?)] = []
  ) {
    (self.line, self.body, self.user, self.headers) = (line, body, user, headers)
    (self.status, self.answer, self.fields) = (status, answer, fields)
  }

  /// A request without a body.
  init(
    _ line: String, as user: String = "mona", headers: [(name: String, value: String)] = [],
    _ status: Int, _ answer: String? = nil, fields: [(name: String, value: String?)] = []
  ) {
    self.init(line, "", as: user, headers: headers, status, answer, fields: fields)
  }

  /// An error in its envelope.
  static func error(_ status: Int, _ type: String, _ reason: String) -> String {
    let inner = #""type":"\#(type)","reason":"\#(reason)""#
    return #"{"error":{"root_cause":[{\#(inner)}],\#(inner)},"status":\#(status)}"#
  }

  /// A request that is refused.
  init(
    _ line: String, _ body: String = "", as user: String = "mona", fails status: Int,
    _ type: String, _ reason: String
  ) {
    self.init(line, body, as: user, status, Self.error(status, type, reason))
  }

  static let acknowledged = #"{"acknowledged":true}"#

  func check(on site: ElasticsearchSite) async throws {
    let got = try await site.send(line, body, as: user, headers: headers)
    #expect(got.status == status, "\(line): \(got.body)")
    if let answer { #expect(got.body == answer, "\(line)") }
    for (name, value) in fields { #expect(got.headers[name] == value, "\(line): \(name)") }
  }

  static func check(_ steps: [ElasticsearchStep], on site: ElasticsearchSite) async throws {
    for step in steps { try await step.check(on: site) }
  }
}
