/// Objects of one form, filled in again and again: which members there are and where they belong is
/// known, only values come. Here rather than where it is used, because what is done once a value
/// must not cross a module boundary.
package struct ObjectForm: Sendable {
  /// A member of an object: its name, and the slot of its value or the object that is its value.
  package struct Member: Sendable {
    package var name: String
    package var slot: Int32
    package var object: Int32

    package init(name: String, slot: Int32 = -1, object: Int32 = -1) {
      (self.name, self.slot, self.object) = (name, slot, object)
    }
  }
  /// An object: members that stand one behind the other, and whether it is there when it is empty.
  package struct Object: BitwiseCopyable, Sendable {
    package var start: Int32
    package var count: Int32
    package var isAlwaysThere: Bool

    package init(start: Int32, count: Int32, isAlwaysThere: Bool) {
      (self.start, self.count, self.isAlwaysThere) = (start, count, isAlwaysThere)
    }
  }

  /// Where the value of a member stands, and its bit among those that are there.
  private struct Place: BitwiseCopyable, Sendable {
    var value: Int32
    var word: Int32
    var bit: UInt64
  }
  /// An object: its members, its words of bits, and its place in the object that it is a member of.
  private struct Shape: BitwiseCopyable, Sendable {
    var start: Int
    var words: Int
    var wordCount: Int
    var isAlwaysThere: Bool
    var outer: Place
  }
  /// A list of texts that a slot was given: who hands over the same list again, to the same storage,
  /// need not have it read again. Keeping the list sees to it that its storage does not change.
  private struct KnownList: Sendable {
    var texts: [String] = []
    var ids: [Value] = []
    var epoch = -1
  }

  private static let nowhere = Place(value: -1, word: -1, bit: 0)
  /// Lists up to this length are read as fast as they are recognised.
  private static let shortList = 2

  private let keys: [Value]
  private let places: [Place]
  private let shapes: [Shape]
  /// Values of the members; those that are there have a bit in `present`.
  private var values: [Value]
  private var present: [UInt64]
  /// The texts and lists that slots had last: requests are often like those before them.
  private var texts: [Value]
  private var lists: [KnownList]
  /// The objects of the last `write`; `unset` for those that are not there.
  private var maps: [Value]

  /// A form whose names become texts of this memory, where they must stay. Objects stand behind
  /// those inside them; no two members of one object have the same name.
  package init(_ members: [Member], _ objects: [Object], slots: Int, _ memory: inout Memory) {
    keys = members.map { .string(memory.intern($0.name)) }
    var places = [Place](repeating: Self.nowhere, count: slots)
    var shapes: [Shape] = []
    var words = 0
    for object in objects {
      for index in 0..<Int(object.count) {
        let member = members[Int(object.start) + index]
        let place = Place(
          value: object.start + Int32(index), word: Int32(words + index / 64),
          bit: 1 << UInt64(index % 64))
        if member.slot < 0 {
          shapes[Int(member.object)].outer = place
        } else {
          places[Int(member.slot)] = place
        }
      }
      let count = (Int(object.count) + 63) / 64
      shapes.append(
        Shape(
          start: Int(object.start), words: words, wordCount: count,
          isAlwaysThere: object.isAlwaysThere, outer: Self.nowhere))
      words += count
    }
    self.places = places
    self.shapes = shapes
    values = [Value](repeating: .unset, count: members.count)
    present = [UInt64](repeating: 0, count: words)
    texts = [Value](repeating: .unset, count: slots)
    lists = [KnownList](repeating: KnownList(), count: slots)
    maps = [Value](repeating: .unset, count: objects.count)
  }

  /// Forgets all values.
  package mutating func reset() { for word in present.indices { present[word] = 0 } }

  package mutating func set(_ slot: Int32, _ value: Bool) { put(.bool(value), places[Int(slot)]) }
  package mutating func set(_ slot: Int32, _ value: Int64) { put(.int(value), places[Int(slot)]) }
  package mutating func set(_ slot: Int32, _ value: Double) {
    put(.double(value), places[Int(slot)])
  }
  package mutating func set(_ slot: Int32, _ value: Value) { put(value, places[Int(slot)]) }

  package mutating func set(_ slot: Int32, _ text: String, _ memory: inout Memory) {
    let value = memory.intern(text, likely: texts[Int(slot)])
    texts[Int(slot)] = value
    put(value, places[Int(slot)])
  }

  package mutating func set(_ slot: Int32, _ texts: [String], _ memory: inout Memory) {
    let start = memory.elementCount
    let number = Int(slot)
    if texts.count > Self.shortList, isKnown(number, texts, memory.epoch) {
      memory.append(contentsOf: lists[number].ids)
    } else {
      let span = texts.span
      for index in span.indices { memory.append(.string(memory.intern(span[index]))) }
      if texts.count > Self.shortList { note(number, texts, memory, since: start) }
    }
    put(memory.list(from: start), places[number])
  }

  @inline(__always)
  private func isKnown(_ slot: Int, _ texts: [String], _ epoch: Int) -> Bool {
    guard lists[slot].epoch == epoch else { return false }
    let known = lists[slot].texts
    return known.span.isIdentical(to: texts.span)
  }

  /// Takes note of a list whose texts were just read: of the list alone at first, of the texts when
  /// it comes for the second time, so that lists that never come again cost little.
  @inline(never)
  private mutating func note(
    _ slot: Int, _ texts: [String], _ memory: borrowing Memory, since start: Int
  ) {
    let known = lists[slot].texts
    guard known.span.isIdentical(to: texts.span) else {
      lists[slot].texts = texts
      lists[slot].epoch = -1
      return
    }
    lists[slot].epoch = memory.epoch
    lists[slot].ids.removeAll(keepingCapacity: true)
    for place in start..<memory.elements.count { lists[slot].ids.append(memory.elements[place]) }
  }

  @inline(__always) private mutating func put(_ value: Value, _ place: Place) {
    values[Int(place.value)] = value
    present[Int(place.word)] |= place.bit
  }

  /// Puts the objects into memory.
  package mutating func write(into memory: inout Memory) {
    for number in shapes.indices {
      let shape = shapes[number]
      var isThere = shape.isAlwaysThere
      for word in 0..<shape.wordCount where present[shape.words + word] != 0 { isThere = true }
      guard isThere else {
        maps[number] = .unset
        continue
      }
      let start = memory.beginMap()
      for word in 0..<shape.wordCount {
        var bits = present[shape.words + word]
        while bits != 0 {
          let member = shape.start + word * 64 + bits.trailingZeroBitCount
          memory.append(keys[member], values[member])
          bits &= bits - 1
        }
      }
      maps[number] = memory.map(unique: start)
      if shape.outer.value >= 0 { put(maps[number], shape.outer) }
    }
  }

  /// An object of the last `write`.
  package func map(_ object: Int32) -> Value { maps[Int(object)] }
}
