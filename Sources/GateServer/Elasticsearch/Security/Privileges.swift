package import PolicyEngine

/// What the caller's roles grant, in terms of privileges.
///
/// A privilege is held if all of its actions are. That is decided pattern by pattern: each of the
/// privilege's patterns must be covered by one pattern that a role grants. Where several only
/// together cover one, the answer is no: it may be too careful and is never too generous.
package struct Privileges {
  private let policies: PolicySet
  /// The caller's roles as they were assigned, those mapped to the caller behind them.
  let assignedRoles: [String]
  private let granted: [ActionSet]
  /// To what an API key was limited; nil for no limit.
  private let limit: [ActionSet]?

  init(_ policies: PolicySet, _ caller: Caller) throws(RequestError) {
    self.policies = policies
    var authorizer = Authorizer(policies)
    let effective = try authorizer.resolved(caller.subject).texts("roles")
    assignedRoles = caller.roles + effective.filter { !caller.roles.contains($0) }
    granted = effective.flatMap { policies.actions(ofRole: $0) }
    limit = caller.privilegeLimit.map { $0.compactMap { policies.actions(ofLimit: $0) } }
  }

  /// Whether each of these names of privileges or actions is held.
  ///
  /// - Throws: `ErrorBody` for a name that is neither.
  func answers(_ names: [String]) throws(ErrorBody) -> [(name: String, isGranted: Bool)] {
    var answers: [(name: String, isGranted: Bool)] = []
    for name in names {
      guard let wanted = policies.actions(ofPrivilege: name) ?? Self.actions(name) else {
        throw .illegalArgument(Self.unknown(name, policies))
      }
      answers.append((name, holds(wanted)))
    }
    return answers
  }

  /// What is wrong with a name that an API key is to be limited to; nil if nothing is.
  static func fault(ofName name: String, _ policies: PolicySet) -> String? {
    if policies.actions(ofPrivilege: name) != nil { return nil }
    let isPlain = name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    return isPlain && actions(name) != nil ? nil : unknown(name, policies)
  }

  private static func unknown(_ name: String, _ policies: PolicySet) -> String {
    "unknown cluster privilege [\(name)]. a privilege must be either one of the predefined cluster "
      + "privilege names [\(policies.privilegeNames.joined(separator: ","))] or a pattern over one "
      + "of the available cluster actions"
  }

  /// An action, or a pattern over actions.
  private static func actions(_ name: String) -> ActionSet? {
    let isAction = ["cluster:", "indices:admin/template/", "indices:admin/index_template/"]
      .contains { name.hasPrefix($0) }
    guard isAction, let pattern = ActionPattern(name) else { return nil }
    return ActionSet(patterns: [pattern])
  }

  private func holds(_ wanted: ActionSet) -> Bool {
    wanted.patterns.allSatisfy { pattern in
      granted.contains { Self.covers($0, pattern, except: wanted.exceptions) }
        && limit?.contains { Self.covers($0, pattern, except: wanted.exceptions) } ?? true
    }
  }

  /// Whether a set holds whatever a pattern matches, but for some exceptions.
  package static func covers(
    _ set: ActionSet, _ pattern: ActionPattern, except allowed: [ActionPattern]
  ) -> Bool {
    // A wildcard of the narrower pattern is matched by none but a wildcard of the wider one.
    guard set.patterns.contains(where: { $0.matches(pattern.text) }) else { return false }
    return set.exceptions.allSatisfy { exception in
      areDisjoint(exception, pattern) || allowed.contains { $0.matches(exception.text) }
    }
  }

  /// Whether two patterns certainly match nothing in common: they begin differently.
  private static func areDisjoint(_ one: ActionPattern, _ other: ActionPattern) -> Bool {
    let star = UInt8(ascii: "*")
    for (a, b) in zip(one.text, other.text) {
      if a == star || b == star { return false }
      if a != b { return true }
    }
    // One is the beginning of the other; if the shorter ends there, they differ.
    if one.isExact && other.isExact { return one.text.count != other.text.count }
    return one.isExact && one.text.count < other.text.count
      && !other.text.starts(with: one.text + [star])
      || other.isExact && other.text.count < one.text.count
        && !one.text.starts(with: other.text + [star])
  }
}
