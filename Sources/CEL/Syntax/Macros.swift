/// Macros: calls that become nodes of their own when their name, style and number of arguments
/// match.
///
/// A call that does not match stays an ordinary call, so that an environment can declare a function
/// of the same name.
extension Parser {
  private func hasMacro(_ name: String, _ count: Int) -> Expression.Comprehension? {
    if extensions.contains(.macros) {
      switch (name, count) {
      case ("all", 2): return .all
      case ("exists", 2): return .exists
      case ("exists_one", 2), ("existsOne", 2): return .existsOne
      case ("map", 2), ("map", 3): return .map
      case ("filter", 2): return .filter
      default: break
      }
    }
    if extensions.contains(.twoVariableComprehensions) {
      switch (name, count) {
      case ("all", 3): return .all
      case ("exists", 3): return .exists
      case ("existsOne", 3), ("exists_one", 3): return .existsOne
      case ("transformList", 3), ("transformList", 4): return .transformList
      case ("transformMap", 3), ("transformMap", 4): return .transformMap
      case ("transformMapEntry", 3), ("transformMapEntry", 4): return .transformMapEntry
      default: break
      }
    }
    if extensions.contains(.optionals), count == 2 {
      if name == "optMap" { return .optionalMap }
      if name == "optFlatMap" { return .optionalFlatMap }
    }
    if extensions.contains(.lists), name == "sortBy", count == 2 { return .sortBy }
    return nil
  }

  mutating func memberCall(
    _ name: String, on target: Expression.ID, _ arguments: [Expression.ID], from start: Int,
    place: SourceSpan
  ) throws(Diagnostic) -> Expression.ID {
    if extensions.contains(.block), qualifiedName(target) == "cel",
      let node = try blockMacro(name, arguments, from: start, place: place)
    {
      return node
    }
    if name == "bind", arguments.count == 3, extensions.contains(.bindings),
      qualifiedName(target) == "cel"
    {
      return try comprehension(
        .bind, over: arguments[1], variables: [arguments[0]], bodies: [arguments[2]], from: start,
        place: place)
    }
    if let kind = hasMacro(name, arguments.count) {
      let two =
        arguments.count >= 3 && kind != .map
        || kind == .transformList || kind == .transformMap || kind == .transformMapEntry
      return try comprehension(
        kind, over: target, variables: Array(arguments.prefix(two ? 2 : 1)),
        bodies: Array(arguments.dropFirst(two ? 2 : 1)), from: start, place: place)
    }
    return try add(
      .memberCall, payload: addName(name), children: [target] + arguments, from: start, place: place
    )
  }

  mutating func globalCall(
    _ name: String, _ arguments: [Expression.ID], root: Bool, from start: Int, place: SourceSpan
  ) throws(Diagnostic) -> Expression.ID {
    if name == "has", arguments.count == 1, extensions.contains(.macros), !root {
      let argument = tree.nodes[Int(arguments[0])]
      guard argument.kind == .select, argument.flags == 0 else {
        throw Diagnostic(
          "invalid-macro", "`has()` takes a field selection such as `has(a.b)`", at: argument.span,
          help: "to ask whether a map holds a key, write `key in map`")
      }
      return try add(
        .presence, payload: argument.payload, children: [tree.children[Int(argument.firstChild)]],
        from: start, place: argument.place)
    }
    return try add(
      .call, flags: root ? 1 : 0, payload: addName(name), children: arguments, from: start,
      place: place)
  }

  mutating func comprehension(
    _ kind: Expression.Comprehension, over range: Expression.ID, variables: [Expression.ID],
    bodies: [Expression.ID], from start: Int, place: SourceSpan
  ) throws(Diagnostic) -> Expression.ID {
    var names: [String] = []
    for variable in variables {
      let node = tree.nodes[Int(variable)]
      guard node.kind == .identifier, node.flags == 0 else {
        throw Diagnostic(
          "invalid-macro", "the variable of this macro must be a plain name", at: node.span)
      }
      names.append(tree.names[Int(node.payload)])
    }
    if names.count == 2, names[0] == names[1] {
      throw Diagnostic(
        "invalid-macro", "the two variables of this macro have the same name",
        at: tree.nodes[Int(variables[1])].span)
    }
    let payload = addName(names[0])
    if names.count == 2 { _ = addName(names[1]) }
    return try add(
      .comprehension, op: kind.rawValue, flags: UInt8(names.count), payload: payload,
      children: [range] + bodies, from: start, place: place)
  }
}
