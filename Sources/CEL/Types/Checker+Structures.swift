/// Lists, maps, conditionals, macros.
extension Checker {
  mutating func list(_ id: Expression.ID) -> CELType {
    var element: CELType?
    for (index, child) in expression.children(of: id).enumerated() {
      var type = visit(child)
      if expression.isOptionalEntry(index, of: id) { type = unwrapped(type, at: child) }
      element = element.map { inference.join($0, type) } ?? type
    }
    return .list(element ?? inference.fresh())
  }

  mutating func map(_ id: Expression.ID) -> CELType {
    var key: CELType?
    var value: CELType?
    let children = Array(expression.children(of: id))
    for index in stride(from: 0, to: children.count, by: 2) {
      // A visit inside the call would copy the whole checker first.
      let found = visit(children[index])
      let keyType = keyType(found)
      var valueType = visit(children[index + 1])
      if expression.isOptionalEntry(index, of: id) {
        valueType = unwrapped(valueType, at: children[index + 1])
      }
      key = key.map { inference.join($0, keyType) } ?? keyType
      value = value.map { inference.join($0, valueType) } ?? valueType
    }
    return .map(key ?? inference.fresh(), value ?? inference.fresh())
  }

  /// The type of a key as part of the map's: one that can't be a key, which evaluation will say, is
  /// not remembered. A type that holds another twice, as the key's and as the value's, would double
  /// with every macro around it.
  private func keyType(_ type: CELType) -> CELType {
    switch known(type) {
    case .int, .uint, .bool, .string, .parameter, .unknown: type
    default: .dyn
    }
  }

  mutating func unwrapped(_ type: CELType, at id: Expression.ID) -> CELType {
    switch known(type) {
    case .optional(let inner): return inner
    case .dyn, .unknown, .parameter: return .dyn
    default:
      guard strict else { return .dyn }
      return report(
        "type-mismatch", "an entry with `?` takes an optional, this is \(known(type))",
        at: expression[id].span)
    }
  }

  mutating func conditional(_ id: Expression.ID) -> CELType {
    let (condition, first, second) = (
      expression.child(0, of: id), expression.child(1, of: id), expression.child(2, of: id)
    )
    require(.bool, visit(condition), at: condition, of: "?:")
    let (one, other) = (visit(first), visit(second))
    let result = inference.fresh()
    guard strict else { return .dyn }
    guard inference.assign(one, to: result), inference.assign(other, to: result) else {
      return report(
        "type-mismatch", "the two branches have types \(known(one)) and \(known(other))",
        at: expression[id].place, help: "give both one type, or write `dyn(…)` around one")
    }
    return result
  }

  mutating func comprehension(_ id: Expression.ID) -> CELType {
    let node = expression[id]
    let kind = expression.comprehension(of: id)
    let range = expression.child(0, of: id)
    let found = visit(range)
    let rangeType = known(found)
    let first = expression.names[Int(node.payload)]
    let variables: [(String, CELType)]
    if kind == .sortBy { require(.list(.dyn), rangeType, at: range, of: "sortBy") }
    if kind == .bind {
      variables = [(first, rangeType)]
    } else if kind == .optionalMap || kind == .optionalFlatMap {
      variables = [(first, unwrapped(rangeType, at: range))]
    } else {
      let (key, value) = elements(of: rangeType, range, two: node.flags == 2)
      variables =
        node.flags == 2
        ? [(first, key), (expression.names[Int(node.payload) + 1], value)] : [(first, value)]
    }
    return with(variables, of: id) { $0.bodies(of: id, kind, rangeType, key: variables[0].1) }
  }

  private mutating func elements(
    of type: CELType, _ range: Expression.ID, two: Bool
  ) -> (key: CELType, value: CELType) {
    switch type {
    case .list(let element): return (.int, element)
    case .map(let key, let value): return (key, two ? value : key)
    case .record: return (.string, two ? .dyn : .string)
    case .dyn, .unknown, .parameter: return (.dyn, .dyn)
    default:
      guard strict else { return (.dyn, .dyn) }
      return (
        report(
          "type-mismatch", "a macro ranges over a list or a map, this is \(type)",
          at: expression[range].span), .unknown
      )
    }
  }

  private mutating func bodies(
    of id: Expression.ID, _ kind: Expression.Comprehension, _ range: CELType, key: CELType
  ) -> CELType {
    let bodies = Array(expression.children(of: id).dropFirst())
    let hasFilter =
      bodies.count == 2 && [.map, .transformList, .transformMap, .transformMapEntry].contains(kind)
    if hasFilter { require(.bool, visit(bodies[0]), at: bodies[0], of: "filter") }
    let body = bodies[bodies.count - 1]
    let type = visit(body)
    switch kind {
    case .all, .exists, .existsOne:
      require(.bool, type, at: body, of: "\(kind)")
      return .bool
    case .filter:
      require(.bool, type, at: body, of: "filter")
      if case .list = range { return range }
      return .list(key)
    case .map, .transformList: return .list(type)
    case .transformMap:
      if case .list = range { return .map(.int, type) }
      return .map(key, type)
    case .transformMapEntry:
      require(.map(.dyn, .dyn), type, at: body, of: "transformMapEntry")
      return type
    case .bind: return type
    case .optionalMap: return .optional(type)
    case .optionalFlatMap:
      require(.optional(.dyn), type, at: body, of: "optFlatMap")
      if case .optional = known(type) { return type }
      return .optional(.dyn)
    case .sortBy: return range
    }
  }
}
