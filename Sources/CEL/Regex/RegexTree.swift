/// A place between two characters that a pattern can ask about.
enum RegexAssertion: UInt8, Sendable {
  case textStart, textEnd, lineStart, lineEnd, wordBoundary, notWordBoundary

  /// The same question when the text is read from its end.
  var mirrored: RegexAssertion {
    switch self {
    case .textStart: .textEnd
    case .textEnd: .textStart
    case .lineStart: .lineEnd
    case .lineEnd: .lineStart
    case .wordBoundary, .notWordBoundary: self
    }
  }
}

/// One construct of a parsed pattern; children are indexes into ``RegexTree/nodes``.
enum RegexNode: Sendable {
  case empty
  case set(Int)
  case assertion(RegexAssertion)
  /// Children, one after the other: a range of ``RegexTree/children``.
  case sequence(Range<Int>)
  /// Alternatives, the first one preferred: a range of ``RegexTree/children``.
  case choice(Range<Int>)
  case capture(child: Int, group: Int)
  /// `maximum` is nil for "without end".
  case repetition(child: Int, minimum: Int, maximum: Int?, greedy: Bool)
}

/// A parsed pattern.
///
/// Nodes lie in one array with children before parents, so nothing that walks or frees a pattern
/// recurses, however deeply its groups nest.
struct RegexTree: Sendable {
  /// What later nodes need to know about a node without walking it.
  private struct Facts: Sendable {
    var isNullable: Bool
    /// It can only ever match the empty string.
    var isZeroWidth: Bool
    /// The largest product of nested `{n,m}` counts.
    var repeatProduct: Int
  }

  private(set) var nodes: [RegexNode] = []
  private(set) var children: [Int] = []
  private(set) var sets: [ScalarSet] = []
  private(set) var assertions: Set<RegexAssertion> = []
  /// The name of each capture group, from group 1 on.
  var groupNames: [String?] = []
  var root = 0

  private var facts: [Facts] = []
  private var setNumbers: [ScalarSet: Int] = [:]

  func isNullable(_ node: Int) -> Bool { facts[node].isNullable }

  private mutating func add(_ node: RegexNode, _ fact: Facts) -> Int {
    nodes.append(node)
    facts.append(fact)
    return nodes.count - 1
  }

  mutating func addEmpty() -> Int {
    add(.empty, Facts(isNullable: true, isZeroWidth: true, repeatProduct: 1))
  }

  mutating func addAssertion(_ assertion: RegexAssertion) -> Int {
    assertions.insert(assertion)
    return add(
      .assertion(assertion), Facts(isNullable: true, isZeroWidth: true, repeatProduct: 1))
  }

  mutating func addSet(_ set: ScalarSet) -> Int {
    let number = setNumbers[set] ?? sets.count
    if number == sets.count {
      sets.append(set)
      setNumbers[set] = number
    }
    return add(.set(number), Facts(isNullable: false, isZeroWidth: false, repeatProduct: 1))
  }

  mutating func addCapture(_ child: Int, group: Int) -> Int {
    add(.capture(child: child, group: group), facts[child])
  }

  mutating func addSequence(_ items: [Int]) -> Int {
    if items.isEmpty { return addEmpty() }
    if items.count == 1 { return items[0] }
    var fact = Facts(isNullable: true, isZeroWidth: true, repeatProduct: 1)
    for item in items {
      fact.isNullable = fact.isNullable && facts[item].isNullable
      fact.isZeroWidth = fact.isZeroWidth && facts[item].isZeroWidth
      fact.repeatProduct = max(fact.repeatProduct, facts[item].repeatProduct)
    }
    let start = children.count
    children += items
    return add(.sequence(start..<children.count), fact)
  }

  mutating func addChoice(_ items: [Int]) -> Int {
    if items.count == 1 { return items[0] }
    var fact = Facts(isNullable: false, isZeroWidth: true, repeatProduct: 1)
    for item in items {
      fact.isNullable = fact.isNullable || facts[item].isNullable
      fact.isZeroWidth = fact.isZeroWidth && facts[item].isZeroWidth
      fact.repeatProduct = max(fact.repeatProduct, facts[item].repeatProduct)
    }
    let start = children.count
    children += items
    return add(.choice(start..<children.count), fact)
  }

  /// Adds a repetition, or nothing when its counts nest beyond ``RegexLimits/repeatProduct``.
  ///
  /// `(?:a*)+` and its like collapse to one operator, and an operand that cannot consume anything
  /// is not repeated more than once: both keep the program from growing for nothing.
  mutating func addRepetition(
    _ child: Int, minimum: Int, maximum: Int?, greedy: Bool
  ) -> Int? {
    var fact = facts[child]
    let factor = maximum ?? minimum
    if minimum >= 2 || factor >= 2 {
      fact.repeatProduct *= factor
      if fact.repeatProduct > RegexLimits.repeatProduct { return nil }
    }
    var minimum = minimum
    var maximum = maximum
    if fact.isZeroWidth {
      minimum = min(minimum, 1)
      maximum = maximum.map { min($0, 1) }
    }
    var child = child
    if case .repetition(let inner, let low, let high, greedy) = nodes[child],
      low <= 1, high == nil || high == 1 && low == 0,
      minimum <= 1, maximum == nil || maximum == 1 && minimum == 0
    {
      if low != minimum || high != maximum {
        minimum = 0
        maximum = nil
      }
      child = inner
    }
    fact.isNullable = fact.isNullable || minimum == 0
    fact.isZeroWidth = fact.isZeroWidth || maximum == 0
    return add(
      .repetition(child: child, minimum: minimum, maximum: maximum, greedy: greedy), fact)
  }

  /// Whether every match ends where the text does; false also when that is hard to tell.
  var endsAtTextEnd: Bool {
    var node = root
    while true {
      switch nodes[node] {
      case .assertion(let assertion): return assertion == .textEnd
      case .capture(let child, _): node = child
      case .sequence(let items): node = children[items.upperBound - 1]
      default: return false
      }
    }
  }
}
