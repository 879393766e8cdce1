/// CEL's equality and ordering: numbers of all types on one line, everything else only with its own
/// type.
extension Memory {
  /// Deepest values that are compared; deeper ones, which no sensible policy makes, spend the
  /// budget.
  private static let comparisonDepth = 1_000

  @inline(__always) mutating func equal(_ left: Value, _ right: Value) -> Bool {
    if left.tag == right.tag {
      switch left.tag {
      case .string, .bool, .int, .uint, .bytes, .duration, .type, .null:
        return left.bits == right.bits
      default: break
      }
    }
    return equalSlowly(left, right, depth: 0)
  }

  @inline(never) private mutating func equalSlowly(_ left: Value, _ right: Value, depth: Int)
    -> Bool
  {
    guard left.tag == right.tag else {
      return left.isNumber && right.isNumber && Self.compareNumbers(left, right) == 0
    }
    switch left.tag {
    case .double: return left.double == right.double
    case .timestamp: return left.bits == right.bits && left.aux == right.aux
    case .list: return equalLists(left, right, depth: depth + 1)
    case .map: return equalMaps(left, right, depth: depth + 1)
    case .optional: return equalOptionals(left, right, depth: depth + 1)
    case .opaque: return left.isSame(right)
    default: return left.bits == right.bits
    }
  }

  private mutating func descend(_ depth: Int, _ count: Int) -> Bool {
    if depth > Self.comparisonDepth { fuel = -1 }
    return pay(count)
  }

  private mutating func equalLists(_ left: Value, _ right: Value, depth: Int) -> Bool {
    guard left.count == right.count, descend(depth, left.count) else { return false }
    for index in 0..<left.count {
      let (a, b) = (element(index, of: left), element(index, of: right))
      guard equalSlowly(a, b, depth: depth) else { return false }
    }
    return true
  }

  private mutating func equalMaps(_ left: Value, _ right: Value, depth: Int) -> Bool {
    guard left.count == right.count, descend(depth, left.count) else { return false }
    for index in 0..<left.count {
      guard let other = find(key: key(index, of: left), in: right) else { return false }
      let (a, b) = (value(index, of: left), value(other, of: right))
      guard equalSlowly(a, b, depth: depth) else { return false }
    }
    return true
  }

  private mutating func equalOptionals(_ left: Value, _ right: Value, depth: Int) -> Bool {
    guard descend(depth, 1) else { return false }
    switch (wrapped(left), wrapped(right)) {
    case (nil, nil): return true
    case (let a?, let b?): return equalSlowly(a, b, depth: depth)
    default: return false
    }
  }

  /// Less than, equal or greater as -1, 0, 1; nil when one of them is NaN.
  static func compareNumbers(_ left: Value, _ right: Value) -> Int? {
    switch (left.tag, right.tag) {
    case (.int, .int): return order(left.int, right.int)
    case (.uint, .uint): return order(left.bits, right.bits)
    case (.double, .double): return order(left.double, right.double)
    case (.int, .uint): return NumberComparison.compare(left.int, right.bits)
    case (.uint, .int): return -NumberComparison.compare(right.int, left.bits)
    case (.int, .double): return NumberComparison.compare(left.int, right.double)
    case (.double, .int): return NumberComparison.compare(right.int, left.double).map { -$0 }
    case (.uint, .double): return NumberComparison.compare(left.bits, right.double)
    default: return NumberComparison.compare(right.bits, left.double).map { -$0 }
    }
  }

  private static func order<T: Comparable>(_ left: T, _ right: T) -> Int? {
    left < right ? -1 : left == right ? 0 : left > right ? 1 : nil
  }

  enum Order { case less, equal, greater, unordered, noOverload }

  /// The order of two values of a type that has one; numbers across types.
  @inline(never) mutating func compare(_ left: Value, _ right: Value) -> Order {
    if left.isNumber, right.isNumber {
      guard let order = Self.compareNumbers(left, right) else { return .unordered }
      return order < 0 ? .less : order == 0 ? .equal : .greater
    }
    guard left.tag == right.tag else { return .noOverload }
    switch left.tag {
    case .bool: return Self.order(of: left.bits, right.bits)
    case .duration: return Self.order(of: left.int, right.int)
    case .timestamp:
      let bySeconds = Self.order(of: left.int, right.int)
      return bySeconds == .equal ? Self.order(of: left.aux, right.aux) : bySeconds
    case .string, .bytes: return compareTexts(left.text, right.text)
    default: return .noOverload
    }
  }

  private static func order<T: Comparable>(of left: T, _ right: T) -> Order {
    left < right ? .less : left == right ? .equal : .greater
  }

  /// By octet, which for UTF-8 is by code point.
  mutating func compareTexts(_ left: TextID, _ right: TextID) -> Order {
    if left == right { return .equal }
    let (a, b) = (range(of: left), range(of: right))
    let common = min(a.count, b.count)
    _ = pay(octets: common)
    for offset in 0..<common {
      let (x, y) = (octets[a.lowerBound + offset], octets[b.lowerBound + offset])
      if x != y { return x < y ? .less : .greater }
    }
    return Self.order(of: a.count, b.count)
  }
}

extension Memory {
  /// Sorts texts by code point.
  package func sort(texts: inout [TextID]) {
    texts.sort { left, right in
      let (a, b) = (octets[range(of: left)], octets[range(of: right)])
      return a.lexicographicallyPrecedes(b)
    }
  }
}
