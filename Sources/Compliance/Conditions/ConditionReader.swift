import CEL
import PolicyEngine

/// Takes conditions of one policy set apart, into formulas over atoms.
struct ConditionReader {
  private let program: Program
  var atoms: AtomTable

  static let parts = ["subject", "action", "resource", "context"]

  /// Which of two policy sets this is: what a set works out itself is told apart by it.
  /// The side of an atom that reads what a policy set itself adds to the subject.
  private let side: (Atom) -> Int

  init(
    _ set: PolicySet, _ atoms: AtomTable = AtomTable(), side: @escaping (Atom) -> Int = { _ in 0 }
  ) {
    program = set.program
    self.side = side
    self.atoms = atoms
  }

  /// When a rule applies: `when` and not `unless`.
  mutating func formula(of rule: LinkedRule) -> Formula {
    let when = rule.when.map { formula(of: $0) } ?? .constant(true)
    let unless = rule.unless.map { formula(of: $0) } ?? .constant(false)
    return .all([when, .negation(unless)])
  }

  mutating func formula(of entry: Program.Entry) -> Formula {
    let checked = program.expressions[Int(entry.expression)]
    return formula(checked.expression.root, checked)
  }

  // MARK: Structure

  private mutating func formula(_ node: Expression.ID, _ checked: CheckedExpression) -> Formula {
    let tree = checked.expression
    switch tree[node].kind {
    case .literal:
      if case .bool(let value) = tree.constants[Int(tree[node].payload)] { return .constant(value) }
      return atom(node, checked)
    case .and: return .all(tree.children(of: node).map { formula($0, checked) })
    case .or: return .any(tree.children(of: node).map { formula($0, checked) })
    case .conditional:
      let parts = tree.children(of: node).map { formula($0, checked) }
      return .conditional(parts[0], parts[1], parts[2])
    case .operation where tree.op(of: node) == .not:
      return .negation(formula(tree.child(0, of: node), checked))
    case .identifier:
      guard let defined = definition(node, checked) else { return atom(node, checked) }
      return formula(defined.expression.root, defined)
    default: return atom(node, checked)
    }
  }

  /// The definition that a name stands for.
  private func definition(_ node: Expression.ID, _ checked: CheckedExpression) -> CheckedExpression?
  {
    guard checked.expression[node].kind == .identifier, let path = checked.path(node),
      let index = program.definitionExpressions[path[0]]
    else { return nil }
    return program.expressions[Int(index)]
  }

  // MARK: Terms

  private mutating func term(_ node: Expression.ID, _ checked: CheckedExpression) -> Term {
    let tree = checked.expression
    if let value = Self.constant(node, tree) { return .constant(value) }
    switch tree[node].kind {
    case .identifier:
      if let defined = definition(node, checked) { return term(defined.expression.root, defined) }
      if let path = checked.path(node), Self.parts.contains(path[0]) { return .path(path) }
    case .select where tree[node].flags == 0:
      if case .path(let path) = term(tree.child(0, of: node), checked) {
        return .path(path + [tree.name(of: node)])
      }
    case .conditional:
      let condition = formula(tree.child(0, of: node), checked)
      return .conditional(
        condition, term(tree.child(1, of: node), checked), term(tree.child(2, of: node), checked))
    default: break
    }
    return other(node, checked)
  }

  private func other(_ node: Expression.ID, _ checked: CheckedExpression) -> Term {
    var reads: [[String]] = []
    var constants: [CELValue] = []
    collect(node, checked, &reads, &constants)
    return .other(text: text(of: node, checked), reads: reads, constants: constants)
  }

