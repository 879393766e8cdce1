/// One checked expression to instructions.
///
/// There are two ways to compile a node: for its *value*, into a register, and as a *test*, into a
/// branch. Conditions are mostly tests of tests, and there the comparison, the branch and the
/// keeping of errors are one instruction.
struct Compiler {
  typealias ID = Expression.ID
  let checked: CheckedExpression
  let index: UInt32
  var builder: ProgramBuilder
  private var nextTemporary: Int
  private var labels: [Int32] = []
  private var fixups: [(instruction: Int, label: Int)] = []
  /// Registers of the variables of comprehensions, by node and variable.
  private var locals: [ID: (UInt16, UInt16)] = [:]
  /// Values of nodes that are constants; nil in the box: known not to be one.
  private var folded: [ID: Value?] = [:]
  /// Code behind this point belongs to loops: it can't be run again on its own for an explanation.
  private var loopDepth = 0

  /// What depends on which loop.
  let invariants: Invariants
  /// Parts of loops whose values are kept, until their code is made.
  var kept: [ID: (register: UInt16, depth: Int)] = [:]
  /// For each open loop, instructions of its body that do not run in every round.
  var unpriced: [Int] = []
  /// Lists that loops search again and again, and the registers of the states of these searches.
  var searches: [ID: UInt16] = [:]
  var keptCount = 0

  var expression: Expression { checked.expression }

  init(_ checked: CheckedExpression, index: UInt32, builder: consuming ProgramBuilder) {
    self.checked = checked
    invariants = Invariants(checked)
    self.index = index
    nextTemporary = builder.temporaryBase
    self.builder = builder
  }

  // MARK: Emitting

  var pc: Int { builder.program.code.count }

  mutating func emit(_ instruction: Instruction, _ node: ID) {
    builder.emit(instruction, Program.Origin(expression: index, node: node))
  }
  mutating func emit(_ instruction: Instruction, _ node: ID, to label: Int) {
    fixups.append((pc, label))
    emit(instruction, node)
  }
  mutating func label() -> Int {
    labels.append(-1)
    return labels.count - 1
  }
  mutating func place(_ label: Int) { labels[label] = Int32(pc) }
  mutating func patch() {
    for fixup in fixups { builder.setTarget(of: fixup.instruction, to: labels[fixup.label]) }
  }

  mutating func temporary(_ count: Int = 1) throws(Diagnostic) -> UInt16 {
    let register = nextTemporary
    guard register + count <= Limits.registers else {
      throw Diagnostic(
        "too-complex", "the expression needs more than \(Limits.registers) registers",
        at: SourceSpan(0, 0),
        help: "split it into definitions")
    }
    nextTemporary += count
    builder.reserveRegisters(nextTemporary)
    return UInt16(register)
  }

  /// Registers taken inside are free again afterwards.
  mutating func scoped<T>(
    _ body: (inout Compiler) throws(Diagnostic) -> T
  ) throws(Diagnostic) -> T {
    let saved = nextTemporary
    let result = try body(&self)
    nextTemporary = saved
    return result
  }

  mutating func load(_ value: Value, into target: UInt16, _ node: ID) {
    emit(Instruction(op: .load, a: target, e: builder.constant(value)), node)
  }

  // MARK: Values

  /// The register that holds the node's value: a variable's own, or a new temporary.
  mutating func operand(_ id: ID) throws(Diagnostic) -> UInt16 {
    if let register = try keptValue(id) { return register }
    switch checked.reference(id) {
    case .variable(let name):
      if let register = builder.variables[name] { return register }
    case .local(let node, let index):
      if let registers = locals[node] { return index == 0 ? registers.0 : registers.1 }
    default: break
    }
    let target = try temporary()
    try value(id, into: target)
    return target
  }

  mutating func value(_ id: ID, into target: UInt16) throws(Diagnostic) {
    if let constant = try constant(id) { return load(constant, into: target, id) }
    if let register = try keptValue(id) {
      return emit(Instruction(op: .move, a: target, b: register), id)
    }
    let node = expression[id]
    switch node.kind {
    case .literal: break
    case .identifier, .select: try name(id, node, into: target)
    case .presence:
      try scoped { compiler throws(Diagnostic) in
        let operand = try compiler.operand(compiler.expression.child(0, of: id))
        let field = Int32(
          bitPattern: compiler.builder.intern(compiler.expression.names[Int(node.payload)]))
        compiler.emit(Instruction(op: .presence, a: target, b: operand, e: field), id)
      }
    case .call, .memberCall: try call(id, node, into: target)
    case .list, .map: try collection(id, node, into: target)
    case .message: try message(id, node, into: target)
    case .operation: try operation(id, node, into: target)
    case .conditional: try conditional(id, into: target)
    case .and, .or: try logical(id, node, into: target)
    case .comprehension: try comprehension(id, node, into: target)
    }
  }

