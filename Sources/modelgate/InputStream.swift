#if CLI
  /// A file in bounded memory: whole lines of it, or all of it if it is small enough.
  final class InputStream {
    /// One line, without its line end.
    enum Line {
      case text([UInt8])
      /// It is longer than the limit, and was skipped.
      case tooLong
    }

    /// Bytes that were handed out or skipped.
    private(set) var consumed = 0
    /// Called before reading, which may take for ever.
    var beforeReading: () -> Void = {}

    private let file: InputFile
    private let limit: Int
    private var buffer: [UInt8] = []
    /// The first byte in the buffer that was not handed out.
    private var start = 0
    private var isAtEnd = false

    private static let chunk = 1 << 18
    private static let lineEnd = UInt8(ascii: "\n")

    /// `limit` is the length of the longest line that is kept.
    init(_ file: InputFile, limit: Int) {
      self.file = file
      self.limit = limit
    }

    // MARK: Looking ahead

    /// What is left of the file, or the first `limit + 1` bytes of it.
    func rest() throws(System.Refusal) -> (bytes: [UInt8], isAll: Bool) {
      while !isAtEnd, buffer.count - start <= limit { try refill() }
      let count = min(buffer.count - start, limit + 1)
      return (Array(buffer[start..<start + count]), count <= limit)
    }

    /// The first line with something on it, not taken; nil if there is none within the limit.
    func firstLine() throws(System.Refusal) -> [UInt8]? {
      var offset = 0
      while offset <= limit, let end = try endOfLine(from: offset) {
        let line = buffer[start + offset..<start + end]
        if !Self.isBlank(line) { return Array(line) }
        offset = end + 1
      }
      return nil
    }

    /// The first lines of a text with something on them, at most `count`.
    static func firstLines(_ count: Int, of text: [UInt8]) -> [[UInt8]] {
      var lines: [[UInt8]] = []
      var start = 0
      while start < text.count, lines.count < count {
        let end = System.firstIndex(of: lineEnd, in: text, from: start) ?? text.count
        if !isBlank(text[start..<end]) { lines.append(Array(text[start..<end])) }
        start = end + 1
      }
      return lines
    }

    /// Whether nothing but white space follows.
    func isExhausted() throws(System.Refusal) -> Bool {
      try firstLine() == nil && isAtEnd && Self.isBlank(buffer[start...])
    }

    /// The end of a line in the buffer, which grows as far as the limit allows. Offsets count from
    /// `start`.
    private func endOfLine(from offset: Int) throws(System.Refusal) -> Int? {
      var searched = offset
      while true {
        if let end = find(from: start + searched) { return end - start }
        let available = buffer.count - start
        guard !isAtEnd else { return offset < available ? available : nil }
        guard available - offset <= limit else { return nil }
        searched = max(offset, available)
        try refill()
      }
    }

    // MARK: Taking

    /// Takes the next line; nil at the end of the file.
    func next() throws(System.Refusal) -> Line? {
      guard let count = try endOfLine(from: 0) else {
        return start < buffer.count ? try skipLine() : nil
      }
      let isTooLong = count > limit
      let line = isTooLong ? [] : Array(buffer[start..<start + count])
      take(through: start + count)
      return isTooLong ? .tooLong : .text(line)
    }

    /// Takes whole lines with their ends, about `count` bytes of them; nil if the next line is
    /// longer than that, and at the end of the file.
    func nextLines(about count: Int) throws(System.Refusal) -> [UInt8]? {
      while !isAtEnd, buffer.count - start < count { try refill() }
      var end = min(buffer.count, start + count)
      if end < buffer.count || !isAtEnd {
        while end > start, buffer[end - 1] != Self.lineEnd { end -= 1 }
      }
      guard end > start else { return nil }
      let lines = Array(buffer[start..<end])
      consumed += end - start
      start = end
      return lines
    }

    /// How many lines there are, the last of which may lack its end.
    static func lineCount(of bytes: [UInt8]) -> Int {
      var count = 0
      var start = 0
      while start < bytes.count {
        count += 1
        start = (System.firstIndex(of: lineEnd, in: bytes, from: start) ?? bytes.count) + 1
      }
      return count
    }

    private func skipLine() throws(System.Refusal) -> Line {
      while true {
        if let end = find(from: start) {
          take(through: end)
          return .tooLong
        }
        take(through: buffer.count)
        guard !isAtEnd else { return .tooLong }
        try refill()
      }
    }

    private func take(through end: Int) {
      let behind = min(end + 1, buffer.count)
      consumed += behind - start
      start = behind
    }

    private func find(from: Int) -> Int? {
      System.firstIndex(of: Self.lineEnd, in: buffer, from: from)
    }

    private func refill() throws(System.Refusal) {
      if start > 0 {
        buffer.removeFirst(start)
        start = 0
      }
      beforeReading()
      isAtEnd = try file.read(Self.chunk, onto: &buffer) == 0
    }

    static func isBlank(_ bytes: some Sequence<UInt8>) -> Bool {
      bytes.allSatisfy { $0 == 0x20 || $0 >= 0x09 && $0 <= 0x0D }
    }
  }
#endif
