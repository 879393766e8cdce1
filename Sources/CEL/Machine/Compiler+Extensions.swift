/// What extensions need that is more than a call.
extension Compiler {
  /// `a.or(b)`, `a.orValue(b)`: `b` is evaluated only if `a` has no value.
  mutating func optionalElse(
    _ id: ID, _ arguments: [ID], keepsOptional: Bool, into target: UInt16
  ) throws(Diagnostic) {
    let (none, end) = (label(), label())
    try value(arguments[0], into: target)
    try scoped { compiler throws(Diagnostic) in
      let wrapped = try compiler.temporary()
      compiler.emit(Instruction(op: .unwrapOrJump, a: wrapped, b: target, c: target), id, to: none)
      if !keepsOptional { compiler.emit(Instruction(op: .move, a: target, b: wrapped), id) }
      compiler.emit(Instruction(op: .jump), id, to: end)
    }
    place(none)
    emit(Instruction(op: .jumpIfError, a: target), id, to: end)
    try value(arguments[1], into: target)
    place(end)
  }

  /// A message of a well-known type: its fields become a map, and a function makes the plain value
  /// of that.
  mutating func message(_ id: ID, _ node: Expression.Node, into target: UInt16) throws(Diagnostic) {
    guard case .message(let name) = checked.reference(id) else {
      return load(.failure(.unsupportedType), into: target, id)
    }
    let children = Array(expression.children(of: id))
    let optional = Set(children.indices.filter { expression.isOptionalEntry($0, of: id) })
    let table = optional.isEmpty ? Int32(0) : builder.addOptionalEntries(optional)
    try scoped { compiler throws(Diagnostic) in
      let first = try compiler.temporary(2)
      let entries = try compiler.temporary(max(children.count * 2, 1))
      for (index, child) in children.enumerated() {
        let field = compiler.expression.names[Int(node.payload) + 1 + index]
        let entry = entries + UInt16(2 * index)
        compiler.load(.string(compiler.builder.intern(field)), into: entry, id)
        try compiler.value(child, into: entry + 1)
      }
      compiler.load(.string(compiler.builder.intern(name)), into: first, id)
      compiler.emit(
        Instruction(
          op: .makeMap, flag: optional.isEmpty ? 0 : 1, a: first + 1, b: entries,
          c: UInt16(children.count), e: table), id)
      compiler.emit(
        Instruction(
          op: .call, flag: 2, a: target, b: first, e: Int32(Builtin.wellKnown.rawValue)), id)
    }
  }
}
