import Compliance
import Foundation
import PolicyEngine
import Testing

/// Small policy sets for lint.
enum LintSets {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func sources(_ folder: String) throws -> [PolicySource] {
    try PolicyLoader.sources(at: root.appendingPathComponent(folder).path)
  }

  /// A policy document with these members beside its name and description.
  static func policy(_ members: String) -> PolicySource {
    PolicySource(
      name: "policy.json",
      bytes: Array("{ \"policy\": \"p\", \"description\": \"d\",\n\(members)\n}".utf8))
  }

  /// A document with rules; each is given without its description, message and examples.
  static func rules(_ rules: String...) -> PolicySource {
    policy("\"rules\": [\n" + rules.map(rule).joined(separator: ",\n") + "\n]")
  }

  static func rule(_ members: String) -> String {
    """
    { "description": "d", "message": "m", "examples": { "allow": [ { "subject": { "type": "user", "id": "u" },
      "action": { "name": "a" }, "resource": { "type": "t", "id": "r" } } ] }, \(members) }
    """
  }

  static let vocabulary = PolicySource(
    name: "vocabulary.json",
    bytes: Array(
      """
      { "vocabulary": "v", "subject": { "attributes": { "level": "int" } },
        "context": { "attributes": {} },
        "resources": { "t": { "attributes": { "name": "string", "size": { "type": "int", "optional": true } } },
                       "u": { "attributes": {} } },
        "actions": { "t:read": { "resource": "t" }, "t:write": { "resource": "t" }, "u:read": { "resource": "u" } } }
      """.utf8))

  /// Codes in the order in which they are found.
  static func codes(_ sources: PolicySource...) -> [String] {
    Lint().report(on: sources).diagnostics.map(\.code)
  }
}
