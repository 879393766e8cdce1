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
      // Room for the elements first, so that what they hold can follow.
      let (start, count) = (elementCount, value.count)
      elements.append(contentsOf: repeatElement(.null, count: count))
      var child = node &+ 1
      for place in start..<start &+ count {
        let element = read(tape, child)
        elements[place] = element
        child = tape.next(after: child)
      }
      return Value(.list, aux: UInt32(truncatingIfNeeded: count), bits: UInt64(start))
    case .object:
      let start = beginMap(of: value.count)
      readMembers(tape, node, to: start)
      return map(filled: start, of: value.count)
    }
  }

  /// Puts the names and values of an object into room that was made for them. The tape has no object
  /// that names a member twice.
  private mutating func readMembers(_ tape: borrowing JSONTape, _ node: Int, to start: Int) {
    var place = start
    var name = node &+ 1
    let end = tape.nodes[node].next
    while name < end {
      let key = Value.string(text(tape, name))
      let value = read(tape, name &+ 1)
      elements[place] = key
      elements[place &+ 1] = value
      place &+= 2
      name = tape.next(after: name &+ 1)
    }
  }

  /// A map of a few entries and the members of an object, whose names must be none of theirs.
  ///
  /// - Parameters:
  ///   - properties: the node of the object; nil: there is none.
  ///   - clash: the node of the first name that must not be there, if there is one; the map means
  ///     nothing then.
  package mutating func map(
    _ first: (TextID, Value), _ second: (TextID, Value)?, _ tape: borrowing JSONTape,
    _ properties: Int?, clash: inout Int?
  ) -> Value {
    let own = second == nil ? 1 : 2
    let count = own + (properties.map { tape.nodes[$0].count } ?? 0)
    let start = beginMap(of: count)
    put(first, at: start)
    if let second { put(second, at: start + 2) }
    if let properties {
      readMembers(tape, properties, to: start + 2 * own)
      for place in own..<count {
        let key = elements[start + 2 * place].text
        guard key == first.0 || key == second?.0 else { continue }
        var name = properties + 1
        for _ in own..<place { name = tape.next(after: name + 1) }
        clash = name
        break
      }
    }
    return map(filled: start, of: count)
  }

  private mutating func put(_ entry: (TextID, Value), at place: Int) {
    elements[place] = .string(entry.0)
    elements[place + 1] = entry.1
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
