import Foundation
import PolicyEngine

/// The checkout that the tests were built from.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }

  /// `MODELGATE_SHARED`, or `shared` beside the checkout.
  static let shared: URL = {
    if let path = ProcessInfo.processInfo.environment["MODELGATE_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    return root.deletingLastPathComponent().appendingPathComponent("shared")
  }()
}

extension PolicySet {
  /// The policies that the repository ships.
  static func shipped(_ folder: String = "policies") throws -> PolicySet {
    try PolicySet(folder: Checkout.path(folder))
  }

  /// A set of one or more documents written in a test.
  static func inline(_ documents: String...) throws -> PolicySet {
    try PolicySet(
      documents.enumerated().map {
        PolicySource(name: "test\($0.offset).json", bytes: Array($0.element.utf8))
      })
  }
}

extension PolicySet {
  /// Rules alone, in one document that also has the role `all`, which may everything.
  static func rules(_ rules: String..., beside members: String = "") throws -> PolicySet {
    try inline(
      """
      { "policy": "p", "roles": { "all": { "actions": ["*"] } }, \(members.isEmpty ? "" : members + ",")
        "rules": [ \(rules.joined(separator: ",\n")) ] }
      """)
  }

  func decide(_ request: String, explains: Bool = false) throws -> Decision {
    var authorizer = Authorizer(self)
    authorizer.explains = explains
    return try authorizer.decide(json: Array(request.utf8))
  }
}

/// A rule as JSON, with what every rule needs.
func rule(_ id: String, _ effect: String, _ members: String...) -> String {
  let usual = [#""id": "\#(id)""#, #""description": "Rule \#(id).""#, #""effect": "\#(effect)""#]
  let message =
    effect == "allow" || members.contains { $0.contains(#""message":"#) }
    ? [] : [#""message": "\#(id) says no""#]
  return "{ " + (usual + message + members).joined(separator: ", ") + " }"
}

/// A request as JSON. By default `eve`, who has the role `all`, does `a` to the thing `t`.
func request(
  action: String = "a", subject: String = #""roles": ["all"]"#, id: String = "eve",
  resource: String = "",
  type: String = "thing", properties: String = "", context: String = ""
) -> String {
  """
  { "subject": { "type": "user", "id": "\(id)", "properties": { \(subject) } },
    "action": { "name": "\(action)", "properties": { \(properties) } },
    "resource": { "type": "\(type)", "id": "t", "properties": { \(resource) } },
    "context": { \(context) } }
  """
}

extension Decision {
  /// Outcome, stage, reasons, warnings and audit by name: `deny admission [r s] warn [w] audit
  /// [a]`.
  var summary: String {
    func names(_ reasons: [Reason]) -> String {
      "["
        + reasons.map { $0.rule ?? $0.role.map { "role:\($0)" } ?? "nothing" }.joined(
          separator: " ") + "]"
    }
    var text = outcome.rawValue + (stage.map { " \($0.rawValue)" } ?? "") + " " + names(reasons)
    if !warnings.isEmpty { text += " warn \(names(warnings))" }
    if !audit.isEmpty { text += " audit \(names(audit))" }
    return text
  }
}
