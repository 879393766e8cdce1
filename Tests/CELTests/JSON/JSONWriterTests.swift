import CEL
import Testing

@Suite struct JSONWriterTests {
  @Test func compact() {
    #expect(
      written(.compact)
        == #"{"id":"a\"b","tags":["x",-1,true],"empty":{},"none":[],"n":null,"d":1.0,"in":{"u":7}}"#
    )
  }

  @Test func pretty() {
    let expected = #"""
      {
        "id": "a\"b",
        "tags": [
          "x",
          -1,
          true
        ],
        "empty": {},
        "none": [],
        "n": null,
        "d": 1.0,
        "in": {
          "u": 7
        }
      }
      """#
    #expect(written(.pretty) == expected)
  }

  @Test(arguments: [
    ("", #""""#), ("a", #""a""#), ("\"\\", #""\"\\""#), ("/", #""/""#),
    ("\n\r\t\u{8}\u{C}", #""\n\r\t\b\f""#), ("\0\u{1F}\u{7F}", "\"\\u0000\\u001F\u{7F}\""),
    ("é€😀\u{2028}\u{2029}", "\"é€😀\u{2028}\u{2029}\""), ("a\nb", #""a\nb""#),
  ])
  func strings(_ text: String, _ expected: String) {
    #expect(write { $0.value(text) } == expected)
    let bytes = Array(text.utf8)
    #expect(write { $0.value(utf8: bytes.span) } == expected)
    #expect(
      write {
        $0.beginObject(); $0.member(text, 1); $0.endObject()
      } == "{\(expected):1}")
  }

  @Test func numbers() {
    let ints: [Int64] = [0, 1, -1, 10, 99, 100, .max, .min]
    for int in ints { #expect(write { $0.value(int) } == String(int)) }
    let uints: [UInt64] = [0, 9, 1 << 63, .max]
    for uint in uints { #expect(write { $0.value(uint) } == String(uint)) }
    #expect(write { $0.value(Double.nan) } == "null")
    #expect(write { $0.value(-Double.infinity) } == "null")
    #expect(write { $0.value(-0.0) } == "-0.0")
    #expect(write { $0.value(0.1) } == "0.1")
    #expect(write { $0.value(1e100) } == "1e+100")
  }

  @Test func verbatimAndReuse() {
    let json = Array("x[1, 2]".utf8)
    #expect(
      write {
        $0.beginArray()
        $0.value(verbatim: json[1...])
        $0.null()
        $0.endArray()
      } == "[[1, 2],null]")
    var writer = JSONWriter(.compact, appendingTo: Array("data: ".utf8))
    writer.value(false)
    #expect(writer.bytes == Array("data: false".utf8))
    writer.removeAll()
    writer.beginArray()
    writer.removeAll()
    writer.value(12)
    #expect(writer.bytes == Array("12".utf8))
  }

  /// An end too many is the caller's mistake, and not a reason to stop a server.
  @Test func unbalanced() {
    #expect(
      write {
        $0.endArray(); $0.endObject()
      } == "]}")
  }

  @Test(arguments: [JSONWriter.Style.compact, .pretty])
  func roundTrip(_ style: JSONWriter.Style) throws {
    for seed in 0..<300 {
      var random = JSONRandom(state: UInt64(seed))
      let value = JSONValue.random(depth: 4, &random)
      var writer = JSONWriter(style)
      writer.write(value)
      let tape = try readJSON(writer.bytes).get()
      #expect(tape.value() == value, "seed \(seed)")
      #expect(JSONReference.read(writer.bytes) == value, "seed \(seed)")
      // Each value stands where its node says: read alone, it is the same value.
      for index in tape.nodes.indices {
        let alone = Array(writer.bytes[tape.sourceRange(of: index)])
        #expect(readJSON(alone).value == tape.value(index), "seed \(seed), node \(index)")
      }
    }
  }

  /// Doubles of every size, on the fast path and off it, come back bit by bit.
  @Test func doubles() throws {
    var random = JSONRandom(state: 7)
    var writer = JSONWriter()
    var doubles: [Double] = []
    for round in 0..<20_000 {
      let bits = Double(bitPattern: random.next())
      let short = Double(Int32.random(in: .min ... .max, using: &random)) / 1000
      let double = round.isMultiple(of: 2) ? bits : short
      if double.isFinite { doubles.append(double) }
    }
    writer.beginArray()
    for double in doubles { writer.value(double) }
    writer.endArray()
    let tape = try readJSON(writer.bytes).get()
    let read = tape.nodes.dropFirst().map(\.payload)
    #expect(read == doubles.map(\.bitPattern))
  }

  private func write(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private func written(_ style: JSONWriter.Style) -> String {
    var writer = JSONWriter(style)
    writer.beginObject()
    writer.member("id", "a\"b")
    writer.name("tags")
    writer.beginArray()
    writer.value("x")
    writer.value(-1)
    writer.value(true)
    writer.endArray()
    writer.name("empty")
    writer.beginObject()
    writer.endObject()
    writer.name("none")
    writer.beginArray()
    writer.endArray()
    writer.name("n")
    writer.null()
    writer.member("d", 1.0)
    writer.name("in")
    writer.beginObject()
    writer.member("u", UInt64(7))
    writer.endObject()
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
