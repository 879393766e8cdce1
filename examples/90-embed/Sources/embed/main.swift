import PolicyEngine

// Load once, share the set between threads, give every thread an authorizer of its own.
let folder = CommandLine.arguments.dropFirst().first ?? "../../policies"
let policies: PolicySet
do {
  policies = try PolicySet(folder: folder)
} catch {
  print(error)
  fatalError("the policies in \(folder) can't be used")
}
var authorizer = Authorizer(policies)
authorizer.explains = true

/// Asks whether somebody with these roles may point an alias at a model.
func ask(_ user: String, roles: [String]) throws {
  let decision = try authorizer.decide(
    Request(
      subject: .init(
        type: "user", id: user, properties: ["roles": .list(roles.map { .string($0) })]),
      action: .init(name: "cluster:admin/xpack/ml/inference/model_aliases/put"),
      resource: .init(
        type: "model_alias", id: "flight_delay",
        properties: ["new_model": ["id": "delay-2026", "inference_type": "regression"]])))
  print("\(user): \(decision.outcome.rawValue)")
  for reason in decision.reasons { print("  because \(reason.message)") }
  for set in decision.missing { print("  missing: \(set.facts.map(\.text).joined(separator: " and "))") }
}

try ask("alice", roles: ["machine_learning_admin"])
try ask("bob", roles: ["machine_learning_user"])
