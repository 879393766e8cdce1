/// The `encoders` library.
extension Memory {
  mutating func callEncoders(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    let first = arguments.first
    switch builtin {
    case .base64Encode, .base64EncodeURL:
      return base64Encode(first, alphabet: builtin == .base64Encode ? .standard : .url)
    case .base64Decode, .base64DecodeURL:
      return base64Decode(first, alphabet: builtin == .base64Decode ? .standard : .url)
    case .jsonEncode: return jsonEncode(first)
    default: return .failure(.noSuchFunction)
    }
  }

  private mutating func base64Encode(_ value: Value, alphabet: Base64) -> Value {
    guard value.tag == .bytes else { return .noOverload(value) }
    let range = range(of: value.text)
    guard afford(octets: range.count / 3 * 4 + 4) else { return exhausted }
    return .string(intern(alphabet.encode(octets[range])))
  }

  private mutating func base64Decode(_ value: Value, alphabet: Base64) -> Value {
    guard value.tag == .string else { return .noOverload(value) }
    let range = range(of: value.text)
    guard afford(octets: range.count) else { return exhausted }
    guard let decoded = alphabet.decode(octets[range]) else {
      return .failure(.invalidConversion, detail: value.text)
    }
    return .bytes(intern(decoded))
  }
}

/// Base64 (RFC 4648) in one of its two alphabets.
package struct Base64: Sendable {
  private let digits: [UInt8]

  package static let standard = Base64(last: "+/")
  package static let url = Base64(last: "-_")

  private init(last: String) {
    digits =
      Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
      + Array(last.utf8)
  }

  /// With padding.
  package func encode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let left = min(bytes.endIndex - index, 3)
      var word: UInt32 = 0
      for offset in 0..<3 { word = word << 8 | (offset < left ? UInt32(bytes[index + offset]) : 0) }
      for place in 0..<4 {
        let digit = digits[Int(word >> UInt32(18 - 6 * place) & 63)]
        text.append(place <= left ? digit : UInt8(ascii: "="))
      }
      index += left
    }
    return text
  }

  /// With full padding or none; line ends may stand anywhere, as Go's decoder has it. Nil if it is
  /// not base64.
  package func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3 + 3)
    var word: UInt32 = 0
    var count = 0
    var padding = 0
    for octet in text where octet != 0x0a && octet != 0x0d {
      if octet == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let digit = value(of: octet) else { return nil }
      word = word << 6 | digit
      count += 1
      guard count % 4 == 0 else { continue }
      for shift: UInt32 in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
      word = 0
    }
    let rest = count % 4
    guard rest != 1, padding == 0 || rest > 0 && rest + padding == 4 else { return nil }
    if rest > 0 {
      word <<= UInt32(6 * (4 - rest))
      for index in 0..<rest - 1 {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * index)))
      }
    }
    return bytes
  }

  private func value(of octet: UInt8) -> UInt32? {
    switch octet {
    case 0x41...0x5a: UInt32(octet - 0x41)
    case 0x61...0x7a: UInt32(octet - 0x61 + 26)
    case 0x30...0x39: UInt32(octet - 0x30 + 52)
    case digits[62]: 62
    case digits[63]: 63
    default: nil
    }
  }
}
