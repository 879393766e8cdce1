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
  private struct Place: BitwiseCopyable, Sendable {
    var key: Value
    var slot: Int32
    var object: Int32
  }

  private let places: [Place]
  private let objects: [Object]
  /// Values of the slots; `unset` for members that are not there.
  private var values: [Value]
  /// The objects of the last `write`; `unset` for those that are not there.
  private var maps: [Value]

  /// A form whose names become texts of this memory, where they must stay. Objects stand behind
  /// those inside them; no two members of one object have the same name.
  package init(_ members: [Member], _ objects: [Object], slots: Int, _ memory: inout Memory) {
    places = members.map { member in
      Place(key: .string(memory.intern(member.name)), slot: member.slot, object: member.object)
    }
    self.objects = objects
    values = [Value](repeating: .unset, count: slots)
    maps = [Value](repeating: .unset, count: objects.count)
  }

  /// Forgets all values.
  package mutating func reset() { for index in values.indices { values[index] = .unset } }

  package mutating func set(_ slot: Int32, _ value: Bool) { values[Int(slot)] = .bool(value) }
  package mutating func set(_ slot: Int32, _ value: Int64) { values[Int(slot)] = .int(value) }
  package mutating func set(_ slot: Int32, _ value: Double) { values[Int(slot)] = .double(value) }
  package mutating func set(_ slot: Int32, _ value: Value) { values[Int(slot)] = value }
  package mutating func set(_ slot: Int32, _ text: String, _ memory: inout Memory) {
    values[Int(slot)] = .string(memory.intern(text))
  }
  package mutating func set(_ slot: Int32, _ texts: [String], _ memory: inout Memory) {
    let start = memory.elementCount
    let span = texts.span
    for index in span.indices { memory.append(.string(memory.intern(span[index]))) }
    values[Int(slot)] = memory.list(from: start)
  }

  /// Puts the objects into memory.
  package mutating func write(into memory: inout Memory) {
    for index in objects.indices {
      let object = objects[index]
      let start = memory.beginMap()
      for place in Int(object.start)..<Int(object.start + object.count) {
        let member = places[place]
        let value = member.slot < 0 ? maps[Int(member.object)] : values[Int(member.slot)]
        guard value.tag != .unset else { continue }
        memory.append(member.key)
        memory.append(value)
      }
      maps[index] =
        object.isAlwaysThere || memory.elementCount > start ? memory.map(unique: start) : .unset
    }
  }

  /// An object of the last `write`.
  package func map(_ object: Int32) -> Value { maps[Int(object)] }
}
