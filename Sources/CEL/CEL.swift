/// The Common Expression Language.
///
/// ```swift
/// var environment = Environment()
/// environment.declare("user", .map(.string, .dyn))
/// let rule = try environment.compile("user.age >= 18 && 'editor' in user.roles")
/// try rule.evaluate(["user": ["age": 20, "roles": ["editor"]]])   // .bool(true)
/// ```
///
/// An `Environment` says what expressions may use; `compile` parses, checks and translates; a
/// `CompiledExpression` is immutable, may be evaluated by any number of threads, and always ends:
/// every loop pays from a budget.
public struct CompiledExpression: Sendable {
  private let executable: Executable
  package var program: Program { executable.program }
  package let entry: Program.Entry
  /// Steps that one evaluation may take.
  let budget: Int
  /// The type of the result, as far as it is known.
  public let type: CELType
  /// Remarks that do not prevent its use.
  public let warnings: [Diagnostic]
  /// Names of the variables that the expression reads.
  public let variables: Set<String>

  init(_ program: Program, _ entry: Program.Entry, _ checked: CheckedExpression) {
    executable = Executable(program)
    budget = program.budget
    self.entry = entry
    type = checked.type
    warnings = checked.warnings
    variables = checked.variableNames
  }

  @inline(__always) func run(in workspace: inout Workspace) -> Value {
    executable.run(at: entry.pc, in: &workspace)
  }

  /// Evaluates with values for the variables; a variable without one is an error only if it is
  /// read.
  ///
  /// - Throws: `EvaluationError` if the expression has no value: a missing key, an overflow,
  ///   operands of types that an operator does not take, a spent budget.
  public func evaluate(
    _ bindings: [String: CELValue] = [:]
  ) throws(EvaluationError) -> CELValue {
    var evaluator = Evaluator(self)
    for (name, value) in bindings { try evaluator.bind(name, to: value) }
    return try evaluator.evaluate()
  }
}

/// Everything that prevents an expression from being compiled.
public struct CompilationError: Error, Sendable, CustomStringConvertible {
  /// What is wrong, at least one.
  public let diagnostics: [Diagnostic]
  /// The text that was compiled.
  public let source: String

  /// Each diagnostic with its line, a caret and what to do about it.
  public var description: String {
    diagnostics.map { diagnostic in
      let excerpt = SourceExcerpt(of: Array(source.utf8), at: diagnostic.span)
      let help = diagnostic.help.map { "\n  help: \($0)" } ?? ""
      let lines = excerpt.text.split(separator: "\n", omittingEmptySubsequences: false)
      return "\(excerpt.line):\(excerpt.column): \(diagnostic.severity): \(diagnostic.message)\n"
        + lines.map { "  | \($0)" }.joined(separator: "\n") + help
    }.joined(separator: "\n")
  }
}

extension Environment {
  /// Parses, checks and translates one expression.
  ///
  /// - Throws: `CompilationError` with everything that is wrong with it.
  public func compile(_ source: String) throws(CompilationError) -> CompiledExpression {
    let checked = try check(source)
    var builder = ProgramBuilder(self)
    do throws(Diagnostic) {
      let entry = try builder.add(checked)
      return CompiledExpression(builder.finish(), entry, checked)
    } catch {
      throw CompilationError(diagnostics: [error], source: source)
    }
  }

  /// Parses and checks one expression without translating it.
  package func check(_ source: String) throws(CompilationError) -> CheckedExpression {
    switch Parser.parse(Array(source.utf8), extensions: extensions) {
    case .failure(let diagnostic): throw CompilationError(diagnostics: [diagnostic], source: source)
    case .success(let expression):
      let result = Checker.check(expression, in: self)
      guard let checked = result.checked else {
        throw CompilationError(diagnostics: result.diagnostics, source: source)
      }
      return checked
    }
  }

  /// The type of an expression, without making a program of it.
  ///
  /// - Throws: `CompilationError` with everything that is wrong with it.
  public func type(of source: String) throws(CompilationError) -> CELType { try check(source).type }
}

/// Evaluates one compiled expression many times, with storage that is reused.
///
/// An evaluator belongs to one thread at a time; make one for each.
public struct Evaluator: Sendable {
  private let compiled: CompiledExpression
  package private(set) var workspace: Workspace

  /// An evaluator without bindings.
  public init(_ compiled: CompiledExpression) {
    self.compiled = compiled
    workspace = Workspace(compiled.program)
  }

  /// Gives a variable a value, until the next `reset()`. Names that the environment does not
  /// declare are ignored.
  ///
  /// - Throws: `EvaluationError` if the value nests too deeply or holds a map with keys that CEL
  ///   does not allow.
  public mutating func bind(_ name: String, to value: CELValue) throws(EvaluationError) {
    guard let register = compiled.program.register(of: name) else { return }
    let bound = workspace.memory.add(value)
    if bound.isError {
      throw EvaluationError(
        code: "invalid_binding",
        message: "the value of `\(name)` nests too deeply or has unusable keys",
        span: SourceSpan(0, 0))
    }
    workspace.registers[register] = bound
  }

  /// Forgets all bindings.
  public mutating func reset() { workspace.reset(budget: compiled.budget) }

  /// Evaluates with the bindings there are. The budget is filled for each call, and nothing but the
  /// bindings stays behind.
  public mutating func evaluate() throws(EvaluationError) -> CELValue {
    workspace.memory.fuel = compiled.budget
    let before = workspace.memory.extent
    defer { workspace.memory.rewind(to: before) }
    let value = run()
    if value.isError { throw compiled.program.describe(value, workspace.memory) }
    guard let result = workspace.memory.export(value) else {
      throw EvaluationError(
        code: "result_too_large",
        message:
          "the result holds more than \(Limits.resultValues) values or \(Limits.resultBytes) bytes",
        span: SourceSpan(0, 0))
    }
    return result
  }

  /// Evaluates without copying the result out: for conditions, and for measuring the engine alone.
  package mutating func run() -> Value { compiled.run(in: &workspace) }
}

extension Evaluator {
  /// Fills the budget without forgetting bindings.
  package mutating func refuel() { workspace.memory.fuel = compiled.budget }

  /// Fills the budget, and forgets what was made since memory was so large.
  package mutating func refuel(keeping extent: Extent) {
    refuel()
    workspace.memory.rewind(to: extent.extent)
  }

  /// How much memory is in use now.
  package var extent: Extent { Extent(extent: workspace.memory.extent) }

  /// How much memory was in use at some time.
  package struct Extent: Sendable { fileprivate let extent: Memory.Extent }

  /// Whether the expression is true; false also when it has no value.
  package mutating func isTrue() -> Bool { run().isTrue }

  /// Evaluates, forgets what that made, and says how it ended: `value`, or the code of the error.
  package mutating func outcome() -> String {
    let before = workspace.memory.extent
    defer { workspace.memory.rewind(to: before) }
    let value = run()
    return value.isError ? compiled.program.describe(value, workspace.memory).code : "value"
  }

  /// Steps that were taken since the budget was filled.
  package var spent: Int { compiled.budget - workspace.memory.fuel }
}
