/// Parts of a condition, run by themselves, and what their nodes refer to: what explanations are
/// made of.
extension Machine {
  /// Runs the code of a boolean node; gives true, false or its error. A jump out of the code is the
  /// outcome that jumps.
  func run<R: Recorder>(
    _ region: Program.Region, in workspace: inout Workspace, _ recorder: inout R
  ) -> Value {
    let error = Int(region.error)
    workspace.registers[error] = .null
    let end = Int(region.end)
    let result = run(from: Int(region.start), until: end, &workspace, &recorder)
    if result.value.isError { return result.value }
    guard result.pc == end else { return .bool(region.sense) }
    let kept = workspace.registers[error]
    return kept.isError ? kept : .bool(!region.sense)
  }
}

extension Program {
  /// What a node refers to, as far as explanations care.
  package enum Name {
    /// A variable in a register.
    case variable(String, register: Int)
    /// A definition, and the expression that defines it.
    case definition(String, expression: UInt32)
    case other
  }

  package func name(of node: Expression.ID, in expression: UInt32) -> Name {
    guard case .variable(let name) = expressions[Int(expression)].reference(node) else {
      return .other
    }
    if let register = register(of: name) { return .variable(name, register: register) }
    if let defined = definitionExpressions[name] {
      return .definition(name, expression: defined)
    }
    return .other
  }

  /// The id of a text that the program has; nil for others.
  package func text(_ name: String) -> TextID? { memory.find(name.utf8Span.span) }

  /// Where a definition that a node names keeps its value, and where its code begins; nil where no
  /// code asks for it. The code of the node's expression begins at `start`.
  package func definition(
    _ node: Expression.ID, in expression: UInt32, from start: Int32
  ) -> (register: Int, start: Int32)? {
    var pc = Int(start)
    while pc < code.count, origins[pc].expression == expression {
      if code[pc].op.isDefinition, origins[pc].node == node {
        return (Int(code[pc].a), code[pc].d)
      }
      pc += 1
    }
    return nil
  }
}

/// For runs of a part of the code of which nothing is noted but the outcome.
struct PartRun: Recorder {
  static var records: Bool { false }
  static var stops: Bool { true }
  @inline(__always) mutating func record(_ pc: Int, _ value: Value) {}
}

extension Executable {
  /// Runs the code of a boolean node by itself; gives true, false or its error.
  package func run(_ part: Program.Region, in workspace: inout Workspace) -> Value {
    var recorder = PartRun()
    return machine.run(part, in: &workspace, &recorder)
  }

  /// Runs an entry anew, with the definitions that it asks for.
  package func run(anew entry: Program.Entry, in workspace: inout Workspace) -> Value {
    workspace.forgetDefinitions()
    return run(at: entry.pc, in: &workspace)
  }

  /// Runs an entry and gives its value, or an error value.
  package func run(_ entry: Program.Entry, in workspace: inout Workspace) -> Value {
    run(at: entry.pc, in: &workspace)
  }

  /// The error that an error value stands for.
  package func describe(_ value: Value, _ memory: borrowing Memory) -> EvaluationError {
    program.describe(value, memory)
  }
}
