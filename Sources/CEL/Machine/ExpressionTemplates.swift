/// Expressions that differ only in the contents of string literals are checked and compiled once:
/// the others are copies of the first one's tree and code, with their own texts and places.
///
/// A literal may differ where it is compared with an attribute (`path == 'text'`, `'text' in
/// path`): there, neither the checker nor the compiler looks at what it holds. All other literals
/// must be the same as the first one's. Expressions with loops are left alone. That a copy is what
/// compiling it would have made is held by `PolicyEngineTests/TemplateTests`.
package struct ExpressionTemplates {
  /// An expression that was copied from the first of its look.
  package struct Copy: Sendable {
    package let entry: Program.Entry
    /// The number of the expression that it was copied from.
    package let original: UInt32
  }

  /// What an expression is compiled for.
  package enum Use: UInt32, Sendable {
    case condition
    /// The value is asked for, and nobody tells expressions of one text apart: they may be one.
    case value
  }
  private struct Literal {
    /// Where its contents stand in the first expression.
    var range: Range<Int>
    /// The instruction that reads it, counted from the first one; nil: it must be the same.
    var instruction: Int?
    /// Its place among the tree's constants.
    var constant: Int
  }
  private struct Template {
    var entry: Program.Entry
    var codeEnd: Int
    var regions: Range<Int>
    var temporaryBase: Int
    var literals: [Literal]
    /// Nodes of copies whose literals have other lengths, which copies of the same lengths share.
    var moved: [(lengths: [Int], nodes: [Expression.Node])] = []
  }
  /// So many lengths are remembered for one look.
  private static let mostLengths = 64

  /// Looks by number, and the template of each: -1 for none, -2 for one that can't be.
  private var looks = Memory()
  private var templateOfLook: [Int32] = []
  private var templates: [Template] = []
  private var look = ExpressionLook()
  private var current: TextID?

  package init() {}

  /// Adds an expression like one that was added before; nil if there is none, and then it is to be
  /// checked, compiled and handed to `learn`.
  ///
  /// - Parameter scope: a number that stands for the environment in which it is to be checked.
  package mutating func add(
    _ source: [UInt8], _ use: Use, scope: Int, to builder: inout ProgramBuilder
  ) -> Copy? {
    current = nil
    guard source.count <= Limits.sourceOctets,
      look.read(source, prefix: UInt32(scope) << 1 | use.rawValue)
    else { return nil }
    let key = look.key
    let number = looks.intern(key.span)
    while templateOfLook.count <= Int(number) { templateOfLook.append(-1) }
    current = number
    let place = templateOfLook[Int(number)]
    guard place >= 0 else { return nil }
    let original = templates[Int(place)].entry.expression
    return copy(Int(place), source, use, &builder).map {
      Copy(entry: $0, original: original)
    }
  }

  // MARK: Copying

  private mutating func copy(
    _ place: Int, _ source: [UInt8], _ use: Use, _ builder: inout ProgramBuilder
  ) -> Program.Entry? {
    let template = templates[place]
    guard template.temporaryBase == builder.temporaryBase else { return nil }
    var isSame = true
    for index in template.literals.indices where !isEqual(index, template, source, builder) {
      guard template.literals[index].instruction != nil else { return nil }
      isSame = false
    }
    if isSame, use == .value { return template.entry }
    let first = Int(template.entry.pc)
    var copy = builder.program.expressions[Int(template.entry.expression)]
    rewrite(&copy.expression, place, source)
    let entry = builder.beginCopy(copy)
    builder.copyCode(first..<template.codeEnd, of: entry)
    for (index, literal) in template.literals.enumerated() {
      guard let instruction = literal.instruction else { continue }
      let text = builder.withMemory { $0.intern(source, in: look.literals[index]) }
      builder.setConstant(of: Int(entry.pc) + instruction, to: .string(text))
    }
    builder.copyRegions(template.regions, by: entry.pc - template.entry.pc)
    return entry
  }

  private func isEqual(
    _ literal: Int, _ template: Template, _ source: [UInt8], _ builder: borrowing ProgramBuilder
  ) -> Bool {
    let (own, other) = (look.literals[literal], template.literals[literal].range)
    guard own.count == other.count else { return false }
    let first = builder.program.expressions[Int(template.entry.expression)].expression.source
    return TextHash.isEqual(source.span.extracting(own), first.span.extracting(other))
  }

  /// Gives the tree of the first expression the texts and places of another one.
  private mutating func rewrite(_ tree: inout Expression, _ place: Int, _ source: [UInt8]) {
    let template = templates[place]
    tree.source = source
    var isMoved = false
    for index in template.literals.indices {
      let (own, literal) = (look.literals[index], template.literals[index])
      if literal.instruction != nil {
        tree.constants[literal.constant] = .string(Array(source[own]))
      }
      if own.count != literal.range.count { isMoved = true }
    }
    // Copies whose literals are as long share the nodes.
    guard isMoved else { return }
    let known = template.moved.first { entry in
      entry.lengths.indices.allSatisfy { entry.lengths[$0] == look.literals[$0].count }
    }
    if let known {
      tree.nodes = known.nodes
      return
    }
    for index in tree.nodes.indices {
      move(&tree.nodes[index].span, template)
      move(&tree.nodes[index].place, template)
    }
    if template.moved.count < Self.mostLengths {
      let lengths = template.literals.indices.map { look.literals[$0].count }
      templates[place].moved.append((lengths, tree.nodes))
    }
  }

  private func move(_ span: inout SourceSpan, _ template: Template) {
    span.start = moved(span.start, template)
    span.end = moved(span.end, template)
  }

  private func moved(_ offset: UInt32, _ template: Template) -> UInt32 {
    var moved = Int(offset)
    for index in template.literals.indices
    where template.literals[index].range.upperBound < Int(offset) {
      moved += look.literals[index].count - template.literals[index].range.count
    }
    return UInt32(moved)
  }

  // MARK: Learning

  /// Takes the expression that `add` did not find, compiled last, as the first of its look.
  package mutating func learn(_ entry: Program.Entry, from builder: borrowing ProgramBuilder) {
    guard let number = current, templateOfLook[Int(number)] == -1 else { return }
    templateOfLook[Int(number)] = -2
    let checked = builder.program.expressions[Int(entry.expression)]
    guard !checked.expression.nodes.contains(where: { $0.kind == .comprehension }),
      builder.isWithoutCostCheck
    else { return }
    var literals: [Literal] = []
    for range in look.literals {
      guard let literal = literal(range, checked, entry, builder) else { return }
      literals.append(literal)
    }
    // Whatever stands twice can't be told apart in the code.
    for (index, one) in literals.enumerated() {
      for other in literals.indices.dropFirst(index + 1)
      where one.instruction != nil && one.instruction == literals[other].instruction {
        literals[index].instruction = nil
        literals[other].instruction = nil
      }
    }
    templateOfLook[Int(number)] = Int32(templates.count)
    let program = builder.program
    templates.append(
      Template(
        entry: entry, codeEnd: program.code.count,
        regions: Int(program.regionStarts[Int(entry.expression)])..<program.regions.count,
        temporaryBase: builder.temporaryBase, literals: literals))
  }

  private func literal(
    _ range: Range<Int>, _ checked: CheckedExpression, _ entry: Program.Entry,
    _ builder: borrowing ProgramBuilder
  ) -> Literal? {
    let tree = checked.expression
    let span = SourceSpan(range.lowerBound - 1, range.upperBound + 1)
    let found = tree.nodes.indices.first {
      tree.nodes[$0].kind == .literal && tree.nodes[$0].span == span
    }
    guard let found, case .string(let text) = tree.constants[Int(tree.nodes[found].payload)] else {
      return nil
    }
    var literal = Literal(
      range: range, instruction: nil, constant: Int(tree.nodes[found].payload))
    guard Self.isCompared(Expression.ID(found), checked),
      let id = builder.program.memory.find(text)
    else { return literal }
    let readers = builder.program.readers(of: id, from: Int(entry.pc))
    if readers.count == 1 { literal.instruction = readers[0] }
    return literal
  }

  /// Whether a literal is compared with an attribute, or looked for in one.
  private static func isCompared(_ id: Expression.ID, _ checked: CheckedExpression) -> Bool {
    let tree = checked.expression
    return tree.nodes.indices.contains { index in
      let parent = Expression.ID(index)
      guard tree[parent].kind == .operation, tree[parent].childCount == 2 else { return false }
      let (left, right) = (tree.child(0, of: parent), tree.child(1, of: parent))
      switch tree.op(of: parent) {
      case .equal, .notEqual:
        return left == id && isAttribute(right, checked)
          || right == id && isAttribute(left, checked)
      case .in: return left == id && isAttribute(right, checked)
      default: return false
      }
    }
  }

  private static func isAttribute(_ id: Expression.ID, _ checked: CheckedExpression) -> Bool {
    checked.path(id) != nil
  }
}

extension Program {
  /// The instructions from a place on that read a text as a constant, counted from there.
  fileprivate func readers(of text: TextID, from first: Int) -> [Int] {
    (first..<code.count).filter { place in
      switch code[place].op {
      case .load, .testEqualConstant, .testOrderConstant:
        let constant = constants[Int(code[place].e)]
        return constant.tag == .string && constant.text == text
      default: return false
      }
    }.map { $0 - first }
  }
}
