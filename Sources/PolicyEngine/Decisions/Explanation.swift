import CEL

/// Explanations: which parts of a condition decided, and which facts would have turned a denial.
///
/// Everything is read off the program that decided (`ConditionReport`).
struct Explainer {
  let report: ConditionReport
  let policies: PolicySet
  let workspace: Workspace
  /// The expression whose nodes are being looked at: the condition, or a definition that it uses.
  let expression: UInt32
  /// How many more definitions may be looked into: a few definitions can use each other in very
  /// many ways.
  var visits = Visits()

  /// A count that an explainer shares with those that look into definitions for it.
  final class Visits {
    var left = 200
  }

  /// The explainer of the definition that a node names, if that is made of `&&`, `||` or `!`.
  func inside(_ node: Expression.ID) -> Explainer? {
    guard case .definition(_, let defined) = report.name(of: node, in: expression), visits.left > 0
    else { return nil }
    let inner = Explainer(
      report: report, policies: policies, workspace: workspace, expression: defined, visits: visits)
    let root = report.tree(defined).root
    guard inner.isLogical(root), report.outcome(of: root, in: defined) != nil else { return nil }
    visits.left -= 1
    return inner
  }

  private var tree: Expression { report.tree(expression) }

  // MARK: Clauses

  /// The parts that explain why a node is `wanted` or not: for a node that came out as wanted,
  /// those that made it so; otherwise those that failed it. Only parts that were evaluated.
  func clauses(_ node: Expression.ID, into clauses: inout [Clause]) {
    if let inner = inside(node) {
      return inner.clauses(report.tree(inner.expression).root, into: &clauses)
    }
    let kind = tree[node].kind
    if kind == .and || kind == .or {
      let decisive = decisive(node)
      for child in decisive { self.clauses(child, into: &clauses) }
      return
    }
    if kind == .operation, tree.op(of: node) == .not {
      let operand = tree.child(0, of: node)
      if isLogical(operand) { return self.clauses(operand, into: &clauses) }
      if let inner = inside(operand) {
        return inner.clauses(report.tree(inner.expression).root, into: &clauses)
      }
    }
    clauses.append(clause(node))
  }

  private func isLogical(_ node: Expression.ID) -> Bool {
    let kind = tree[node].kind
    return kind == .and || kind == .or || kind == .operation && tree.op(of: node) == .not
  }

  /// The operands of `&&` or `||` that made it what it is.
  private func decisive(_ node: Expression.ID) -> [Expression.ID] {
    let isAnd = tree[node].kind == .and
    let children = Array(tree.children(of: node))
    let deciding = children.filter { child in
      switch report.outcome(of: child, in: expression) {
      case .true: !isAnd
      case .false: isAnd
      default: false
      }
    }
    if !deciding.isEmpty { return deciding }
    let failing = children.filter {
      if case .error = report.outcome(of: $0, in: expression) { true } else { false }
    }
    return failing.isEmpty ? children : failing
  }

  private func clause(_ node: Expression.ID) -> Clause {
    var failure: String?
    let result: Clause.Result
    switch report.outcome(of: node, in: expression) {
    case .true: result = .true
    case .false: result = .false
    case .error(let value):
      result = .error
      failure = policies.program.describe(value, workspace.memory).message
    case nil: result = .error
    }
    return Clause(
      expression: tree.text(of: node), result: result, values: values(in: node), failure: failure)
  }

  // MARK: Values

  /// The attributes that a node reads and their values, in the order of the text; through
  /// definitions too.
  func values(in node: Expression.ID) -> [Clause.Value] {
    var found: [Clause.Value] = []
    var seen: Set<String> = []
    collect(node, expression, &found, &seen, depth: 0)
    return found
  }

  private func collect(
    _ node: Expression.ID, _ expression: UInt32, _ found: inout [Clause.Value],
    _ seen: inout Set<String>,
    depth: Int
  ) {
    guard found.count < 16, depth < 64 else { return }
    let tree = report.tree(expression)
    if let path = path(node, expression) {
      guard seen.insert(path).inserted else { return }
      found.append(Clause.Value(path: path, value: value(node, expression)))
      return
    }
    if case .definition(let name, let defined) = report.name(of: node, in: expression) {
      guard seen.insert(name).inserted else { return }
      return collect(report.tree(defined).root, defined, &found, &seen, depth: depth + 1)
    }
    for child in tree.children(of: node) {
      collect(child, expression, &found, &seen, depth: depth + 1)
    }
  }

  /// `subject.backend_roles`, for a selection that starts at a part of the request.
  private func path(_ node: Expression.ID, _ expression: UInt32) -> String? {
    let tree = report.tree(expression)
    switch tree[node].kind {
    case .select, .presence:
      guard let operand = root(tree.child(0, of: node), expression) else { return nil }
      return "\(operand).\(tree.name(of: node))"
    default: return nil
    }
  }

  private func root(_ node: Expression.ID, _ expression: UInt32) -> String? {
    let tree = report.tree(expression)
    if case .variable(let name, _) = report.name(of: node, in: expression) { return name }
    guard tree[node].kind == .select, let operand = root(tree.child(0, of: node), expression) else {
      return nil
    }
    return "\(operand).\(tree.name(of: node))"
  }

  /// The value at a path, looked up in the request: what the rule saw.
  private func value(_ node: Expression.ID, _ expression: UInt32) -> CELValue? {
    raw(node, expression).flatMap { workspace.memory.export($0) }
  }

  func raw(_ node: Expression.ID, _ expression: UInt32) -> Value? {
    let tree = report.tree(expression)
    if case .variable(_, let register) = report.name(of: node, in: expression) {
      return workspace.registers[register]
    }
    switch tree[node].kind {
    case .select, .presence:
      guard let operand = raw(tree.child(0, of: node), expression), operand.tag == .map else {
        return nil
      }
      guard let key = workspace.memory.find(Array(tree.name(of: node).utf8)),
        let index = workspace.memory.find(key: .string(key), in: operand)
      else { return nil }
      return workspace.memory.value(index, of: operand)
    default:
      return report.value(of: node, in: expression)
    }
  }
}
