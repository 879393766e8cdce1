/// What a backslash can start.
extension RegexParser {
  /// A backslash outside a bracket class.
  mutating func parseBackslash() throws(RegexError) {
    let start = position
    switch peek(1) {
    case UInt8(ascii: "b"):
      position += 2
      push(assertion: .wordBoundary)
    case UInt8(ascii: "B"):
      position += 2
      push(assertion: .notWordBoundary)
    case UInt8(ascii: "A"):
      position += 2
      push(assertion: .textStart)
    case UInt8(ascii: "z"):
      position += 2
      push(assertion: .textEnd)
    case UInt8(ascii: "C"):
      position += 2
      throw failure("matching a single byte is not supported:", from: start)
    case UInt8(ascii: "Q"):
      position += 2
      parseQuotation()
    default:
      if let set = try parseClassEscape() {
        push(set: set)
      } else {
        pushLiteral(try parseCharacterEscape())
      }
    }
  }

  /// The literal text up to `\E` or the end of the pattern.
  private mutating func parseQuotation() {
    while position < pattern.count {
      if peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "E") {
        position += 2
        return
      }
      pushLiteral(readScalar())
    }
  }

  /// `\d`, `\pL`, `\p{Greek}` and their like; nil, with nothing taken, for any other escape.
  mutating func parseClassEscape() throws(RegexError) -> ScalarSet? {
    guard peek() == UInt8(ascii: "\\"), let letter = peek(1) else { return nil }
    let set: ScalarSet
    switch letter | 0x20 {
    case UInt8(ascii: "d"): set = .digits
    case UInt8(ascii: "s"): set = .spaces
    case UInt8(ascii: "w"): set = .wordCharacters
    case UInt8(ascii: "p"): return try parseUnicodeClass()
    default: return nil
    }
    position += 2
    return resolved(set, isNegated: letter < UInt8(ascii: "a"))
  }

  private mutating func parseUnicodeClass() throws(RegexError) -> ScalarSet {
    let start = position
    var isNegated = peek(1) == UInt8(ascii: "P")
    position += 2
    guard let first = peek() else { throw failure("missing class name after", from: start) }
    var name: ArraySlice<UInt8>
    if first == UInt8(ascii: "{") {
      guard let end = pattern[position...].firstIndex(of: UInt8(ascii: "}")) else {
        position = pattern.count
        throw failure("missing closing `}` in", from: start)
      }
      name = pattern[position + 1..<end]
      position = end + 1
    } else {
      let nameStart = position
      _ = readScalar()
      name = pattern[nameStart..<position]
    }
    if name.first == UInt8(ascii: "^") {
      isNegated.toggle()
      name = name.dropFirst()
    }
    guard let set = UnicodeData.group(named: name) else {
      throw failure("unknown character class", from: start)
    }
    return resolved(set, isNegated: isNegated)
  }

  /// A named class under the current flags. Folding comes before negation: `(?i)\P{Lu}` leaves out
  /// every letter that has an upper-case form.
  mutating func resolved(_ set: ScalarSet, isNegated: Bool) -> ScalarSet {
    let set = flags.foldsCase ? folded(set) : set
    return isNegated ? set.inverted() : set
  }

  /// An escape that stands for one character.
  mutating func parseCharacterEscape() throws(RegexError) -> UInt32 {
    let start = position
    position += 1
    guard let byte = peek() else {
      throw RegexError(message: "trailing backslash at the end of the pattern", offset: start)
    }
    let scalar = readScalar()
    switch byte {
    case UInt8(ascii: "a"): return 0x07
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "v"): return 0x0B
    case UInt8(ascii: "x"): return try parseHexadecimal(from: start)
    case UInt8(ascii: "0"): return parseOctal(byte)
    // One octal digit alone would be a back-reference, which RE2 does not have.
    case UInt8(ascii: "1")...UInt8(ascii: "7") where octalDigit(peek()) != nil:
      return parseOctal(byte)
    case 0..<0x80 where !isAlphanumeric(byte): return scalar
    default: throw failure("invalid escape", from: start)
    }
  }

  /// Up to three octal digits, the first of which has been read.
  private mutating func parseOctal(_ first: UInt8) -> UInt32 {
    var value = UInt32(first - UInt8(ascii: "0"))
    for _ in 0..<2 {
      guard let digit = octalDigit(peek()) else { break }
      value = value * 8 + digit
      position += 1
    }
    return value
  }

  private func octalDigit(_ byte: UInt8?) -> UInt32? {
    guard let byte, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "7") else { return nil }
    return UInt32(byte - UInt8(ascii: "0"))
  }

  /// `\x7F` or `\x{10FFFF}`, after the `x`.
  private mutating func parseHexadecimal(from start: Int) throws(RegexError) -> UInt32 {
    guard peek() == UInt8(ascii: "{") else {
      if let high = hexadecimalDigit(peek()), let low = hexadecimalDigit(peek(1)) {
        position += 2
        return high * 16 + low
      }
      throw failure("invalid escape", from: start)
    }
    position += 1
    var value: UInt32?
    while let digit = hexadecimalDigit(peek()) {
      position += 1
      let next = (value ?? 0) * 16 + digit
      if next > ScalarSet.maximum { throw failure("code point too large in", from: start) }
      value = next
    }
    guard peek() == UInt8(ascii: "}"), let value else {
      throw failure("invalid escape", from: start)
    }
    position += 1
    return value
  }

  private func hexadecimalDigit(_ byte: UInt8?) -> UInt32? {
    guard let byte else { return nil }
    return switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  private func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte != UInt8(ascii: "_") && ScalarSet.wordCharacters.contains(UInt32(byte))
  }
}
