import CEL
import Testing

@Suite struct JSONTapeTests {
  static let text = #"{"a":[1,{"b":-2.5,"c\n":"x\ty"}],"d":"é","e":{},"f":[]}"#

  @Test func layout() throws {
    let tape = try readJSON(Self.text).get()
    let kinds: [JSONTape.Kind] = [
      .object, .string, .array, .int, .object, .string, .double, .string, .string, .string,
      .string, .string, .object, .string, .array,
    ]
    #expect(tape.nodes.map(\.kind) == kinds)
    #expect(tape.root == 0)
    #expect(tape.nodes[0].count == 4)
    #expect(tape.nodes[0].next == 15)
    #expect(tape.nodes[2].count == 2)
    #expect(tape.next(after: 2) == 9)
    #expect(tape.next(after: 3) == 4)
    #expect(tape.next(after: 12) == 13)
    #expect(Array(tape.children(of: 0)) == [1, 9, 11, 13])
    #expect(Array(tape.children(of: 2)) == [3, 4])
    #expect(Array(tape.children(of: 4)) == [5, 7])
    #expect(Array(tape.children(of: 14)) == [])
    #expect(Array(tape.children(of: 1)) == [])
    #expect(String(decoding: tape.decoded, as: UTF8.self) == "c\nx\ty")
  }

  /// Every node says where it stands, quotes and brackets included.
  @Test func spellings() throws {
    let tape = try readJSON(" " + Self.text).get()
    let expected = [
      Self.text, #""a""#, #"[1,{"b":-2.5,"c\n":"x\ty"}]"#, "1", #"{"b":-2.5,"c\n":"x\ty"}"#,
      #""b""#, "-2.5", #""c\n""#, #""x\ty""#, #""d""#, #""é""#, #""e""#, "{}", #""f""#, "[]",
    ]
    #expect(tape.nodes.indices.map { tape.spelling(of: $0) } == expected)
    #expect(tape.string(of: 7) == "c\n")
    #expect(tape.string(of: 10) == "é")
    #expect(tape.string(of: 6) == "-2.5")
  }

  @Test func members() throws {
    let tape = try readJSON(Self.text).get()
    #expect(tape.member("a", of: 0) == 2)
    #expect(tape.member("f", of: 0) == 14)
    #expect(tape.member("b", of: 0) == nil)
    #expect(tape.member("", of: 0) == nil)
    #expect(tape.member("c\n", of: 4) == 8)
    #expect(tape.member("a", of: 2) == nil)
    #expect(tape.member("a", of: 12) == nil)
    #expect(tape.isString(8, "x\ty"))
    #expect(!tape.isString(8, "x\tz"))
    #expect(!tape.isString(3, "1"))
  }

  @Test func ranges() throws {
    let log = Array("{\"n\":1}\n{\"n\":\"\\n\"}\n[oops\n".utf8)
    var tape = JSONTape()
    try tape.read(log, in: 0..<7)
    #expect(tape.nodes.count == 3)
    try tape.read(log, in: 8..<18)
    #expect(tape.nodes.map(\.start) == [8, 9, 13])
    #expect(tape.string(of: 2) == "\n")
    #expect(tape.sourceOffset(ofDecodedByte: 0, inString: 2) == 14)
    let error = #expect(throws: JSONError.self) { try tape.read(log, in: 19..<24) }
    #expect(error?.offset == 20)
    #expect(tape.nodes.isEmpty)
    // The range ends the text, whatever stands after it; one outside of the buffer is cut to it.
    #expect(throws: JSONError.self) { try tape.read(log, in: 0..<6) }
    #expect(throws: JSONError.self) { try tape.read(log, in: 1000..<2000) }
    #expect(throws: JSONError.self) { try tape.read(log, in: -5 ..< -1) }
    try tape.read(log, in: -5..<7)
    #expect(tape.nodes.count == 3)
  }

  @Test func reuse() throws {
    var tape = JSONTape()
    let long = Array(Self.text.utf8)
    for _ in 0..<3 {
      try tape.read(long)
      #expect(tape.nodes.count == 15)
      #expect(throws: JSONError.self) { try tape.read(Array(long.dropLast())) }
      #expect(tape.nodes.isEmpty)
      try tape.read(Array("[\"\\t\"]".utf8))
      #expect(tape.nodes.count == 2)
      #expect(tape.decoded == [9])
    }
    #expect(tape.takeSource() == Array("[\"\\t\"]".utf8))
    #expect(tape.nodes.isEmpty)
    #expect(tape.source.isEmpty)
  }

  @Test(arguments: [
    ("\"abc\"", [1, 2, 3, 4]), ("\"\"", [1]), (#""\n""#, [1, 3]),
    (#""a\nb""#, [1, 2, 4, 5]), (#""\\\"""#, [1, 3, 5]), (#""é""#, [1, 2, 3]),
    (#""é\n""#, [1, 2, 3, 5]), (#""\u0041b""#, [1, 7, 8]), (#""\u00e9b""#, [1, 1, 7, 8]),
    (#""\u20acb""#, [1, 1, 1, 7, 8]), (#""\ud83d\ude00b""#, [1, 1, 1, 1, 13, 14]),
    (#""\/\b""#, [1, 3, 5]),
  ])
  func sourceOffsets(_ text: String, _ offsets: [Int]) throws {
    let tape = try readJSON(text).get()
    let found = offsets.indices.map { tape.sourceOffset(ofDecodedByte: $0, inString: 0) }
    #expect(found == offsets)
    #expect(tape.sourceOffset(ofDecodedByte: -1, inString: 0) == offsets.first)
    #expect(tape.sourceOffset(ofDecodedByte: 1000, inString: 0) == offsets.last)
  }

  /// A string made of pieces, of which it is known where each stands.
  @Test func sourceOffsetsOfRandomStrings() throws {
    let pieces: [(spelling: String, text: String, isEscape: Bool)] = [
      ("a", "a", false), ("==", "==", false), ("é", "é", false), ("😀", "😀", false),
      (#"\""#, "\"", true), (#"\\"#, "\\", true), (#"\n"#, "\n", true), (#"\u0041"#, "A", true),
      (#"\u00e9"#, "é", true), (#"\u20AC"#, "€", true), (#"\ud83d\ude00"#, "😀", true),
    ]
    var random = JSONRandom(state: 1)
    for _ in 0..<500 {
      var spelling = " [\"", text = ""
      var offsets: [Int] = []
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        let piece = random.pick(pieces)
        let start = spelling.utf8.count
        offsets += piece.text.utf8.indices.indices.map { _ in start }
        if !piece.isEscape {
          for index in 0..<piece.text.utf8.count {
            offsets[offsets.count - piece.text.utf8.count + index] += index
          }
        }
        spelling += piece.spelling
        text += piece.text
      }
      offsets.append(spelling.utf8.count)
      let tape = try readJSON(spelling + "\"]").get()
      #expect(tape.string(of: 1) == text)
      let found = offsets.indices.map { tape.sourceOffset(ofDecodedByte: $0, inString: 1) }
      #expect(found == offsets)
    }
  }
}
