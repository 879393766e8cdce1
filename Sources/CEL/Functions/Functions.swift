/// The core functions, by what their operands are.
extension Memory {
  mutating func call(number: Int, _ arguments: Arguments) -> Value {
    guard let builtin = Builtin(rawValue: UInt16(truncatingIfNeeded: number)) else {
      return .failure(.noSuchFunction)
    }
    return call(builtin, arguments)
  }

  /// Calls a function; arguments are strict, so an error among them is the result.
  mutating func call(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    if let error = arguments.error { return error }
    let first = arguments.first
    switch builtin {
    case .size: return size(first)
    case .contains, .startsWith, .endsWith: return search(builtin, first, arguments.second)
    case .matches: return matches(first, arguments.second)
    case .type: return typeOf(first)
    case .dyn: return first
    case .int: return toInt(first)
    case .uint: return toUInt(first)
    case .double: return toDouble(first)
    case .string: return toString(first)
    case .bytes:
      return first.tag == .bytes || first.tag == .string ? .bytes(first.text) : .noOverload(first)
    case .bool: return toBool(first)
    case .timestamp: return toTimestamp(first)
    case .duration: return toDuration(first)
    default:
      if let field = builtin.timestampField { return timeField(field, arguments) }
      return callExtension(builtin, arguments)
    }
  }

  private mutating func size(_ operand: Value) -> Value {
    switch operand.tag {
    case .list, .map: return .int(Int64(operand.count))
    case .bytes: return .int(Int64(count(of: operand.text)))
    case .string:
      guard pay(octets: count(of: operand.text)) else { return .failure(.budgetExceeded) }
      return .int(Int64(scalarCount(of: operand.text)))
    default: return .noOverload(operand)
    }
  }

  /// Code points, not bytes, UTF-16 units or graphemes.
  func scalarCount(of text: TextID) -> Int {
    var count = 0
    let octets = octets.span
    for index in range(of: text) where octets[index] & 0xc0 != 0x80 { count += 1 }
    return count
  }

  private mutating func search(_ builtin: Builtin, _ text: Value, _ part: Value) -> Value {
    guard text.tag == .string, part.tag == .string else { return .noOverload(text, part) }
    let (whole, sought) = (range(of: text.text), range(of: part.text))
    guard pay(octets: sought.count) else { return .failure(.budgetExceeded) }
    guard whole.count >= sought.count else { return .false }
    switch builtin {
    case .startsWith: return .bool(hasOctets(sought, at: whole.lowerBound))
    case .endsWith: return .bool(hasOctets(sought, at: whole.upperBound - sought.count))
    default: return contains(sought, in: whole)
    }
  }

  @inline(__always) func hasOctets(_ sought: Range<Int>, at start: Int) -> Bool {
    let octets = octets.span
    for offset in 0..<sought.count
    where octets[start + offset] != octets[sought.lowerBound + offset] {
      return false
    }
    return true
  }

  private mutating func contains(_ sought: Range<Int>, in whole: Range<Int>) -> Value {
    guard let (place, work) = firstPlace(of: sought, in: whole) else {
      return .failure(.budgetExceeded)
    }
    return pay(octets: work) ? .bool(place != nil) : .failure(.budgetExceeded)
  }

  /// Where a text first occurs in another, and how many octets were compared: at most those of
  /// both, by way of a table of the sought text's own repetitions (Knuth, Morris, Pratt), so that
  /// no pair of texts is slow. Texts up to `plainSearch` octets are compared at every place.
  static var plainSearch: Int { 16 }

  func firstPlace(of sought: Range<Int>, in whole: Range<Int>) -> (place: Int?, work: Int)? {
    guard !sought.isEmpty else { return (whole.lowerBound, 0) }
    guard whole.count >= sought.count else { return (nil, 0) }
    let octets = octets.span
    let last = whole.upperBound - sought.count
    // Short texts: the plain way is fastest and bounded.
    if sought.count <= Self.plainSearch {
      var compared = 0
      for start in whole.lowerBound...last where octets[start] == octets[sought.lowerBound] {
        var same = 1
        while same < sought.count, octets[start &+ same] == octets[sought.lowerBound &+ same] {
          same &+= 1
        }
        compared &+= same
        if same == sought.count { return (start, start - whole.lowerBound + compared) }
      }
      return (nil, whole.count + compared)
    }
    var table = [Int](repeating: 0, count: sought.count)
    var matched = 0
    for index in 1..<sought.count {
      let octet = octets[sought.lowerBound + index]
      while matched > 0, octets[sought.lowerBound + matched] != octet {
        matched = table[matched - 1]
      }
      if octets[sought.lowerBound + matched] == octet { matched += 1 }
      table[index] = matched
    }
    matched = 0
    for index in whole {
      let octet = octets[index]
      while matched > 0, octets[sought.lowerBound + matched] != octet {
        matched = table[matched - 1]
      }
      if octets[sought.lowerBound + matched] == octet { matched += 1 }
      if matched == sought.count {
        return (index + 1 - matched, index + 1 - whole.lowerBound + sought.count)
      }
    }
    return (nil, whole.count + sought.count)
  }

