/// One JSON text, read into a flat list of nodes in the order of the text.
///
/// A container is followed by everything inside it and knows the index of what comes after, so a
/// walk needs neither pointers nor recursion, and a node is 24 trivially copied bytes. Texts are
/// not copied: a string is a range of the source, or of ``decoded`` when it holds an escape. Every
/// node keeps its place in the source, which is what an error message about a rule file points at.
///
/// A tape is meant to be kept: reading again reuses its storage, so the steady state allocates
/// nothing. It does not give memory back; drop a tape that has read something huge.
package struct JSONTape: Sendable {
  /// What a node is.
  package enum Kind: UInt8, BitwiseCopyable, Sendable {
    case null, `false`, `true`, int, uint, double, string, array, object
  }

  /// One value, or the name of a member.
  package struct Node: BitwiseCopyable, Sendable {
    package let kind: Kind

    /// Whether the text of a string is in ``JSONTape/decoded`` and not in the source.
    package let isDecoded: Bool

    /// The byte of the source at which the value starts.
    package let start: UInt32

    /// The byte of the source after the value.
    package internal(set) var end: UInt32

    /// The bits of a number; the place (low half) and length (high half) of a string's text; the
    /// number of elements or members (low half) and the index of the node after it (high half) of a
    /// container.
    ///
    /// While a container is still open, the high half is the index of the container around it: that
    /// is the reader's stack.
    package internal(set) var payload: UInt64
  }

  /// The nodes in the order of the text; in an object, names and values alternate. Empty after a
  /// fault.
  package internal(set) var nodes: [Node] = []

  /// The bytes that were read, shared with the caller's array.
  package internal(set) var source: [UInt8] = []

  /// The texts of all strings that hold an escape, one after another.
  package internal(set) var decoded: [UInt8] = []

  /// How many of its objects have more members than `Limits.linearMapEntries`.
  private(set) var largeObjects = 0

  /// Room for finding a name that is given twice in a large object.
  private var slots: [UInt64] = []

  /// Places are 32 bits wide, so nothing past this byte can be read whatever the limits say.
  static let furthestByte = Int(UInt32.max)

  package init() {}

  /// Reads one JSON text that is the whole of `source`.
  package mutating func read(
    _ source: [UInt8], limits: JSONLimits = .default
  ) throws(JSONError) {
    try read(source, in: 0..<source.count, limits: limits)
  }

  /// Reads one JSON text that is a part of `source`, such as one line of a log.
  ///
  /// Every offset counts from the start of `source`, not of the range.
  package mutating func read(
    _ source: [UInt8], in range: Range<Int>, limits: JSONLimits = .default
  ) throws(JSONError) {
    let range = range.clamped(to: 0..<source.count)
    self.source = source
    nodes.removeAll(keepingCapacity: true)
    decoded.removeAll(keepingCapacity: true)
    do throws(JSONFault) {
      try fill(from: source.span.extracting(0..<range.upperBound), range, limits)
    } catch {
      nodes.removeAll(keepingCapacity: true)
      throw JSONError(error, in: source, range, limits)
    }
  }

  /// Hands the source back and forgets the text.
  ///
  /// The tape shares the caller's array, so a caller that fills the same buffer again must first
  /// take it back: the array would be copied otherwise.
  package mutating func takeSource() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &source)
    nodes.removeAll(keepingCapacity: true)
    decoded.removeAll(keepingCapacity: true)
    return taken
  }

  /// Runs the parser with the storage of this tape lent to it.
  private mutating func fill(
    from bytes: Span<UInt8>, _ range: Range<Int>, _ limits: JSONLimits
  ) throws(JSONFault) {
    guard range.count <= min(limits.bytes, Self.furthestByte - range.lowerBound) else {
      throw JSONFault(.tooLarge, at: range.lowerBound)
    }
    var parser = JSONParser(limits)
    swap(&parser.decoded, &decoded)
    swap(&parser.slots, &slots)
    defer {
      swap(&parser.decoded, &decoded)
      swap(&parser.slots, &slots)
      largeObjects = parser.largeObjects
    }
    // Two values are at least a comma, a colon or a bracket apart, and only an opening bracket can
    // stand beside its first value: more nodes than this a text cannot hold.
    let most = range.count / 2 + 1 + min(range.count / 2, max(0, limits.depth))
    parser.nodeLimit = max(0, min(most, limits.nodes, Int(Int32.max)))
    try nodes.append(addingCapacity: parser.nodeLimit) { nodes throws(JSONFault) in
      try parser.readText(bytes, from: range.lowerBound, onto: &nodes)
    }
  }
}
