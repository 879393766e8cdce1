import CEL
import EngineComparison
import Testing

@testable import PolicyEngine

/// Classes of faults in which other engines went wrong: confused names, large counts, long chains,
/// order of files.
@Suite struct HostileTests {
  // MARK: Names

  /// Pairs that look alike, or that Swift calls equal, and that are different names.
  static let lookAlikes: [(String, String)] = [
    ("é", "e\u{301}"), ("Å", "\u{212B}"), ("K", "\u{212A}"),
    ("\u{1E9B}\u{323}", "\u{17F}\u{323}\u{307}"), ("a", "A"), ("a", "а"),
    ("ß", "ss"), ("ﬁ", "fi"), ("a", "a "), ("a", "a\u{200B}"), ("a", "a\u{0}"), ("", "\u{0}"),
    ("a:b", "a\u{2236}b"), ("가", "\u{1100}\u{1161}"),
    ("1", "１"), ("a/b", "a\u{2215}b"), ("a,b", "a"), ("a|b", "b"), ("\u{202E}a", "a"), ("a", "a\n"),
  ]

  private static func quoted(_ text: String) -> String {
    "\""
      + text.unicodeScalars.map {
        $0.value < 32
          ? "\\u00" + ($0.value < 16 ? "0" : "") + String($0.value, radix: 16) : String($0)
      }.joined() + "\""
  }

  @Test(arguments: lookAlikes) func everyNameIsItsBytes(_ one: String, _ other: String) throws {
    for (name, asked) in [(one, other), (other, one)] {
      let (n, q) = (Self.quoted(name), Self.quoted(asked))
      let policies = try PolicySet.inline(
        """
        { "policy": "p", "privileges": { "act": { "actions": [\(name.isEmpty ? #""-""# : n)] } },
          "roles": { "actor": { "privileges": ["act"] }, "mapped": { "actions": ["m"] }, "all": { "actions": ["x"] } },
          "role_mappings": { "mapped": { "users": [\(n)], "backend_roles": [\(n)], "and_backend_roles": [\(n), "second"] } },
          "rules": [ \(rule("type", "deny", #""resource_types": [\#(n)]"#)), \(rule("text", "deny", #""when": "context.x == context.y""#)) ] }
        """)
      func decide(
        action: String = "x", subject: String = #""roles": ["all"]"#, id: String = #""eve""#,
        type: String = "thing"
      ) throws -> String {
        let json = """
          { "subject": { "type": "user", "id": \(id), "properties": { \(subject) } }, "action": { "name": \(Self.quoted(action)) },
            "resource": { "type": \(Self.quoted(type)), "id": "t" }, "context": { "x": \(n), "y": \(q) } }
          """
        let text = try policies.decide(json).summary
        var authorizer = Authorizer(policies)
        #expect(try authorizer.decide(try Request(foundation: json)).summary == text)
        return text
      }
      #expect(try decide() == "allow [role:all]")
      #expect(try decide(type: asked) == "allow [role:all]")
      #expect(try decide(type: name) == "deny admission [type]")
      if !name.isEmpty {
        #expect(
          try decide(action: asked, subject: #""roles": ["actor"]"#)
            == "deny authorization [nothing]")
        #expect(try decide(action: name, subject: #""roles": ["actor"]"#) == "allow [role:actor]")
      }
      #expect(try decide(action: "m", subject: "", id: q) == "deny authorization [nothing]")
      #expect(try decide(action: "m", subject: "", id: n) == "allow [role:mapped]")
      #expect(
        try decide(action: "m", subject: #""backend_roles": [\#(q), "second"]"#)
          == "deny authorization [nothing]")
      #expect(
        try decide(action: "m", subject: #""backend_roles": ["z", \#(n)]"#) == "allow [role:mapped]"
      )
    }
  }

