import CEL

/// What explanations need of one expression, whatever comes of it: its `&&`, `||` and `!` down to
/// the clauses, where the code of each part stands, and what is said of each clause.
///
/// Made the first time that an authorizer explains the expression.
struct ConditionOutline: Sendable {
  /// A node: first that of the whole expression; the operands of one node stand together.
  struct Part: Sendable {
    enum Kind: Sendable { case and, or, not, definition, clause }
    var kind = Kind.clause
    var node: Expression.ID = 0
    var children = 0..<0
    /// Its code, to run it by itself; nil if no branch depends on it.
    var code: Program.Region?
    /// For a definition, the expression that defines it, and where the code of that begins.
    var defined: UInt32 = 0
    var definedStart: Int32 = 0
    /// Asks whether an attribute is given.
    var isPresence = false
    /// What is said of it, once something has been.
    var words: Words?

    /// Made of other parts.
    var isLogical: Bool { kind == .and || kind == .or || kind == .not }
  }

  /// What is said of a clause: an object, because it is handed around.
  final class Words: Sendable {
    /// As the author wrote it.
    let text: String
    /// The attributes that it reads, in the order of the text.
    let reads: [(path: String, place: Place)]
    /// What would make it true, or false.
    let satisfying: Fact
    let avoiding: Fact

    init(
      text: String, reads: [(path: String, place: Place)], satisfying: Fact, avoiding: Fact
    ) {
      (self.text, self.reads) = (text, reads)
      (self.satisfying, self.avoiding) = (satisfying, avoiding)
    }
  }

  /// Where the value of a path is: in a register, then below these names.
  struct Place: Sendable {
    var register: Int
    var fields: [TextID] = []
  }

  /// Sets of facts, each of which would do.
  typealias Alternatives = [[MissingFacts.Fact]]

  /// A fact that would turn a clause.
  enum Fact: Sendable {
    case known(Alternatives)
    /// A list shares an element with another one, whose elements are told if the request has them.
    case shared(list: String, other: String, Place?)

    static func fixed(_ fact: MissingFacts.Fact) -> Self { .known([[fact]]) }
  }

  /// The number of the expression in the program, and where its code begins.
  let expression: UInt32
  let start: Int32
  var parts: [Part]
}

/// Outlines of what an authorizer has explained, by expression.
struct ConditionOutlines: Sendable {
  /// Beyond so many they are all forgotten.
  private static let most = 4_096

  private var outlines: [ConditionOutline] = []
  private var numbers: [UInt32: Int] = [:]

  var count: Int { outlines.count }

  @inline(__always) func kind(_ part: Int, of number: Int) -> ConditionOutline.Part.Kind {
    outlines[number].parts[part].kind
  }
  @inline(__always) func children(_ part: Int, of number: Int) -> Range<Int> {
    outlines[number].parts[part].children
  }
  @inline(__always) func code(_ part: Int, of number: Int) -> Program.Region? {
    outlines[number].parts[part].code
  }
  @inline(__always) func isLogical(_ part: Int, of number: Int) -> Bool {
    outlines[number].parts[part].isLogical
  }
  @inline(__always) func isPresence(_ part: Int, of number: Int) -> Bool {
    outlines[number].parts[part].isPresence
  }
  /// The expression of the definition that a part names, and where its code begins.
  func definition(_ part: Int, of number: Int) -> (expression: UInt32, start: Int32) {
    (outlines[number].parts[part].defined, outlines[number].parts[part].definedStart)
  }
  func partCount(of number: Int) -> Int { outlines[number].parts.count }

  /// Forgets them all if they are many; their numbers mean nothing any more then.
  mutating func makeRoom() {
    guard outlines.count >= Self.most else { return }
    outlines.removeAll()
    numbers.removeAll()
  }

  /// The number of an expression's outline; its code begins at `start`.
  mutating func number(
    _ expression: UInt32, from start: Int32, in executable: Executable
  ) -> Int {
    if let known = numbers[expression] { return known }
    let maker = ConditionOutlineMaker(
      program: executable.program, expression: expression, start: start)
    numbers[expression] = outlines.count
    outlines.append(maker.outline())
    return outlines.count - 1
  }

  /// What is said of a part.
  mutating func words(
    of part: Int, _ number: Int, in executable: Executable
  ) -> ConditionOutline.Words {
    if let known = outlines[number].parts[part].words { return known }
    let maker = ConditionOutlineMaker(
      program: executable.program, expression: outlines[number].expression,
      start: outlines[number].start)
    let words = maker.words(of: outlines[number].parts[part].node)
    outlines[number].parts[part].words = words
    return words
  }
}
