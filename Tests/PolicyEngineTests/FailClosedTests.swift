import CEL
import Testing

@testable import PolicyEngine

/// A rule that fails to evaluate never opens the door: every kind of error, in every kind of rule,
/// alone and inside definitions, `unless`, `||` and `&&`.
@Suite struct FailClosedTests {
  struct Fault: CustomTestStringConvertible, Sendable {
    let name: String
    /// An expression of type bool that fails.
    let expression: String
    let context: String
    let failure: String
    var testDescription: String { name }
    /// A spent budget is dear to test.
    var conditions: [String] {
      name == "budget" ? [erring[0], erring[2], erring[8], erring[12]] : erring
    }
  }

  private static let loop =
    "context.l.all(a, context.l.all(b, context.l.all(c, context.l.all(d, a <= d || b == c || true))))"
  private static let numbers = (0..<60).map(String.init).joined(separator: ",")

  static let faults = [
    Fault(
      name: "attribute", expression: "context.nothing == 1", context: "",
      failure: "there is no key `nothing`"),
    Fault(
      name: "attribute of an attribute", expression: "context.a.b.c", context: #""a": { "b": {} }"#,
      failure: "there is no key `c`"),
    Fault(
      name: "field of a number", expression: "context.a.b == 1", context: #""a": 1"#,
      failure: "int has no fields"),
    Fault(
      name: "key", expression: "context.m[context.k] == 1", context: #""m": { "x": 1 }, "k": "y""#,
      failure: "there is no key `y`"),
    Fault(
      name: "types", expression: "context.a < context.b", context: #""a": 1, "b": "2""#,
      failure: "no operation of this kind takes int and string"),
    Fault(
      name: "no bool", expression: "dyn(context.a)", context: #""a": "true""#,
      failure: "no operation of this kind takes string"),
    Fault(
      name: "null for a bool", expression: "dyn(context.a)", context: #""a": null"#,
      failure: "no operation of this kind takes null"),
    Fault(
      name: "overflow", expression: "context.a + 1 > 0", context: #""a": 9223372036854775807"#,
      failure: "the result is out of range"),
    Fault(
      name: "unsigned overflow", expression: "context.a + 1u > 0u",
      context: #""a": 18446744073709551615"#, failure: "the result is out of range"),
    Fault(
      name: "negation overflow", expression: "-context.a > 0",
      context: #""a": -9223372036854775808"#, failure: "the result is out of range"),
    Fault(
      name: "division", expression: "1 / context.a == 1", context: #""a": 0"#,
      failure: "division by zero"),
    Fault(
      name: "remainder", expression: "1 % context.a == 1", context: #""a": 0"#,
      failure: "remainder of a division by zero"),
    Fault(
      name: "index", expression: "context.l[context.a] == 1", context: #""l": [1], "a": 1"#,
      failure: "the index is out of range"),
    Fault(
      name: "negative index", expression: "context.l[context.a] == 1",
      context: #""l": [1], "a": -1"#, failure: "the index is out of range"),
    Fault(
      name: "index of a list", expression: "context.l[context.a] == 1",
      context: #""l": [1], "a": "0""#, failure: "a list can't be indexed by string"),
    Fault(
      name: "regular expression", expression: "'a'.matches(context.a)", context: #""a": "(""#,
      failure: "`(` is not a regular expression"),
    Fault(
      name: "conversion", expression: "int(context.a) == 1", context: #""a": "one""#,
      failure: "`one` can't be converted"),
    Fault(
      name: "conversion out of range", expression: "int(context.a) == 1", context: #""a": 1e300"#,
      failure: "the value is out of range for this type"),
    Fault(
      name: "timestamp", expression: "timestamp(context.a) > timestamp('2026-01-01T00:00:00Z')",
      context: #""a": "soon""#, failure: "`soon` can't be converted"),
    Fault(
      name: "time zone", expression: "timestamp('2026-01-01T00:00:00Z').getHours(context.a) == 1",
      context: #""a": "Mars/Olympus""#,
      failure: "there is no time zone `Mars/Olympus`"),
    Fault(
      name: "two keys of one name", expression: "{context.a: 1, context.b: 2}.size() == 2",
      context: #""a": "k", "b": "k""#, failure: "a map has the same key twice"),
    Fault(
      name: "a key that is none", expression: "{context.a: 1}.size() == 1", context: #""a": [1]"#,
      failure: "list can't be the key of a map"),
    Fault(
      name: "size of a number", expression: "size(context.a) == 1", context: #""a": 1"#,
      failure: "no operation of this kind takes int"),
    Fault(
      name: "loop over a number", expression: "context.a.exists(x, x == 1)", context: #""a": 1"#,
      failure: "no operation of this kind takes int"),
    Fault(
      name: "element of a wrong type", expression: "context.l.exists(x, x > 5)",
      context: #""l": [1, "a"]"#, failure: "no operation of this kind takes string and int"),
    Fault(
      name: "budget", expression: loop, context: #""l": [\#(numbers)]"#,
      failure: "the evaluation took more steps than its budget allows"),
  ]

  private static let definitions =
    #""definitions": { "fails": "\#("%")", "again": "fails && true" }"#

  private func decide(
    _ fault: Fault, _ effect: String, _ condition: String, action: String = "a",
    subject: String = #""roles": ["all"]"#
  ) throws -> Decision {
    let policies = try PolicySet.rules(
      rule("r", effect, #""actions": ["a"]"#, condition.replacing("%", with: fault.expression)),
      beside: Self.definitions.replacing("%", with: fault.expression))
    let asked = request(action: action, subject: subject, context: fault.context)
    let decision = try policies.decide(asked)
    let explained = try policies.decide(asked, explains: true)
    #expect(explained.summary == decision.summary)
    return decision
  }

  /// Conditions that come to the same error as the fault itself.
  static let erring = [
    #""when": "%""#, #""when": "fails""#, #""when": "again""#, #""when": "!(%)""#,
    #""when": "(%) || false""#,
    #""when": "false || fails""#, #""when": "(%) && true""#, #""when": "true && again""#,
    #""unless": "%""#, #""unless": "fails || false""#,
    #""when": "true", "unless": "again""#, #""when": "%", "unless": "false""#,
    #""when": "fails", "unless": "fails""#,
    #""when": "(%) ? true : true""#, #""when": "[1].all(x, fails)""#,
    #""when": "[fails].exists(x, x)""#,
  ]
  /// Conditions that are true whatever the fault, and those that are false.
  static let settledTrue = [
    #""when": "(%) || true""#, #""when": "true || fails""#, #""when": "!(fails && false)""#,
    #""when": "true", "unless": "again && false""#,
  ]
  static let settledFalse = [
    #""when": "(%) && false""#, #""when": "false && fails""#, #""when": "%", "unless": "true""#,
    #""when": "false", "unless": "fails""#,
    #""when": "fails", "unless": "again || true""#, #""when": "true", "unless": "(%) || true""#,
  ]

  @Test(arguments: faults) func aFailingDenyDenies(_ fault: Fault) throws {
    for condition in fault.conditions {
      let decision = try decide(fault, "deny", condition)
      #expect(decision.summary == "deny admission [r]", "\(condition)")
      #expect(decision.reasons.first?.failure == fault.failure, "\(condition)")
      #expect(
        decision.reasons.first?.message == "the rule `r` could not be evaluated: \(fault.failure)")
    }
    for condition in Self.settledTrue where fault.name != "budget" {
      let decision = try decide(fault, "deny", condition)
      #expect(decision.reasons.first?.failure == nil, "\(condition)")
      #expect(decision.summary == "deny admission [r]", "\(condition)")
    }
    for condition in Self.settledFalse where fault.name != "budget" {
      #expect(try decide(fault, "deny", condition).summary == "allow [role:all]", "\(condition)")
    }
  }

  @Test(arguments: faults) func onlyInItsScope(_ fault: Fault) throws {
    for condition in fault.conditions {
      #expect(
        try decide(fault, "deny", condition, action: "b").summary == "allow [role:all]",
        "\(condition)")
    }
    let typed = try PolicySet.rules(
      rule("r", "deny", #""resource_types": ["other"], "when": "\#(fault.expression)""#))
    #expect(try typed.decide(request(context: fault.context)).summary == "allow [role:all]")
  }

  @Test(arguments: faults) func aFailingAllowDoesNotAllow(_ fault: Fault) throws {
    for condition in fault.conditions + (fault.name == "budget" ? [] : Self.settledFalse) {
      let decision = try decide(fault, "allow", condition, subject: "")
      #expect(decision.summary == "deny authorization [nothing]", "\(condition)")
      // It takes no grant away either.
      #expect(try decide(fault, "allow", condition).summary == "allow [role:all]", "\(condition)")
    }
    for condition in Self.settledTrue where fault.name != "budget" {
      #expect(
        try decide(fault, "allow", condition, subject: "").summary == "allow [r]", "\(condition)")
    }
  }

  @Test(arguments: faults) func aFailingWarnWarns(_ fault: Fault) throws {
    for condition in fault.conditions {
      let decision = try decide(fault, "warn", condition)
      #expect(decision.summary == "warn [role:all] warn [r]", "\(condition)")
      #expect(decision.warnings.first?.failure == fault.failure, "\(condition)")
    }
    for condition in Self.settledFalse where fault.name != "budget" {
      #expect(try decide(fault, "warn", condition).summary == "allow [role:all]", "\(condition)")
    }
  }

  /// No order of rules opens what a failing rule closed.
  @Test(arguments: faults) func orderDoesNotMatter(_ fault: Fault) throws {
    let rules = [
      rule("deny", "deny", #""when": "\#(fault.expression)""#), rule("grant", "allow"),
      rule("warn", "warn"),
      rule("quiet", "deny", #""when": "false""#),
    ]
    for offset in rules.indices {
      let rotated = rules[offset...] + rules[..<offset]
      for order in [Array(rotated), rotated.reversed()] {
        let policies = try PolicySet.inline(
          #"{ "policy": "p", "rules": [\#(order.joined(separator: ","))] }"#)
        let decision = try policies.decide(request(subject: "", context: fault.context))
        #expect(decision.outcome == .deny && decision.stage == .admission)
        #expect(decision.reasons.contains { $0.rule == "deny" && $0.failure == fault.failure })
      }
    }
  }

  /// A definition that fails is an error only where it is used.
  @Test(arguments: faults) func definitionsThatNobodyUses(_ fault: Fault) throws {
    let definitions = Self.definitions.replacing("%", with: fault.expression)
    let ask = { (rules: [String]) in
      try PolicySet.inline(
        #"{ "policy": "p", "roles": { "all": { "actions": ["*"] } }, \#(definitions), "rules": [\#(rules.joined(separator: ","))] }"#
      )
      .decide(request(context: fault.context)).summary
    }
    #expect(try ask([]) == "allow [role:all]")
    #expect(
      try ask([
        rule("a", "deny", #""when": "false""#),
        rule("b", "deny", #""when": "fails", "actions": ["b"]"#),
      ]) == "allow [role:all]")
    #expect(
      try ask([rule("w", "warn", #""message": "so: ${again}""#)]) == "warn [role:all] warn [w]")
    #expect(try ask([rule("a", "deny", #""when": "false ? fails : false""#)]) == "allow [role:all]")
  }

  /// One budget is shared by all conditions of a decision, and filled for the next one.
  @Test func oneBudget() throws {
    let part = "context.l.all(a, context.l.all(b, a <= 200 || b == a))"
    let rules = (0..<12).map { rule("r\($0)", "deny", #""when": "!\#(part)""#) }
    let policies = try PolicySet.inline(
      #"{ "policy": "p", "roles": { "all": { "actions": ["*"] } }, "rules": [\#(rules.joined(separator: ","))] }"#
    )
    let context = #""l": [\#((0..<200).map(String.init).joined(separator: ","))]"#
    var authorizer = Authorizer(policies)
    let dear = Array(request(context: context).utf8)
    let first = try authorizer.decide(json: dear)
    // The first rules are affordable; from some rule on, all fail.
    let names = first.reasons.compactMap(\.rule)
    #expect(
      first.outcome == .deny && names.count < 12
        && names == (12 - names.count..<12).map { "r\($0)" })
    #expect(
      first.reasons.allSatisfy {
        $0.failure == "the evaluation took more steps than its budget allows"
      })
    #expect(
      try authorizer.decide(json: Array(request(context: #""l": [1]"#).utf8)).outcome == .allow)
    #expect(try authorizer.decide(json: dear).json() == first.json())
  }

  /// A definition is evaluated once a decision, however many rules, definitions and messages use
  /// it.
  @Test func definitionsAreEvaluatedOnce() throws {
    let list = (0..<250).map(String.init).joined(separator: ",")
    let rules = (0..<12).map {
      rule("r\($0)", "warn", #""when": "dear && again""#, #""message": "${dear}""#)
    }
    let policies = try PolicySet.inline(
      #"{ "policy": "p", "roles": { "all": { "actions": ["*"] } }, "definitions": { "again": "dear || dear", "dear": "context.l.all(a, context.l.all(b, a <= 250 || b == a))" }, "rules": [\#(rules.joined(separator: ","))] }"#
    )
    let decision = try policies.decide(request(context: #""l": [\#(list)]"#))
    #expect(decision.warnings.count == 12 && decision.warnings.allSatisfy { $0.failure == nil })
    // Twelve conditions that say the same themselves spend the budget.
    let plain = try PolicySet.inline(
      #"{ "policy": "p", "roles": { "all": { "actions": ["*"] } }, "rules": [\#((0..<12).map { rule("r\($0)", "warn", #""when": "context.l.all(a, context.l.all(b, a <= 250 || b == a))""#) }.joined(separator: ","))] }"#
    ).decide(request(context: #""l": [\#(list)]"#))
    #expect(plain.warnings.contains { $0.failure != nil })
  }
}
