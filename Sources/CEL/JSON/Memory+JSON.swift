/// JSON straight into the engine's values, without a tree in between.
extension Memory {
  /// Copies the value at `node` of a tape into memory. The tape has bounded depth, so this
  /// recursion is bounded too.
  package mutating func read(_ tape: borrowing JSONTape, _ node: Int) -> Value {
    let value = tape.nodes[node]
    switch value.kind {
    case .null: return .null
    case .false: return .false
    case .true: return .true
    case .int: return .int(value.int)
    case .uint: return .uint(value.uint)
    case .double: return .double(value.double)
    case .string: return .string(text(tape, node))
    case .array:
      // Only scalars inside: they need not be put aside while others are read.
      if value.next == node &+ 1 &+ value.count, Self.holdsScalars(tape, node) {
        let start = elementCount
        for child in node &+ 1..<value.next { append(read(tape, child)) }
        return list(from: start)
      }
      let mark = beginResults()
      var child = node + 1
      let end = value.next
      while child < end {
        push(read(tape, child))
        child = tape.next(after: child)
      }
      return listOfResults(from: mark)
    case .object:
      // The tape has no object that names a member twice.
      if value.next == node &+ 1 &+ 2 &* value.count, Self.holdsScalars(tape, node) {
        let start = beginMap()
        for child in node &+ 1..<value.next { append(read(tape, child)) }
        return map(unique: start)
      }
      let mark = beginResults()
      pushMembers(tape, node)
      return mapOfResults(unique: mark)
    }
  }

  /// Whether nothing in a container of as many nodes as it has values is a container: an empty one
  /// is a single node too.
  @inline(__always)
  private static func holdsScalars(_ tape: borrowing JSONTape, _ node: Int) -> Bool {
    for child in node &+ 1..<tape.nodes[node].next where tape.nodes[child].kind.isContainer {
      return false
    }
    return true
  }

  /// Pushes the names and values of an object in turn.
  package mutating func pushMembers(_ tape: borrowing JSONTape, _ node: Int) {
    var name = node + 1
    let end = tape.nodes[node].next
    while name < end {
      let key = Value.string(text(tape, name))
      let value = read(tape, name + 1)
      push(key)
      push(value)
      name = tape.next(after: name + 1)
    }
  }

  /// Pushes the names and values of an object in turn, until a name that may not be there; gives its
  /// node, or nil if all is well.
  package mutating func pushMembers(
    _ tape: borrowing JSONTape, _ node: Int, without first: TextID, _ second: TextID
  ) -> Int? {
    var name = node + 1
    let end = tape.nodes[node].next
    while name < end {
      let key = text(tape, name)
      if key == first || key == second { return name }
      let value = read(tape, name + 1)
      results.append(.string(key))
      results.append(value)
      name = tape.next(after: name + 1)
    }
    return nil
  }

  /// Pushes a name and its value.
  package mutating func push(_ name: TextID, _ value: Value) {
    results.append(.string(name))
    results.append(value)
  }

  /// The text of a string node. It is compared with the text that the same node of an earlier tape
  /// was: requests are often alike, and comparing is faster than looking for it.
  package mutating func text(_ tape: borrowing JSONTape, _ node: Int) -> TextID {
    let value = tape.nodes[node]
    return value.isDecoded
      ? intern(tape.decoded.span.extracting(value.textRange), as: node)
      : intern(tape.source.span.extracting(value.textRange), as: node)
  }

  // MARK: Building from what was pushed

  package func beginResults() -> Int { results.count }
  package mutating func push(_ value: Value) { results.append(value) }

  package mutating func listOfResults(from mark: Int) -> Value {
    let start = elementCount
    for place in mark..<results.count { elements.append(results[place]) }
    results.removeLast(results.count - mark)
    return list(from: start)
  }

  /// A map of the keys and values pushed since `mark`, by somebody who knows that no two keys are
  /// equal.
  package mutating func mapOfResults(unique mark: Int) -> Value {
    let start = beginMap()
    for place in mark..<results.count { elements.append(results[place]) }
    results.removeLast(results.count - mark)
    return map(unique: start)
  }

  /// A map of the keys and values pushed since `mark`; an error value when a key comes twice.
  package mutating func mapOfResults(from mark: Int) -> Value {
    let start = beginMap()
    for place in mark..<results.count { elements.append(results[place]) }
    results.removeLast(results.count - mark)
    return map(from: start) ?? abandon(start - 1, .failure(.duplicateKey))
  }
}
