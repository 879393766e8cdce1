import Testing

@testable import CEL

/// The limits that extension calls run into, on either side.
@Suite struct ExtensionLimitsTests {
  @Test func precision() {
    let most = Limits.formatPrecision
    #expect(Outcome.of("dyn('%.\(most)f').format([1.0]).size()") == "\(most + 2)")
    #expect(Outcome.of("dyn('%.\(most + 1)f').format([1.0])") == "error: invalid_argument")
  }

  @Test func elements() {
    let most = Limits.evaluationElements
    #expect(Outcome.of("lists.range(\(most)).size()", budget: 100_000_000) == "\(most)")
    #expect(
      Outcome.of("lists.range(\(most + 1)).size()", budget: 100_000_000) == "error: memory_exceeded"
    )
  }

  @Test func octets() {
    for (length, expected) in [
      (Limits.evaluationOctets / 2, "\(Limits.evaluationOctets / 2)"),
      (Limits.evaluationOctets / 2 + 1, "error: memory_exceeded"),
    ] {
      let text = CELValue.string(String(repeating: "a", count: length - 1) + "b")
      #expect(
        Outcome.of("s.reverse().size()", ["s": text], budget: 100_000_000) == expected)
    }
  }

  @Test("only what is cheap is computed when an expression is compiled") func folding() throws {
    let environment = Environment(extensions: .all)
    let small = try environment.compile("lists.range(\(Limits.foldingBudget / 2))")
    #expect(small.program.memory.elementCount >= Limits.foldingBudget / 2)
    let large = try environment.compile("lists.range(\(Limits.foldingBudget + 1))")
    #expect(large.program.memory.elementCount < 100)
    #expect("\(try large.evaluate())".hasPrefix("[0, 1, 2"))
  }

  @Test("patterns that are computed are remembered, but not for ever") func patterns() throws {
    var environment = Environment(extensions: .all)
    environment.declare("n", .int)
    let compiled = try environment.compile(
      "lists.range(n).all(i, regex.replace('a' + string(i), 'a' + string(i), 'b') == 'b')")
    for count in [Limits.dynamicPatterns, Limits.dynamicPatterns + 1] {
      var evaluator = Evaluator(compiled)
      try evaluator.bind("n", to: .int(Int64(count)))
      #expect(evaluator.run().isTrue)
      #expect(evaluator.workspace.memory.dynamicPatterns.count == Limits.dynamicPatterns)
    }
  }
}
