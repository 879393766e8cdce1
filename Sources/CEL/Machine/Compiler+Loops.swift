/// Macros as loops.
extension Compiler {
  mutating func comprehension(_ id: ID, _ node: Expression.Node, into target: UInt16)
    throws(Diagnostic)
  {
    let kind = expression.comprehension(of: id)
    switch kind {
    case .bind: try bind(id, into: target)
    case .optionalMap, .optionalFlatMap: try optional(id, kind, into: target)
    case .all, .exists: try quantifier(id, node, isAll: kind == .all, into: target)
    case .existsOne: try existsOne(id, node, into: target)
    case .filter, .map, .transformList, .transformMap, .transformMapEntry, .sortBy:
      try collect(id, node, kind, into: target)
    }
  }

  /// Registers and labels of one loop.
  private struct Loop {
    var state: UInt16
    var key: UInt16
    var value: UInt16
    var top: Int
    var done: Int
    var twoVariables: Bool
  }

  /// Begins a loop over the first child; an error of the range goes to `target` and `end`.
  private mutating func begin(
    _ id: ID, _ node: Expression.Node, error target: UInt16, end: Int
  ) throws(Diagnostic) -> Loop {
    let range = try operand(expression.child(0, of: id))
    let state = try temporary(2)
    let key = try temporary()
    let two = node.flags == 2
    let value = two ? try temporary() : key
    try keepInvariants(of: id)
    unpriced.append(0)
    emit(Instruction(op: .iterate, flag: two ? 1 : 0, a: state, b: range, c: target), id, to: end)
    let loop = Loop(
      state: state, key: key, value: value, top: label(), done: label(), twoVariables: two)
    bindLocals(id, key, value)
    place(loop.top)
    emit(
      Instruction(op: .next, flag: two ? 1 : 0, a: state, b: key, c: value), id, to: loop.done)
    return loop
  }

  /// Closes the loop and sets what one round costs: the length of its body.
  private mutating func end(_ loop: Loop, _ id: ID, next: Int) {
    emit(Instruction(op: .jump), id, to: loop.top)
    let price = Int32(pc - next - unpriced.removeLast())
    builder.setCost(of: next, to: price, loop: Program.regionKey(index, id))
    endLocals()
    place(loop.done)
  }

  private mutating func quantifier(
    _ id: ID, _ node: Expression.Node, isAll: Bool, into target: UInt16
  ) throws(Diagnostic) {
    if !isAll, try searchValue(id, into: target) { return }
    try scoped { compiler throws(Diagnostic) in
      let (short, end) = (compiler.label(), compiler.label())
      let error = try compiler.temporary()
      compiler.load(.null, into: error, id)
      let loop = try compiler.begin(id, node, error: target, end: end)
      let next = compiler.pc - 1
      try compiler.test(
        compiler.expression.child(1, of: id), jumpIf: !isAll, to: short, error: error)
      compiler.end(loop, id, next: next)
      compiler.emit(Instruction(op: .settle, flag: isAll ? 1 : 0, a: error), id)
      compiler.emit(Instruction(op: .move, a: target, b: error), id)
      compiler.emit(Instruction(op: .jump), id, to: end)
      compiler.place(short)
      compiler.load(.bool(!isAll), into: target, id)
      compiler.place(end)
    }
  }

  private mutating func existsOne(_ id: ID, _ node: Expression.Node, into target: UInt16)
    throws(Diagnostic)
  {
    try scoped { compiler throws(Diagnostic) in
      let end = compiler.label()
      let (count, error) = (try compiler.temporary(), try compiler.temporary())
      compiler.load(.int(0), into: count, id)
      compiler.load(.null, into: error, id)
      let loop = try compiler.begin(id, node, error: target, end: end)
      let next = compiler.pc - 1
      let found = compiler.label()
      try compiler.test(compiler.expression.child(1, of: id), jumpIf: true, to: found, error: error)
      let failed = compiler.label()
      compiler.emit(Instruction(op: .jumpIfError, a: error), id, to: failed)
      compiler.emit(Instruction(op: .jump), id, to: loop.top)
      compiler.place(found)
      compiler.emit(Instruction(op: .increment, a: count), id)
      compiler.end(loop, id, next: next)
      let one = compiler.builder.constant(.int(1))
      let constant = try compiler.temporary()
      compiler.emit(Instruction(op: .load, a: constant, e: one), id)
      compiler.emit(Instruction(op: .equal, a: target, b: count, c: constant), id)
      compiler.emit(Instruction(op: .jump), id, to: end)
      compiler.place(failed)
      compiler.emit(Instruction(op: .move, a: target, b: error), id)
      compiler.place(end)
    }
  }

