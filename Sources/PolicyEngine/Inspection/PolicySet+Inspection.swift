package import CEL

/// What tools that judge policies see of a set: its documents and files, and the rules by number.
extension PolicySet {
  /// The policy documents, read anew from the files that were loaded.
  package var documents: [PolicyDocument] {
    files.compactMap { file in
      guard file.tape.member("policy", of: file.tape.root) != nil else { return nil }
      var reader = DocumentReader(file)
      return reader.policy()
    }
  }

  /// The sources that the set was made of, in load order.
  package var sources: [PolicySource] {
    files.map { PolicySource(name: $0.name, bytes: $0.tape.source) }
  }

  /// The same files as a set that asks every rule about an action, so that nothing is left out of
  /// what coverage sees. It decides alike.
  package func withoutIndex(timeZones: TimeZones) throws(PolicyLoadError) -> PolicySet {
    try PolicySet(sources, timeZones: timeZones, usesIndex: false)
  }

  /// Ids of the rules, in the order in which they are asked; their places are what `Exercise`
  /// counts by.
  package var ruleNames: [String] { rules.map(\.id) }
  /// Names of the roles, by number.
  package var roleNames: [String] { roles.roles.map(\.name) }
  /// Names of the privileges, by number.
  package var privilegeNames: [String] { roles.privileges.map(\.name) }

  /// Names of the fixtures of all documents.
  package var fixtureNames: Set<String> { Set(fixtures.flatMap(\.keys)) }

  /// The expressions of a rule's conditions, by number in the program.
  package func conditions(ofRule rule: Int) -> (when: UInt32?, unless: UInt32?) {
    (rules[rule].when?.expression, rules[rule].unless?.expression)
  }

  /// The clauses of a rule's conditions and of the definitions that these use.
  package func clauses(ofRule rule: Int) -> [ClauseKey] {
    var found: [ClauseKey] = []
    var seen: Set<ClauseKey> = []
    for entry in [rules[rule].when, rules[rule].unless] {
      guard let entry else { continue }
      found += program.clauses(of: entry.expression).filter { seen.insert($0).inserted }
    }
    return found
  }

  /// The expression of each definition, by name.
  package var definitionExpressions: [String: UInt32] { program.definitionExpressions }

  /// An expression of the program, checked.
  package func expression(_ number: UInt32) -> CheckedExpression {
    program.expressions[Int(number)]
  }

  /// Names of the privileges that hold an action, in load order.
  package func privileges(granting action: String) -> [String] {
    let action = Array(action.utf8)
    return roles.privileges.filter { $0.actions.contains(action) }.map(\.name)
  }

  /// The actions that a privilege holds; nil if there is no such privilege.
  package func actions(ofPrivilege name: String) -> ActionSet? {
    roles.privileges.first { $0.name == name }?.actions
  }

  /// What a role grants by itself, not through roles that it includes; nothing if there is no such
  /// role.
  package func actions(ofRole name: String) -> [ActionSet] {
    guard let index = roles.roleIndex[name] else { return [] }
    let role = roles.roles[index]
    return role.privileges.map { roles.privileges[$0].actions } + [role.actions]
  }

  /// Whether a role grants an action, by itself or through roles that it includes.
  package func grants(role: Int, action: String) -> Bool {
    var lists: [Int32] = []
    let entry = index.makeEntry(Array(action.utf8), &lists)
    var pending = [role]
    var seen: Set<Int> = []
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      if roles.grant(next, lists, entry) != nil { return true }
      pending += roles.roles[next].includes
    }
    return false
  }

  /// Actions that a vocabulary declares or a pattern names exactly, by name.
  package var actionNames: [String] {
    var names: Set<String> = []
    for file in files {
      guard file.tape.member("vocabulary", of: file.tape.root) != nil else { continue }
      guard let actions = file.tape.member("actions", of: file.tape.root) else { continue }
      for name in file.tape.children(of: actions) { names.insert(file.tape.string(of: name)) }
    }
    let sets =
      rules.compactMap(\.actions) + roles.privileges.map(\.actions) + roles.roles.map(\.actions)
    for pattern in sets.flatMap(\.patterns) where pattern.isExact {
      names.insert(String(decoding: pattern.text, as: UTF8.self))
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Those of `actionNames` that can be done to a resource of this type: all but those that a
  /// vocabulary declares for another type.
  package func actionNames(onType type: String) -> [String] {
    var others: Set<String> = []
    for file in files {
      guard file.tape.member("vocabulary", of: file.tape.root) != nil else { continue }
      guard let actions = file.tape.member("actions", of: file.tape.root) else { continue }
      for name in file.tape.children(of: actions) {
        guard let resource = file.tape.member("resource", of: name + 1) else { continue }
        if !file.tape.isString(resource, type) { others.insert(file.tape.string(of: name)) }
      }
    }
    return actionNames.filter { !others.contains($0) }
  }
}

/// An example of a rule as a test: the request in full, and what must come of it.
package struct ExampleCase: Sendable {
  /// The rule and what it does.
  package let rule: String
  package let effect: Effect
  package let expected: Outcome
  /// Its place among the examples of the rule with this outcome, from 1.
  package let number: Int
  package let position: SourcePosition
  /// The request, or why there is none.
  package let request: Result<[UInt8], PolicySet.ExampleFault>
}

extension PolicySet {
  /// The examples of all rules, in the order of the documents.
  package func exampleCases() -> [ExampleCase] {
    var counts: [String: Int] = [:]
    return examples.map { example in
      let rule = rules[example.rule]
      let key = "\(rule.id) \(example.expected.rawValue)"
      counts[key, default: 0] += 1
      return ExampleCase(
        rule: rule.id, effect: rule.effect, expected: example.expected, number: counts[key] ?? 1,
        position: files[example.file].position(ofNode: example.node),
        request: exampleRequest(files[example.file], example.node))
    }
  }
}
