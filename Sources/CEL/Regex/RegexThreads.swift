/// Finds the leftmost-first match and its captures: Pike's machine.
///
/// All alternatives advance together through the text, in order of preference and at most one per
/// instruction, so the time is at most text times program. Each thread carries its own captures.
struct RegexThreads: Sendable {
  /// A thread waiting at an instruction, and which row of `slots` holds its captures.
  private struct Thread {
    var instruction: Int32
    var row: Int32
  }

  /// Work left in following the instructions that take no character: go to `target`, or once all
  /// that came of a `save` is done, put back what its slot held.
  private struct Pending {
    var target: Int32
    var restoredSlot: Int32
    var value: Int
  }

  /// A position in the text as assertions see it.
  private struct Place {
    var index: Int
    var before: RegexContext
    var after: RegexContext
  }

  let program: RegexProgram
  /// Whether a match can start with each symbol, the last one being the end of the text.
  private let startSymbols: [Bool]
  private var current: [Thread] = []
  private var following: [Thread] = []
  private var marks: [UInt32]
  private var generation: UInt32 = 0
  private var pending: [Pending] = []

  /// Which capture slots this run records; the others are left to another run.
  private var window = 0..<0
  private var working: [Int] = []
  private var best: [Int] = []
  private var slots: [Int] = []
  private var freeRows: [Int32] = []
  /// Threads moved and instructions looked at since the last character.
  private var work = 0

  init(_ program: RegexProgram) {
    self.program = program
    marks = [UInt32](repeating: 0, count: program.instructions.count)
    startSymbols = program.startSymbols()
  }

  /// The spans of the match and its groups; a match may start at `from` but sees what precedes it.
  ///
  /// With many groups the span is found first, and the groups with it known where the match starts:
  /// carrying them along from every possible start would take text times program times groups.
  ///
  /// Nil also when the allowance is used up.
  mutating func firstMatch(
    _ text: [UInt8], in range: Range<Int>, from start: Int, _ allowance: inout Int
  ) -> [Range<Int>?]? {
    let isSmall = program.slotCount <= RegexLimits.captureSlotsAtOnce
    window = 0..<(isSmall ? program.slotCount : 2)
    guard run(text, in: range, from: start, isSearch: true, &allowance) else { return nil }
    if isSmall { return spans() }
    let matchStart = best[0]
    let width = max(2, RegexLimits.captureCells / (2 * program.restingCount + 2) / 2 * 2)
    var result: [Range<Int>?] = []
    // Every run makes the same choices, so their captures belong to the same match.
    for lower in Swift.stride(from: 0, to: program.slotCount, by: width) {
      window = lower..<min(lower + width, program.slotCount)
      guard run(text, in: range, from: matchStart, isSearch: false, &allowance) else { return nil }
      result += spans()
    }
    return result
  }

  /// The captures that the last run recorded.
  private func spans() -> [Range<Int>?] {
    Swift.stride(from: 0, to: best.count, by: 2).map { slot in
      let (begin, end) = (best[slot], best[slot + 1])
      return begin >= 0 && end >= begin ? begin..<end : nil
    }
  }

  /// Runs the program; a search also starts threads after `start`, until one of them has matched.
  private mutating func run(
    _ text: [UInt8], in range: Range<Int>, from start: Int, isSearch: Bool,
    _ allowance: inout Int
  ) -> Bool {
    prepare()
    let text = text.span
    let alphabet = program.alphabet
    var behind = RegexCursor(range.lowerBound..<start, isReversed: true)
    var cursor = RegexCursor(start..<range.upperBound, isReversed: false)
    let preceding = behind.next(text, alphabet) ?? alphabet.count
    var place = Place(index: start, before: alphabet.contexts[preceding], after: [])
    var symbol = cursor.next(text, alphabet) ?? alphabet.count
    place.after = alphabet.contexts[symbol]
    var hasMatch = false
    while true {
      if !hasMatch, isSearch || place.index == start, startSymbols[symbol] { begin(at: place) }
      if current.isEmpty, hasMatch || !isSearch || program.isAnchored { break }
      let isAtEnd = symbol == alphabet.count
      let nextIndex = cursor.index
      let nextSymbol = isAtEnd ? symbol : cursor.next(text, alphabet) ?? alphabet.count
      let nextPlace = Place(
        index: nextIndex, before: place.after, after: alphabet.contexts[nextSymbol])
      if !current.isEmpty { hasMatch = step(at: place, symbol, to: nextPlace) || hasMatch }
      allowance -= 1 + work
      work = 0
      if allowance < 0 { return false }
      if isAtEnd { break }
      place = nextPlace
      symbol = nextSymbol
    }
    return hasMatch
  }

