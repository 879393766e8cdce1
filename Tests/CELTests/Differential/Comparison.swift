import CEL

/// An expression by every way through the engine, and by the reference.
struct Comparison {
  /// What came out: a value, or the code of an error.
  enum Outcome: Equatable, CustomStringConvertible {
    case value(CELValue)
    case failure(String)
    /// The expression does not compile; what was said.
    case refused([String])
    /// The evaluation ended at a limit, which the reference does not have and no generated
    /// expression is large enough for.
    case limited

    static func == (left: Outcome, right: Outcome) -> Bool {
      switch (left, right) {
      case (.value(let a), .value(let b)): Comparison.isSame(a, b)
      case (.failure(let a), .failure(let b)): a == b
      case (.refused(let a), .refused(let b)): a == b
      case (.limited, .limited): true
      default: false
      }
    }

    var description: String {
      switch self {
      case .value(let value): "\(value)"
      case .failure(let code): "error \(code)"
      case .refused(let codes): "refused (\(codes.joined(separator: ", ")))"
      case .limited: "limit"
      }
    }
  }

  let text: String
  let world: GeneratedWorld
  /// Whether the type checker must accept the expression.
  var isWellTyped = false

  static let extensions: Extensions = [.macros, .bindings, .twoVariableComprehensions]

  /// What the ways do not agree about; nil if they agree.
  func disagreement() -> String? {
    guard case .success(let tree) = Parser.parse(Array(text.utf8), extensions: Self.extensions)
    else {
      return "it does not parse"
    }
    let wanted = reference(tree)
    let environment = environment(checks: false, world.types)
    let plain = engine(text, environment, world.bindings, inEveryWay: true)
    // A constant pattern that is wrong is found earlier, and in branches that are never taken.
    let isRefused = plain.value == .refused(["invalid-regex"])
    if !isRefused {
      if plain.value != wanted { return "engine \(plain.value), reference \(wanted)" }
      if plain.recorded != wanted {
        return "engine while recording \(plain.recorded), reference \(wanted)"
      }
      let condition = Self.asCondition(wanted)
      if plain.condition != condition {
        return "as a condition \(plain.condition), not \(condition)"
      }
    }
    let unfolded = withoutConstants(tree)
    let types = world.types.merging(unfolded.constants.mapValues { _ in .dyn }) { own, _ in own }
    let bindings = world.bindings.merging(unfolded.constants) { own, _ in own }
    let slow = engine(unfolded.text, self.environment(checks: false, types), bindings)
    if slow.value != wanted { return "without constants \(slow.value), reference \(wanted)" }
    var literal = self.environment(checks: false, types)
    literal.optimizes = false
    let plainest = engine(unfolded.text, literal, bindings)
    if plainest.value != wanted { return "unoptimised \(plainest.value), reference \(wanted)" }
    let checked = engine(text, self.environment(checks: true, world.types), world.bindings)
    if case .refused(let codes) = checked.value {
      return isWellTyped && !isRefused ? "the checker refuses it: \(codes)" : nil
    }
    return checked.value == wanted ? nil : "checked \(checked.value), reference \(wanted)"
  }

  private static func asCondition(_ outcome: Outcome) -> Outcome {
    if case .value(let value) = outcome {
      if case .bool = value { return outcome }
      return .failure("no_such_overload")
    }
    return outcome
  }

  // MARK: Ways

  private func reference(_ tree: Expression) -> Outcome {
    let evaluator = ReferenceEvaluator(
      expression: tree, variables: Set(world.types.keys), bindings: world.bindings)
    return switch evaluator.evaluate() {
    case .success(let value): .value(value)
    case .failure(let error): .failure(error.code)
    }
  }

  private func environment(checks: Bool, _ types: [String: CELType]) -> Environment {
    var environment = Environment(extensions: Self.extensions)
    environment.checksTypes = checks
    for (name, type) in types { environment.declare(name, type) }
    return environment
  }

  private func engine(
    _ text: String, _ environment: Environment, _ bindings: [String: CELValue],
    inEveryWay: Bool = false
  ) -> (value: Outcome, condition: Outcome, recorded: Outcome) {
    do {
      let checked = try environment.check(text)
      var builder = ProgramBuilder(environment)
      let entry = try builder.add(checked)
      let condition = inEveryWay ? try builder.add(condition: checked) : entry
      let program = builder.finish()
      var workspace = Workspace(program)
      for (name, value) in bindings {
        if let register = program.register(of: name) {
          workspace.registers[register] = workspace.memory.add(value)
        }
      }
      let value = program.run(entry, in: &workspace)
      let outcome = Self.outcome(value, program, workspace)
      guard inEveryWay else { return (outcome, outcome, outcome) }
      let decision = Self.outcome(program.run(condition, in: &workspace), program, workspace)
      var recording = Recording()
      let again = program.run(entry, in: &workspace, recording: &recording)
      return (outcome, decision, Self.outcome(again, program, workspace))
    } catch {
      let found =
        (error as? CompilationError)?.diagnostics ?? (error as? Diagnostic).map { [$0] } ?? []
      let codes = found.map { $0.code == "invalid-regex" ? $0.code : "\($0.code): \($0.message)" }
      return (.refused(codes), .refused(codes), .refused(codes))
    }
  }

  private static func outcome(_ value: Value, _ program: Program, _ workspace: Workspace) -> Outcome
  {
    if value.isError {
      let code = program.describe(value, workspace.memory).code
      return ["budget_exceeded", "memory_exceeded"].contains(code) ? .limited : .failure(code)
    }
    return workspace.memory.export(value).map { .value($0) } ?? .limited
  }

  /// The same expression with a variable in place of every literal, so that nothing can be computed
  /// beforehand.
  private func withoutConstants(_ tree: Expression) -> (text: String, constants: [String: CELValue])
  {
    var octets = Array(text.utf8)
    var constants: [String: CELValue] = [:]
    let literals = tree.nodes.filter { $0.kind == .literal }.sorted {
      $0.span.start > $1.span.start
    }
    for (index, node) in literals.enumerated() {
      let name = "constant\(index)"
      octets.replaceSubrange(Int(node.span.start)..<Int(node.span.end), with: name.utf8)
      constants[name] =
        switch tree.constants[Int(node.payload)] {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .double(let bits): .double(Double(bitPattern: bits))
        case .string(let text): .string(String(decoding: text, as: UTF8.self))
        case .bytes(let value): .bytes(value)
        }
    }
    return (String(decoding: octets, as: UTF8.self), constants)
  }

  /// The same value of the same type: NaN like NaN, zeros by sign, texts by code point, maps in any
  /// order.
  static func isSame(_ left: CELValue, _ right: CELValue) -> Bool {
    switch (left, right) {
    case (.double(let a), .double(let b)): a.isNaN && b.isNaN || a == b && a.sign == b.sign
    case (.string(let a), .string(let b)): Array(a.utf8) == Array(b.utf8)
    case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy(isSame)
    case (.map(let a), .map(let b)):
      a.count == b.count
        && a.allSatisfy { entry in
          b.contains { isSame(entry.key, $0.key) && isSame(entry.value, $0.value) }
        }
    default: left == right
    }
  }
}
