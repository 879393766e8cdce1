/// Finding a name that one object gives twice.
///
/// While names are read, a filter of 31 bits sees whether any two of them might be the same. If so,
/// the check runs when the object closes, over all of its names at once, so that one table serves
/// every object of a text. A few names are compared in pairs; many names are hashed, with a seed that
/// no stranger knows, so that no choice of names makes the check slower than linear.
extension JSONParser {
  /// The largest object whose names are compared in pairs.
  static let pairwiseLimit = 16

  /// Set in a filter once two names might be the same.
  static let mayRepeat: UInt32 = 1 &<< 31

  /// The bit of a name that stands in the source, in its quotes, from `start` to `end`, and
  /// `mayRepeat` if another name has it already. It goes by the length and the first and last byte:
  /// cheap, and different for most names.
  ///
  /// That is for names without escapes: one with an escape may equal any other whatever its spelling.
  @inline(__always)
  static func mark(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, among seen: UInt32
  ) -> UInt32 {
    let first = UInt64(byte(bytes, start &+ 1))
    let last = UInt64(byte(bytes, end &- 2))
    let length = UInt64(UInt32(truncatingIfNeeded: end &- start))
    let mixed = (last | first &<< 8 | length &<< 16) &* 0xFF51_AFD7_ED55_8CCD
    let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: ((mixed &>> 32) &* 31) &>> 32)
    return seen & bit == 0 ? bit : mayRepeat
  }

  /// Throws if two members of `object`, which has just closed, have the same name.
  @inline(never)
  mutating func refuseDoubleNames(
    _ bytes: Span<UInt8>, of object: Int, _ nodes: Span<Node>
  ) throws(JSONFault) {
    let count = Int(nodes[object].payload & Self.lowHalf)
    guard count <= Self.pairwiseLimit else {
      return try refuseDoubleNamesByHash(bytes, of: object, nodes)
    }
    var name = object &+ 1
    for _ in 0..<count {
      try compareToEarlier(bytes, name, of: object, nodes)
      name = Self.next(after: name &+ 1, nodes)
    }
  }

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
