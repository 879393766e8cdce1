#if CLI
  import CEL
  import PolicyEngine

  /// The requests in one file: one JSON text, or one a line.
  ///
  /// Which of the two it is, the text says. A first line that is a JSON text by itself makes a
  /// stream of lines, and that is known without reading on. Otherwise the whole file is one text,
  /// unless it is none and its second line is an object by itself: then only the first line is bad.
  final class RequestSource {
    /// A JSON text, or why there is none.
    enum Item {
      case text([UInt8])
      case fault(RequestError)
    }

    /// How messages call the file.
    let name: String
    /// Size in bytes, if it is known.
    let size: Int?
    /// Whether requests come one a line, so that lines tell them apart.
    private(set) var isLines = false
    /// The line of the item that was last taken.
    private(set) var line = 0

    private let stream: InputStream
    private var state = State.start

    private enum State {
      case start, lines, done
    }

    private static let limit = EngineLimits.requestBytes

    /// Opens a file; `beforeReading` is called when reading may wait.
    init(_ path: String, beforeReading: @escaping () -> Void) throws(System.Refusal) {
      let file = try InputFile(path)
      name = file.name
      size = file.size
      stream = InputStream(file, limit: Self.limit)
      stream.beforeReading = beforeReading
    }

    /// Bytes taken so far.
    var consumed: Int { stream.consumed }

    /// Whether this is a file of which nothing is left. Of a pipe nobody knows without waiting.
    var isKnownToEnd: Bool { size != nil && (try? stream.isExhausted()) == true }

    /// The next request; nil at the end.
    func next() throws(System.Refusal) -> Item? {
      switch state {
      case .start: try first()
      case .lines: try nextLine()
      case .done: nil
      }
    }

    private func first() throws(System.Refusal) -> Item? {
      state = .done
      line = 1
      if let first = try stream.firstLine(), Self.reads(first) { return try startLines() }
      let (bytes, isAll) = try stream.rest()
      guard !InputStream.isBlank(bytes) || !isAll else {
        return .fault(
          RequestError(
            code: "empty-input", message: "there is no request in it",
            help: "a request is a JSON object with `subject`, `action` and `resource`", line: 1,
            column: 1))
      }
      if isAll, Self.reads(bytes) { return .text(bytes) }
      let lines = InputStream.firstLines(2, of: bytes)
      // One line that is too long is a fault of that line; the next may be in order.
      if lines.count == 1, !isAll { return try startLines() }
      if lines.count > 1, Self.reads(lines[1], asObject: true) { return try startLines() }
      return isAll ? .text(bytes) : Self.tooLarge("the file")
    }

    private func startLines() throws(System.Refusal) -> Item? {
      state = .lines
      isLines = true
      line = 0
      return try nextLine()
    }

    private func nextLine() throws(System.Refusal) -> Item? {
      while let next = try stream.next() {
        line += 1
        switch next {
        case .tooLong: return Self.tooLarge("the line")
        case .text(let text):
          if !InputStream.isBlank(text) { return .text(text) }
        }
      }
      state = .done
      return nil
    }

    /// The next lines, about so many bytes of them, if requests come one a line; nil if the next
    /// line is longer than that, and at the end. Blank lines are among them.
    func nextLines(about count: Int) throws(System.Refusal) -> ParallelLines.Chunk? {
      guard state == .lines, let bytes = try stream.nextLines(about: count) else { return nil }
      let first = line + 1
      line += InputStream.lineCount(of: bytes)
      return ParallelLines.Chunk(bytes: bytes, firstLine: first)
    }

    private static func tooLarge(_ what: String) -> Item {
      .fault(
        RequestError(
          code: "json-tooLarge", message: "\(what) is too long: a request may have \(limit) bytes",
          help: "many requests in one file stand one a line", line: 1, column: 1))
    }

    /// Whether this is one JSON text.
    private static func reads(_ bytes: [UInt8], asObject: Bool = false) -> Bool {
      var tape = JSONTape()
      let limits = JSONLimits(
        bytes: limit, depth: EngineLimits.requestDepth, nodes: EngineLimits.requestValues)
      guard (try? tape.read(bytes, limits: limits)) != nil else { return false }
      return !asObject || tape.kind(of: tape.root) == .object
    }
  }
#endif
