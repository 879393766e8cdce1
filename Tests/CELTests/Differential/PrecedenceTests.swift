import CEL
import Testing

/// Random expressions with every parenthesis, and with only those that the grammar asks for, are
/// the same tree.
@Suite struct PrecedenceTests {
  /// What binds as tight as this: 0 a conditional, 1 `||`, 2 `&&`, 3 relations, 4 sums, 5 products,
  /// 6 signs, 7 the rest.
  private static func precedence(_ tree: GeneratedTree) -> Int {
    switch tree.kind {
    case .conditional: 0
    case .chain("||"): 1
    case .chain: 2
    case .binary("+"), .binary("-"): 4
    case .binary("*"), .binary("/"), .binary("%"): 5
    case .binary: 3
    case .unary: 6
    case .leaf(let text): text.hasPrefix("-") ? 6 : 7
    default: 7
    }
  }

  private static func brief(_ tree: GeneratedTree, in outer: Int) -> String {
    let text = brief(tree)
    return precedence(tree) < outer ? "(\(text))" : text
  }

  private static func brief(_ tree: GeneratedTree) -> String {
    let own = precedence(tree)
    let children = tree.children
    switch tree.kind {
    case .unary(let op):
      // Signs in a row are one token's worth of signs: a tree with one in another keeps its
      // parenthesis.
      return op + brief(children[0], in: 7)
    case .binary(let op):
      return "\(brief(children[0], in: own)) \(op) \(brief(children[1], in: own + 1))"
    case .chain(let op): return children.map { brief($0, in: own + 1) }.joined(separator: op)
    case .conditional:
      return
        "\(brief(children[0], in: 1)) ? \(brief(children[1], in: 1)) : \(brief(children[2], in: 0))"
    case .leaf, .list, .map, .call, .bind: return tree.text
    default: return tree.text
    }
  }

  /// Everything about the nodes but where they stand.
  private static func shape(_ text: String) -> [String]? {
    guard
      case .success(let tree) = Parser.parse(Array(text.utf8), extensions: Comparison.extensions)
    else { return nil }
    return tree.nodes.indices.map { index in
      let (id, node) = (Expression.ID(index), tree.nodes[index])
      let detail =
        node.kind == .literal
        ? "\(tree.constants[Int(node.payload)])" : node.kind == .identifier ? tree.name(of: id) : ""
      return "\(node.kind) \(node.op) \(Array(tree.children(of: id))) \(detail)"
    }
  }

  @Test func parenthesesThatAreNotNeeded() {
    for seed in 0..<4_000 as Range<UInt64> {
      var generator = ExpressionGenerator(seed: seed)
      let tree = generator.expression()
      let (brief, full) = (Self.brief(tree), tree.text)
      #expect(Self.shape(brief) == Self.shape(full), "\(brief) and \(full)")
    }
  }

  @Test(arguments: [
    ("a || b && c", "(a || (b && c))"), ("a && b || c", "((a && b) || c)"),
    ("a == b < c", "((a == b) < c)"),
    ("a - b - c", "((a - b) - c)"), ("a / b * c % d", "(((a / b) * c) % d)"),
    ("a + b * c == d - e", "((a + (b * c)) == (d - e))"),
    ("!a.b", "(!(a.b))"), ("-a[0]", "(-(a[0]))"), ("-a + b", "((-a) + b)"),
    ("!a in b", "((!a) in b)"),
    ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
    ("a || b ? c && d : e", "((a || b) ? (c && d) : e)"),
    ("a in b || c", "((a in b) || c)"), ("a < b in c", "((a < b) in c)"),
    ("-1.size()", "(-1).size()"), ("- 1 + 2", "((-1) + 2)"),
  ])
  func bindsTighter(_ brief: String, _ full: String) {
    #expect(Self.shape(brief) == Self.shape(full))
    #expect(Self.shape(brief) != nil)
  }
}
