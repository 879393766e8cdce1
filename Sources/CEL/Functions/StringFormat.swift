/// `text.format(arguments)`: printf in the small, with the same verbs for every locale.
struct FormatClause {
  /// Where the clause stands in the format, with its percent sign.
  var range: Range<Int>
  /// One of `s d f e b x X o`, or `%` for the sign itself.
  var verb: UInt8
  var precision: Int

  /// Precision of `%f` and `%e` when none is written.
  static let defaultPrecision = 6

  /// The next clause at or after `start`, nil if there is none; throws a message if it is
  /// malformed.
  static func next(
    in octets: Span<UInt8>, from start: Int, to end: Int
  ) throws(FormatError) -> FormatClause? {
    var place = start
    while place < end, octets[place] != UInt8(ascii: "%") { place += 1 }
    guard place < end else { return nil }
    let percent = place
    place += 1
    var precision = defaultPrecision
    if place < end, octets[place] == UInt8(ascii: ".") {
      place += 1
      let digits = place
      precision = 0
      while place < end, Lexer.isDigit(octets[place]) {
        precision = min(precision * 10 + Int(octets[place] - 0x30), 1_000_000)
        place += 1
      }
      guard place > digits else { throw FormatError(message: "a precision has no digits") }
      guard precision <= Limits.formatPrecision else {
        throw FormatError(message: "a precision is larger than \(Limits.formatPrecision)")
      }
    }
    guard place < end else { throw FormatError(message: "the format ends inside a clause") }
    let verb = octets[place]
    let isSign = verb == UInt8(ascii: "%") && place == percent + 1
    guard isSign || Self.verbs.contains(verb) else {
      throw FormatError(message: "a clause of the format has an unknown verb")
    }
    return FormatClause(range: percent..<place + 1, verb: verb, precision: precision)
  }

  private static let verbs = Array("sdfebxXo".utf8)
}

/// What is wrong with a format.
struct FormatError: Error {
  var message: String
}

extension Memory {
  mutating func format(_ format: Value, _ list: Value) -> Value {
    guard list.tag == .list else { return .noOverload(format, list) }
    let whole = range(of: format.text)
    var writer = FormatWriter()
    var place = whole.lowerBound
    var used = 0
    while place < whole.upperBound {
      let clause: FormatClause
      do throws(FormatError) {
        guard let next = try FormatClause.next(in: octets.span, from: place, to: whole.upperBound)
        else { break }
        clause = next
      } catch {
        return invalid(error.message)
      }
      writer.octets += octets[place..<clause.range.lowerBound]
      place = clause.range.upperBound
      if clause.verb == UInt8(ascii: "%") {
        writer.octets.append(clause.verb)
        continue
      }
      guard used < list.count else { return invalid("the format has more clauses than arguments") }
      let argument = element(used, of: list)
      used += 1
      let before = writer.octets.count
      if let error = write(argument, clause, &writer) { return error }
      guard afford(octets: writer.octets.count - before) else { return exhausted }
    }
    writer.octets += octets[place..<whole.upperBound]
    guard afford(octets: writer.octets.count) else { return exhausted }
    return .string(intern(writer.octets))
  }

  /// Writes one argument; an error if the verb does not take it.
  private mutating func write(
    _ value: Value, _ clause: FormatClause, _ writer: inout FormatWriter
  ) -> Value? {
    switch clause.verb {
    case UInt8(ascii: "s"): return writeText(value, &writer, depth: 0)
    case UInt8(ascii: "d"):
      switch value.tag {
      case .int, .uint: writer.integer(value, radix: 10)
      case .double:
        guard pay(Self.scalarTextCost) else { return exhausted }
        writer.text(DoubleFormat.shortest(value.double))
      default: return unformattable(value, "%d")
      }
    case UInt8(ascii: "f"), UInt8(ascii: "e"):
      guard let number = Self.number(value) else {
        return unformattable(value, clause.verb == UInt8(ascii: "f") ? "%f" : "%e")
      }
      guard pay(DecimalDigits.cost(exact: number)) else { return exhausted }
      writer.text(
        clause.verb == UInt8(ascii: "f")
          ? DoubleFormat.fixed(number, precision: clause.precision)
          : DoubleFormat.scientific(number, precision: clause.precision))
    case UInt8(ascii: "b"):
      switch value.tag {
      case .int, .uint: writer.integer(value, radix: 2)
      case .bool: writer.text(value.isTrue ? "1" : "0")
      default: return unformattable(value, "%b")
      }
    case UInt8(ascii: "o"):
      guard value.tag == .int || value.tag == .uint else { return unformattable(value, "%o") }
      writer.integer(value, radix: 8)
    default: return writeHex(value, upper: clause.verb == UInt8(ascii: "X"), &writer)
    }
    return nil
  }

