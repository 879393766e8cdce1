import CEL

/// The members of a JSON object that a reader knows: the node of each value by name.
///
/// No dictionary: a file has an object for every rule, and each knows a dozen names at most.
package struct Members: Sendable {
  private let known: [String]
  /// The node of each known name's value; 0, which is the outermost value, for none.
  private var nodes: [Int32]
  /// Where the next name is looked for first: objects list their members in the same order.
  private var expected = 0

  /// None yet, of these names.
  package init(_ known: [String]) {
    self.known = known
    nodes = [Int32](repeating: 0, count: known.count)
  }

  /// Takes the member whose name stands at a node; false if the name is not known.
  mutating func add(_ name: Int, _ tape: JSONTape) -> Bool {
    var place = expected
    for _ in known.indices {
      if place >= known.count { place = 0 }
      if tape.isString(name, known[place]) {
        nodes[place] = Int32(name + 1)
        expected = place + 1
        return true
      }
      place += 1
    }
    return false
  }

  /// The node of a member's value.
  package subscript(name: String) -> Int? {
    guard let place = known.firstIndex(of: name), nodes[place] > 0 else { return nil }
    return Int(nodes[place])
  }
}
