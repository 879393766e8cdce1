import CEL

/// Sorts rules, privileges and roles into the lists of a `RuleIndex`.
struct RuleIndexBuilder {
  /// Fewer rules than this are asked one by one: looking them up would cost as much.
  static let smallestGroup = 8

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
    let place = RuleIndex.Path(register: register, fields: path.dropFirst().map { builder.intern($0) })
    let pathIndex = paths.firstIndex(of: place) ?? paths.count
    if pathIndex == paths.count { paths.append(place) }
    groups.append(
      RuleIndex.Group(
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
