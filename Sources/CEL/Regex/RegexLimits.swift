/// What a pattern may cost. Every bound here is one that RE2 has too, in its own units.
enum RegexLimits {
  /// The largest count in `{n,m}`.
  static let repeatCount = 1000
  /// The largest product of nested counts: `(?:a{10}){100}` is the edge.
  static let repeatProduct = 1000
  /// Instructions of a compiled program. RE2 stops at about 87,000 of its smaller ones.
  static let instructions = 250_000
  /// Code point ranges summed over all instructions, so that `\pL` counts for what it is.
  static let ranges = 16_000_000
  /// Symbols a pattern may tell apart: they are numbered in 16 bits.
  static let symbols = 60_000

  /// Pairs of a set and a symbol up to which their membership is written out (one byte each).
  static let memberships = 1 << 16

  /// Cells of the automaton that is built in full when the pattern is compiled (two bytes each).
  static let fullTableCells = 16_384
  /// Instructions visited in building it, after which the automaton is left to be built on demand.
  static let fullTableWork = 60_000

  /// Cells of the automaton built on demand (four bytes each), after which it starts afresh.
  static let cacheCells = 1 << 18
  /// Instruction numbers its states may hold in all (four bytes each).
  static let cacheMembers = 1 << 19
  /// A cache that filled up in fewer bytes of text per state than this does not pay.
  static let cacheReuse = 8

  /// Capture positions held at once; a program with more groups is run once per batch of them.
  static let captureCells = 1 << 22
  /// Capture positions per thread up to which span and groups are found in one run.
  static let captureSlotsAtOnce = 16
}
