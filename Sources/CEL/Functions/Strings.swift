/// The `strings` library. Positions count code points, never octets or graphemes.
extension Memory {
  mutating func callStrings(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    let first = arguments.first
    if builtin == .join { return join(arguments) }
    if builtin == .reverse, first.tag == .list { return reverse(list: first) }
    guard first.tag == .string else { return .noOverload(first, arguments.second) }
    guard pay(octets: count(of: first.text)) else { return .failure(.budgetExceeded) }
    switch builtin {
    case .charAt: return charAt(first, arguments.second)
    case .indexOf: return indexOf(arguments)
    case .lastIndexOf: return lastIndexOf(arguments)
    case .lowerAscii, .upperAscii: return changeCase(first, upper: builtin == .upperAscii)
    case .quote: return quote(first)
    case .replace: return replace(arguments)
    case .split: return split(arguments)
    case .substring: return substring(arguments)
    case .trim: return trim(first)
    case .reverse: return reverse(text: first)
    case .format: return format(first, arguments.second)
    default: return .failure(.noSuchFunction)
    }
  }

  // MARK: Positions

  /// The octet where code point number `index` begins, or the end; nil if the text is shorter.
  private func place(of index: Int64, in range: Range<Int>) -> Int? {
    guard index >= 0, index <= Int64(range.count) else { return nil }
    let octets = octets.span
    var place = range.lowerBound
    for _ in 0..<index {
      guard place < range.upperBound else { return nil }
      place += 1
      while place < range.upperBound, octets[place] & 0xc0 == 0x80 { place += 1 }
    }
    return place
  }

  private func scalarCount(in range: Range<Int>) -> Int {
    var count = 0
    let octets = octets.span
    for index in range where octets[index] & 0xc0 != 0x80 { count += 1 }
    return count
  }

  private mutating func charAt(_ text: Value, _ index: Value) -> Value {
    guard index.tag == .int else { return .noOverload(text, index) }
    let range = range(of: text.text)
    guard let start = place(of: index.int, in: range) else { return .failure(.indexOutOfRange) }
    var end = min(start + 1, range.upperBound)
    while end < range.upperBound, octets[end] & 0xc0 == 0x80 { end += 1 }
    return self.text(copyOf: start..<end)
  }

  private mutating func substring(_ arguments: Arguments) -> Value {
    let (text, from) = (arguments.first, arguments.second)
    let to = arguments.third
    guard from.tag == .int else { return .noOverload(text, from) }
    guard arguments.count == 2 || to.tag == .int else { return .noOverload(text, to) }
    let range = range(of: text.text)
    if arguments.count == 3, from.int > to.int {
      return invalid("the range of substring() ends before it begins")
    }
    guard let start = place(of: from.int, in: range) else { return .failure(.indexOutOfRange) }
    guard arguments.count == 3 else { return self.text(copyOf: start..<range.upperBound) }
    guard let end = place(of: to.int, in: range) else { return .failure(.indexOutOfRange) }
    return self.text(copyOf: start..<end)
  }

  /// An offset past the end is an error, as the conformance suite has it (cel-go gives -1).
  private mutating func indexOf(_ arguments: Arguments) -> Value {
    let (text, part) = (arguments.first, arguments.second)
    guard part.tag == .string else { return .noOverload(text, part) }
    let (whole, sought) = (range(of: text.text), range(of: part.text))
    var start = whole.lowerBound
    if arguments.count == 3 {
      guard arguments.third.tag == .int else { return .noOverload(text, arguments.third) }
      guard let place = place(of: arguments.third.int, in: whole) else {
        return .failure(.indexOutOfRange)
      }
      start = place
    }
    guard let found = firstPlace(of: sought, in: start..<whole.upperBound), pay(octets: found.work)
    else { return .failure(.budgetExceeded) }
    guard let place = found.place else { return .int(-1) }
    return .int(Int64(scalarCount(in: whole.lowerBound..<place)))
  }

  /// The offset is the last position at which the part may begin; for a part that is not empty the
  /// end itself is none.
  private mutating func lastIndexOf(_ arguments: Arguments) -> Value {
    let (text, part) = (arguments.first, arguments.second)
    guard part.tag == .string else { return .noOverload(text, part) }
    let (whole, sought) = (range(of: text.text), range(of: part.text))
    var last = whole.upperBound
    if arguments.count == 3 {
      guard arguments.third.tag == .int else { return .noOverload(text, arguments.third) }
      guard let place = place(of: arguments.third.int, in: whole) else {
        return .failure(.indexOutOfRange)
      }
      last = place
      if last == whole.upperBound, !sought.isEmpty { return .int(-1) }
    }
    var place = min(last, whole.upperBound - sought.count)
    while place >= whole.lowerBound {
      let same = commonOctets(sought, at: place)
      guard pay(octets: same) else { return .failure(.budgetExceeded) }
      if same == sought.count { return .int(Int64(scalarCount(in: whole.lowerBound..<place))) }
      place -= 1
    }
    return .int(-1)
  }

