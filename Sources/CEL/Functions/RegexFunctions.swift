/// The `regex` library: RE2's patterns, `\1` in replacements.
extension Memory {
  mutating func callRegex(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    let (text, pattern) = (arguments.first, arguments.second)
    guard text.tag == .string, pattern.tag == .string else { return .noOverload(text, pattern) }
    // Without replacements the pattern is not looked at.
    if builtin == .regexReplace, arguments.count == 4, arguments.fourth.tag == .int,
      arguments.fourth.int == 0, arguments.third.tag == .string
    {
      return text
    }
    guard let regex = RegexPlace(pattern.text, &self) else {
      return fuel < 0 ? .failure(.budgetExceeded) : .failure(.invalidRegex, detail: pattern.text)
    }
    if builtin == .regexReplace { return replace(text, regex, arguments) }
    guard groupCount(of: regex) <= 1 else {
      return invalid("the regular expression has more than one group")
    }
    return builtin == .regexExtract ? extract(text, regex) : extractAll(text, regex)
  }

  /// The first match at or after `start`, and what it costs to look for it paid; nil also when the
  /// budget is spent.
  private mutating func match(
    _ regex: RegexPlace, in range: Range<Int>, from start: Int
  ) -> [Range<Int>?]? {
    // At the beginning the whole text is read once to see whether there is a match at all.
    guard pay(start == range.lowerBound ? 2 + range.count / 8 : 2) else { return nil }
    let allowance = regexAllowance
    let (match, left): ([Range<Int>?]?, Int)
    switch regex {
    case .constant(let index):
      regexScratch[index].allowance = allowance
      match = regexes[index].firstMatch(
        octets, in: range, from: start, scratch: &regexScratch[index])
      left = regexScratch[index].allowance
    case .dynamic(let index):
      dynamicScratch[index].allowance = allowance
      match = dynamicPatterns[index].regex?.firstMatch(
        octets, in: range, from: start, scratch: &dynamicScratch[index])
      left = dynamicScratch[index].allowance
    }
    return pay(regexWork: allowance - left) ? match : nil
  }

  private func groupCount(of regex: RegexPlace) -> Int {
    switch regex {
    case .constant(let index): regexes[index].groupCount
    case .dynamic(let index): dynamicPatterns[index].regex?.groupCount ?? 0
    }
  }

  /// Calls `body` with each match, left to right. As in Go, an empty match right behind the one
  /// before is none.
  private mutating func forEachMatch(
    _ regex: RegexPlace, in range: Range<Int>,
    _ body: (inout Memory, [Range<Int>?]) -> Value?
  ) -> Value? {
    var start = range.lowerBound
    var previousEnd = -1
    while start <= range.upperBound, let match = match(regex, in: range, from: start) {
      guard let whole = match[0] else { break }
      if !(whole.isEmpty && whole.lowerBound == previousEnd) {
        if let result = body(&self, match) { return result }
        previousEnd = whole.upperBound
      }
      start = whole.upperBound
      if whole.isEmpty {
        start += 1
        while start < range.upperBound, octets[start] & 0xc0 == 0x80 { start += 1 }
      }
    }
    return fuel < 0 ? .failure(.budgetExceeded) : nil
  }

  // MARK: Extract

  /// The only group of a match, or the match itself; nil for a group that is empty or took no part.
  private static func extracted(_ match: [Range<Int>?]) -> Range<Int>? {
    guard match.count > 1 else { return match[0] }
    guard let group = match[1], !group.isEmpty else { return nil }
    return group
  }

  private mutating func extract(_ text: Value, _ regex: RegexPlace) -> Value {
    let range = range(of: text.text)
    let match = match(regex, in: range, from: range.lowerBound)
    guard fuel >= 0 else { return .failure(.budgetExceeded) }
    guard let match, let part = Self.extracted(match) else { return .none }
    let value = self.text(copyOf: part)
    guard !value.isError, afford(elements: 1) else { return exhausted }
    return some(value)
  }

  private mutating func extractAll(_ text: Value, _ regex: RegexPlace) -> Value {
    var parts: [Value] = []
    let error = forEachMatch(regex, in: range(of: text.text)) { memory, match in
      guard let part = Self.extracted(match) else { return nil }
      let value = memory.text(copyOf: part)
      parts.append(value)
      return value.isError ? value : nil
    }
    if let error { return error }
    return afford(elements: parts.count) ? makeList(parts) : exhausted
  }

