import CEL

/// What the conditions of all rules require, flat: a set may have a hundred thousand rules.
struct RuleAtoms {
  /// One text, or one of some, at a path.
  struct Atom: BitwiseCopyable {
    /// In `paths`.
    var path: Int32
    var kind: ConditionAtom.Kind
    /// In `texts`.
    var textStart, textCount: Int32
    var texts: Range<Int> { Int(textStart)..<Int(textStart + textCount) }
  }
  private(set) var paths: [[String]] = []
  private(set) var atoms: [Atom] = []
  private(set) var texts: [TextID] = []
  /// The atoms of each rule; there is one more, the end.
  private var starts: [Int32] = [0]

  private var numberOfPath: [[String]: Int32] = [:]
  /// The atoms of expressions that others are copies of, by number in the program.
  private var known: [UInt32: [(path: Int32, atom: ConditionAtom)]] = [:]

  /// The atoms of a rule, by its number.
  subscript(rule: Int) -> Range<Int> { Int(starts[rule])..<Int(starts[rule + 1]) }

  /// Adds the next rule, whose condition looks like the expression `look` of the program; nil if it
  /// has none.
  mutating func add(_ entry: Program.Entry?, like look: UInt32?, _ builder: inout ProgramBuilder) {
    defer { starts.append(Int32(atoms.count)) }
    guard let entry else { return }
    let shared = look ?? entry.expression
    let own = known[shared] ?? number(builder.program.expressions[Int(shared)])
    // Only what others are copies of is asked for again.
    if known[shared] == nil { known[shared] = own }
    for (path, atom) in own {
      let start = Int32(texts.count)
      for literal in atom.literals {
        texts.append(builder.intern(literal: literal, of: entry))
      }
      atoms.append(
        Atom(
          path: path, kind: atom.kind, textStart: start, textCount: Int32(atom.literals.count)))
    }
  }

  private mutating func number(
    _ checked: CheckedExpression
  ) -> [(path: Int32, atom: ConditionAtom)] {
    ConditionAtom.atoms(of: checked).map { atom in
      if let known = numberOfPath[atom.path] { return (known, atom) }
      let number = Int32(paths.count)
      paths.append(atom.path)
      numberOfPath[atom.path] = number
      return (number, atom)
    }
  }

  /// How many different texts rules require at each path.
  func spread() -> [Int] {
    var seen: [UInt64] = []
    seen.reserveCapacity(texts.count)
    for atom in atoms {
      for place in atom.texts { seen.append(UInt64(atom.path) << 32 | UInt64(texts[place])) }
    }
    seen.sort()
    var counts = [Int](repeating: 0, count: paths.count)
    for place in seen.indices where place == 0 || seen[place] != seen[place - 1] {
      counts[Int(seen[place] >> 32)] += 1
    }
    return counts
  }

  /// Puts the rules into another order: the places, in the new one, of the old ones.
  mutating func reorder(_ order: [Int]) {
    var sorted: [Atom] = []
    sorted.reserveCapacity(atoms.count)
    var ends: [Int32] = [0]
    ends.reserveCapacity(starts.count)
    for rule in order {
      sorted += atoms[self[rule]]
      ends.append(Int32(sorted.count))
    }
    (atoms, starts) = (sorted, ends)
  }
}
