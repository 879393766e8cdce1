/// Numbers and the three words.
extension JSONParser {
  /// Reads a number, `true`, `false` or `null`; anything else is not a value.
  @inline(__always)
  mutating func readBare(
    _ bytes: Span<UInt8>, from start: Int, _ expected: JSONFault.Expected,
    onto nodes: inout Nodes
  ) throws(JSONFault) -> Int {
    let byte = Self.byte(bytes, start)
    if byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") < 10 {
      return try readNumber(bytes, from: start, onto: &nodes)
    }
    return try readWord(bytes, from: start, expected, onto: &nodes)
  }

  private func readWord(
    _ bytes: Span<UInt8>, from start: Int, _ expected: JSONFault.Expected,
    onto nodes: inout Nodes
  ) throws(JSONFault) -> Int {
    let word: StaticWord
    switch Self.byte(bytes, start) {
    case UInt8(ascii: "t"): word = .true
    case UInt8(ascii: "f"): word = .false
    case UInt8(ascii: "n"): word = .null
    default: throw unexpected(expected, at: start, nodes.span)
    }
    var rest = word.letters
    var index = start
    while rest != 0 {
      guard Self.byte(bytes, index) == UInt8(truncatingIfNeeded: rest) else {
        throw unexpected(expected, at: start, nodes.span)
      }
      rest &>>= 8
      index &+= 1
    }
    try append(Node(word.kind, start, index, 0), to: &nodes)
    return index
  }

  private func unexpected(
    _ expected: JSONFault.Expected, at index: Int, _ nodes: Span<Node>
  ) -> JSONFault {
    JSONFault(
      .unexpected(expected), at: index, beside: open >= 0 ? Int(nodes[open].start) : -1)
  }

  /// A word of the grammar, its letters packed from the low end.
  private struct StaticWord {
    let kind: JSONTape.Kind
    let letters: UInt64

    static let null = Self(kind: .null, letters: 0x6C_6C_75_6E)
    static let `true` = Self(kind: .true, letters: 0x65_75_72_74)
    static let `false` = Self(kind: .false, letters: 0x65_73_6C_61_66)
  }

  /// Reads a number; one of up to 18 digits without fraction or exponent is finished here.
  private func readNumber(
    _ bytes: Span<UInt8>, from start: Int, onto nodes: inout Nodes
  ) throws(JSONFault) -> Int {
    let isNegative = bytes[start] == UInt8(ascii: "-")
    let first = isNegative ? start &+ 1 : start
    var index = first
    var value: UInt64 = 0
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
      value = value &* 10 &+ UInt64(bytes[index] &- UInt8(ascii: "0"))
      index &+= 1
    }
    guard index > first else { throw JSONFault(.missing(.whole), at: index) }
    if index &- first > 1, bytes[first] == UInt8(ascii: "0") {
      throw JSONFault(.leadingZero, at: first)
    }
    let next = Self.byte(bytes, index)
    let isWhole = next != UInt8(ascii: ".") && next | 0x20 != UInt8(ascii: "e")
    guard isWhole, index &- first <= 18 else {
      return try readHardNumber(bytes, from: start, first, onto: &nodes)
    }
    let bits = isNegative ? 0 &- value : value
    try append(Node(.int, start, index, bits), to: &nodes)
    return index
  }

  /// Reads any number from its start, of which the digits before the fraction are known to be
  /// well-formed.
  @inline(never)
  private func readHardNumber(
    _ bytes: Span<UInt8>, from start: Int, _ first: Int, onto nodes: inout Nodes
  ) throws(JSONFault) -> Int {
    var number = JSONNumber(isNegative: first > start)
    var index = number.take(bytes, from: first, isFraction: false)
    if Self.byte(bytes, index) == UInt8(ascii: ".") {
      let digits = index &+ 1
      index = number.take(bytes, from: digits, isFraction: true)
      guard index > digits else { throw JSONFault(.missing(.fraction), at: index) }
    }
    if Self.byte(bytes, index) | 0x20 == UInt8(ascii: "e") {
      index = try readExponent(bytes, from: index &+ 1, of: &number)
    }
    let node: Node
    if let bits = number.int {
      node = Node(.int, start, index, bits)
    } else if let bits = number.uint {
      node = Node(.uint, start, index, bits)
    } else {
      guard let value = number.double(bytes, from: first, to: index) else {
        throw JSONFault(.numberOutOfRange, at: start)
      }
      node = Node(.double, start, index, value.bitPattern)
    }
    try append(node, to: &nodes)
    return index
  }

  private func readExponent(
    _ bytes: Span<UInt8>, from start: Int, of number: inout JSONNumber
  ) throws(JSONFault) -> Int {
    var index = start
    let sign = Self.byte(bytes, index)
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { index &+= 1 }
    let digits = index
    var exponent = 0
    while Self.byte(bytes, index) &- UInt8(ascii: "0") < 10 {
      // Far past every double, further digits change nothing.
      if exponent < 1 << 40 {
        exponent = exponent &* 10 &+ Int(bytes[index] &- UInt8(ascii: "0"))
      }
      index &+= 1
    }
    guard index > digits else { throw JSONFault(.missing(.exponent), at: index) }
    number.scale(by: sign == UInt8(ascii: "-") ? 0 &- exponent : exponent)
    return index
  }
}
