/// The characters of the code space sorted into symbols.
///
/// Two characters are the same symbol if every set of the pattern holds both or neither (and every
/// assertion treats them alike). Most patterns have fewer than ten symbols, which is what keeps the
/// transition tables small.
struct RegexAlphabet: Sendable {
  /// The symbol of each ASCII character.
  private(set) var ascii: [UInt16] = []
  /// Where each run of one symbol starts, from U+0080 on, and which symbol it is.
  private var runStarts: [UInt32] = []
  private var runSymbols: [UInt16] = []
  /// How many symbols there are; the number itself stands for "the text ends here".
  private(set) var count = 0
  /// What assertions see in each symbol; the last entry is for the end of the text.
  private(set) var contexts: [RegexContext] = []

  /// For each set, its symbols as closed runs in `symbolRuns`, or the symbols it lacks.
  private var setRuns: [Range<Int>] = []
  private var setInverted: [Bool] = []
  private var symbolRuns: [(lower: UInt16, upper: UInt16)] = []
  /// The same answers written out, one row of symbols per set, unless there are too many.
  private(set) var memberships: [Bool] = []

  /// The symbol of all characters outside ASCII, if they are all the same one.
  var uniformSymbol: UInt16? { runSymbols.count == 1 ? runSymbols[0] : nil }

  /// What making the alphabet of a pattern costs at most: every set against every piece that the
  /// sets cut the code space into.
  static func work(for tree: RegexTree) -> Int {
    let pieces = tree.sets.reduce(1) { $0 + 2 * $1.ranges.count }
    return 128 + tree.sets.count * pieces
  }

  init(for tree: RegexTree) throws(RegexError) {
    let seesWords =
      tree.assertions.contains(.wordBoundary) || tree.assertions.contains(.notWordBoundary)
    let seesLines = tree.assertions.contains(.lineStart) || tree.assertions.contains(.lineEnd)
    var sets = tree.sets
    if seesWords { sets.append(.wordCharacters) }
    if seesLines { sets.append(.newline) }

    var partition = ScalarPartition(of: sets)
    for set in sets { partition.refine(by: set) }
    let classes = partition.numbered()
    count = classes.count
    guard count < RegexLimits.symbols else { throw RegexError.tooLarge }

    index(partition.starts, classes.symbols)
    contexts = [RegexContext](repeating: [], count: count + 1)
    contexts[count] = .edge
    for scalar in 0..<0x80 {
      let isWord = seesWords && ScalarSet.wordCharacters.contains(UInt32(scalar))
      if isWord { contexts[Int(ascii[scalar])].insert(.word) }
      if seesLines, scalar == 0x0A { contexts[Int(ascii[scalar])].insert(.newline) }
    }
    for set in tree.sets { addRuns(of: set, partition, classes.symbols) }
    if tree.sets.count * count <= RegexLimits.memberships {
      memberships.reserveCapacity(tree.sets.count * count)
      for set in tree.sets.indices {
        for symbol in 0..<count { memberships.append(isInRuns(of: set, symbol)) }
      }
    }
  }

  private mutating func index(_ starts: [UInt32], _ symbols: [UInt16]) {
    var interval = 0
    for scalar in UInt32(0)..<0x80 {
      while interval + 1 < starts.count, starts[interval + 1] <= scalar { interval += 1 }
      ascii.append(symbols[interval])
    }
    for interval in starts.indices where runSymbols.last != symbols[interval] {
      if interval + 1 < starts.count, starts[interval + 1] <= 0x80 { continue }
      runStarts.append(max(starts[interval], 0x80))
      runSymbols.append(symbols[interval])
    }
  }

  private mutating func addRuns(
    of set: ScalarSet, _ partition: ScalarPartition, _ symbols: [UInt16]
  ) {
    let (intervals, isInverted) = partition.smallerSide(of: set)
    var members: [UInt16] = []
    for range in intervals { members += symbols[range] }
    members.sort()
    let start = symbolRuns.count
    for symbol in members {
      if symbolRuns.count > start, let last = symbolRuns.last, symbol <= last.upper + 1 {
        symbolRuns[symbolRuns.count - 1].upper = symbol
      } else {
        symbolRuns.append((symbol, symbol))
      }
    }
    setRuns.append(start..<symbolRuns.count)
    setInverted.append(isInverted)
  }

  /// Whether a set holds the characters of a symbol; `memberships` is passed in because the loops
  /// that ask keep it at hand.
  @inline(__always)
  func set(_ set: Int, contains symbol: Int, _ memberships: borrowing Span<Bool>) -> Bool {
    if memberships.isEmpty { return isInRuns(of: set, symbol) }
    return memberships[set &* count &+ symbol]
  }

  private func isInRuns(of set: Int, _ symbol: Int) -> Bool {
    let runs = setRuns[set]
    var low = runs.lowerBound
    var high = runs.upperBound
    while high - low > 4 {
      let middle = (low + high) / 2
      if Int(symbolRuns[middle].upper) < symbol { low = middle + 1 } else { high = middle + 1 }
    }
    while low < high {
      if symbol <= Int(symbolRuns[low].upper) {
        return (symbol >= Int(symbolRuns[low].lower)) != setInverted[set]
      }
      low += 1
    }
    return setInverted[set]
  }

  /// The symbol of a character.
  @inline(__always)
  func symbol(of scalar: UInt32) -> Int {
    if scalar < 0x80 { return Int(ascii[Int(scalar)]) }
    var low = 0
    var high = runStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if runStarts[middle] <= scalar { low = middle } else { high = middle }
    }
    return Int(runSymbols[low])
  }
}
