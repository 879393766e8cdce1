/// Reading code points from bytes.
enum UTF8Decoding {
  /// The code point at `index` and where the next one starts.
  ///
  /// Texts are valid by contract, so this does not validate; whatever the bytes are, it moves
  /// forward and never past `end`.
  @inline(__always)
  static func scalar(
    in text: borrowing Span<UInt8>, at index: Int, end: Int
  ) -> (scalar: UInt32, next: Int) {
    let lead = text[index]
    if lead < 0x80 { return (UInt32(lead), index &+ 1) }
    if lead < 0xC0 { return (0xFFFD, index &+ 1) }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard index &+ length <= end else { return (0xFFFD, end) }
    var scalar = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length {
      scalar = scalar << 6 | UInt32(text[index &+ offset] & 0x3F)
    }
    return (min(scalar, ScalarSet.maximum), index &+ length)
  }

  /// The offset of the first byte that is not part of valid UTF-8, if there is one.
  static func firstInvalidOffset(in bytes: [UInt8]) -> Int? {
    var index = 0
    while index < bytes.count {
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      guard lead >= 0xC2, lead <= 0xF4, index + length <= bytes.count else { return index }
      // The second byte rules out overlong forms, surrogates and anything past U+10FFFF.
      let second = bytes[index + 1]
      let lowest: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
      let highest: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
      guard second >= lowest, second <= highest else { return index }
      for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return index }
      index += length
    }
    return nil
  }

  /// The bytes of a code point, or nil for a surrogate, which no valid text contains.
  static func bytes(of scalar: UInt32) -> [UInt8]? {
    guard let scalar = Unicode.Scalar(scalar) else { return nil }
    return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
