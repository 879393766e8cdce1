/// Looking for many values in one list: the list of a loop that does not change.
///
/// The state of the search is a value of its own, in the register behind the list's: nothing yet,
/// then how often it was searched, then where its hash index lies, or that it can have none.
extension Memory {
  /// Lists up to this length are searched as fast without an index.
  private static let linearSearch = 12
  /// The same for lists that are searched for texts: comparing ids goes fast.
  static let linearTextSearch = 96
  /// Searches after which an index is built: it costs about as much as two of them.
  private static let searchesBefore = 2

  /// Whether the list (or map) has an element (a key): by `in`, or as `list.exists(y, y == element)`
  /// has it, which compares the keys of maps and over nothing asks for nothing.
  @inline(never) mutating func keptMembership(
    _ element: Value, _ list: Value, _ state: inout Value, comparing: Bool
  ) -> Value {
    if list.tag == .list, !element.isError {
      return state.tag == .list
        ? .bool(find(element, in: list, index: state)) : membership(element, list, counting: &state)
    }
    return comparing ? comparison(element, list) : membership(element, list)
  }

  /// `list.exists(y, y == element)`.
  @inline(never) mutating func comparison(_ element: Value, _ list: Value) -> Value {
    switch list.tag {
    case .list where !element.isError: return membership(element, list)
    case .list, .map: break
    default: return list.isError ? list : .noOverload(list)
    }
    guard list.count > 0 else { return .false }
    if element.isError { return element }
    for index in 0..<list.count {
      guard pay(1) else { return .failure(.budgetExceeded) }
      if equal(key(index, of: list), element) { return .true }
    }
    return .false
  }

  @inline(never) private mutating func membership(
    _ element: Value, _ list: Value, counting state: inout Value
  ) -> Value {
    let shortest = element.tag == .string ? Self.linearTextSearch : Self.linearSearch
    guard list.count > shortest, state.tag != .null else {
      return membership(element, list)
    }
    let searches = state.tag == .int ? state.int : 0
    state = .int(searches + 1)
    guard searches >= Self.searchesBefore else { return membership(element, list) }
    guard pay(2 * list.count) else { return .failure(.budgetExceeded) }
    guard let index = searchIndex(of: list) else {
      state = .null
      return membership(element, list)
    }
    state = index
    return .bool(find(element, in: list, index: index))
  }

  /// A hash index of a list of texts, bools and integers; nil for other lists.
  ///
  /// As for constant lists, integers that no double holds exactly have none.
  private mutating func searchIndex(of list: Value) -> Value? {
    for place in 0..<list.count {
      let element = element(place, of: list)
      switch element.tag {
      case .string, .bool: break
      case .int where element.int.magnitude <= 1 << 53: break
      default: return nil
      }
    }
    var capacity = 32
    while capacity < list.count * 2 { capacity *= 2 }
    let base = mapSlots.count
    mapSlots.append(contentsOf: repeatElement(0, count: capacity))
    for place in 0..<list.count {
      let element = element(place, of: list)
      var slot = searchHash(element) & (capacity - 1)
      var isNew = true
      while isNew, mapSlots[base + slot] != 0 {
        isNew = !self.element(Int(mapSlots[base + slot]) - 1, of: list).isSame(element)
        slot = (slot + 1) & (capacity - 1)
      }
      if isNew { mapSlots[base + slot] = UInt32(place) + 1 }
    }
    return Value(.list, aux: UInt32(capacity - 1), bits: UInt64(base))
  }

  private func searchHash(_ element: Value) -> Int {
    let mixed = Self.mix(element.bits ^ hashSeed ^ UInt64(element.tag.rawValue) << 56)
    return Int(truncatingIfNeeded: mixed & 0xffff_ffff)
  }

  private mutating func find(_ element: Value, in list: Value, index: Value) -> Bool {
    _ = pay(1)
    var sought = element
    if element.tag != .string {
      guard let canonical = Self.canonicalKey(element) else { return false }
      sought = canonical
    }
    let (base, mask) = (index.start, index.count)
    var slot = searchHash(sought) & mask
    while mapSlots[base + slot] != 0 {
      if self.element(Int(mapSlots[base + slot]) - 1, of: list).isSame(sought) { return true }
      slot = (slot + 1) & mask
    }
    return false
  }
}
