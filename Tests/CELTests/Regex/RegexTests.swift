import CEL
import Testing

/// What is written down by hand: one table per question.
@Suite struct RegexTests {
  static let matching: [(pattern: String, text: String, spans: String)] = [
    // Literals and the dot.
    ("", "abc", "0-0"), ("abc", "xxabc", "2-5"), ("é", "caf\u{E9}", "3-5"), (".", "\n", "none"),
    ("(?s).", "\n", "0-1"), ("a.c", "a\u{1F600}c", "0-6"), ("a|", "b", "0-0"),
    ("\\Qa.b\\E+", "a.bbb", "0-5"), ("\\Q\\", "\\", "0-1"), ("a{,2}", "a{,2}", "0-5"),
    ("a{01}", "a{01}", "0-5"), ("{", "{", "0-1"), ("]", "]", "0-1"),
    // Preference: leftmost, then first alternative, then greed.
    ("a|ab", "ab", "0-1"), ("ab|a", "ab", "0-2"), ("(a|ab)(c|bcd)", "abcd", "0-4 0-1 1-4"),
    ("a+?", "aaa", "0-1"), ("(?U)a+", "aaa", "0-1"), ("(?U)a+?", "aaa", "0-3"),
    ("a{2,3}", "aaaa", "0-3"), ("a{2,3}?", "aaaa", "0-2"), ("(a*)(a*)", "aa", "0-2 0-2 2-2"),
    ("x*|a", "a", "0-0"), ("(?:(a)|(b))+", "ab", "0-2 0-1 1-2"), ("(a)?b", "b", "0-1 none"),
    ("(|a)*", "aa", "0-0 0-0"), ("(|a)+", "aa", "0-0 0-0"), ("(a*)*", "b", "0-0 0-0"),
    ("(a{0}b)*", "bb", "0-2 1-2"), ("(?:a??){2}b", "aab", "0-3"),
    // Anchors and word boundaries.
    ("^a", "ba", "none"), ("a$", "a\n", "none"), ("(?m)a$", "a\n", "0-1"), ("\\Aa\\z", "a", "0-1"),
    ("(?m)^b", "a\nb", "2-3"), ("(?m)^$", "a\n\nb", "2-2"), ("$^", "", "0-0"), ("a^", "a", "none"),
    ("\\bfoo\\b", "a foo.", "2-5"), ("\\B", "ab", "1-1"), ("\\b", "\u{E9}", "none"),
    ("^*", "a", "0-0"), ("\\b+a", "a", "0-1"), ("(?:$|x)*y", "xy", "0-2"),
    // Classes.
    ("[]a]+", "]a", "0-2"), ("[^]a]", "]ab", "2-3"), ("[a-]", "-", "0-1"), ("[--/]", ".", "0-1"),
    ("[[:alpha:]\\d]+", "-a1-", "1-3"), ("[[:^alpha:]]", "a1", "1-2"), ("[[:word:]]", "_", "0-1"),
    ("[^\\D]", "x7", "1-2"), ("[\\w-\\d]+", "a-1", "0-3"), ("\\s", "\u{0B}", "none"),
    ("[[:space:]]", "\u{0B}", "0-1"), ("[^a]", "\n", "0-1"), ("[[a]]", "a]", "0-2"),
    ("\\pL+", "1\u{E9}\u{65E5}", "1-6"), ("\\p{Greek}", "a\u{3B1}", "1-3"),
    ("\\P{^Lu}", "aA", "1-2"), ("[^\\pN]", "1a", "1-2"), ("\\p{Any}", "\n", "0-1"),
    ("\\d", "\u{663}", "none"), ("\\p{Nd}", "\u{663}", "0-2"),
    // Case folding.
    ("(?i)k", "\u{212A}", "0-3"), ("(?i)\u{17F}", "S", "0-1"), ("(?i)\u{3C3}", "\u{3C2}", "0-2"),
    ("(?i)\u{DF}", "ss", "none"), ("(?i)\u{DF}", "\u{1E9E}", "0-3"), ("(?i)[^x]", "X", "none"),
    ("(?i)\\P{Lu}", "a1", "1-2"), ("a(?i:b)c", "aBc", "0-3"), ("(?i)a(?-i)b", "AB", "none"),
    ("(?i)a|b", "B", "0-1"), ("((?i)a)b", "AB", "none"), ("(?i)\\x{3b8}", "\u{3F4}", "0-2"),
    // Escapes.
    ("\\x41\\x{42}\\103", "ABC", "0-3"), ("\\a\\f\\t\\n\\r\\v", "\u{7}\u{C}\t\n\r\u{B}", "0-6"),
    ("\\0", "\0", "0-1"), ("\\_\\-\\ ", "_- ", "0-3"), ("\\x{D800}", "a", "none"),
    ("[\\101-C]", "B", "0-1"), ("\\12", "\n", "0-1"), ("\\1234", "S4", "0-2"),
  ]

  @Test("finds the match and its groups", arguments: matching)
  func finds(pattern: String, text: String, spans: String) throws {
    let probe = try RegexProbe(pattern)
    #expect(probe.find(text) == spans)
    #expect(probe.matches(text) == (spans != "none"))
  }

