/// A small automaton built in full: one flat array, no state of its own, nothing to allocate.
///
/// Cells hold the offset of the next row, so a step is one addition and one load. The first 256
/// cells map a byte to its column. If all characters outside ASCII are one symbol, lead bytes get
/// its column and continuation bytes one that stays in the same state: nothing is ever decoded.
struct RegexTable: Sendable {
  private let cells: [UInt16]
  private let start: Int
  /// The offset of the row that accepts; the dead row lies before it, all others after it.
  private let accepted: Int
  private let endColumn: Int
  /// Nil if every byte has its column.
  private let alphabet: RegexAlphabet?
  private let isReversed: Bool

  /// Nil if the automaton has too many states to be built in advance.
  init?(_ program: RegexProgram, isReversed: Bool) {
    let symbolCount = program.alphabet.count
    let stride = symbolCount + 2
    guard 4 * stride + 256 <= RegexLimits.fullTableCells else { return nil }
    var automaton = RegexAutomaton(program)
    var state = 2
    while state < automaton.stateCount {
      for symbol in 0...symbolCount {
        guard automaton.successor(of: state, on: symbol) != nil,
          automaton.stateCount * stride + 256 <= RegexLimits.fullTableCells,
          automaton.simulation.work <= RegexLimits.fullTableWork
        else { return nil }
      }
      state += 1
    }
    var cells = [UInt16](repeating: 0, count: 256)
    for byte in 0..<256 {
      let column =
        byte < 0x80
        ? Int(program.alphabet.ascii[byte])
        : byte < 0xC0 ? symbolCount + 1 : Int(program.alphabet.uniformSymbol ?? 0)
      cells[byte] = UInt16(truncatingIfNeeded: column)
    }
    let offset = { (state: Int) in UInt16(truncatingIfNeeded: 256 + state * stride) }
    for state in 0..<automaton.stateCount {
      for symbol in 0...symbolCount {
        cells.append(offset(Int(automaton.rows[state * automaton.stride + symbol])))
      }
      cells.append(offset(state))
    }
    self.cells = cells
    self.isReversed = isReversed
    start = Int(offset(automaton.start))
    accepted = Int(offset(RegexAutomaton.accepted))
    endColumn = symbolCount
    alphabet = program.alphabet.uniformSymbol == nil ? program.alphabet : nil
  }

  /// Whether any part of the text matches.
  func matches(_ text: [UInt8], in range: Range<Int>) -> Bool {
    if start <= accepted { return start == accepted }
    if let alphabet { return matches(text, in: range, alphabet) }
    let text = text.span
    let cells = cells.span
    var state = start
    if isReversed {
      var index = range.upperBound
      while index > range.lowerBound {
        index &-= 1
        state = Int(cells[state &+ Int(cells[Int(text[index])])])
        if state <= accepted { return state == accepted }
      }
    } else {
      var index = range.lowerBound
      while index < range.upperBound {
        state = Int(cells[state &+ Int(cells[Int(text[index])])])
        if state <= accepted { return state == accepted }
        index &+= 1
      }
    }
    return Int(cells[state &+ endColumn]) == accepted
  }

  private func matches(_ text: [UInt8], in range: Range<Int>, _ alphabet: RegexAlphabet) -> Bool {
    let text = text.span
    let cells = cells.span
    var state = start
    var cursor = RegexCursor(range, isReversed: isReversed)
    while let symbol = cursor.next(text, alphabet) {
      state = Int(cells[state &+ symbol])
      if state <= accepted { return state == accepted }
    }
    return Int(cells[state &+ endColumn]) == accepted
  }
}