  private mutating func name(_ id: ID, _ node: Expression.Node, into target: UInt16)
    throws(Diagnostic)
  {
    switch checked.reference(id) {
    case .variable(let name):
      if let definition = builder.definitions[name] {
        return try self.definition(definition, id, into: target)
      }
      if let register = builder.variables[name] {
        return emit(Instruction(op: .move, a: target, b: register), id)
      }
    case .local:
      let register = try operand(id)
      return emit(Instruction(op: .move, a: target, b: register), id)
    default: break
    }
    guard node.kind == .select else {
      return load(
        .failure(.noSuchAttribute, detail: builder.intern(expression.names[Int(node.payload)])),
        into: target, id)
    }
    let field = Int32(bitPattern: builder.intern(expression.names[Int(node.payload)]))
    try scoped { compiler throws(Diagnostic) in
      let operand = try compiler.operand(compiler.expression.child(0, of: id))
      let op = node.flags == 1 ? Opcode.selectOptional : .select
      if op == .select { compiler.builder.joinSelect(to: operand) }
      compiler.emit(Instruction(op: op, a: target, b: operand, e: field), id)
    }
  }

  private mutating func operation(_ id: ID, _ node: Expression.Node, into target: UInt16)
    throws(Diagnostic)
  {
    let op = expression.op(of: id)
    try scoped { compiler throws(Diagnostic) in
      let left = try compiler.operand(compiler.expression.child(0, of: id))
      if op == .negate || op == .not {
        compiler.emit(Instruction(op: op == .not ? .not : .negate, a: target, b: left), id)
        return
      }
      let right = try compiler.operand(compiler.expression.child(1, of: id))
      let code = op == .index && node.flags == 1 ? .indexOptional : Self.opcode(op)
      compiler.emit(Instruction(op: code, a: target, b: left, c: right), id)
    }
  }

  static func opcode(_ op: Expression.Operator) -> Opcode {
    switch op {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .modulo: .modulo
    case .negate: .negate
    case .not: .not
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .in: .in
    case .index: .index
    }
  }

  private mutating func conditional(_ id: ID, into target: UInt16) throws(Diagnostic) {
    let (otherwise, end) = (label(), label())
    load(.null, into: target, id)
    try test(expression.child(0, of: id), jumpIf: false, to: otherwise, error: target)
    emit(Instruction(op: .jumpIfError, a: target), id, to: end)
    try value(expression.child(1, of: id), into: target)
    emit(Instruction(op: .jump), id, to: end)
    place(otherwise)
    try value(expression.child(2, of: id), into: target)
    place(end)
  }

  private mutating func logical(_ id: ID, _ node: Expression.Node, into target: UInt16)
    throws(Diagnostic)
  {
    let isAnd = node.kind == .and
    let (short, end) = (label(), label())
    // The target may also be an operand's register only if it is a fresh one, which callers see to.
    load(.null, into: target, id)
    for child in expression.children(of: id) {
      try test(child, jumpIf: !isAnd, to: short, error: target)
    }
    emit(Instruction(op: .settle, flag: isAnd ? 1 : 0, a: target), id)
    emit(Instruction(op: .jump), id, to: end)
    place(short)
    load(.bool(!isAnd), into: target, id)
    place(end)
  }

  private mutating func collection(_ id: ID, _ node: Expression.Node, into target: UInt16)
    throws(Diagnostic)
  {
    let children = Array(expression.children(of: id))
    var optional: Set<Int> = []
    for index in children.indices where expression.isOptionalEntry(index, of: id) {
      optional.insert(node.kind == .map ? index / 2 : index)
    }
    let table = optional.isEmpty ? Int32(0) : builder.addOptionalEntries(optional)
    try scoped { compiler throws(Diagnostic) in
      let first = try compiler.temporary(max(children.count, 1))
      for (index, child) in children.enumerated() {
        try compiler.value(child, into: first + UInt16(index))
      }
      compiler.emit(
        Instruction(
          op: node.kind == .list ? .makeList : .makeMap, flag: optional.isEmpty ? 0 : 1, a: target,
          b: first, c: UInt16(node.kind == .list ? children.count : children.count / 2), e: table),
        id)
    }
  }