  /// Literals, and lists of literals.
  static func constant(_ node: Expression.ID, _ tree: Expression) -> CELValue? {
    switch tree[node].kind {
    case .literal:
      switch tree.constants[Int(tree[node].payload)] {
      case .null: return .null
      case .bool(let value): return .bool(value)
      case .int(let value): return .int(value)
      case .uint(let value): return .uint(value)
      case .double(let bits): return .double(Double(bitPattern: bits))
      case .string(let octets): return .string(String(decoding: octets, as: UTF8.self))
      case .bytes(let octets): return .bytes(octets)
      }
    case .list where tree.optionalEntries.isEmpty:
      let values = tree.children(of: node).map { constant($0, tree) }
      guard values.allSatisfy({ $0 != nil }) else { return nil }
      return .list(values.compactMap(\.self))
    case .operation where tree.op(of: node) == .negate:
      if case .int(let value)? = constant(tree.child(0, of: node), tree), value != .min {
        return .int(-value)
      }
      return nil
    default: return nil
    }
  }

  /// All attributes that a part reads, and all literals in it, definitions included.
  private func collect(
    _ node: Expression.ID, _ checked: CheckedExpression, _ reads: inout [[String]],
    _ constants: inout [CELValue]
  ) {
    let tree = checked.expression
    if let defined = definition(node, checked) {
      return collect(defined.expression.root, defined, &reads, &constants)
    }
    if let value = Self.constant(node, tree) {
      if case .list(let values) = value { constants += values } else { constants.append(value) }
      return
    }
    if var path = checked.path(node), Self.parts.contains(path[0]) {
      if path.count == 1 { path = [path[0]] }
      if !reads.contains(path) { reads.append(path) }
      return
    }
    if tree[node].kind == .presence, var path = checked.path(tree.child(0, of: node)),
      Self.parts.contains(path[0])
    {
      path.append(tree.name(of: node))
      if !reads.contains(path) { reads.append(path) }
      return
    }
    for child in tree.children(of: node) { collect(child, checked, &reads, &constants) }
  }

  /// The text of a part with definitions put in.
  private func text(of node: Expression.ID, _ checked: CheckedExpression) -> String {
    let tree = checked.expression
    if let defined = definition(node, checked) {
      return "(\(text(of: defined.expression.root, defined)))"
    }
    let span = tree[node].span
    var text: [UInt8] = []
    var place = Int(span.start)
    for use in uses(in: node, checked) {
      let inner = tree[use].span
      text += tree.source[place..<Int(inner.start)]
      text += self.text(of: use, checked).utf8
      place = Int(inner.end)
    }
    text += tree.source[place..<max(place, min(Int(span.end), tree.source.count))]
    return String(decoding: text, as: UTF8.self)
  }

  /// Where definitions are used inside of a node, in the order of the text.
  private func uses(in node: Expression.ID, _ checked: CheckedExpression) -> [Expression.ID] {
    if definition(node, checked) != nil { return [node] }
    return checked.expression.children(of: node).flatMap { uses(in: $0, checked) }
      .sorted { checked.expression[$0].span.start < checked.expression[$1].span.start }
  }

  // MARK: Atoms

  private mutating func atom(_ node: Expression.ID, _ checked: CheckedExpression) -> Formula {
    let tree = checked.expression
    let written = tree.text(of: node)
    switch tree[node].kind {
    case .presence:
      let operand = term(tree.child(0, of: node), checked)
      if case .path(let path) = operand {
        let full = path + [tree.name(of: node)]
        return add("has(\(Term.text(of: full)))", .presence(full), [operand, .path(full)], written)
      }
    case .select, .identifier:
      let value = term(node, checked)
      if case .path(let path) = value {
        // `== true` would be false for a text; a condition is an error for it.
        return add("(\(value.text) && true)", .truth(path), [value], written)
      }
      if case .conditional(let condition, let first, let second) = value {
        return .conditional(condition, truth(first, written), truth(second, written))
      }
    case .operation where tree[node].childCount == 2 && tree.op(of: node) != .index:
      let left = term(tree.child(0, of: node), checked)
      let right = term(tree.child(1, of: node), checked)
      return comparison(tree.op(of: node), left, right, written)
    case .comprehension:
      if let (left, right) = checked.intersection(node),
        case .path(let first) = term(left, checked), case .path(let second) = term(right, checked)
      {
        let text = "\(Term.text(of: first)).exists(x, x in \(Term.text(of: second)))"
        return add(text, .shared(first, second), [.path(first), .path(second)], written)
      }
    default: break
    }
    let value = other(node, checked)
    return add(value.text, .opaque, [value], written)
  }

