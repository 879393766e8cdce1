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

  /// Where the value of a member goes among the memory's elements, or -1 while the object is laid out
  /// without it, and its bit in the word of those that are there.
  private struct Spot: BitwiseCopyable, Sendable {
    var cell: Int32 = -1
    var word: Int32 = -1
    var bit: UInt64 = 0
    var object: Int32 = -1
  }
  /// An object: its members, and its place in memory.
  private struct Shape: BitwiseCopyable, Sendable {
    var first: Int
    /// Where its words of bits begin among the elements.
    var word: Int
    /// Where its first key stands, or its first value if it has too many members for a place of its
    /// own.
    var start: Int
    var isPlaced: Bool
    var isAlwaysThere: Bool
    /// Its spot in the object that it is a member of, or -1.
    var outer = -1
    /// The members that stand in its place, one behind the other, and the map that they are.
    var laidOut: UInt64 = 0
    var map = Value.unset
  }
  /// The text that a slot was given last: requests are often like those before them. Two strings of
  /// the same words are the same text as long as one of them is held.
  private struct KnownText: Sendable {
    var text = ""
    var value = Value.unset
  }
  /// A list of texts that a slot was given: who hands over the same list again, to the same storage,
  /// need not have it read again. Keeping the list sees to it that its storage does not change.
  private struct KnownList: Sendable {
    var texts: [String] = []
    var ids: [Value] = []
    var epoch = -1
    /// Where the elements of a list of up to `placedList` texts stand in memory, once it is known.
    var place = 0
  }

  /// Lists up to this length are read as fast as they are recognised.
  private static let shortList = 2
  /// Lists that are known and not longer than this need not be written into memory again.
  private static let placedList = 8

  private let keys: [Value]
  /// The number of each member's spot: that of its slot, or behind all slots that of its object.
  private let numbers: [Int]
  private var spots: [Spot]
  private var shapes: [Shape]
  private var texts: [KnownText]
  private var lists: [KnownList]
  private var cache = TextCache()
  /// The state of the memory for which texts are known.
  private var epoch = -1
  /// Whether nothing was given a value since the objects were written.
  private var isEmpty = false

  /// A form whose names become texts of this memory, and whose objects have their places in it: both
  /// must stay. Objects stand behind those inside them; no two members of one object have the same
  /// name.
  package init(_ members: [Member], _ objects: [Object], slots: Int, _ memory: inout Memory) {
    keys = members.map { .string(memory.intern($0.name)) }
    numbers = members.map { $0.slot < 0 ? slots + Int($0.object) : Int($0.slot) }
    spots = [Spot](repeating: Spot(), count: slots + objects.count)
    shapes = []
    texts = [KnownText](repeating: KnownText(), count: slots)
    lists = [KnownList](repeating: KnownList(), count: slots)
    for object in objects {
      let range = Int(object.start)..<Int(object.start + object.count)
      var shape = Shape(
        first: range.lowerBound, word: memory.elementCount, start: 0,
        isPlaced: range.count <= Limits.linearMapEntries, isAlwaysThere: object.isAlwaysThere)
      // The word of an object that has its place is its map's header, which needs none.
      let words = shape.isPlaced ? 1 : (range.count + 63) / 64
      shape.start = shape.word + words
      memory.reserve(words + (shape.isPlaced ? 2 : 1) * range.count)
      if shape.isPlaced, shape.isAlwaysThere { shape.map = Memory.map(at: shape.start, count: 0) }
      for (index, member) in range.enumerated() {
        spots[numbers[member]] = Spot(
          cell: shape.isPlaced ? -1 : Int32(shape.start + index),
          word: Int32(shape.word + index / 64), bit: 1 << UInt64(index % 64),
          object: Int32(shapes.count))
        if numbers[member] >= slots { shapes[numbers[member] - slots].outer = numbers[member] }
      }
      shapes.append(shape)
    }
    for slot in lists.indices {
      lists[slot].place = memory.elementCount
      memory.reserve(Self.placedList)
    }
  }

  /// Forgets all values.
  @inline(__always)
  package mutating func reset(_ memory: inout Memory) {
    // Objects that were written have given theirs away.
    if !isEmpty { clear(&memory) }
    isEmpty = false
    if memory.epoch != epoch { forgetTexts(memory.epoch) }
  }

  @inline(never) private mutating func clear(_ memory: inout Memory) {
    var elements = memory.elements.mutableSpan
    for number in shapes.indices {
      var word = shapes[number].word
      repeat {
        elements[word].bits = 0
        word &+= 1
      } while word < shapes[number].start && !shapes[number].isPlaced
    }
  }

  @inline(never) private mutating func forgetTexts(_ epoch: Int) {
    self.epoch = epoch
    cache.removeAll()
    for slot in texts.indices { texts[slot] = KnownText() }
  }

  package mutating func set(_ slot: Int32, _ value: Bool, _ memory: inout Memory) {
    put(.bool(value), Int(slot), &memory)
  }
  package mutating func set(_ slot: Int32, _ value: Int64, _ memory: inout Memory) {
    put(.int(value), Int(slot), &memory)
  }
  package mutating func set(_ slot: Int32, _ value: Double, _ memory: inout Memory) {
    put(.double(value), Int(slot), &memory)
  }
  package mutating func set(_ slot: Int32, _ value: Value, _ memory: inout Memory) {
    put(value, Int(slot), &memory)
  }

  /// Gives a slot a text; gives its value.
  @discardableResult
  package mutating func set(_ slot: Int32, _ text: String, _ memory: inout Memory) -> Value {
    let number = Int(slot)
    var value = texts[number].value
    if value.tag != .string || !texts[number].text._isIdentical(to: text) {
      value = find(text, number, &memory)
    }
    put(value, number, &memory)
    return value
  }

  @inline(never)
  private mutating func find(_ text: String, _ slot: Int, _ memory: inout Memory) -> Value {
    let value = cache.intern(text, likely: texts[slot].value, &memory)
    texts[slot] = KnownText(text: text, value: value)
    return value
  }

  package mutating func set(_ slot: Int32, _ texts: [String], _ memory: inout Memory) {
    let start = memory.elementCount
    let number = Int(slot)
    if texts.count > Self.shortList, isKnown(number, texts, memory.epoch) {
      if texts.count <= Self.placedList {
        return put(Memory.list(at: lists[number].place, count: texts.count), number, &memory)
      }
      memory.append(contentsOf: lists[number].ids)
    } else {
      let span = texts.span
      for index in span.indices { memory.append(cache.intern(span[index], &memory)) }
      if texts.count > Self.shortList { note(number, texts, &memory, since: start) }
    }
    put(memory.list(from: start), number, &memory)
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
    _ slot: Int, _ texts: [String], _ memory: inout Memory, since start: Int
  ) {
    let known = lists[slot].texts
    guard known.span.isIdentical(to: texts.span) else {
      lists[slot].texts = texts
      lists[slot].epoch = -1
      return
    }
    lists[slot].epoch = memory.epoch
    lists[slot].ids.removeAll(keepingCapacity: true)
    for place in start..<memory.elements.count {
      lists[slot].ids.append(memory.elements[place])
      if texts.count <= Self.placedList {
        memory.elements[lists[slot].place + place - start] = memory.elements[place]
      }
    }
  }

  @inline(__always)
  private mutating func put(_ value: Value, _ number: Int, _ memory: inout Memory) {
    let spot = spots[number]
    guard spot.cell >= 0 else { return add(value, number, &memory) }
    var elements = memory.elements.mutableSpan
    elements[Int(spot.cell)] = value
    elements[Int(spot.word)].bits |= spot.bit
  }

  // MARK: Objects

  /// Makes objects of the values. Those of few members stand in memory already: requests mostly have
  /// the members that the one before had.
  package mutating func write(into memory: inout Memory) {
    for number in shapes.indices {
      if shapes[number].isPlaced {
        let word = shapes[number].word
        let present = memory.elements[word].bits
        if present != 0 { memory.elements[word].bits = 0 }
        if present != shapes[number].laidOut { remove(but: present, number, &memory) }
      } else {
        append(number, &memory)
      }
      let (outer, map) = (shapes[number].outer, shapes[number].map)
      if outer >= 0, map.tag != .unset { put(map, outer, &memory) }
    }
    isEmpty = true
  }

  /// An object of the last `write`; `unset` if it is not there.
  package func map(_ object: Int32) -> Value { shapes[Int(object)].map }

  /// Gives a member its place between those of its object that have one, and its value.
  @inline(never)
  private mutating func add(_ value: Value, _ number: Int, _ memory: inout Memory) {
    let spot = spots[number]
    let shape = shapes[Int(spot.object)]
    // Those behind it move on, the last one first.
    var place = shape.start + 2 * shape.laidOut.nonzeroBitCount
    var behind = shape.laidOut & ~(spot.bit | (spot.bit &- 1))
    while behind != 0 {
      let index = 63 - behind.leadingZeroBitCount
      place -= 2
      memory.elements[place + 2] = memory.elements[place]
      memory.elements[place + 3] = memory.elements[place + 1]
      spots[numbers[shape.first + index]].cell += 2
      behind &= ~(1 << UInt64(index))
    }
    memory.elements[place] = keys[shape.first + spot.bit.trailingZeroBitCount]
    spots[number].cell = Int32(place + 1)
    lay(out: shape.laidOut | spot.bit, Int(spot.object))
    put(value, number, &memory)
  }

  /// Takes the members that are not there out of an object's place.
  @inline(never)
  private mutating func remove(but present: UInt64, _ object: Int, _ memory: inout Memory) {
    let shape = shapes[object]
    var (from, to) = (shape.start, shape.start)
    var rest = shape.laidOut
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      let number = numbers[shape.first + index]
      if present & (1 << UInt64(index)) != 0 {
        memory.elements[to] = memory.elements[from]
        memory.elements[to + 1] = memory.elements[from + 1]
        spots[number].cell = Int32(to + 1)
        to += 2
      } else {
        spots[number].cell = -1
      }
      from += 2
      rest &= rest - 1
    }
    lay(out: present, object)
  }

  private mutating func lay(out members: UInt64, _ object: Int) {
    shapes[object].laidOut = members
    shapes[object].map =
      members != 0 || shapes[object].isAlwaysThere
      ? Memory.map(at: shapes[object].start, count: members.nonzeroBitCount) : .unset
  }

  /// Appends an object of many members, which may need a hash index.
  @inline(never)
  private mutating func append(_ number: Int, _ memory: inout Memory) {
    let shape = shapes[number]
    let start = memory.beginMap()
    for word in shape.word..<shape.start {
      var bits = memory.takeBits(word)
      while bits != 0 {
        let index = (word - shape.word) * 64 + bits.trailingZeroBitCount
        memory.append(keys[shape.first + index], memory.elements[shape.start + index])
        bits &= bits - 1
      }
    }
    if memory.elementCount == start, !shape.isAlwaysThere {
      shapes[number].map = .unset
    } else {
      shapes[number].map = memory.map(unique: start)
    }
  }
}
