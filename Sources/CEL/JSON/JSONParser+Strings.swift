/// Strings: most are one range of the source; only those with escapes are copied.
extension JSONParser {
  /// Reads the string whose opening quote is at `start`; returns the byte after its closing quote.
  @inline(__always)
  mutating func readString(
    _ bytes: Span<UInt8>, from start: Int, onto nodes: inout Nodes
  ) throws(JSONFault) -> Int {
    let text = start &+ 1
    let end = Self.skipPlain(bytes, text)
    guard Self.byte(bytes, end) == UInt8(ascii: "\"") else {
      return try readHardString(bytes, from: start, stoppedAt: end, onto: &nodes)
    }
    let payload = UInt64(end &- text) &<< 32 | UInt64(UInt32(truncatingIfNeeded: text))
    try append(Node(.string, start, end &+ 1, payload), to: &nodes)
    return end &+ 1
  }

  /// Goes on with a string at the first byte that is not plain.
  @inline(never)
  private mutating func readHardString(
    _ bytes: Span<UInt8>, from start: Int, stoppedAt stop: Int, onto nodes: inout Nodes
  ) throws(JSONFault) -> Int {
    let text = decoded.count
    var isDecoded = false
    var copied = start &+ 1
    var index = stop
    while index < bytes.count {
      let byte = bytes[index]
      if byte >= 0x80 {
        let length = Self.sequenceLength(bytes, index)
        guard length > 0 else { throw JSONFault(.invalidUTF8, at: index) }
        index &+= length
      } else if byte == UInt8(ascii: "\\") {
        isDecoded = true
        keep(bytes, from: copied, to: index)
        index = try readEscape(bytes, at: index)
        copied = index
      } else if byte == UInt8(ascii: "\"") {
        var payload = UInt64(UInt32(truncatingIfNeeded: start &+ 1))
        payload |= UInt64(index &- start &- 1) &<< 32
        if isDecoded {
          keep(bytes, from: copied, to: index)
          payload = UInt64(decoded.count &- text) &<< 32 | UInt64(text)
        }
        try append(Node(.string, start, index &+ 1, payload, isDecoded: isDecoded), to: &nodes)
        return index &+ 1
      } else if byte < 0x20 {
        throw JSONFault(.controlCharacter, at: index, beside: start)
      } else {
        index = Self.skipPlain(bytes, index)
      }
    }
    throw JSONFault(.unterminatedString, at: index, beside: start)
  }

  /// Copies a stretch of the source that needs no decoding.
  private mutating func keep(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    let run = bytes.extracting(start..<end)
    decoded.append(addingCapacity: run.count) { room in
      for index in run.indices { room.append(run[index]) }
    }
  }

  /// Decodes the escape whose backslash is at `start`; returns the byte after it.
  private mutating func readEscape(
    _ bytes: Span<UInt8>, at start: Int
  ) throws(JSONFault) -> Int {
    let byte = Self.byte(bytes, start &+ 1)
    if byte == UInt8(ascii: "u") { return try readUnicodeEscape(bytes, at: start) }
    guard let plain = Self.meaning(ofEscape: byte) else {
      throw JSONFault(.unknownEscape, at: start)
    }
    decoded.append(plain)
    return start &+ 2
  }

  /// What one letter after a backslash stands for.
  static func meaning(ofEscape letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    default: nil
    }
  }

  private mutating func readUnicodeEscape(
    _ bytes: Span<UInt8>, at start: Int
  ) throws(JSONFault) -> Int {
    guard let first = Self.codeUnit(bytes, at: start) else {
      throw JSONFault(.incompleteUnicodeEscape, at: start)
    }
    guard first & 0xF800 == 0xD800 else {
      encode(first)
      return start &+ 6
    }
    guard first < 0xDC00, Self.byte(bytes, start &+ 6) == UInt8(ascii: "\\"),
      Self.byte(bytes, start &+ 7) == UInt8(ascii: "u")
    else { throw JSONFault(.unpairedSurrogate, at: start) }
    guard let second = Self.codeUnit(bytes, at: start &+ 6) else {
      throw JSONFault(.incompleteUnicodeEscape, at: start &+ 6)
    }
    guard second & 0xFC00 == 0xDC00 else { throw JSONFault(.unpairedSurrogate, at: start) }
    encode(0x10000 &+ (first & 0x3FF) &<< 10 &+ (second & 0x3FF))
    return start &+ 12
  }

  /// The four hexadecimal digits of the `\u` escape at `start`.
  static func codeUnit(_ bytes: Span<UInt8>, at start: Int) -> UInt32? {
    var unit: UInt32 = 0
    for index in (start &+ 2)..<(start &+ 6) {
      let byte = byte(bytes, index)
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte &- UInt8(ascii: "A") &+ 10
      default: return nil
      }
      unit = unit &<< 4 | UInt32(digit)
    }
    return unit
  }

  /// Appends one code point, known not to be a surrogate, as UTF-8.
  private mutating func encode(_ point: UInt32) {
    if point < 0x80 {
      decoded.append(UInt8(truncatingIfNeeded: point))
      return
    }
    if point < 0x800 {
      decoded.append(0xC0 | UInt8(truncatingIfNeeded: point &>> 6))
    } else {
      if point < 0x10000 {
        decoded.append(0xE0 | UInt8(truncatingIfNeeded: point &>> 12))
      } else {
        decoded.append(0xF0 | UInt8(truncatingIfNeeded: point &>> 18))
        decoded.append(0x80 | UInt8(truncatingIfNeeded: point &>> 12) & 0x3F)
      }
      decoded.append(0x80 | UInt8(truncatingIfNeeded: point &>> 6) & 0x3F)
    }
    decoded.append(0x80 | UInt8(truncatingIfNeeded: point) & 0x3F)
  }
}
