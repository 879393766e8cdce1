import CEL
import EngineComparison
import Foundation
import Testing

@testable import PolicyEngine

/// Why, and what was missing: clauses with the values that they saw, and the smallest sets of facts
/// that would have turned a denial.
@Suite struct ExplanationTests {
  /// A decision as a person reads it.
  static func shown(_ decision: Decision) -> String {
    var lines = [decision.summary]
    for reason in decision.reasons + decision.warnings + decision.audit {
      lines.append("  \(reason.rule ?? reason.role ?? "-"): \(reason.message)")
      for clause in reason.clauses {
        let values = clause.values.map {
          "\($0.path) = \($0.value.map(\.description) ?? "missing")"
        }.joined(separator: ", ")
        lines.append(
          "    \(clause.result.rawValue): \(clause.expression)"
            + (values.isEmpty ? "" : "  [\(values)]") + (clause.failure.map { "  (\($0))" } ?? ""))
      }
    }
    for set in decision.missing {
      lines.append("  missing\(set.rule.map { " for \($0)" } ?? ""):")
      for fact in set.facts {
        let values =
          fact.anyOf.isEmpty
          ? "" : "  any of [\(fact.anyOf.map(\.description).joined(separator: ", "))]"
        lines.append("    \(fact.text)\(values)" + (fact.path.map { "  at \($0)" } ?? ""))
      }
    }
    return lines.joined(separator: "\n")
  }

