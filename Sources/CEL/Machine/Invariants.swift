/// Which parts of an expression depend on which loops.
///
/// Every macro with a variable has a level, the number of such macros around it; what a node depends
/// on is a set of levels. A part of a loop's body that depends on no level from the loop's own on
/// has one value for all its rounds.
struct Invariants {
  typealias ID = Expression.ID

  /// A set of levels.
  private typealias Levels = UInt64
  /// For what may give another value each time (functions of the host), and for levels beyond the
  /// sixty-third: they depend on everything.
  private static let everything = Levels.max

  /// The level of each macro.
  private var levels: [ID: Int] = [:]
  private var dependencies: [Levels]
  private let checked: CheckedExpression

  init(_ checked: CheckedExpression) {
    self.checked = checked
    dependencies = [Levels](repeating: 0, count: checked.expression.nodes.count)
    guard checked.expression.nodes.contains(where: { $0.kind == .comprehension }) else { return }
    _ = analyse(checked.expression.root, level: 0)
  }

  private static func bit(_ level: Int) -> Levels { level < 63 ? 1 << Levels(level) : everything }

  private mutating func analyse(_ id: ID, level: Int) -> Levels {
    let expression = checked.expression
    var found: Levels = 0
    switch checked.reference(id) {
    case .local(let owner, _): found = Self.bit(levels[owner] ?? 63)
    case .host, .unresolved: found = Self.everything
    default: break
    }
    if expression[id].kind == .comprehension {
      levels[id] = level
      let own = Self.bit(level)
      for (index, child) in expression.children(of: id).enumerated() {
        let inner = analyse(child, level: index == 0 ? level : level + 1)
        found |= index == 0 || own == Self.everything ? inner : Self.without(own, inner)
      }
    } else {
      for child in expression.children(of: id) { found |= analyse(child, level: level) }
    }
    dependencies[Int(id)] = found
    return found
  }

  private static func without(_ own: Levels, _ all: Levels) -> Levels {
    all == everything ? all : all & ~own
  }

  /// Whether a part of a loop's body has one value in all rounds of the loop.
  func isInvariant(_ id: ID, in loop: ID) -> Bool {
    guard let level = levels[loop], level < 63 else { return false }
    return dependencies[Int(id)] < 1 << Levels(level)
  }

  /// The list and what is sought in it, if the node is `list.exists(y, y == sought)` with something
  /// that does not depend on `y`.
  func search(_ id: ID) -> (list: ID, sought: ID)? {
    let expression = checked.expression
    let node = expression[id]
    guard node.kind == .comprehension, expression.comprehension(of: id) == .exists, node.flags == 1
    else { return nil }
    let body = expression.child(1, of: id)
    guard expression[body].kind == .operation, expression.op(of: body) == .equal else { return nil }
    let (left, right) = (expression.child(0, of: body), expression.child(1, of: body))
    for (variable, sought) in [(left, right), (right, left)] {
      if case .local(let owner, 0) = checked.reference(variable), owner == id,
        dependencies[Int(sought)] != Self.everything, !dependsOn(id, sought)
      {
        return (expression.child(0, of: id), sought)
      }
    }
    return nil
  }

  private func dependsOn(_ macro: ID, _ id: ID) -> Bool {
    dependencies[Int(id)] & Self.bit(levels[macro] ?? 63) != 0
  }
}
