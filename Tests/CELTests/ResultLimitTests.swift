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
