import CEL
import PolicyEngine

/// Action patterns, and lists in general.
extension LintRun {
  mutating func checkActions() {
    let declared = declaredActions.map { Array($0.utf8) }
    for document in policies {
      for privilege in document.privileges {
        let owner = privilege.name.node + 1
        checkPatterns(privilege.actions, document.file, owner, declared, isGrant: true)
        checkPatterns(privilege.exceptions, document.file, owner, declared, isGrant: false)
        checkEmpty("privilege `\(privilege.name.name)`", document.file, owner)
      }
      for role in document.roles {
        let owner = role.name.node + 1
        checkPatterns(role.actions, document.file, owner, declared, isGrant: true)
        checkRepeats(role.privileges, document.file, owner)
        checkRepeats(role.roles, document.file, owner)
        checkEmpty("role `\(role.name.name)`", document.file, owner)
        guard role.privileges.isEmpty, role.actions.isEmpty, role.roles.isEmpty else { continue }
        report(
          .grantsNothing, "role `\(role.name.name)` grants nothing", document.file,
          at: role.name.node, in: owner,
          help: "give it privileges, or say in `suppress` what it is for")
      }
      for mapping in document.mappings {
        for list in [mapping.users, mapping.backendRoles, mapping.allBackendRoles] {
          checkRepeats(list, document.file, document.file.tape.root)
        }
      }
      for part in document.unauthorized {
        checkPatterns(
          part.actions ?? [], document.file, document.file.tape.root, declared, isGrant: false)
      }
    }
    let types = Set(vocabularies.flatMap { $0.resources.map(\.name.name) })
    for rule in rules {
      let owner = rule.written.node
      checkPatterns(
        rule.written.actions ?? [], rule.file, owner, declared,
        isGrant: rule.linked.effect == .allow && rule.written.when == nil)
      checkTypes(rule, types)
    }
  }

  private mutating func checkTypes(_ rule: LintRule, _ types: Set<String>) {
    checkRepeats(rule.written.resourceTypes ?? [], rule.file, rule.written.node)
    guard !types.isEmpty else { return }
    for type in rule.written.resourceTypes ?? [] where !types.contains(type.name) {
      report(
        .unknownResourceType, "no vocabulary declares the resource type `\(type.name)`", rule.file,
        at: type.node, in: rule.written.node,
        help: suggestion(for: type.name, among: types).map { "did you mean `\($0)`?" }
          ?? "declare it in a vocabulary, or correct it")
    }
  }

  private mutating func checkEmpty(_ what: String, _ file: SourceFile, _ owner: Int) {
    guard let actions = file.tape.member("actions", of: owner),
      file.tape.kind(of: actions) == .array, file.tape.nodes[actions].count == 0
    else { return }
    report(
      .emptyActions, "the `actions` of \(what) are empty", file, at: actions, in: owner,
      help: "name actions, or take it away")
  }

  // MARK: Patterns

  private mutating func checkPatterns(
    _ patterns: [Named], _ file: SourceFile, _ owner: Int, _ declared: [[UInt8]], isGrant: Bool
  ) {
    checkRepeats(patterns, file, owner)
    let all = patterns.compactMap { ActionPattern($0.name) }
    guard all.count == patterns.count else { return }
    for (index, pattern) in all.enumerated() {
      let named = patterns[index]
      if let other = all.indices.first(where: {
        $0 != index && all[$0] != pattern && all[$0].covers(pattern)
      }) {
        report(
          .redundantPattern,
          "`\(named.name)` is part of `\(patterns[other].name)` in the same list", file,
          at: named.node, in: owner, help: "leave it out",
          fix: container(of: named.node, in: file, below: owner).flatMap {
            file.removal(of: named.node, from: $0)
          })
      }
      if !declared.isEmpty, !declared.contains(where: { pattern.matches($0) }) {
        report(
          .unmatchedAction, "`\(named.name)` matches no action that a vocabulary declares", file,
          at: named.node, in: owner,
          help: suggestion(for: named.name, among: declaredActions).map { "did you mean `\($0)`?" }
            ?? "declare the action in a vocabulary, or correct the pattern")
      }
      if isGrant, Self.isBroad(pattern) {
        report(
          .broadGrant, "`\(named.name)` grants \(Self.extent(named.name))", file, at: named.node,
          in: owner, help: "name what is needed, or say in `suppress` why all of it is")
      }
    }
  }

  /// Everything, or everything below the first word of action names.
  private static func isBroad(_ pattern: ActionPattern) -> Bool {
    guard let star = pattern.text.firstIndex(of: UInt8(ascii: "*")) else { return false }
    let rest = pattern.text[star...].filter { $0 != UInt8(ascii: "*") }
    let start = pattern.text[..<star]
    let separators = start.filter { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
    return rest.isEmpty && (start.isEmpty || separators.count <= 1 && isSeparator(start.last))
  }

  private static func isSeparator(_ byte: UInt8?) -> Bool {
    byte == UInt8(ascii: ":") || byte == UInt8(ascii: "/")
  }

  private static func extent(_ pattern: String) -> String {
    pattern.allSatisfy { $0 == "*" }
      ? "every action" : "every action that begins with `\(pattern.prefix { $0 != "*" })`"
  }

  // MARK: Lists

  private mutating func checkRepeats(_ names: [Named], _ file: SourceFile, _ owner: Int) {
    var seen: Set<[UInt8]> = []
    for name in names where !seen.insert(Array(name.name.utf8)).inserted {
      report(
        .repeatedEntry, "`\(name.name)` stands twice in this list", file, at: name.node, in: owner,
        help: "leave one out",
        fix: container(of: name.node, in: file, below: owner).flatMap {
          file.removal(of: name.node, from: $0)
        })
    }
  }

  /// The array that an element stands in.
  private func container(of element: Int, in file: SourceFile, below owner: Int) -> Int? {
    var best: Int?
    for node in owner..<element
    where file.tape.kind(of: node) == .array && file.tape.next(after: node) > element {
      best = node
    }
    return best
  }
}