  // MARK: Regular expressions

  func matchCost(_ text: TextID) -> Int { 2 + count(of: text) / 8 }

  mutating func match(_ text: Value, regex index: Int) -> Value {
    guard text.tag == .string else { return .noOverload(text) }
    guard pay(matchCost(text.text)) else { return .failure(.budgetExceeded) }
    if let found = matchByTable(text.text, index) { return .bool(found) }
    let allowance = regexAllowance
    regexScratch[index].allowance = allowance
    let found = regexes[index].matches(
      octets, in: range(of: text.text), scratch: &regexScratch[index])
    return pay(regexWork: allowance - regexScratch[index].allowance)
      ? .bool(found) : .failure(.budgetExceeded)
  }

  /// By the table of a pattern that has one, which takes no work from the allowance. By way of spans,
  /// because an element of an array is retained.
  @inline(__always) private mutating func matchByTable(_ text: TextID, _ regex: Int) -> Bool? {
    let regexes = regexes.span
    return regexes[regex].matchesByTable(octets, in: range(of: text))
  }

  /// How much of the matcher's work a step buys.
  static var regexWorkPerStep: Int { 4 }

  /// The work that the rest of the budget buys.
  var regexAllowance: Int {
    fuel > Int.max / Self.regexWorkPerStep ? .max : fuel * Self.regexWorkPerStep
  }

  /// Pays for work that was done on an allowance. Every step that was begun counts, so that who used
  /// up the allowance has no budget left.
  @inline(__always) mutating func pay(regexWork work: Int) -> Bool {
    pay((work + Self.regexWorkPerStep - 1) / Self.regexWorkPerStep)
  }

  /// With a pattern that is not a constant: compiled once, and remembered while the evaluation
  /// lasts.
  private mutating func matches(_ text: Value, _ pattern: Value) -> Value {
    guard text.tag == .string, pattern.tag == .string else { return .noOverload(text, pattern) }
    guard pay(matchCost(text.text)) else { return .failure(.budgetExceeded) }
    guard let index = dynamicRegex(pattern.text), let regex = dynamicPatterns[index].regex else {
      return fuel < 0 ? .failure(.budgetExceeded) : .failure(.invalidRegex, detail: pattern.text)
    }
    let allowance = regexAllowance
    dynamicScratch[index].allowance = allowance
    let found = regex.matches(octets, in: range(of: text.text), scratch: &dynamicScratch[index])
    return pay(regexWork: allowance - dynamicScratch[index].allowance)
      ? .bool(found) : .failure(.budgetExceeded)
  }

  /// The place of a pattern among the remembered ones.
  mutating func dynamicRegex(_ pattern: TextID) -> Int? {
    if let known = dynamicPatterns.firstIndex(where: { $0.pattern == pattern }) { return known }
    guard pay(1_000 + count(of: pattern) * 150) else { return nil }
    let granted = regexAllowance
    var allowance = granted
    let regex = try? Regex(Array(octets[range(of: pattern)]), allowance: &allowance)
    guard pay(regexWork: granted - allowance) else { return nil }
    if dynamicPatterns.count >= Limits.dynamicPatterns {
      dynamicPatterns.removeFirst()
      dynamicScratch.removeFirst()
    }
    dynamicPatterns.append((pattern, regex))
    while dynamicScratch.count < dynamicPatterns.count { dynamicScratch.append(RegexScratch()) }
    dynamicScratch[dynamicPatterns.count - 1] = RegexScratch()
    return dynamicPatterns.count - 1
  }

  // MARK: Time

  private func timeField(_ field: TimestampField, _ arguments: Arguments) -> Value {
    let operand = arguments.first
    if operand.tag == .duration, arguments.count == 1 {
      return CEL.value(of: field, duration: operand.int).map { .int($0) } ?? .noOverload(operand)
    }
    guard operand.tag == .timestamp else { return .noOverload(operand) }
    guard arguments.count == 2 else {
      return .int(CEL.value(of: field, at: operand.asTimestamp, offset: 0))
    }
    guard arguments.second.tag == .string else { return .noOverload(operand, arguments.second) }
    let zone = arguments.second.text
    if let rules = zones[zone] {
      return .int(
        CEL.value(of: field, at: operand.asTimestamp, offset: rules.offset(at: operand.int)))
    }
    guard let offset = FixedOffset.parse(octets[range(of: zone)]) else {
      return .failure(.unknownTimeZone, detail: zone)
    }
    return .int(CEL.value(of: field, at: operand.asTimestamp, offset: offset))
  }
}

extension Builtin {
  var timestampField: TimestampField? {
    switch self {
    case .getFullYear: .fullYear
    case .getMonth: .month
    case .getDate: .date
    case .getDayOfMonth: .dayOfMonth
    case .getDayOfWeek: .dayOfWeek
    case .getDayOfYear: .dayOfYear
    case .getHours: .hours
    case .getMinutes: .minutes
    case .getSeconds: .seconds
    case .getMilliseconds: .milliseconds
    default: nil
    }
  }
}
