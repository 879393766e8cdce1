import CEL

/// Finds the rules that one request must be asked against, in the order in which they are asked.
struct Candidates: Sendable {
  private var rules: [Int32] = []

  /// Makes them the workspace's questions; keeps its storage.
  mutating func collect(
    _ place: ActionMemory.Place, _ actions: borrowing ActionMemory, _ index: RuleIndex,
    _ type: TextID, _ workspace: inout Workspace
  ) {
    let entry = place.entry
    guard entry.groupCount > 0 else {
      let numbers = Int(entry.ruleStart)..<Int(entry.ruleStart + entry.ruleCount)
      if place.isOwn {
        Self.ask(
          actions.lists, numbers, type, index.codes, index.types, index.questions,
          &workspace.questions)
      } else {
        Self.ask(
          index.lists, numbers, type, index.codes, index.types, index.questions,
          &workspace.questions)
      }
      return
    }
    if !rules.isEmpty { rules.removeAll(keepingCapacity: true) }
    for rule in Int(entry.ruleStart)..<Int(entry.ruleStart + entry.ruleCount) {
      rules.append(actions.number(at: rule, of: place, index))
    }
    let indexed = rules.count
    for group in Int(entry.groupStart)..<Int(entry.groupStart + entry.groupCount) {
      add(actions.number(at: group, of: place, index), index, workspace)
    }
    // Usually they come in order already: one group, one text.
    if rules.count > indexed, !isAscending {
      rules.sort()
      removeRepeats()
    }
    Self.ask(
      rules, rules.indices, type, index.codes, index.types, index.questions, &workspace.questions)
  }

  /// Asks those of the rules that are about a type. By way of spans: what a closure takes hold of, or
  /// a loop over an array, is retained.
  private static func ask(
    _ rules: [Int32], _ places: Range<Int>, _ type: TextID, _ codes: [RuleCode],
    _ types: [TextID], _ questions: [Question], _ asked: inout [Question]
  ) {
    let rules = rules.span
    let codes = codes.span
    let types = types.span
    let questions = questions.span
    if places.count <= asked.count {
      // Mostly the action of the request before: its questions are written over.
      let kept = Self.put(rules, places, type, codes, types, questions, over: &asked)
      if kept < asked.count { asked.removeLast(asked.count - kept) }
      return
    }
    if !asked.isEmpty { asked.removeAll(keepingCapacity: true) }
    asked.append(addingCapacity: places.count) { room in
      for place in places {
        let rule = Int(rules[place])
        if Self.concerns(type, codes[rule], types) { room.append(questions[rule]) }
      }
    }
  }

  /// Puts the questions over those that are there; gives how many there are now.
  @inline(__always)
  private static func put(
    _ rules: Span<Int32>, _ places: Range<Int>, _ type: TextID, _ codes: Span<RuleCode>,
    _ types: Span<TextID>, _ questions: Span<Question>, over asked: inout [Question]
  ) -> Int {
    var asked = asked.mutableSpan
    var kept = 0
    for place in places {
      let rule = Int(rules[place])
      guard Self.concerns(type, codes[rule], types) else { continue }
      asked[kept] = questions[rule]
      kept += 1
    }
    return kept
  }

  @inline(__always)
  private static func concerns(
    _ type: TextID, _ rule: RuleCode, _ types: Span<TextID>
  ) -> Bool {
    guard rule.typeCount > 0 else { return true }
    for place in Int(rule.typeStart)..<Int(rule.typeStart + rule.typeCount)
    where types[place] == type { return true }
    return false
  }

  private var isAscending: Bool {
    for place in rules.indices.dropFirst() where rules[place] <= rules[place - 1] { return false }
    return true
  }

  private mutating func add(
    _ number: Int32, _ index: RuleIndex, _ workspace: borrowing Workspace
  ) {
    let group = index.groups[Int(number)]
    let names = Int(group.fieldStart)..<Int(group.fieldStart + group.fieldCount)
    let start = workspace.registers[Int(group.register)]
    guard let value = workspace.memory.follow(index.fields, names, from: start) else {
      // The path has no value: asking its rules is an error, which must be seen.
      return addAll(group, index)
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

  @inline(__always) private mutating func addBucket(
    _ group: Int32, _ text: TextID, _ index: RuleIndex
  ) {
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
