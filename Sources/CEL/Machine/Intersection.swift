/// Recognising what many policies ask: do two lists share an element?
extension CheckedExpression {
  /// The two lists of `xs.exists(x, x in ys)`, if that is what the node says and `ys` is a plain
  /// path: something that gives the same value, or the same error, however often it is evaluated.
  package func intersection(_ id: Expression.ID) -> (Expression.ID, Expression.ID)? {
    let node = expression[id]
    guard node.kind == .comprehension, expression.comprehension(of: id) == .exists, node.flags == 1
    else { return nil }
    let body = expression.child(1, of: id)
    guard expression[body].kind == .operation, expression.op(of: body) == .in else { return nil }
    let (element, list) = (expression.child(0, of: body), expression.child(1, of: body))
    guard case .local(let owner, 0) = reference(element), owner == id, isPath(list, outside: id)
    else { return nil }
    return (expression.child(0, of: id), list)
  }

  private func isPath(_ id: Expression.ID, outside loop: Expression.ID) -> Bool {
    switch reference(id) {
    case .variable: return true
    case .local(let owner, _): return owner != loop
    default:
      guard expression[id].kind == .select, expression[id].flags == 0 else { return false }
      return isPath(expression.child(0, of: id), outside: loop)
    }
  }
}
