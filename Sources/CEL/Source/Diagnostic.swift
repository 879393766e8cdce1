/// Something wrong with (or worth saying about) what an author wrote, with its place.
///
/// Messages are lower case without a full stop, what the author wrote stands in backticks, and what
/// to do about it is in `help`. Codes are stable: tools may depend on them.
public struct Diagnostic: Error, Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable {
    /// The text can't be used.
    case error
    /// The text can be used, but is probably not what was meant.
    case warning
  }

  /// A stable name such as `undeclared-reference`.
  public var code: String
  /// What is wrong.
  public var message: String
  /// What to do about it, if that is known.
  public var help: String?
  /// Where, in bytes of the text that was compiled.
  public var span: SourceSpan
  /// How bad it is.
  public var severity: Severity

  /// A diagnostic with its code, message, place, help and severity.
  public init(
    _ code: String, _ message: String, at span: SourceSpan, help: String? = nil,
    severity: Severity = .error
  ) {
    self.code = code
    self.message = message
    self.span = span
    self.help = help
    self.severity = severity
  }
}

/// A line of a source text with a caret under a stretch of it.
public struct SourceExcerpt: Sendable {
  /// Line number, from 1.
  public let line: Int
  /// Column in code points, from 1.
  public let column: Int
  /// The line itself, shortened around the place if it is long, and below it the carets.
  public let text: String

  /// The excerpt of `source` (UTF-8) that shows `span`.
  public init(of source: [UInt8], at span: SourceSpan) {
    self.init(of: source, at: span, LineMap(source))
  }

  /// The same with the map of the source at hand: for many excerpts of one text.
  package init(of source: [UInt8], at span: SourceSpan, _ map: LineMap) {
    let start = min(Int(span.start), source.count)
    let position = map.position(of: start)
    line = position.line
    column = position.column
    let range = map.lineRange(position.line)
    let end = min(max(Int(span.end), start + 1), range.upperBound)
    let window = Self.window(range, around: start, in: source)
    let shown = String(decoding: source[window], as: UTF8.self)
    let before = String(decoding: source[window.lowerBound..<start], as: UTF8.self)
    let marked =
      start < end
      ? String(decoding: source[start..<min(end, window.upperBound)], as: UTF8.self) : ""
    let carets = String(repeating: "^", count: max(1, marked.unicodeScalars.count))
    let indent = String(before.unicodeScalars.map { $0 == "\t" ? "\t" : " " })
    text = "\(shown.replacingControls())\n\(indent)\(carets)"
  }

  /// At most 120 bytes of a line, cut at code points.
  private static func window(_ line: Range<Int>, around place: Int, in source: [UInt8]) -> Range<
    Int
  > {
    guard line.count > 120 else { return line }
    var lower = max(line.lowerBound, place - 60)
    var upper = min(line.upperBound, lower + 120)
    while lower > line.lowerBound, source[lower] & 0xc0 == 0x80 { lower -= 1 }
    while upper < line.upperBound, source[upper] & 0xc0 == 0x80 { upper += 1 }
    return lower..<upper
  }
}

extension String {
  /// Control characters shown as their pictures, so that hostile source can't move a terminal's
  /// cursor.
  package func replacingControls() -> String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          switch scalar.value {
          case 9: scalar
          case 0..<32: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
          case 127, 0x80..<0xa0, 0x202a...0x202e, 0x2066...0x2069: "\u{FFFD}"
          default: scalar
          }
        }))
  }
}

/// The edit distance between two names, as long as it stays at or below `limit`.
package func editDistance(_ left: String, _ right: String, limit: Int = 3) -> Int? {
  let (a, b) = (Array(left.utf8), Array(right.utf8))
  guard abs(a.count - b.count) <= limit, a.count < 100, b.count < 100 else { return nil }
  var previous = Array(0...b.count)
  var beforePrevious: [Int] = []
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, beforePrevious[j - 1] + 1)
      }
      row.append(best)
    }
    beforePrevious = previous
    previous = row
  }
  return previous[b.count] <= limit ? previous[b.count] : nil
}

/// The candidate that the author most likely meant, if one is near enough.
package func suggestion(for name: String, among candidates: some Sequence<String>) -> String? {
  let limit = name.utf8.count <= 3 ? 1 : name.utf8.count <= 6 ? 2 : 3
  var best: (String, Int)?
  for candidate in candidates {
    guard let distance = editDistance(name, candidate, limit: limit),
      distance > 0 || name != candidate
    else { continue }
    if best.map({ distance < $0.1 || distance == $0.1 && candidate < $0.0 }) ?? true {
      best = (candidate, distance)
    }
  }
  return best?.0
}
