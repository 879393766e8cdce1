extension JSONTape {
  /// A value of the tape by itself. A tape has bounded depth, so this recursion is bounded too.
  package func value(of node: Int) -> CELValue {
    switch kind(of: node) {
    case .null: .null
    case .false: .bool(false)
    case .true: .bool(true)
    case .int: .int(nodes[node].int)
    case .uint: .uint(nodes[node].uint)
    case .double: .double(nodes[node].double)
    case .string: .string(string(of: node))
    case .array: .list(children(of: node).map { value(of: $0) })
    case .object:
      .map(children(of: node).map { CELValue.Entry(.string(string(of: $0)), value(of: $0 + 1)) })
    }
  }
}