  private mutating func truth(_ term: Term, _ written: String) -> Formula {
    switch term {
    case .constant(.bool(let value)): return .constant(value)
    case .path(let path): return add("(\(term.text) && true)", .truth(path), [term], written)
    case .conditional(let condition, let first, let second):
      return .conditional(condition, truth(first, written), truth(second, written))
    case .constant, .other: return add("(\(term.text) && true)", .opaque, [term], written)
    }
  }

  /// A comparison, with conditionals drawn out and constants on the right.
  private mutating func comparison(
    _ op: Expression.Operator, _ left: Term, _ right: Term, _ written: String
  ) -> Formula {
    if case .conditional(let condition, let first, let second) = left {
      return .conditional(
        condition, comparison(op, first, right, written), comparison(op, second, right, written))
    }
    if case .conditional(let condition, let first, let second) = right {
      return .conditional(
        condition, comparison(op, left, first, written), comparison(op, left, second, written))
    }
    if op == .notEqual { return .negation(comparison(.equal, left, right, written)) }
    if left.constant != nil, right.path != nil, let turned = op.turned {
      return comparison(turned, right, left, written)
    }
    let text = "\(left.text) \(op.symbol) \(right.text)"
    return add(text, Self.form(op, left, right), [left, right], written)
  }

  private static func form(_ op: Expression.Operator, _ left: Term, _ right: Term) -> Atom.Form {
    switch (op, left, right) {
    case (.equal, .path(let path), .constant(let value)) where value.isScalar:
      return .equals(path, [value])
    case (.equal, .path(let first), .path(let second)): return .same(first, second)
    case (.in, .path(let path), .constant(.list(let values)))
    where values.allSatisfy(\.isScalar): return .equals(path, values)
    case (.in, .constant(let value), .path(let path)) where value.isScalar:
      return .contains(path, value)
    case (.in, .path(let element), .path(let list)): return .member(element, list)
    case (.less, .path(let path), .constant(let value)) where value.isNumber,
      (.lessOrEqual, .path(let path), .constant(let value)) where value.isNumber,
      (.greater, .path(let path), .constant(let value)) where value.isNumber,
      (.greaterOrEqual, .path(let path), .constant(let value)) where value.isNumber:
      return .order(path, value)
    default: return .opaque
    }
  }

  private mutating func add(
    _ text: String, _ form: Atom.Form, _ terms: [Term], _ written: String
  ) -> Formula {
    var reads: [[String]] = []
    for path in terms.flatMap(\.reads) where !reads.contains(path) { reads.append(path) }
    // A whole part of the request has no values that could be listed.
    let isWhole = reads.contains { $0.count == 1 }
    if case .presence(let path) = form { reads = [path] }
    let understood = isWhole && !Self.isPresence(form) ? Atom.Form.opaque : form
    var atom = Atom(
      text: text, form: understood, reads: reads.filter { $0.count > 1 },
      constants: terms.flatMap(\.constants), written: written)
    atom.isClosed = reads.isEmpty
    if reads.contains(where: { AttributeSpace.derived.contains($0) }) { atom.side = side(atom) }
    return .atom(atoms.add(atom))
  }

  private static func isPresence(_ form: Atom.Form) -> Bool {
    if case .presence = form { true } else { false }
  }
}

extension Expression.Operator {
  /// The operator that says the same with its sides exchanged.
  var turned: Expression.Operator? {
    switch self {
    case .equal: .equal
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: nil
    }
  }
}

extension CELValue {
  var isNumber: Bool {
    switch self {
    case .int, .uint: true
    case .double(let value): value.isFinite
    default: false
    }
  }

  /// Whether it is a single value that only an equal one equals.
  var isScalar: Bool {
    switch self {
    case .null, .bool, .string: true
    default: isNumber
    }
  }
}