  /// `filter`, `map`, `transform…`, `sortBy`: what each round pushes becomes a list or a map.
  private mutating func collect(
    _ id: ID, _ node: Expression.Node, _ kind: Expression.Comprehension, into target: UInt16
  ) throws(Diagnostic) {
    try scoped { compiler throws(Diagnostic) in
      let bodies = Array(compiler.expression.children(of: id).dropFirst())
      let (end, failed) = (compiler.label(), compiler.label())
      let (mark, error) = (try compiler.temporary(), try compiler.temporary())
      compiler.load(.null, into: error, id)
      compiler.emit(Instruction(op: .beginResult, a: mark), id)
      let loop = try compiler.begin(id, node, error: error, end: failed)
      let next = compiler.pc - 1
      if kind == .filter || bodies.count == 2 {
        try compiler.test(bodies[0], jumpIf: false, to: loop.top, error: error)
        compiler.emit(Instruction(op: .jumpIfError, a: error), id, to: failed)
      }
      try compiler.push(id, kind, bodies, loop.key, loop.value, error: error, failed: failed)
      compiler.end(loop, id, next: next)
      let isMap = kind == .transformMap || kind == .transformMapEntry
      compiler.emit(Instruction(op: isMap ? .endMap : .endList, a: target, b: mark), id)
      if kind == .sortBy {
        compiler.emit(Instruction(op: .sortBy, a: target, b: loop.state, c: target), id)
      }
      compiler.emit(Instruction(op: .jump), id, to: end)
      compiler.place(failed)
      compiler.emit(Instruction(op: .dropResult, a: target, b: mark, c: error), id)
      compiler.place(end)
    }
  }

  private mutating func push(
    _ id: ID, _ kind: Expression.Comprehension, _ bodies: [ID], _ key: UInt16, _ value: UInt16,
    error: UInt16, failed: Int
  ) throws(Diagnostic) {
    guard kind != .filter else { return emit(Instruction(op: .push, b: key), id) }
    let body = bodies[bodies.count - 1]
    let result = try temporary()
    try self.value(body, into: result)
    emit(Instruction(op: .merge, a: error, b: result), id)
    emit(Instruction(op: .jumpIfError, a: error), id, to: failed)
    switch kind {
    case .transformMap: emit(Instruction(op: .pushEntry, b: key, c: result), id)
    case .transformMapEntry:
      emit(Instruction(op: .pushMap, a: error, b: result), id)
      emit(Instruction(op: .jumpIfError, a: error), id, to: failed)
    default: emit(Instruction(op: .push, b: result), id)
    }
  }

  private mutating func bind(_ id: ID, into target: UInt16) throws(Diagnostic) {
    try scoped { compiler throws(Diagnostic) in
      let variable = try compiler.temporary()
      try compiler.value(compiler.expression.child(0, of: id), into: variable)
      compiler.bindLocals(id, variable, variable)
      try compiler.value(compiler.expression.child(1, of: id), into: target)
      compiler.endLocals()
    }
  }

  private mutating func optional(
    _ id: ID, _ kind: Expression.Comprehension, into target: UInt16
  ) throws(Diagnostic) {
    try scoped { compiler throws(Diagnostic) in
      let end = compiler.label()
      let variable = try compiler.temporary()
      let operand = try compiler.operand(compiler.expression.child(0, of: id))
      // Without a value the result is the empty optional itself.
      compiler.emit(Instruction(op: .move, a: target, b: operand), id)
      compiler.emit(Instruction(op: .unwrapOrJump, a: variable, b: target, c: target), id, to: end)
      compiler.bindLocals(id, variable, variable)
      try compiler.value(compiler.expression.child(1, of: id), into: target)
      compiler.endLocals()
      if kind == .optionalMap { compiler.emit(Instruction(op: .wrap, a: target, b: target), id) }
      compiler.place(end)
    }
  }
}
