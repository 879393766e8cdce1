/// The lines of a text: turns the byte offset of a fault into the line and column that an editor
/// shows.
///
/// `\n`, `\r\n` and `\r` end a line. A column counts code points, not bytes and not what the reader
/// perceives as one character, as editors do.
package struct LineMap: Sendable {
  private let source: [UInt8]

  /// The byte at which each line starts; never empty.
  private let starts: [Int]

  /// How many code points end before every `stride`-th byte, so that a place in a file of one line
  /// is found as fast as any.
  private let ends: [Int]
  private static let stride = 1_024

  package init(_ source: [UInt8]) {
    self.source = source
    var starts = [0]
    var ends = [0]
    var count = 0
    for index in source.indices {
      if Self.endsLine(source, index) { starts.append(index + 1) }
      if Self.endsCodePoint(source.span, index) { count += 1 }
      if (index + 1) % Self.stride == 0 { ends.append(count) }
    }
    self.starts = starts
    self.ends = ends
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
    for index in start..<max(start, min(offset, source.count)) where endsLine(source, index) {
      line += 1
      lineStart = index + 1
    }
    return (line, column(of: offset, after: lineStart, source.span))
  }

  private static func endsLine(_ source: [UInt8], _ index: Int) -> Bool {
    let byte = source[index]
    guard byte <= 0x0D else { return false }
    if byte == 0x0A { return true }
    return byte == 0x0D && !(index + 1 < source.count && source[index + 1] == 0x0A)
  }

  private func codePoints(before offset: Int) -> Int {
    var count = ends[offset / Self.stride]
    for index in offset / Self.stride * Self.stride..<offset
    where Self.endsCodePoint(source.span, index) { count += 1 }
    return count
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
