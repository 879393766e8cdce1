/// Reading bytes and eight bytes at a time, without leaving memory safety.
extension JSONParser {
  /// The byte at `index`, or zero at the end: no rule of the grammar allows a zero, so one test
  /// serves both.
  @inline(__always)
  static func byte(_ bytes: Span<UInt8>, _ index: Int) -> UInt8 {
    index < bytes.count ? bytes[index] : 0
  }

  /// The first byte at or after `start` that is not white space.
  @inline(__always)
  static func skipSpace(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    byte(bytes, start) > 0x20 ? start : skipMoreSpace(bytes, start)
  }

  @inline(never)
  private static func skipMoreSpace(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x20 {
        index &+= 1
        // Indentation: eight spaces at a time.
        while let word = word(bytes, index), word == 0x2020_2020_2020_2020 { index &+= 8 }
      } else if byte == 0x0A || byte == 0x0D || byte == 0x09 {
        index &+= 1
      } else {
        break
      }
    }
    return index
  }

  /// The eight bytes from `index` as one little-endian number.
  ///
  /// Cutting the eight out first leaves one bounds check, and the compiler makes one load of the
  /// eight.
  @inline(__always)
  static func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt64? {
    guard index >= 0, index <= bytes.count &- 8 else { return nil }
    let cut = bytes.extracting(index..<(index &+ 8))
    let low =
      UInt64(cut[0]) | UInt64(cut[1]) &<< 8 | UInt64(cut[2]) &<< 16 | UInt64(cut[3]) &<< 24
    let high =
      UInt64(cut[4]) &<< 32 | UInt64(cut[5]) &<< 40 | UInt64(cut[6]) &<< 48
      | UInt64(cut[7]) &<< 56
    return low | high
  }

  /// The first byte at or after `start` that a string cannot simply hold: a quote, a backslash, a
  /// control character, or a byte above ASCII.
  @inline(__always)
  static func skipPlain(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while let word = word(bytes, index) {
      let special = specialBytes(of: word)
      if special != 0 { return index &+ special.trailingZeroBitCount &>> 3 }
      index &+= 8
    }
    while index < bytes.count, isPlain(bytes[index]) { index &+= 1 }
    return index
  }

  /// The top bit of each byte that is not plain; exact for the lowest one set, which is the one
  /// that counts.
  @inline(__always)
  static func specialBytes(of word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = (word ^ (ones &* 0x22)) &- ones
    let slashes = (word ^ (ones &* 0x5C)) &- ones
    let controls = word &- ones &* 0x20
    return (quotes | slashes | controls | word) & (ones &* 0x80)
  }

  @inline(__always)
  static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
  }

  /// The length of the well-formed UTF-8 sequence at `index`, or zero where there is none.
  ///
  /// Overlong forms, surrogates, and code points past U+10FFFF are not well-formed (Unicode, table
  /// 3-7).
  static func sequenceLength(_ bytes: Span<UInt8>, _ index: Int) -> Int {
    let lead = byte(bytes, index)
    var second: ClosedRange<UInt8> = 0x80...0xBF
    let length: Int
    switch lead {
    case 0x00...0x7F: return index < bytes.count ? 1 : 0
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return 0
    }
    guard second.contains(byte(bytes, index &+ 1)) else { return 0 }
    if length > 2, byte(bytes, index &+ 2) & 0xC0 != 0x80 { return 0 }
    if length > 3, byte(bytes, index &+ 3) & 0xC0 != 0x80 { return 0 }
    return length
  }

  /// Tells a byte order mark from any other fault at the start of a text.
  static func refuseMark(_ bytes: Span<UInt8>, at start: Int) throws(JSONFault) {
    guard byte(bytes, start &+ 1) == 0xBB, byte(bytes, start &+ 2) == 0xBF else { return }
    throw JSONFault(.byteOrderMark, at: start)
  }
}
