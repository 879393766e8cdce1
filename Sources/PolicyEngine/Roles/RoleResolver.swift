import CEL

/// Finds the roles of one subject: those in the request, those mapped to it, and what all of these include.
struct RoleResolver: Sendable {
  /// Declared roles that the subject has, in order of declaration.
  private(set) var held: [Int] = []
  private var seen: Set<Int> = []
  private var pending: [Int] = []

  /// The `subject` of the request as conditions see it, with `roles` and `unknown_roles` filled in.
  mutating func subject(
    _ values: RequestValues, _ policies: PolicySet, _ memory: inout Memory
  ) -> Value {
    let table = policies.roles
    held.removeAll(keepingCapacity: true)
    seen.removeAll(keepingCapacity: true)
    var unknown: [TextID] = []
    var known: Set<TextID> = []
    for index in 0..<elementCount(values.claimedRoles) {
      let text = memory.element(index, of: values.claimedRoles).text
      if let role = Self.role(text, table) {
        hold(role, table)
      } else if known.insert(text).inserted {
        unknown.append(text)
      }
    }
    holdMapped(values, table, memory)
    held.sort()
    // The subject's properties are still pushed; its own members join them.
    memory.push(.string(policies.known.type))
    memory.push(values.subjectType)
    memory.push(.string(policies.known.id))
    memory.push(values.subjectID)
    let roleList = list(held.map { table.textOfRole[$0] } + unknown, &memory)
    let unknownList = list(unknown, &memory)
    memory.push(.string(policies.known.roles))
    memory.push(roleList)
    memory.push(.string(policies.known.unknownRoles))
    memory.push(unknownList)
    return memory.mapOfResults(from: values.subjectMark)
  }

  private func elementCount(_ list: Value) -> Int { list.tag == .list ? list.count : 0 }

  private static func role(_ text: TextID, _ table: RoleTable) -> Int? {
    guard Int(text) < table.roleOfText.count, table.roleOfText[Int(text)] >= 0 else { return nil }
    return Int(table.roleOfText[Int(text)])
  }

  private mutating func hold(_ role: Int, _ table: RoleTable) {
    pending.append(role)
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      held.append(next)
      pending.append(contentsOf: table.roles[next].includes)
    }
  }

  private mutating func holdMapped(_ values: RequestValues, _ table: RoleTable, _ memory: Memory) {
    for role in table.rolesOfUser[values.subjectID.text] ?? [] { hold(role, table) }
    let count = elementCount(values.backendRoles)
    guard count > 0, !table.rolesOfBackendRole.isEmpty || !table.jointMappings.isEmpty else { return }
    var mine: Set<TextID> = []
    for index in 0..<count { mine.insert(memory.element(index, of: values.backendRoles).text) }
    for text in mine.sorted() { for role in table.rolesOfBackendRole[text] ?? [] { hold(role, table) } }
    for mapping in table.jointMappings where mapping.backendRoles.allSatisfy({ mine.contains($0) }) {
      hold(mapping.role, table)
    }
  }

  /// A list of texts, sorted by code point.
  private func list(_ texts: [TextID], _ memory: inout Memory) -> Value {
    var sorted = texts
    memory.sort(texts: &sorted)
    let mark = memory.beginResults()
    for text in sorted { memory.push(.string(text)) }
    return memory.listOfResults(from: mark)
  }
}
