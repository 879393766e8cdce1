import CEL

/// Reading rules.
extension DocumentReader {
  static let ruleFields = [
    "id", "description", "source", "effect", "stage", "mode", "actions", "resource_types", "when",
    "unless",
    "message", "error", "examples", "suppress",
  ]

  mutating func rule(_ node: Int) -> PolicyDocument.Rule? {
    let members = members(
      of: node, known: Self.ruleFields, required: ["id", "description", "effect"]
    ) { $0.nameOfRule(node) }
    guard let members else { return nil }
    let id = identifier(members["id"], "id")
    let effect = word(members["effect"], "effect", Effect.self)
    let stage = word(members["stage"], "stage", Stage.self)
    let mode = word(members["mode"], "mode", Mode.self) ?? .enforce
    let description = string(members["description"], "description")
    let source = string(members["source"], "source")
    let actions = members["actions"].map { patterns($0, "actions") }
    let types = members["resource_types"].map { strings($0, "resource_types") }
    rejectEmpty(members["actions"], actions, "actions")
    rejectEmpty(members["resource_types"], types, "resource_types")
    let when = expression(members["when"], "when")
    let unless = expression(members["unless"], "unless")
    let message = expression(members["message"], "message")
    let error = protocolError(members["error"])
    let examples = examples(members["examples"])
    if let effect, let id { check(effect, stage, members, id) }
    // Without a proper id or effect the rule is read on, for all the rest that may be wrong with
    // it.
    return PolicyDocument.Rule(
      id: Named(name: id ?? "", node: members["id"] ?? node), description: description,
      source: source,
      effect: effect ?? .deny, stage: effect == .allow ? .authorization : stage ?? .admission,
      mode: mode, actions: actions,
      resourceTypes: types, when: when, unless: unless, message: message, error: error,
      examples: examples,
      node: node)
  }

  /// How messages call a rule.
  private func nameOfRule(_ node: Int) -> String {
    guard let id = tape.member("id", of: node), tape.kind(of: id) == .string else {
      return "this rule"
    }
    return "rule `\(tape.string(of: id))`"
  }

  private mutating func check(
    _ effect: Effect, _ stage: Stage?, _ members: Members, _ id: String
  ) {
    if effect == .allow, let stage, stage != .authorization, let place = members["stage"] {
      report("invalid-stage", "an `allow` rule belongs to the stage `authorization`", at: place)
    }
    if effect != .allow, members["message"] == nil, let place = members["id"] {
      report(
        "missing-field", "rule `\(id)` has no `message`", at: place,
        help: "say what is wrong, for the person who is refused or warned")
    }
  }

  private mutating func rejectEmpty(_ node: Int?, _ values: [Named]?, _ what: String) {
    guard let node, let values, values.isEmpty, tape.kind(of: node) == .array else { return }
    guard tape.nodes[node].count == 0 else { return }
    report(
      "empty-scope", "an empty `\(what)` matches nothing", at: node,
      help: "leave the field out to match everything")
  }

  private mutating func expression(_ node: Int?, _ what: String) -> Named? {
    guard let node, let text = string(node, what) else { return nil }
    return Named(name: text, node: node)
  }

  private mutating func examples(_ node: Int?) -> [PolicyDocument.ExampleText] {
    guard let node,
      let members = members(of: node, "examples", known: ["allow", "deny", "warn"])
    else { return [] }
    var examples: [PolicyDocument.ExampleText] = []
    for outcome in [Outcome.deny, .warn, .allow] {
      for element in elements(members[outcome.rawValue], outcome.rawValue) {
        guard tape.kind(of: element) == .object else {
          wrongType(element, "an example", "a request object")
          continue
        }
        examples.append(PolicyDocument.ExampleText(expected: outcome, node: element))
      }
    }
    return examples
  }
}
