/// The macros of `cel.block`, in which optimizers write common subexpressions. Each entry becomes a
/// binding around the rest; the variables have names that no one can write.
extension Parser {
  mutating func blockMacro(
    _ name: String, _ arguments: [Expression.ID], from start: Int, place: SourceSpan
  ) throws(Diagnostic) -> Expression.ID? {
    switch (name, arguments.count) {
    case ("block", 2): return try block(arguments[0], arguments[1], from: start, place: place)
    case ("index", 1): return try variable("index", arguments, from: start)
    case ("iterVar", 2), ("accuVar", 2): return try variable(name, arguments, from: start)
    default: return nil
    }
  }

  private mutating func block(
    _ list: Expression.ID, _ result: Expression.ID, from start: Int, place: SourceSpan
  ) throws(Diagnostic) -> Expression.ID {
    guard tree.nodes[Int(list)].kind == .list else {
      throw Diagnostic(
        "invalid-macro", "`cel.block()` takes a list of expressions first",
        at: tree.nodes[Int(list)].span)
    }
    var body = result
    for (index, entry) in tree.children(of: list).enumerated().reversed() {
      let variable = try add(.identifier, payload: addName("@index:\(index)"), from: start)
      body = try comprehension(
        .bind, over: entry, variables: [variable], bodies: [body], from: start, place: place)
    }
    return body
  }

  private mutating func variable(
    _ kind: String, _ numbers: [Expression.ID], from start: Int
  ) throws(Diagnostic) -> Expression.ID {
    var name = "@" + kind
    for number in numbers {
      let node = tree.nodes[Int(number)]
      guard node.kind == .literal, case .int(let value) = tree.constants[Int(node.payload)],
        value >= 0
      else {
        throw Diagnostic(
          "invalid-macro", "`cel.\(kind)()` takes numbers that are written out", at: node.span)
      }
      name += ":\(value)"
    }
    return try add(.identifier, payload: addName(name), from: start)
  }
}
