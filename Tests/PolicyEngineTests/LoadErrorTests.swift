import CEL
import Testing

@testable import PolicyEngine

/// What an author reads who has made a mistake: every kind of load error, word for word, in
/// `Golden/load-*.txt`.
@Suite struct LoadErrorTests {
  static let groups: [(name: String, sets: [BadSet])] = [
    ("json", json), ("documents", documents), ("fields", fields), ("types", types),
    ("words", words),
    ("names", names), ("roles", roles), ("patterns", patterns),
  ]

  @Test(arguments: groups.map(\.name)) func messages(_ group: String) throws {
    for (name, sets) in Self.groups where name == group {
      try Golden.check("load-\(name)", BadSet.report(sets))
      for set in sets { #expect(set.report != "it loads", "\(set.name)") }
    }
  }

  static let json = [
    BadSet("it ends too early", "{ \"policy\": \"p\",\n  \"rules\": [ { \"id\": \"r\""),
    BadSet("an empty file", ""),
    BadSet("a comma too many", "{\n  \"policy\": \"p\",\n  \"rules\": [],\n}"),
    BadSet("a comment", "{\n  // who may do what\n  \"policy\": \"p\"\n}"),
    BadSet("two values", "{ \"policy\": \"p\" }\n{ \"policy\": \"q\" }"),
    BadSet("single quotes", "{ 'policy': 'p' }"),
    BadSet("a name twice", "{\n  \"policy\": \"p\",\n  \"rules\": [],\n  \"rules\": []\n}"),
    BadSet(
      "a name twice, spelled in two ways",
      "{ \"policy\": \"p\", \"rules\": [],\n  \"r\\u0075les\": [] }"),
    BadSet(
      "a name twice in a rule",
      "{ \"policy\": \"p\", \"rules\": [ {\n  \"id\": \"r\", \"effect\": \"deny\",\n  \"effect\": \"allow\" } ] }"
    ),
    BadSet(
      "invalid UTF-8",
      bytes: [
        Array("{ \"policy\": \"p\",\n  \"description\": \"caf".utf8) + [0xe9] + Array("\" }".utf8)
      ]),
    BadSet("UTF-16", bytes: [[0xff, 0xfe, 0x7b, 0x00]]),
    BadSet("half a surrogate pair", #"{ "policy": "p", "description": "\ud800" }"#),
    BadSet("a line break in a string", "{ \"policy\": \"p\", \"description\": \"one\ntwo\" }"),
    BadSet("a tab in front of the fault", "{\n\t\"policy\": p\n}"),
    BadSet(
      "nested too deeply",
      #"{ "policy": "p", "fixtures": "# + String(repeating: "[", count: 70)
        + String(repeating: "]", count: 70) + " }"),
    BadSet(
      "a fault in each of two files", "{ \"policy\": \"a\", }", "{ \"policy\": }"),
  ]

  static let documents = [
    BadSet("neither kind", #"{ "description": "What is this?", "rules": [] }"#),
    BadSet("both kinds", #"{ "policy": "p", "vocabulary": "v" }"#),
    BadSet("an array", #"[ { "policy": "p" } ]"#),
    BadSet("a string", #""policy""#),
    BadSet("a name that is no string", #"{ "policy": 1 }"#),
    BadSet("a name with a space", #"{ "policy": "my policy" }"#),
    BadSet("an empty name", #"{ "policy": "" }"#),
    BadSet(
      "a name of 129 letters", "{ \"policy\": \"" + String(repeating: "a", count: 129) + "\" }"),
    BadSet("no files", bytes: []),
    BadSet("nothing but a vocabulary", #"{ "vocabulary": "v" }"#),
    BadSet("nothing but a name", #"{ "policy": "p" }"#),
    BadSet(
      "the same policy twice", #"{ "policy": "p", "rules": [] }"#,
      #"{ "rules": [], "policy": "p" }"#),
    BadSet("the same vocabulary twice", #"{ "vocabulary": "v" }"#, #"{ "vocabulary": "v" }"#),
  ]

  static let fields = [
    BadSet.policy("of a policy", #"  "rule": []"#),
    BadSet.policy("of a policy, near nothing", #"  "author": "me""#),
    BadSet.policy(
      "of a privilege", #"  "privileges": { "manage": { "actions": ["a"], "excepts": ["b"] } }"#),
    BadSet.policy("of a role", #"  "roles": { "admin": { "privilege": ["manage"] } }"#),
    BadSet.policy(
      "of a mapping",
      #"  "roles": { "admin": {} }, "role_mappings": { "admin": { "user": ["eve"] } }"#),
    BadSet.policy("of a definition", #"  "definitions": { "d": { "expresion": "true" } }"#),
    BadSet.policy("of a refusal", #"  "unauthorized": { "text": "no" }"#),
    BadSet.rule("of a rule", #""action": ["a"]"#),
    BadSet.rule("of a rule, in another case", #""When": "true""#),
    BadSet.rule("of an error", #""error": { "state": 400, "type": "t" }"#),
    BadSet.rule("of examples", #""examples": { "denied": [] }"#),
    BadSet.policy("a rule with nothing", #"  "rules": [ {} ]"#),
    BadSet.policy(
      "a rule without a message",
      #"  "rules": [ { "id": "r", "description": "A rule.", "effect": "warn" } ]"#),
    BadSet.policy(
      "a privilege without actions", #"  "privileges": { "manage": { "description": "All." } }"#),
    BadSet.rule("an error without a type", #""error": { "status": 400 }"#),
    BadSet.policy(
      "several refusals, one without a message", #"  "unauthorized": [ { "message": "no" }, {} ]"#),
  ]

  static let types = [
    BadSet.policy("rules", #"  "rules": { "id": "r" }"#),
    BadSet.policy("a rule", #"  "rules": [ "r", null ]"#),
    BadSet.policy("roles", #"  "roles": [ "admin" ]"#),
    BadSet.policy("a role", #"  "roles": { "admin": ["manage"] }"#),
    BadSet.policy("privileges of a role", #"  "roles": { "admin": { "privileges": "manage" } }"#),
    BadSet.policy("a privilege", #"  "privileges": { "manage": ["a"] }"#),
    BadSet.policy("role mappings", #"  "role_mappings": [ "admin" ]"#),
    BadSet.policy("a definition", #"  "definitions": { "d": true }"#),
    BadSet.policy("a refusal", #"  "unauthorized": "no""#),
    BadSet.policy("a description", #"  "description": ["a policy"]"#),
    BadSet.policy("fixtures", #"  "fixtures": []"#),
    BadSet.rule("actions", #""actions": "a""#),
    BadSet.rule("an action", #""actions": ["a", 1]"#),
    BadSet.rule("resource types", #""resource_types": { "model": true }"#),
    BadSet.rule("a condition", #""when": true"#),
    BadSet.rule("a message", #""message": null"#),
    BadSet.rule("an id", #""id": 7"#),
    BadSet.rule("a status as text", #""error": { "status": "400", "type": "t" }"#),
    BadSet.rule("a status with a fraction", #""error": { "status": 400.5, "type": "t" }"#),
    BadSet.rule("a status out of range", #""error": { "status": 600, "type": "t" }"#),
    BadSet.rule("examples", #""examples": [ { "deny": {} } ]"#),
    BadSet.rule("an example", #""examples": { "deny": [ "a request" ] }"#),
    BadSet.rule("a list of examples", #""examples": { "deny": { "subject": {} } }"#),
  ]

  static let words = [
    BadSet.rule("an effect in capitals", #""effect": "DENY""#),
    BadSet.rule("an unknown effect", #""effect": "forbid""#),
    BadSet.rule("a misspelt stage", #""stage": "authorisation""#),
    BadSet.rule("an unknown mode", #""mode": "off""#),
    BadSet.rule("an allow rule in another stage", #""effect": "allow""#, #""stage": "admission""#),
    BadSet.rule("an allow rule that validates", #""effect": "allow""#, #""stage": "validation""#),
    BadSet.rule("no actions", #""actions": []"#),
    BadSet.rule("no resource types", #""resource_types": []"#),
  ]
}

/// Everything that is wrong with a file is said at once, in the order of the file.
@Suite struct ManyErrorsTests {
  static let ten = #"""
    { "policy": "ten mistakes",
      "privileges": { "read": { "actions": [""] } },
      "roles": { "reader": { "privileges": ["raed"] } },
      "role_mappings": { "reeder": { "users": ["eve"] } },
      "definitions": { "is-eve": "subject.id == 'eve'" },
      "rules": [
        { "id": "a", "description": "A rule.", "effect": "Deny", "message": "no" },
        { "id": "b", "description": "A rule.", "effect": "deny", "wen": "true", "message": "no" },
        { "id": "c", "description": "A rule.", "effect": "deny", "when": "subject.id.matches('[')", "message": "no" },
        { "id": "c", "description": "A rule.", "effect": "deny", "message": "no" },
        { "id": "d", "description": "A rule.", "effect": "deny", "when": "subjct.id == 'eve'", "message": "no ${subject.id" }
      ] }
    """#

  private func load(_ sources: [PolicySource]) -> [LoadDiagnostic] {
    do throws(PolicyLoadError) {
      _ = try PolicySet(sources)
      return []
    } catch {
      return error.diagnostics
    }
  }

  @Test func allOfAFile() throws {
    try Golden.check("load-ten-errors", BadSet("ten mistakes", Self.ten).report + "\n")
    let found = load([PolicySource(name: "ten.json", bytes: Array(Self.ten.utf8))])
    #expect(found.count >= 10)
    let places = found.map { ($0.position.line, $0.position.column) }
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(
      found.allSatisfy {
        $0.severity == .error && $0.position.file == "ten.json" && !$0.excerpt.isEmpty
      })
  }

  /// Files come in the order in which they were given, whatever their names are.
  @Test func filesInOrder() {
    let bad = Array(#"{ "policy": 1, "rules": 2 }"#.utf8)
    let found = load(["b.json", "a.json", "c.json"].map { PolicySource(name: $0, bytes: bad) })
    #expect(
      found.map(\.position.file) == ["b.json", "b.json", "a.json", "a.json", "c.json", "c.json"])
  }

  /// A file with very many errors is cut off, and others are still read.
  @Test func noMoreThanTheLimit() {
    let rules = Array(repeating: "1", count: EngineLimits.diagnosticsPerFile + 1).joined(
      separator: ",")
    let found = load([
      PolicySource(
        name: "many.json", bytes: Array("{ \"policy\": \"p\", \"rules\": [\(rules)] }".utf8)),
      PolicySource(name: "one.json", bytes: Array(#"{ "policy": "q", "rules": [1] }"#.utf8)),
    ])
    #expect(found.count == EngineLimits.diagnosticsPerFile + 1)
    #expect(found.last?.position.file == "one.json")
  }

  /// Faults that the linker finds are as many as there are rules: each costs the same, also in a
  /// file of one line.
  @Test func manyFaultyConditions() {
    let rules = (0..<5_000).map { rule("r\($0)", "deny", #""when": "sbject.id == 'eve'""#) }
    let found = load([
      PolicySource(
        name: "p.json",
        bytes: Array("{ \"policy\": \"p\", \"rules\": [\(rules.joined(separator: ","))] }".utf8))
    ])
    #expect(found.count == EngineLimits.diagnosticsPerFile)
    #expect(Set(found.map(\.position)).count == found.count)
  }

  /// On this side of the limits a pattern and a name are fine.
  @Test func limitsThatAreKept() throws {
    let pattern = String(repeating: "a", count: EngineLimits.patternBytes)
    let stars = String(repeating: "a*", count: EngineLimits.patternWildcards)
    let name = String(repeating: "n", count: 128)
    let document = BadSet.document([
      #""id": "\#(name)""#, #""actions": ["\#(pattern)", "\#(stars)", "**"]"#,
    ])
    _ = try PolicySet.inline(document)
  }
}
