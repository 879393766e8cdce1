/// SipHash-1-3 over bytes, with a seed drawn once per process.
///
/// The standard library has the same function but gives it bytes only through unsafe pointers.
enum JSONHash {
  typealias Seed = (low: UInt64, high: UInt64)

  static let seed: Seed = {
    var generator = SystemRandomNumberGenerator()
    return (generator.next(), generator.next())
  }()

  static func hash(_ bytes: Span<UInt8>, _ seed: Seed) -> UInt64 {
    var state = State(seed)
    var index = 0
    while let word = JSONParser.word(bytes, index) {
      state.absorb(word)
      index &+= 8
    }
    var last = UInt64(truncatingIfNeeded: bytes.count) &<< 56
    var shift: UInt64 = 0
    while index < bytes.count {
      last |= UInt64(bytes[index]) &<< shift
      shift &+= 8
      index &+= 1
    }
    state.absorb(last)
    return state.finish()
  }

  private struct State {
    var a: UInt64, b: UInt64, c: UInt64, d: UInt64

    init(_ seed: Seed) {
      a = seed.low ^ 0x736F_6D65_7073_6575
      b = seed.high ^ 0x646F_7261_6E64_6F6D
      c = seed.low ^ 0x6C79_6765_6E65_7261
      d = seed.high ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    mutating func round() {
      a = a &+ b
      b = (b &<< 13 | b &>> 51) ^ a
      a = a &<< 32 | a &>> 32
      c = c &+ d
      d = (d &<< 16 | d &>> 48) ^ c
      a = a &+ d
      d = (d &<< 21 | d &>> 43) ^ a
      c = c &+ b
      b = (b &<< 17 | b &>> 47) ^ c
      c = c &<< 32 | c &>> 32
    }

    @inline(__always)
    mutating func absorb(_ word: UInt64) {
      d ^= word
      round()
      a ^= word
    }

    mutating func finish() -> UInt64 {
      c ^= 0xFF
      round()
      round()
      round()
      return a ^ b ^ c ^ d
    }
  }
}
