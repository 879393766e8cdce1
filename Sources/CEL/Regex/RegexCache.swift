/// The automaton of one regex between its matches, grown on demand.
///
/// For patterns such as `(a|b)*a(a|b){60}c`, whose full automaton has 2^60 states, of which a text
/// visits no more than one per character.
struct RegexCache: Sendable {
  private var automaton: RegexAutomaton
  let program: RegexProgram
  /// Bytes read since the automaton was last started afresh.
  private var bytesRead = 0
  private var isExhausted = false

  init(_ program: RegexProgram) {
    self.program = program
    automaton = RegexAutomaton(program)
  }

  /// Whether any part of the text matches; false also when the allowance is used up.
  mutating func matches(
    _ text: [UInt8], in range: Range<Int>, isReversed: Bool, _ allowance: inout Int
  ) -> Bool {
    defer { allowance -= automaton.takeWork() }
    if isExhausted {
      automaton = RegexAutomaton(program)
      bytesRead = 0
      isExhausted = false
    }
    let text = text.span
    var cursor = RegexCursor(range, isReversed: isReversed)
    var state = automaton.start
    var counted = 0
    while state > RegexAutomaton.accepted {
      let symbol = cursor.next(text, program.alphabet) ?? program.alphabet.count
      let known = Int(automaton.rows[state &* automaton.stride &+ symbol])
      if known >= 0 {
        state = known
        continue
      }
      bytesRead += cursor.distance - counted
      counted = cursor.distance
      guard let next = successor(of: state, on: symbol) else {
        return finishUncached(text, &cursor, from: state, on: symbol, &allowance)
      }
      allowance -= automaton.takeWork()
      if allowance < 0 { return false }
      state = next
    }
    bytesRead += cursor.distance - counted
    return state == RegexAutomaton.accepted
  }

  /// The next state; nil when the automaton is full and did not pay, so that the rest of this text
  /// is better read without it.
  private mutating func successor(of state: Int, on symbol: Int) -> Int? {
    if let next = automaton.successor(of: state, on: symbol) { return next }
    if bytesRead < automaton.stateCount * RegexLimits.cacheReuse {
      isExhausted = true
      return nil
    }
    bytesRead = 0
    let kept = automaton.reset(keeping: state)
    return automaton.successor(of: kept, on: symbol)
  }

  private mutating func finishUncached(
    _ text: borrowing Span<UInt8>, _ cursor: inout RegexCursor, from state: Int, on first: Int,
    _ allowance: inout Int
  ) -> Bool {
    automaton.load(state)
    if automaton.advanceUncached(first) { return true }
    if first == program.alphabet.count { return false }
    while let symbol = cursor.next(text, program.alphabet) {
      if automaton.advanceUncached(symbol) { return true }
      if automaton.simulation.isDead { return false }
      allowance -= automaton.takeWork()
      if allowance < 0 { return false }
    }
    return automaton.advanceUncached(program.alphabet.count)
  }
}
