import CEL

/// A regex and texts as strings, for tests.
struct RegexProbe {
  let regex: Regex

  init(_ pattern: String) throws(RegexError) {
    regex = try Regex(Array(pattern.utf8))
  }

  init(bytes: [UInt8]) throws(RegexError) {
    regex = try Regex(bytes)
  }

  func matches(_ text: String) -> Bool {
    var scratch = RegexScratch()
    let bytes = Array(text.utf8)
    return regex.matches(bytes, in: 0..<bytes.count, scratch: &scratch)
  }

  /// The spans of the first match as `0-3 none`, or `none`.
  func find(_ text: String) -> String {
    var scratch = RegexScratch()
    let bytes = Array(text.utf8)
    return RegexProbe.describe(
      regex.firstMatch(bytes, in: 0..<bytes.count, from: 0, scratch: &scratch))
  }

  /// Every match, each looked for from the end of the last; after an empty one, a character on.
  func findAll(_ text: String) -> [String] {
    var scratch = RegexScratch()
    let bytes = Array(text.utf8)
    var result: [String] = []
    var start = 0
    while start <= bytes.count,
      let found = regex.firstMatch(bytes, in: 0..<bytes.count, from: start, scratch: &scratch),
      let span = found[0]
    {
      result.append(RegexProbe.describe(found))
      start = span.upperBound
      if span.isEmpty {
        start += 1
        while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
      }
    }
    return result
  }

  static func describe(_ spans: [Range<Int>?]?) -> String {
    guard let spans else { return "none" }
    return spans.map { $0.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "none" }
      .joined(separator: " ")
  }
}

/// A small generator with a seed, so that a failure can be run again.
struct RegexRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func pick<T>(_ choices: [T]) -> T {
    choices[Int.random(in: 0..<choices.count, using: &self)]
  }
}
