/// Why a pattern is not one.
package struct RegexError: Error, Equatable, Sendable {
  package let message: String
  /// The byte of the pattern where the offending part starts.
  package let offset: Int

  package init(message: String, offset: Int) {
    self.message = message
    self.offset = offset
  }

  static let tooLarge = RegexError(message: "the pattern is too large", offset: 0)
}

/// A regular expression with the syntax and the meaning of RE2.
///
/// Matching takes time linear in the text whatever the pattern, because patterns come from policies
/// and texts from requests and neither may stall the gate. The price is RE2's: no back-references
/// and no look-around. Characters are code points; `(?i)` folds them one to one.
///
/// Three machines answer: plain text is compared, a pattern with few states is a table built here
/// once, any other is an automaton that grows in the caller's ``RegexScratch``. Only
/// ``firstMatch(_:in:from:scratch:)`` needs the slower threads that know captures. One immutable
/// object, so that whoever matches takes hold of a single reference.
package final class Regex: Sendable {
  /// The programs, which matching by literal or table does not touch.
  private final class Programs: Sendable {
    let forward: RegexProgram
    /// What ``Regex/matches(_:in:scratch:)`` runs, perhaps from the end of the text.
    let search: RegexProgram
    let groupNames: [String?]

    init(forward: RegexProgram, search: RegexProgram, groupNames: [String?]) {
      self.forward = forward
      self.search = search
      self.groupNames = groupNames
    }
  }

  private let literal: RegexLiteral?
  private let table: RegexTable?
  private let programs: Programs
  private let isReversed: Bool

  /// Compiles the UTF-8 bytes of a pattern.
  package convenience init(_ pattern: [UInt8]) throws(RegexError) {
    var allowance = Int.max
    try self.init(pattern, isKept: true, &allowance)
  }

  /// Compiles a pattern that is met while something is evaluated: on an allowance, in the units of
  /// ``RegexScratch``, and without a table, which only pays when it is used for long.
  ///
  /// - Throws: `RegexError.tooLarge` also when the allowance, which then is below zero, is used up.
  package convenience init(_ pattern: [UInt8], allowance: inout Int) throws(RegexError) {
    try self.init(pattern, isKept: false, &allowance)
  }

  private init(_ pattern: [UInt8], isKept: Bool, _ allowance: inout Int) throws(RegexError) {
    let tree = try RegexParser.parse(pattern)
    allowance -= RegexAlphabet.work(for: tree)
    guard allowance >= 0 else { throw RegexError.tooLarge }
    let alphabet = try RegexAlphabet(for: tree)
    let forward = try RegexCompiler.compile(
      tree, alphabet: alphabet, isReversed: false, keepsCaptures: true, &allowance)
    // A pattern bound to the end of the text only is decided there: `[0-9]$` reads one character.
    isReversed = !forward.isAnchored && tree.endsAtTextEnd
    let search =
      isReversed || !tree.groupNames.isEmpty
      ? try RegexCompiler.compile(
        tree, alphabet: alphabet, isReversed: isReversed, keepsCaptures: false, &allowance)
      : forward
    programs = Programs(forward: forward, search: search, groupNames: tree.groupNames)
    literal = RegexLiteral(tree)
    table = literal == nil && isKept ? RegexTable(search, isReversed: isReversed) : nil
  }

  /// How many capture groups there are, group 0, the whole match, not counted.
  package var groupCount: Int { programs.groupNames.count }

  /// What bounds the work of a match: the octets that may be read with it, instructions and symbols;
  /// no instructions where a table or a comparison answers, and then what an octet may cost.
  func size(forTextOf octets: Int) -> (octets: Int, instructions: Int, symbols: Int) {
    if table != nil { return (0, 0, 0) }
    if literal != nil { return (octets, 0, 33) }
    return (octets, programs.search.instructions.count, programs.search.alphabet.count)
  }

  /// The name of each capture group, from group 1 on.
  package var groupNames: [String?] { programs.groupNames }

  /// Whether any part of `text[range]`, which must be valid UTF-8, matches.
  package func matches(
    _ text: [UInt8], in range: Range<Int>, scratch: inout RegexScratch
  ) -> Bool {
    if let table { return table.matches(text, in: range) }
    if let literal {
      return literal.firstMatch(text, in: range, from: range.lowerBound, &scratch.allowance) != nil
    }
    return scratch.matches(programs.search, text, in: range, isReversed: isReversed)
  }

  /// The same by the pattern's table; nil if it has none.
  @inline(__always) func matchesByTable(_ text: [UInt8], in range: Range<Int>) -> Bool? {
    table.map { $0.matches(text, in: range) }
  }

  /// The span of the leftmost match that starts at or after `start`, then those of its groups.
  ///
  /// Of the matches that start there, the one a backtracking matcher would find first. Spans are
  /// indexes into `text`; a group that took no part has none. `^` and `\b` see the text from the
  /// start of `range`, so matches can be looked for one after the other.
  package func firstMatch(
    _ text: [UInt8], in range: Range<Int>, from start: Int, scratch: inout RegexScratch
  ) -> [Range<Int>?]? {
    guard start >= range.lowerBound, start <= range.upperBound else { return nil }
    if let literal {
      return literal.firstMatch(text, in: range, from: start, &scratch.allowance).map { [$0] }
    }
    // An automaton finds out much faster that there is nothing to find.
    if start == range.lowerBound, !matches(text, in: range, scratch: &scratch) { return nil }
    return firstMatchByThreads(text, in: range, from: start, scratch: &scratch)
  }

  /// ``firstMatch(_:in:from:scratch:)`` without its shortcuts, for tests that compare the machines.
  package func firstMatchByThreads(
    _ text: [UInt8], in range: Range<Int>, from start: Int, scratch: inout RegexScratch
  ) -> [Range<Int>?]? {
    scratch.firstMatch(programs.forward, text, in: range, from: start)
  }

  /// ``matches(_:in:scratch:)`` by the automaton that grows on demand, for the same tests.
  package func matchesByCache(
    _ text: [UInt8], in range: Range<Int>, scratch: inout RegexScratch
  ) -> Bool {
    scratch.matches(programs.search, text, in: range, isReversed: isReversed)
  }
}
