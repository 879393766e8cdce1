/// Compiled expressions: one flat array of instructions, constants, and the tables that they refer
/// to.
///
/// A program is immutable and shared freely; everything that changes is in a `Workspace`.
package struct Program: Sendable {
  /// Which expression an instruction was compiled from, and which node of it.
  struct Origin: BitwiseCopyable, Sendable {
    var expression: UInt32
    var node: Expression.ID
  }
  /// A set of canonical scalars, open addressing; small ones are scanned.
  struct ConstantSet: Sendable {
    var members: [Value]
    var slots: [UInt32]
  }
  /// Where the code of a boolean node stands, so that an explanation can run just that.
  package struct Region: BitwiseCopyable, Sendable {
    var node: Expression.ID
    var start: Int32
    var end: Int32
    /// The register in which it keeps an error.
    var error: UInt16
    /// The outcome that jumps out of it.
    var sense: Bool
  }

  var code: [Instruction] = []
  var origins: [Origin] = []
  var constants: [Value] = []
  var sets: [ConstantSet] = []
  var optionalEntries: [Set<Int>] = []
  var hostFunctions: [Environment.HostFunction] = []
  /// Memory with every constant text, list and map in it, frozen.
  var memory: Memory
  /// Names of the variables; register i holds variable i.
  package internal(set) var variableNames: [String] = []
  /// Values of variables that nobody binds: errors that name them.
  var unbound: [Value] = []
  /// Where a condition keeps an error that nothing has settled yet. Nothing is kept in it when a
  /// condition begins.
  var conditionError: UInt16 = 0
  /// Definitions begin at this register: value, then return address, for each.
  var definitionBase = 0
  var definitionCount = 0
  var registerCount = 0
  /// The expressions, for messages and explanations.
  package internal(set) var expressions: [CheckedExpression] = []
  /// Code of boolean nodes: those of one expression stand together and begin at `regionStarts`.
  var regions: [Region] = []
  var regionStarts: [Int32] = []
  /// The expression of each definition.
  package internal(set) var definitionExpressions: [String: UInt32] = [:]
  /// What a round of a loop costs, by expression and node: for estimates.
  var loopPrices: [UInt64: Int] = [:]
  /// How large variables are.
  var sizes = SizeHints()
  package var budget = Limits.defaultBudget

  /// Where the code of one expression begins.
  package struct Entry: Hashable, Sendable {
    package let pc: Int32
    package let expression: UInt32
  }

  init(memory: Memory) { self.memory = memory }

  static func regionKey(_ expression: UInt32, _ node: Expression.ID) -> UInt64 {
    UInt64(expression) << 32 | UInt64(UInt32(bitPattern: node))
  }

  /// The code of a boolean node, if it was compiled as a test; the last one, if several were.
  package func region(_ expression: UInt32, _ node: Expression.ID) -> Region? {
    let index = Int(expression)
    let end = index + 1 < regionStarts.count ? Int(regionStarts[index + 1]) : regions.count
    return regions[Int(regionStarts[index])..<end].last { $0.node == node }
  }

  /// The register of a variable.
  package func register(of name: String) -> Int? { variableNames.firstIndex(of: name) }

  /// The source span and expression of an instruction.
  func origin(of pc: Int) -> (expression: Int, span: SourceSpan) {
    guard pc < origins.count else { return (0, SourceSpan(0, 0)) }
    let origin = origins[pc]
    let tree = expressions[Int(origin.expression)].expression
    return (Int(origin.expression), tree[origin.node].span)
  }
}

/// The changing state of evaluations of one program: registers and memory. Make one a thread and
/// use it again and again.
package struct Workspace: Sendable {
  package var registers: [Value]
  package var memory: Memory
  /// What is asked in one run, see `Executable.sweep`.
  package var questions: [Question] = []
  private let unbound: [Value]

  package init(_ program: Program) {
    registers = [Value](repeating: .unset, count: program.registerCount)
    memory = program.memory
    unbound = program.unbound
    clear()
    memory.reset(budget: program.budget)
  }

  /// Forgets variables, definitions and all that evaluations left behind.
  package mutating func reset(budget: Int) {
    clear()
    memory.reset(budget: budget)
  }

  /// As `reset`, but leaves texts of earlier requests to be found again.
  package mutating func resetValues(budget: Int) {
    clear()
    memory.resetValues(budget: budget)
  }

  private mutating func clear() {
    for index in unbound.indices { registers[index] = unbound[index] }
    forgetDefinitions()
  }

  /// Forgets the values of definitions, so that they are computed anew.
  package mutating func forgetDefinitions() {
    guard memory.lastDefinition >= 0 else { return }
    var place = memory.lastDefinition
    memory.lastDefinition = -1
    var registers = registers.mutableSpan
    while place >= 0 {
      registers[place] = .unset
      place = Int(registers[place + 1].int)
    }
  }
}
