/// Finding a name that one object gives twice.
///
/// The check runs when an object closes, over all of its names at once, so that one table serves
/// every object of a text. A few names are compared in pairs, and a 64-bit filter spares nearly all
/// of that; many names are hashed, with a seed that no stranger knows, so that no choice of names
/// makes the check slower than linear.
extension JSONParser {
  /// The largest object whose names are compared in pairs.
  static let pairwiseLimit = 16

  /// Throws if two members of `object`, which has just closed, have the same name.
  @inline(__always)
  mutating func refuseDoubleNames(
    _ bytes: Span<UInt8>, of object: Int, _ nodes: Span<Node>
  ) throws(JSONFault) {
    let count = Int(nodes[object].payload & Self.lowHalf)
    guard count <= Self.pairwiseLimit else {
      return try refuseDoubleNamesByHash(bytes, of: object, nodes)
    }
    var seen: UInt64 = 0
    var name = object &+ 1
    for _ in 0..<count {
      let bit = Self.filterBit(bytes, nodes[name])
      if seen & bit != 0 { try compareToEarlier(bytes, name, of: object, nodes) }
      seen |= bit
      name = Self.next(after: name &+ 1, nodes)
    }
  }

  /// One of 64 bits, by the length and the first and last byte of a name: cheap, and different for
  /// most names.
  ///
  /// A decoded name may equal any other whatever its spelling, so it has all bits.
  @inline(__always)
  private static func filterBit(_ bytes: Span<UInt8>, _ name: Node) -> UInt64 {
    if name.isDecoded { return UInt64.max }
    let last = UInt64(byte(bytes, Int(name.end) &- 2))
    let first = UInt64(byte(bytes, Int(name.start) &+ 1))
    let mixed = (last | first &<< 8 | (name.payload &>> 32) &<< 16) &* 0x9E37_79B9_7F4A_7C15
    return 1 &<< (mixed &>> 58)
  }

  @inline(never)
  private func compareToEarlier(
    _ bytes: Span<UInt8>, _ name: Int, of object: Int, _ nodes: Span<Node>
  ) throws(JSONFault) {
    var earlier = object &+ 1
    while earlier < name {
      if sameText(bytes, nodes[earlier], nodes[name]) {
        throw JSONFault(
          .doubleName, at: Int(nodes[name].start), beside: Int(nodes[earlier].start))
      }
      earlier = Self.next(after: earlier &+ 1, nodes)
    }
  }

  /// The same over an open-addressed table; a slot is half a hash and half the index of a name.
  @inline(never)
  private mutating func refuseDoubleNamesByHash(
    _ bytes: Span<UInt8>, of object: Int, _ nodes: Span<Node>
  ) throws(JSONFault) {
    let count = Int(nodes[object].payload & Self.lowHalf)
    let size = 1 &<< (Int.bitWidth &- (count &* 2 &- 1).leadingZeroBitCount)
    slots.removeAll(keepingCapacity: true)
    slots.append(contentsOf: repeatElement(0, count: size))
    let seed = JSONHash.seed
    var name = object &+ 1
    for _ in 0..<count {
      let node = nodes[name]
      let hash = hash(bytes, node, seed)
      var slot = Int(truncatingIfNeeded: hash) & (size &- 1)
      let entry = hash & Self.highHalf | UInt64(UInt32(truncatingIfNeeded: name))
      while slots[slot] != 0 {
        let earlier = Int(slots[slot] & Self.lowHalf)
        if (slots[slot] ^ entry) &>> 32 == 0, sameText(bytes, nodes[earlier], node) {
          throw JSONFault(.doubleName, at: Int(node.start), beside: Int(nodes[earlier].start))
        }
        slot = (slot &+ 1) & (size &- 1)
      }
      slots[slot] = entry
      name = Self.next(after: name &+ 1, nodes)
    }
  }

  /// The index of the node after the value at `index`, which is closed.
  @inline(__always)
  private static func next(after index: Int, _ nodes: Span<Node>) -> Int {
    let node = nodes[index]
    return node.kind.isContainer ? Int(node.payload &>> 32) : index &+ 1
  }

  private func hash(_ bytes: Span<UInt8>, _ name: Node, _ seed: JSONHash.Seed) -> UInt64 {
    let range = name.textRange
    return name.isDecoded
      ? JSONHash.hash(decoded.span.extracting(range), seed)
      : JSONHash.hash(bytes.extracting(range), seed)
  }

  /// Whether two strings are equal once decoded, byte by byte.
  private func sameText(_ bytes: Span<UInt8>, _ one: Node, _ other: Node) -> Bool {
    guard one.payload &>> 32 == other.payload &>> 32 else { return false }
    let texts = decoded.span
    return Self.same(
      (one.isDecoded ? texts : bytes).extracting(one.textRange),
      (other.isDecoded ? texts : bytes).extracting(other.textRange))
  }

  static func same(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
    TextHash.isEqual(one, other)
  }
}

extension JSONTape.Kind {
  /// Whether other values are inside.
  @inline(__always)
  package var isContainer: Bool { rawValue >= JSONTape.Kind.array.rawValue }
}

extension JSONTape.Node {
  /// The bytes of a string's text, in ``JSONTape/decoded`` or in the source.
  @inline(__always)
  package var textRange: Range<Int> {
    let start = Int(payload & 0xFFFF_FFFF)
    return start..<(start + Int(payload &>> 32))
  }
}
