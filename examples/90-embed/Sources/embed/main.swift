import PolicyEngine

/// May somebody with these roles point an alias at a model? Prints the answer and the reasons for
/// it.
func ask(_ user: String, roles: [String], _ authorizer: inout Authorizer) throws {
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
  for set in decision.missing {
    print("  missing: \(set.facts.map(\.text).joined(separator: " and "))")
  }
}

/// The same without JSON and without an allocation: what stays the same is prepared once.
func askPrepared(_ policies: PolicySet) throws {
  let shape = try RequestShape(["resource.new_model.id", "resource.new_model.inference_type"])
  guard let model = shape.slot("resource.new_model.id"),
    let kind = shape.slot("resource.new_model.inference_type")
  else { return }
  var authorizer = PreparedAuthorizer(policies, shape)
  let put = authorizer.action("cluster:admin/xpack/ml/inference/model_aliases/put")
  let alice = try authorizer.prepare(
    .init(type: "user", id: "alice", properties: ["roles": ["machine_learning_admin"]]))
  for alias in ["flight_delay", "delay-2026"] {
    try authorizer.begin(alice, put, resource: "model_alias", id: alias)
    authorizer.set(model, "delay-2026")
    authorizer.set(kind, "regression")
    print("alice, \(alias): \(authorizer.outcome().rawValue)")
  }
}

do {
  // Load once and share the set; every thread has an authorizer of its own.
  let folder = CommandLine.arguments.dropFirst().first ?? "../../policies"
  var authorizer = Authorizer(try PolicySet(folder: folder))
  authorizer.explains = true
  try ask("alice", roles: ["machine_learning_admin"], &authorizer)
  try ask("bob", roles: ["machine_learning_user"], &authorizer)
  try askPrepared(authorizer.policies)
} catch {
  print(error)
}
