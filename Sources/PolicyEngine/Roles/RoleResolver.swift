import CEL

/// Finds the roles of one subject: those in the request, those mapped to it, and what all of these
/// include. Keeps its storage.
struct RoleResolver: Sendable {
  /// Declared roles that the subject has.
  private(set) var held: [Int] = []
  private var isHeld: [Bool] = []
  private var pending: [Int] = []
  /// Roles in the request that no document declares.
  private var unknown: [TextID] = []

  /// The `subject` of the request as conditions see it, with `roles` and `unknown_roles` filled in.
  mutating func subject(
    _ values: RequestValues, _ policies: PolicySet, _ memory: inout Memory
  ) -> Value {
    let table = policies.roles
    reset(table)
    let claimed = values.claimedRoles
    for index in 0..<(claimed.tag == .list ? claimed.count : 0) {
      let text = memory.element(index, of: claimed).text
      if Int(text) < table.roleOfText.count, table.roleOfText[Int(text)] >= 0 {
        hold(Int(table.roleOfText[Int(text)]), table)
      } else if unknown.count < 32 ? !unknown.contains(text) : true {
        unknown.append(text)
      }
    }
    // An id is only an id within its type: an API key that is called like a user is not that user.
    if values.subjectType.text == policies.known.user {
      holdAll(values.subjectID.text, table.rolesOfUser, table)
    }
    holdMapped(values, table, memory)
    // The subject's properties are still pushed; its own members join them.
    memory.push(.string(policies.known.type))
    memory.push(values.subjectType)
    memory.push(.string(policies.known.id))
    memory.push(values.subjectID)
    let (roles, others) = lists(table, &memory)
    memory.push(.string(policies.known.roles))
    memory.push(roles)
    memory.push(.string(policies.known.unknownRoles))
    memory.push(others)
    return memory.mapOfResults(from: values.subjectMark)
  }

  private mutating func reset(_ table: RoleTable) {
    if isHeld.count != table.roles.count {
      isHeld = [Bool](repeating: false, count: table.roles.count)
    }
    for role in held { isHeld[role] = false }
    held.removeAll(keepingCapacity: true)
    unknown.removeAll(keepingCapacity: true)
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

  private mutating func holdMapped(_ values: RequestValues, _ table: RoleTable, _ memory: Memory) {
    let backendRoles = values.backendRoles
    guard backendRoles.tag == .list,
      !table.rolesOfBackendRole.isEmpty || !table.jointMappings.isEmpty
    else { return }
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
    held.sort { table.rank[$0] < table.rank[$1] }
    guard !unknown.isEmpty else {
      let mark = memory.beginResults()
      for role in held { memory.push(.string(table.textOfRole[role])) }
      return (memory.listOfResults(from: mark), memory.listOfResults(from: memory.beginResults()))
    }
    if unknown.count >= 32 { unknown = Array(Set(unknown)) }
    memory.sort(texts: &unknown)
    var all = held.map { table.textOfRole[$0] } + unknown
    memory.sort(texts: &all)
    return (list(all, &memory), list(unknown, &memory))
  }

  private func list(_ texts: [TextID], _ memory: inout Memory) -> Value {
    let mark = memory.beginResults()
    for text in texts { memory.push(.string(text)) }
    return memory.listOfResults(from: mark)
  }
}
