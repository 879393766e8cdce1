/// What a name or a call in an expression stands for.
enum Reference: Sendable {
  case none
  /// A variable of the environment, by its full name.
  case variable(String)
  /// A variable of a comprehension: the comprehension's node and which of its variables.
  case local(Expression.ID, Int)
  /// A type, by its run-time name.
  case type(String)
  case builtin(Builtin)
  case host(Int)
  /// A message of a well-known type, by its full name.
  case message(String)
  /// A number that an enumeration names.
  case number(Int64)
  /// Nothing known: an error if it is evaluated.
  case unresolved
}

/// An expression with its names resolved and its types known.
package struct CheckedExpression: Sendable {
  package var expression: Expression
  /// What each node refers to.
  var references: [Reference]
  /// The type of each node.
  package var types: [CELType]
  /// The type of the whole.
  package var type: CELType
  /// Remarks that do not prevent its use.
  package var warnings: [Diagnostic] = []
  /// Calls whose receiver is only a namespace (`math.greatest(1, 2)`).
  var namespaced: Set<Expression.ID> = []
  /// Calls whose arguments are passed as one list (`math.greatest(1, 2, 3)`).
  var listed: Set<Expression.ID> = []

  func reference(_ id: Expression.ID) -> Reference { references[Int(id)] }
  /// Full names of the variables that the expression reads.
  package var variableNames: Set<String> {
    var names: Set<String> = []
    for case .variable(let name) in references { names.insert(name) }
    return names
  }
}

extension CheckedExpression {
  /// What messages and explanations need once it is compiled, without room to grow: there may be a
  /// hundred thousand of them.
  ///
  /// - Parameter keepsTypes: whether costs of it shall be estimated, which nobody asks of rules.
  func kept(types keepsTypes: Bool) -> CheckedExpression {
    var kept = CheckedExpression(
      expression: expression.kept(), references: Array(references[...]),
      types: keepsTypes ? types : [], type: type)
    kept.namespaced = namespaced
    kept.listed = listed
    return kept
  }

  /// The variable and the fields after it, for a chain of plain selections that starts at a
  /// variable: `["resource", "id"]`.
  package func path(_ id: Expression.ID) -> [String]? {
    if case .variable(let name) = reference(id) { return [name] }
    let node = expression[id]
    guard node.kind == .select, node.flags == 0 else { return nil }
    guard var path = path(expression.child(0, of: id)) else { return nil }
    path.append(expression.name(of: id))
    return path
  }
}
