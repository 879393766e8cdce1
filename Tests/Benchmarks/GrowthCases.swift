import CEL
import PolicyEngine

/// The same decision with 10 to 100,000 rules in the set: rules for single resources, attribute rules
/// and role grants, spread over fifty actions.
extension Harness {
  mutating func measureGrowth() throws {
    let sizes = rounds > 5 ? [10, 100, 1_000, 10_000, 100_000] : [10, 1_000, 10_000]
    for size in sizes {
      let text = Self.policy(size)
      let clock = ContinuousClock()
      let start = clock.now
      let policies = try PolicySet([PolicySource(name: "growth.json", bytes: Array(text.utf8))])
      let loading = start.duration(to: clock.now)
      print("loading \(size) rules (\(text.utf8.count / 1_000) kB): \(loading)")
      var authorizer = Authorizer(policies)
      let request = Request(
        subject: .init(
          type: "user", id: "ada",
          properties: ["roles": ["role-3"], "department": "d4", "level": 3]),
        action: .init(name: "model:act-7"), resource: .init(type: "model", id: "model-57"))
      measure("role and attribute decision, \(size) rules", operations: 20_000) { count in
        var allowed = 0
        for _ in 0..<count where (try? authorizer.outcome(of: request)) != .deny { allowed += 1 }
        return allowed
      }
    }
  }

  private static func policy(_ size: Int) -> String {
    var rules: [String] = []
    for index in 0..<size {
      let condition =
        switch index % 3 {
        case 0: "resource.id == 'model-\(index)' && subject.level < 2"
        case 1: "subject.department == 'd\(index)'"
        default: "'group-\(index)' in subject.roles && resource.type == 'model'"
        }
      rules.append(
        """
        {"id": "r\(index)", "description": "d", "effect": "deny", "message": "no", \
        "actions": ["model:act-\(index % 50)"], "when": "\(condition)"}
        """)
    }
    let roles = (0..<max(10, size / 100)).map { #""role-\#($0)": {"actions": ["model:*"]}"# }
    return """
      {"policy": "growth", "roles": {\(roles.joined(separator: ","))}, "rules": [\(rules.joined(separator: ","))]}
      """
  }
}
