/// Works out what an expression costs, without running it.
///
/// The prices are those that the machine asks for: a round of a loop costs the length of its code,
/// which the compiler noted down, and functions cost by the sizes of their operands. An operand may
/// be an error, and then what takes it pays nothing: hardly anything has a price that is certain.
struct CostEstimator {
  typealias ID = Expression.ID

  let program: Program
  let checked: CheckedExpression
  private let number: UInt32
  private let invariants: Invariants
  /// What the variables of macros hold.
  private var locals: [ID: (first: Extent, second: Extent)] = [:]
  private var unbounded: SourceSpan?
  /// The loops around the node, innermost last.
  private var loops: [ID] = []

  var expression: Expression { checked.expression }

  init(_ program: Program, _ number: UInt32) {
    self.program = program
    self.number = number
    checked = program.expressions[Int(number)]
    invariants = Invariants(checked)
  }

  mutating func estimate() -> CostEstimate {
    let cost = visit(expression.root).cost
    // Every step makes an element at most: with fewer, no limit of memory ends it.
    return CostEstimate(
      minimum: min(cost.least, Limits.evaluationElements), maximum: cost.most,
      unbounded: cost.most == nil ? unbounded : nil)
  }

  /// What evaluating a node costs, and how large its value is.
  mutating func visit(_ id: ID) -> (cost: Amount, size: Extent) {
    let node = expression[id]
    var (cost, size): (Amount, Extent)
    switch node.kind {
    case .literal: (cost, size) = (.zero, literal(node))
    case .identifier: (cost, size) = (definitionCost(id), variable(id) ?? .unknown)
    case .select, .presence: (cost, size) = selection(id, node)
    case .list, .map: (cost, size) = collection(id, node)
    case .operation: (cost, size) = operation(id)
    case .conditional: (cost, size) = conditional(id)
    case .and, .or: (cost, size) = (logical(id), .unknown)
    case .comprehension: (cost, size) = comprehension(id)
    case .call, .memberCall: (cost, size) = call(id)
    case .message: (cost, size) = (.any, .unknown)
    }
    // What is constant was computed beforehand.
    if !isVariable(id) { cost = cost.orNothing }
    // What does not change during a loop may have been computed in an earlier round.
    if let loop = loops.last, invariants.isInvariant(id, in: loop) { cost = cost.orNothing }
    if cost.most == nil, unbounded == nil { unbounded = node.span }
    return (cost, size)
  }

  /// Whether a part reads anything; otherwise its value may have been computed when it was compiled.
  private func isVariable(_ id: ID) -> Bool {
    switch checked.reference(id) {
    case .variable, .local, .host: true
    default: expression.children(of: id).contains { isVariable($0) }
    }
  }

  /// Evaluating several parts, one after the other.
  mutating func all(_ ids: some Sequence<ID>) -> (cost: Amount, sizes: [Extent]) {
    var (cost, sizes) = (Amount.zero, [Extent]())
    for id in ids {
      let part = visit(id)
      cost += part.cost
      sizes.append(part.size)
    }
    return (cost, sizes)
  }

  private func literal(_ node: Expression.Node) -> Extent {
    switch expression.constants[Int(node.payload)] {
    case .string(let octets), .bytes(let octets): .text(Amount(octets.count))
    default: .unknown
    }
  }

  // MARK: Names

  /// Definitions run when they are first asked for, and nobody knows where that is.
  private func definitionCost(_ id: ID) -> Amount {
    if case .variable(let name) = checked.reference(id), program.definitionExpressions[name] != nil
    {
      return .any
    }
    return .zero
  }

  private func variable(_ id: ID) -> Extent? {
    switch checked.reference(id) {
    case .variable(let name): program.sizes[name]?.extent ?? .unknown
    case .local(let owner, let index): index == 0 ? locals[owner]?.first : locals[owner]?.second
    default: nil
    }
  }

  private mutating func selection(_ id: ID, _ node: Expression.Node) -> (Amount, Extent) {
    if let size = variable(id) { return (definitionCost(id), size) }
    let operand = visit(expression.child(0, of: id))
    guard node.kind == .select, node.flags == 0, let path = path(id) else {
      return (operand.cost, .unknown)
    }
    return (operand.cost, program.sizes.node(at: path)?.extent ?? .unknown)
  }

  private func path(_ id: ID) -> [String]? {
    if case .variable(let name) = checked.reference(id) { return [name] }
    guard expression[id].kind == .select, expression[id].flags == 0,
      let path = path(expression.child(0, of: id))
    else { return nil }
    return path + [expression.name(of: id)]
  }

  // MARK: Structures

  private mutating func collection(_ id: ID, _ node: Expression.Node) -> (Amount, Extent) {
    let children = Array(expression.children(of: id))
    let parts = all(children)
    let count = node.kind == .list ? children.count : children.count / 2
    let hasOptional = children.indices.contains { expression.isOptionalEntry($0, of: id) }
    let length = hasOptional ? Amount(0, count) : Amount(count)
    let cost = parts.cost + Amount(count + 1)
    if node.kind == .list { return (cost, .list(length, of: Self.union(parts.sizes))) }
    let keys = stride(from: 0, to: children.count, by: 2).map { parts.sizes[$0] }
    let values = stride(from: 1, to: children.count, by: 2).map { parts.sizes[$0] }
    return (cost, .known(length: length, key: Self.union(keys), element: Self.union(values)))
  }

  private static func union(_ sizes: [Extent]) -> Extent {
    guard let first = sizes.first else { return .text(.zero) }
    return sizes.dropFirst().reduce(first) { $0 | $1 }
  }

