/// Runs a program on all its alternatives at once, without captures.
///
/// The state is the set of instructions the match may be waiting at: those that consume a
/// character, and assertions that depend on the character to come. It is the step of which the
/// automatons are made, and the fallback where an automaton does not pay.
struct RegexSimulation: Sendable {
  private let program: RegexProgram
  /// Waiting instructions in no particular order.
  private(set) var current: [Int32] = []
  /// What precedes the position. Empty unless an assertion waits: states that do not care must be
  /// equal.
  private(set) var before: RegexContext = []
  private(set) var hasWaitingAssertion = false
  /// Instructions looked at since the beginning, the measure of work.
  private(set) var work = 0

  /// Whether no text that may follow can lead to a match.
  var isDead: Bool { current.isEmpty && !program.hasLineStart }

  private var following: [Int32] = []
  private var stack: [Int32] = []
  private var marks: [UInt32]
  private var generation: UInt32 = 0

  init(_ program: RegexProgram) {
    self.program = program
    marks = [UInt32](repeating: 0, count: program.instructions.count)
  }

  /// Starts where `context` precedes; true if that is a match already.
  mutating func begin(after context: RegexContext) -> Bool {
    clear()
    let code = program.instructions
    return enter(program.start, code.span, after: context) || settle(after: context)
  }

  /// Takes one symbol, or the end of the text; true if the text up to there contains a match.
  mutating func advance(_ symbol: Int) -> Bool {
    let after = program.alphabet.contexts[symbol]
    if hasWaitingAssertion, resolveAssertions(after: after) { return true }
    guard symbol < program.alphabet.count else { return false }
    clear()
    work += current.count
    // A match may also start at the next character: the instruction list is tried again from its
    // start. Where that is impossible (`^`), nothing is added and the set can become empty.
    let (code, table, members) = (program.instructions, program.alphabet.memberships, current)
    let instructions = code.span
    let memberships = table.span
    for member in members {
      let instruction = instructions[Int(member)]
      if instruction.operation == .consume,
        program.alphabet.set(Int(instruction.operand), contains: symbol, memberships),
        enter(Int(instruction.next), instructions, after: after)
      {
        return true
      }
    }
    return enter(program.start, instructions, after: after) || settle(after: after)
  }

  /// Puts the set back to one that was reached earlier.
  mutating func restore(_ members: ArraySlice<Int32>, before: RegexContext, waits: Bool) {
    current.removeAll(keepingCapacity: true)
    current += members
    self.before = before
    hasWaitingAssertion = waits
  }

  mutating func sortCurrent() {
    current.sort()
  }

  private mutating func clear() {
    following.removeAll(keepingCapacity: true)
    hasWaitingAssertion = false
    nextGeneration()
  }

  private mutating func nextGeneration() {
    generation &+= 1
    if generation == 0 {
      for index in marks.indices { marks[index] = 0 }
      generation = 1
    }
  }

  /// Makes `following` the current set. Always false, so that it can end an expression.
  private mutating func settle(after context: RegexContext) -> Bool {
    swap(&current, &following)
    before = hasWaitingAssertion ? context : []
    return false
  }

  /// Goes through the assertions that were waiting for the next character; true on a match.
  private mutating func resolveAssertions(after: RegexContext) -> Bool {
    clear()
    for member in current { marks[Int(member)] = generation }
    swap(&current, &following)
    let code = program.instructions
    let instructions = code.span
    var index = 0
    while index < following.count {
      let instruction = instructions[Int(following[index])]
      index += 1
      if instruction.operation == .assert,
        let assertion = RegexAssertion(rawValue: UInt8(truncatingIfNeeded: instruction.operand)),
        assertion.holds(before: before, after: after),
        enter(Int(instruction.next), instructions, after: before)
      {
        return true
      }
    }
    swap(&current, &following)
    return false
  }

  /// Adds to `following` what `start` leads to without taking a character; true on a match.
  @inline(__always)
  private mutating func enter(
    _ start: Int, _ instructions: borrowing Span<RegexInstruction>, after context: RegexContext
  ) -> Bool {
    if marks[start] == generation { return false }
    if instructions[start].operation == .consume {
      marks[start] = generation
      following.append(Int32(truncatingIfNeeded: start))
      return false
    }
    return enterAll(start, instructions, after: context)
  }

  private mutating func enterAll(
    _ start: Int, _ instructions: borrowing Span<RegexInstruction>, after context: RegexContext
  ) -> Bool {
    stack.append(Int32(truncatingIfNeeded: start))
    while let top = stack.popLast() {
      let index = Int(top)
      if marks[index] == generation { continue }
      marks[index] = generation
      work += 1
      let instruction = instructions[index]
      switch instruction.operation {
      case .consume:
        following.append(top)
      case .split:
        stack.append(instruction.operand)
        stack.append(instruction.next)
      case .save:
        stack.append(instruction.next)
      case .assert:
        switch RegexAssertion(rawValue: UInt8(truncatingIfNeeded: instruction.operand)) {
        case .textStart:
          if context.contains(.edge) { stack.append(instruction.next) }
        case .lineStart:
          if !context.isDisjoint(with: [.edge, .newline]) { stack.append(instruction.next) }
        default:
          following.append(top)
          hasWaitingAssertion = true
        }
      case .match:
        stack.removeAll(keepingCapacity: true)
        return true
      }
    }
    return false
  }
}
