/// Reads RE2 syntax.
///
/// One pass over the bytes with the open groups on an explicit stack: nesting costs memory, not
/// call depth. The order of the checks follows RE2's parser, because what is a pattern at all
/// depends on it (`a{,2}` and `a{01}` are literals, `a{2}{3}` is an error).
struct RegexParser {
  /// The options that `(?imsU)` switches.
  struct Flags {
    var foldsCase = false
    var isMultiline = false
    var dotMatchesNewline = false
    var isUngreedy = false
  }

  /// A group whose closing parenthesis has not been read; the bottom one is the whole pattern.
  private struct OpenGroup {
    var items: [Int] = []
    var alternatives: [Int] = []
    var outerFlags = Flags()
    /// The capture number, or nil for `(?: )`.
    var number: Int?
    var offset = 0
  }

  let pattern: [UInt8]
  var position = 0
  var flags = Flags()
  var tree = RegexTree()
  /// What large classes fold to: a pattern may name the same one a thousand times.
  private var folds: [ScalarSet: ScalarSet] = [:]
  private var groups = [OpenGroup()]
  /// Where the operator that ends right here started: `a**` is an error.
  private var operatorStart: Int?

  init(_ pattern: [UInt8]) {
    self.pattern = pattern
  }

  /// The tree of a pattern.
  static func parse(_ pattern: [UInt8]) throws(RegexError) -> RegexTree {
    var parser = RegexParser(pattern)
    try parser.parsePattern()
    return parser.tree
  }

  private mutating func parsePattern() throws(RegexError) {
    if let offset = UTF8Decoding.firstInvalidOffset(in: pattern) {
      throw RegexError(message: "the pattern is not valid UTF-8", offset: offset)
    }
    while position < pattern.count {
      let previous = operatorStart
      operatorStart = nil
      try parseItem(previousOperator: previous)
    }
    guard groups.count == 1 else {
      throw RegexError(message: "missing closing `)`", offset: groups[groups.count - 1].offset)
    }
    tree.root = closeAlternatives()
  }

  private mutating func parseItem(previousOperator: Int?) throws(RegexError) {
    let start = position
    switch pattern[position] {
    case UInt8(ascii: "("):
      try openGroup()
    case UInt8(ascii: "|"):
      position += 1
      endAlternative()
    case UInt8(ascii: ")"):
      try closeGroup()
    case UInt8(ascii: "^"):
      position += 1
      push(assertion: flags.isMultiline ? .lineStart : .textStart)
    case UInt8(ascii: "$"):
      position += 1
      push(assertion: flags.isMultiline ? .lineEnd : .textEnd)
    case UInt8(ascii: "."):
      position += 1
      push(set: flags.dotMatchesNewline ? .any : .notNewline)
    case UInt8(ascii: "["):
      push(set: try parseBracketClass())
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      let isPlus = pattern[position] == UInt8(ascii: "+")
      let isQuestion = pattern[position] == UInt8(ascii: "?")
      position += 1
      try repeatLast(isPlus ? 1 : 0, isQuestion ? 1 : nil, from: start, previousOperator)
    case UInt8(ascii: "{"):
      guard let counts = parseCounts() else { return pushLiteral(readScalar()) }
      try repeatLast(counts.minimum, counts.maximum, from: start, previousOperator)
    case UInt8(ascii: "\\"):
      try parseBackslash()
    default:
      pushLiteral(readScalar())
    }
  }

  // MARK: Reading

  /// The byte `distance` ahead, if there is one.
  func peek(_ distance: Int = 0) -> UInt8? {
    position + distance < pattern.count ? pattern[position + distance] : nil
  }

  /// Whether the given text comes next.
  func isNext(_ text: String) -> Bool {
    pattern[position...].starts(with: text.utf8)
  }

  /// Takes one code point; there must be one.
  mutating func readScalar() -> UInt32 {
    let (scalar, next) = UTF8Decoding.scalar(in: pattern.span, at: position, end: pattern.count)
    position = next
    return scalar
  }

  /// An error that quotes the pattern from `start` up to what has been read.
  func failure(_ what: String, from start: Int) -> RegexError {
    let quoted = String(decoding: pattern[start..<max(start, position)], as: UTF8.self)
    return RegexError(message: "\(what) `\(quoted)`", offset: start)
  }

