import CEL
import Testing

/// What can't be declared is refused where it is declared.
@Suite struct DeclarationTests {
  private static func overload(_ parameters: Int) -> Overload {
    Overload(
      name: "f", isMember: false, parameters: Array(repeating: .int, count: parameters),
      result: .int)
  }

  @Test(arguments: [true, false]) func mostParameters(checks: Bool) throws {
    let most = Limits.functionParameters
    var environment = Environment()
    environment.checksTypes = checks
    try environment.declare(Self.overload(most)) { .int(Int64($0.count)) }
    let arguments = Array(repeating: "1", count: most).joined(separator: ", ")
    #expect(try environment.compile("f(\(arguments))").evaluate() == .int(Int64(most)))
    // One more argument than any function has is no call of it, type checks or not.
    let more = try? environment.compile("f(\(arguments), 1)").evaluate()
    #expect(more == nil)
  }

  @Test func oneParameterMore() {
    var environment = Environment()
    #expect {
      try environment.declare(Self.overload(Limits.functionParameters + 1))
    } throws: { error in
      "\(error)".contains("`f` has 256 parameters") && "\(error)".contains("a list")
    }
  }
}
