/// SHA-256 (FIPS 180-4), for the revision of a policy set and the chain of the decision log.
///
/// Its own, because this module may depend on the toolchain alone (see `docs/decisions`); it is
/// held to the published test vectors.
package struct SHA256 {
  private typealias State = InlineArray<8, UInt32>

  private var state: State = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]
  /// What was left over of the bytes so far, and how many of them there are, fewer than 64.
  private var block = InlineArray<64, UInt8>(repeating: 0)
  private var held = 0
  private var length: UInt64 = 0

  /// The first 32 bits behind the point of the first 64 primes' cube roots. A table that is worked
  /// out at its first use is looked for at each, which costs a third of a digest.
  package static let constants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]

  package init() {}

  package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

  package mutating func update(_ bytes: Span<UInt8>) {
    length &+= UInt64(bytes.count)
    var index = 0
    // What was left over comes first; after that, whole blocks are read where they lie.
    if held > 0 {
      while held < 64, index < bytes.count {
        hold(bytes[index])
        index += 1
      }
      guard held == 64 else { return }
      let full = block
      Self.compress(full.span, at: 0, into: &state)
      held = 0
    }
    while bytes.count - index >= 64 {
      Self.compress(bytes, at: index, into: &state)
      index += 64
    }
    while index < bytes.count {
      hold(bytes[index])
      index += 1
    }
  }

  private mutating func hold(_ byte: UInt8) {
    block[held] = byte
    held += 1
  }

  /// The 32 bytes of the digest.
  package consuming func digest() -> [UInt8] {
    let bits = length &* 8
    var end: [UInt8] = [0x80]
    while (held + end.count) % 64 != 56 { end.append(0) }
    for shift in stride(from: 56, through: 0, by: -8) {
      end.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    update(end)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for index in state.indices {
      for shift in stride(from: 24, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: state[index] >> UInt32(shift)))
      }
    }
    return bytes
  }

  /// The digest in hexadecimal.
  package consuming func hex() -> String { Hex.text(of: digest()) }

  @inline(__always) private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value &>> count | value &<< (32 &- count)
  }

  /// Takes in the 64 bytes from `start` on.
  private static func compress(_ bytes: Span<UInt8>, at start: Int, into state: inout State) {
    var words = InlineArray<16, UInt32>(repeating: 0)
    for index in 0..<16 {
      let place = start + index * 4
      // Unsafe only for types that not all bits are values of; the bounds are checked.
      words[index] = UInt32(
        bigEndian: unsafe bytes.bytes.unsafeLoadUnaligned(
          fromByteOffset: place, as: UInt32.self))
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for round in stride(from: 0, to: 64, by: 8) {
      if round >= 16, round % 16 == 0 { extend(&words) }
      @inline(__always) func word(_ index: Int) -> UInt32 {
        constants[round &+ index] &+ words[(round & 8) &+ index]
      }
      // Instead of moving all variables on by one, their names move; after eight they are back.
      step(a, b, c, &d, e, f, g, &h, word(0))
      step(h, a, b, &c, d, e, f, &g, word(1))
      step(g, h, a, &b, c, d, e, &f, word(2))
      step(f, g, h, &a, b, c, d, &e, word(3))
      step(e, f, g, &h, a, b, c, &d, word(4))
      step(d, e, f, &g, h, a, b, &c, word(5))
      step(c, d, e, &f, g, h, a, &b, word(6))
      step(b, c, d, &e, f, g, h, &a, word(7))
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
    state[5] &+= f
    state[6] &+= g
    state[7] &+= h
  }

  /// The next sixteen words, of the last sixteen.
  @inline(__always) private static func extend(_ words: inout InlineArray<16, UInt32>) {
    for index in 0..<16 {
      let (x, y) = (words[(index &+ 1) & 15], words[(index &+ 14) & 15])
      let s0 = rotate(x, 7) ^ rotate(x, 18) ^ x &>> 3
      let s1 = rotate(y, 17) ^ rotate(y, 19) ^ y &>> 10
      words[index] = words[index] &+ s0 &+ words[(index &+ 9) & 15] &+ s1
    }
  }

  @inline(__always) private static func step(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
    _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
  ) {
    let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    let first = h &+ s1 &+ (g ^ (e & (f ^ g))) &+ word
    let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    d = d &+ first
    h = first &+ s0 &+ ((a & b) | (c & (a | b)))
  }
}

/// Bytes as lower-case hexadecimal digits.
package enum Hex {
  /// Two digits a byte.
  package static func text(of bytes: some Collection<UInt8>) -> String {
    let text = [UInt8](capacity: 2 * bytes.count) { text in
      for byte in bytes {
        text.append(digit(byte >> 4))
        text.append(digit(byte & 15))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ half: UInt8) -> UInt8 { half + (half < 10 ? 0x30 : 0x57) }

  /// The bytes that a text of digits says; nil unless it is an even number of lower-case digits.
  package static func bytes(of text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text.utf8 {
      let digit: UInt8
      switch character {
      case 0x30...0x39: digit = character - 0x30
      case 0x61...0x66: digit = character - 0x61 + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? bytes : nil
  }
}
