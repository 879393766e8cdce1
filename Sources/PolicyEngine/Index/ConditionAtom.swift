import CEL

/// Something that must hold for a condition to be true: one of these texts is at this path, or in
/// the list at this path.
///
/// If the path has a value and the atom does not hold, the condition is *false*, whatever else in
/// it fails; that is what lets an index leave the rule out. If the path has no value, nothing is
/// known and the rule must be asked.
struct ConditionAtom: Sendable {
  enum Kind: UInt8, BitwiseCopyable, Hashable, Sendable {
    /// `path == text`, `path in [texts]`
    case equals
    /// `text in path`
    case contains
  }
  var path: [String]
  var kind: Kind
  /// The literals that hold the texts.
  var literals: [Expression.ID]

  /// The atoms of a condition: its top-level conjuncts of one of these forms.
  static func atoms(of checked: CheckedExpression) -> [ConditionAtom] {
    let tree = checked.expression
    let root = tree.root
    let conjuncts = tree[root].kind == .and ? Array(tree.children(of: root)) : [root]
    return conjuncts.compactMap { atom($0, checked) }
  }

  private static func atom(_ node: Expression.ID, _ checked: CheckedExpression) -> ConditionAtom? {
    let tree = checked.expression
    guard tree[node].kind == .operation else { return nil }
    let (left, right) = (
      tree.child(0, of: node), tree[node].childCount > 1 ? tree.child(1, of: node) : 0
    )
    switch tree.op(of: node) {
    case .equal:
      if let path = path(left, checked), isText(right, tree) {
        return .init(path: path, kind: .equals, literals: [right])
      }
      if let path = path(right, checked), isText(left, tree) {
        return .init(path: path, kind: .equals, literals: [left])
      }
      return nil
    case .in:
      if isText(left, tree), let path = path(right, checked) {
        return .init(path: path, kind: .contains, literals: [left])
      }
      guard let path = path(left, checked), tree[right].kind == .list, tree.optionalEntries.isEmpty
      else { return nil }
      let literals = Array(tree.children(of: right))
      guard !literals.isEmpty, literals.allSatisfy({ isText($0, tree) }) else { return nil }
      return .init(path: path, kind: .equals, literals: literals)
    default: return nil
    }
  }

  /// A path below one of the four parts of the request.
  private static func path(_ node: Expression.ID, _ checked: CheckedExpression) -> [String]? {
    guard let path = checked.path(node), path.count > 1, Linker.variables.contains(path[0]) else {
      return nil
    }
    return path
  }

  private static func isText(_ node: Expression.ID, _ tree: Expression) -> Bool {
    guard tree[node].kind == .literal, case .string = tree.constants[Int(tree[node].payload)]
    else { return false }
    return true
  }
}
