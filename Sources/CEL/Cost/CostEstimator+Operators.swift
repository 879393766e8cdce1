/// What operators cost by the types and sizes of their operands.
extension CostEstimator {
  mutating func operation(_ id: ID) -> (Amount, Extent) {
    let children = Array(expression.children(of: id))
    let parts = all(children)
    let types = children.map { checked.types[Int($0)] }
    guard children.count == 2 else { return (parts.cost, .unknown) }
    let (own, size): (Amount, Extent)
    switch expression.op(of: id) {
    case .equal, .notEqual:
      (own, size) = (
        .lesser(deep(types[0], parts.sizes[0]), deep(types[1], parts.sizes[1])), .unknown
      )
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      own =
        types.contains { Self.isCheap($0) && !Self.isText($0) }
        ? .zero : Amount.lesser(parts.sizes[0].length, parts.sizes[1].length).asOctets
      size = .unknown
    case .add: (own, size) = sum(types, parts.sizes)
    case .in:
      (own, size) = (
        membership(of: types[0], parts.sizes[0], children[1], parts.sizes[1]), .unknown
      )
    case .index: (own, size) = (.zero, isOptional(id) ? .unknown : parts.sizes[0].element)
    default: (own, size) = (.zero, .unknown)
    }
    return (parts.cost + own.orNothing, size)
  }

  private func isOptional(_ id: ID) -> Bool { expression[id].flags == 1 }

  /// Types whose comparison is one step, whatever the value.
  static func isCheap(_ type: CELType) -> Bool {
    switch type {
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type: true
    default: false
    }
  }

  static func isText(_ type: CELType) -> Bool { type == .string || type == .bytes }

  /// What walking through a value costs when it is compared.
  func deep(_ type: CELType, _ size: Extent) -> Amount {
    switch type {
    case .list(let element): size.length + size.length * deep(element, size.element)
    case .map(_, let value): size.length + size.length * deep(value, size.element)
    case .optional(let wrapped): Amount(1) + deep(wrapped, .unknown)
    case _ where Self.isCheap(type): .zero
    default: .any
    }
  }

  private func sum(_ types: [CELType], _ sizes: [Extent]) -> (Amount, Extent) {
    // Sums are of one type: if one side is a number, a sum that has a value is one too.
    if types.contains(where: { Self.isCheap($0) && !Self.isText($0) }) { return (.zero, .unknown) }
    let length = sizes[0].length + sizes[1].length
    if types.contains(where: { Self.isText($0) }) { return (length.asOctets, .text(length)) }
    for case .list in types {
      return (length, .list(length, of: sizes[0].element | sizes[1].element))
    }
    return (.any, .unknown)
  }

  /// Looking for something in a list or a map, by any of the ways that there are.
  func membership(
    of type: CELType, _ element: Extent, _ collection: ID, _ size: Extent
  ) -> Amount {
    // Keys are looked up; as a search with `exists` they are compared.
    let length = size.length.orNothing
    let compared: Amount
    switch checked.types[Int(collection)] {
    case .list(let member): compared = .lesser(deep(type, element), deep(member, size.element))
    case .map: compared = .zero
    default: compared = deep(type, element)
    }
    // One by one, and perhaps making an index of it first.
    return Amount(2) + length * (Amount(3) + compared)
  }
}
