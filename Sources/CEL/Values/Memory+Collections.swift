/// Lists and maps: runs of values in `elements`.
extension Memory {
  // MARK: Lists

  /// A list of the elements that were appended since `start`.
  package func list(from start: Int) -> Value {
    Value(.list, aux: UInt32(elements.count - start), bits: UInt64(start))
  }
  package mutating func append(_ value: Value) { elements.append(value) }
  mutating func append(_ key: Value, _ value: Value) {
    elements.append(key)
    elements.append(value)
  }
  mutating func append(contentsOf values: [Value]) { elements.append(contentsOf: values) }
  /// The bits of an element, which has none from now on.
  @inline(__always) mutating func takeBits(_ place: Int) -> UInt64 {
    let bits = elements[place].bits
    elements[place].bits = 0
    return bits
  }
  package var elementCount: Int { elements.count }
  mutating func dropElements(from start: Int) { elements.removeLast(elements.count - start) }

  @inline(__always) package func element(_ index: Int, of list: Value) -> Value {
    elements[list.start + index]
  }

  package mutating func makeList(_ values: [Value]) -> Value {
    let start = elements.count
    elements.append(contentsOf: values)
    return list(from: start)
  }

  // MARK: Maps

  @inline(__always) package func key(_ index: Int, of map: Value) -> Value {
    elements[map.start + 2 * index]
  }
  @inline(__always) package func value(_ index: Int, of map: Value) -> Value {
    elements[map.start + 2 * index + 1]
  }

  /// Room for the header of a map whose entries will be appended next; pass the result to
  /// `map(from:)`.
  package mutating func beginMap() -> Int {
    elements.append(.null)
    return elements.count
  }

  /// Room for so many elements that are filled in again and again.
  mutating func reserve(_ count: Int) {
    elements.append(contentsOf: repeatElement(.int(0), count: count))
  }

  /// A list of elements that stand one after the other.
  @inline(__always) static func list(at start: Int, count: Int) -> Value {
    Value(.list, aux: UInt32(truncatingIfNeeded: count), bits: UInt64(truncatingIfNeeded: start))
  }

  /// A map of few entries that stand one after the other.
  @inline(__always) static func map(at start: Int, count: Int) -> Value {
    Value(.map, aux: UInt32(truncatingIfNeeded: count), bits: UInt64(truncatingIfNeeded: start))
  }

  /// A map of the keys and values that were appended in turn since `beginMap`; nil when two keys
  /// are equal.
  package mutating func map(from start: Int) -> Value? {
    let count = (elements.count - start) / 2
    var map = Value(.map, aux: UInt32(count), bits: UInt64(start))
    if count <= Limits.linearMapEntries {
      for index in 0..<count where find(key: key(index, of: map), in: map, before: index) != nil {
        return nil
      }
      return map
    }
    guard buildIndex(of: map) else { return nil }
    map.flags = 1
    return map
  }

  /// A map of the keys and values that were appended in turn since `beginMap`, by somebody who knows
  /// that no two keys are equal.
  @inline(__always) package mutating func map(unique start: Int) -> Value {
    let count = (elements.count - start) / 2
    if count <= Limits.linearMapEntries {
      return Value(.map, aux: UInt32(count), bits: UInt64(start))
    }
    return map(from: start) ?? .failure(.duplicateKey)
  }

  /// Builds the hash index of a large map and leaves its place in the header; false when two keys
  /// are equal.
  private mutating func buildIndex(of map: Value) -> Bool {
    var elements: [Value] = []
    swap(&elements, &self.elements)
    defer { swap(&elements, &self.elements) }
    var span = elements.mutableSpan
    return buildIndex(of: map, in: &span)
  }

  /// The same for one that stands among elements which the memory has lent.
  mutating func buildIndex(of map: Value, in elements: inout MutableSpan<Value>) -> Bool {
    var capacity = 16
    while capacity < map.count * 2 { capacity *= 2 }
    let base = mapSlots.count
    mapSlots.append(contentsOf: repeatElement(0, count: capacity))
    elements[map.start - 1] = Value(.int, aux: UInt32(capacity - 1), bits: UInt64(base))
    for index in 0..<map.count {
      guard let canonical = Self.canonicalKey(elements[map.start + 2 * index]) else { return false }
      var slot = hash(canonical) & (capacity - 1)
      while mapSlots[base + slot] != 0 {
        let other = Int(mapSlots[base + slot]) - 1
        if let known = Self.canonicalKey(elements[map.start + 2 * other]), known.isSame(canonical) {
          return false
        }
        slot = (slot + 1) & (capacity - 1)
      }
      mapSlots[base + slot] = UInt32(index) + 1
    }
    return true
  }

  /// The place of the entry whose key is numerically or textually equal to `key`.
  @inline(__always) package func find(key: Value, in map: Value) -> Int? {
    if key.tag == .string, map.flags == 0 {
      var place = map.start
      let end = place + 2 * map.count
      while place < end {
        let candidate = elements[place]
        if candidate.bits == key.bits, candidate.tag == .string {
          return (place - map.start) / 2
        }
        place += 2
      }
      return nil
    }
    return findAny(key: key, in: map)
  }

  /// What stands at a path of names, which are a part of `names`; nil where there is no map or no
  /// such name in it.
  package func follow(_ names: [TextID], _ part: Range<Int>, from start: Value) -> Value? {
    var value = start
    for index in part {
      guard value.tag == .map, let place = find(key: .string(names[index]), in: value) else {
        return nil
      }
      value = elements[value.start + 2 * place + 1]
    }
    return value
  }

  @inline(never) private func findAny(key: Value, in map: Value) -> Int? {
    guard map.flags & 1 == 1 else { return find(key: key, in: map, before: map.count) }
    guard let canonical = Self.canonicalKey(key) else { return nil }
    let header = elements[map.start - 1]
    let base = header.start
    let mask = header.count
    var slot = hash(canonical) & mask
    while mapSlots[base + slot] != 0 {
      let index = Int(mapSlots[base + slot]) - 1
      if let known = Self.canonicalKey(self.key(index, of: map)), known.isSame(canonical) {
        return index
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private func find(key: Value, in map: Value, before end: Int) -> Int? {
    guard let canonical = Self.canonicalKey(key) else { return nil }
    for index in 0..<end {
      if let known = Self.canonicalKey(self.key(index, of: map)), known.isSame(canonical) {
        return index
      }
    }
    return nil
  }

  /// One form for all keys that CEL calls equal: whole numbers of any type become int (or uint
  /// beyond it). Nil for what can't be a key. A look-up, unlike a comparison, must not lose digits.
  static func canonicalKey(_ key: Value) -> Value? {
    switch key.tag {
    case .string, .bool, .int: return key
    case .uint:
      return key.bits <= UInt64(Int64.max) ? Value(.int, bits: key.bits) : key
    case .double:
      if let int = NumberComparison.exactInt64(key.double) { return .int(int) }
      if let uint = NumberComparison.exactUInt64(key.double) { return .uint(uint) }
      return nil
    default: return nil
    }
  }

  private func hash(_ canonical: Value) -> Int {
    let mixed = Self.mix(canonical.bits ^ hashSeed ^ UInt64(canonical.tag.rawValue))
    return Int(truncatingIfNeeded: mixed & 0xffff_ffff)
  }

  // MARK: Optionals

  /// An optional that holds a value.
  mutating func some(_ value: Value) -> Value {
    elements.append(value)
    return Value(.optional, aux: 1, bits: UInt64(elements.count - 1))
  }
  func wrapped(_ optional: Value) -> Value? {
    optional.aux == 0 ? nil : elements[optional.start]
  }
}
