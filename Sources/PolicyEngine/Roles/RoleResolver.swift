import CEL

/// Finds the roles of one subject: those in the request, those mapped to it, and what all of these
/// include. Keeps its storage, and remembers the answer by everything that it depends on.
struct RoleResolver: Sendable {
  /// Role sets by what decides them, which may be forgotten at any time.
  private var remembered: RoleSets
  /// Role sets of prepared subjects.
  private var kept: RoleSets
  private var isKept = false
  /// The number of the subject's role set.
  private var current = 0
  private let programTexts: Int
  private var held: [Int] = []
  private var isHeld: [Bool] = []
  private var pending: [Int] = []
  private var key: [UInt32] = []
  /// Roles in the request that no document declares.
  private var unknown: [TextID] = []

  /// A resolver for a set whose program has so many texts of its own.
  init(_ policies: PolicySet, programTexts: Int) {
    remembered = RoleSets(actionSets: policies.index.roleSets)
    kept = remembered
    self.programTexts = programTexts
  }

  /// The `subject` of the request as conditions see it, with `roles` and `unknown_roles` filled in.
  mutating func subject(
    _ values: RequestValues, _ policies: PolicySet, _ memory: inout Memory
  ) -> Value {
    makeKey(values, policies, memory)
    isKept = false
    if let known = remembered.find(key) {
      current = known
    } else {
      if remembered.size + key.count > EngineLimits.rememberedRoles { remembered.removeAll() }
      resolve(values, policies.roles, policies.known, memory)
      current = remembered.add(key, held, policies.roles)
    }
    // The subject's properties are still pushed; its own members join them.
    memory.push(policies.known.type, values.subjectType)
    memory.push(policies.known.id, values.subjectID)
    let (roles, others) = lists(policies.roles, &memory)
    memory.push(policies.known.roles, roles)
    memory.push(policies.known.unknownRoles, others)
    // Names among properties are different from each other, and these are reserved.
    return memory.mapOfResults(unique: values.subjectMark)
  }

  /// What is remembered, in machine words or less.
  var size: Int { remembered.size }

  func isProgramText(_ text: TextID) -> Bool { Int(text) < programTexts }

  // MARK: The role set of the request

  /// Whether a role of the subject grants an action.
  @inline(__always)
  func grants(
    _ action: ActionMemory.Place, _ actions: borrowing ActionMemory, _ index: RuleIndex
  ) -> Bool {
    isKept
      ? kept.grants(current, action, actions, index)
      : remembered.grants(current, action, actions, index)
  }

  /// How many declared roles the subject has.
  var roleCount: Int { isKept ? kept.roleCount(of: current) : remembered.roleCount(of: current) }

  /// One of them; they stand by name.
  func role(_ place: Int) -> Int {
    isKept ? kept.role(place, of: current) : remembered.role(place, of: current)
  }

  /// Keeps the role set that was just found; gives its number among those that are kept.
  mutating func keep() -> Int {
    if let known = kept.find(key) { return known }
    return kept.add(key, copying: remembered, current)
  }

  /// The request is that of a prepared subject.
  mutating func use(kept number: Int) { (isKept, current) = (true, number) }

  mutating func forgetKept() { kept.removeAll() }

  /// Everything that decides which declared roles the subject holds, in texts of the program, whose
  /// ids never change: the roles that it claims, its id if it is a user, its backend roles. Texts
  /// that the program does not have are no role's and mapped to nothing. Notes the unknown roles.
  private mutating func makeKey(
    _ values: RequestValues, _ policies: PolicySet, _ memory: borrowing Memory
  ) {
    key.removeAll(keepingCapacity: true)
    if !unknown.isEmpty { unknown.removeAll(keepingCapacity: true) }
    let claimed = values.claimedRoles
    for index in 0..<(claimed.isList ? claimed.count : 0) {
      let text = memory.element(index, of: claimed).text
      if policies.roles.isRole(text) {
        key.append(text)
      } else if unknown.count < 32 ? !unknown.contains(text) : true {
        unknown.append(text)
      }
    }
    key.append(.max)
    if values.subjectType.text == policies.known.user, !values.limit.isToRoles,
      Int(values.subjectID.text) < policies.roles.rolesOfUser.count
    {
      key.append(values.subjectID.text)
    }
    key.append(.max)
    let backendRoles = values.backendRoles
    guard backendRoles.isList, policies.roles.mapsBackendRoles else { return }
    for index in 0..<backendRoles.count {
      let text = memory.element(index, of: backendRoles).text
      if isProgramText(text) { key.append(text) }
    }
  }

