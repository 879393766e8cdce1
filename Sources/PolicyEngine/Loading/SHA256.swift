/// SHA-256 (FIPS 180-4), for the revision of a policy set and the chain of the decision log.
///
/// Its own, because this module may depend on the toolchain alone (see `docs/decisions`); it is
/// held to the published test vectors.
package struct SHA256 {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]
  private var block: [UInt8] = []
  private var length: UInt64 = 0

  /// Of a fixed size, so that looking one up needs no check.
  private static let constants: InlineArray<64, UInt32> = {
    let found = primes(64)
    return InlineArray { fraction(of: found[$0]) }
  }()

  /// The first primes.
  private static func primes(_ count: Int) -> [UInt32] {
    var primes: [UInt32] = []
    var candidate: UInt32 = 2
    while primes.count < count {
      if !primes.contains(where: { candidate % $0 == 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes
  }

  /// The first 32 bits behind the point of a number's cube root, by bisection in whole numbers.
  private static func fraction(of prime: UInt32) -> UInt32 {
    // The largest r with r³ ≤ prime · 2⁹⁶; its low 32 bits are the fraction.
    var low: UInt64 = 0
    var high: UInt64 = 1 << 35
    while high - low > 1 {
      let middle = (low + high) / 2
      let cube = UInt128(middle) * UInt128(middle) * UInt128(middle)
      if cube <= UInt128(prime) << 96 { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }

  package init() {}

  package mutating func update(_ bytes: [UInt8]) {
    length += UInt64(bytes.count)
    var index = 0
    // What was left over comes first; after that, whole blocks are read where they lie.
    while !block.isEmpty, index < bytes.count {
      block.append(bytes[index])
      index += 1
      if block.count == 64 {
        let full = block
        block.removeAll(keepingCapacity: true)
        compress(full.span, at: 0)
      }
    }
    while index + 64 <= bytes.count {
      compress(bytes.span, at: index)
      index += 64
    }
    while index < bytes.count {
      block.append(bytes[index])
      index += 1
    }
  }

  /// The 32 bytes of the digest.
  package consuming func digest() -> [UInt8] {
    let bits = length &* 8
    block.append(0x80)
    while block.count % 64 != 56 { block.append(0) }
    for shift in stride(from: 56, through: 0, by: -8) {
      block.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    let rest = block
    for start in stride(from: 0, to: rest.count, by: 64) { compress(rest.span, at: start) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for word in state {
      for shift in stride(from: 24, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
      }
    }
    return bytes
  }

  /// The digest in hexadecimal.
  package consuming func hex() -> String { Hex.text(of: digest()) }

  @inline(__always) private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value >> count | value << (32 - count)
  }

  private mutating func compress(_ bytes: Span<UInt8>, at start: Int) {
    var w = InlineArray<64, UInt32>(repeating: 0)
    for index in 0..<16 {
      let place = start + index * 4
      let high = UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16
      w[index] = high | UInt32(bytes[place + 2]) << 8 | UInt32(bytes[place + 3])
    }
    for index in 16..<64 {
      let (a, b) = (w[index - 15], w[index - 2])
      let s0 = Self.rotate(a, 7) ^ Self.rotate(a, 18) ^ a >> 3
      let s1 = Self.rotate(b, 17) ^ Self.rotate(b, 19) ^ b >> 10
      w[index] = w[index - 16] &+ s0 &+ w[index - 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    let constants = Self.constants
    for index in 0..<64 {
      let s1 = Self.rotate(e, 6) ^ Self.rotate(e, 11) ^ Self.rotate(e, 25)
      let first = h &+ s1 &+ (e & f ^ ~e & g) &+ constants[index] &+ w[index]
      let s0 = Self.rotate(a, 2) ^ Self.rotate(a, 13) ^ Self.rotate(a, 22)
      let second = s0 &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    for (index, value) in [a, b, c, d, e, f, g, h].enumerated() {
      state[index] = state[index] &+ value
    }
  }
}

/// Bytes as lower-case hexadecimal digits.
package enum Hex {
  /// Two digits a byte.
  package static func text(of bytes: some Sequence<UInt8>) -> String {
    let digits: InlineArray<16, UInt8> = [
      0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65,
      0x66,
    ]
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

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
