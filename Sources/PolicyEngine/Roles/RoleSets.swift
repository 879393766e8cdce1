import CEL

/// Distinct sets of roles that subjects turned out to hold, each with the action sets that it
/// grants as bits: worked out once, found again by everything that they depend on.
///
/// A key is the whole of what decides which roles a subject holds (`RoleResolver.key`), compared
/// element by element: two subjects share a set only if nothing tells them apart.
struct RoleSets: Sendable {
  /// The role sets that are kept; the number of one that is not remembered any more means nothing.
  private struct Entry: BitwiseCopyable {
    var hash: UInt32
    var keyStart, keyCount: Int32
    var roleStart, roleCount: Int32
  }
  private var entries: [Entry] = []
  private var keys: [UInt32] = []
  private var roles: [Int32] = []
  /// `words` for each entry.
  private var bits: [UInt64] = []
  private var slots = [UInt32](repeating: 0, count: 64)
  private let words: Int

  /// For action sets with numbers below this.
  init(actionSets: Int) { words = (actionSets + 63) / 64 }

  /// How many sets are remembered.
  var count: Int { entries.count }

  /// What it holds, in machine words or less.
  var size: Int { keys.count + roles.count + bits.count }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    roles.removeAll(keepingCapacity: true)
    bits.removeAll(keepingCapacity: true)
    for slot in slots.indices { slots[slot] = 0 }
  }

  private static func hash(_ key: [UInt32]) -> UInt32 {
    var state: UInt64 = UInt64(truncatingIfNeeded: key.count)
    for word in key {
      let product = (state ^ UInt64(word)).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
      state = (product.high ^ product.low) &+ 0xa076_1d64_78bd_642f
    }
    return UInt32(truncatingIfNeeded: state ^ state >> 32)
  }

  /// The number of the set with this key.
  func find(_ key: [UInt32]) -> Int? {
    let hash = Self.hash(key)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if entries[number].hash == hash, isKey(key, of: number) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func isKey(_ key: [UInt32], of number: Int) -> Bool {
    let entry = entries[number]
    guard Int(entry.keyCount) == key.count else { return false }
    for place in key.indices where keys[Int(entry.keyStart) + place] != key[place] { return false }
    return true
  }

  /// Remembers the roles behind a key that is not known yet; gives the number of the set.
  mutating func add(_ key: [UInt32], _ held: [Int], _ table: RoleTable) -> Int {
    let number = add(key, roles: held.count)
    let base = number * words
    for role in held {
      roles.append(Int32(role))
      for set in table.roles[role].sets { bits[base + Int(set) >> 6] |= 1 << UInt64(set & 63) }
    }
    return number
  }

  /// Takes a set over from others of the same shape.
  mutating func add(_ key: [UInt32], copying other: RoleSets, _ theirs: Int) -> Int {
    let number = add(key, roles: other.roleCount(of: theirs))
    roles += other.roles(of: theirs)
    for word in 0..<words { bits[number * words + word] = other.bits[theirs * words + word] }
    return number
  }

  /// Adds an entry whose roles come next.
  private mutating func add(_ key: [UInt32], roles count: Int) -> Int {
    let number = entries.count
    entries.append(
      Entry(
        hash: Self.hash(key), keyStart: Int32(keys.count), keyCount: Int32(key.count),
        roleStart: Int32(roles.count), roleCount: Int32(count)))
    keys += key
    bits.append(contentsOf: repeatElement(0, count: words))
    if entries.count * 2 > slots.count {
      slots = [UInt32](repeating: 0, count: slots.count * 4)
      for number in entries.indices { place(number) }
    } else {
      place(number)
    }
    return number
  }

  private mutating func place(_ number: Int) {
    var slot = Int(entries[number].hash) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt32(number) + 1
  }

  /// The roles of a set, by name.
  func roles(of number: Int) -> ArraySlice<Int32> {
    let entry = entries[number]
    return roles[Int(entry.roleStart)..<Int(entry.roleStart + entry.roleCount)]
  }
  func roleCount(of number: Int) -> Int { Int(entries[number].roleCount) }
  @inline(__always) func role(_ place: Int, of number: Int) -> Int {
    Int(roles[Int(entries[number].roleStart) + place])
  }

  /// Whether a role of the set grants an action.
  @inline(__always)
  func grants(
    _ number: Int, _ action: ActionMemory.Place, _ actions: borrowing ActionMemory,
    _ index: RuleIndex
  ) -> Bool {
    let base = number * words
    let entry = action.entry
    for place in Int(entry.setStart)..<Int(entry.setStart + entry.setCount) {
      let set = Int(actions.number(at: place, of: action, index))
      // Ascending: what comes now is rules' alone.
      guard set < index.roleSets else { return false }
      if bits[base + set >> 6] & (1 << UInt64(set & 63)) != 0 { return true }
    }
    return false
  }
}
