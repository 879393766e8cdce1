import CEL

/// A condition with constants folded away: two changes that fold alike are the same change.
enum FoldedCondition: Hashable {
  case always, never
  case text(String)

  /// What is done to one operand.
  enum Change { case `true`, `false`, negated }

  init(_ node: Expression.ID, _ tree: Expression, replacing change: (Expression.ID, Change)?) {
    if let change, change.0 == node {
      switch change.1 {
      case .true: self = .always
      case .false: self = .never
      case .negated: self = Self(node, tree, replacing: nil).negated
      }
      return
    }
    switch tree[node].kind {
    case .and, .or:
      self = Self.chain(
        tree.children(of: node).map { Self($0, tree, replacing: change) },
        isAnd: tree[node].kind == .and)
    case .operation where tree.op(of: node) == .not:
      self = Self(tree.child(0, of: node), tree, replacing: change).negated
    case .conditional:
      let parts = tree.children(of: node).map { Self($0, tree, replacing: change) }
      switch parts[0] {
      case .always: self = parts[1]
      case .never: self = parts[2]
      case .text(let text): self = .text("(\(text) ? \(parts[1].shown) : \(parts[2].shown))")
      }
    case .literal where tree.text(of: node) == "true": self = .always
    case .literal where tree.text(of: node) == "false": self = .never
    default: self = .text(Self.text(node, tree, change))
    }
  }

  /// Any other node: its text, unless the change is inside of it.
  private static func text(
    _ node: Expression.ID, _ tree: Expression, _ change: (Expression.ID, Change)?
  ) -> String {
    let text = tree.text(of: node)
    guard let change, holds(change.0, node, tree) else { return text }
    let parts = tree.children(of: node).map { Self($0, tree, replacing: change).shown }
    return "\(node):\(parts.joined(separator: ","))"
  }

  private static func holds(
    _ wanted: Expression.ID, _ node: Expression.ID, _ tree: Expression
  ) -> Bool {
    tree.children(of: node).contains { $0 == wanted || holds(wanted, $0, tree) }
  }

  private static func chain(_ parts: [FoldedCondition], isAnd: Bool) -> FoldedCondition {
    let (absorbing, neutral): (FoldedCondition, FoldedCondition) =
      isAnd ? (.never, .always) : (.always, .never)
    if parts.contains(absorbing) { return absorbing }
    let rest = parts.filter { $0 != neutral }
    guard rest.count > 1 else { return rest.first ?? neutral }
    return .text("(\(rest.map(\.shown).joined(separator: isAnd ? " && " : " || ")))")
  }

  private var negated: FoldedCondition {
    switch self {
    case .always: .never
    case .never: .always
    case .text(let text): text.hasPrefix("!") ? .text(String(text.dropFirst())) : .text("!" + text)
    }
  }

  private var shown: String {
    switch self {
    case .always: "true"
    case .never: "false"
    case .text(let text): text
    }
  }
}
