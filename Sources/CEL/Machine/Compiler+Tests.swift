/// Conditions as branches.
extension Compiler {
  /// Emits code that goes to `label` when the node is `sense`, falls through when it is the other,
  /// and keeps an error in the register `error` (and falls through) when it has no value.
  mutating func test(_ id: ID, jumpIf sense: Bool, to label: Int, error: UInt16) throws(Diagnostic)
  {
    let start = pc
    let node = expression[id]
    switch node.kind {
    case _ where kept[id] != nil: try testValue(id, sense, label, error)
    case .and: try chain(id, isAnd: true, sense, label, error)
    case .or: try chain(id, isAnd: false, sense, label, error)
    case .operation: try testOperation(id, node, sense, label, error)
    case .presence:
      let field = Int32(bitPattern: builder.intern(expression.names[Int(node.payload)]))
      try scoped { compiler throws(Diagnostic) in
        let operand = try compiler.operand(compiler.expression.child(0, of: id))
        compiler.emit(
          Instruction(op: .testPresence, flag: sense ? 1 : 0, a: error, b: operand, e: field), id,
          to: label)
      }
    case .call, .memberCall: try testCall(id, node, sense, label, error)
    case .comprehension:
      if try !testIntersection(id, sense, label, error), try !testSearch(id, sense, label, error) {
        try testValue(id, sense, label, error)
      }
    default: try testValue(id, sense, label, error)
    }
    if !isInLoop {
      builder.addRegion(
        Program.Region(
          node: id, start: Int32(start), end: Int32(pc), error: error, sense: sense))
    }
  }

  private mutating func testValue(
    _ id: ID, _ sense: Bool, _ label: Int, _ error: UInt16
  ) throws(Diagnostic) {
    try scoped { compiler throws(Diagnostic) in
      let operand = try compiler.operand(id)
      compiler.builder.joinTest(to: operand)
      compiler.emit(
        Instruction(op: .testTrue, flag: sense ? 1 : 0, a: error, b: operand), id, to: label)
    }
  }

  /// `&&` that jumps on false, and `||` that jumps on true, are just their operands one after the
  /// other. The other way round an error of one operand must be forgotten when a later one decides,
  /// so errors are kept apart until the end.
  private mutating func chain(
    _ id: ID, isAnd: Bool, _ sense: Bool, _ label: Int, _ error: UInt16
  ) throws(Diagnostic) {
    let children = Array(expression.children(of: id))
    if sense != isAnd {
      for child in children { try test(child, jumpIf: sense, to: label, error: error) }
      return
    }
    try scoped { compiler throws(Diagnostic) in
      let own = try compiler.temporary()
      let out = compiler.label()
      compiler.load(.null, into: own, id)
      for child in children { try compiler.test(child, jumpIf: !sense, to: out, error: own) }
      compiler.emit(Instruction(op: .mergeOrJump, a: error, b: own), id, to: label)
      compiler.place(out)
    }
  }

  private mutating func testOperation(
    _ id: ID, _ node: Expression.Node, _ sense: Bool, _ label: Int, _ error: UInt16
  ) throws(Diagnostic) {
    let op = expression.op(of: id)
    switch op {
    case .not: try testNot(id, sense, label, error)
    case .equal: try testEqual(id, sense, label, error)
    case .notEqual: try testEqual(id, !sense, label, error)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: try testOrder(id, op, sense, label, error)
    case .in: try testIn(id, sense, label, error)
    default: try testValue(id, sense, label, error)
    }
  }

  private mutating func testNot(_ id: ID, _ sense: Bool, _ label: Int, _ error: UInt16)
    throws(Diagnostic)
  {
    try test(expression.child(0, of: id), jumpIf: !sense, to: label, error: error)
  }

