import CEL
import Foundation
import Testing

/// How deep expressions may nest, in every way that they can.
@Suite struct DepthTests {
  private static func environment(checks: Bool) -> Environment {
    var environment = Environment(extensions: Comparison.extensions)
    environment.checksTypes = checks
    for name in ["m", "l", "b", "i"] { environment.declare(name) }
    for signature in ["A.f() -> dyn", "A.f(B) -> dyn"] {
      if let overload = Overload(signature) { try? environment.declare(overload) { $0[0] } }
    }
    return environment
  }
  private static let bindings: [String: CELValue] = [
    "l": [1, 2], "b": true, "i": 1, "m": ["a": 1],
  ]

  @Test(arguments: DeepShape.all) func theDeepestCompilesAndEnds(_ shape: DeepShape) throws {
    let text = shape.text(shape.deepest)
    for checks in [false, true] {
      let environment = Self.environment(checks: checks)
      do throws(CompilationError) {
        _ = try environment.compileAndRun(text, Self.bindings)
      } catch {
        // Deep sums of comparisons are ill-typed, but never too deep.
        #expect(checks && error.diagnostics.allSatisfy { $0.code != "too-deep" }, "\(error)")
      }
    }
  }

  @Test(arguments: DeepShape.all) func oneMoreIsTooDeep(_ shape: DeepShape) {
    let environment = Self.environment(checks: false)
    #expect(shape.deepest < Limits.expressionDepth)
    for depth in [shape.deepest + 1, shape.deepest + 2, shape.deepest * 3, 4_000] {
      let error = #expect(throws: CompilationError.self) {
        try environment.compile(shape.text(depth))
      }
      #expect(error?.diagnostics.map(\.code) == ["too-deep"])
    }
  }

  /// Signs in a row are counted, not nested.
  @Test func signsInARow() throws {
    let environment = Environment()
    #expect(
      try environment.compile(String(repeating: "!", count: 10_001) + "true").evaluate() == false)
    #expect(try environment.compile(String(repeating: "-", count: 10_000) + "(1)").evaluate() == 1)
    #expect(try environment.compile(String(repeating: "-", count: 10_001) + "1").evaluate() == -1)
  }

  @Test(arguments: ["&&", "||"]) func chainsAreNotDeep(op: String) throws {
    var environment = Environment()
    for checks in [false, true] {
      environment.checksTypes = checks
      environment.declare("b", .bool)
      let text = Array(repeating: "b", count: 19_999).joined(separator: op)
      let compiled = try environment.compile(text)
      #expect(try compiled.evaluate(["b": true]) == true)
      #expect(try compiled.evaluate(["b": false]) == false)
    }
  }

  /// The last of many operands decides.
  @Test func longChainsOfComparisons() throws {
    var environment = Environment()
    environment.declare("i", .int)
    let text = (0..<9_000).map { "i==\($0)" }.joined(separator: "||")
    let compiled = try environment.compile(text)
    #expect(try compiled.evaluate(["i": 8_999]) == true)
    #expect(try compiled.evaluate(["i": 9_000]) == false)
  }

  // MARK: The stack

  /// Runs on a thread with so small a stack. Running out of it would end the process.
  private func onThread(stack: Int, _ body: @escaping @Sendable () -> Void) {
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      body()
      done.signal()
    }
    thread.stackSize = stack
    thread.start()
    done.wait()
  }

  /// Evaluation does not recurse over the expression, only over values where they are compared and
  /// handed out: the stack that the smallest usual threads have is enough.
  @Test func evaluationNeedsNoStack() throws {
    let compiled = try DeepShape.all.map { shape in
      try Self.environment(checks: false).compile(shape.text(shape.deepest))
    }
    onThread(stack: 512 << 10) {
      for expression in compiled { _ = try? expression.evaluate(Self.bindings) }
    }
  }

  /// Compilation recurses, as deep as expressions may be.
  @Test func compilationNeedsABoundedStack() {
    #if DEBUG
      let stack = 8 << 20
    #else
      let stack = 1 << 20
    #endif
    onThread(stack: stack) {
      for shape in DeepShape.all {
        for checks in [false, true] {
          _ = try? Self.environment(checks: checks).compile(shape.text(shape.deepest))
        }
      }
    }
  }
}

extension Environment {
  fileprivate func compileAndRun(
    _ text: String, _ bindings: [String: CELValue]
  ) throws(CompilationError) -> Result<CELValue, EvaluationError> {
    let compiled = try compile(text)
    return Result { () throws(EvaluationError) in try compiled.evaluate(bindings) }
  }
}
