import CEL

/// Finds the rules that can matter for a request: first by its action, then by texts that their
/// conditions require.
///
/// The index only leaves out rules whose conditions are certainly false for the request
/// (`ConditionAtom`), so a decision with it and one without it are the same; `isEnabled` switches
/// the second step off, for the test that proves it.
struct RuleIndex: Sendable {
  /// Rules of one action set whose conditions require a text at one path.
  struct Group: Sendable {
    var path: Int32
    var kind: ConditionAtom.Kind
    /// All its rules, in `ruleLists`: asked when the path has no value.
    var start: Int32
    var count: Int32
  }
  struct Path: Hashable, Sendable {
    var register: Int
    var fields: [TextID]
  }

  /// Fewer rules than this are asked one by one: looking them up would cost as much.
  static let smallestGroup = 8

  private(set) var codes: [RuleCode] = []
  private(set) var types: [TextID] = []
  private(set) var sets = ActionSetTable()
  private(set) var groups: [Group] = []
  private(set) var paths: [Path] = []
  private(set) var ruleLists: [Int32] = []
  /// Rules of a group that require a text: `group << 32 | text` to a range of `ruleLists`.
  private(set) var buckets: [UInt64: Range<Int32>] = [:]
  private(set) var entries: [ActionEntry] = []
  /// The entry of an action by text id, or -1.
  private(set) var entryOfText: [Int32] = []
  /// Sets, privileges, rules and groups of the entries.
  private(set) var lists: [Int32] = []

  private var rulesOfSet: [[Int32]] = []
  private var groupsOfSet: [[Int32]] = []
  private var privilegesOfSet: [[Int32]] = []
  var isEnabled = true

  static func key(_ group: Int32, _ text: TextID) -> UInt64 {
    UInt64(UInt32(bitPattern: group)) << 32 | UInt64(text)
  }

  // MARK: Building

  /// Indexes rules, which must already stand in the order in which they are asked.
  mutating func build(
    _ rules: [LinkedRule], _ roles: inout RoleTable, actions: [[UInt8]],
    _ builder: inout ProgramBuilder
  ) {
    for rule in rules {
      var code = RuleCode(rule)
      code.typeStart = Int32(types.count)
      types += rule.resourceTypes ?? []
      code.typeCount = Int32(types.count) - code.typeStart
      codes.append(code)
    }
    for index in roles.privileges.indices {
      roles.privileges[index].set = sets.add(roles.privileges[index].actions)
    }
    for index in roles.roles.indices {
      var own = roles.roles[index].privileges.map { roles.privileges[$0].set }
      if !roles.roles[index].actions.patterns.isEmpty {
        own.append(sets.add(roles.roles[index].actions))
      }
      roles.roles[index].sets = own
    }
    let setOfRule = rules.map { sets.add($0.actions ?? ActionSetTable.everything) }
    group(rules, setOfRule, &builder)
    privilegesOfSet = Array(repeating: [], count: sets.sets.count)
    for (index, privilege) in roles.privileges.enumerated() {
      privilegesOfSet[Int(privilege.set)].append(Int32(index))
    }
    for action in actions { addEntry(action, builder.withMemory { $0.intern(action) }) }
  }

  private mutating func group(
    _ rules: [LinkedRule], _ setOfRule: [Int32], _ builder: inout ProgramBuilder
  ) {
    rulesOfSet = Array(repeating: [], count: sets.sets.count)
    groupsOfSet = Array(repeating: [], count: sets.sets.count)
    var spread: [[String]: Set<[UInt8]>] = [:]
    for rule in rules {
      for atom in rule.atoms { spread[atom.path, default: []].formUnion(atom.texts) }
    }
    struct Key: Hashable { var set: Int32; var path: [String]; var kind: ConditionAtom.Kind }
    var members: [Key: [(rule: Int32, texts: [[UInt8]])]] = [:]
    var order: [Key] = []
    for (index, rule) in rules.enumerated() {
      // The path with the most different texts tells rules apart best.
      let best = rule.atoms.max { (spread[$0.path]?.count ?? 0) < (spread[$1.path]?.count ?? 0) }
      guard let best else {
        rulesOfSet[Int(setOfRule[index])].append(Int32(index))
        continue
      }
      let key = Key(set: setOfRule[index], path: best.path, kind: best.kind)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append((Int32(index), best.texts))
    }
    for key in order {
      guard let found = members[key] else { continue }
      if found.count < Self.smallestGroup {
        rulesOfSet[Int(key.set)] += found.map(\.rule)
      } else {
        addGroup(key.set, key.path, key.kind, found, &builder)
      }
    }
    for index in rulesOfSet.indices { rulesOfSet[index].sort() }
  }

