/// Bracket classes: `[a-z]`, `[^\d]`, `[[:alpha:]]`.
extension RegexParser {
  mutating func parseBracketClass() throws(RegexError) -> ScalarSet {
    let start = position
    position += 1
    let isNegated = peek() == UInt8(ascii: "^")
    if isNegated { position += 1 }
    var pile: [ScalarRange] = []
    var isFirst = true
    while let byte = peek(), byte != UInt8(ascii: "]") || isFirst {
      isFirst = false
      if let set = try parsePosixClass() {
        pile += set.ranges
      } else if let set = try parseClassEscape() {
        pile += set.ranges
      } else {
        pile.append(try parseRange(in: start))
      }
    }
    guard peek() != nil else {
      throw RegexError(message: "missing closing `]`", offset: start)
    }
    position += 1
    // A named class is already folded, and folding it again changes nothing.
    return resolved(ScalarSet(union: pile), isNegated: isNegated)
  }

  /// `[:name:]` or `[:^name:]`; nil, with nothing taken, when this is not its form.
  private mutating func parsePosixClass() throws(RegexError) -> ScalarSet? {
    guard isNext("[:") else { return nil }
    let start = position
    var end = position + 2
    while end + 1 < pattern.count,
      pattern[end] != UInt8(ascii: ":") || pattern[end + 1] != UInt8(ascii: "]")
    {
      end += 1
    }
    guard end + 1 < pattern.count else { return nil }
    var name = pattern[start + 2..<end]
    let isNegated = name.first == UInt8(ascii: "^")
    if isNegated { name = name.dropFirst() }
    position = end + 2
    guard let set = posixClass(String(decoding: name, as: UTF8.self)) else {
      throw failure("unknown character class", from: start)
    }
    return resolved(set, isNegated: isNegated)
  }

  private func posixClass(_ name: String) -> ScalarSet? {
    switch name {
    case "alnum": ScalarSet([(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)])
    case "alpha": ScalarSet([(0x41, 0x5A), (0x61, 0x7A)])
    case "ascii": ScalarSet(0x00, 0x7F)
    case "blank": ScalarSet([(0x09, 0x09), (0x20, 0x20)])
    case "cntrl": ScalarSet([(0x00, 0x1F), (0x7F, 0x7F)])
    case "digit": .digits
    case "graph": ScalarSet(0x21, 0x7E)
    case "lower": ScalarSet(0x61, 0x7A)
    case "print": ScalarSet(0x20, 0x7E)
    case "punct": ScalarSet([(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)])
    case "space": ScalarSet([(0x09, 0x0D), (0x20, 0x20)])
    case "upper": ScalarSet(0x41, 0x5A)
    case "word": .wordCharacters
    case "xdigit": ScalarSet([(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)])
    default: nil
    }
  }

  /// One character or `a-z`; a hyphen before the closing bracket is itself.
  private mutating func parseRange(in classStart: Int) throws(RegexError) -> ScalarRange {
    let start = position
    let lower = try parseClassCharacter(in: classStart)
    guard peek() == UInt8(ascii: "-"), let next = peek(1), next != UInt8(ascii: "]") else {
      return ScalarRange(lower: lower, upper: lower)
    }
    position += 1
    let upper = try parseClassCharacter(in: classStart)
    if upper < lower { throw failure("invalid character range", from: start) }
    return ScalarRange(lower: lower, upper: upper)
  }

  private mutating func parseClassCharacter(in classStart: Int) throws(RegexError) -> UInt32 {
    guard let byte = peek() else {
      throw RegexError(message: "missing closing `]`", offset: classStart)
    }
    return byte == UInt8(ascii: "\\") ? try parseCharacterEscape() : readScalar()
  }
}
