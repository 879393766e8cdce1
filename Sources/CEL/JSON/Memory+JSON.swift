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
      let mark = beginResults()
      var child = node + 1
      let end = value.next
      while child < end {
        push(read(tape, child))
        child = tape.next(after: child)
      }
      return listOfResults(from: mark)
    case .object:
      let mark = beginResults()
      pushMembers(tape, node)
      return mapOfResults(from: mark)
    }
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

  /// The text of a string node.
  package mutating func text(_ tape: borrowing JSONTape, _ node: Int) -> TextID {
    let value = tape.nodes[node]
    return value.isDecoded
      ? intern(tape.decoded, in: value.textRange) : intern(tape.source, in: value.textRange)
  }

  // MARK: Building from what was pushed

  package func beginResults() -> Int { results.count }
  package mutating func push(_ value: Value) { results.append(value) }

  package mutating func listOfResults(from mark: Int) -> Value {
    let start = elementCount
    elements.append(contentsOf: results[mark...])
    results.removeLast(results.count - mark)
    return list(from: start)
  }

  /// A map of the keys and values pushed since `mark`; an error value when a key comes twice.
  package mutating func mapOfResults(from mark: Int) -> Value {
    let start = beginMap()
    elements.append(contentsOf: results[mark...])
    results.removeLast(results.count - mark)
    return map(from: start) ?? .failure(.duplicateKey)
  }
}