  private static let definitions = #"""
    "definitions": {
      "is_owner": "has(resource.owner) && resource.owner == subject.id",
      "same_team": "subject.team == resource.team",
      "shares": "subject.backend_roles.exists(r, r in resource.backend_roles)",
      "is_admin": "'admin' in subject.roles",
      "deep": "is_owner || shares"
    }
    """#

  /// Conditions of a rule that denies, and of one that allows; what each explains on the same
  /// request.
  static let conditions = [
    "resource.state == 'locked'", "'locked' == resource.state && context.n > 1",
    "resource.state == 'locked' || resource.owner == 'ben'",
    "resource.state == 'open' && context.n > 10 && resource.owner == 'eve'",
    "resource.state in ['open', 'new']", "'IT' in subject.backend_roles",
    "subject.backend_roles.exists(r, r in resource.backend_roles)", "has(resource.reviewer)",
    "has(resource.reviewer) && resource.reviewer == 'ada'",
    "!has(resource.owner)", "resource.owner != 'ben'", "resource.owner != subject.id",
    "!(resource.owner == 'ben' || resource.state == 'locked')",
    "is_owner", "shares", "is_admin || is_owner", "deep", "!deep", "same_team", "context.flag",
    "!context.flag", "context.missing > 1",
    "context.missing > 1 || resource.state == 'locked'",
    "context.missing > 1 && resource.state == 'locked'",
    "context.n > 1 ? resource.state == 'open' : false", "resource.labels == ['a', 'b']",
    "['a'] in context.lists", "subject.id.startsWith('e')",
    "(resource.state == 'open' || context.n > 10) && (resource.owner == 'eve' || 'IT' in subject.backend_roles)",
    "resource.nested.model.id == 'm1'", "size(subject.backend_roles) > 2",
  ]

  static let asked = request(
    subject: #""roles": ["reader"], "backend_roles": ["HR", "QA"], "team": "blue""#,
    resource:
      #""state": "locked", "owner": "ben", "backend_roles": ["IT", "Ops"], "labels": ["a"], "team": "red", "nested": { "model": { "id": "m1" } }"#,
    context: #""n": 2, "flag": true, "lists": []"#)

  @Test func conditions() throws {
    var text = ""
    for condition in Self.conditions {
      for (effect, member) in [("deny", "when"), ("deny", "unless"), ("allow", "when")] {
        let policies = try PolicySet.inline(
          #"{ "policy": "p", "roles": { "reader": { "actions": ["\#(effect == "allow" ? "other" : "a")"] } }, \#(Self.definitions), "rules": [\#(rule("r", effect, #""\#(member)": "\#(condition)""#))] }"#
        )
        let decision = try policies.decide(Self.asked, explains: true)
        #expect(try policies.decide(Self.asked).summary == decision.summary)
        guard decision.outcome == .deny || !decision.reasons.allSatisfy({ $0.clauses.isEmpty })
        else { continue }
        text += "# \(effect) \(member) \(condition)\n\(Self.shown(decision))\n\n"
      }
    }
    try Golden.check("explanations", text)
  }

  /// Roles and privileges that would have granted; the facts of every `allow` rule; `unless` of an
  /// `allow` rule.
  @Test func refusals() throws {
    let policies = try PolicySet.inline(
      """
      { "policy": "p", "privileges": { "write": { "actions": ["a"] }, "all": { "actions": ["*"] }, "other": { "actions": ["b"] } },
        "roles": { "writer": { "privileges": ["write"] }, "chief": { "privileges": ["all"] }, "bare": { "actions": ["a", "c"] }, "reader": { "privileges": ["other"] } },
        "unauthorized": { "message": "no; ${granting_privileges.join(', ')} would do" },
        "rules": [
          \(rule("owner", "allow", #""when": "resource.owner == subject.id""#)),
          \(rule("open", "allow", #""when": "resource.state in ['open', 'new'] && context.n > 1""#, #""unless": "resource.owner == 'ben'""#)),
          \(rule("watched", "allow", #""mode": "audit""#, #""when": "resource.state == 'new'""#)),
          \(rule("elsewhere", "allow", #""actions": ["b"]"#)),
          \(rule("typed", "allow", #""resource_types": ["group"]"#)) ] }
      """, #"{ "policy": "q", "roles": { "c_only": { "actions": ["c"] } } }"#)
    var text = ""
    for action in ["a", "b", "c", "d"] {
      let asked = Self.asked.replacing(#""name": "a""#, with: #""name": "\#(action)""#).replacing(
        "reader", with: "guest")
      text += "# \(action)\n" + Self.shown(try policies.decide(asked, explains: true)) + "\n\n"
    }
    try Golden.check("explanations-refusals", text)
  }

  // MARK: Equality

  /// The same bytes for the same files and request, however often they are loaded and in whatever
  /// order the files are named.
  @Test func theSameBytesEveryTime() throws {
    let sources = try PolicyLoader.sources(at: Checkout.path("policies/elasticsearch"))
    let requests = try Self.exampleRequests(every: 17)
    var expected: [String]?
    for _ in 0..<50 {
      // A loader sorts by path, so a shuffled folder is the same set.
      let shuffled = sources.shuffled().sorted {
        $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
      var authorizer = Authorizer(try PolicySet(shuffled))
      authorizer.explains = true
      var found: [String] = []
      for request in requests.shuffled() { _ = try authorizer.decide(json: request) }
      for request in requests { found.append(try authorizer.decide(json: request).json()) }
      if let expected { #expect(found == expected) } else { expected = found }
    }
  }

  /// In another order of files only the order of reasons (and so the first one) is another.
  @Test func whatDependsOnTheOrderOfFiles() throws {
    let sources = try PolicyLoader.sources(at: Checkout.path("policies"))
    let requests = try Self.exampleRequests(every: 11)
    func parts(_ decision: Decision) -> [[String]] {
      func texts(_ reasons: [Reason]) -> [String] {
        reasons.map { "\($0.rule ?? $0.role ?? "-") \($0.message) \($0.clauses)" }.sorted()
      }
      return [
        [decision.outcome.rawValue, decision.stage?.rawValue ?? ""], texts(decision.reasons),
        texts(decision.warnings), texts(decision.audit),
        decision.missing.map { "\($0.rule ?? "") \($0.facts.map(\.text).sorted())" }.sorted(),
      ]
    }
    var expected: [[[String]]]?
    for seed in 0..<8 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var authorizer = Authorizer(
        try PolicySet(seed == 0 ? sources : sources.shuffled(using: &random)))
      authorizer.explains = true
      var found: [[[String]]] = []
      for request in requests { found.append(parts(try authorizer.decide(json: request))) }
      if let expected {
        for (one, other) in zip(found, expected) {
          #expect(Array(one.prefix(4)) == Array(other.prefix(4)))
        }
      } else {
        expected = found
      }
    }
  }

  private static func exampleRequests(every step: Int) throws -> [[UInt8]] {
    let policies = try PolicySet.shipped()
    return stride(from: 0, to: policies.examples.count, by: step).compactMap { place in
      let example = policies.examples[place]
      guard
        case .success(let bytes) = policies.exampleRequest(
          policies.files[example.file], example.node)
      else { return nil }
      return bytes
    }
  }

  @Test func withAndWithout() throws {
    let policies = try PolicySet.shipped()
    var (plain, explaining) = (Authorizer(policies), Authorizer(policies))
    explaining.explains = true
    for request in try Self.exampleRequests(every: 1) {
      let (one, other) = (try plain.decide(json: request), try explaining.decide(json: request))
      #expect(one.summary == other.summary && one.error == other.error)
      #expect(
        (one.reasons + one.warnings).map(\.message)
          == (other.reasons + other.warnings).map(\.message))
      #expect(one.missing.isEmpty && one.reasons.allSatisfy { $0.clauses.isEmpty })
      #expect(other.outcome == .deny || other.missing.isEmpty)
    }
  }

  /// What an authorizer has learnt of conditions changes nothing, nor does forgetting it.
  @Test func explanationsOfManyConditions() throws {
    let count = 4_200
    let rules = (0..<count).map {
      rule(
        "r\($0)", "deny", #""actions": ["a\#($0)"]"#,
        #""when": "resource.state == 'locked' && context.n > \#($0 % 2)""#)
    }
    let policies = try PolicySet.inline(
      #"{ "policy": "p", "roles": { "reader": { "actions": ["*"] } }, "rules": [\#(rules.joined(separator: ","))] }"#
    )
    var authorizer = Authorizer(policies)
    authorizer.explains = true
    func decision(_ number: Int, _ authorizer: inout Authorizer) throws -> String {
      try authorizer.decide(
        json: Array(
          Self.asked.replacing(#""name": "a""#, with: #""name": "a\#(number)""#).utf8)
      ).json()
    }
    for number in 0..<count {
      let found = try decision(number, &authorizer)
      guard number.isMultiple(of: 600) || number > count - 4 else { continue }
      var new = Authorizer(policies)
      new.explains = true
      #expect(try decision(number, &new) == found)
      #expect(try decision(number, &authorizer) == found)
      #expect(found.contains("clauses") && found.contains("missing"))
    }
  }

  // MARK: Facts that are true

  /// Whoever supplies the facts that are called missing gets what they promise: the rule grants, or
  /// is quiet.
  @Test func factsTurnTheirRule() throws {
    var tried = 0
    for round in 0..<120 {
      var generator = PolicyGenerator(seed: 9 << 32 | UInt64(round))
      let files = generator.parts().files(1, &generator, shuffles: false)
      let policies = try PolicySet.inline(files[0])
      var conditions: [String: String] = [:]
      for rule in try JSONValue.parse(files[0])["rules"]?.array ?? [] {
        let text = "\(rule["when"]?.string ?? "") \(rule["unless"]?.string ?? "")"
        conditions[rule["id"]?.string ?? ""] = text.contains(/\bd[0-9]\b/) ? text + text : text
      }
      var authorizer = Authorizer(policies)
      authorizer.explains = true
      for _ in 0..<10 {
        let text = generator.request()
        let decision = try authorizer.decide(json: Array(text.utf8))
        for set in decision.missing {
          // Facts are told one by one: what a rule reads twice, a fact may turn the other way in
          // the other place.
          let once = set.facts.allSatisfy { fact in
            fact.path.map { (conditions[set.rule ?? ""] ?? "").ranges(of: $0).count < 2 } ?? false
          }
          guard once, let request = try Self.supplied(set, try Request(foundation: text)) else {
            continue
          }
          tried += 1
          let after = try authorizer.decide(request)
          // A rule that allows is granted (and others may deny all the same), a rule that denies is
          // quiet.
          let isRefused =
            after.stage == .authorization
            && after.reasons.first.map { $0.rule == nil && $0.role == nil } ?? false
          let denies = after.reasons.contains { $0.rule == set.rule && $0.effect == .deny }
          let allows =
            set.rule.map { id in policies.rules.contains { $0.id == id && $0.effect == .allow } }
            ?? true
          #expect(allows ? !isRefused : !denies, "\(set)\n\(after.summary)\n\(files[0])\n\(text)")
        }
      }
    }
    #expect(tried > 200, "\(tried)")
  }

  /// The request with the facts, if a program can supply them.
  private static func supplied(_ set: MissingFacts, _ request: Request) throws -> Request? {
    var request = request
    guard Set(set.facts.map(\.path)).count == set.facts.count else { return nil }
    for fact in set.facts {
      guard let path = fact.path?.split(separator: ".").map(String.init), path.count == 2,
        path[1].allSatisfy({ $0.isLetter || $0 == "_" }), let value = fact.anyOf.last,
        !["id", "type", "name"].contains(path[1]) || path[1] == "name" && path[0] != "action"
      else { return nil }
      func change(_ properties: inout [String: CELValue]) {
        if fact.text.contains(" is ") { return properties[path[1]] = value }
        guard case .list(let elements)? = properties[path[1]] else {
          return properties[path[1]] = [value]
        }
        properties[path[1]] = .list(elements + [value])
      }
      switch path[0] {
      case "subject": change(&request.subject.properties)
      case "resource": change(&request.resource.properties)
      case "action": change(&request.action.properties)
      default: change(&request.context)
      }
    }
    return request
  }
}
