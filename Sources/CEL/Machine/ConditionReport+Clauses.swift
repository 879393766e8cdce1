/// One simple condition: an operand of `&&`, `||`, `!` or `?:` that is none of these itself.
package struct ClauseKey: Hashable, Sendable {
  /// The expression that it stands in, by number in the program.
  package let expression: UInt32
  /// Its node there.
  package let node: Expression.ID

  package init(expression: UInt32, node: Expression.ID) {
    (self.expression, self.node) = (expression, node)
  }
}

extension Program {
  /// The clauses of an expression and of the definitions that it uses, in the order of the text,
  /// each once.
  package func clauses(of expression: UInt32) -> [ClauseKey] {
    var collector = ClauseCollector(program: self)
    collector.collect(root: expression)
    return collector.found
  }

  func isClause(_ node: Expression.ID, _ owner: UInt32) -> Bool {
    let tree = expressions[Int(owner)].expression
    guard tree[node].kind != .literal else { return false }
    // What no branch depends on by itself has no code of its own to run; the whole of an expression
    // always has.
    return node == tree.root || regions[Self.regionKey(owner, node)] != nil
  }

  func definition(_ node: Expression.ID, _ owner: UInt32) -> UInt32? {
    guard case .variable(let name) = expressions[Int(owner)].reference(node),
      register(of: name) == nil
    else { return nil }
    return definitionExpressions[name]
  }

  func isCondition(_ expression: UInt32) -> Bool {
    let type = expressions[Int(expression)].type
    return type == .bool
  }
}

/// Finds all clauses, whether or not anything reaches them.
private struct ClauseCollector {
  let program: Program
  var found: [ClauseKey] = []
  private var seen: Set<UInt32> = []

  init(program: Program) { self.program = program }

  mutating func collect(root expression: UInt32) {
    guard seen.insert(expression).inserted else { return }
    let tree = program.expressions[Int(expression)].expression
    collect(tree.root, expression, isTest: program.isCondition(expression) || seen.count == 1)
  }

  private mutating func collect(_ node: Expression.ID, _ owner: UInt32, isTest: Bool) {
    let tree = program.expressions[Int(owner)].expression
    switch tree[node].kind {
    case .and, .or:
      for child in tree.children(of: node) { collect(child, owner, isTest: true) }
    case .operation where tree.op(of: node) == .not:
      collect(tree.child(0, of: node), owner, isTest: true)
    case .conditional:
      collect(tree.child(0, of: node), owner, isTest: true)
      for index in 1...2 { collect(tree.child(index, of: node), owner, isTest: isTest) }
    case .identifier where program.definition(node, owner) != nil:
      if let defined = program.definition(node, owner) { collect(root: defined) }
    default:
      if isTest, program.isClause(node, owner) {
        found.append(ClauseKey(expression: owner, node: node))
      }
      let inner =
        tree[node].kind == .comprehension
        ? tree.children(of: node).prefix(1) : tree.children(of: node)
      for child in inner { collect(child, owner, isTest: false) }
    }
  }
}

extension ConditionReport {
  /// The clauses that the evaluation reached, and what each came to: operands that
  /// short-circuiting skipped are not among them.
  package mutating func reachedClauses(
    in workspace: inout Workspace
  ) -> [(clause: ClauseKey, outcome: Outcome)] {
    var walk = ReachedWalk(seen: [expression])
    walk.visit(tree.root, expression, isTest: true, &self, &workspace)
    return walk.found
  }

  /// What a boolean node came to; runs its code by itself if nothing has yet.
  fileprivate mutating func evaluated(
    _ node: Expression.ID, _ owner: UInt32, _ workspace: inout Workspace
  ) -> Outcome? {
    let key = Program.regionKey(owner, node)
    if let known = outcomes[key] { return known }
    if program.regions[key] != nil { run(node, owner, in: &workspace) }
    if let known = outcomes[key] { return known }
    return values[key].map { $0.isTrue ? .true : $0.isFalse ? .false : .error($0) }
  }
}

/// Follows an evaluation in the order in which the program takes it.
private struct ReachedWalk {
  var found: [(clause: ClauseKey, outcome: ConditionReport.Outcome)] = []
  /// Definitions are evaluated once.
  var seen: Set<UInt32>

  init(seen: Set<UInt32>) { self.seen = seen }

  mutating func visit(
    _ node: Expression.ID, _ owner: UInt32, isTest: Bool, _ report: inout ConditionReport,
    _ workspace: inout Workspace
  ) {
    let tree = report.tree(owner)
    switch tree[node].kind {
    case .and, .or:
      let isAnd = tree[node].kind == .and
      for child in tree.children(of: node) {
        visit(child, owner, isTest: true, &report, &workspace)
        switch report.evaluated(child, owner, &workspace) {
        case .false where isAnd: return
        case .true where !isAnd: return
        default: continue
        }
      }
    case .operation where tree.op(of: node) == .not:
      visit(tree.child(0, of: node), owner, isTest: true, &report, &workspace)
    case .conditional:
      visitConditional(node, owner, isTest: isTest, &report, &workspace)
    case .identifier where report.program.definition(node, owner) != nil:
      if let defined = report.program.definition(node, owner) {
        visitDefinition(defined, node, owner, &report, &workspace)
      }
    default:
      if isTest, report.program.isClause(node, owner),
        let outcome = report.evaluated(node, owner, &workspace)
      {
        found.append((ClauseKey(expression: owner, node: node), outcome))
      }
      let inner =
        tree[node].kind == .comprehension
        ? tree.children(of: node).prefix(1) : tree.children(of: node)
      for child in inner { visit(child, owner, isTest: false, &report, &workspace) }
    }
  }

  private mutating func visitConditional(
    _ node: Expression.ID, _ owner: UInt32, isTest: Bool, _ report: inout ConditionReport,
    _ workspace: inout Workspace
  ) {
    let tree = report.tree(owner)
    visit(tree.child(0, of: node), owner, isTest: true, &report, &workspace)
    switch report.evaluated(tree.child(0, of: node), owner, &workspace) {
    case .true: visit(tree.child(1, of: node), owner, isTest: isTest, &report, &workspace)
    case .false: visit(tree.child(2, of: node), owner, isTest: isTest, &report, &workspace)
    default: break
    }
  }

  private mutating func visitDefinition(
    _ defined: UInt32, _ node: Expression.ID, _ owner: UInt32, _ report: inout ConditionReport,
    _ workspace: inout Workspace
  ) {
    guard seen.insert(defined).inserted else { return }
    let root = report.tree(defined).root
    if report.outcome(of: root, in: defined) == nil,
      let outcome = report.evaluated(node, owner, &workspace)
    {
      report.note(outcome, Program.regionKey(defined, root))
    }
    visit(
      root, defined, isTest: report.program.isCondition(defined), &report, &workspace)
  }
}
