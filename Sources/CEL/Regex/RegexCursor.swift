/// Where a matcher is in its text, forwards or backwards, in steps of one character.
struct RegexCursor {
  /// The border between what has been read and what has not.
  private(set) var index: Int
  private let range: Range<Int>
  private let isReversed: Bool

  init(_ range: Range<Int>, isReversed: Bool) {
    self.range = range
    self.isReversed = isReversed
    index = isReversed ? range.upperBound : range.lowerBound
  }

  /// How many bytes have been read.
  var distance: Int { isReversed ? range.upperBound - index : index - range.lowerBound }

  /// The symbol of the next character, or nil at the end.
  @inline(__always)
  mutating func next(_ text: borrowing Span<UInt8>, _ alphabet: RegexAlphabet) -> Int? {
    if isReversed {
      guard index > range.lowerBound else { return nil }
      let end = index
      index &-= 1
      while index > range.lowerBound, text[index] & 0xC0 == 0x80 { index &-= 1 }
      return alphabet.symbol(of: UTF8Decoding.scalar(in: text, at: index, end: end).scalar)
    }
    guard index < range.upperBound else { return nil }
    let (scalar, next) = UTF8Decoding.scalar(in: text, at: index, end: range.upperBound)
    index = next
    return alphabet.symbol(of: scalar)
  }
}