  @Test(arguments: [
    "ALL", "All", "all ", " all", "all\\u0000", "\\u0000all", "a\\u006cl\\u200b", "аll", "al1", "*",
    "a*", "all,x", "",
  ])
  func rolesThatAreNotTheRole(_ name: String) throws {
    #expect(
      try PolicySet.rules().decide(request(subject: #""roles": ["\#(name)"]"#)).outcome == .deny)
    #expect(
      try PolicySet.rules().decide(request(subject: #""roles": ["a\u006cl"]"#)).outcome == .allow)
  }

  /// `*` means something in patterns alone: not in the names that a request brings, and not in
  /// types or mappings.
  @Test func starsInData() throws {
    let policies = try PolicySet.inline(
      """
      { "policy": "p", "roles": { "r": { "actions": ["cluster:admin/x"] }, "m": { "actions": ["m"] } },
        "role_mappings": { "m": { "users": ["*"], "backend_roles": ["a*"] } },
        "rules": [ \(rule("t", "deny", #""resource_types": ["th*"]"#)) ] }
      """)
    let ask = { (action: String, subject: String, id: String) in
      try policies.decide(request(action: action, subject: subject, id: id)).outcome
    }
    #expect(try ask("cluster:admin/x", #""roles": ["r"]"#, "eve") == .allow)
    for action in [
      "*", "cluster:*", "cluster:admin/*", "cluster:admin/xpack", "cluster:admin/x*",
      "cluster:admin/x\\u0000",
    ] {
      #expect(try ask(action, #""roles": ["r"]"#, "eve") == .deny, "\(action)")
    }
    #expect(try ask("m", #""backend_roles": ["ab"]"#, "eve") == .deny)
    #expect(try ask("m", #""backend_roles": ["a*"]"#, "eve") == .allow)
    #expect(try ask("m", "", "*") == .allow)
  }

  // MARK: Order

  /// A deny in any file and at any place of it wins, and only the order of the reasons depends on
  /// the order of files.
  @Test func permutations() throws {
    let files = [
      #"{ "policy": "a", "roles": { "all": { "actions": ["*"] } }, "rules": [\#(rule("g", "allow")), \#(rule("w", "warn"))] }"#,
      #"{ "policy": "b", "rules": [\#(rule("w2", "warn")), \#(rule("d", "deny", #""when": "def""#)), \#(rule("g2", "allow"))] }"#,
      #"{ "policy": "c", "definitions": { "def": "has(context.d) && other" }, "rules": [\#(rule("e", "deny", #""when": "1 / context.e == 1""#))] }"#,
      #"{ "policy": "d", "definitions": { "other": "context.d" }, "rules": [\#(rule("v", "deny", #""stage": "validation""#, #""when": "has(context.v)""#))] }"#,
    ]
    let contexts = [#""e": 2"#, #""e": 2, "d": true"#, #""e": 0"#, "", #""v": 1"#]
    func sorted(_ reasons: [Reason]) -> [String] {
      reasons.map { "\($0.rule ?? $0.role ?? "-") \($0.message)" }.sorted()
    }
    var expected: [[[String]]]?
    for order in Self.permutations(files) {
      let policies = try PolicySet.inline(order[0], order[1], order[2], order[3])
      let found = try contexts.map { context in
        let decision = try policies.decide(request(context: context))
        return [[decision.outcome.rawValue], sorted(decision.reasons), sorted(decision.warnings)]
      }
      if let expected { #expect(found == expected) } else { expected = found }
    }
    #expect(expected?.map { $0[0][0] } == ["warn", "deny", "deny", "deny", "deny"])
  }

  private static func permutations(_ items: [String]) -> [[String]] {
    guard let first = items.first else { return [[]] }
    return permutations(Array(items.dropFirst())).flatMap { rest in
      (0...rest.count).map { place in
        var order = rest
        order.insert(first, at: place)
        return order
      }
    }
  }

  // MARK: Large counts

  @Test func moreThan65536Rules() throws {
    let count = 66_000
    var rules = (0..<count).map {
      #"{"id":"r\#($0)","description":"","effect":"deny","resource_types":["t\#($0)"],"message":"m\#($0)"}"#
    }
    rules.append(rule("last", "deny", #""when": "has(context.x)""#))
    let policies = try PolicySet.inline(
      #"{ "policy": "p", "roles": { "all": { "actions": ["*"] } }, "rules": [\#(rules.joined(separator: ",\n"))] }"#
    )
    #expect(try policies.decide(request()).summary == "allow [role:all]")
    for number in [0, 32_767, 65_535, 65_536, 65_999] {
      let decision = try policies.decide(request(type: "t\(number)"))
      #expect(
        decision.summary == "deny admission [r\(number)]"
          && decision.reasons[0].message == "m\(number)")
      #expect(decision.reasons[0].position?.line == number + 1)
    }
    #expect(try policies.decide(request(context: #""x": 1"#)).summary == "deny admission [last]")
  }

  @Test func moreThan65536Roles() throws {
    let count = 66_000
    let roles = (0..<count).map { #""r\#($0)":{"actions":["a\#($0 % 7)"]}"# }.joined(separator: ",")
    let mappings =
      #""r65999": { "backend_roles": [\#((0..<count).map { "\"b\($0)\"" }.joined(separator: ","))] }"#
    let policies = try PolicySet.inline(
      #"{ "policy": "p", "roles": { \#(roles) }, "role_mappings": { \#(mappings) } }"#)
    #expect(
      try policies.decide(request(action: "a2", subject: #""roles": ["r65535"]"#)).outcome == .deny)
    #expect(
      try policies.decide(request(action: "a\(65_536 % 7)", subject: #""roles": ["r65536"]"#))
        .summary == "allow [role:r65536]")
    #expect(
      try policies.decide(
        request(action: "a\(65_999 % 7)", subject: #""backend_roles": ["b65999"]"#)
      ).summary == "allow [role:r65999]")
    #expect(
      try policies.decide(
        request(action: "a\(65_999 % 7)", subject: #""backend_roles": ["b66000"]"#)
      ).outcome == .deny)
  }

  @Test func aListOfMoreThan65536Elements() throws {
    let list = (0..<70_000).map(String.init).joined(separator: ",")
    let policies = try PolicySet.rules(
      rule("in", "warn", #""when": "69999 in context.l""#),
      rule("out", "deny", #""when": "70000 in context.l""#),
      rule("size", "deny", #""when": "size(context.l) != 70000""#),
      rule("at", "deny", #""when": "context.l[65536] != 65536""#))
    #expect(
      try policies.decide(request(context: #""l": [\#(list)]"#)).summary
        == "warn [role:all] warn [in]")
  }

  // MARK: Chains

  @Test func aChainOfDefinitions() throws {
    let count = 3_000
    let definitions = (1...count).map { #""d\#($0)": "d\#($0 - 1) && d\#($0 - 1)""# }
    let policies = try PolicySet.rules(
      rule("r", "deny", #""when": "d\#(count)""#),
      beside:
        #""definitions": { \#((definitions + [#""d0": "context.x""#]).joined(separator: ",")) }"#)
    for explains in [false, true] {
      #expect(
        try policies.decide(request(context: #""x": true"#), explains: explains).outcome == .deny)
      #expect(
        try policies.decide(request(context: #""x": false"#), explains: explains).outcome == .allow)
      #expect(
        try policies.decide(request(), explains: explains).reasons.first?.failure
          == "there is no key `x`")
    }
  }

  @Test func tooManyDefinitions() throws {
    func set(_ count: Int) -> BadSet {
      BadSet(
        "",
        #"{ "policy": "p", "roles": { "r": {} }, "definitions": { \#((0..<count).map { #""d\#($0)":"true""# }.joined(separator: ",\n")) } }"#
      )
    }
    #expect(set(EngineLimits.definitions).report == "it loads")
    let report = set(EngineLimits.definitions + 1).report
    #expect(
      report.hasPrefix(
        "policy.json:10001:1: error: a policy set has at most 10000 definitions [too-many-definitions]"
      ))
    #expect(report.split(separator: "\n").count == 3)
  }

  // MARK: Numbers

  @Test(arguments: [
    ("9223372036854775807", "int", "9223372036854775807"),
    ("-9223372036854775808", "int", "-9223372036854775808"),
    ("9223372036854775808", "uint", "9223372036854775808u"),
    ("18446744073709551615", "uint", "18446744073709551615u"),
    ("18446744073709551616", "double", "1.8446744073709552e+19"),
    ("-9223372036854775809", "double", "-9.223372036854775808e+18"),
    ("0", "int", "0"), ("-0", "int", "0"), ("1.0", "double", "1.0"), ("1e2", "double", "100.0"),
    ("-0.0", "double", "-0.0"),
  ])
  func numbersAtTheLimits(_ number: String, _ type: String, _ shown: String) throws {
    let policies = try PolicySet.rules(
      rule("r", "warn", #""message": "${type(context.n)} ${context.n}""#))
    let message = try policies.decide(request(context: #""n": \#(number)"#)).warnings[0].message
    #expect(message.hasPrefix(type + " "))
    if type != "double" { #expect(message == "\(type) \(shown)") }
  }

  @Test func numbersCompareExactly() throws {
    let policies = try PolicySet.rules(
      rule("equal", "warn", #""when": "context.a == context.b""#),
      rule("less", "warn", #""when": "context.a < context.b""#))
    func ask(_ a: String, _ b: String) throws -> [String] {
      try policies.decide(request(context: #""a": \#(a), "b": \#(b)"#)).warnings.compactMap(\.rule)
    }
    #expect(try ask("9223372036854775807", "9223372036854775808") == ["less"])
    #expect(try ask("9223372036854775808", "9223372036854775807") == [])
    #expect(try ask("9007199254740993", "9007199254740992") == [])
    #expect(try ask("-1", "18446744073709551615") == ["less"])
    #expect(try ask("1", "1.0") == ["equal"])
    #expect(try ask("18446744073709551614", "18446744073709551615") == ["less"])
  }

  @Test(arguments: ["1e999", "-1e999", "01", "NaN", "0x10", "1_000"]) func numbersThatAreNone(
    _ number: String
  ) throws {
    #expect(throws: RequestError.self) {
      try PolicySet.rules().decide(request(context: #""n": \#(number)"#))
    }
  }
}
