@testable import PolicyEngine

/// Names: twice, unknown, in a circle; patterns.
extension LoadErrorTests {
  private static func rule(_ id: String) -> String {
    #"{ "id": "\#(id)", "description": "A rule.", "effect": "deny", "message": "no" }"#
  }

  static let names = [
    BadSet.policy(
      "two rules of one id",
      "  \"rules\": [\n    \(rule("r")),\n    \(rule("s")),\n    \(rule("r"))\n  ]"),
    BadSet(
      "two rules of one id in two files", "{ \"policy\": \"p\",\n  \"rules\": [ \(rule("r")) ] }",
      "{ \"policy\": \"q\",\n  \"rules\": [ \(rule("r")) ] }"),
    BadSet("a rule id with a colon", "{ \"policy\": \"p\", \"rules\": [ \(rule("alias:put")) ] }"),
    BadSet("a rule id with an accent", "{ \"policy\": \"p\", \"rules\": [ \(rule("é")) ] }"),
    BadSet("an empty rule id", "{ \"policy\": \"p\", \"rules\": [ \(rule("")) ] }"),
    BadSet(
      "a privilege in two files",
      #"{ "policy": "p", "privileges": { "read": { "actions": ["a"] } } }"#,
      #"{ "policy": "q", "privileges": { "read": { "actions": ["b"] } } }"#),
    BadSet(
      "a role in two files", #"{ "policy": "p", "roles": { "reader": {} } }"#,
      #"{ "policy": "q", "roles": { "reader": { "actions": ["*"] } } }"#),
    BadSet.policy(
      "a privilege with a space", #"  "privileges": { "read all": { "actions": ["a"] } }"#),
    BadSet.policy("a role with a slash", #"  "roles": { "ml/admin": {} }"#),
    BadSet(
      "a definition in two files", #"{ "policy": "p", "definitions": { "d": "true" } }"#,
      #"{ "policy": "q", "definitions": { "d": "false" } }"#),
    BadSet.policy("a definition with a hyphen", #"  "definitions": { "is-admin": "true" }"#),
    BadSet.policy("a definition with a digit in front", #"  "definitions": { "2nd": "true" }"#),
    BadSet.policy(
      "a definition called like a variable", #"  "definitions": { "subject": "true" }"#),
    BadSet.policy(
      "a definition called like a word of the language",
      #"  "definitions": { "true": "false", "in": "1", "package": "2" }"#),
    BadSet.policy(
      "a privilege's name in a role",
      #"  "roles": { "a": { "privileges": ["b c"], "roles": ["d/e"] } }"#),
  ]

  static let roles = [
    BadSet.policy(
      "an unknown privilege",
      "  \"privileges\": { \"manage_ml\": { \"actions\": [\"ml/*\"] } },\n  \"roles\": { \"admin\": { \"privileges\": [\"mange_ml\"] } }"
    ),
    BadSet.policy(
      "an unknown privilege, near nothing", #"  "roles": { "admin": { "privileges": ["manage"] } }"#
    ),
    BadSet.policy(
      "an unknown role",
      "  \"roles\": {\n    \"reader\": {},\n    \"writer\": { \"roles\": [\"raeder\"] }\n  }"),
    BadSet.policy(
      "a mapping of an unknown role",
      "  \"roles\": { \"all_access\": {} },\n  \"role_mappings\": { \"all_acces\": { \"users\": [\"root\"] } }"
    ),
    BadSet.policy("a role that includes itself", #"  "roles": { "a": { "roles": ["a"] } }"#),
    BadSet.policy(
      "a circle of three, and a role that leads into it",
      "  \"roles\": {\n    \"start\": { \"roles\": [\"a\"] },\n    \"a\": { \"roles\": [\"b\"] },\n    \"b\": { \"roles\": [\"end\", \"c\"] },\n    \"c\": { \"roles\": [\"a\"] },\n    \"end\": {}\n  }"
    ),
    BadSet(
      "a circle through two files", #"{ "policy": "p", "roles": { "a": { "roles": ["b"] } } }"#,
      #"{ "policy": "q", "roles": { "b": { "roles": ["a"] } } }"#),
    BadSet.policy(
      "a role whose name is another character that looks and counts the same",
      "  \"roles\": { \"Kibana\": {}, \"user\": { \"roles\": [\"\u{212A}ibana\"] } }"),
    BadSet.policy("a definition that uses itself", #"  "definitions": { "a": "a && true" }"#),
    BadSet.policy(
      "definitions in a circle, one that uses them, and a rule that does",
      "  \"definitions\": {\n    \"start\": \"a\",\n    \"a\": \"!b\",\n    \"b\": \"a || end\",\n    \"end\": \"true\"\n  },\n"
        + #"  "rules": [ { "id": "r", "description": "A rule.", "effect": "deny", "when": "start && b", "message": "no" } ]"#
    ),
  ]

  static let patterns = [
    BadSet.rule("an empty pattern", #""actions": ["a", ""]"#),
    BadSet.rule("17 stars", "\"actions\": [\"\(String(repeating: "a*", count: 17))\"]"),
    BadSet.rule("513 bytes", "\"actions\": [\"\(String(repeating: "a", count: 513))\"]"),
    BadSet.policy(
      "in a privilege", #"  "privileges": { "all": { "actions": ["*"], "except": [""] } }"#),
    BadSet.policy("in a role", #"  "roles": { "all": { "actions": [""] } }"#),
    BadSet.policy("in a refusal", #"  "unauthorized": { "actions": [""], "message": "no" }"#),
  ]
}
