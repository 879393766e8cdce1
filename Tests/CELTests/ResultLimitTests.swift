import CEL
import Testing

/// What an evaluation may hand to its host.
@Suite struct ResultLimitTests {
  @Test func aResultMayHoldSoManyValues() throws {
    var environment = Environment(extensions: .all)
    environment.budget = 50_000_000
    environment.declare("n", .int)
    let range = try environment.compile("lists.range(n)")
    // The list itself is a value too.
    _ = try range.evaluate(["n": .int(Int64(Limits.resultValues - 1))])
    let error = #expect(throws: EvaluationError.self) {
      try range.evaluate(["n": .int(Int64(Limits.resultValues))])
    }
    #expect(error?.code == "result_too_large")
  }

  /// One text, so many times: it is one in the engine, and many where it is handed out.
  @Test func aResultMayHoldSoMuchText() throws {
    var environment = Environment(extensions: .all)
    environment.declare("n", .int)
    environment.declare("s", .string)
    let repeated = try environment.compile("lists.range(n).map(x, s)")
    let text = CELValue.string(String(repeating: "a", count: 1 << 20))
    let fitting = Int64(Limits.resultBytes >> 20)
    _ = try repeated.evaluate(["n": .int(fitting), "s": text])
    let error = #expect(throws: EvaluationError.self) {
      try repeated.evaluate(["n": .int(fitting + 1), "s": text])
    }
    #expect(error?.code == "result_too_large")
  }

  /// Deeper shapes are in `DepthTests`; this holds the number itself.
  @Test func anExpressionMayNestSoDeep() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
    }
    #expect(try Environment().compile(nested(Limits.expressionDepth - 1)).evaluate() == 1)
    #expect(throws: CompilationError.self) {
      try Environment().compile(nested(Limits.expressionDepth + 1))
    }
  }
}
