import CEL

/// The rules of a set as the index sees them, in the order in which they are asked.
struct IndexedRules {
  let rules: [LinkedRule]
  let scopes: [RuleScope]
  let scopeOfRule: [Int32]
  let atoms: RuleAtoms
}

/// Sorts rules, privileges and roles into the lists of a `RuleIndex`.
struct RuleIndexBuilder {
  /// Fewer rules than this are asked one by one: looking them up would cost as much as asking.
  static let smallestGroup = 2

  private(set) var codes: [RuleCode] = []
  private(set) var types: [TextID] = []
  private(set) var sets = ActionSetTable()
  private(set) var roleSets = 0
  private(set) var groups: [RuleIndex.Group] = []
  private(set) var fields: [TextID] = []
  private(set) var ruleLists: [Int32] = []
  private(set) var buckets = BucketTable()
  private(set) var lists: [Int32] = []
  private(set) var rulesOfSet: [[Int32]] = []
  private(set) var groupsOfSet: [[Int32]] = []
  private(set) var privilegesOfSet: [[Int32]] = []

  init(_ input: IndexedRules, _ roles: inout RoleTable, _ builder: inout ProgramBuilder) {
    codes.reserveCapacity(input.rules.count)
    for index in input.rules.indices {
      var code = RuleCode(input.rules, index)
      code.typeStart = Int32(types.count)
      if let own = input.rules[index].resourceTypes { types += own }
      code.typeCount = Int32(types.count) - code.typeStart
      codes.append(code)
    }
    addRoles(&roles)
    var setOfScope = [Int32](repeating: -1, count: input.scopes.count)
    let setOfRule = input.scopeOfRule.map { scope in
      if setOfScope[Int(scope)] < 0 {
        let actions = input.scopes[Int(scope)].actions
        setOfScope[Int(scope)] = sets.add(actions ?? ActionSetTable.everything)
      }
      return setOfScope[Int(scope)]
    }
    group(input, setOfRule, &builder)
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

  private struct GroupKey: Hashable {
    var set: Int32
    var path: Int32
    var kind: ConditionAtom.Kind
  }

  /// Sorts rules into groups by the atom that tells them apart best.
  private mutating func group(
    _ input: IndexedRules, _ setOfRule: [Int32], _ builder: inout ProgramBuilder
  ) {
    rulesOfSet = Array(repeating: [], count: sets.sets.count)
    groupsOfSet = Array(repeating: [], count: sets.sets.count)
    let spread = input.atoms.spread()
    var groupOfKey: [GroupKey: Int] = [:]
    var members: [(key: GroupKey, rules: [(rule: Int32, atom: Int32)])] = []
    for index in input.rules.indices {
      // The path with the most different texts tells rules apart best.
      let best = input.atoms[index].max { one, other in
        spread[Int(input.atoms.atoms[one].path)] < spread[Int(input.atoms.atoms[other].path)]
      }
      guard let best else {
        rulesOfSet[Int(setOfRule[index])].append(Int32(index))
        continue
      }
      let atom = input.atoms.atoms[best]
      let key = GroupKey(set: setOfRule[index], path: atom.path, kind: atom.kind)
      let group = groupOfKey[key] ?? members.count
      if group == members.count {
        groupOfKey[key] = group
        members.append((key, []))
      }
      members[group].rules.append((Int32(index), Int32(best)))
    }
    for (key, found) in members {
      if found.count < Self.smallestGroup {
        rulesOfSet[Int(key.set)] += found.map(\.rule)
      } else {
        addGroup(key, found, input.atoms, &builder)
      }
    }
    for index in rulesOfSet.indices { rulesOfSet[index].sort() }
  }

  private mutating func addGroup(
    _ key: GroupKey, _ members: [(rule: Int32, atom: Int32)], _ atoms: RuleAtoms,
    _ builder: inout ProgramBuilder
  ) {
    let number = Int32(groups.count)
    let names = atoms.paths[Int(key.path)]
    let register = builder.program.register(of: names[0]) ?? 0
    groups.append(
      RuleIndex.Group(
        register: Int32(register), fieldStart: Int32(fields.count),
        fieldCount: Int32(names.count - 1), kind: key.kind, start: Int32(ruleLists.count),
        count: Int32(members.count)))
    fields += names.dropFirst().map { builder.intern($0) }
    ruleLists += members.map(\.rule)
    // By text, then by rule: both in one number.
    var required: [UInt64] = []
    required.reserveCapacity(members.count)
    for member in members {
      for place in atoms.atoms[Int(member.atom)].texts {
        required.append(UInt64(atoms.texts[place]) << 32 | UInt64(member.rule))
      }
    }
    required.sort()
    addBuckets(required, to: number)
    groupsOfSet[Int(key.set)].append(number)
  }

  /// A bucket for each text, of texts and rules in order.
  private mutating func addBuckets(_ required: [UInt64], to group: Int32) {
    var next = 0
    while next < required.count {
      let text = TextID(required[next] >> 32)
      let start = ruleLists.count
      while next < required.count, required[next] >> 32 == UInt64(text) {
        // A text that a rule names twice in one list.
        if next == 0 || required[next] != required[next - 1] {
          ruleLists.append(Int32(truncatingIfNeeded: required[next]))
        }
        next += 1
      }
      buckets.add(group, text, start: Int32(start), count: Int32(ruleLists.count - start))
    }
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
