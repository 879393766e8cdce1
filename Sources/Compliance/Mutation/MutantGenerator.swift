import CEL
import PolicyEngine

/// Makes the mutants of a policy set. Two changes that come to the same condition are one mutant.
struct MutantGenerator {
  private let map: ClauseMap
  private(set) var mutants: [Mutant] = []

  init(_ policies: PolicySet) {
    map = ClauseMap(policies)
    for document in policies.documents {
      for privilege in document.privileges { change(privilege, document.file) }
      for role in document.roles { change(role, document.file) }
      for mapping in document.mappings { change(mapping, document.file) }
    }
    for entry in map.rules { change(entry) }
    for entry in map.definitions { change(entry) }
    let order = Dictionary(
      policies.sources.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    mutants = mutants.enumerated().sorted { a, b in
      let (x, y) = (a.element.position, b.element.position)
      return (order[x.file] ?? 0, x.line, x.column, a.offset)
        < (order[y.file] ?? 0, y.line, y.column, b.offset)
    }.map(\.element)
  }

  private mutating func add(
    _ kind: Mutant.Kind, _ owner: String, _ change: String, _ file: SourceFile, _ range: Range<Int>,
    at place: Int, _ replacement: String = "", _ rules: Set<Int>? = nil
  ) {
    mutants.append(
      Mutant(
        kind: kind, owner: owner, change: change, position: file.position(of: place),
        source: file.index, range: range, replacement: Array(replacement.utf8), rules: rules))
  }

  // MARK: Grants

  private mutating func change(_ privilege: PolicyDocument.Privilege, _ file: SourceFile) {
    let owner = "privilege `\(privilege.name.name)`"
    remove(privilege.actions, .patternRemoved, owner, "the pattern", file)
    remove(privilege.exceptions, .exceptionRemoved, owner, "the exception", file)
  }

  private mutating func change(_ role: PolicyDocument.Role, _ file: SourceFile) {
    let owner = "role `\(role.name.name)`"
    remove(role.privileges, .privilegeRemoved, owner, "the privilege", file)
    remove(role.actions, .patternRemoved, owner, "the pattern", file)
    remove(role.roles, .inclusionRemoved, owner, "the role", file)
  }

  private mutating func change(_ mapping: PolicyDocument.Mapping, _ file: SourceFile) {
    let owner = "the mapping of `\(mapping.role.name)`"
    remove(mapping.users, .mappingRemoved, owner, "the user", file)
    remove(mapping.backendRoles, .mappingRemoved, owner, "the backend role", file)
    remove(mapping.allBackendRoles, .mappingRemoved, owner, "the backend role", file)
  }

  private mutating func remove(
    _ names: [Named], _ kind: Mutant.Kind, _ owner: String, _ what: String, _ file: SourceFile
  ) {
    for name in names {
      let range = Self.removal(of: name.node, file.tape)
      let place = file.tape.sourceRange(of: name.node).lowerBound
      add(kind, owner, "\(what) `\(name.name)` removed", file, range, at: place)
    }
  }

  /// The bytes of an element or a member, given by its name, with the comma that goes with it.
  static func removal(of node: Int, until end: Int? = nil, _ tape: JSONTape) -> Range<Int> {
    let own = tape.sourceRange(of: node).lowerBound..<tape.sourceRange(of: end ?? node).upperBound
    let source = tape.source
    func isSpace(_ byte: UInt8) -> Bool {
      byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
    var after = own.upperBound
    while after < source.count, isSpace(source[after]) { after += 1 }
    if after < source.count, source[after] == UInt8(ascii: ",") {
      return own.lowerBound..<after + 1
    }
    var before = own.lowerBound
    while before > 0, isSpace(source[before - 1]) { before -= 1 }
    if before > 0, source[before - 1] == UInt8(ascii: ",") { return before - 1..<own.upperBound }
    return own
  }

  // MARK: Rules

  private mutating func change(_ entry: ClauseMap.RuleEntry) {
    let (file, rule, only) = (entry.file, entry.rule, Set([entry.number]))
    let tape = file.tape
    let owner = "rule `\(rule.id.name)`"
    let place = tape.sourceRange(of: rule.id.node).lowerBound
    add(
      .ruleRemoved, owner, "the rule removed", file, Self.removal(of: rule.node, tape), at: place,
      "", only)
    if rule.effect == .deny, rule.mode == .enforce,
      let effect = tape.member("effect", of: rule.node)
    {
      let range = tape.sourceRange(of: effect)
      add(
        .denyWarns, owner, "`deny` only warns", file, range, at: range.lowerBound, "\"warn\"", only)
    }
    let (when, unless) = map.policies.conditions(ofRule: entry.number)
    if let when, let node = rule.when?.node {
      let range = Self.removal(of: node - 1, until: node, tape)
      let start = tape.sourceRange(of: node - 1).lowerBound
      add(.whenDropped, owner, "`when` dropped", file, range, at: start, "", only)
      // A condition that is always false is a rule that was removed.
      change(when, owner, only, skipping: [.always, .never])
    }
    if let unless, let node = rule.unless?.node {
      let range = Self.removal(of: node - 1, until: node, tape)
      let start = tape.sourceRange(of: node - 1).lowerBound
      add(.unlessDropped, owner, "`unless` dropped", file, range, at: start, "", only)
      change(unless, owner, only, skipping: [.always, .never])
    }
  }

  private mutating func change(_ entry: ClauseMap.DefinitionEntry) {
    change(
      entry.expression, "definition `\(entry.definition.name.name)`",
      map.users[entry.expression], skipping: [])
  }

  private mutating func change(
    _ expression: UInt32, _ owner: String,
    _ rules: Set<Int>?, skipping known: Set<FoldedCondition>
  ) {
    let tree = map.policies.expression(expression).expression
    var seen = known
    seen.insert(FoldedCondition(tree.root, tree, replacing: nil))
    let changes: [(Mutant.Kind, FoldedCondition.Change)] = [
      (.clauseTrue, .true), (.clauseFalse, .false), (.clauseNegated, .negated),
    ]
    // Definitions may be lists and texts; conditions of rules are true or false, whatever is known.
    let isTest = !known.isEmpty || map.policies.expression(expression).type == .bool
    for node in Self.operands(tree, isTest: isTest) {
      guard let (file, range) = map.place(node, in: expression) else { continue }
      let text = tree.text(of: node)
      for (kind, change) in changes {
        let folded = FoldedCondition(tree.root, tree, replacing: (node, change))
        guard seen.insert(folded).inserted else { continue }
        let (words, replacement) =
          switch change {
          case .true: ("made true", "true")
          case .false: ("made false", "false")
          case .negated:
            ("negated", "!(\(String(decoding: file.tape.source[range], as: UTF8.self)))")
          }
        add(
          kind, owner, "`\(text)` \(words)", file, range, at: range.lowerBound, replacement, rules)
      }
    }
  }

  /// The simple conditions of a tree, definitions by their names among them.
  private static func operands(_ tree: Expression, isTest: Bool) -> [Expression.ID] {
    var found: [Expression.ID] = []
    collect(tree.root, tree, isTest: isTest, &found)
    return found
  }

  private static func collect(
    _ node: Expression.ID, _ tree: Expression, isTest: Bool, _ found: inout [Expression.ID]
  ) {
    switch tree[node].kind {
    case .literal: return
    case .and, .or:
      for child in tree.children(of: node) { collect(child, tree, isTest: true, &found) }
    case .operation where tree.op(of: node) == .not:
      collect(tree.child(0, of: node), tree, isTest: true, &found)
    case .conditional:
      collect(tree.child(0, of: node), tree, isTest: true, &found)
      for index in 1...2 { collect(tree.child(index, of: node), tree, isTest: false, &found) }
    default:
      if isTest { found.append(node) }
      let inner =
        tree[node].kind == .comprehension
        ? tree.children(of: node).prefix(1) : tree.children(of: node)
      for child in inner { collect(child, tree, isTest: false, &found) }
    }
  }
}
