/// What `ExpressionTemplates` does to a program.
extension ProgramBuilder {
  /// Whether expressions are compiled whatever they cost.
  var isWithoutCostCheck: Bool { environment.costCheck == .none }

  /// Makes room for so many expressions, so that arrays of a hundred thousand don't grow by copying.
  package mutating func reserve(expressions count: Int) {
    program.expressions.reserveCapacity(program.expressions.count + count)
    program.regionStarts.reserveCapacity(program.regionStarts.count + count)
  }

  /// Begins an expression whose code is copied from another one's.
  mutating func beginCopy(_ checked: CheckedExpression) -> Program.Entry {
    let entry = Program.Entry(
      pc: Int32(program.code.count), expression: UInt32(program.expressions.count))
    program.expressions.append(checked)
    program.regionStarts.append(Int32(program.regions.count))
    return entry
  }

  /// Copies instructions; jumps among them go where they went.
  mutating func copyCode(_ range: Range<Int>, of entry: Program.Entry) {
    let moved = entry.pc - Int32(range.lowerBound)
    for place in range {
      var instruction = program.code[place]
      if instruction.op.hasLabel { instruction.d += moved }
      emit(
        instruction,
        Program.Origin(expression: entry.expression, node: program.origins[place].node))
    }
  }

  /// Copies the regions of an expression to another one whose code lies so much further behind.
  mutating func copyRegions(_ range: Range<Int>, by distance: Int32) {
    for place in range {
      var region = program.regions[place]
      region.start += distance
      region.end += distance
      program.regions.append(region)
    }
  }

  /// The text of a literal of an expression; nothing is copied if it is known.
  package mutating func intern(literal: Expression.ID, of entry: Program.Entry) -> TextID {
    let number = Int(entry.expression)
    let place = Int(program.expressions[number].expression.nodes[Int(literal)].payload)
    guard case .string(let text) = program.expressions[number].expression.constants[place] else {
      return 0
    }
    return program.memory.intern(text.span)
  }

  mutating func setConstant(of instruction: Int, to value: Value) {
    program.code[instruction].e = constant(value)
  }
}

extension Opcode {
  /// Whether `d` is a place in the code of the same expression.
  var hasLabel: Bool {
    switch self {
    case .jump, .jumpIfError, .jumpIfSet, .mergeOrJump, .testTrue, .testEqual, .testEqualConstant,
      .testOrder, .testOrderConstant, .testIn, .testSearch, .testInSet, .testPresence,
      .testIntersects, .testMatch, .iterate, .next, .unwrapOrJump:
      true
    default: false
    }
  }
}
