/// Where texts, lists and maps of one evaluation live: a few flat arrays that are reused, never
/// freed piecemeal.
///
/// A memory starts as a copy of a program's constants; `reset()` goes back to that state and keeps
/// the storage, so that the steady state allocates nothing. Every text is interned: equal texts
/// have equal ids, which makes string equality, map look-up and membership comparisons of integers.
package struct Memory: Sendable {
  struct Text: BitwiseCopyable, Sendable {
    var start: UInt32
    var count: UInt32
    var hash: UInt32
  }

  /// How much there is of everything that only grows, at some moment.
  package struct Extent: BitwiseCopyable, Sendable {
    var texts = 0
    var octets = 0
    var elements = 0
    var mapSlots = 0
  }

  /// The octets of every text, one after the other.
  package private(set) var octets: [UInt8] = []
  private var texts: [Text] = []
  /// Open addressing over `texts`: id + 1, or 0 for free. Its size is a power of two.
  private var slots: [UInt32] = []
  /// Elements of lists; keys and values of maps in turn.
  package internal(set) var elements: [Value] = []
  /// Hash indexes of large maps.
  var mapSlots: [UInt32] = []
  /// What is left of the budget; every loop and every operation that is not constant-time pays.
  package var fuel: Int = Limits.defaultBudget
  /// The constant regular expressions of the program.
  var regexes: [Regex] = []
  /// Numbers of the constant regular expressions, by the text of the pattern.
  var constantRegexes: [TextID: Int] = [:]
  /// The zones that expressions name, by the text of the name.
  var zones: [TextID: TimeZoneRules] = [:]
  /// Results of loops that are not finished, innermost last.
  var results: [Value] = []
  /// The register of the definition that got its value last, or -1. The register behind it holds the
  /// one before it, and so on: they are cleared when the next request comes.
  var lastDefinition = -1
  /// Places of requests whose texts are remembered.
  private static let recentPlaces = 1_024
  /// Texts of earlier requests by their place; any of them may mean another text by now.
  private var recent: [TextID] = []
  /// Scratch bits by text id (`intersects`), all zero between uses.
  var marks: [UInt64] = []
  /// Reusable state of the regular expressions, by their number in the program.
  var regexScratch: [RegexScratch] = []
  /// Patterns that were compiled during evaluation (not constant), most recent last.
  var dynamicPatterns: [(pattern: TextID, regex: Regex?)] = []
  var dynamicScratch: [RegexScratch] = []

  /// What stays when the memory is reset: what belongs to the program, and what was kept since.
  private var base = Extent()
  /// What there was when the evaluation began: its limits count from here.
  private var start = Extent()
  /// How often the texts of requests were forgotten: an id of such a text means the same text as
  /// long as this stays the same.
  package private(set) var epoch = 0
  private let seed: UInt64

  package init() {
    seed = .random(in: .min ... .max)
    slots = [UInt32](repeating: 0, count: 64)
    // The first texts are the names of the types, in the order of their tags, so that `type(x)`
    // needs no look-up.
    for name in Self.typeNames { _ = intern(name) }
  }

  /// A memory of nothing, which can't be used.
  init(empty: Void) { seed = 0 }

  private static let typeNames = [
    "", "null_type", "bool", "int", "uint", "double", "string", "bytes",
    "google.protobuf.Timestamp",
    "google.protobuf.Duration", "list", "map", "type", "optional_type", "net.IP", "net.CIDR",
  ]

  /// Names of the types that extension libraries bring, by number (`NetworkType`).
  var opaqueTypeNames: [TextID] { [14, 15] }

  /// Everything in memory now belongs to the program: `reset()` returns to this point.
  mutating func freeze() {
    keep()
    dynamicPatterns.removeAll()
    dynamicScratch.removeAll()
  }

  /// Everything in memory now stays when it is reset.
  package mutating func keep() {
    base = extent
    start = base
  }

  /// Forgets everything since there was so much, kept or not.
  package mutating func forget(to extent: Extent) {
    epoch &+= 1
    rewind(to: extent)
    keep()
  }

  /// How many texts stay when the memory is reset: their ids never change their meaning.
  package var keptTexts: Int { base.texts }

  /// How much there is now.
  package var extent: Extent {
    Extent(
      texts: texts.count, octets: octets.count, elements: elements.count, mapSlots: mapSlots.count)
  }

  /// Forgets all that was added since the memory was frozen, and fills the budget.
  package mutating func reset(budget: Int = Limits.defaultBudget) {
    fuel = budget
    epoch &+= 1
    rewind(to: base)
    start = base
  }

  /// As `reset`, but leaves the texts of earlier requests where they are while they are few:
  /// subjects and resources come again, and a text that is known is found faster than it is added.
  ///
  /// What a text is called here is nothing that an evaluation can see; see `beginEvaluation` for
  /// the limits.
  package mutating func resetValues(budget: Int) {
    guard texts.count - base.texts <= Limits.retainedTexts,
      octets.count - base.octets <= Limits.retainedOctets
    else { return reset(budget: budget) }
    fuel = budget
    dropValues(to: base)
  }

  /// From here on counts what an evaluation makes, so that what lies here already, however it came,
  /// takes nothing from its limits.
  package mutating func beginEvaluation() { start = extent }

  private mutating func dropValues(to extent: Extent) {
    if elements.count > extent.elements { elements.removeLast(elements.count - extent.elements) }
    if mapSlots.count > extent.mapSlots { mapSlots.removeLast(mapSlots.count - extent.mapSlots) }
    if !dynamicPatterns.isEmpty { dynamicPatterns.removeAll(keepingCapacity: true) }
    if !results.isEmpty { results.removeAll(keepingCapacity: true) }
  }

  /// Forgets all that was added since there was so much; values that were made since mean nothing
  /// any more.
  package mutating func rewind(to extent: Extent) {
    // Last in, first out, so that linear probing never leaves a hole that hides a text.
    var id = texts.count
    while id > extent.texts {
      id -= 1
      slots[slot(holding: id)] = 0
    }
    texts.removeLast(texts.count - extent.texts)
    octets.removeLast(octets.count - extent.octets)
    dropValues(to: extent)
  }

  // MARK: Budget

  /// Pays for work in proportion to `amount`; false when the budget is spent.
  @inline(__always) mutating func pay(_ amount: Int) -> Bool {
    fuel &-= amount
    return fuel >= 0
  }

  /// Pays for octets that an operation reads or writes.
  @inline(__always) mutating func pay(octets: Int) -> Bool { pay(1 + octets >> 4) }

  /// Whether the memory may still grow by so many octets and elements.
  func hasRoom(octets more: Int, elements moreElements: Int = 0) -> Bool {
    octets.count - start.octets + more <= Limits.evaluationOctets
      && elements.count - start.elements + moreElements <= Limits.evaluationElements
  }

  // MARK: Texts

  @inline(__always) package func range(of text: TextID) -> Range<Int> {
    let entry = texts[Int(text)]
    return Int(entry.start)..<Int(entry.start) + Int(entry.count)
  }
  @inline(__always) package func count(of text: TextID) -> Int { Int(texts[Int(text)].count) }

  package func string(_ text: TextID) -> String {
    String(decoding: octets[range(of: text)], as: UTF8.self)
  }

  /// The id of a text that is equal to `bytes`, which is added if it is new.
  package mutating func intern(_ bytes: some Collection<UInt8>) -> TextID {
    let start = octets.count
    octets.append(contentsOf: bytes)
    return internTail(from: start)
  }
  package mutating func intern(_ string: String) -> TextID { intern(string.utf8Span.span) }

  /// A text that is probably the one that an earlier value was: comparing the two is faster than
  /// looking for it.
  package mutating func intern(_ string: String, likely: Value) -> Value {
    let bytes = string.utf8Span.span
    let id = Int(truncatingIfNeeded: likely.bits)
    if likely.tag == .string, id < texts.count, isEqual(texts[id], bytes) { return likely }
    return .string(intern(bytes))
  }

  /// The id of a text that lies in another array, without a slice.
  package mutating func intern(_ source: [UInt8], in range: Range<Int>) -> TextID {
    intern(source.span.extracting(range))
  }

  /// The id of a text that is probably the one that it was at the same place of an earlier request.
  @inline(__always) mutating func intern(_ bytes: Span<UInt8>, as place: Int) -> TextID {
    if place < recent.count {
      let id = recent[place]
      if Int(id) < texts.count, isEqual(texts[Int(id)], bytes) { return id }
    }
    let id = intern(bytes)
    note(id, at: place)
    return id
  }

  private mutating func note(_ text: TextID, at place: Int) {
    guard place < Self.recentPlaces else { return }
    while recent.count <= place { recent.append(0) }
    recent[place] = text
  }

  /// The id of a text that lies somewhere else; its bytes are copied only if it is new.
  package mutating func intern(_ bytes: Span<UInt8>) -> TextID {
    let hash = TextHash.hash(bytes, seed)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let id = slots[slot] - 1
      let text = texts[Int(id)]
      if text.hash == hash, isEqual(text, bytes) { return id }
      slot = (slot + 1) & (slots.count - 1)
    }
    let start = octets.count
    octets.append(addingCapacity: bytes.count) { room in
      for index in bytes.indices { room.append(bytes[index]) }
    }
    return add(start: start, hash: hash, slot: slot)
  }

  /// Makes a text of the octets that were appended since `start`; drops them again if the text is
  /// known.
  mutating func internTail(from start: Int) -> TextID {
    let hash = TextHash.hash(octets.span.extracting(start..<octets.count), seed)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let id = slots[slot] - 1
      let text = texts[Int(id)]
      if text.hash == hash, isEqual(text, octets.span.extracting(start..<octets.count)) {
        octets.removeLast(octets.count - start)
        return id
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return add(start: start, hash: hash, slot: slot)
  }

  /// The id of a text if it is known; nothing is added.
  package func find(_ bytes: [UInt8]) -> TextID? { find(bytes.span) }

  /// The id of a text if it is known; nothing is added.
  package func find(_ bytes: Span<UInt8>) -> TextID? {
    let hash = TextHash.hash(bytes, seed)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let text = texts[Int(slots[slot] - 1)]
      if text.hash == hash, isEqual(text, bytes) { return slots[slot] - 1 }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  mutating func append(octet: UInt8) { octets.append(octet) }
  mutating func append(_ bytes: some Collection<UInt8>) { octets.append(contentsOf: bytes) }
  mutating func append(copyOf range: Range<Int>) {
    for index in range { octets.append(octets[index]) }
  }
  mutating func dropTail(from start: Int) { octets.removeLast(octets.count - start) }
  var octetCount: Int { octets.count }
  var textCount: Int { texts.count }

  private mutating func add(start: Int, hash: UInt32, slot: Int) -> TextID {
    let id = UInt32(texts.count)
    texts.append(
      Text(start: UInt32(start), count: UInt32(octets.count - start), hash: hash))
    slots[slot] = id + 1
    if texts.count * 2 > slots.count { rehash() }
    return id
  }

  private mutating func rehash() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for id in texts.indices {
      var slot = Int(texts[id].hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(id) + 1
    }
  }

  private func slot(holding id: Int) -> Int {
    var slot = Int(texts[id].hash) & (slots.count - 1)
    while slots[slot] != UInt32(id) + 1 { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }

  @inline(__always) private func isEqual(_ text: Text, _ other: Span<UInt8>) -> Bool {
    guard Int(text.count) == other.count else { return false }
    let start = Int(text.start)
    return TextHash.isEqual(octets.span.extracting(start..<start + other.count), other)
  }

  @inline(__always) static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    return product.high ^ product.low
  }
  var hashSeed: UInt64 { seed }
}
