import PolicyEngine

@testable import Compliance

/// A policy set of one document written in a test.
func policies(_ members: String) throws -> PolicySet {
  let text = """
    { "policy": "p", "roles": { "all": { "actions": ["*"] } }, \(members) }
    """
  return try PolicySet([PolicySource(name: "p.json", bytes: Array(text.utf8))])
}

/// A test document written in a test: its cases, and what stands beside them.
func document(_ cases: String, beside members: String = "") -> PolicySource {
  let text = """
    { "tests": "t", \(members.isEmpty ? "" : members + ",") "cases": [ \(cases) ] }
    """
  return PolicySource(name: "t.test.json", bytes: Array(text.utf8))
}

/// A request that the role `all` lets do everything, with properties of its resource.
func request(_ properties: String = "", action: String = "a") -> String {
  """
  { "subject": { "type": "user", "id": "eve", "properties": { "roles": ["all"] } },
    "action": { "name": "\(action)" },
    "resource": { "type": "thing", "id": "t", "properties": { \(properties) } } }
  """
}

/// What a run came to: `passed`, or the differences.
func summary(_ result: TestResult) -> String {
  result.differences.isEmpty
    ? result.status.rawValue
    : result.differences.map { "\($0.what): \($0.expected) ≠ \($0.actual)" }.joined(separator: "; ")
}
