/// Numbers that look random and are the same in every run (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Small policy sets and requests, at random: a few actions, roles and attributes, so that rules
/// meet.
package struct PolicyGenerator {
  private var random: SeededGenerator

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  package static let actions = ["a:read", "a:write", "b:read", "b:x/y", "c"]
  private static let patterns = [
    "*", "a:*", "*:read", "b:*", "a:write", "b:x*", "*a*", "a:read", "c", "b:*/y",
  ]
  private static let words = ["x", "y", "z", "IT"]
  private static let roles = ["r0", "r1", "r2", "r3", "r4"]

  // MARK: Random choices

  package mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }
  package mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  package mutating func shuffled<T>(_ items: [T]) -> [T] { items.shuffled(using: &random) }
  private mutating func pick<T>(_ items: [T]) -> T {
    items[Int.random(in: items.indices, using: &random)]
  }
  private mutating func some(_ items: [String], _ count: ClosedRange<Int>) -> [String] {
    Array(shuffled(items).prefix(number(count)))
  }
  private static func list(_ items: [String]) -> String {
    "[" + items.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
  }

  // MARK: Policy sets

  /// A policy set as lists of members by kind, so that they can be put into files in any order.
  package struct Parts {
    package var privileges, roles, mappings, definitions, rules: [String]
  }

  package mutating func parts() -> Parts {
    let privileges = (0..<number(0...3)).map { "p\($0)" }
    let roles = Array(Self.roles.prefix(number(1...5)))
    let definitions = (0..<number(0...4)).map { "d\($0)" }
    // Many rules of one form now and then: only then does an index by attributes have something to
    // do.
    let isCrowd = chance(30)
    let scope = chance(60) ? pick(Self.patterns) : nil
    return Parts(
      privileges: privileges.map { name in
        let exceptions = chance(40) ? ", \"except\": \(Self.list(some(Self.patterns, 0...2)))" : ""
        return "\"\(name)\": { \"actions\": \(Self.list(some(Self.patterns, 1...2)))\(exceptions) }"
      },
      roles: roles.enumerated().map { index, name in
        var members: [String] = []
        if chance(60) { members.append("\"privileges\": \(Self.list(some(privileges, 0...2)))") }
        if chance(40) { members.append("\"actions\": \(Self.list(some(Self.patterns, 0...1)))") }
        if chance(40) {
          members.append("\"roles\": \(Self.list(some(Array(roles.prefix(index)), 0...2)))")
        }
        return "\"\(name)\": { \(members.joined(separator: ", ")) }"
      },
      mappings: some(roles, 0...2).map { role in
        let members = [
          "\"users\": \(Self.list(some(["eve", "ada"], 0...1)))",
          "\"backend_roles\": \(Self.list(some(Self.words, 0...2)))",
          "\"and_backend_roles\": \(Self.list(some(Self.words, 0...2)))",
        ].filter { _ in chance(50) }
        return "\"\(role)\": { \(members.joined(separator: ", ")) }"
      },
      definitions: definitions.enumerated().map { index, name in
        "\"\(name)\": \"\(condition(depth: 2, Array(definitions.prefix(index))))\""
      },
      rules: (0..<(isCrowd ? number(10...40) : number(2...12))).map { index in
        isCrowd && chance(80) ? crowdRule(index, scope, definitions) : rule(index, definitions)
      })
  }

  private mutating func rule(_ index: Int, _ definitions: [String]) -> String {
    let effect = pick(["allow", "deny", "deny", "warn"])
    var members = [
      "\"id\": \"rule\(index)\"", "\"description\": \"d\"", "\"effect\": \"\(effect)\"",
    ]
    if effect != "allow" {
      members.append(
        "\"message\": \"\(pick(["no", "no ${subject.id}", "${context.n}", "${resource.labels}"]))\""
      )
      if chance(40) {
        members.append("\"stage\": \"\(pick(["validation", "authorization", "admission"]))\"")
      }
    }
    if chance(30) { members.append("\"mode\": \"\(pick(["enforce", "warn", "audit"]))\"") }
    if chance(60) { members.append("\"actions\": \(Self.list(some(Self.patterns, 1...2)))") }
    if chance(25) { members.append("\"resource_types\": \(Self.list(some(["t", "u"], 1...2)))") }
    if chance(80) { members.append("\"when\": \"\(condition(depth: 3, definitions))\"") }
    if chance(25) { members.append("\"unless\": \"\(condition(depth: 2, definitions))\"") }
    return "{ \(shuffled(members).joined(separator: ", ")) }"
  }

  /// Rules that one attribute tells apart.
  private mutating func crowdRule(_ index: Int, _ scope: String?, _ definitions: [String]) -> String
  {
    let effect = pick(["allow", "deny", "deny", "warn"])
    let word = "'\(pick(Self.words))'"
    let atom = pick([
      "resource.owner == \(word)", "\(word) == resource.owner",
      "resource.owner in [\(word), '\(pick(Self.words))']",
      "\(word) in subject.tags", "\(word) in resource.labels", "context.where.zone == \(word)",
      "resource.type == '\(pick(["t", "u"]))'",
    ])
    let more = chance(50) ? condition(depth: 1, definitions) : "true"
    let when = pick([
      "\(atom)", "\(atom) && \(more)", "(\(more)) && \(atom)",
      "\(atom) && has(context.flag) && (\(more))",
    ])
    var members = [
      "\"id\": \"rule\(index)\"", "\"description\": \"d\"", "\"effect\": \"\(effect)\"",
      "\"when\": \"\(when)\"",
    ]
    if effect != "allow" { members.append("\"message\": \"no\"") }
    if let scope { members.append("\"actions\": [\"\(scope)\"]") }
    if chance(15) { members.append("\"unless\": \"\(condition(depth: 1, definitions))\"") }
    return "{ \(members.joined(separator: ", ")) }"
  }

  // MARK: Conditions

  private mutating func condition(depth: Int, _ definitions: [String]) -> String {
    guard depth > 0, chance(65) else { return atom(definitions) }
    let (left, right) = (
      condition(depth: depth - 1, definitions), condition(depth: depth - 1, definitions)
    )
    switch number(0...6) {
    case 0, 1: return "(\(left) && \(right))"
    case 2, 3: return "(\(left) || \(right))"
    case 4: return "!(\(left))"
    case 5: return "(\(left) ? \(right) : \(condition(depth: depth - 1, definitions)))"
    default: return "[1, 2].exists(i, i == context.n || \(left))"
    }
  }

  private mutating func atom(_ definitions: [String]) -> String {
    if !definitions.isEmpty, chance(25) { return pick(definitions) }
    let word = "'\(pick(Self.words))'"
    return pick([
      "resource.owner == \(word)", "resource.owner != \(word)", "resource.owner in [\(word), 'y']",
      "subject.id == resource.owner",
      "\(word) in subject.tags", "subject.tags.exists(t, t in resource.labels)",
      "subject.tags.all(t, t == \(word))",
      "has(context.flag)", "dyn(context.flag)", "!has(context.flag) || context.flag == true",
      "context.n > \(number(-1...4))",
      "4 / context.n > 1", "context.n + 9223372036854775805 > 0", "subject.level < context.n",
      "subject.level == context.n",
      "'\(pick(Self.roles))' in subject.roles", "size(subject.unknown_roles) > 0",
      "size(subject.roles) > 1",
      "resource.missing", "context.where.zone == \(word)", "has(context.where.zone)",
      "resource.labels[0] == \(word)",
      "resource.type == 't'", "action.force == true", "action.name.startsWith('a')",
      "resource.owner.matches('^[xy]$')",
      "resource.owner == null", "resource.labels == subject.tags", "true", "false",
    ])
  }

  // MARK: Requests

  package mutating func request() -> String {
    func maybe(
      _ name: String, _ values: [String], _ odd: [String], _ generator: inout PolicyGenerator
    ) -> String? {
      guard generator.chance(75) else { return nil }
      return "\"\(name)\": \(generator.chance(12) ? generator.pick(odd) : generator.pick(values))"
    }
    let word = { (generator: inout PolicyGenerator) in "\"\(generator.pick(Self.words))\"" }
    let subject = [
      maybe("roles", [Self.list(some(Self.roles + ["ghost", "Z"], 0...3))], ["[]"], &self),
      maybe("backend_roles", [Self.list(some(Self.words, 0...3))], ["[\"IT\", \"IT\"]"], &self),
      maybe(
        "tags", [Self.list(some(Self.words, 0...3))],
        ["null", "\"x\"", "[1, \"x\"]", "{ \"x\": 1 }"], &self),
      maybe("level", ["1", "2", "3"], ["\"2\"", "2.5", "null"], &self),
    ]
    let resource = [
      maybe("owner", [word(&self), "\"eve\""], ["null", "1", "[\"x\"]"], &self),
      maybe(
        "labels", [Self.list(some(Self.words, 0...3))],
        ["\"x\"", "{ \"0\": 2, \"y\": 1 }", "null", "[[\"x\"], 1.5]"], &self),
    ]
    let context = [
      maybe("flag", ["true", "false"], ["\"true\"", "null", "1"], &self),
      maybe("n", ["0", "1", "2", "3"], ["\"1\"", "1.5", "18446744073709551615"], &self),
      maybe("where", ["{ \"zone\": \(word(&self)) }", "{}"], ["null", "\"x\"", "[]"], &self),
    ]
    let action = [maybe("force", ["true", "false"], ["1"], &self)]
    let name = chance(90) ? pick(Self.actions) : pick(["a:", "b:x", "A:read", ""])
    let join = { (members: [String?]) in
      "{ " + members.compactMap(\.self).joined(separator: ", ") + " }"
    }
    return """
      { "subject": { "type": "user", "id": "\(pick(["eve", "ada"]))", "properties": \(join(subject)) },
        "action": { "name": "\(name)", "properties": \(join(action)) },
        "resource": { "type": "\(pick(["t", "t", "u", "v"]))", "id": "i", "properties": \(join(resource)) }, "context": \(join(context)) }
      """
  }
}

extension PolicyGenerator.Parts {
  /// The parts in files: all in one, or spread over some.
  package func files(_ count: Int, _ generator: inout PolicyGenerator, shuffles: Bool) -> [String] {
    func spread(_ items: [String]) -> [[String]] {
      var files: [[String]] = Array(repeating: [], count: count)
      var place = 0
      for item in shuffles ? generator.shuffled(items) : items {
        // Rules keep their order across files unless they are shuffled.
        if shuffles {
          place = generator.number(0...count - 1)
        } else if place < count - 1, generator.chance(20) {
          place += 1
        }
        files[place].append(item)
      }
      return files
    }
    let spreads = [privileges, roles, mappings, definitions].map(spread)
    let rules = spread(self.rules)
    let names = ["privileges", "roles", "role_mappings", "definitions"]
    return (0..<count).map { file in
      let members = zip(names, spreads).map { "\"\($0)\": { \($1[file].joined(separator: ", ")) }" }
      return
        "{ \"policy\": \"f\(file)\", \(members.joined(separator: ", ")), \"rules\": [\(rules[file].joined(separator: ",\n"))] }"
    }
  }
}
