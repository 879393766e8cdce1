/// Named expressions: asking for them, and their own code.
extension Compiler {
  /// Asks for the value of a definition.
  mutating func definition(
    _ definition: (register: UInt16, pc: Int32), _ id: ID, into target: UInt16
  ) throws(Diagnostic) {
    emit(
      Instruction(
        op: .definition, a: definition.register, b: target, c: definition.register + 1,
        d: definition.pc), id)
  }

  /// The code of a definition: the value of a node, which it works out in `target`, for its register.
  /// Every way through `&&`, `||` and `?:` ends by itself instead of at a common end.
  mutating func define(_ register: UInt16, as id: ID, _ target: UInt16) throws(Diagnostic) {
    let isConstant = try constant(id) != nil
    var end = Instruction(op: .endDefinition, a: register, b: target, c: register + 1)
    switch expression[id].kind {
    case .and where !isConstant, .or where !isConstant:
      let isAnd = expression[id].kind == .and
      let short = label()
      load(.null, into: target, id)
      for child in expression.children(of: id) {
        try test(child, jumpIf: !isAnd, to: short, error: target)
      }
      (end.op, end.flag) = (.endDefinitionSettled, isAnd ? 1 : 0)
      emit(end, id)
      place(short)
      (end.op, end.flag) = (.endDefinitionConstant, isAnd ? 0 : 1)
      emit(end, id)
    case .conditional where !isConstant:
      let (otherwise, failed) = (label(), label())
      load(.null, into: target, id)
      try test(expression.child(0, of: id), jumpIf: false, to: otherwise, error: target)
      emit(Instruction(op: .jumpIfError, a: target), id, to: failed)
      try define(register, as: expression.child(1, of: id), target)
      place(otherwise)
      try define(register, as: expression.child(2, of: id), target)
      place(failed)
      emit(end, id)
    default:
      try value(id, into: target)
      emit(end, id)
    }
  }
}
