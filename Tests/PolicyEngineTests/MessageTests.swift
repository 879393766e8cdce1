import CEL
import Testing

@testable import PolicyEngine

/// What callers are told: messages with `${…}`, errors of protocols, refusals.
@Suite struct MessageTests {
  private static let definitions = #""definitions": { "fails": "1 / 0", "n": "[1, 2]" }"#

  private func message(
    _ text: String, _ context: String = "", subject: String = #""roles": ["all"]"#
  ) throws -> String {
    let policies = try PolicySet.rules(
      rule("r", "deny", #""message": "\#(text)""#), beside: Self.definitions)
    let decision = try policies.decide(request(subject: subject, context: context))
    #expect(decision.summary == "deny admission [r]")
    return decision.reasons[0].message
  }

  @Test func values() throws {
    let context =
      #""s": "a'\"b\\\n", "i": -1, "d": 1.5, "b": true, "n": null, "l": ["x", 1, null], "m": { "k": ["v"] }, "u": 18446744073709551615"#
    #expect(try message("no") == "no")
    #expect(try message("[${context.s}]", context) == "[a'\"b\\\n]")
    #expect(try message("${context.i}${context.d} ${context.b}", context) == "-11.5 true")
    #expect(try message("${context.n}", context) == "null")
    #expect(try message("${context.l}", context) == #"["x", 1, null]"#)
    #expect(try message("${context.m}", context) == #"{"k": ["v"]}"#)
    #expect(try message("${context.u}", context) == "18446744073709551615u")
    #expect(
      try message("${size(subject.roles)} ${1 < 2 ? 'yes' : 'no'} ${{'a': '}'}['a']} ${n}")
        == "1 yes } [1, 2]")
    #expect(
      try message("${timestamp('2026-01-02T03:04:05Z')} ${duration('90s')}")
        == #"timestamp("2026-01-02T03:04:05Z") duration("90s")"#)
  }

  @Test func escapes() throws {
    #expect(
      try message("$${subject.id} costs $5, ${subject.id}$") == "${subject.id} costs $5, eve$")
    #expect(try message("$ { } {x} $$ $${") == "$ { } {x} $$ ${")
    #expect(try message("${1 // }\\n + 1} ${'//'}") == "2 //")
    #expect(try message("é${'é'}€\\ud83d\\ude00${'😀'}") == "éé€😀😀")
    #expect(
      try message("${r'\\\\'}|${'\\\\''}|${'''a'b}c'''}|${\\\"\\\"\\\"x\\\"}\\\"\\\"\\\"}")
        == "\\|'|a'b}c|x\"}")
  }

  /// A part that has no value stands as it was written; outcome and reasons do not change.
  @Test(arguments: [
    "${context.missing}", "${fails}", "${[1][5]}", "${context.x.y.z}",
    "${'a'.matches(context.regex)}",
  ])
  func faultsInAMessage(_ text: String) throws {
    #expect(try message("so: \(text)!", #""x": 1, "regex": "(""#) == "so: \(text)!")
    let warning = try PolicySet.rules(
      rule("w", "warn", #""message": "\#(text)""#), beside: Self.definitions
    )
    .decide(request())
    #expect(warning.summary == "warn [role:all] warn [w]")
    let refusal = try PolicySet.rules(
      beside: #""unauthorized": { "message": "no \#(text)" }, \#(Self.definitions)"#
    )
    .decide(request(subject: ""))
    #expect(
      refusal.summary == "deny authorization [nothing]"
        && refusal.reasons[0].message.hasPrefix("no ${"))
  }

  /// Data is never read as a template, however it looks.
  @Test func dataIsNoTemplate() throws {
    #expect(try message("${context.a}", #""a": "${subject.id} $${x}""#) == "${subject.id} $${x}")
  }

  /// Messages have a budget of their own: conditions that spent theirs do not silence them.
  @Test func messagesAfterADearCondition() throws {
    let dear = "[\(Array(repeating: "0", count: 200).joined(separator: ","))]"
    let loop = "l.all(a, l.all(b, l.all(c, a == b || b == c || true)))"
    let policies = try PolicySet.rules(
      rule("dear", "deny", #""when": "\#(loop)""#, #""message": "dear ${subject.id}""#),
      rule("cheap", "deny", #""when": "[1].all(x, x == 1)""#, #""message": "cheap ${subject.id}""#),
      beside: #""definitions": { "l": "\#(dear)" }"#)
    let decision = try policies.decide(request())
    #expect(decision.summary == "deny admission [dear cheap]")
    #expect(decision.reasons[0].failure == "the evaluation took more steps than its budget allows")
    #expect(
      decision.reasons[0].message
        == "the rule `dear` could not be evaluated: \(decision.reasons[0].failure ?? "")")
  }

  // MARK: Errors of protocols

  private static func invalid(
    _ id: String, _ extra: String = "", numbered: String? = "Validation Failed:"
  ) -> String {
    let numbered = numbered.map { #", "numbered": "\#($0)""# } ?? ""
    return rule(
      id, "deny", #""when": "has(context.\#(id))""#,
      #""error": { "status": 400, "type": "t_\#(id)"\#(numbered) }"#,
      #""message": "bad \#(id)\#(extra)""#)
  }

  @Test(arguments: [
    (["a"], "400 t_a Validation Failed: 1: bad a;"),
    (["a", "b"], "400 t_a Validation Failed: 1: bad a;2: bad b;"),
    (["b", "a"], "400 t_a Validation Failed: 1: bad a;2: bad b;"),
    (["b", "other"], "400 t_other Other: 1: bad other;"),
    (["a", "plain", "b"], "400 t_a Validation Failed: 1: bad a;2: bad b;"),
    (["plain"], "400 t_plain bad plain"), (["first", "a"], "400 t_first bad first"),
  ])
  func numbered(_ faults: [String], _ error: String) throws {
    let policies = try PolicySet.rules(
      Self.invalid("first", numbered: nil), Self.invalid("a"),
      Self.invalid("other", numbered: "Other:"),
      Self.invalid("plain", numbered: nil), Self.invalid("b"))
    let decision = try policies.decide(
      request(context: faults.map { "\"\($0)\": 1" }.joined(separator: ", ")))
    #expect(decision.error.map { "\($0.status) \($0.type) \($0.reason)" } == error)
    #expect(decision.reasons.count == faults.count)
  }

  /// Only the reasons of the deciding stage are counted.
  @Test func numberedWithinAStage() throws {
    let early = Self.invalid("a").replacing(#""effect""#, with: #""stage": "validation", "effect""#)
    let policies = try PolicySet.rules(Self.invalid("b"), early)
    let decision = try policies.decide(request(context: #""a": 1, "b": 1"#))
    #expect(decision.error?.reason == "Validation Failed: 1: bad a;")
  }

  /// The first deny is the one that front ends report, also if it has no error of its own.
  @Test func theFirstDenySpeaks() throws {
    let policies = try PolicySet.rules(
      rule("silent", "deny"), rule("loud", "deny", #""error": { "status": 409, "type": "t" }"#))
    #expect(try policies.decide(request()).error == nil)
    let failing = try PolicySet.rules(
      rule("fails", "deny", #""when": "1 / 0 == 1""#, #""error": { "status": 409, "type": "t" }"#))
    let error = try failing.decide(request()).error
    #expect(
      error
        == WireError(
          status: 403, type: "security_exception",
          reason: "the rule `fails` could not be evaluated: division by zero"))
    let allowed = try PolicySet.rules(
      rule("w", "warn", #""error": { "status": 409, "type": "t" }"#)
    ).decide(request())
    #expect(allowed.error == nil)
  }

  // MARK: Refusals

  @Test func theFirstRefusalThatIsAboutTheAction() throws {
    let policies = try PolicySet.inline(
      """
      { "policy": "p", "privileges": { "z": { "actions": ["x*"] }, "a": { "actions": ["*"], "except": ["xy"] }, "m": { "actions": ["xy"] } },
        "roles": { "r": { "privileges": ["a", "z"] } },
        "unauthorized": [
          { "actions": ["x*"], "message": "x ${granting_privileges.join(',')} ${size(granting_privileges)}", "error": { "status": 403, "type": "x" } },
          { "actions": ["xx", "y"], "message": "never, or y" } ] }
      """,
      #"{ "policy": "q", "unauthorized": { "message": "all ${action.name} ${granting_privileges}" } }"#
    )
    let ask = { try policies.decide(request(action: $0, subject: "")) }
    #expect(try ask("xx").error == WireError(status: 403, type: "x", reason: "x z,a 2"))
    #expect(try ask("xy").reasons.map(\.message) == ["x z,m 2"])
    #expect(try ask("y").reasons.map(\.message) == ["never, or y"])
    #expect(try ask("y").error == nil)
    #expect(try ask("v").reasons.map(\.message) == [#"all v ["a"]"#])
    let none = try PolicySet.rules().decide(request(subject: ""))
    #expect(none.reasons[0].message == "nothing grants `a` to user `eve`")
  }

  @Test func elasticsearchRefusal() throws {
    let policies = try PolicySet.shipped("policies/elasticsearch")
    func refusal(_ action: String, _ subject: String, type: String = "user") throws -> String? {
      let json = request(action: action, subject: subject, id: "bob", type: "model_alias")
        .replacing(#""subject": { "type": "user""#, with: #""subject": { "type": "\#(type)""#)
      let error = try policies.decide(json).error
      #expect(error == nil || error?.status == 403 && error?.type == "security_exception")
      return error?.reason
    }
    let put = "cluster:admin/xpack/ml/inference/model_aliases/delete"
    let granted = ", this action is granted by the cluster privileges [manage_ml,manage,all]"
    #expect(
      try refusal(put, #""roles": ["machine_learning_user"]"#)
        == "action [\(put)] is unauthorized for user [bob] with effective roles [machine_learning_user]"
        + granted)
    #expect(
      try refusal(put, "")
        == "action [\(put)] is unauthorized for user [bob] with effective roles []" + granted)
    #expect(
      try refusal(put, #""roles": ["viewer", "zebra", "ape", "editor"]"#)
        == "action [\(put)] is unauthorized for user [bob] with effective roles [editor,viewer] (assigned roles [ape,zebra] were not found)"
        + granted)
    #expect(
      try refusal(put, #""api_key_owner": "olga""#, type: "api_key")
        == "action [\(put)] is unauthorized for API key id [bob] of user [olga]" + granted)
    #expect(
      try refusal(put, "", type: "service_account")
        == "action [\(put)] is unauthorized for service account [bob]" + granted)
    #expect(
      try refusal(put, #""authenticated_user": "root""#)
        == "action [\(put)] is unauthorized for user [root] run as [bob] with effective roles []"
        + granted)
    let get = "cluster:monitor/xpack/ml/inference/get"
    #expect(try refusal(get, "")?.hasSuffix("[monitor_ml,manage_ml,monitor,manage,all]") == true)
    let start = "cluster:admin/xpack/ml/trained_models/deployment/start"
    #expect(try refusal(start, "")?.hasSuffix("[manage_inference,manage_ml,manage,all]") == true)
    let infer = "cluster:monitor/xpack/ml/inference/infer"
    #expect(try refusal(infer, "")?.hasSuffix("[monitor_ml,manage_ml,monitor,manage,all]") == true)
  }

  @Test func openSearchRefusal() throws {
    let policies = try PolicySet.shipped("policies/opensearch")
    func refusal(_ subject: String) throws -> WireError? {
      try policies.decide(
        request(
          action: "cluster:admin/opensearch/ml/register_model_group", subject: subject,
          id: "ml_readonly", type: "model_group",
          properties: #""model_group_name": "g""#)
      ).error
    }
    let start =
      "no permissions for [cluster:admin/opensearch/ml/register_model_group] and User [name=ml_readonly, backend_roles=["
    func expected(_ end: String) -> WireError {
      WireError(status: 403, type: "security_exception", reason: start + end)
    }
    #expect(
      try refusal(#""backend_roles": ["opensearch"]"#)
        == expected("opensearch], requestedTenant=null]"))
    #expect(
      try refusal(#""roles": ["ml_read_access"], "backend_roles": ["b", "a"]"#)
        == expected("b, a], requestedTenant=null]"))
    #expect(try refusal("") == expected("], requestedTenant=null]"))
    #expect(
      try refusal(#""requested_tenant": "__user__""#) == expected("], requestedTenant=__user__]"))
  }
}