  private mutating func addGroup(
    _ set: Int32, _ path: [String], _ kind: ConditionAtom.Kind,
    _ members: [(rule: Int32, texts: [[UInt8]])],
    _ builder: inout ProgramBuilder
  ) {
    let number = Int32(groups.count)
    let register = builder.program.register(of: path[0]) ?? 0
    let place = Path(register: register, fields: path.dropFirst().map { builder.intern($0) })
    let pathIndex = paths.firstIndex(of: place) ?? paths.count
    if pathIndex == paths.count { paths.append(place) }
    groups.append(
      Group(
        path: Int32(pathIndex), kind: kind, start: Int32(ruleLists.count),
        count: Int32(members.count)))
    ruleLists += members.map(\.rule)
    var byText: [TextID: [Int32]] = [:]
    for member in members {
      for text in Set(member.texts) {
        byText[builder.withMemory { $0.intern(text) }, default: []].append(member.rule)
      }
    }
    for (text, rules) in byText.sorted(by: { $0.key < $1.key }) {
      buckets[Self.key(number, text)] =
        Int32(ruleLists.count)..<Int32(ruleLists.count + rules.count)
      ruleLists += rules.sorted()
    }
    groupsOfSet[Int(set)].append(number)
  }

  private mutating func addEntry(_ action: [UInt8], _ text: TextID) {
    if Int(text) >= entryOfText.count {
      entryOfText.append(contentsOf: repeatElement(-1, count: Int(text) + 1 - entryOfText.count))
    }
    guard entryOfText[Int(text)] < 0 else { return }
    entryOfText[Int(text)] = Int32(entries.count)
    entries.append(makeEntry(action, &lists))
  }

  /// The entry of an action, with its lists appended to `lists`.
  func makeEntry(_ action: [UInt8], _ lists: inout [Int32]) -> ActionEntry {
    var entry = ActionEntry()
    let matching = sets.matching(action)
    (entry.setStart, entry.setCount) = Self.append(matching, &lists)
    let privileges = matching.flatMap { privilegesOfSet[Int($0)] }.sorted()
    (entry.privilegeStart, entry.privilegeCount) = Self.append(privileges, &lists)
    var rules: [Int32] = []
    var found: [Int32] = []
    for set in matching where Int(set) < rulesOfSet.count {
      rules += rulesOfSet[Int(set)]
      found += groupsOfSet[Int(set)]
    }
    if !isEnabled {
      for group in found {
        rules +=
          ruleLists[
            Int(groups[Int(group)].start)..<Int(groups[Int(group)].start + groups[Int(group)].count)
          ]
      }
      found = []
    }
    (entry.ruleStart, entry.ruleCount) = Self.append(rules.sorted(), &lists)
    (entry.groupStart, entry.groupCount) = Self.append(found, &lists)
    return entry
  }

  private static func append(_ values: [Int32], _ lists: inout [Int32]) -> (Int32, Int32) {
    let start = Int32(lists.count)
    lists += values
    return (start, Int32(values.count))
  }

  /// The same index without its second step: every rule about an action is asked.
  func disabled() -> RuleIndex {
    var copy = self
    copy.isEnabled = false
    copy.entryOfText = []
    return copy
  }
}
