/// A deterministic automaton that is built while it is used.
///
/// States are numbered sets of ``RegexSimulation``; a cell of `rows` is the state that a symbol
/// leads to, or -1 while nobody has asked. It is bounded: when it is full the caller decides
/// whether to start afresh.
struct RegexAutomaton: Sendable {
  /// No match is possible any more.
  static let dead = 0
  /// The text read so far contains a match.
  static let accepted = 1

  private let program: RegexProgram
  private(set) var simulation: RegexSimulation
  /// One row per state: every symbol, then the end of the text.
  private(set) var rows: [Int32] = []
  let stride: Int
  /// States numbered so far, `dead` and `accepted` included.
  private(set) var stateCount = 0
  private(set) var start = 0

  /// Work of making states, and what of all work has been asked for.
  private var making = 0
  private var taken = 0

  /// The members of each state, preceded by the context it waits in.
  private var members: [Int32] = []
  private var memberStarts: [Int] = []
  /// An open-addressed hash table of states.
  private var buckets: [Int32] = []

  init(_ program: RegexProgram) {
    self.program = program
    simulation = RegexSimulation(program)
    stride = program.alphabet.count + 1
    reset()
    start = begin()
  }

  /// Work done since this was last asked: instructions looked at, and cells of new states.
  mutating func takeWork() -> Int {
    let all = simulation.work + making
    defer { taken = all }
    return all - taken
  }

  private mutating func begin() -> Int {
    if simulation.begin(after: .edge) { return RegexAutomaton.accepted }
    return intern() ?? RegexAutomaton.dead
  }

  /// Forgets all states but the two fixed ones.
  private mutating func reset() {
    rows.removeAll(keepingCapacity: true)
    for state in [RegexAutomaton.dead, RegexAutomaton.accepted] {
      for _ in 0..<stride { rows.append(Int32(state)) }
    }
    members = [0, 0]
    memberStarts = [0, 1, 2]
    stateCount = 2
    buckets = [Int32](repeating: -1, count: 64)
  }

  /// Starts afresh with the start state and the given one, whose new number is the result.
  mutating func reset(keeping state: Int) -> Int {
    load(state)
    let saved = simulation
    reset()
    start = begin()
    making += simulation.work - saved.work
    simulation = saved
    return state < 2 ? state : intern() ?? RegexAutomaton.dead
  }

  /// The state after one more symbol, or nil when there is no room for it.
  mutating func successor(of state: Int, on symbol: Int) -> Int? {
    let cell = state * stride + symbol
    if rows[cell] >= 0 { return Int(rows[cell]) }
    load(state)
    var next = RegexAutomaton.accepted
    if !simulation.advance(symbol) {
      if symbol == program.alphabet.count {
        next = RegexAutomaton.dead
      } else {
        guard let number = intern() else { return nil }
        next = number
      }
    }
    rows[cell] = Int32(truncatingIfNeeded: next)
    return next
  }

  /// Puts the set behind a state into the simulation.
  mutating func load(_ state: Int) {
    let range = memberStarts[state]..<memberStarts[state + 1]
    let header = members[range.lowerBound]
    simulation.restore(
      members[range.dropFirst()],
      before: RegexContext(rawValue: UInt8(truncatingIfNeeded: header & 7)), waits: header != 0)
  }

  /// Takes one symbol without remembering where it led; true on a match.
  mutating func advanceUncached(_ symbol: Int) -> Bool {
    simulation.advance(symbol)
  }

  /// The number of the simulation's set, a new one if need be; nil when there is no room.
  private mutating func intern() -> Int? {
    if simulation.isDead { return RegexAutomaton.dead }
    simulation.sortCurrent()
    let header = simulation.hasWaitingAssertion ? Int32(simulation.before.rawValue) | 8 : 0
    let mask = buckets.count - 1
    var bucket = hash(header, simulation.current[...]) & mask
    while buckets[bucket] >= 0 {
      let state = Int(buckets[bucket])
      if isCurrent(state, header: header) { return state }
      bucket = (bucket + 1) & mask
    }
    // Two states beyond the fixed ones must always fit: the start and the one to go on from.
    let isFull =
      rows.count + stride > RegexLimits.cacheCells
      || members.count + simulation.current.count > RegexLimits.cacheMembers
    if isFull, stateCount >= 8 { return nil }
    buckets[bucket] = Int32(truncatingIfNeeded: stateCount)
    members.append(header)
    members += simulation.current
    memberStarts.append(members.count)
    for _ in 0..<stride { rows.append(-1) }
    stateCount += 1
    making += 4 + stride / 8 + simulation.current.count
    if stateCount * 2 > buckets.count { growBuckets() }
    return stateCount - 1
  }

  private func hash(_ header: Int32, _ members: ArraySlice<Int32>) -> Int {
    var hash = UInt64(truncatingIfNeeded: header)
    for member in members {
      hash = (hash ^ UInt64(truncatingIfNeeded: member)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return Int(truncatingIfNeeded: hash >> 20)
  }

  private func isCurrent(_ state: Int, header: Int32) -> Bool {
    let range = memberStarts[state]..<memberStarts[state + 1]
    return range.count == simulation.current.count + 1 && members[range.lowerBound] == header
      && members[range.dropFirst()].elementsEqual(simulation.current)
  }

  private mutating func growBuckets() {
    let old = buckets
    buckets = [Int32](repeating: -1, count: old.count * 4)
    let mask = buckets.count - 1
    for state in 2..<stateCount {
      let range = memberStarts[state]..<memberStarts[state + 1]
      var bucket = hash(members[range.lowerBound], members[range.dropFirst()]) & mask
      while buckets[bucket] >= 0 { bucket = (bucket + 1) & mask }
      buckets[bucket] = Int32(truncatingIfNeeded: state)
    }
  }
}
