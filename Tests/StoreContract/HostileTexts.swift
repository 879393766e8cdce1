/// Names that break what is careless with names: what SQL, JSON, paths and patterns give a meaning,
/// what looks alike and is not, what is empty or long.
public enum HostileTexts {
  /// A fixed choice, each different from all others by its bytes.
  public static let all: [String] = [
    "a", "A", "", " ", "  ", "a ", "\t", "\n", "\r\n", "\u{0}", "a\u{0}b", "\u{1}", "\u{7F}",
    "'", "''", "\"", "\\", "\\u0000", "/", "..", "../..", "%", "_", "a%b", "a_b", "*", "?", ";",
    "'; DROP TABLE records; --", "{\"a\":1}", "]", "}", "null", "true", "0", "-1", "1e400", "NaN",
    "\u{E9}", "e\u{301}", "\u{E4}", "a\u{308}", "İ", "ı", "ß", "ﬁ", "\u{C5}", "A\u{30A}",
    "\u{212B}", "\u{D55C}", "\u{1112}\u{1161}\u{11AB}",
    "\u{200D}", "\u{FEFF}", "\u{FEFF}a", "\u{202E}a", "\u{FFFD}", "\u{FFFE}", "\u{FFFF}",
    "\u{E000}",
    "\u{D7FF}", "\u{10000}", "\u{10FFFF}", "👩‍👩‍👧", "🇩🇪", "z\u{335}\u{335}\u{335}", "٣", "０", "_all",
    ".x",
    "[masked]", "${subject.id}", "a,b", "a|b", "a\u{1F}b", String(repeating: "x", count: 600),
    String(repeating: "é", count: 300), "zz",
  ]

  /// Texts made of the choice, by a generator that gives the same for the same seed.
  public static func some(_ count: Int, seed: UInt64) -> [String] {
    var random = SeededRandom(seed)
    return (0..<count).map { _ in
      (0..<Int(random.next() % 3 + 1)).map { _ in all[random.index(all.count)] }.joined()
    }
  }
}

/// Numbers that look random and come again with the same seed (SplitMix64).
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that begins at a seed.
  public init(_ seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A place in a list of `count` things.
  public mutating func index(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }

  /// One of these.
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[index(elements.count)]
  }

  /// True once in `times`.
  public mutating func once(in times: Int) -> Bool { index(times) == 0 }
}
