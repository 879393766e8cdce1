/// Memory that one regex may keep between matches.
///
/// It starts empty, and most regexes never use it. It belongs to the regex that used it last; used
/// with another it is still correct, but starts afresh. Not for two threads at once: that is why it
/// is not inside ``Regex``.
package struct RegexScratch: Sendable {
  private var cache: RegexCache?
  private var threads: RegexThreads?
  /// Work that may still be done beyond reading the text once: instructions looked at, states made,
  /// captures copied. When it falls below zero matching stops and its answer means nothing.
  package var allowance = Int.max

  package init() {}

  /// Whether any part of the text matches a program.
  mutating func matches(
    _ program: RegexProgram, _ text: [UInt8], in range: Range<Int>, isReversed: Bool
  ) -> Bool {
    if cache?.program !== program { cache = RegexCache(program) }
    return cache?.matches(text, in: range, isReversed: isReversed, &allowance) ?? false
  }

  /// The first match of a program and its groups.
  mutating func firstMatch(
    _ program: RegexProgram, _ text: [UInt8], in range: Range<Int>, from start: Int
  ) -> [Range<Int>?]? {
    if threads?.program !== program { threads = RegexThreads(program) }
    return threads?.firstMatch(text, in: range, from: start, &allowance)
  }
}
