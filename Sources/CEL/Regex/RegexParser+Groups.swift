/// What an opening parenthesis can start.
extension RegexParser {
  mutating func openGroup() throws(RegexError) {
    let start = position
    guard peek(1) == UInt8(ascii: "?") else {
      position += 1
      open(capture: true, at: start, outerFlags: flags)
      return
    }
    for lookaround in ["(?=", "(?!", "(?<=", "(?<!"] where isNext(lookaround) {
      position += lookaround.utf8.count
      throw failure("look-around is not supported:", from: start)
    }
    for prefix in ["(?P<", "(?<"] where isNext(prefix) {
      position += prefix.utf8.count
      let name = try parseGroupName(from: start)
      open(capture: true, name: name, at: start, outerFlags: flags)
      return
    }
    position += 2
    try parseFlags(from: start)
  }

  /// The name up to `>`. Two groups may share one; the first then counts.
  private mutating func parseGroupName(from start: Int) throws(RegexError) -> String {
    let nameStart = position
    var isValid = true
    while let byte = peek(), byte != UInt8(ascii: ">") {
      isValid = UnicodeData.isNameCharacter(readScalar()) && isValid
    }
    let name = pattern[nameStart..<position]
    guard peek() != nil, isValid, !name.isEmpty else {
      throw failure("invalid group name:", from: start)
    }
    position += 1
    return String(decoding: name, as: UTF8.self)
  }

  /// `imsU`, then perhaps `-` and more of them, then `)` for "from here on" or `:` for a group.
  private mutating func parseFlags(from start: Int) throws(RegexError) {
    var new = flags
    var isNegated = false
    var sawFlag = false
    while position < pattern.count {
      let scalar = readScalar()
      switch scalar {
      case 0x69: new.foldsCase = !isNegated
      case 0x6D: new.isMultiline = !isNegated
      case 0x73: new.dotMatchesNewline = !isNegated
      case 0x55: new.isUngreedy = !isNegated
      case 0x2D where !isNegated:
        isNegated = true
        sawFlag = false
        continue
      case 0x3A, 0x29:
        if isNegated, !sawFlag { throw failure("invalid group syntax", from: start) }
        if scalar == 0x3A { open(capture: false, at: start, outerFlags: flags) }
        flags = new
        return
      default:
        throw failure("invalid group syntax", from: start)
      }
      sawFlag = true
    }
    throw failure("invalid group syntax", from: start)
  }
}
