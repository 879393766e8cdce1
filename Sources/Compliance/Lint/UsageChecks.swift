import CEL
import PolicyEngine

/// What nobody uses, describes or shows by an example.
extension LintRun {
  mutating func checkUses() {
    let granted = Set(policies.flatMap { $0.roles.flatMap { $0.privileges.map(\.name) } })
    let included = Set(policies.flatMap { $0.roles.flatMap { $0.roles.map(\.name) } })
    let mapped = Set(policies.flatMap { $0.mappings.map(\.role.name) })
    for document in policies {
      let file = document.file
      for privilege in document.privileges where !granted.contains(privilege.name.name) {
        report(
          .unusedPrivilege, "no role grants the privilege `\(privilege.name.name)`", file,
          at: privilege.name.node, in: privilege.name.node + 1,
          help: "give it to a role, or take it away")
      }
      for role in document.roles
      where !mapped.isEmpty && !mapped.contains(role.name.name)
        && !included.contains(role.name.name)
      {
        report(
          .unassignedRole, "nobody is given the role `\(role.name.name)`", file,
          at: role.name.node, in: role.name.node + 1,
          help: "map it to users or backend roles, unless requests bring it themselves")
      }
    }
    checkDefinitions()
    checkFixtures()
  }

  private mutating func checkDefinitions() {
    var used: Set<String> = []
    var pending: [String] = []
    for rule in rules {
      for entry in [rule.linked.when, rule.linked.unless].compactMap(\.self) {
        pending += names(in: entry.expression)
      }
    }
    // Messages too: any expression that is none of a definition's own uses what it names.
    let own = Set(set.program.definitionExpressions.values)
    for index in set.program.expressions.indices where !own.contains(UInt32(index)) {
      pending += names(in: UInt32(index))
    }
    while let name = pending.popLast() {
      guard let expression = set.program.definitionExpressions[name],
        used.insert(name).inserted
      else { continue }
      pending += names(in: expression)
    }
    for document in policies {
      for definition in document.definitions where !used.contains(definition.name.name) {
        let container = document.file.tape.member("definitions", of: document.file.tape.root)
        report(
          .unusedDefinition, "nothing uses the definition `\(definition.name.name)`",
          document.file, at: definition.name.node, in: definition.name.node + 1,
          help: "take it away",
          fix: container.flatMap {
            document.file.removal(of: definition.name.node, from: $0)
          })
      }
    }
  }

  private func names(in expression: UInt32) -> [String] {
    set.program.expressions[Int(expression)].expression.identifiers
  }

  private mutating func checkFixtures() {
    var used = tested.fixtures
    for document in policies {
      for example in document.rules.flatMap(\.examples) {
        if let like = document.file.tape.member("like", of: example.node) {
          used.insert(document.file.tape.string(of: like))
        }
      }
    }
    for document in policies {
      for fixture in document.fixtures where !used.contains(fixture.name) {
        report(
          .unusedFixture, "no example or test builds on the fixture `\(fixture.name)`",
          document.file, at: fixture.node - 1, in: document.file.tape.root,
          help: "take it away, unless tests that lint was not given use it")
      }
    }
  }

  // MARK: Descriptions and examples

  mutating func checkDocumentation() {
    for document in policies {
      let file = document.file
      describe("policy `\(document.name.name)`", document.description, file, document.name.node, 0)
      for privilege in document.privileges {
        describe(
          "privilege `\(privilege.name.name)`", privilege.description, file, privilege.name.node,
          privilege.name.node + 1)
      }
      for role in document.roles {
        describe(
          "role `\(role.name.name)`", role.description, file, role.name.node, role.name.node + 1)
      }
    }
    for rule in rules {
      describe(
        "rule `\(rule.id)`", rule.written.description, rule.file, rule.written.id.node,
        rule.written.node)
      guard rule.written.examples.isEmpty, !tested.rules.contains(rule.id) else { continue }
      report(
        .missingExamples, "rule `\(rule.id)` has no examples, and no test expects it to decide",
        rule.file, at: rule.written.id.node, in: rule.written.node,
        help:
          "add `\"examples\": { \"\(rule.linked.effect.rawValue)\": [ … ] }`: they are run as tests"
      )
    }
    for name in tested.unreadable {
      note(
        "`\(name)` can't be used as tests, so what it covers was not counted; run `modelgate test`")
    }
  }

  private mutating func describe(
    _ what: String, _ description: String?, _ file: SourceFile, _ node: Int, _ owner: Int
  ) {
    guard description?.isBlank ?? true else { return }
    report(
      .missingDescription, "\(what) has no description", file, at: node, in: owner,
      help: "say what it is for, in a sentence")
  }
}
