/// A finished program in one shared, immutable object.
///
/// A `Program` is a struct of many arrays: handing it around by value retains each of them. Whoever
/// runs it often holds it through this object and pays for one reference.
package final class Executable: Sendable {
  package let program: Program
  let machine: Machine

  package init(_ program: Program) {
    self.program = program
    machine = Machine(program)
  }

  /// Runs the code at a place where an entry begins.
  package func run(at pc: Int32, in workspace: inout Workspace) -> Value {
    var recorder = NoRecorder()
    return machine.run(
      from: Int(pc), until: .max, &workspace.registers, &workspace.memory, &recorder
    ).value
  }

  /// What came of a condition and its exception.
  package struct Answer: BitwiseCopyable {
    package let verdict: Verdict
    /// Why there is none, for `error`.
    package let value: Value
  }
  package enum Verdict: UInt8, BitwiseCopyable {
    case no, yes, error
  }

  /// Whether a condition holds and its exception does not, with errors that the other side does not
  /// settle. Each is where an entry begins, or negative: then there is none. What the first of them
  /// came to is known.
  package func answer(
    _ first: Value, when: Int32, unless: Int32, in workspace: inout Workspace
  ) -> Answer {
    var result = Value.true
    if when >= 0 {
      result = first
      if result.isFalse { return Answer(verdict: .no, value: result) }
    }
    if unless >= 0 {
      let exempt = when >= 0 ? run(at: unless, in: &workspace) : first
      if exempt.isTrue { return Answer(verdict: .no, value: .false) }
      if !result.isError, exempt.isError { result = exempt }
    }
    return Answer(verdict: result.isTrue ? .yes : .error, value: result)
  }
}
