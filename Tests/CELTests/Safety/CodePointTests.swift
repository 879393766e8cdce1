import CEL
import Testing

/// Texts are sequences of code points: nothing is normalised, and nothing counts as one because it
/// looks like one.
@Suite struct CodePointTests {
  private static let composed = "Am\u{E9}lie"
  private static let decomposed = "Ame\u{301}lie"

  private func value(_ text: String, _ bindings: [String: CELValue] = [:]) throws -> CELValue {
    var environment = Environment(extensions: .all)
    for name in bindings.keys { environment.declare(name) }
    return try environment.compile(text).evaluate(bindings)
  }

  /// Each is false if the two forms of é are one, whether the texts are literals, variables or made
  /// while evaluating.
  @Test(arguments: [
    "a != b", "!(a == b)", "!(a in [b])", "a in [b, a]", "!(a in {b: 1})",
    "{a: 1, b: 2}.size() == 2",
    "[a] != [b]", "{a: 1} != {b: 1}", "!a.startsWith('Ame')", "b.startsWith('Ame')",
    "!b.contains('\\u00e9')",
    "a.contains('\\u00e9')", "b < a", "a.size() == 6", "b.size() == 7", "!a.matches('me')",
    "b.matches('me')",
    "[a].exists(x, x in [b]) == false", "[a].map(x, x + '') == [a]", "a + b != b + a",
    "bytes(a) != bytes(b)",
    "a == 'Am\\u00e9lie'", "b == 'Ame\\u0301lie'", "'Am\\u00E9lie' != 'Ame\\u0301lie'",
    "string(bytes(b)) != a",
  ])
  func formsOfOneLetterDiffer(_ text: String) throws {
    let bindings: [String: CELValue] = ["a": .string(Self.composed), "b": .string(Self.decomposed)]
    #expect(try value(text, bindings) == true)
    let literal = text.replacing("a ", with: "'\(Self.composed)' ").replacing(
      "b ", with: "'\(Self.decomposed)' ")
    #expect(try value(literal, bindings) == true)
  }

  /// What Swift calls one character has as many code points as it is written with.
  @Test(arguments: [
    ("", 0), ("a", 1), ("é", 1), ("e\u{301}", 2), ("\r\n", 2), ("😀", 1), ("👨‍👩‍👧", 5), ("🇩🇪", 2),
    ("각", 1),
    ("\u{1100}\u{1161}\u{11a8}", 3), ("\u{0}", 1), ("\u{FEFF}", 1), ("\u{10FFFF}", 1),
  ])
  func sizeCountsCodePoints(text: String, count: Int64) throws {
    #expect(try value("size(s)", ["s": .string(text)]) == .int(count))
    #expect(try value("s.size()", ["s": .string(text)]) == .int(count))
  }

  /// By code point, which is also the order of the octets; by UTF-16 units it would be another
  /// beyond U+FFFF.
  @Test func order() throws {
    let texts = [
      "", "Z", "a", "a\u{0}", "aa", "e\u{301}", "\u{E9}", "\u{D7FF}", "\u{E000}", "\u{FFFF}",
      "\u{10000}", "\u{10FFFF}",
    ]
    for (i, a) in texts.enumerated() {
      for (j, b) in texts.enumerated() {
        let bindings: [String: CELValue] = ["a": .string(a), "b": .string(b)]
        #expect(try value("a < b", bindings) == .bool(i < j))
        #expect(try value("a >= b && a != b", bindings) == .bool(i > j))
      }
    }
  }

  /// Variables and fields too: names are compared as they are written.
  @Test func namesOfFields() throws {
    let object: CELValue = .map([
      .init(.string(Self.composed), 1), .init(.string(Self.decomposed), 2),
    ])
    #expect(try value("o['\(Self.composed)']", ["o": object]) == 1)
    #expect(try value("o['\(Self.decomposed)']", ["o": object]) == 2)
  }

  @Test(arguments: [
    CELValue.bytes([0, 9, 34, 92, 97, 127, 128, 255]), .string("a\"b\\c\n\t\r"), .double(1),
    .double(-0.0), .double(1e300), .uint(7),
    .list([.null, .bool(true)]), .map([.init(1, "x"), .init("y", .duration(1))]), .int(.min),
    .timestamp(seconds: -1, nanoseconds: 5),
  ])
  func descriptionsAreLiterals(_ literal: CELValue) throws {
    #expect(Comparison.isSame(try value("\(literal)"), literal), "\(literal)")
  }

  /// The host's side of a value follows the same rule.
  @Test func valuesOfTheHost() {
    let (a, b) = (CELValue.string(Self.composed), CELValue.string(Self.decomposed))
    #expect(a != b)
    #expect(CELValue.list([a]) != .list([b]))
    #expect(Set([a, b, a]).count == 2)
    #expect(CELValue.map([.init(a, 1)])[Self.decomposed] == .none)
    #expect(CELValue.type("\u{E9}") != .type("e\u{301}"))
  }
}
