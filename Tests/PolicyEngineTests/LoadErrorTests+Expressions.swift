import Testing

@testable import PolicyEngine

/// Conditions, definitions, messages and vocabularies: the caret stands inside the CEL text.
@Suite struct ExpressionErrorTests {
  static let groups: [(name: String, sets: [BadSet])] = [
    ("conditions", conditions), ("attributes", attributes), ("templates", templates),
    ("vocabularies", vocabularies),
  ]

  @Test(arguments: groups.map(\.name)) func messages(_ group: String) throws {
    for (name, sets) in Self.groups where name == group {
      try Golden.check("load-\(name)", BadSet.report(sets))
      for set in sets { #expect(set.report != "it loads", "\(set.name)") }
    }
  }

  static let conditions = [
    BadSet.rule("not closed", #""when": "(subject.id == 'eve'""#),
    BadSet.rule("an assignment", #""when": "subject.id = 'eve'""#),
    BadSet.rule("an empty condition", #""when": """#),
    BadSet.rule("a text that is not closed", #""when": "subject.id == 'eve""#),
    BadSet.rule("no bool", #""when": "size(subject.id)""#),
    BadSet.rule("no bool in unless", #""unless": "'yes'""#),
    BadSet.rule("operands of two types", #""when": "size(subject.id) == 'eve'""#),
    BadSet.rule("no such overload", #""when": "subject.id + 1 == 'eve1'""#),
    BadSet.rule("an unknown variable", #""when": "user.id == 'eve'""#),
    BadSet.rule("an unknown function", #""when": "subject.id.startWith('e')""#),
    BadSet.rule("an invalid regular expression", #""when": "subject.id.matches('(a')""#),
    BadSet.rule(
      "granting_privileges outside of a refusal", #""when": "'manage' in granting_privileges""#),
    BadSet.rule(
      "two faults in one condition", #""when": "usr.id == 'eve' && sbject.type == 'user'""#),
    BadSet.rule("a fault in both", #""when": "1 +""#, #""unless": "foo""#),
    BadSet.rule(
      "nested too deeply",
      "\"when\": \"\(String(repeating: "(", count: 300))true\(String(repeating: ")", count: 300))\""
    ),
    BadSet.policy(
      "a definition", #"  "definitions": { "d": "1 + 'a'", "e": { "expression": "d +" } }"#),
    BadSet.policy(
      "a rule that uses a definition which is wrong",
      "  \"definitions\": { \"d\": \"1 + 'a'\" },\n"
        + #"  "rules": [ { "id": "r", "description": "A rule.", "effect": "deny", "when": "d == 2", "message": "${d}" } ]"#
    ),
    BadSet.policy(
      "a definition of another type than its use",
      "  \"definitions\": { \"limit\": \"10\" },\n"
        + #"  "rules": [ { "id": "r", "description": "A rule.", "effect": "deny", "when": "limit", "message": "no" } ]"#
    ),
  ]

  static let vocabulary = #"""
    { "vocabulary": "v",
      "types": { "model": { "attributes": { "id": "string", "inference_type": { "type": "string", "optional": true } } } },
      "subject": { "attributes": { "backend_roles": "list(string)" } },
      "context": { "attributes": { "now": "timestamp" } },
      "resources": { "alias": { "attributes": { "alias": "string", "model": "model" } } },
      "actions": { "put": { "resource": "alias", "attributes": { "reassign": "bool" } } } }
    """#

  private static func checked(_ name: String, _ members: String...) -> BadSet {
    BadSet(name, vocabulary, BadSet.document([#""actions": ["put"]"#] + members))
  }

  static let attributes = [
    checked("misspelt", #""when": "resource.alais == 'a'""#),
    checked("misspelt, nested", #""when": "resource.model.inference_typ == 'ner'""#),
    checked("misspelt, in has", #""when": "has(action.reasign)""#),
    checked("misspelt, in a macro", #""when": "subject.backend_role.exists(r, r == 'IT')""#),
    checked("near nothing", #""when": "resource.colour == 'red'""#),
    checked("of a part that has none declared", #""when": "context.license == 'trial'""#),
    checked(
      "behind escapes of JSON",
      #""when": "subject.id != \"\u0065\u0076\u0065\" && resource.alais == \"a\"""#),
    checked(
      "behind an escaped pair",
      #""when": "subject.id != '\ud83d\ude00é😀' && resource.alais == 'a'""#),
    checked("spelled with escapes", #""when": "resource.\u0061lais == 'a'""#),
    checked(
      "behind an escaped line break", #""when": "subject.id == 'eve' &&\n\tresource.alais == 'a'""#),
    checked("of the wrong type", #""when": "resource.model == 'a' && action.reassign""#),
    checked("a bool compared with a text", #""when": "action.reassign == 'true'""#),
    checked("of a text", #""when": "subject.id.name == 'a'""#),
    checked("in a message", #""message": "no \"${resource.alais}\" here""#),
    BadSet(
      "in a refusal", vocabulary,
      #"{ "policy": "p", "unauthorized": { "actions": ["put"], "message": "${action.reasign}" } }"#),
    BadSet(
      "in a definition", vocabulary,
      #"{ "policy": "p", "definitions": { "d": "resource.alais == 'a'" } }"#),
    BadSet(
      "in a rule about all actions", vocabulary,
      BadSet.document([#""when": "resource.alais == 'a'""#])),
  ]

  static let templates = [
    BadSet.rule("not closed", #""message": "no ${subject.id""#),
    BadSet.rule("not closed, behind an escape", #""message": "\u00e9\t${subject.id""#),
    BadSet.rule("a brace inside a text does not close it", #""message": "no ${'}'""#),
    BadSet.rule("nothing inside", #""message": "no ${} and ${ }""#),
    BadSet.rule("a fault inside", #""message": "no ${subject.id +} here""#),
    BadSet.rule("an ill-typed expression", #""message": "no ${subject.id + 1}""#),
    BadSet.rule("two faults", #""message": "${foo} and ${bar}""#),
    BadSet.policy("in a refusal", #"  "unauthorized": { "message": "no ${user}" }"#),
    BadSet.rule("of an allow rule", #""effect": "allow""#, #""message": "${who}""#),
  ]

  static let vocabularies = [
    BadSet("an unknown field", #"{ "vocabulary": "v", "resource": {} }"#),
    BadSet(
      "an unknown type",
      #"{ "vocabulary": "v", "context": { "attributes": { "now": "time", "n": "list(text)", "m": "map(string)" } } }"#
    ),
    BadSet(
      "an attribute without a type",
      #"{ "vocabulary": "v", "context": { "attributes": { "now": { "optional": true } } } }"#),
    BadSet(
      "a wrong type",
      #"{ "vocabulary": "v", "context": { "attributes": { "now": 1, "then": { "type": "string", "optional": "yes" } } } }"#
    ),
    BadSet(
      "a type twice", #"{ "vocabulary": "v", "types": { "t": {} } }"#,
      #"{ "vocabulary": "w", "types": { "t": {} } }"#),
    BadSet("a type's name", #"{ "vocabulary": "v", "types": { "my type": {} } }"#),
    BadSet(
      "an unknown resource type",
      #"{ "vocabulary": "v", "resources": { "model_alias": {} }, "actions": { "put": { "resource": "model_alais" } } }"#
    ),
  ]
}
