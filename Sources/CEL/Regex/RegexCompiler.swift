/// Turns a tree into a program.
///
/// It compiles backwards: each node is given the instruction to go on with and yields the one to
/// start at. Pending work lies on an explicit stack, so the depth of the pattern does not matter.
struct RegexCompiler {
  /// A step of the compilation. `entry` is the instruction that the last node compiled starts at
  /// and the one that the next node goes on with.
  private enum Step {
    case node(Int)
    /// The same node again, so many times.
    case copies(Int, Int)
    /// So many nested optional copies: `(?:x(?:x)?)?`.
    case optionals(Int, Int, greedy: Bool, exit: Int)
    case save(slot: Int)
    case setEntry(Int)
    case keepEntry
    case joinAlternatives(Int)
    case closeLoop(split: Int, exit: Int, greedy: Bool, isStar: Bool, isNullable: Bool)
    case makeOptional(greedy: Bool, exit: Int)
  }

  private let tree: RegexTree
  private let isReversed: Bool
  private let keepsCaptures: Bool
  /// How much of the matcher's work making one instruction, and getting ready to run it, is worth.
  private static let workPerInstruction = 6
  private var limit = RegexLimits.instructions
  private var instructions: [RegexInstruction] = []
  private var rangeCount = 0
  private var steps: [Step] = []
  private var entries: [Int] = []
  private var entry = 0

  private init(_ tree: RegexTree, isReversed: Bool, keepsCaptures: Bool) {
    self.tree = tree
    self.isReversed = isReversed
    self.keepsCaptures = keepsCaptures
  }

  /// The program for a tree; reversed, it matches the text read from its end.
  static func compile(
    _ tree: RegexTree, alphabet: RegexAlphabet, isReversed: Bool, keepsCaptures: Bool,
    _ allowance: inout Int
  ) throws(RegexError) -> RegexProgram {
    var compiler = RegexCompiler(tree, isReversed: isReversed, keepsCaptures: keepsCaptures)
    compiler.limit = min(RegexLimits.instructions, allowance / Self.workPerInstruction)
    // What was made is paid for even if it comes to nothing.
    defer { allowance -= (compiler.instructions.count + 1) * Self.workPerInstruction }
    compiler.entry = try compiler.emit(.match, next: 0, operand: 0)
    try compiler.run()
    return RegexProgram(
      instructions: compiler.instructions, start: compiler.entry, alphabet: alphabet,
      slotCount: 2 * (tree.groupNames.count + 1))
  }

  private mutating func emit(
    _ operation: RegexInstruction.Operation, next: Int, operand: Int
  ) throws(RegexError) -> Int {
    guard instructions.count < limit else { throw RegexError.tooLarge }
    instructions.append(
      RegexInstruction(
        operation: operation, next: Int32(truncatingIfNeeded: next),
        operand: Int32(truncatingIfNeeded: operand)))
    return instructions.count - 1
  }

  private mutating func run() throws(RegexError) {
    steps.append(.node(tree.root))
    while let step = steps.popLast() {
      switch step {
      case .node(let node):
        try compile(node)
      case .copies(let node, let count):
        if count > 1 { steps.append(.copies(node, count - 1)) }
        steps.append(.node(node))
      case .optionals(let node, let count, let greedy, let exit):
        if count > 1 { steps.append(.optionals(node, count - 1, greedy: greedy, exit: exit)) }
        steps.append(.makeOptional(greedy: greedy, exit: exit))
        steps.append(.node(node))
      case .save(let slot):
        entry = try emit(.save, next: entry, operand: slot)
      case .setEntry(let target):
        entry = target
      case .keepEntry:
        entries.append(entry)
      case .joinAlternatives(let count):
        try joinAlternatives(count)
      case .closeLoop(let split, let exit, let greedy, let isStar, let isNullable):
        setSplit(split, body: entry, exit: exit, greedy: greedy)
        if isStar, isNullable {
          try makeOptional(greedy: greedy, exit: exit)
        } else if isStar {
          entry = split
        }
      case .makeOptional(let greedy, let exit):
        try makeOptional(greedy: greedy, exit: exit)
      }
    }
  }

  private mutating func compile(_ node: Int) throws(RegexError) {
    switch tree.nodes[node] {
    case .empty:
      break
    case .set(let set):
      rangeCount += tree.sets[set].ranges.count
      guard rangeCount <= RegexLimits.ranges else { throw RegexError.tooLarge }
      entry = try emit(.consume, next: entry, operand: set)
    case .assertion(let assertion):
      let assertion = isReversed ? assertion.mirrored : assertion
      entry = try emit(.assert, next: entry, operand: Int(assertion.rawValue))
    case .sequence(let items):
      // The last step pushed runs first, and compiling backwards starts with the last item.
      let children = tree.children[items]
      for child in children where !isReversed { steps.append(.node(child)) }
      for child in children.reversed() where isReversed { steps.append(.node(child)) }
    case .choice(let items):
      steps.append(.joinAlternatives(items.count))
      let exit = entry
      for child in tree.children[items].reversed() {
        steps.append(.keepEntry)
        steps.append(.node(child))
        steps.append(.setEntry(exit))
      }
    case .capture(let child, let group):
      if !keepsCaptures {
        steps.append(.node(child))
        return
      }
      entry = try emit(.save, next: entry, operand: 2 * group + 1)
      steps.append(.save(slot: 2 * group))
      steps.append(.node(child))
    case .repetition(let child, let minimum, let maximum, let greedy):
      try compileRepetition(child, minimum, maximum, greedy)
    }
  }

  /// `x{2,4}` is `xx(?:x(?:x)?)?` and `x{2,}` is `xx+`.
  private mutating func compileRepetition(
    _ child: Int, _ minimum: Int, _ maximum: Int?, _ greedy: Bool
  ) throws(RegexError) {
    if let maximum {
      if minimum > 0 { steps.append(.copies(child, minimum)) }
      if maximum > minimum {
        steps.append(.optionals(child, maximum - minimum, greedy: greedy, exit: entry))
      }
      return
    }
    if minimum > 1 { steps.append(.copies(child, minimum - 1)) }
    let exit = entry
    let split = try emit(.split, next: 0, operand: 0)
    entry = split
    steps.append(
      .closeLoop(
        split: split, exit: exit, greedy: greedy, isStar: minimum == 0,
        isNullable: tree.isNullable(child)))
    steps.append(.node(child))
  }

  private mutating func setSplit(_ split: Int, body: Int, exit: Int, greedy: Bool) {
    instructions[split].next = Int32(truncatingIfNeeded: greedy ? body : exit)
    instructions[split].operand = Int32(truncatingIfNeeded: greedy ? exit : body)
  }

  /// A nullable body in a star needs this second way out: with one split alone, the empty round
  /// would be tried in the wrong order.
  private mutating func makeOptional(greedy: Bool, exit: Int) throws(RegexError) {
    let body = entry
    entry = try emit(.split, next: 0, operand: 0)
    setSplit(entry, body: body, exit: exit, greedy: greedy)
  }

  private mutating func joinAlternatives(_ count: Int) throws(RegexError) {
    let targets = Array(entries.suffix(count))
    entries.removeLast(count)
    entry = targets[count - 1]
    for target in targets.dropLast().reversed() {
      entry = try emit(.split, next: target, operand: entry)
    }
  }
}
