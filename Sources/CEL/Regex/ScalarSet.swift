/// A closed interval of code points.
struct ScalarRange: Hashable, Sendable {
  var lower: UInt32
  var upper: UInt32
}

/// The characters one place of a pattern accepts.
///
/// The ranges are sorted, disjoint and never adjacent, so equal sets have equal ranges: that is
/// what lets the parser give each distinct set one number.
struct ScalarSet: Hashable, Sendable {
  /// The last code point.
  static let maximum: UInt32 = 0x10_FFFF

  static let any = ScalarSet(0, maximum)
  static let newline = ScalarSet(0x0A, 0x0A)
  static let notNewline = newline.inverted()
  static let digits = ScalarSet(0x30, 0x39)
  static let spaces = ScalarSet([(0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20)])
  static let wordCharacters = ScalarSet([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])

  let ranges: [ScalarRange]

  /// All of `lower...upper`.
  init(_ lower: UInt32, _ upper: UInt32) {
    ranges = [ScalarRange(lower: lower, upper: upper)]
  }

  /// The union of any ranges, in any order.
  init(union pile: [ScalarRange]) {
    let sorted = pile.sorted { $0.lower < $1.lower }
    var merged: [ScalarRange] = []
    for range in sorted {
      if let last = merged.last, range.lower <= last.upper &+ 1 {
        merged[merged.count - 1].upper = max(last.upper, range.upper)
      } else {
        merged.append(range)
      }
    }
    ranges = merged
  }

  /// A set written down as pairs.
  init(_ pairs: [(UInt32, UInt32)]) {
    self.init(union: pairs.map { ScalarRange(lower: $0.0, upper: $0.1) })
  }

  /// The only member, if there is exactly one.
  var single: UInt32? {
    guard ranges.count == 1, let range = ranges.first, range.lower == range.upper else {
      return nil
    }
    return range.lower
  }

  func contains(_ scalar: UInt32) -> Bool {
    ranges.contains { $0.lower <= scalar && scalar <= $0.upper }
  }

  /// Every code point that is not a member.
  func inverted() -> ScalarSet {
    var result: [ScalarRange] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lower > next {
        result.append(ScalarRange(lower: next, upper: range.lower - 1))
      }
      next = range.upper + 1
    }
    if next <= ScalarSet.maximum {
      result.append(ScalarRange(lower: next, upper: ScalarSet.maximum))
    }
    return ScalarSet(union: result)
  }

  /// The members and everything that differs from one of them only by simple case folding.
  ///
  /// An orbit has at most four characters (θ ϑ Θ ϴ), so three steps along it reach all of them.
  func folded() -> ScalarSet {
    if let single { return ScalarSet.orbit(of: single) }
    var pile = ranges
    var step = ranges
    for _ in 0..<3 {
      step = ScalarSet(union: UnicodeData.successors(of: step)).ranges
      pile += step
    }
    return ScalarSet(union: pile)
  }

  /// What a single letter stands for under `(?i)`; ASCII is answered without the tables.
  private static func orbit(of scalar: UInt32) -> ScalarSet {
    let lowercase = scalar | 0x20
    let isLetter = scalar < 0x80 && lowercase >= 0x61 && lowercase <= 0x7A
    if scalar < 0x80, !isLetter { return ScalarSet(scalar, scalar) }
    // `k` and `s` have a third form, the Kelvin sign and the long s.
    if isLetter, lowercase != 0x6B, lowercase != 0x73 {
      return ScalarSet([(lowercase - 0x20, lowercase - 0x20), (lowercase, lowercase)])
    }
    var pile = [ScalarRange(lower: scalar, upper: scalar)]
    for _ in 0..<3 {
      pile += UnicodeData.successors(of: pile.suffix(1))
    }
    return ScalarSet(union: pile)
  }
}
