/// Walking over a tape that has been read. Indices come from the tape; a wrong one is a programmer
/// error.
extension JSONTape {
  /// The index of the outermost value.
  package var root: Int { 0 }

  package func kind(of node: Int) -> Kind { nodes[node].kind }
  /// As a comparison of kinds, which in another module costs as much as all else of a step.
  package func isObject(_ node: Int) -> Bool { nodes[node].kind == .object }
  package func isString(_ node: Int) -> Bool { nodes[node].kind == .string }

  /// The index of the node after the value at `node` and everything inside it.
  @inline(__always)
  package func next(after node: Int) -> Int {
    nodes[node].kind.isContainer ? nodes[node].next : node + 1
  }

  /// The indices of the elements of an array, or of the names of an object; none for other values.
  ///
  /// The value of a name is the node after it.
  package func children(of node: Int) -> Children {
    let parent = nodes[node]
    return Children(
      nodes: nodes, index: node + 1, end: parent.kind.isContainer ? parent.next : node + 1,
      step: parent.kind == .object ? 1 : 0)
  }

  /// The index of the value of one member, or nothing if the object has no such member or is no
  /// object.
  ///
  /// It looks at one name after the other: to take many members out of a large object, walk its
  /// children once.
  package func member(_ name: String, of object: Int) -> Int? {
    guard nodes[object].kind == .object else { return nil }
    let end = nodes[object].next
    let wanted = name.utf8Span.span
    var index = object + 1
    while index < end {
      if same(nodes[index], wanted) { return index + 1 }
      index = next(after: index + 1)
    }
    return nil
  }

  /// What stands at the end of a path of member names, from the root on.
  package func node(at path: [String]) -> Int? {
    var node: Int? = root
    for name in path { node = node.flatMap { member(name, of: $0) } }
    return node
  }

  /// Whether the value is a string of exactly these code points.
  package func isString(_ node: Int, _ text: String) -> Bool {
    nodes[node].kind == .string && same(nodes[node], text.utf8Span.span)
  }

  /// The text of a string or name; for other values, how they are spelled in the source.
  package func string(of node: Int) -> String {
    let value = nodes[node]
    guard value.kind == .string else { return spelling(of: node) }
    let bytes = value.isDecoded ? decoded : source
    return String(decoding: bytes[value.textRange], as: UTF8.self)
  }

  /// The value as it stands in the source.
  package func spelling(of node: Int) -> String {
    String(decoding: source[sourceRange(of: node)], as: UTF8.self)
  }

  /// The bytes of the source that a value takes, with quotes or brackets.
  package func sourceRange(of node: Int) -> Range<Int> {
    Int(nodes[node].start)..<Int(nodes[node].end)
  }

  /// Lends the text of a string, without making one.
  @inline(__always)
  package func withText<Result, Failure: Error>(
    of node: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let value = nodes[node]
    guard value.kind == .string else {
      return try body(source.span.extracting(sourceRange(of: node)))
    }
    return value.isDecoded
      ? try body(decoded.span.extracting(value.textRange))
      : try body(source.span.extracting(value.textRange))
  }

  /// The byte of the source from which the `i`-th byte of a string's text comes.
  ///
  /// A byte that an escape stands for comes from the backslash of that escape. One past the last
  /// byte comes from the closing quote, so that the end of a range can be mapped too.
  package func sourceOffset(ofDecodedByte i: Int, inString node: Int) -> Int {
    let value = nodes[node]
    guard value.kind == .string else { return Int(value.start) }
    let range = value.textRange
    let wanted = max(0, min(i, range.count))
    guard value.isDecoded else { return range.lowerBound + wanted }
    let bytes = source.span
    var index = Int(value.start) + 1
    var produced = 0
    while index < bytes.count {
      let (length, yield) = Self.unit(bytes, at: index)
      if produced + yield > wanted { break }
      produced += yield
      index += length
    }
    return index
  }

  /// How many bytes of source the next piece of a string takes, and how many bytes of text it
  /// makes.
  private static func unit(_ bytes: Span<UInt8>, at index: Int) -> (length: Int, yield: Int) {
    guard bytes[index] == UInt8(ascii: "\\") else { return (1, 1) }
    guard JSONParser.byte(bytes, index + 1) == UInt8(ascii: "u") else { return (2, 1) }
    switch JSONParser.codeUnit(bytes, at: index) ?? 0 {
    case 0..<0x80: return (6, 1)
    case 0x80..<0x800: return (6, 2)
    case 0xD800..<0xDC00: return (12, 4)
    default: return (6, 3)
    }
  }

  private func same(_ node: Node, _ text: Span<UInt8>) -> Bool {
    let bytes = node.isDecoded ? decoded.span : source.span
    return JSONParser.same(bytes.extracting(node.textRange), text)
  }

  /// The elements of an array or the names of an object, see ``JSONTape/children(of:)``.
  package struct Children: Sequence, IteratorProtocol {
    let nodes: [Node]
    var index: Int
    let end: Int
    let step: Int

    package mutating func next() -> Int? {
      guard index < end else { return nil }
      let child = index
      let value = child + step
      index = nodes[value].kind.isContainer ? nodes[value].next : value + 1
      return child
    }
  }
}

extension JSONTape.Node {
  /// How many elements or members a container has.
  package var count: Int { Int(payload & 0xFFFF_FFFF) }

  /// The index of the node after a container.
  @inline(__always)
  package var next: Int { Int(payload &>> 32) }

  /// The value of an `int` node.
  package var int: Int64 { Int64(bitPattern: payload) }

  /// The value of a `uint` node: an integer beyond the 64-bit signed ones.
  package var uint: UInt64 { payload }

  /// The value of a `double` node.
  package var double: Double { Double(bitPattern: payload) }
}
