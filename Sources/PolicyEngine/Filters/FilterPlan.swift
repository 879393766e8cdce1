public import CEL

/// What the policies say about finding resources of one type: made once for a policy set, asked for
/// every caller.
///
/// It is the deny rules in force about the action, with what the caller is put in and what the
/// resource is left open. Rules that it can't follow count as letting everything through.
public struct FilterPlan: Sendable {
  private struct Rule: Sendable {
    var when: Expression?
    var unless: Expression?
  }

  private let rules: [Rule]
  private let definitions: [String: Expression]
  private let environment: Environment

  /// A plan for an action and a type of resource.
  public init(_ policies: PolicySet, action: String, resourceType: String) {
    let listing = policies.listing()
    let environment = Self.environment
    func parse(_ text: String?) -> Expression? {
      guard let text else { return nil }
      switch Parser.parse(Array(text.utf8), extensions: environment.extensions) {
      case .success(let tree): return tree
      case .failure: return nil
      }
    }
    let name = Array(action.utf8)
    rules = listing.rules.compactMap { rule in
      guard rule.effect == .deny, rule.mode == .enforce,
        rule.actions?.contains(where: { ActionPattern($0)?.matches(name) ?? false }) ?? true,
        rule.resourceTypes?.contains(resourceType) ?? true
      else { return nil }
      let (when, unless) = (parse(rule.when), parse(rule.unless))
      // What can't be parsed again is not followed.
      guard (rule.when == nil) == (when == nil), (rule.unless == nil) == (unless == nil) else {
        return nil
      }
      return Rule(when: when, unless: unless)
    }
    var definitions: [String: Expression] = [:]
    for definition in listing.definitions {
      definitions[definition.name] = parse(definition.expression)
    }
    self.definitions = definitions
    self.environment = environment
  }

  /// The same extensions as conditions of rules have, and nothing known of types.
  private static var environment: Environment {
    var environment = Vocabulary([], timeZones: .system).base
    for name in Linker.variables where name != "resource" { environment.declare(name) }
    return environment
  }

  /// Which resources a subject may possibly act on.
  ///
  /// - Parameters:
  ///   - subject: who asks, with the roles that the policies give (`Authorizer.rolesHeld(by:)`).
  ///   - action: what for.
  ///   - context: what else is known.
  public func filter(
    subject: Request.Entity, action: Request.Action, context: [String: CELValue] = [:]
  ) -> ResourceFilter {
    var known = subject.properties
    known["type"] = .string(subject.type)
    known["id"] = .string(subject.id)
    var parameters = action.properties
    parameters["name"] = .string(action.name)
    var evaluator = PartialEvaluator(
      known: [
        "subject": Self.map(known), "action": Self.map(parameters), "context": Self.map(context),
      ], definitions: definitions, environment: environment)
    var filter = ResourceFilter.everything
    for rule in rules {
      // It does not deny what its `when` is false for, and what its `unless` is true for.
      let spared = rule.when.map { evaluator.possible(false, $0) } ?? .nothing
      let excepted = rule.unless.map { evaluator.possible(true, $0) } ?? .nothing
      filter = filter.intersection(spared.union(excepted))
    }
    return filter
  }

  private static func map(_ properties: [String: CELValue]) -> CELValue {
    .map(properties.map { CELValue.Entry(.string($0.key), $0.value) })
  }
}
