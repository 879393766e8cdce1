import CEL
import Foundation
package import PolicyEngine

/// The rules of docs/RULES.md and of section 3 of the design in the fewest words: documents by way
/// of Foundation, every rule asked one by one, every expression compiled by itself and evaluated
/// with the public API of CEL. No program, no index, no storage.
///
/// It is the oracle of `DifferentialTests`, so it shares nothing with the engine but the language
/// of conditions.
package struct ReferenceEngine {
  /// What comes of a condition.
  enum Truth { case yes, no, error }

  /// A decision without words: names of rules, in document order.
  package struct Verdict: Equatable {
    package var outcome = "allow"
    package var stage: String?
    /// Roles that grant, sorted.
    package var roles: [String] = []
    /// Rules that decided; `nothing` stands for a refusal.
    package var reasons: [String] = []
    package var warnings: [String] = []
    package var audit: [String] = []
    /// Rules among all of these that could not be evaluated.
    package var failed: Set<String> = []
  }

  struct Rule {
    let id, effect, stage, mode: String
    let actions, types: [String]?
    let when, unless: CompiledExpression?
  }

  let rules: [Rule]
  let privileges: [String: JSONValue]
  let roles: [String: JSONValue]
  let mappings: [(role: String, mapping: JSONValue)]
  let definitions: [String: CompiledExpression]

  package init(_ documents: [String]) throws {
    let parsed = try documents.map(JSONValue.parse)
    func all(_ member: String) -> [String: JSONValue] {
      parsed.reduce(into: [:]) { $0.merge($1[member]?.object ?? [:]) { first, _ in first } }
    }
    privileges = all("privileges")
    roles = all("roles")
    mappings = parsed.flatMap { $0["role_mappings"]?.object.map { ($0.key, $0.value) } ?? [] }
    let texts = all("definitions").mapValues { $0.string ?? $0["expression"]?.string ?? "" }
    var environment = Environment(extensions: [.macros, .strings])
    for name in ["subject", "action", "resource", "context"] + texts.keys {
      environment.declare(name)
    }
    let compile = { (text: String?) throws -> CompiledExpression? in
      try text.map { try environment.compile($0) }
    }
    definitions = try texts.mapValues { try environment.compile($0) }
    rules = try parsed.flatMap { document in
      try (document["rules"]?.array ?? []).map { rule in
        let effect = rule["effect"]?.string ?? ""
        return Rule(
          id: rule["id"]?.string ?? "", effect: effect,
          stage: effect == "allow" ? "authorization" : rule["stage"]?.string ?? "admission",
          mode: rule["mode"]?.string ?? "enforce",
          actions: rule["actions"]?.strings, types: rule["resource_types"]?.strings,
          when: try compile(rule["when"]?.string),
          unless: try compile(rule["unless"]?.string))
      }
    }
  }

  // MARK: Deciding

  package func decide(_ request: JSONValue) throws -> Verdict {
    let action = request["action"]?["name"]?.string ?? ""
    let type = request["resource"]?["type"]?.string ?? ""
    let (held, unknown) = rolesOfSubject(request["subject"])
    let variables = self.variables(request, held, unknown)
    let asked = rules.filter { rule in
      (rule.actions?.contains { Self.matches($0, action) } ?? true)
        && (rule.types?.contains { $0 == type } ?? true)
    }
    var verdict = Verdict()
    for stage in ["validation", "authorization", "admission"] {
      var denials: [String] = []
      if stage == "authorization" {
        let granting = held.filter { grants($0, action) }
        let allowed = asked.filter { $0.effect == "allow" && truth(of: $0, variables) == .yes }
        verdict.roles = granting.sorted()
        verdict.reasons = allowed.filter { $0.mode != "audit" }.map(\.id)
        verdict.warnings += allowed.filter { $0.mode == "warn" }.map(\.id)
        verdict.audit += allowed.filter { $0.mode == "audit" }.map(\.id)
        if granting.isEmpty, verdict.reasons.isEmpty { denials = ["nothing"] }
      }
      for rule in asked where rule.stage == stage && rule.effect != "allow" {
        let truth = truth(of: rule, variables)
        if truth == .no { continue }
        if truth == .error { verdict.failed.insert(rule.id) }
        if rule.mode == "audit" {
          verdict.audit.append(rule.id)
        } else if rule.effect == "deny" && rule.mode == "enforce" {
          denials.append(rule.id)
        } else {
          verdict.warnings.append(rule.id)
        }
      }
      if !denials.isEmpty {
        verdict.outcome = "deny"
        verdict.stage = stage
        verdict.reasons = denials
        verdict.roles = []
        return verdict
      }
    }
    verdict.outcome = verdict.warnings.isEmpty ? "allow" : "warn"
    return verdict
  }

  private func truth(of rule: Rule, _ variables: [String: CELValue]) -> Truth {
    let when = rule.when.map { truth(of: $0, variables) } ?? .yes
    let unless = rule.unless.map { truth(of: $0, variables) } ?? .no
    if when == .no || unless == .yes { return .no }
    return when == .error || unless == .error ? .error : .yes
  }

  private func truth(of condition: CompiledExpression, _ variables: [String: CELValue]) -> Truth {
    switch try? condition.evaluate(variables) {
    case .bool(true): .yes
    case .bool(false): .no
    default: .error
    }
  }

  // MARK: What conditions see

  private func variables(_ request: JSONValue, _ held: Set<String>, _ unknown: Set<String>)
    -> [String: CELValue]
  {
    func part(_ name: String, _ own: [String], _ more: [String: JSONValue] = [:]) -> CELValue {
      var members = request[name]?["properties"]?.object ?? [:]
      for name in own { members[name] = nil }
      for member in own { members[member] = request[name]?[member] }
      return JSONValue.object(members.merging(more) { $1 }).cel
    }
    func list(_ names: Set<String>) -> JSONValue {
      .array(names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { .string($0) })
    }
    var variables = [
      "subject": part(
        "subject", ["type", "id"],
        ["roles": list(held.union(unknown)), "unknown_roles": list(unknown)]),
      "action": part("action", ["name"]), "resource": part("resource", ["type", "id"]),
      "context": JSONValue.object(request["context"]?.object ?? [:]).cel,
    ]
    // A definition that fails has no value: using it is an error, not using it is none.
    var done: Set<String> = []
    func define(_ name: String) {
      guard let definition = definitions[name], done.insert(name).inserted else { return }
      definition.variables.forEach(define)
      variables[name] = try? definition.evaluate(variables)
    }
    definitions.keys.forEach(define)
    return variables
  }

  // MARK: Roles

  private func rolesOfSubject(_ subject: JSONValue?) -> (held: Set<String>, unknown: Set<String>) {
    let claimed = Set(subject?["properties"]?["roles"]?.strings ?? [])
    let backend = Set(subject?["properties"]?["backend_roles"]?.strings ?? [])
    let mapped = mappings.filter { _, mapping in
      let both = mapping["and_backend_roles"]?.strings ?? []
      return mapping["users"]?.strings.contains(subject?["id"]?.string ?? "") ?? false
        || mapping["backend_roles"]?.strings.contains { backend.contains($0) } ?? false
        || !both.isEmpty && both.allSatisfy { backend.contains($0) }
    }
    var held: Set<String> = []
    var open = claimed.filter { roles[$0] != nil } + mapped.map(\.role)
    while let role = open.popLast() {
      if held.insert(role).inserted { open += roles[role]?["roles"]?.strings ?? [] }
    }
    return (held, claimed.filter { roles[$0] == nil })
  }

  /// Whether a role grants an action by itself.
  private func grants(_ role: String, _ action: String) -> Bool {
    let role = roles[role]
    if role?["actions"]?.strings.contains(where: { Self.matches($0, action) }) ?? false {
      return true
    }
    return (role?["privileges"]?.strings ?? []).contains { name in
      let privilege = privileges[name]
      return (privilege?["actions"]?.strings ?? []).contains { Self.matches($0, action) }
        && !(privilege?["except"]?.strings ?? []).contains { Self.matches($0, action) }
    }
  }

  /// `*` stands for any run of characters.
  static func matches(_ pattern: String, _ action: String) -> Bool {
    func matches(_ pattern: ArraySlice<UInt8>, _ action: ArraySlice<UInt8>) -> Bool {
      guard let first = pattern.first else { return action.isEmpty }
      if first == UInt8(ascii: "*") {
        return (action.startIndex...action.endIndex).contains {
          matches(pattern.dropFirst(), action[$0...])
        }
      }
      return action.first == first && matches(pattern.dropFirst(), action.dropFirst())
    }
    return matches(Array(pattern.utf8)[...], Array(action.utf8)[...])
  }
}

extension ReferenceEngine.Verdict {
  /// The same of a decision of the engine.
  package init(_ decision: Decision) {
    outcome = decision.outcome.rawValue
    stage = decision.stage?.rawValue
    roles = decision.reasons.compactMap(\.role).sorted()
    reasons = decision.reasons.filter { $0.role == nil }.map { $0.rule ?? "nothing" }
    warnings = decision.warnings.map { $0.rule ?? "nothing" }
    audit = decision.audit.map { $0.rule ?? "nothing" }
    failed = Set(
      (decision.reasons + decision.warnings + decision.audit).filter { $0.failure != nil }
        .compactMap(\.rule))
  }

  /// Without the order that only the order of rules and files gives.
  package var unordered: [Set<String>] {
    [[outcome], [stage ?? ""], Set(roles), Set(reasons), Set(warnings), Set(audit), failed]
  }
}
