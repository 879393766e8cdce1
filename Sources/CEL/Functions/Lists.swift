/// The `lists` library.
extension Memory {
  mutating func callLists(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    let first = arguments.first
    if builtin == .range { return range(first) }
    guard first.tag == .list else { return .noOverload(first) }
    switch builtin {
    case .distinct: return distinct(first)
    case .flatten: return flatten(arguments)
    case .slice: return slice(arguments)
    case .sort: return sort(first, by: first)
    default: return .failure(.noSuchFunction)
    }
  }

  /// The whole numbers from 0 up to, but without, `size`.
  private mutating func range(_ size: Value) -> Value {
    guard size.tag == .int else { return .noOverload(size) }
    guard size.int >= 0 else { return invalid("a range can't have a negative size") }
    guard size.int <= Int64(Limits.evaluationElements), afford(elements: Int(size.int)) else {
      return exhausted
    }
    let start = elementCount
    for number in 0..<size.int { append(.int(number)) }
    return list(from: start)
  }

  mutating func reverse(list: Value) -> Value {
    guard afford(elements: list.count) else { return exhausted }
    let start = elementCount
    for index in 0..<list.count { append(element(list.count - 1 - index, of: list)) }
    return self.list(from: start)
  }

  /// A part of a list is a view of it: nothing is copied.
  private mutating func slice(_ arguments: Arguments) -> Value {
    let (list, from, to) = (arguments.first, arguments.second, arguments.third)
    guard from.tag == .int, to.tag == .int else { return .noOverload(from, to) }
    guard from.int >= 0, to.int >= 0 else { return invalid("a slice can't have negative bounds") }
    guard from.int <= to.int else { return invalid("a slice can't end before it begins") }
    guard to.int <= Int64(list.count) else { return .failure(.indexOutOfRange) }
    return Value(
      .list, aux: UInt32(truncatingIfNeeded: to.int - from.int),
      bits: UInt64(list.start) + UInt64(from.int))
  }

  // MARK: Flatten

  private mutating func flatten(_ arguments: Arguments) -> Value {
    let (list, depth) = (arguments.first, arguments.second)
    guard arguments.count == 1 || depth.tag == .int else { return .noOverload(list, depth) }
    let levels = arguments.count == 1 ? 1 : depth.int
    guard levels >= 0 else { return invalid("a list can't be flattened by a negative depth") }
    // The parts of one list may lie apart, so the result is gathered first.
    var flat: [Value] = []
    if let error = flatten(list, min(levels, 1_000), &flat) { return error }
    guard afford(elements: flat.count) else { return exhausted }
    return makeList(flat)
  }

  private mutating func flatten(_ list: Value, _ levels: Int64, _ flat: inout [Value]) -> Value? {
    guard pay(1 + list.count), flat.count + list.count <= Limits.evaluationElements else {
      return exhausted
    }
    for index in 0..<list.count {
      let element = element(index, of: list)
      if element.tag == .list, levels > 0 {
        if let error = flatten(element, levels - 1, &flat) { return error }
      } else {
        flat.append(element)
      }
    }
    return nil
  }

  // MARK: Distinct

  /// Lists up to this length are compared element by element, which takes no room of its own.
  private static let linearDistinct = 24

  /// Each element the first time it comes. The new list grows in place, so that a short list costs
  /// no allocation.
  private mutating func distinct(_ list: Value) -> Value {
    guard pay(list.count), hasRoom(octets: 0, elements: list.count) else { return exhausted }
    let start = elementCount
    // Integers and texts that are equal have the same bits: those that were met are looked up.
    var met: Set<ScalarKey> = []
    let isLinear = list.count <= Self.linearDistinct
    var others = false
    for index in 0..<list.count {
      let value = element(index, of: list)
      let isNew: Bool
      if !others, let key = ScalarKey(value) {
        isNew = isLinear ? !holdsSame(value, since: start) : met.insert(key).inserted
      } else {
        others = true
        guard let found = holdsEqual(value, since: start) else {
          return abandon(start, .failure(.budgetExceeded))
        }
        isNew = !found
      }
      if isNew { append(value) }
    }
    return fuel < 0 ? abandon(start, .failure(.budgetExceeded)) : self.list(from: start)
  }

  /// Whether one of the last elements has the same bits. Mutating, as `place(of:in:)` is.
  private mutating func holdsSame(_ value: Value, since start: Int) -> Bool {
    for place in start..<elementCount
    where elements[place].bits == value.bits && elements[place].tag == value.tag { return true }
    return false
  }

  /// Whether one of the last elements is equal; nil when the budget is spent.
  private mutating func holdsEqual(_ value: Value, since start: Int) -> Bool? {
    for place in start..<elementCount {
      guard pay(1) else { return nil }
      if equal(elements[place], value) { return true }
    }
    return false
  }

  // MARK: Sort

  /// A list in the order of a list of keys, which must all be of one type that has an order.
  /// Elements with equal keys stay in their order; NaN comes last.
  mutating func sort(_ list: Value, by keys: Value) -> Value {
    if keys.isError { return keys }
    guard list.tag == .list, keys.tag == .list, list.count == keys.count else {
      return .noOverload(list, keys)
    }
    guard list.count > 0 else { return list }
    let type = element(0, of: keys).tag
    guard Self.isOrdered(type) else { return invalid("\(type) has no order to sort by") }
    guard afford(elements: list.count) else { return exhausted }
    for index in 0..<keys.count where element(index, of: keys).tag != type {
      return invalid("what is sorted by must be of one type")
    }
    var places = Array(0..<list.count)
    places.sort { left, right in
      // Without budget the order no longer matters, but the sorting must still end soon.
      guard pay(1) else { return left < right }
      let (first, second) = (element(left, of: keys), element(right, of: keys))
      switch compare(first, second) {
      case .less: return true
      case .greater: return false
      case .unordered where first.double.isNaN != second.double.isNaN: return second.double.isNaN
      default: return left < right
      }
    }
    guard fuel >= 0 else { return .failure(.budgetExceeded) }
    let start = elementCount
    for place in places { append(element(place, of: list)) }
    return self.list(from: start)
  }

  private static func isOrdered(_ tag: Value.Tag) -> Bool {
    switch tag {
    case .bool, .int, .uint, .double, .string, .bytes, .duration, .timestamp: true
    default: false
    }
  }
}

/// A value whose bits say all that equality asks.
private struct ScalarKey: Hashable {
  private var tag: UInt8
  private var bits: UInt64

  init?(_ value: Value) {
    switch value.tag {
    case .string, .bool, .int, .bytes, .duration, .null:
      tag = value.tag.rawValue
      bits = value.bits
    default: return nil
    }
  }
}