  private mutating func resolve(
    _ values: RequestValues, _ table: RoleTable, _ known: KnownTexts, _ memory: borrowing Memory
  ) {
    if isHeld.count != table.roles.count {
      isHeld = [Bool](repeating: false, count: table.roles.count)
    }
    for role in held { isHeld[role] = false }
    held.removeAll(keepingCapacity: true)
    let claimed = values.claimedRoles
    for index in 0..<(claimed.isList ? claimed.count : 0) {
      let text = memory.element(index, of: claimed).text
      if table.isRole(text) { hold(Int(table.roleOfText[Int(text)]), table) }
    }
    // An id is only an id within its type: an API key that is called like a user is not that user.
    // Nor is a key that was limited all that its owner is.
    if values.subjectType.text == known.user, !values.limit.isToRoles {
      holdAll(values.subjectID.text, table.rolesOfUser, table)
    }
    holdMapped(values, table, memory)
    held.sort { table.rank[$0] < table.rank[$1] }
  }

  private mutating func hold(_ role: Int, _ table: RoleTable) {
    pending.append(role)
    while let next = pending.popLast() {
      guard !isHeld[next] else { continue }
      isHeld[next] = true
      held.append(next)
      for index in 0..<table.roles[next].includes.count {
        pending.append(table.roles[next].includes[index])
      }
    }
  }

  private mutating func holdAll(_ text: TextID, _ mapped: [[Int]], _ table: RoleTable) {
    guard Int(text) < mapped.count else { return }
    for index in 0..<mapped[Int(text)].count { hold(mapped[Int(text)][index], table) }
  }

  private mutating func holdMapped(
    _ values: RequestValues, _ table: RoleTable, _ memory: borrowing Memory
  ) {
    let backendRoles = values.backendRoles
    guard backendRoles.isList, table.mapsBackendRoles else { return }
    for index in 0..<backendRoles.count {
      holdAll(memory.element(index, of: backendRoles).text, table.rolesOfBackendRole, table)
    }
    guard !table.jointMappings.isEmpty else { return }
    var mine: Set<TextID> = []
    for index in 0..<backendRoles.count {
      mine.insert(memory.element(index, of: backendRoles).text)
    }
    for mapping in table.jointMappings where mapping.backendRoles.allSatisfy({ mine.contains($0) })
    {
      hold(mapping.role, table)
    }
  }

  /// `roles` and `unknown_roles`: lists without repeats, sorted by code point.
  private mutating func lists(_ table: RoleTable, _ memory: inout Memory) -> (Value, Value) {
    let count = remembered.roleCount(of: current)
    guard !unknown.isEmpty else {
      let start = memory.elementCount
      for place in 0..<count {
        memory.append(.string(table.textOfRole[remembered.role(place, of: current)]))
      }
      return (memory.list(from: start), memory.list(from: memory.elementCount))
    }
    if unknown.count >= 32 { unknown = Array(Set(unknown)) }
    memory.sort(texts: &unknown)
    var all = remembered.roles(of: current).map { table.textOfRole[Int($0)] } + unknown
    memory.sort(texts: &all)
    return (list(all, &memory), list(unknown, &memory))
  }

  private func list(_ texts: [TextID], _ memory: inout Memory) -> Value {
    let mark = memory.beginResults()
    for text in texts { memory.push(.string(text)) }
    return memory.listOfResults(from: mark)
  }
}
