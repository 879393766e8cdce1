/// A keyed hash of texts and their comparison, eight octets a step: keyed, because the texts of
/// requests come from strangers.
///
/// The last step reads eight octets that end where the text ends, so that no step is shorter.
enum TextHash {
  private static let first: UInt64 = 0x9e37_79b9_7f4a_7c15
  private static let second: UInt64 = 0xa076_1d64_78bd_642f

  @inline(__always)
  static func hash(_ bytes: Span<UInt8>, _ seed: UInt64) -> UInt32 {
    var state = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    if bytes.count < 8 {
      state = fold(state ^ short(bytes), first)
    } else {
      var index = 0
      while let word = JSONParser.word(bytes, index) {
        state = fold(state ^ word, first)
        index &+= 8
      }
      if index < bytes.count, let word = JSONParser.word(bytes, bytes.count &- 8) {
        state = fold(state ^ word, first)
      }
    }
    let folded = fold(state ^ second, first)
    return UInt32(truncatingIfNeeded: folded ^ folded >> 32)
  }

  /// Whether two texts of one length are the same.
  @inline(__always)
  static func isEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
    guard one.count == other.count else { return false }
    if one.count < 8 { return short(one) == short(other) }
    var index = 0
    while let word = JSONParser.word(one, index) {
      guard word == JSONParser.word(other, index) else { return false }
      index &+= 8
    }
    return JSONParser.word(one, one.count &- 8) == JSONParser.word(other, one.count &- 8)
  }

  /// What a text of up to sixteen octets begins and ends with, which is all of it: of a shorter one
  /// than eight everything is in `first`.
  struct Ends: BitwiseCopyable, Sendable {
    var count: Int
    var first: UInt64
    var last: UInt64

    @inline(__always) static func == (one: Self, other: Self) -> Bool {
      one.first == other.first && one.count == other.count && one.last == other.last
    }
  }

  @inline(__always)
  static func ends(of bytes: Span<UInt8>) -> Ends {
    let count = bytes.count
    guard let first = JSONParser.word(bytes, 0),
      let last = JSONParser.word(bytes, count &- 8)
    else { return Ends(count: count, first: short(bytes), last: 0) }
    return Ends(count: count, first: first, last: last)
  }

  /// Fewer than eight octets in one number: different texts of one length give different numbers.
  @inline(__always)
  private static func short(_ bytes: Span<UInt8>) -> UInt64 {
    let count = bytes.count
    if count >= 4 { return four(bytes, 0) | four(bytes, count &- 4) &<< 32 }
    guard count > 0 else { return 0 }
    return UInt64(bytes[0]) | UInt64(bytes[count &>> 1]) &<< 8 | UInt64(bytes[count &- 1]) &<< 16
  }

  @inline(__always)
  private static func four(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
    let cut = bytes.extracting(index..<(index &+ 4))
    return UInt64(cut[0]) | UInt64(cut[1]) &<< 8 | UInt64(cut[2]) &<< 16 | UInt64(cut[3]) &<< 24
  }

  @inline(__always)
  private static func fold(_ value: UInt64, _ factor: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: factor)
    return product.high ^ product.low
  }
}