  private mutating func prepare() {
    work = 32 + window.count
    current.removeAll(keepingCapacity: true)
    following.removeAll(keepingCapacity: true)
    freeRows.removeAll(keepingCapacity: true)
    slots.removeAll(keepingCapacity: true)
    working = [Int](repeating: -1, count: window.count)
    best = working
    nextGeneration()
  }

  private mutating func nextGeneration() {
    generation &+= 1
    if generation == 0 {
      for index in marks.indices { marks[index] = 0 }
      generation = 1
    }
  }

  /// Starts the least preferred threads: those of a match that begins here.
  private mutating func begin(at place: Place) {
    // Without threads no step has been taken, and the marks are those of an earlier position.
    if current.isEmpty { nextGeneration() }
    for slot in working.indices { working[slot] = -1 }
    if window.lowerBound == 0 { working[0] = place.index }
    let instructions = program.instructions
    swap(&current, &following)
    enter(program.start, instructions.span, at: place)
    swap(&current, &following)
  }

  /// Moves every thread over one symbol; true if one of them had come to a match, in which case the
  /// threads after it are less preferred and end.
  private mutating func step(at place: Place, _ symbol: Int, to next: Place) -> Bool {
    nextGeneration()
    let (code, table, width) = (program.instructions, program.alphabet.memberships, working.count)
    let instructions = code.span
    let memberships = table.span
    let isAtEnd = symbol == program.alphabet.count
    var hasMatch = false
    work += current.count
    for index in current.indices {
      let thread = current[index]
      let instruction = instructions[Int(thread.instruction)]
      if hasMatch {
        freeRows.append(thread.row)
      } else if instruction.operation == .match {
        for slot in 0..<width { best[slot] = slots[Int(thread.row) &* width &+ slot] }
        if window.lowerBound == 0 { best[1] = place.index }
        hasMatch = true
        freeRows.append(thread.row)
      } else if isAtEnd
        || !program.alphabet.set(Int(instruction.operand), contains: symbol, memberships)
      {
        freeRows.append(thread.row)
      } else if instructions[Int(instruction.next)].operation == .consume {
        // The commonest case: the thread just moves on, with its row.
        if marks[Int(instruction.next)] == generation {
          freeRows.append(thread.row)
        } else {
          marks[Int(instruction.next)] = generation
          following.append(Thread(instruction: instruction.next, row: thread.row))
        }
      } else {
        for slot in 0..<width { working[slot] = slots[Int(thread.row) &* width &+ slot] }
        freeRows.append(thread.row)
        enter(Int(instruction.next), instructions, at: next)
      }
    }
    swap(&current, &following)
    following.removeAll(keepingCapacity: true)
    return hasMatch
  }

  /// Starts threads, in order of preference, at all instructions that `start` leads to.
  private mutating func enter(
    _ start: Int, _ instructions: borrowing Span<RegexInstruction>, at place: Place
  ) {
    goTo(Int32(truncatingIfNeeded: start))
    while let next = pending.popLast() {
      if next.restoredSlot >= 0 {
        working[Int(next.restoredSlot)] = next.value
        continue
      }
      let index = Int(next.target)
      if marks[index] == generation { continue }
      marks[index] = generation
      work += 1
      let instruction = instructions[index]
      switch instruction.operation {
      case .split:
        goTo(instruction.operand)
        goTo(instruction.next)
      case .save:
        save(Int(instruction.operand), place.index)
        goTo(instruction.next)
      case .assert:
        let assertion = RegexAssertion(rawValue: UInt8(truncatingIfNeeded: instruction.operand))
        if assertion?.holds(before: place.before, after: place.after) == true {
          goTo(instruction.next)
        }
      case .consume, .match:
        following.append(Thread(instruction: next.target, row: storeWorking()))
      }
    }
  }

  private mutating func goTo(_ target: Int32) {
    pending.append(Pending(target: target, restoredSlot: -1, value: 0))
  }

  private mutating func save(_ slot: Int, _ index: Int) {
    guard window.contains(slot) else { return }
    let column = slot - window.lowerBound
    pending.append(
      Pending(
        target: 0, restoredSlot: Int32(truncatingIfNeeded: column), value: working[column]))
    working[column] = index
  }

  /// Copies the working captures to a row of their own.
  private mutating func storeWorking() -> Int32 {
    work += working.count >> 2
    if let row = freeRows.popLast() {
      let base = Int(row) * working.count
      for slot in working.indices { slots[base + slot] = working[slot] }
      return row
    }
    slots += working
    return Int32(truncatingIfNeeded: slots.count / working.count - 1)
  }
}
