/// Every distinct set of actions that rules, privileges and roles speak of, by number; finds the
/// ones that hold an action.
///
/// Most sets name actions exactly and are found by hash. The others are tried pattern by pattern,
/// each distinct pattern once.
struct ActionSetTable: Sendable {
  private(set) var sets: [ActionSet] = []
  private var numbers: [ActionSet: Int32] = [:]
  private var exact: [[UInt8]: [Int32]] = [:]
  private var wildcards: [(pattern: ActionPattern, sets: [Int32])] = []
  private var wildcardIndex: [ActionPattern: Int] = [:]

  /// The set of every action.
  static let everything = ActionSet(patterns: [ActionPattern("*")].compactMap { $0 })

  /// The number of a set, which is added if it is new.
  mutating func add(_ set: ActionSet) -> Int32 {
    if let known = numbers[set] { return known }
    let number = Int32(sets.count)
    sets.append(set)
    numbers[set] = number
    for pattern in Set(set.patterns) {
      if pattern.isExact {
        exact[pattern.text, default: []].append(number)
      } else if let index = wildcardIndex[pattern] {
        wildcards[index].sets.append(number)
      } else {
        wildcardIndex[pattern] = wildcards.count
        wildcards.append((pattern, [number]))
      }
    }
    return number
  }

  /// The sets that hold an action, in the order of their numbers.
  func matching(_ action: [UInt8]) -> [Int32] {
    var found = exact[action] ?? []
    for (pattern, sets) in wildcards where pattern.matches(action) { found += sets }
    let unique = Set(found).filter { number in
      !sets[Int(number)].exceptions.contains { $0.matches(action) }
    }
    return unique.sorted()
  }
}
