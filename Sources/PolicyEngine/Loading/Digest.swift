/// SHA-256 (FIPS 180-4), for the revision of a policy set.
///
/// Its own, because this module may depend on the toolchain alone (see `docs/decisions`); it is
/// held to the published test vectors.
struct SHA256 {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]
  private var block: [UInt8] = []
  private var length: UInt64 = 0

  private static let constants: [UInt32] = primes(64).map { fraction(of: $0) }

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

  mutating func update(_ bytes: some Collection<UInt8>) {
    for byte in bytes {
      block.append(byte)
      if block.count == 64 { compress() }
    }
    length += UInt64(bytes.count)
  }

  /// The digest in hexadecimal.
  consuming func hex() -> String {
    let bits = length &* 8
    block.append(0x80)
    if block.count > 56 {
      block.append(contentsOf: repeatElement(0, count: 64 - block.count))
      compress()
    }
    block.append(contentsOf: repeatElement(0, count: 56 - block.count))
    for shift in stride(from: 56, through: 0, by: -8) {
      block.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    compress()
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for word in state {
      for shift in stride(from: 28, through: 0, by: -4) {
        text.append(digits[Int(word >> UInt32(shift) & 15)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value >> count | value << (32 - count)
  }

  private mutating func compress() {
    if block.count < 64 { block.append(contentsOf: repeatElement(0, count: 64 - block.count)) }
    var w = [UInt32](repeating: 0, count: 64)
    for index in 0..<16 {
      for offset in 0..<4 { w[index] = w[index] << 8 | UInt32(block[index * 4 + offset]) }
    }
    for index in 16..<64 {
      let s0 = Self.rotate(w[index - 15], 7) ^ Self.rotate(w[index - 15], 18) ^ w[index - 15] >> 3
      let s1 = Self.rotate(w[index - 2], 17) ^ Self.rotate(w[index - 2], 19) ^ w[index - 2] >> 10
      w[index] = w[index - 16] &+ s0 &+ w[index - 7] &+ s1
    }
    var v = state
    for index in 0..<64 {
      let s1 = Self.rotate(v[4], 6) ^ Self.rotate(v[4], 11) ^ Self.rotate(v[4], 25)
      let choice = v[4] & v[5] ^ ~v[4] & v[6]
      let first = v[7] &+ s1 &+ choice &+ Self.constants[index] &+ w[index]
      let s0 = Self.rotate(v[0], 2) ^ Self.rotate(v[0], 13) ^ Self.rotate(v[0], 22)
      let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
      v = [first &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
    }
    for index in 0..<8 { state[index] = state[index] &+ v[index] }
    block.removeAll(keepingCapacity: true)
  }
}