  /// How many octets of `sought` stand at `start`.
  private func commonOctets(_ sought: Range<Int>, at start: Int) -> Int {
    let octets = octets.span
    var same = 0
    while same < sought.count, octets[start + same] == octets[sought.lowerBound + same] {
      same += 1
    }
    return same
  }

  // MARK: Parts

  private mutating func replace(_ arguments: Arguments) -> Value {
    let (text, old, new) = (arguments.first, arguments.second, arguments.third)
    guard old.tag == .string, new.tag == .string else { return .noOverload(old, new) }
    guard arguments.count == 3 || arguments.fourth.tag == .int else {
      return .noOverload(text, arguments.fourth)
    }
    var left = arguments.count == 4 && arguments.fourth.int >= 0 ? arguments.fourth.int : .max
    let (whole, sought, inserted) = (range(of: text.text), range(of: old.text), range(of: new.text))
    let start = octetCount
    var copied = whole.lowerBound
    var place = whole.lowerBound
    while left > 0 {
      guard let found = firstPlace(of: sought, in: place..<whole.upperBound),
        pay(octets: found.work)
      else { return abandonText(start) }
      guard let match = found.place else { break }
      guard afford(octets: match - copied + inserted.count) else { return abandonText(start) }
      append(copyOf: copied..<match)
      append(copyOf: inserted)
      copied = match + sought.count
      left -= 1
      place = copied
      // Nothing is found between all code points and at both ends.
      if sought.isEmpty {
        guard place < whole.upperBound else { break }
        place += 1
        while place < whole.upperBound, octets[place] & 0xc0 == 0x80 { place += 1 }
      }
    }
    guard afford(octets: whole.upperBound - copied) else { return abandonText(start) }
    append(copyOf: copied..<whole.upperBound)
    return .string(internTail(from: start))
  }

  /// Gives up a text that was being appended.
  mutating func abandonText(_ start: Int) -> Value {
    dropTail(from: start)
    return exhausted
  }

  private mutating func split(_ arguments: Arguments) -> Value {
    let (text, separator) = (arguments.first, arguments.second)
    guard separator.tag == .string else { return .noOverload(text, separator) }
    guard arguments.count == 2 || arguments.third.tag == .int else {
      return .noOverload(text, arguments.third)
    }
    let limit = arguments.count == 3 && arguments.third.int >= 0 ? arguments.third.int : .max
    let (whole, sought) = (range(of: text.text), range(of: separator.text))
    var parts: [Value] = []
    guard limit > 0, !(whole.isEmpty && sought.isEmpty) else { return makeList(parts) }
    var place = whole.lowerBound
    while Int64(parts.count) < limit - 1 {
      let end: Int
      if sought.isEmpty {
        var next = place + 1
        while next < whole.upperBound, octets[next] & 0xc0 == 0x80 { next += 1 }
        guard next < whole.upperBound else { break }
        end = next
      } else {
        guard let found = firstPlace(of: sought, in: place..<whole.upperBound),
          pay(octets: found.work)
        else { return .failure(.budgetExceeded) }
        guard let match = found.place else { break }
        end = match
      }
      let part = self.text(copyOf: place..<end)
      guard !part.isError, afford(elements: 1) else { return exhausted }
      parts.append(part)
      place = end + sought.count
    }
    parts.append(self.text(copyOf: place..<whole.upperBound))
    guard afford(elements: parts.count) else { return exhausted }
    return makeList(parts)
  }

  private mutating func join(_ arguments: Arguments) -> Value {
    let list = arguments.first
    guard list.tag == .list, arguments.count == 1 || arguments.second.tag == .string else {
      return .noOverload(list, arguments.second)
    }
    let start = octetCount
    let separator = arguments.count == 2 ? range(of: arguments.second.text) : 0..<0
    for index in 0..<list.count {
      let element = element(index, of: list)
      guard element.tag == .string else {
        dropTail(from: start)
        return .noOverload(element)
      }
      guard afford(octets: separator.count + count(of: element.text)) else {
        return abandonText(start)
      }
      if index > 0 { append(copyOf: separator) }
      append(copyOf: range(of: element.text))
    }
    return .string(internTail(from: start))
  }
}
