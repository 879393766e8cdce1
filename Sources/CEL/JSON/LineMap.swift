/// The lines of a text: turns the byte offset of a fault into the line and column that an editor
/// shows.
///
/// `\n`, `\r\n` and `\r` end a line. A column counts code points, not bytes and not what the reader
/// perceives as one character, as editors do.
package struct LineMap: Sendable {
  private let source: [UInt8]

  /// The byte at which each line starts; never empty.
  private let starts: [Int]

  /// How many code points begin before every `stride`-th byte, so that a place in a file of one
  /// line is found as fast as any.
  private let counts: [UInt32]
  private static let stride = 128

  package init(_ source: [UInt8]) {
    self.source = source
    var starts = [0]
    var counts: [UInt32] = []
    counts.reserveCapacity(source.count / Self.stride + 1)
    let bytes = source.span
    var count: UInt32 = 0
    var index = 0
    while index < bytes.count {
      if index % Self.stride == 0 { counts.append(count) }
      // Eight bytes of plain text at a time, which most are.
      if let word = JSONParser.word(bytes, index), Self.isPlain(word) {
        count &+= 8
        index += 8
        continue
      }
      for index in index..<min(index + 8, bytes.count) {
        if Self.endsLine(bytes, index) { starts.append(index + 1) }
        if Self.startsCodePoint(bytes, index) { count &+= 1 }
      }
      index += 8
    }
    counts.append(count)
    self.starts = starts
    self.counts = counts
  }

  /// Whether eight bytes are all ASCII and none ends a line.
  private static func isPlain(_ word: UInt64) -> Bool {
    let high: UInt64 = 0x8080_8080_8080_8080
    // A byte below 0x20 loses its high bit here only by borrowing from it.
    let control = (word &- 0x2020_2020_2020_2020) & ~word
    return (word | control) & high == 0
  }

  /// How many lines there are; an empty text is one line, and so is what follows the last line end.
  package var lineCount: Int { starts.count }

  /// The place of a byte, counted from 1; an offset outside of the text is moved to its nearer end.
  package func position(of offset: Int) -> (line: Int, column: Int) {
    let offset = max(0, min(offset, source.count))
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return (low + 1, 1 + codePoints(before: offset) - codePoints(before: starts[low]))
  }

  /// The bytes of a line, counted from 1, without what ends it; empty for a line that there is not.
  package func lineRange(_ line: Int) -> Range<Int> {
    guard line >= 1, line <= starts.count else { return source.count..<source.count }
    let start = starts[line - 1]
    guard line < starts.count else { return start..<source.count }
    var end = starts[line] - 1
    if end > start, source[end] == 0x0A, source[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// The same as ``position(of:)`` for one offset of a part of a text, without a map of the whole.
  static func position(of offset: Int, in source: [UInt8], from start: Int) -> (Int, Int) {
    var line = 1
    var lineStart = start
    for index in start..<max(start, min(offset, source.count)) where endsLine(source.span, index) {
      line += 1
      lineStart = index + 1
    }
    return (line, column(of: offset, after: lineStart, source.span))
  }

  private static func endsLine(_ source: Span<UInt8>, _ index: Int) -> Bool {
    let byte = source[index]
    guard byte <= 0x0D else { return false }
    if byte == 0x0A { return true }
    return byte == 0x0D && !(index + 1 < source.count && source[index + 1] == 0x0A)
  }

  /// How many code points end before an offset: one that it is inside of does not.
  private func codePoints(before offset: Int) -> Int {
    var count = Int(counts[offset / Self.stride])
    let bytes = source.span
    for index in offset / Self.stride * Self.stride..<offset
    where Self.startsCodePoint(bytes, index) { count += 1 }
    let isInside = offset < bytes.count && !Self.startsCodePoint(bytes, offset)
    return isInside ? count - 1 : count
  }

  private static func startsCodePoint(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    index == 0 || bytes[index] & 0xC0 != 0x80
  }

  /// A code point is behind us when the byte after it starts another.
  private static func endsCodePoint(_ bytes: Span<UInt8>, _ index: Int) -> Bool {
    index + 1 >= bytes.count || bytes[index + 1] & 0xC0 != 0x80
  }

  /// Counts the code points from the start of the line; an offset inside of one is the place of its
  /// first byte.
  private static func column(of offset: Int, after start: Int, _ bytes: Span<UInt8>) -> Int {
    var column = 1
    for index in start..<max(start, offset) where endsCodePoint(bytes, index) { column += 1 }
    return column
  }
}