  private mutating func call(_ id: ID, _ node: Expression.Node, into target: UInt16)
    throws(Diagnostic)
  {
    var arguments = Array(expression.children(of: id))
    if checked.namespaced.contains(id) { arguments.removeFirst() }
    let reference = checked.reference(id)
    if case .builtin(let builtin) = reference, builtin == .or || builtin == .orValue {
      return try optionalElse(id, arguments, keepsOptional: builtin == .or, into: target)
    }
    if case .builtin(let builtin) = reference, let place = builtin.patternArgument,
      let pattern = try constant(arguments[place]), pattern.tag == .string
    {
      _ = try builder.regex(pattern.text, at: expression[arguments[place]].span)
    }
    if case .builtin(.matches) = reference, let pattern = try constant(arguments[1]),
      pattern.tag == .string
    {
      let regex = try builder.regex(pattern.text, at: expression[arguments[1]].span)
      return try scoped { compiler throws(Diagnostic) in
        let text = try compiler.operand(arguments[0])
        compiler.emit(Instruction(op: .matchConstant, a: target, b: text, e: regex), id)
      }
    }
    try scoped { compiler throws(Diagnostic) in
      let first = try compiler.temporary(max(arguments.count, 1))
      for (index, argument) in arguments.enumerated() {
        try compiler.value(argument, into: first + UInt16(index))
      }
      var count = UInt8(truncatingIfNeeded: arguments.count)
      if compiler.checked.listed.contains(id) {
        compiler.emit(
          Instruction(op: .makeList, a: first, b: first, c: UInt16(arguments.count)), id)
        count = 1
      }
      switch reference {
      case .builtin(let builtin):
        try compiler.prepareZones(for: builtin, arguments)
        compiler.emit(
          Instruction(op: .call, flag: count, a: target, b: first, e: Int32(builtin.rawValue)), id)
      case .host(let index):
        compiler.emit(
          Instruction(op: .callHost, flag: count, a: target, b: first, e: Int32(index)), id)
      default:
        let name = compiler.builder.intern(compiler.expression.name(of: id))
        compiler.load(.failure(.noSuchFunction, detail: name), into: target, id)
      }
    }
  }

  /// Zones are read when the program is made: evaluation never reads a file.
  private mutating func prepareZones(for builtin: Builtin, _ arguments: [ID]) throws(Diagnostic) {
    guard builtin.takesTimeZone, arguments.count == 2 else { return }
    if let zone = try constant(arguments[1]), zone.tag == .string {
      builder.loadZone(named: zone.text)
    } else {
      builder.loadAllZones()
    }
  }

  // MARK: Comprehensions' variables

  mutating func bindLocals(_ node: ID, _ first: UInt16, _ second: UInt16) {
    locals[node] = (first, second)
    loopDepth += 1
  }
  mutating func endLocals() { loopDepth -= 1 }
  var isInLoop: Bool { loopDepth > 0 }

  // MARK: Constants

  /// The value of a node that depends on nothing, if computing it gives no error.
  mutating func constant(_ id: ID) throws(Diagnostic) -> Value? {
    if let known = folded[id] { return known }
    let value = foldedValue(id)
    folded[id] = .some(value)
    return value
  }

  private mutating func foldedValue(_ id: ID) -> Value? {
    let node = expression[id]
    switch node.kind {
    case .literal: return builder.value(of: expression.constants[Int(node.payload)])
    case .identifier, .select:
      switch checked.reference(id) {
      case .type(let name): return .type(builder.intern(name))
      case .number(let number): return .int(number)
      default: return nil
      }
    case .list, .map:
      guard expression.optionalEntries.isEmpty, let values = foldedChildren(id) else { return nil }
      return builder.withMemory { memory in
        if node.kind == .list { return memory.makeList(values) }
        let map = memory.makeMap(values)
        return map.isError ? nil : map
      }
    case .operation:
      guard node.flags == 0, let values = foldedChildren(id) else { return nil }
      let op = expression.op(of: id)
      return result { memory in memory.apply(op, values[0], values.count > 1 ? values[1] : .null) }
    case .call, .memberCall:
      guard case .builtin(let builtin) = checked.reference(id), builtin.isFoldable,
        let values = foldedChildren(id, without: checked.namespaced.contains(id) ? 1 : 0)
      else { return nil }
      if checked.listed.contains(id) {
        return result { memory in memory.call(builtin, Arguments([memory.makeList(values)])) }
      }
      return values.count > 4 ? nil : result { memory in memory.call(builtin, Arguments(values)) }
    default: return nil
    }
  }

  /// Only what is cheap is computed ahead: a large result would be copied into every workspace.
  private mutating func result(_ body: (inout Memory) -> Value) -> Value? {
    let value = builder.withMemory { memory in
      memory.fuel = Limits.foldingBudget
      let value = body(&memory)
      return memory.fuel < 0 ? nil : Optional(value)
    }
    builder.withMemory { $0.fuel = Limits.defaultBudget }
    guard let value, !value.isError else { return nil }
    return value
  }

  private mutating func foldedChildren(_ id: ID, without first: Int = 0) -> [Value]? {
    var values: [Value] = []
    for child in expression.children(of: id).dropFirst(first) {
      guard let value = try? constant(child) else { return nil }
      values.append(value)
    }
    return values
  }
}
