import CEL
import Testing

/// A compiled expression is shared freely; what changes belongs to each evaluation.
@Suite struct ThreadTests {
  private static let text = """
    user.roles.exists(r, r in group.roles) && user.name.matches('^u[0-9]+$')
      ? user.roles.map(r, r + '-' + user.name).filter(r, r.size() > 3).size() + number
      : number / (number % 3)
    """

  private static func bindings(_ number: Int) -> [String: CELValue] {
    let roles = CELValue.list((0..<number % 40).map { .string("r\($0)") })
    return [
      "user": ["name": .string(number % 5 == 0 ? "nobody" : "u\(number)"), "roles": roles],
      "group": ["roles": .list((0..<50).map { .string("r\($0 * 7 % 50)") })],
      "number": .int(Int64(number)),
    ]
  }

  private static func outcome(_ compiled: CompiledExpression, _ number: Int) -> Comparison.Outcome {
    do {
      return .value(try compiled.evaluate(bindings(number)))
    } catch {
      return .failure(error.code)
    }
  }

  @Test func eightTasksShareOneExpression() async throws {
    var environment = Environment()
    for name in ["user", "group", "number"] { environment.declare(name) }
    let compiled = try environment.compile(Self.text)
    let wanted = (0..<200).map { Self.outcome(compiled, $0) }
    #expect(wanted.contains(.failure("division_by_zero")))
    #expect(wanted.contains { if case .value = $0 { true } else { false } })
    await withTaskGroup(of: [Comparison.Outcome].self) { group in
      for task in 0..<8 {
        group.addTask {
          var outcomes = wanted
          for step in 0..<200 {
            let number = (step * 7 + task * 31) % 200
            outcomes[number] = Self.outcome(compiled, number)
          }
          return outcomes
        }
      }
      for await outcomes in group { #expect(outcomes == wanted) }
    }
  }

  /// One evaluator for a thousand requests: nothing is left of the one before.
  @Test func evaluatorsForget() throws {
    var environment = Environment()
    for name in ["user", "group", "number"] { environment.declare(name) }
    let compiled = try environment.compile(Self.text)
    var evaluator = Evaluator(compiled)
    for step in 0..<400 {
      let number = step * 13 % 200
      evaluator.reset()
      for (name, value) in Self.bindings(number) { try evaluator.bind(name, to: value) }
      let outcome: Comparison.Outcome
      do throws(EvaluationError) {
        outcome = .value(try evaluator.evaluate())
      } catch {
        outcome = .failure(error.code)
      }
      #expect(outcome == Self.outcome(compiled, number))
    }
    evaluator.reset()
    #expect(throws: EvaluationError.self) { try evaluator.evaluate() }
  }

  /// The same bindings, evaluated again and again, do not fill the memory up.
  @Test func evaluatingAgainCostsNothing() throws {
    var environment = Environment()
    environment.declare("s")
    for text in [
      "(s + s).size()", "[s + 'x', s].map(x, {x: x + x}) == []", "s.matches(s + 'x')",
      "1 / (s.size() - s.size())",
    ] {
      var evaluator = Evaluator(try environment.compile(text))
      try evaluator.bind("s", to: "some text")
      let before = evaluator.workspace.memory
      for _ in 0..<3 { _ = try? evaluator.evaluate() }
      let after = evaluator.workspace.memory
      #expect(before.octets.count == after.octets.count)
      #expect(before.elementCount == after.elementCount)
    }
  }
}
