import CEL

/// Sorts rules, privileges and roles into the lists of a `RuleIndex`.
struct RuleIndexBuilder {
  /// Fewer rules than this are asked one by one: looking them up would cost as much as asking.
  static let smallestGroup = 2

  private(set) var codes: [RuleCode] = []
  private(set) var types: [TextID] = []
  private(set) var sets = ActionSetTable()
  private(set) var roleSets = 0
  private(set) var groups: [RuleIndex.Group] = []
  private(set) var paths: [RuleIndex.Path] = []
  private(set) var ruleLists: [Int32] = []
  private(set) var buckets = BucketTable()
  private(set) var lists: [Int32] = []
  private(set) var rulesOfSet: [[Int32]] = []
  private(set) var groupsOfSet: [[Int32]] = []
  private(set) var privilegesOfSet: [[Int32]] = []

  init(_ rules: [LinkedRule], _ roles: inout RoleTable, _ builder: inout ProgramBuilder) {
    codes.reserveCapacity(rules.count)
    for rule in rules {
      var code = RuleCode(rule)
      code.typeStart = Int32(types.count)
      types += rule.resourceTypes ?? []
      code.typeCount = Int32(types.count) - code.typeStart
      codes.append(code)
    }
    addRoles(&roles)
    let setOfRule = rules.map { sets.add($0.actions ?? ActionSetTable.everything) }
    group(rules, setOfRule, &builder)
    privilegesOfSet = Array(repeating: [], count: sets.sets.count)
    for (index, privilege) in roles.privileges.enumerated() {
      privilegesOfSet[Int(privilege.set)].append(Int32(index))
    }
  }

  /// Roles come before rules, so that their action sets have the lowest numbers.
  private mutating func addRoles(_ roles: inout RoleTable) {
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
    roleSets = sets.sets.count
  }

  private mutating func group(
    _ rules: [LinkedRule], _ setOfRule: [Int32], _ builder: inout ProgramBuilder
  ) {
    rulesOfSet = Array(repeating: [], count: sets.sets.count)
    groupsOfSet = Array(repeating: [], count: sets.sets.count)
    // How many different texts rules require at each path.
    var pathNumbers: [[String]: Int] = [:]
    var spread: [Int] = []
    var seen: [Set<[UInt8]>] = []
    var numbers: [[Int]] = []
    numbers.reserveCapacity(rules.count)
    for index in rules.indices {
      var own: [Int] = []
      for atom in rules[index].atoms.indices {
        let number = Self.number(rules[index].atoms[atom].path, &pathNumbers, &seen)
        own.append(number)
        for text in rules[index].atoms[atom].texts { seen[number].insert(text) }
      }
      numbers.append(own)
    }
    spread = seen.map(\.count)
    seen = []
    struct Key: Hashable {
      var set: Int32
      var path: Int
      var kind: ConditionAtom.Kind
    }
    var members: [Key: [(rule: Int32, atom: Int)]] = [:]
    var order: [Key] = []
    for index in rules.indices {
      // The path with the most different texts tells rules apart best.
      let best = numbers[index].indices.max {
        spread[numbers[index][$0]] < spread[numbers[index][$1]]
      }
      guard let best else {
        rulesOfSet[Int(setOfRule[index])].append(Int32(index))
        continue
      }
      let key = Key(
        set: setOfRule[index], path: numbers[index][best], kind: rules[index].atoms[best].kind)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append((Int32(index), best))
    }
    for key in order {
      guard let found = members[key] else { continue }
      if found.count < Self.smallestGroup {
        rulesOfSet[Int(key.set)] += found.map(\.rule)
      } else {
        addGroup(
          key.set, found.map { (Int($0.rule), rules[Int($0.rule)].atoms[$0.atom]) }, &builder)
      }
    }
    for index in rulesOfSet.indices { rulesOfSet[index].sort() }
  }

  private static func number(
    _ path: [String], _ numbers: inout [[String]: Int], _ seen: inout [Set<[UInt8]>]
  ) -> Int {
    if let known = numbers[path] { return known }
    numbers[path] = seen.count
    seen.append([])
    return seen.count - 1
  }

  private mutating func addGroup(
    _ set: Int32, _ members: [(rule: Int, atom: ConditionAtom)],
    _ builder: inout ProgramBuilder
  ) {
    guard let (path, kind) = members.first.map({ ($0.atom.path, $0.atom.kind) }) else { return }
    let number = Int32(groups.count)
    let register = builder.program.register(of: path[0]) ?? 0
    let place = RuleIndex.Path(
      register: register, fields: path.dropFirst().map { builder.intern($0) })
    let pathIndex = paths.firstIndex(of: place) ?? paths.count
    if pathIndex == paths.count { paths.append(place) }
    groups.append(
      RuleIndex.Group(
        path: Int32(pathIndex), kind: kind, start: Int32(ruleLists.count),
        count: Int32(members.count)))
    ruleLists += members.map { Int32($0.rule) }
    var byText: [TextID: [Int32]] = [:]
    for member in members {
      for text in member.atom.texts {
        let id = builder.withMemory { $0.intern(text.span) }
        // A text that a rule names twice in one list.
        if byText[id]?.last != Int32(member.rule) {
          byText[id, default: []].append(Int32(member.rule))
        }
      }
    }
    for (text, rules) in byText.sorted(by: { $0.key < $1.key }) {
      buckets.add(number, text, start: Int32(ruleLists.count), count: Int32(rules.count))
      ruleLists += rules.sorted()
    }
    groupsOfSet[Int(set)].append(number)
  }

  // MARK: Actions

  /// The entry of an action, with its lists appended to `lists`.
  mutating func makeEntry(_ action: [UInt8], isIndexed: Bool) -> ActionEntry {
    Self.entry(
      of: sets.matching(action), isIndexed: isIndexed, rulesOfSet, groupsOfSet, privilegesOfSet,
      groups, ruleLists, &lists)
  }

  /// What is known of an action that these sets hold.
  static func entry(
    of matching: [Int32], isIndexed: Bool, _ rulesOfSet: [[Int32]], _ groupsOfSet: [[Int32]],
    _ privilegesOfSet: [[Int32]], _ groups: [RuleIndex.Group], _ ruleLists: [Int32],
    _ lists: inout [Int32]
  ) -> ActionEntry {
    var entry = ActionEntry()
    (entry.setStart, entry.setCount) = append(matching, &lists)
    let privileges = matching.flatMap { privilegesOfSet[Int($0)] }.sorted()
    (entry.privilegeStart, entry.privilegeCount) = append(privileges, &lists)
    var rules: [Int32] = []
    var found: [Int32] = []
    for set in matching where Int(set) < rulesOfSet.count {
      rules += rulesOfSet[Int(set)]
      found += groupsOfSet[Int(set)]
    }
    if !isIndexed {
      for number in found {
        let group = groups[Int(number)]
        rules += ruleLists[Int(group.start)..<Int(group.start + group.count)]
      }
      found = []
    }
    (entry.ruleStart, entry.ruleCount) = append(rules.sorted(), &lists)
    (entry.groupStart, entry.groupCount) = append(found, &lists)
    return entry
  }

  private static func append(_ values: [Int32], _ lists: inout [Int32]) -> (Int32, Int32) {
    let start = Int32(lists.count)
    lists += values
    return (start, Int32(values.count))
  }
}