  private static func number(_ value: Value) -> Double? {
    switch value.tag {
    case .double: value.double
    case .int: Double(value.int)
    case .uint: Double(value.bits)
    default: nil
    }
  }

  private mutating func unformattable(_ value: Value, _ verb: String) -> Value {
    value.isError ? value : invalid("\(verb) does not take \(value.tag)")
  }

  private mutating func writeHex(
    _ value: Value, upper: Bool, _ writer: inout FormatWriter
  ) -> Value? {
    switch value.tag {
    case .int, .uint: writer.integer(value, radix: 16, upper: upper)
    case .string, .bytes:
      let range = range(of: value.text)
      guard afford(octets: 4 * range.count) else { return exhausted }
      for index in range { writer.hex(octets[index], upper: upper) }
    default: return unformattable(value, upper ? "%X" : "%x")
    }
    return nil
  }

  /// `%s`: any value that has a text, lists and maps with all they hold.
  private mutating func writeText(
    _ value: Value, _ writer: inout FormatWriter, depth: Int
  ) -> Value? {
    guard depth < 1_000, pay(1) else { return .failure(.budgetExceeded) }
    switch value.tag {
    case .null: writer.text("null")
    case .bool: writer.text(value.isTrue ? "true" : "false")
    case .int, .uint: writer.integer(value, radix: 10)
    case .double:
      guard pay(Self.scalarTextCost) else { return exhausted }
      writer.text(DoubleFormat.shortest(value.double))
    case .string, .type:
      guard writer.hasRoom(count(of: value.text)), pay(octets: count(of: value.text)) else {
        return exhausted
      }
      writer.octets += octets[range(of: value.text)]
    case .bytes:
      // What is not UTF-8 becomes the replacement character, of three octets: the result is a text.
      let size = 3 * count(of: value.text)
      guard writer.hasRoom(size), pay(octets: size) else { return exhausted }
      writer.text(String(decoding: octets[range(of: value.text)], as: UTF8.self))
    case .timestamp, .duration:
      guard pay(Self.scalarTextCost), let text = scalarText(value) else { return exhausted }
      writer.text(text)
    case .list: return writeList(value, &writer, depth: depth)
    case .map: return writeMap(value, &writer, depth: depth)
    default: return unformattable(value, "%s")
    }
    return nil
  }

  private mutating func writeList(
    _ list: Value, _ writer: inout FormatWriter, depth: Int
  ) -> Value? {
    writer.text("[")
    for index in 0..<list.count {
      if index > 0 { writer.text(", ") }
      if let error = writeText(element(index, of: list), &writer, depth: depth + 1) { return error }
    }
    writer.text("]")
    return nil
  }

  /// Entries stand in the order of their keys' texts, so that one map has one text.
  private mutating func writeMap(
    _ map: Value, _ writer: inout FormatWriter, depth: Int
  ) -> Value? {
    var entries: [(key: [UInt8], value: [UInt8])] = []
    var size = 0
    for index in 0..<map.count {
      var (key, value) = (FormatWriter(), FormatWriter())
      if let error = writeText(self.key(index, of: map), &key, depth: depth + 1) { return error }
      if let error = writeText(self.value(index, of: map), &value, depth: depth + 1) {
        return error
      }
      size += key.octets.count + value.octets.count
      guard writer.hasRoom(size), pay(octets: size) else { return exhausted }
      entries.append((key.octets, value.octets))
    }
    entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
    writer.text("{")
    for (index, entry) in entries.enumerated() {
      if index > 0 { writer.text(", ") }
      writer.octets += entry.key
      writer.text(": ")
      writer.octets += entry.value
    }
    writer.text("}")
    return nil
  }
}

/// The text that a format makes, while it is being made.
struct FormatWriter {
  var octets: [UInt8] = []

  func hasRoom(_ more: Int) -> Bool { octets.count + more <= Limits.evaluationOctets }
  mutating func text(_ text: String) { octets += text.utf8 }

  mutating func integer(_ value: Value, radix: Int, upper: Bool = false) {
    let text =
      value.tag == .int
      ? String(value.int, radix: radix, uppercase: upper)
      : String(value.bits, radix: radix, uppercase: upper)
    self.text(text)
  }

  mutating func hex(_ octet: UInt8, upper: Bool) {
    for digit in [octet >> 4, octet & 15] {
      octets.append(digit < 10 ? 0x30 + digit : (upper ? 0x41 : 0x61) + digit - 10)
    }
  }
}
