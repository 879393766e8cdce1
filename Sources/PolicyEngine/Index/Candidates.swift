import CEL

/// The rules that one request must be asked against, in the order in which they are asked.
struct Candidates: Sendable {
  private(set) var rules: [Int32] = []

  /// Collects them; keeps its storage.
  mutating func collect(
    _ place: ActionMemory.Place, _ actions: borrowing ActionMemory, _ index: RuleIndex,
    _ workspace: borrowing Workspace
  ) {
    let entry = place.entry
    if !rules.isEmpty { rules.removeAll(keepingCapacity: true) }
    for rule in Int(entry.ruleStart)..<Int(entry.ruleStart + entry.ruleCount) {
      rules.append(actions.number(at: rule, of: place, index))
    }
    guard entry.groupCount > 0 else { return }
    let indexed = rules.count
    for group in Int(entry.groupStart)..<Int(entry.groupStart + entry.groupCount) {
      add(actions.number(at: group, of: place, index), index, workspace)
    }
    guard rules.count > indexed else { return }
    // Usually they come in order already: one group, one text.
    guard !isAscending else { return }
    rules.sort()
    removeRepeats()
  }

  private var isAscending: Bool {
    for place in rules.indices.dropFirst() where rules[place] <= rules[place - 1] { return false }
    return true
  }

  private mutating func add(
    _ number: Int32, _ index: RuleIndex, _ workspace: borrowing Workspace
  ) {
    let group = index.groups[Int(number)]
    let path = Int(group.path)
    var value = workspace.registers[index.paths[path].register]
    for place in index.paths[path].fields.indices {
      let field = index.paths[path].fields[place]
      guard value.isMap, let place = workspace.memory.find(key: .string(field), in: value) else {
        // The path has no value: asking its rules is an error, which must be seen.
        return addAll(group, index)
      }
      value = workspace.memory.value(place, of: value)
    }
    switch group.kind {
    case .equals:
      // A value that is not a text equals no text.
      if value.isText { addBucket(number, value.text, index) }
      if value.isMissing { addAll(group, index) }
    case .contains:
      guard value.isList else { return addAll(group, index) }
      for place in 0..<value.count {
        let element = workspace.memory.element(place, of: value)
        if element.isText { addBucket(number, element.text, index) }
      }
    }
  }

  private mutating func addAll(_ group: RuleIndex.Group, _ index: RuleIndex) {
    for place in Int(group.start)..<Int(group.start + group.count) {
      rules.append(index.ruleLists[place])
    }
  }

  private mutating func addBucket(_ group: Int32, _ text: TextID, _ index: RuleIndex) {
    guard let range = index.buckets.find(group, text) else { return }
    for place in range { rules.append(index.ruleLists[place]) }
  }

  private mutating func removeRepeats() {
    guard rules.count > 1 else { return }
    var kept = 1
    for place in 1..<rules.count where rules[place] != rules[kept - 1] {
      rules[kept] = rules[place]
      kept += 1
    }
    rules.removeLast(rules.count - kept)
  }
}
