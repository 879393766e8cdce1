/// What evaluating an expression costs, known before: in the steps that the budget counts.
public struct CostEstimate: Hashable, Sendable {
  /// Every evaluation takes at least so many steps.
  public let minimum: Int
  /// No evaluation takes more, as long as the values are within their declared sizes; nil where
  /// nothing bounds it.
  public let maximum: Int?
  /// The part of the source that has no bound, if there is one: the first that was met.
  public let unbounded: SourceSpan?
}

extension CostEstimate: CustomStringConvertible {
  /// `3…120 steps`, `at least 3 steps`.
  public var description: String {
    maximum.map { "\(minimum)…\($0) steps" } ?? "at least \(minimum) steps"
  }
}

/// What is asked of an expression's estimated cost when it is compiled.
public enum CostCheck: Sendable {
  /// Nothing.
  case none
  /// That it can be evaluated within the budget at all.
  case possible
  /// That every evaluation, with values within their declared sizes, stays within the budget.
  case bounded
}

extension CompiledExpression {
  /// What one evaluation costs at least and at most (`Environment.declare(size:of:)` says how large
  /// variables are). It is worked out each time this is asked for.
  public var cost: CostEstimate { program.cost(of: entry) }
}

extension Program {
  /// Of a program that has not kept the types of its nodes nothing is known.
  package func cost(of entry: Entry) -> CostEstimate {
    let checked = expressions[Int(entry.expression)]
    guard !checked.types.isEmpty else {
      let tree = checked.expression
      return CostEstimate(minimum: 0, maximum: nil, unbounded: tree[tree.root].span)
    }
    var estimator = CostEstimator(self, entry.expression)
    return estimator.estimate()
  }
}

extension ProgramBuilder {
  /// Refuses an expression by its cost, if the environment asks for that.
  func checkCost(of entry: Program.Entry) throws(Diagnostic) {
    guard environment.costCheck != .none else { return }
    let cost = program.cost(of: entry)
    let tree = program.expressions[Int(entry.expression)].expression
    if cost.minimum > environment.budget {
      throw Diagnostic(
        "cost-above-budget",
        "the expression takes \(cost.minimum) steps or more, and \(environment.budget) are allowed",
        at: tree[tree.root].span, help: "make the lists that it goes through shorter")
    }
    guard environment.costCheck == .bounded else { return }
    if let span = cost.unbounded {
      throw Diagnostic(
        "cost-unbounded", "nothing says how much work this is at most", at: span,
        help: "declare the sizes of the variables in it")
    }
    if let maximum = cost.maximum, maximum > environment.budget {
      throw Diagnostic(
        "cost-above-budget",
        "the expression may take \(maximum) steps, and \(environment.budget) are allowed",
        at: tree[tree.root].span, help: "declare smaller sizes, or nest fewer loops")
    }
  }
}
