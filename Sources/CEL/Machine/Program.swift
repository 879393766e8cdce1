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
  struct Region: BitwiseCopyable, Sendable {
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
  var memory = Memory()
  /// Names of the variables; register i holds variable i.
  package internal(set) var variableNames: [String] = []
  /// Values of variables that nobody binds: errors that name them.
  var unbound: [Value] = []
  /// Definitions begin at this register: value, then return address, for each.
  var definitionBase = 0
  var definitionCount = 0
  var registerCount = 0
  /// The expressions, for messages and explanations.
  package internal(set) var expressions: [CheckedExpression] = []
  /// Code of boolean nodes, by expression and node.
  var regions: [UInt64: Region] = [:]
  /// The expression of each definition.
  package internal(set) var definitionExpressions: [String: UInt32] = [:]
  package var budget = Limits.defaultBudget

  /// Where the code of one expression begins.
  package struct Entry: Hashable, Sendable {
    package let pc: Int32
    package let expression: UInt32
  }

  static func regionKey(_ expression: UInt32, _ node: Expression.ID) -> UInt64 {
    UInt64(expression) << 32 | UInt64(UInt32(bitPattern: node))
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
  private let cleared: [Value]

  package init(_ program: Program) {
    registers = [Value](repeating: .unset, count: program.registerCount)
    memory = program.memory
    cleared =
      program.unbound
      + [Value](repeating: .unset, count: program.definitionCount * 2)
    clear()
    memory.reset(budget: program.budget)
  }

  /// Forgets variables, definitions and all that evaluations left behind.
  package mutating func reset(budget: Int) {
    clear()
    memory.reset(budget: budget)
  }

  private mutating func clear() {
    for index in cleared.indices { registers[index] = cleared[index] }
  }
}
