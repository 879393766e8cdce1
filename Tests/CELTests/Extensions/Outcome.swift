import CEL

/// An expression and what comes of it: the value as a literal, or `error:` and its code. An error
/// of compilation is `refused`.
struct Outcome: CustomStringConvertible, Sendable {
  let source: String
  let expected: String

  init(_ source: String, _ expected: String) {
    self.source = source
    self.expected = expected
  }

  var description: String { source }

  /// What comes of it now.
  func actual(checked: Bool = true) -> String {
    Outcome.of(source, checked: checked)
  }

  static func of(
    _ source: String, _ bindings: [String: CELValue] = [:], checked: Bool = true,
    extensions: Extensions = .all, budget: Int = Limits.defaultBudget, optimizes: Bool = true
  ) -> String {
    var environment = Environment(extensions: extensions)
    environment.checksTypes = checked
    environment.budget = budget
    environment.optimizes = optimizes
    for name in bindings.keys { environment.declare(name, .dyn) }
    do {
      return "\(try environment.compile(source).evaluate(bindings))"
    } catch let error as EvaluationError {
      return "error: \(error.code)"
    } catch {
      return "refused"
    }
  }
}
