/// Puts many expressions into one program.
package struct ProgramBuilder {
  package internal(set) var program: Program
  let environment: Environment
  /// Whether the types of all nodes are kept, for estimates of cost.
  package var keepsTypes = true
  /// Register of each variable.
  private(set) var variables: [String: UInt16] = [:]
  /// Definitions that were compiled: their register and the start of their code.
  private(set) var definitions: [String: (register: UInt16, pc: Int32)] = [:]
  /// First register that temporaries of the next expression may use.
  var temporaryBase = 0
  private var constantIndex: [ConstantKey: Int32] = [:]
  /// The numbers of constant texts, by text: there may be as many as there are rules.
  private var constantOfText: [Int32] = []
  private var regexIndex: [TextID: Int32] = [:]
  private var hasAllZones = false

  private struct ConstantKey: Hashable {
    var tag: UInt8
    var aux: UInt32
    var bits: UInt64
  }

  /// A builder for expressions of this environment, with room for so many definitions.
  package init(_ environment: Environment, definitions: Int = 0) {
    self.environment = environment
    program = Program(memory: Memory())
    let names = environment.variables.keys.sorted()
    program.variableNames = names
    // A variable without a register has no value, which is an error where it is read.
    for (index, name) in names.enumerated().prefix(Limits.registers) {
      variables[name] = UInt16(index)
      let text = program.memory.intern(name)
      program.unbound.append(.failure(.noSuchAttribute, detail: text))
    }
    // Behind the variables that have a register.
    program.conditionError = UInt16(min(names.count, Limits.registers))
    program.definitionBase = names.count + 1
    program.definitionCount = definitions
    program.hostFunctions = environment.hostFunctions
    program.budget = environment.budget
    program.sizes = environment.sizes
    temporaryBase = program.definitionBase + definitions * 2
    program.registerCount = temporaryBase
  }

  /// Stands in for a builder that was moved away; made for every expression, so of nothing.
  private init(empty: Void) {
    environment = Environment()
    program = Program(memory: Memory(empty: ()))
  }

  /// Adds an expression whose value is asked for.
  package mutating func add(_ checked: CheckedExpression) throws(Diagnostic) -> Program.Entry {
    try compile(checked) { compiler throws(Diagnostic) in
      let target = try compiler.temporary()
      try compiler.value(checked.expression.root, into: target)
      compiler.emit(Instruction(op: .result, a: target), checked.expression.root)
    }
  }

  /// Adds a condition: its value is true, false or an error.
  package mutating func add(condition checked: CheckedExpression) throws(Diagnostic)
    -> Program.Entry
  {
    try compile(checked) { compiler throws(Diagnostic) in
      let root = checked.expression.root
      let error = compiler.builder.program.conditionError
      let whenFalse = compiler.label()
      try compiler.test(root, jumpIf: false, to: whenFalse, error: error)
      compiler.emit(Instruction(op: .resultSettled, flag: 1, a: error), root)
      compiler.place(whenFalse)
      compiler.emit(Instruction(op: .resultConstant, flag: 0), root)
    }
  }

  /// Adds a named expression that is evaluated at most once a request, when something first asks
  /// for it. Definitions that it uses must have been added before.
  package mutating func define(_ name: String, _ checked: CheckedExpression) throws(Diagnostic) {
    let place = program.definitionBase + definitions.count * 2
    guard place + 2 <= Limits.registers else {
      throw Diagnostic(
        "too-many-definitions",
        "there are more definitions than a program has room for (\(Limits.registers / 2))",
        at: SourceSpan(0, 0))
    }
    let register = UInt16(place)
    precondition(
      definitions.count < program.definitionCount, "more definitions than the builder has room for")
    let entry = try compile(checked) { compiler throws(Diagnostic) in
      let target = try compiler.temporary()
      try compiler.define(register, as: checked.expression.root, target)
    }
    // Its temporaries stay its own: it runs in the middle of other expressions.
    temporaryBase = program.registerCount
    definitions[name] = (register, entry.pc)
    program.definitionExpressions[name] = entry.expression
  }

  /// The finished program.
  package consuming func finish() -> Program {
    program.memory.freeze()
    return program
  }

  private mutating func compile(
    _ checked: CheckedExpression, _ body: (inout Compiler) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Program.Entry {
    let index = UInt32(program.expressions.count)
    program.expressions.append(checked.kept(types: keepsTypes))
    program.regionStarts.append(Int32(program.regions.count))
    program.memory.fuel = Limits.defaultBudget
    let pc = Int32(program.code.count)
    // The builder moves into the compiler and back, so that its arrays are never copied.
    var compiler = Compiler(
      checked, index: index, builder: exchange(&self, with: ProgramBuilder(empty: ())))
    do throws(Diagnostic) {
      try body(&compiler)
      compiler.patch()
    } catch {
      self = exchange(&compiler.builder, with: ProgramBuilder(empty: ()))
      throw error
    }
    self = exchange(&compiler.builder, with: ProgramBuilder(empty: ()))
    let entry = Program.Entry(pc: pc, expression: index)
    try checkCost(of: entry)
    return entry
  }

  // MARK: Tables

  mutating func emit(_ instruction: Instruction, _ origin: Program.Origin) {
    // The machine relies on it that there are all the registers that code names, without looking.
    // Numbers in `b` and `c` that are no registers are counts of some, and so smaller still.
    let hasState = instruction.op == .iterate || instruction.op == .next
    let last = max(instruction.a, instruction.b, instruction.c)
    reserveRegisters(Int(last) + (hasState ? 2 : 1))
    program.code.append(instruction)
    program.origins.append(origin)
  }

  /// Has the last instruction go on at once to the one that comes next, a select from the register
  /// that it fills. Both stay what they are: code may also jump to the second.
  mutating func joinSelect(to register: UInt16) {
    let last = program.code.count - 1
    guard last >= 0, program.code[last].op == .select, program.code[last].a == register,
      last == 0 || program.code[last - 1].op != .selectPath
    else { return }
    program.code[last].op = .selectPath
  }

  /// The same for a definition whose value is tested next.
  mutating func joinTest(to register: UInt16) {
    let last = program.code.count - 1
    guard last >= 0, program.code[last].op == .definition, program.code[last].b == register else {
      return
    }
    program.code[last].op = .testDefinition
  }

  mutating func constant(_ value: Value) -> Int32 {
    if value.tag == .string { return constant(text: value.text) }
    let key = ConstantKey(tag: value.tag.rawValue, aux: value.aux, bits: value.bits)
    if let known = constantIndex[key] { return known }
    let index = Int32(program.constants.count)
    program.constants.append(value)
    constantIndex[key] = index
    return index
  }

  private mutating func constant(text: TextID) -> Int32 {
    if Int(text) >= constantOfText.count {
      constantOfText.append(
        contentsOf: repeatElement(-1, count: Int(text) + 1 - constantOfText.count))
    }
    let known = constantOfText[Int(text)]
    guard known < 0 else { return known }
    let index = Int32(program.constants.count)
    program.constants.append(.string(text))
    constantOfText[Int(text)] = index
    return index
  }

  /// The number of a constant regular expression.
  mutating func regex(_ pattern: TextID, at span: SourceSpan) throws(Diagnostic) -> Int32 {
    if let known = regexIndex[pattern] { return known }
    let octets = Array(program.memory.octets[program.memory.range(of: pattern)])
    do throws(RegexError) {
      let index = Int32(program.memory.regexes.count)
      program.memory.regexes.append(try Regex(octets))
      program.memory.regexScratch.append(RegexScratch())
      regexIndex[pattern] = index
      program.memory.constantRegexes[pattern] = Int(index)
      return index
    } catch {
      throw Diagnostic(
        "invalid-regex", "invalid regular expression: \(error.message)", at: span,
        help: Self.helpForRegex(error.message))
    }
  }

  private static func helpForRegex(_ message: String) -> String {
    if message.hasPrefix("look-around") { return "use two patterns, joined with `&&` and `!`" }
    if message.hasPrefix("nothing to repeat") {
      return "it repeats what stands before it: any text is `.*`"
    }
    if message.hasPrefix("missing closing") || message.hasPrefix("unmatched") {
      return "the character itself is written with a backslash before it, or in brackets: `[(]`"
    }
    return "the syntax is RE2's: no look-around, no back-references"
  }

  package mutating func withMemory<T>(_ body: (inout Memory) -> T) -> T { body(&program.memory) }
  package mutating func intern(_ name: String) -> TextID { program.memory.intern(name) }

  mutating func setTarget(of instruction: Int, to pc: Int32) { program.code[instruction].d = pc }
  mutating func setCost(of instruction: Int, to cost: Int32, loop: UInt64) {
    program.code[instruction].e = cost
    program.loopPrices[loop] = Int(cost)
  }
  mutating func reserveRegisters(_ count: Int) {
    if count > program.registerCount { program.registerCount = count }
  }
  mutating func addRegion(_ region: Program.Region) {
    program.regions.append(region)
  }
  mutating func addOptionalEntries(_ entries: Set<Int>) -> Int32 {
    program.optionalEntries.append(entries)
    return Int32(program.optionalEntries.count - 1)
  }

  mutating func value(of constant: Expression.Constant) -> Value {
    switch constant {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .uint(let value): .uint(value)
    case .double(let bits): Value(.double, bits: bits)
    case .string(let octets): .string(program.memory.intern(octets))
    case .bytes(let octets): .bytes(program.memory.intern(octets))
    }
  }

  /// The number of a set with the elements of a constant list of texts, bools and integers; nil for
  /// other lists.
  ///
  /// Integers that no double holds exactly are left to the list: there, `9007199254740993 ==
  /// 9007199254740992.0`.
  mutating func constantSet(_ list: Value) -> Int32? {
    guard list.tag == .list else { return nil }
    var members: [Value] = []
    for index in 0..<list.count {
      let element = program.memory.element(index, of: list)
      guard element.tag != .double, let canonical = Memory.canonicalKey(element) else { return nil }
      if canonical.isNumber, canonical.tag == .uint || canonical.int.magnitude > 1 << 53 {
        return nil
      }
      members.append(canonical)
    }
    program.sets.append(Program.ConstantSet(members))
    return Int32(program.sets.count - 1)
  }

  // MARK: Time zones

  mutating func loadZone(named name: TextID) {
    guard program.memory.zones[name] == nil else { return }
    let text = program.memory.string(name)
    guard FixedOffset.parse(text.utf8) == nil, let bytes = environment.timeZones.read?(text),
      let rules = TimeZoneRules(tzif: bytes)
    else { return }
    program.memory.zones[name] = rules
  }

  mutating func loadAllZones() {
    guard !hasAllZones, let names = environment.timeZones.names else { return }
    hasAllZones = true
    for name in names() { loadZone(named: program.memory.intern(name)) }
  }
}

extension Program.ConstantSet {
  init(_ members: [Value]) {
    self.members = members
    slots = []
    guard members.count > 8 else { return }
    var capacity = 16
    while capacity < members.count * 2 { capacity *= 2 }
    slots = [UInt32](repeating: 0, count: capacity)
    for (index, member) in members.enumerated() where !contains(member) {
      var slot = Self.hash(member) & (capacity - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = UInt32(index) + 1
    }
  }

  private static func hash(_ value: Value) -> Int {
    Int(truncatingIfNeeded: Memory.mix(value.bits ^ UInt64(value.tag.rawValue) << 56) & 0xffff_ffff)
  }

  /// Whether a canonical scalar is a member.
  @inline(__always) func contains(_ value: Value) -> Bool {
    if slots.isEmpty {
      // By a span: a loop over the array would count a reference.
      let members = members.span
      for place in members.indices
      where members[place].bits == value.bits && members[place].tag == value.tag { return true }
      return false
    }
    let mask = slots.count - 1
    var slot = Self.hash(value) & mask
    while slots[slot] != 0 {
      let member = members[Int(slots[slot]) - 1]
      if member.bits == value.bits, member.tag == value.tag { return true }
      slot = (slot + 1) & mask
    }
    return false
  }
}

/// Takes what a variable holds and leaves something else in its place.
private func exchange<T>(_ place: inout T, with other: consuming T) -> T {
  swap(&place, &other)
  return other
}