  static let errors: [(pattern: String, offset: Int, message: String)] = [
    ("a(b", 1, "missing closing `)`"), ("ab)", 2, "unmatched closing `)`"),
    ("a[b", 1, "missing closing `]`"), ("[^]", 0, "missing closing `]`"),
    ("x[b-a]", 2, "invalid character range `b-a`"),
    ("a**", 1, "repetition operators cannot follow each other: `**`"),
    ("a{2}{3}", 1, "repetition operators cannot follow each other: `{2}{3}`"),
    ("x|*", 2, "nothing to repeat before `*`"), ("(+a)", 1, "nothing to repeat before `+`"),
    ("a{2,1}", 1, "invalid repeat count `{2,1}`"),
    ("a{1001}", 1, "invalid repeat count `{1001}`"),
    ("(?:a{10}){101}", 9, "nested repeat counts multiply beyond 1000 at `{101}`"),
    ("a\\", 1, "trailing backslash at the end of the pattern"),
    ("\\Z", 0, "invalid escape `\\Z`"), ("(a)\\1", 3, "invalid escape `\\1`"),
    ("\\x{110000}", 0, "code point too large in `\\x{110000`"),
    ("\\xG0", 0, "invalid escape `\\x`"), ("[\\b]", 1, "invalid escape `\\b`"),
    ("\\p{Klingon}", 0, "unknown character class `\\p{Klingon}`"),
    ("\\p{L", 0, "missing closing `}` in `\\p{L`"), ("\\p", 0, "missing class name after `\\p`"),
    ("[[:foo:]]", 1, "unknown character class `[:foo:]`"),
    ("\\C", 0, "matching a single byte is not supported: `\\C`"),
    ("(?=a)", 0, "look-around is not supported: `(?=`"),
    ("(?<!a)", 0, "look-around is not supported: `(?<!`"),
    ("(?P<a b>x)", 0, "invalid group name: `(?P<a b`"),
    ("(?x)a", 0, "invalid group syntax `(?x`"), ("(?i-)a", 0, "invalid group syntax `(?i-)`"),
    ("(?:" + String(repeating: "\\pL{1000}", count: 30) + ")", 0, "the pattern is too large"),
    ("(?:" + String(repeating: "a", count: 300) + "){1000}", 0, "the pattern is too large"),
  ]

  @Test("says what is wrong and where", arguments: errors)
  func rejects(pattern: String, offset: Int, message: String) {
    #expect(throws: RegexError(message: message, offset: offset)) { try RegexProbe(pattern) }
  }

  @Test("rejects a pattern that is not UTF-8")
  func rejectsInvalidUTF8() {
    for bytes in [
      [0x61, 0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3],
    ] {
      #expect(throws: RegexError.self) { try RegexProbe(bytes: bytes.map { UInt8($0) }) }
    }
  }

  @Test("keeps the largest patterns RE2 takes")
  func acceptsLimits() throws {
    for pattern in ["a{1000}", "((a{10}){10}){10}", "(?:a{1000}){1}", "a{0,1000}", "\\pL{200}"] {
      _ = try RegexProbe(pattern)
    }
  }

  @Test("nests deeply without recursion")
  func nestsDeeply() throws {
    for (open, close) in [("(", ")"), ("(?:", ")"), ("(?:", ")*"), ("(?:b|", ")"), ("(?i:", ")?")] {
      let pattern =
        String(repeating: open, count: 5000) + "a" + String(repeating: close, count: 5000)
      #expect(try RegexProbe(pattern).matches("a"))
    }
  }

  @Test("counts and names groups")
  func names() throws {
    let probe = try RegexProbe("(a)(?P<x>b)(?:c)(?<1>d)(?P<x>e)")
    #expect(probe.regex.groupCount == 4)
    #expect(probe.regex.groupNames == [nil, "x", "1", "x"])
  }

  @Test("searches one match after the other")
  func searchesOn() throws {
    var probe = try RegexProbe("\\bb?|^a")
    #expect(probe.findAll("ab b") == ["0-0", "2-2", "3-4", "4-4"])
    probe = try RegexProbe("(?m)^.")
    #expect(probe.findAll("ab\ncd") == ["0-1", "3-4"])
    probe = try RegexProbe("é|^x")
    #expect(probe.findAll("xéxé") == ["0-1", "1-3", "4-6"])
  }

  @Test("looks only at its range")
  func respectsRange() throws {
    let bytes = Array("xabcabcx".utf8)
    var scratch = RegexScratch()
    for pattern in ["^abc", "abc$", "^abcabc$", "^(abc){2}$", "\\babc", "c\\b", "^\\w{6}$"] {
      let regex = try RegexProbe(pattern).regex
      #expect(regex.matches(bytes, in: 1..<7, scratch: &scratch), "\(pattern)")
      let found = regex.firstMatch(bytes, in: 1..<7, from: 1, scratch: &scratch)
      #expect(found != nil, "\(pattern)")
    }
    let regex = try RegexProbe("abc").regex
    #expect(!regex.matches(bytes, in: 5..<8, scratch: &scratch))
    #expect(regex.firstMatch(bytes, in: 1..<7, from: 2, scratch: &scratch) == [4..<7])
    #expect(regex.firstMatch(bytes, in: 1..<7, from: 8, scratch: &scratch) == nil)
  }

  @Test("works with the scratch of another regex")
  func sharesScratch() throws {
    var scratch = RegexScratch()
    let text = Array("abab".utf8)
    for pattern in ["(a|b)*a(a|b){60}$", "(ab)+$", "(a)(b)", "b{600}|b$"] {
      let regex = try RegexProbe(pattern).regex
      let found = regex.firstMatchByThreads(text, in: 0..<4, from: 0, scratch: &scratch)
      #expect(regex.matchesByCache(text, in: 0..<4, scratch: &scratch) == (found != nil))
    }
  }
}