  // MARK: Building

  mutating func push(set: ScalarSet) {
    push(tree.addSet(set))
  }

  mutating func push(assertion: RegexAssertion) {
    push(tree.addAssertion(assertion))
  }

  /// The set with everything that differs from a member by case only.
  mutating func folded(_ set: ScalarSet) -> ScalarSet {
    guard set.ranges.count > 4 else { return set.folded() }
    if let known = folds[set] { return known }
    let folded = set.folded()
    folds[set] = folded
    return folded
  }

  mutating func pushLiteral(_ scalar: UInt32) {
    let set = ScalarSet(scalar, scalar)
    push(set: flags.foldsCase ? folded(set) : set)
  }

  private mutating func push(_ node: Int) {
    groups[groups.count - 1].items.append(node)
  }

  private mutating func endAlternative() {
    let node = tree.addSequence(groups[groups.count - 1].items)
    groups[groups.count - 1].items.removeAll()
    groups[groups.count - 1].alternatives.append(node)
  }

  private mutating func closeAlternatives() -> Int {
    endAlternative()
    return tree.addChoice(groups[groups.count - 1].alternatives)
  }

  /// Starts a group; a capture is numbered by its opening parenthesis.
  mutating func open(capture: Bool, name: String? = nil, at offset: Int, outerFlags: Flags) {
    var group = OpenGroup()
    group.offset = offset
    group.outerFlags = outerFlags
    if capture {
      tree.groupNames.append(name)
      group.number = tree.groupNames.count
    }
    groups.append(group)
  }

  private mutating func closeGroup() throws(RegexError) {
    guard groups.count > 1 else {
      throw RegexError(message: "unmatched closing `)`", offset: position)
    }
    position += 1
    var node = closeAlternatives()
    let group = groups.removeLast()
    flags = group.outerFlags
    if let number = group.number { node = tree.addCapture(node, group: number) }
    push(node)
  }

  // MARK: Repetition

  /// The counts of `{n}`, `{n,}` or `{n,m}`; nil, with nothing taken, when the brace is a literal.
  private mutating func parseCounts() -> (minimum: Int, maximum: Int?)? {
    let start = position
    position += 1
    if let minimum = parseCount() {
      var maximum: Int? = minimum
      var isValid = true
      if peek() == UInt8(ascii: ",") {
        position += 1
        let isOpen = peek() == UInt8(ascii: "}")
        maximum = isOpen ? nil : parseCount()
        isValid = isOpen || maximum != nil
      }
      if isValid, peek() == UInt8(ascii: "}") {
        position += 1
        return (minimum, maximum)
      }
    }
    position = start
    return nil
  }

  /// A decimal number without leading zeros; nil also when it has more than nine digits.
  private mutating func parseCount() -> Int? {
    let start = position
    var count = 0
    while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
      if count >= 100_000_000 { return nil }
      count = count * 10 + Int(byte - UInt8(ascii: "0"))
      position += 1
    }
    if position == start { return nil }
    if position > start + 1, pattern[start] == UInt8(ascii: "0") { return nil }
    return count
  }

  private mutating func repeatLast(
    _ minimum: Int, _ maximum: Int?, from start: Int, _ previousOperator: Int?
  ) throws(RegexError) {
    var greedy = !flags.isUngreedy
    if peek() == UInt8(ascii: "?") {
      position += 1
      greedy.toggle()
    }
    if let previousOperator {
      throw failure("repetition operators cannot follow each other:", from: previousOperator)
    }
    guard minimum <= RegexLimits.repeatCount, (maximum ?? 0) <= RegexLimits.repeatCount,
      minimum <= maximum ?? minimum
    else {
      throw failure("invalid repeat count", from: start)
    }
    guard let last = groups[groups.count - 1].items.popLast() else {
      throw failure("nothing to repeat before", from: start)
    }
    guard let node = tree.addRepetition(last, minimum: minimum, maximum: maximum, greedy: greedy)
    else {
      throw failure("nested repeat counts multiply beyond 1000 at", from: start)
    }
    push(node)
    operatorStart = start
  }
}
