/// A finished program in one shared, immutable object.
///
/// A `Program` is a struct of many arrays: handing it around by value retains each of them. Whoever
/// runs it often holds it through this object and pays for one reference.
package final class Executable: Sendable {
  package let program: Program

  package init(_ program: Program) { self.program = program }

  /// Runs the code at a place where an entry begins.
  package func run(at pc: Int32, in workspace: inout Workspace) -> Value {
    var recorder = NoRecorder()
    return program.run(
      from: Int(pc), until: .max, &workspace.registers, &workspace.memory, &recorder
    ).value
  }
}
