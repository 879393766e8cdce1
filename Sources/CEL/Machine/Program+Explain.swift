/// Reading off an evaluation what each part of a condition came to.
///
/// For coverage: the same code that decides is run again with a recorder; operands that
/// short-circuiting skipped are run on their own, and what was recorded tells which of them are
/// reached. Nothing here evaluates anything in another way. (Explanations, which are made for every
/// denial, run the same parts without a recorder: `Explainer` in `PolicyEngine`.)
package struct ConditionReport {
  /// What a boolean node came to.
  package enum Outcome {
    case `true`, `false`
    case error(Value)
  }

  let program: Program
  let expression: UInt32
  private(set) var values: [UInt64: Value] = [:]
  private(set) var outcomes: [UInt64: Outcome] = [:]

  package var tree: Expression { program.expressions[Int(expression)].expression }

  /// Runs the condition with the variables and definitions that are in the workspace.
  package init(_ entry: Program.Entry, of program: Program, in workspace: inout Workspace) {
    self.program = program
    expression = entry.expression
    // Definitions run again, so that what they read is recorded too.
    workspace.forgetDefinitions()
    var recording = Recording()
    let value = program.run(entry, in: &workspace, recording: &recording)
    outcomes[Program.regionKey(expression, tree.root)] = Self.outcome(value)
    note(recording)
    runOperands(of: tree.root, expression, in: &workspace, depth: 0)
  }

  private static func outcome(_ value: Value) -> Outcome {
    value.isTrue ? .true : value.isFalse ? .false : .error(value)
  }

  mutating func note(_ outcome: Outcome, _ key: UInt64) { outcomes[key] = outcome }

  private mutating func note(_ recording: Recording) {
    for note in recording.notes {
      let origin = program.origins[Int(note.pc)]
      values[Program.regionKey(origin.expression, origin.node)] = note.value
    }
  }

  /// Definitions within definitions are followed so deep.
  private static let depth = 32

  /// Runs every operand of `&&`, `||` and `!` by itself, in the condition and in the definitions
  /// that it uses.
  private mutating func runOperands(
    of node: Expression.ID, _ owner: UInt32, in workspace: inout Workspace, depth: Int
  ) {
    if case .definition(_, let defined) = program.name(of: node, in: owner) {
      let root = Program.regionKey(defined, tree(defined).root)
      guard outcomes[root] == nil, depth < Self.depth else { return }
      outcomes[root] = outcomes[Program.regionKey(owner, node)]
      return runOperands(of: tree(defined).root, defined, in: &workspace, depth: depth + 1)
    }
    let tree = tree(owner)
    let isLogical =
      tree[node].kind == .and || tree[node].kind == .or
      || tree[node].kind == .operation && tree.op(of: node) == .not
    guard isLogical else { return }
    for child in tree.children(of: node) {
      if outcomes[Program.regionKey(owner, child)] == nil { run(child, owner, in: &workspace) }
      runOperands(of: child, owner, in: &workspace, depth: depth)
    }
  }

  mutating func run(
    _ node: Expression.ID, _ owner: UInt32, in workspace: inout Workspace
  ) {
    guard let region = program.region(owner, node) else { return }
    var recording = Recording()
    let value = Machine(program).run(region, in: &workspace, &recording)
    note(recording)
    outcomes[Program.regionKey(owner, node)] = Self.outcome(value)
  }

  /// What a boolean node of the condition came to; nil if it was not evaluated.
  package func outcome(of node: Expression.ID) -> Outcome? { outcome(of: node, in: expression) }

  /// What a boolean node of the condition, or of a definition that it uses, came to.
  package func outcome(of node: Expression.ID, in owner: UInt32) -> Outcome? {
    outcomes[Program.regionKey(owner, node)]
  }

  package func tree(_ expression: UInt32) -> Expression {
    program.expressions[Int(expression)].expression
  }
}
