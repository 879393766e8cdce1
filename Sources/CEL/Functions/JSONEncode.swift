/// `json.encode(value)`: values as JSON text, the way cel-go maps them.
extension Memory {
  mutating func jsonEncode(_ value: Value) -> Value {
    var text: [UInt8] = []
    if let error = writeJSON(value, &text, depth: 0) { return error }
    guard afford(octets: text.count) else { return exhausted }
    return .string(intern(text))
  }

  /// The largest whole number that every reader of JSON keeps exact; larger ones become texts.
  private static let exactInteger: UInt64 = 9_007_199_254_740_991

  private mutating func writeJSON(_ value: Value, _ text: inout [UInt8], depth: Int) -> Value? {
    guard depth < 1_000, pay(1) else { return .failure(.budgetExceeded) }
    switch value.tag {
    case .null: text += "null".utf8
    case .bool: text += (value.isTrue ? "true" : "false").utf8
    case .int:
      writeNumber(String(value.int), exact: value.int.magnitude <= Self.exactInteger, &text)
    case .uint: writeNumber(String(value.bits), exact: value.bits <= Self.exactInteger, &text)
    case .double:
      guard pay(Self.scalarTextCost) else { return exhausted }
      guard value.double.isFinite else { return invalid("JSON has no NaN and no infinities") }
      text += DoubleText.json(value.double).utf8
    case .string: return writeJSONText(octets[range(of: value.text)], &text)
    case .bytes:
      return writeJSONText(Base64.standard.encode(octets[range(of: value.text)])[...], &text)
    case .timestamp: return writeJSONText(Array(value.asTimestamp.text.utf8)[...], &text)
    case .duration: return writeJSONText(Array(DurationText.format(value.int).utf8)[...], &text)
    case .list: return writeJSONList(value, &text, depth: depth)
    case .map: return writeJSONMap(value, &text, depth: depth)
    case .optional:
      guard let wrapped = wrapped(value) else { return .failure(.noneDereferenced) }
      return writeJSON(wrapped, &text, depth: depth + 1)
    default: return value.isError ? value : invalid("\(value.tag) has no form in JSON")
    }
    return nil
  }

  private func writeNumber(_ digits: String, exact: Bool, _ text: inout [UInt8]) {
    if !exact { text.append(UInt8(ascii: "\"")) }
    text += digits.utf8
    if !exact { text.append(UInt8(ascii: "\"")) }
  }

  private mutating func writeJSONList(
    _ list: Value, _ text: inout [UInt8], depth: Int
  ) -> Value? {
    text.append(UInt8(ascii: "["))
    for index in 0..<list.count {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      if let error = writeJSON(element(index, of: list), &text, depth: depth + 1) { return error }
    }
    text.append(UInt8(ascii: "]"))
    return nil
  }

  /// Members stand in the order of their names, so that equal maps have equal texts.
  private mutating func writeJSONMap(_ map: Value, _ text: inout [UInt8], depth: Int) -> Value? {
    // The names one after the other, and where each stands among them.
    var spelled: [UInt8] = []
    var members: [(name: Range<Int>, index: Int)] = []
    for index in 0..<map.count {
      let (key, start) = (key(index, of: map), spelled.count)
      if key.tag == .string {
        spelled += octets[range(of: key.text)]
      } else {
        spelled += (scalarText(key) ?? "").utf8
      }
      guard pay(octets: spelled.count - start) else { return exhausted }
      members.append((start..<spelled.count, index))
    }
    // What sorting compares, before it does.
    let rounds = Int.bitWidth - map.count.leadingZeroBitCount
    guard pay(rounds * (map.count + spelled.count >> 4)) else { return exhausted }
    members.sort { spelled[$0.name].lexicographicallyPrecedes(spelled[$1.name]) }
    text.append(UInt8(ascii: "{"))
    for (place, member) in members.enumerated() {
      let name = spelled[member.name]
      if place > 0 {
        guard name != spelled[members[place - 1].name] else {
          return invalid("two keys of the map are the same name in JSON")
        }
        text.append(UInt8(ascii: ","))
      }
      if let error = writeJSONText(name, &text) { return error }
      text.append(UInt8(ascii: ":"))
      if let error = writeJSON(value(member.index, of: map), &text, depth: depth + 1) {
        return error
      }
    }
    text.append(UInt8(ascii: "}"))
    return nil
  }

  /// Quotes a text. `<`, `>`, `&` and the line ends of Unicode are escaped too: what this makes may
  /// end up in a page.
  private mutating func writeJSONText(_ octets: ArraySlice<UInt8>, _ text: inout [UInt8]) -> Value?
  {
    guard pay(octets: octets.count), text.count + 6 * octets.count <= Limits.evaluationOctets else {
      return exhausted
    }
    text.append(UInt8(ascii: "\""))
    for octet in octets {
      switch octet {
      case 0x22, 0x5c: text += [0x5c, octet]
      case 0x0a: text += "\\n".utf8
      case 0x0d: text += "\\r".utf8
      case 0x09: text += "\\t".utf8
      case 0x08: text += "\\b".utf8
      case 0x0c: text += "\\f".utf8
      case 0..<0x20, 0x3c, 0x3e, 0x26:
        text += "\\u00".utf8
        for digit in [octet >> 4, octet & 15] {
          text.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
        }
      // U+2028 and U+2029, of which two octets were written.
      case 0xa8, 0xa9:
        guard text.suffix(2).elementsEqual([0xe2, 0x80]) else {
          text.append(octet)
          continue
        }
        text.removeLast(2)
        text += (octet == 0xa8 ? "\\u2028" : "\\u2029").utf8
      default: text.append(octet)
      }
    }
    text.append(UInt8(ascii: "\""))
    return nil
  }
}

extension DoubleText {
  /// The shortest text that reads back as `value`, with an exponent only for very large and very
  /// small numbers, as ECMAScript and Go's JSON write it. The value must be finite.
  static func json(_ value: Double) -> String {
    let decimal = DecimalDigits(shortest: value)
    let exponent = decimal.point - 1
    guard value != 0, exponent < -6 || exponent >= 21 else { return decimal.fixed(precision: nil) }
    let text = decimal.scientific(precision: nil)
    // `1e-07` is written `1e-7`.
    guard exponent > -10, exponent < 0 else { return text }
    return String(text.dropLast(2)) + String(-exponent)
  }
}
