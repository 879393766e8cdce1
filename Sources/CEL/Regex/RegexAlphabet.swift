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

  /// The symbol of all characters outside ASCII, if they are all the same one.
  var uniformSymbol: UInt16? { runSymbols.count == 1 ? runSymbols[0] : nil }

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
  }

  private mutating func index(_ starts: [UInt32], _ symbols: [UInt16]) {
    var interval = 0
    for scalar in UInt32(0)..<0x80 {
      while interval + 1 < starts.count, starts[interval + 1] <= scalar { interval += 1 }
      ascii.append(symbols[interval])
    }
    for interval in starts.indices where interval + 1 == starts.count || starts[interval + 1] > 0x80 {
      if runSymbols.last == symbols[interval] { continue }
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

  /// Whether a set holds the characters of a symbol.
  @inline(__always)
  func set(_ set: Int, contains symbol: Int) -> Bool {
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

/// The code space cut at every border of every set, with the pieces that belong together.
struct ScalarPartition {
  /// Where each piece starts.
  private(set) var starts: [UInt32]
  private var classes: [Int]
  private var classCount = 1

  init(of sets: [ScalarSet]) {
    var borders: [UInt32] = [0]
    for set in sets {
      for range in set.ranges {
        borders.append(range.lower)
        if range.upper < ScalarSet.maximum { borders.append(range.upper + 1) }
      }
    }
    borders.sort()
    starts = []
    for border in borders where starts.last != border { starts.append(border) }
    classes = [Int](repeating: 0, count: starts.count)
  }

  /// Separates the characters of a set from the others. The set and its complement make the same
  /// cut, and taking the smaller one keeps patterns with thousands of `[^x]` cheap.
  mutating func refine(by set: ScalarSet) {
    var renamed: [Int: Int] = [:]
    for range in smallerSide(of: set).intervals {
      for interval in range {
        let old = classes[interval]
        if let new = renamed[old] {
          classes[interval] = new
        } else {
          renamed[old] = classCount
          classes[interval] = classCount
          classCount += 1
        }
      }
    }
  }

  /// The pieces inside the set, or if fewer those outside it.
  func smallerSide(of set: ScalarSet) -> (intervals: [Range<Int>], isInverted: Bool) {
    let inside = intervals(of: set)
    let size = inside.reduce(0) { $0 + $1.count }
    if size * 2 <= starts.count { return (inside, false) }
    return (intervals(of: set.inverted()), true)
  }

  private func intervals(of set: ScalarSet) -> [Range<Int>] {
    set.ranges.map { range in
      let end = range.upper == ScalarSet.maximum ? starts.count : piece(at: range.upper + 1)
      return piece(at: range.lower)..<end
    }
  }

  /// The piece that starts at `scalar`, a border.
  private func piece(at scalar: UInt32) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < scalar { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The symbol of each piece, numbered from 0 in order of appearance.
  func numbered() -> (symbols: [UInt16], count: Int) {
    var numbers = [Int](repeating: -1, count: classCount)
    var count = 0
    let symbols = classes.map { old in
      if numbers[old] < 0 {
        numbers[old] = count
        count += 1
      }
      return UInt16(clamping: numbers[old])
    }
    return (symbols, count)
  }
}