  // MARK: Replace

  private mutating func replace(
    _ text: Value, _ regex: RegexPlace, _ arguments: Arguments
  ) -> Value {
    let replacement = arguments.third
    guard replacement.tag == .string else { return .noOverload(text, replacement) }
    guard arguments.count == 3 || arguments.fourth.tag == .int else {
      return .noOverload(text, arguments.fourth)
    }
    var left = arguments.count == 4 && arguments.fourth.int >= 0 ? arguments.fourth.int : .max
    let range = range(of: text.text)
    let start = octetCount
    var copied = range.lowerBound
    var pieces: [ReplacementPiece]?
    let groups = groupCount(of: regex)
    let stopped = forEachMatch(regex, in: range) { memory, match in
      // A replacement is only looked at when there is something to replace.
      let parsed: [ReplacementPiece]
      switch pieces.map({ .success($0) }) ?? memory.pieces(of: replacement.text, groups: groups) {
      case .success(let found): parsed = found
      case .failure(let fault): return memory.invalid(fault.message)
      }
      pieces = parsed
      guard left > 0, let whole = match[0] else { return Value.true }
      left -= 1
      if let error = memory.appendReplacement(parsed, match, after: copied..<whole.lowerBound) {
        return error
      }
      copied = whole.upperBound
      return nil
    }
    if let stopped, stopped.isError {
      // A faulty replacement is found at the first match, when nothing was appended but the message
      // itself.
      if stopped.failure != .invalidArgument { dropTail(from: start) }
      return stopped
    }
    guard afford(octets: range.upperBound - copied) else { return abandonText(start) }
    append(copyOf: copied..<range.upperBound)
    return .string(internTail(from: start))
  }

  private mutating func appendReplacement(
    _ pieces: [ReplacementPiece], _ match: [Range<Int>?], after kept: Range<Int>
  ) -> Value? {
    guard afford(octets: kept.count) else { return exhausted }
    append(copyOf: kept)
    for piece in pieces {
      switch piece {
      case .text(let octets):
        guard afford(octets: octets.count) else { return exhausted }
        append(octets)
      case .group(let number):
        guard number < match.count, let group = match[number] else { continue }
        guard afford(octets: group.count) else { return exhausted }
        append(copyOf: group)
      }
    }
    return nil
  }

  /// A replacement's text and references.
  private func pieces(
    of replacement: TextID, groups: Int
  ) -> Result<[ReplacementPiece], FormatError> {
    var pieces: [ReplacementPiece] = []
    var text: [UInt8] = []
    var isEscaped = false
    for octet in octets[range(of: replacement)] {
      guard isEscaped else {
        if octet == UInt8(ascii: "\\") { isEscaped = true } else { text.append(octet) }
        continue
      }
      isEscaped = false
      if octet == UInt8(ascii: "\\") {
        text.append(octet)
        continue
      }
      guard Lexer.isDigit(octet) else {
        return .failure(
          FormatError(message: "in a replacement a backslash stands before a digit or a backslash"))
      }
      let number = Int(octet - 0x30)
      guard number <= groups else {
        return .failure(
          FormatError(
            message: "a replacement names a group that the regular expression does not have"))
      }
      pieces += [.text(text), .group(number)]
      text = []
    }
    guard !isEscaped else {
      return .failure(FormatError(message: "a replacement ends in a backslash"))
    }
    return .success(pieces + [.text(text)])
  }
}

private enum ReplacementPiece {
  case text([UInt8])
  case group(Int)
}

/// Where a compiled pattern is kept.
enum RegexPlace {
  case constant(Int)
  case dynamic(Int)

  /// A pattern of the program's, or one that is compiled now; nil if it is none or the budget is
  /// spent.
  init?(_ pattern: TextID, _ memory: inout Memory) {
    if let index = memory.constantRegexes[pattern] {
      self = .constant(index)
    } else if let index = memory.dynamicRegex(pattern), memory.dynamicPatterns[index].regex != nil {
      self = .dynamic(index)
    } else {
      return nil
    }
  }
}