  private mutating func conditional(_ id: ID) -> (Amount, Extent) {
    let condition = visit(expression.child(0, of: id)).cost
    let (yes, no) = (visit(expression.child(1, of: id)), visit(expression.child(2, of: id)))
    // A condition without a value decides for neither.
    return (condition + (yes.cost | no.cost).orNothing, yes.size | no.size)
  }

  private mutating func logical(_ id: ID) -> Amount {
    var cost = Amount.zero
    for (index, child) in expression.children(of: id).enumerated() {
      let part = visit(child).cost
      cost += index == 0 ? part : part.orNothing
    }
    return cost
  }

  // MARK: Loops

  private mutating func comprehension(_ id: ID) -> (Amount, Extent) {
    let kind = expression.comprehension(of: id)
    let bodies = Array(expression.children(of: id).dropFirst())
    let rangeID = expression.child(0, of: id)
    let range = visit(rangeID)
    switch kind {
    case .bind:
      locals[id] = (range.size, .unknown)
      let body = visit(bodies[0])
      return (range.cost + body.cost, body.size)
    case .optionalMap, .optionalFlatMap:
      locals[id] = (.unknown, .unknown)
      return (range.cost + (visit(bodies[0]).cost + Amount(1)).orNothing, .unknown)
    default: break
    }
    locals[id] = variables(of: id, rangeID, range.size)
    loops.append(id)
    defer { loops.removeLast() }
    guard let price = program.loopPrices[Program.regionKey(number, id)] else {
      return (range.cost + search(id, rangeID, range.size), .unknown)
    }
    let parts = all(bodies)
    let sure = sureRounds(kind, bodies, rangeID, range.size) * (Amount(price) + parts.cost)
    let rounds = range.size.length.orNothing * (Amount(price) + parts.cost)
    var cost = range.cost + Amount(sure.least, rounds.most)
    let length = range.size.length.orNothing
    switch kind {
    case .all, .exists, .existsOne: return (cost, .unknown)
    case .sortBy: return (.any, .list(length, of: range.size.element))
    case .transformMapEntry:
      let entries = length * (parts.sizes.last ?? .unknown).length
      cost += (entries + entries).orNothing
      return (cost, .unknown)
    default: cost += length
    }
    if kind == .filter { return (cost, .list(length, of: locals[id]?.first ?? .unknown)) }
    let element = parts.sizes.last ?? .unknown
    return kind == .transformMap
      ? (cost, .known(length: length, key: locals[id]?.first ?? .unknown, element: element))
      : (cost, .list(length, of: element))
  }

  /// Rounds that are certain: all if nothing in them decides or fails, otherwise the first.
  private func sureRounds(
    _ kind: Expression.Comprehension, _ bodies: [ID], _ range: ID, _ size: Extent
  ) -> Amount {
    guard size.length.least > 0, isSureRange(range) else { return .zero }
    return Amount(haveValues(bodies, kind) ? size.length.least : 1)
  }

  /// Whether a loop goes through all rounds.
  private func haveValues(_ bodies: [ID], _ kind: Expression.Comprehension) -> Bool {
    switch kind {
    case .existsOne, .filter, .map, .transformList: break
    default: return false
    }
    let isCondition = kind == .filter || kind == .existsOne || bodies.count == 2
    guard !isCondition || checked.types[Int(bodies[0])] == .bool else { return false }
    return bodies.allSatisfy { hasValue($0) }
  }

  /// Whether something is certainly a list or a map: a literal of constants, or a path whose size is
  /// declared, which means that there is something.
  private func isSureRange(_ id: ID) -> Bool {
    switch checked.types[Int(id)] {
    case .list, .map: break
    default: return false
    }
    if expression[id].kind == .list {
      return expression.children(of: id).allSatisfy { expression[$0].kind == .literal }
    }
    return path(id).flatMap { program.sizes.node(at: $0) } != nil
  }

  /// Whether a part certainly has a value.
  private func hasValue(_ id: ID) -> Bool {
    let children = expression.children(of: id)
    switch expression[id].kind {
    case .literal: return true
    case .identifier: if case .local = checked.reference(id) { return true }
    case .list:
      return expression.optionalEntries.isEmpty && children.allSatisfy { hasValue($0) }
    case .operation where expression.op(of: id) == .equal || expression.op(of: id) == .notEqual:
      return children.allSatisfy { hasValue($0) }
    case .comprehension:
      return isSureRange(expression.child(0, of: id))
        && haveValues(Array(children.dropFirst()), expression.comprehension(of: id))
    default: break
    }
    return false
  }

  /// What the variables of a loop over something hold.
  private func variables(of id: ID, _ range: ID, _ size: Extent) -> (Extent, Extent) {
    let two = expression[id].flags == 2
    switch checked.types[Int(range)] {
    case .list: return two ? (.unknown, size.element) : (size.element, .unknown)
    case .map: return (size.key, size.element)
    default:
      return two ? (size.key | .text(.zero), size.element) : (size.key | size.element, .unknown)
    }
  }

  /// `exists` that is one instruction: lists that share an element, or a search.
  private mutating func search(_ id: ID, _ range: ID, _ size: Extent) -> Amount {
    let body = expression.child(1, of: id)
    if let (_, second) = checked.intersection(id) {
      let other = visit(second)
      let length = size.length.orNothing
      let each = membership(of: checked.types[Int(body)], size.element, second, other.size)
      return other.cost + (length + other.size.length.orNothing + Amount(1)).orNothing
        + (length * each).orNothing
    }
    guard let (list, sought) = invariants.search(id) else { return .any }
    let element = visit(sought)
    return element.cost
      + membership(of: checked.types[Int(sought)], element.size, list, size).orNothing
  }
}