  private mutating func testEqual(_ id: ID, _ sense: Bool, _ label: Int, _ error: UInt16)
    throws(Diagnostic)
  {
    let (left, right) = (expression.child(0, of: id), expression.child(1, of: id))
    let flag: UInt8 = sense ? 1 : 0
    // With a constant on one side the other is enough.
    let (constantSide, otherSide) = try constant(right) != nil ? (right, left) : (left, right)
    try scoped { compiler throws(Diagnostic) in
      if let constant = try compiler.constant(constantSide) {
        let operand = try compiler.operand(otherSide)
        let number = compiler.builder.constant(constant)
        compiler.emit(
          Instruction(op: .testEqualConstant, flag: flag, a: error, b: operand, e: number), id,
          to: label)
      } else {
        let (first, second) = (try compiler.operand(left), try compiler.operand(right))
        compiler.emit(
          Instruction(op: .testEqual, flag: flag, a: error, b: first, c: second), id, to: label)
      }
    }
  }

  private mutating func testOrder(
    _ id: ID, _ op: Expression.Operator, _ sense: Bool, _ label: Int, _ error: UInt16
  ) throws(Diagnostic) {
    let relation: UInt8 = op == .less ? 0 : op == .lessOrEqual ? 1 : op == .greater ? 2 : 3
    let flag = (sense ? 1 : 0) | relation << 1
    let (left, right) = (expression.child(0, of: id), expression.child(1, of: id))
    try scoped { compiler throws(Diagnostic) in
      let first = try compiler.operand(left)
      if let constant = try compiler.constant(right) {
        let number = compiler.builder.constant(constant)
        compiler.emit(
          Instruction(op: .testOrderConstant, flag: flag, a: error, b: first, e: number), id,
          to: label)
      } else {
        let second = try compiler.operand(right)
        compiler.emit(
          Instruction(op: .testOrder, flag: flag, a: error, b: first, c: second), id, to: label)
      }
    }
  }

  private mutating func testIn(_ id: ID, _ sense: Bool, _ label: Int, _ error: UInt16)
    throws(Diagnostic)
  {
    let flag: UInt8 = sense ? 1 : 0
    let (element, collection) = (expression.child(0, of: id), expression.child(1, of: id))
    try scoped { compiler throws(Diagnostic) in
      let operand = try compiler.operand(element)
      if compiler.builder.environment.optimizes, let list = try compiler.constant(collection),
        let set = compiler.builder.constantSet(list)
      {
        compiler.emit(
          Instruction(op: .testInSet, flag: flag, a: error, b: operand, e: set), id, to: label)
      } else if let state = compiler.searches[collection] {
        let second = try compiler.operand(collection)
        compiler.emit(
          Instruction(
            op: .testSearch, flag: flag | 2, a: error, b: operand, c: second, e: Int32(state)), id,
          to: label)
      } else {
        let second = try compiler.operand(collection)
        compiler.emit(
          Instruction(op: .testIn, flag: flag, a: error, b: operand, c: second), id, to: label)
      }
    }
  }

  private mutating func testCall(
    _ id: ID, _ node: Expression.Node, _ sense: Bool, _ label: Int, _ error: UInt16
  ) throws(Diagnostic) {
    let arguments = Array(expression.children(of: id))
    if case .builtin(.matches) = checked.reference(id), let pattern = try constant(arguments[1]),
      pattern.tag == .string
    {
      let regex = try builder.regex(pattern.text, at: expression[arguments[1]].span)
      return try scoped { compiler throws(Diagnostic) in
        let text = try compiler.operand(arguments[0])
        compiler.emit(
          Instruction(op: .testMatch, flag: sense ? 1 : 0, a: error, b: text, e: regex), id,
          to: label)
      }
    }
    try testValue(id, sense, label, error)
  }

  /// `xs.exists(x, x in ys)` where `ys` does not depend on `x`: do the two share an element?
  mutating func testIntersection(
    _ id: ID, _ sense: Bool, _ label: Int, _ error: UInt16
  ) throws(Diagnostic) -> Bool {
    guard builder.environment.optimizes, let (first, second) = checked.intersection(id) else {
      return false
    }
    try scoped { compiler throws(Diagnostic) in
      let (left, right) = (try compiler.operand(first), try compiler.operand(second))
      compiler.emit(
        Instruction(op: .testIntersects, flag: sense ? 1 : 0, a: error, b: left, c: right), id,
        to: label)
    }
    return true
  }
}
