import CEL

/// The rules that one request must be asked against, in the order in which they are asked.
struct Candidates: Sendable {
  private(set) var rules: [Int32] = []

  /// Collects them; keeps its storage.
  mutating func collect(
    _ entry: ActionEntry, _ lists: [Int32], _ index: RuleIndex, _ registers: [Value],
    _ memory: Memory
  ) {
    rules.removeAll(keepingCapacity: true)
    for place in Int(entry.ruleStart)..<Int(entry.ruleStart + entry.ruleCount) {
      rules.append(lists[place])
    }
    guard entry.groupCount > 0 else { return }
    let indexed = rules.count
    for place in Int(entry.groupStart)..<Int(entry.groupStart + entry.groupCount) {
      add(lists[place], index, registers, memory)
    }
    guard rules.count > indexed else { return }
    rules.sort()
    removeRepeats()
  }

  private mutating func add(
    _ number: Int32, _ index: RuleIndex, _ registers: [Value], _ memory: Memory
  ) {
    let group = index.groups[Int(number)]
    let path = index.paths[Int(group.path)]
    var value = registers[path.register]
    for field in path.fields {
      guard value.tag == .map, let place = memory.find(key: .string(field), in: value) else {
        // The path has no value: asking its rules is an error, which must be seen.
        return addAll(group, index)
      }
      value = memory.value(place, of: value)
    }
    switch group.kind {
    case .equals:
      // A value that is not a text equals no text.
      if value.tag == .string { addBucket(number, value.text, index) }
      if value.isError || value.tag == .unset { addAll(group, index) }
    case .contains:
      guard value.tag == .list else { return addAll(group, index) }
      for place in 0..<value.count {
        let element = memory.element(place, of: value)
        if element.tag == .string { addBucket(number, element.text, index) }
      }
    }
  }

  private mutating func addAll(_ group: RuleIndex.Group, _ index: RuleIndex) {
    for place in Int(group.start)..<Int(group.start + group.count) {
      rules.append(index.ruleLists[place])
    }
  }

  private mutating func addBucket(_ group: Int32, _ text: TextID, _ index: RuleIndex) {
    guard let range = index.buckets[RuleIndex.key(group, text)] else { return }
    for place in range { rules.append(index.ruleLists[Int(place)]) }
  }

  private mutating func removeRepeats() {
    var kept = 1
    for place in 1..<rules.count where rules[place] != rules[kept - 1] {
      rules[kept] = rules[place]
      kept += 1
    }
    rules.removeLast(rules.count - kept)
  }
}
