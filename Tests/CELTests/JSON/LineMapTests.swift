import CEL
import Testing

@Suite struct LineMapTests {
  static let text = "ab\né€😀x\r\n\rlast"

  @Test(arguments: [
    (0, 1, 1), (1, 1, 2), (2, 1, 3), (3, 2, 1), (4, 2, 1), (5, 2, 2), (7, 2, 2), (8, 2, 3),
    (11, 2, 3), (12, 2, 4), (13, 2, 5), (14, 2, 6), (15, 3, 1), (16, 4, 1), (19, 4, 4),
    (20, 4, 5), (21, 4, 5), (-1, 1, 1), (Int.max, 4, 5), (Int.min, 1, 1),
  ])
  func positions(_ offset: Int, _ line: Int, _ column: Int) {
    let position = LineMap(Array(Self.text.utf8)).position(of: offset)
    #expect(position.line == line)
    #expect(position.column == column)
  }

  @Test func lines() {
    let bytes = Array(Self.text.utf8)
    let map = LineMap(bytes)
    #expect(map.lineCount == 4)
    let lines = (1...4).map { String(decoding: bytes[map.lineRange($0)], as: UTF8.self) }
    #expect(lines == ["ab", "é€😀x", "", "last"])
    #expect(map.lineRange(0).isEmpty)
    #expect(map.lineRange(5).isEmpty)
    #expect(map.lineRange(.max).isEmpty)
    #expect(map.lineRange(.min).isEmpty)
  }

  @Test(arguments: [("", 1), ("\n", 2), ("\r", 2), ("\r\n", 2), ("\n\r", 3), ("a\r\r\nb", 3)])
  func counts(_ text: String, _ lines: Int) {
    let map = LineMap(Array(text.utf8))
    #expect(map.lineCount == lines)
    #expect(map.position(of: 0).line == 1)
    #expect(map.position(of: text.utf8.count).line == lines)
    #expect(map.lineRange(lines).upperBound == text.utf8.count)
  }
}
