/// JSON straight into the engine's values, without a tree in between.
extension Memory {
  /// Copies the value at `node` of a tape into memory. The tape has bounded depth, so that the
  /// recursion behind this is bounded too.
  package mutating func read(_ tape: borrowing JSONTape, _ node: Int) -> Value {
    guard tape.nodes[node].kind.isContainer else { return scalar(tape, tape.nodes[node], node) }
    return withRoom(for: Self.room(for: node, in: tape)) { memory, elements, end in
      memory.container(tape, node, &elements, &end)
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
    var room = 2 * own + (count > Limits.linearMapEntries ? 1 : 0)
    if let properties { room += Self.room(for: properties, in: tape) }
    return withRoom(for: room) { memory, elements, end in
      let start = Self.beginMap(of: count, &end)
      elements[start] = .string(first.0)
      elements[start + 1] = first.1
      if let second {
        elements[start + 2] = .string(second.0)
        elements[start + 3] = second.1
      }
      if let properties {
        memory.readMembers(tape, properties, to: start + 2 * own, &elements, &end)
        for place in own..<count {
          let key = elements[start + 2 * place].text
          guard key == first.0 || key == second?.0 else { continue }
          var name = properties + 1
          for _ in own..<place { name = tape.next(after: name + 1) }
          clash = name
          break
        }
      }
      return memory.map(filled: start, of: count, &elements)
    }
  }

  // MARK: Room

  /// How many elements a container comes to at most: every node inside is one, and a large object
  /// has a header for its hash index.
  @inline(__always)
  private static func room(for node: Int, in tape: borrowing JSONTape) -> Int {
    tape.nodes[node].next - node - 1 + tape.largeObjects
  }

  /// Makes room for so many elements at the end and lends all elements, so that they need not be
  /// looked after one by one; gives back the room that was not taken.
  @inline(__always)
  private mutating func withRoom(
    for count: Int,
    _ body: (inout Memory, inout MutableSpan<Value>, inout Int) -> Value
  ) -> Value {
    var lent: [Value] = []
    swap(&lent, &elements)
    var end = lent.count
    lent.append(contentsOf: repeatElement(.null, count: count))
    var span = lent.mutableSpan
    let value = body(&self, &span, &end)
    if end < lent.count { lent.removeLast(lent.count - end) }
    swap(&lent, &elements)
    return value
  }

  /// Room for the entries of a map, where no two keys are equal; the place of the first key.
  @inline(__always)
  private static func beginMap(of count: Int, _ end: inout Int) -> Int {
    if count > Limits.linearMapEntries { end += 1 }
    let start = end
    end += 2 * count
    return start
  }

  /// A map of the entries that were put into that room.
  @inline(__always)
  private mutating func map(
    filled start: Int, of count: Int, _ elements: inout MutableSpan<Value>
  ) -> Value {
    var map = Self.map(at: start, count: count)
    guard count > Limits.linearMapEntries else { return map }
    guard buildIndex(of: map, in: &elements) else { return .failure(.duplicateKey) }
    map.flags = 1
    return map
  }

  // MARK: Nodes

  @inline(__always)
  private mutating func value(
    _ tape: borrowing JSONTape, _ node: JSONTape.Node, at index: Int,
    _ elements: inout MutableSpan<Value>, _ end: inout Int
  ) -> Value {
    node.kind == .string
      ? .string(text(tape, node, at: index))
      : other(tape, node, at: index, &elements, &end)
  }

  private mutating func other(
    _ tape: borrowing JSONTape, _ node: JSONTape.Node, at index: Int,
    _ elements: inout MutableSpan<Value>, _ end: inout Int
  ) -> Value {
    node.kind.isContainer
      ? container(tape, index, &elements, &end) : scalar(tape, node, index)
  }

  private mutating func scalar(
    _ tape: borrowing JSONTape, _ node: JSONTape.Node, _ index: Int
  ) -> Value {
    switch node.kind {
    case .false: .false
    case .true: .true
    case .int: .int(node.int)
    case .uint: .uint(node.uint)
    case .double: .double(node.double)
    case .string: .string(text(tape, node, at: index))
    case .null, .array, .object: .null
    }
  }

  /// An array or an object. Its own elements come first, so that what they hold can follow.
  private mutating func container(
    _ tape: borrowing JSONTape, _ index: Int, _ elements: inout MutableSpan<Value>,
    _ end: inout Int
  ) -> Value {
    let node = tape.nodes[index]
    let count = node.count
    guard node.kind == .array else {
      let start = Self.beginMap(of: count, &end)
      readMembers(tape, index, to: start, &elements, &end)
      return map(filled: start, of: count, &elements)
    }
    let start = end
    end += count
    var child = index &+ 1
    for place in start..<start &+ count {
      let node = tape.nodes[child]
      elements[place] = value(tape, node, at: child, &elements, &end)
      child = node.kind.isContainer ? node.next : child &+ 1
    }
    return Value(.list, aux: UInt32(truncatingIfNeeded: count), bits: UInt64(start))
  }

  /// Puts the names and values of an object into room that was made for them. The tape has no object
  /// that names a member twice.
  private mutating func readMembers(
    _ tape: borrowing JSONTape, _ object: Int, to start: Int,
    _ elements: inout MutableSpan<Value>, _ end: inout Int
  ) {
    var place = start
    var name = object &+ 1
    let last = tape.nodes[object].next
    while name < last {
      elements[place] = .string(text(tape, tape.nodes[name], at: name))
      let node = tape.nodes[name &+ 1]
      elements[place &+ 1] = value(tape, node, at: name &+ 1, &elements, &end)
      place &+= 2
      name = node.kind.isContainer ? node.next : name &+ 2
    }
  }

  /// Pushes a name and its value.
  package mutating func push(_ name: TextID, _ value: Value) {
    results.append(.string(name))
    results.append(value)
  }

  /// The text of a string node. It is compared with the text that the same node of an earlier tape
  /// was: requests are often alike, and comparing is faster than looking for it.
  package mutating func text(_ tape: borrowing JSONTape, _ node: Int) -> TextID {
    text(tape, tape.nodes[node], at: node)
  }

  @inline(__always)
  private mutating func text(
    _ tape: borrowing JSONTape, _ node: JSONTape.Node, at index: Int
  ) -> TextID {
    node.isDecoded
      ? intern(tape.decoded.span.extracting(node.textRange), as: index)
      : intern(tape.source.span.extracting(node.textRange), as: index)
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
