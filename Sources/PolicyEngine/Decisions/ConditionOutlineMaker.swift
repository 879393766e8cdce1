import CEL

/// Makes the outline of an expression from its tree.
struct ConditionOutlineMaker {
  let program: Program
  let expression: UInt32
  /// Where the code of the expression begins.
  let start: Int32
  let tree: Expression

  init(program: Program, expression: UInt32, start: Int32) {
    (self.program, self.expression, self.start) = (program, expression, start)
    tree = program.expressions[Int(expression)].expression
  }

  func outline() -> ConditionOutline {
    var parts = [ConditionOutline.Part()]
    fill(0, tree.root, &parts)
    return ConditionOutline(expression: expression, start: start, parts: parts)
  }

  /// As deep as expressions may nest.
  private func fill(
    _ place: Int, _ node: Expression.ID, _ parts: inout [ConditionOutline.Part]
  ) {
    var part = ConditionOutline.Part()
    part.node = node
    part.code = program.region(expression, node)
    part.isPresence = tree[node].kind == .presence
    if case .definition(_, let defined) = program.name(of: node, in: expression) {
      part.kind = .definition
      part.defined = defined
      part.definedStart = definitionStart(node)
    } else {
      part.kind = kind(of: node)
    }
    if part.isLogical {
      let children = tree.children(of: node)
      part.children = parts.count..<parts.count + children.count
      parts.append(contentsOf: repeatElement(ConditionOutline.Part(), count: children.count))
      for (place, child) in zip(part.children, children) { fill(place, child, &parts) }
    }
    parts[place] = part
  }

  private func kind(of node: Expression.ID) -> ConditionOutline.Part.Kind {
    switch tree[node].kind {
    case .and: .and
    case .or: .or
    case .operation where tree.op(of: node) == .not: .not
    default: .clause
    }
  }

  private func definitionStart(_ node: Expression.ID) -> Int32 {
    program.definition(node, in: expression, from: start)?.start ?? -1
  }

  func words(of node: Expression.ID) -> ConditionOutline.Words {
    ConditionOutline.Words(
      text: tree.text(of: node), reads: reads(node), satisfying: fact(node, true),
      avoiding: fact(node, false))
  }

  // MARK: Attributes

  /// The attributes that a node reads, in the order of the text; through definitions too.
  private func reads(_ node: Expression.ID) -> [(path: String, place: ConditionOutline.Place)] {
    var found: [(path: String, place: ConditionOutline.Place)] = []
    var seen: Set<String> = []
    collect(node, &found, &seen, depth: 0)
    return found
  }

  private func collect(
    _ node: Expression.ID, _ found: inout [(path: String, place: ConditionOutline.Place)],
    _ seen: inout Set<String>, depth: Int
  ) {
    guard found.count < 16, depth < 64 else { return }
    if let (path, place) = attribute(node) {
      guard seen.insert(path).inserted else { return }
      found.append((path, place))
      return
    }
    if case .definition(let name, let defined) = program.name(of: node, in: expression) {
      guard seen.insert(name).inserted else { return }
      let inner = ConditionOutlineMaker(
        program: program, expression: defined, start: definitionStart(node))
      return inner.collect(inner.tree.root, &found, &seen, depth: depth + 1)
    }
    for child in tree.children(of: node) { collect(child, &found, &seen, depth: depth + 1) }
  }

  /// `subject.backend_roles`, for a selection that starts at a part of the request.
  private func attribute(_ node: Expression.ID) -> (path: String, place: ConditionOutline.Place)? {
    switch tree[node].kind {
    case .select, .presence: break
    default: return nil
    }
    guard var (path, place) = root(tree.child(0, of: node)) else { return nil }
    append(node, &path, &place)
    return (path, place)
  }

  private func root(_ node: Expression.ID) -> (path: String, place: ConditionOutline.Place)? {
    if case .variable(let name, let register) = program.name(of: node, in: expression) {
      return (name, ConditionOutline.Place(register: register))
    }
    guard tree[node].kind == .select, var (path, place) = root(tree.child(0, of: node)) else {
      return nil
    }
    append(node, &path, &place)
    return (path, place)
  }

  private func append(
    _ node: Expression.ID, _ path: inout String, _ place: inout ConditionOutline.Place
  ) {
    path += "." + tree.name(of: node)
    append(node, &place)
  }

  /// A name that the program does not have is none that a request's value is found by.
  private func append(_ node: Expression.ID, _ place: inout ConditionOutline.Place) {
    place.fields.append(program.text(tree.name(of: node)) ?? .max)
  }

  /// Where a list stands that a clause looks into: an attribute, or what a definition gives.
  func place(_ node: Expression.ID) -> ConditionOutline.Place? {
    switch program.name(of: node, in: expression) {
    case .variable(_, let register): return ConditionOutline.Place(register: register)
    case .definition:
      return program.definition(node, in: expression, from: start).map {
        ConditionOutline.Place(register: $0.register)
      }
    case .other: break
    }
    switch tree[node].kind {
    case .select, .presence: break
    default: return nil
    }
    guard var place = place(tree.child(0, of: node)) else { return nil }
    append(node, &place)
    return place
  }
}
