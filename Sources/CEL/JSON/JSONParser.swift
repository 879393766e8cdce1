/// The reader itself: bytes in, nodes out, one pass.
///
/// It is a loop and not a recursion, so depth costs a counter and never a stack: an open container
/// remembers the one around it in its own node. The cursor is passed and returned, never stored, so
/// that it stays in a register.
struct JSONParser {
  typealias Node = JSONTape.Node
  typealias Nodes = OutputSpan<Node>

  /// The texts of strings with escapes, see ``JSONTape/decoded``.
  var decoded: [UInt8] = []

  /// See ``JSONNames``: the hash table for the names of a large object.
  var slots: [UInt64] = []

  /// The most nodes to write.
  var nodeLimit: Int

  private let depthLimit: Int

  /// The index of the innermost open container, or -1.
  var open = -1

  /// How many elements or members the innermost open container has so far.
  private var count: UInt64 = 0

  private var depth = 0
  private var inObject = false

  /// How many objects have too many members to be searched one by one.
  private(set) var largeObjects = 0

  /// What is known of the names of the innermost open object, see ``JSONNames``.
  private var seen: UInt32 = 0

  init(_ limits: JSONLimits) {
    nodeLimit = limits.nodes
    depthLimit = limits.depth
  }

  /// Reads the one value of a text and makes sure that nothing but white space follows.
  mutating func readText(
    _ bytes: Span<UInt8>, from start: Int, onto nodes: inout Nodes
  ) throws(JSONFault) {
    nodeLimit = min(nodeLimit, nodes.capacity)
    var index = Self.skipSpace(bytes, start)
    if start < bytes.count, bytes[start] == 0xEF { try Self.refuseMark(bytes, at: start) }
    var expected = JSONFault.Expected.value
    while true {
      var isName = false
      switch Self.byte(bytes, index) {
      case UInt8(ascii: "\""):
        index = try readString(bytes, from: index, onto: &nodes)
        count &+= 1
      case UInt8(ascii: "{"):
        index = try enter(.object, bytes, at: index, onto: &nodes)
        isName = Self.byte(bytes, index) != UInt8(ascii: "}")
        expected = .firstName
      case UInt8(ascii: "["):
        index = try enter(.array, bytes, at: index, onto: &nodes)
        if Self.byte(bytes, index) != UInt8(ascii: "]") {
          expected = .firstElement
          continue
        }
      default:
        index = try readBare(bytes, from: index, expected, onto: &nodes)
        count &+= 1
      }
      if !isName {
        index = try leave(bytes, from: index, onto: &nodes)
        if open < 0 { break }
        expected = inObject ? .name : .element
        guard inObject else { continue }
      }
      index = try readName(bytes, from: index, expected, onto: &nodes)
      expected = .memberValue
    }
    guard index == bytes.count else {
      throw JSONFault(.unexpected(.endOfText), at: index)
    }
  }

  /// Takes the punctuation after a value: closes what ends here, and stops at the next value or name.
  ///
  /// It also serves a container that has just been opened and is empty: its bracket comes first.
  @inline(__always)
  private mutating func leave(
    _ bytes: Span<UInt8>, from start: Int, onto nodes: inout Nodes
  ) throws(JSONFault) -> Int {
    var index = Self.skipSpace(bytes, start)
    while open >= 0 {
      let byte = Self.byte(bytes, index)
      if byte == UInt8(ascii: ",") {
        return Self.skipSpace(bytes, index &+ 1)
      }
      guard byte == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw JSONFault(
          .unexpected(inObject ? .afterMember : .afterElement), at: index,
          beside: Int(nodes[open].start))
      }
      index &+= 1
      try close(bytes, at: index, onto: &nodes)
      index = Self.skipSpace(bytes, index)
    }
    return index
  }

  /// Opens a container and stops at its first value or its closing bracket.
  @inline(__always)
  private mutating func enter(
    _ kind: JSONTape.Kind, _ bytes: Span<UInt8>, at index: Int, onto nodes: inout Nodes
  ) throws(JSONFault) -> Int {
    guard depth < depthLimit else { throw JSONFault(.tooDeep, at: index) }
    if open >= 0 {
      nodes[open].payload = nodes[open].payload & Self.highHalf | count
      nodes[open].end = seen
    }
    let around = UInt64(UInt32(truncatingIfNeeded: open)) &<< 32
    let node = Node(kind, index, index, around)
    open = nodes.count
    try append(node, to: &nodes)
    depth &+= 1
    count = 0
    seen = 0
    inObject = kind == .object
    return Self.skipSpace(bytes, index &+ 1)
  }

  /// Ends the innermost container at `end` and goes back to the one around it.
  @inline(__always)
  private mutating func close(
    _ bytes: Span<UInt8>, at end: Int, onto nodes: inout Nodes
  ) throws(JSONFault) {
    let around = Int(Int32(truncatingIfNeeded: nodes[open].payload &>> 32))
    nodes[open].payload = UInt64(nodes.count) &<< 32 | count
    nodes[open].end = UInt32(truncatingIfNeeded: end)
    if inObject {
      if count > UInt64(Limits.linearMapEntries) { largeObjects &+= 1 }
      if seen & Self.mayRepeat != 0 { try refuseDoubleNames(bytes, of: open, nodes.span) }
    }
    open = around
    depth &-= 1
    guard around >= 0 else { return }
    inObject = nodes[around].kind == .object
    count = nodes[around].payload & Self.lowHalf &+ 1
    seen = nodes[around].end
  }

  @inline(__always)
  private mutating func readName(
    _ bytes: Span<UInt8>, from start: Int, _ expected: JSONFault.Expected,
    onto nodes: inout Nodes
  ) throws(JSONFault) -> Int {
    guard Self.byte(bytes, start) == UInt8(ascii: "\"") else {
      throw JSONFault(.unexpected(expected), at: start, beside: Int(nodes[open].start))
    }
    let name = nodes.count
    var index = try readString(bytes, from: start, onto: &nodes)
    seen |= nodes[name].isDecoded ? Self.mayRepeat : Self.mark(bytes, start, index, among: seen)
    index = Self.skipSpace(bytes, index)
    guard Self.byte(bytes, index) == UInt8(ascii: ":") else {
      throw JSONFault(.unexpected(.colon), at: index, beside: Int(nodes[open].start))
    }
    return Self.skipSpace(bytes, index &+ 1)
  }

  @inline(__always)
  func append(_ node: Node, to nodes: inout Nodes) throws(JSONFault) {
    guard nodes.count < nodeLimit else {
      throw JSONFault(.tooManyValues, at: Int(node.start))
    }
    nodes.append(node)
  }

  static let lowHalf: UInt64 = 0xFFFF_FFFF
  static let highHalf: UInt64 = 0xFFFF_FFFF_0000_0000
}

extension JSONTape.Node {
  @inline(__always)
  init(
    _ kind: JSONTape.Kind, _ start: Int, _ end: Int, _ payload: UInt64, isDecoded: Bool = false
  ) {
    self.kind = kind
    self.isDecoded = isDecoded
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    self.payload = payload
  }
}
