import CEL
import Testing

/// The machines compared with each other, on patterns nobody thought of.
@Suite struct RegexDifferentialTests {
  private static let atoms = [
    "a", "b", "c", "ab", ".", "\\d", "\\w", "\\W", "[a-c]", "[^a]", "é", "k", "σ", "\\n", "\\pL",
    "\\P{Ll}", "[[:upper:]]", "^", "$", "\\b", "\\B", "\\A", "\\z", "(?i)", "(?s)", "(?m)", "(?U)",
    "\\Qa.\\E", "[^\\W]", "",
  ]
  private static let groups = ["(", "(?:", "(?i:", "(?m:", "(?s:", "(?U:", "(?P<n>"]
  private static let operators = [
    "*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,3}?", "{2,}", "{0}", "{3,}?",
  ]
  private static let letters = [
    "a", "a", "b", "c", "k", "K", "é", "ς", "Σ", "_", "0", " ", "\n", "-",
  ]

  private static func pattern(_ depth: Int, _ random: inout RegexRandom) -> String {
    switch depth == 0 ? 0 : Int.random(in: 0..<10, using: &random) {
    case 0...2: return random.pick(atoms)
    case 3, 4: return pattern(depth - 1, &random) + pattern(depth - 1, &random)
    case 5: return pattern(depth - 1, &random) + "|" + pattern(depth - 1, &random)
    case 6, 7: return random.pick(groups) + pattern(depth - 1, &random) + ")"
    default: return "(?:" + pattern(depth - 1, &random) + ")" + random.pick(operators)
    }
  }

  @Test("automaton, table and threads agree", arguments: 0..<8)
  func agree(seed: Int) throws {
    var random = RegexRandom(state: UInt64(seed))
    for _ in 0..<250 {
      let pattern = Self.pattern(Int.random(in: 1...5, using: &random), &random)
      let regex = try RegexProbe(pattern).regex
      var scratch = RegexScratch()
      for _ in 0..<6 {
        let length = Int.random(in: 0...12, using: &random)
        let text = Array((0..<length).map { _ in random.pick(Self.letters) }.joined().utf8)
        let all = 0..<text.count
        let found = regex.firstMatchByThreads(text, in: all, from: 0, scratch: &scratch)
        let note = Comment("seed \(seed), pattern `\(pattern)`, text \(text)")
        #expect(regex.matches(text, in: all, scratch: &scratch) == (found != nil), note)
        #expect(regex.matchesByCache(text, in: all, scratch: &scratch) == (found != nil), note)
        #expect(regex.firstMatch(text, in: all, from: 0, scratch: &scratch) == found, note)
      }
    }
  }

  @Test("any bytes are a pattern or an error, and any text is read to its end", arguments: 0..<4)
  func survives(seed: Int) {
    var random = RegexRandom(state: UInt64(seed) &+ 100)
    let syntax = Array("()[]{}*+?|^$.\\-:<>PQEpLbBAzdwsximU0123,='\"#!\u{E9}\n a\0".utf8)
    for _ in 0..<1500 {
      let length = Int.random(in: 0...14, using: &random)
      let wild = Int.random(in: 0..<4, using: &random) == 0
      let pattern = (0..<length).map { _ in
        wild ? UInt8.random(in: 0...255, using: &random) : random.pick(syntax)
      }
      let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      guard let regex = try? Regex(pattern) else { continue }
      var scratch = RegexScratch()
      _ = regex.matches(text, in: 0..<text.count, scratch: &scratch)
      _ = regex.firstMatchByThreads(text, in: 0..<text.count, from: 0, scratch: &scratch)
      _ = regex.matchesByCache(text, in: 0..<text.count, scratch: &scratch)
    }
  }

  static let hostile: [(pattern: String, unit: String, tail: String, matches: Bool)] = [
    ("(a+)+$", "a", "b", false), ("(a+)+$", "a", "", true), ("(a|aa)+$", "a", "b", false),
    ("(a*)*b", "a", "", false), ("(a?){100}a{100}", "a", "", true), ("\\s+$", " ", "x", false),
    ("(a|b)*a(a|b){60}$", "ab", "c", false), ("(a|b)*a(a|b){59}c", "abb", "c", true),
    ("a.{60}b.{20}c", "aba", "", false), ("(?:x{0,10}){0,10}y", "x", "y", true),
    (".*.*.*.*=.*", "x", "", false), ("^([a-zA-Z]+)*$", "a", "!", false),
    ("^(?:\\w+\\s?)*$", "word ", "!", false), ("[^x]*[^y]*[^z]*$", "abc", "", true),
    ("((((((((a*)*)*)*)*)*)*)*)*c", "a", "b", false), ("\\pL{100}\\pN", "é", "1", true),
    ("(x+x+)+y", "x", "", false), ("(?i)(?:k+s?)+c$", "kS", "", false),
  ]

  /// With any machine that backtracks, or that forgets no state, one of these would outlive the
  /// suite; linear ones take milliseconds in a release build.
  @Test("hostile patterns stay linear", .timeLimit(.minutes(20)), arguments: hostile)
  func staysLinear(pattern: String, unit: String, tail: String, matches: Bool) throws {
    let regex = try RegexProbe(pattern).regex
    let text = Array((String(repeating: unit, count: 3000) + tail).utf8)
    var scratch = RegexScratch()
    #expect(regex.matches(text, in: 0..<text.count, scratch: &scratch) == matches)
    #expect(regex.matchesByCache(text, in: 0..<text.count, scratch: &scratch) == matches)
    let found = regex.firstMatchByThreads(text, in: 0..<text.count, from: 0, scratch: &scratch)
    #expect((found != nil) == matches)
  }
}
