/// Functions and operators: which overloads fit.
extension Checker {
  mutating func call(_ id: Expression.ID) -> CELType {
    let node = expression[id]
    let name = expression.name(of: id)
    if strict, looksLikeMacro(name), !isFunction(name) { return unknownFunction(name, id) }
    let arguments = expression.children(of: id).map { visit($0) }
    return resolveCall(node.flags == 1 ? "." + name : name, id, arguments, isMember: false)
      ?? unknownFunction(name, id)
  }

  mutating func memberCall(_ id: Expression.ID) -> CELType {
    let name = expression.name(of: id)
    let target = expression.child(0, of: id)
    let rest = expression.children(of: id).dropFirst()
    if let space = qualifiedName(target), isFunction("\(space).\(name)") {
      let arguments = rest.map { visit($0) }
      checked.namespaced.insert(id)
      if let type = resolveCall("\(space).\(name)", id, arguments, isMember: false) { return type }
    }
    if strict, overloads(of: name).isEmpty {
      if let space = qualifiedName(target), StandardLibrary.functions["\(space).\(name)"] != nil {
        return unknownFunction("\(space).\(name)", id)
      }
      if looksLikeMacro(name) {
        visit(target)
        return unknownFunction(name, id)
      }
    }
    let arguments = expression.children(of: id).map { visit($0) }
    return resolveCall(name, id, arguments, isMember: true) ?? unknownFunction(name, id)
  }

  private func isFunction(_ name: String) -> Bool {
    environment.candidates(for: name).contains { candidate in
      overloads(of: candidate).contains { !$0.overload.isMember }
    }
  }

  private func overloads(of name: String) -> [(overload: Overload, reference: Reference)] {
    var found: [(Overload, Reference)] = []
    for function in StandardLibrary.functions[name] ?? []
    where environment.extensions.contains(function.library) {
      found.append((function.overload, .builtin(function.builtin)))
    }
    for index in hostFunctions[name] ?? [] {
      found.append((environment.hostFunctions[index].overload, .host(index)))
    }
    return found
  }

  /// The result type of a call, or nil if there is no function of that name and style.
  private mutating func resolveCall(
    _ name: String, _ id: Expression.ID, _ arguments: [CELType], isMember: Bool
  ) -> CELType? {
    let candidates = isMember ? [name] : environment.candidates(for: name)
    for candidate in candidates {
      let all = overloads(of: candidate).filter { $0.overload.isMember == isMember }
      guard !all.isEmpty else { continue }
      var fitting = all.filter { Self.accepts($0.overload, arguments.count) }
      var arguments = arguments
      if fitting.isEmpty, arguments.count > 1, case .builtin(let builtin) = all[0].reference,
        builtin.isVariadic
      {
        checked.listed.insert(id)
        arguments = [.list(arguments.dropFirst().reduce(arguments[0]) { inference.join($0, $1) })]
        fitting = all.filter { Self.accepts($0.overload, 1) }
      }
      guard strict else {
        checked.references[Int(id)] = fitting.first?.reference ?? .unresolved
        return .dyn
      }
      let type = choose(among: fitting, all.map(\.overload), candidate, id, arguments)
      if case .builtin(.format) = checked.references[Int(id)] { checkFormat(id) }
      return type
    }
    return nil
  }

  private static func accepts(_ overload: Overload, _ count: Int) -> Bool {
    overload.parameters.count == count
  }

  private mutating func choose(
    among fitting: [(overload: Overload, reference: Reference)], _ all: [Overload], _ name: String,
    _ id: Expression.ID, _ arguments: [CELType]
  ) -> CELType {
    var result: CELType?
    for (overload, reference) in fitting {
      let types = inference.instantiate(overload.parameters + [overload.result])
      guard inference.assign(arguments, to: Array(types.dropLast())) else { continue }
      let type = inference.resolve(types[types.count - 1])
      if let first = result {
        if first != type { result = .dyn }
      } else {
        result = type
        checked.references[Int(id)] = reference
      }
    }
    return result ?? noOverload(name, all, id, arguments)
  }

  private mutating func noOverload(
    _ name: String, _ all: [Overload], _ id: Expression.ID, _ arguments: [CELType]
  ) -> CELType {
    if arguments.contains(where: { known($0) == .unknown }) { return .unknown }
    let types = arguments.map { known($0).shown }
    let isMember = all[0].isMember
    let written =
      isMember
      ? "\(types[0]).\(name)(\(types.dropFirst().joined(separator: ", ")))"
      : "\(name)(\(types.joined(separator: ", ")))"
    let available = all.prefix(6).map { "`\($0)`" }.joined(separator: ", ")
    var help = "there is \(available)"
    if name == "contains", case .list = known(arguments[0]), arguments.count == 2 {
      let (list, element) = (
        expression.text(of: expression.child(0, of: id)),
        expression.text(of: expression.child(1, of: id))
      )
      help = "to look for an element write `\(element) in \(list)`"
    }
    return report(
      "no-such-overload", "there is no `\(written)`", at: expression[id].place, help: help)
  }

  private mutating func unknownFunction(_ name: String, _ id: Expression.ID) -> CELType {
    checked.references[Int(id)] = .unresolved
    guard strict else { return .dyn }
    let isMember = expression[id].kind == .memberCall
    let place = expression[id].place
    if let other = StandardLibrary.functions[name]?.first {
      if !environment.extensions.contains(other.library) {
        return report(
          "undeclared-function",
          "the function `\(name)` belongs to an extension that is not switched on",
          at: place)
      }
      return report(
        "undeclared-function",
        other.overload.isMember
          ? "`\(name)` is called on its first operand" : "`\(name)` is not called on an operand",
        at: place, help: otherStyle(name, id, other.overload))
    }
    let names =
      StandardLibrary.functions.filter { entry in
        entry.value.contains {
          $0.overload.isMember == isMember && environment.extensions.contains($0.library)
        }
      }.keys.sorted() + (isMember ? ["all", "exists", "exists_one", "map", "filter"] : ["has"])
    return reportUnknown(name, id, near: names)
  }

  // MARK: Operators

  mutating func operation(_ id: Expression.ID) -> CELType {
    let op = expression.op(of: id)
    let operands = expression.children(of: id).map { visit($0) }
    guard strict else { return .dyn }
    if op == .index { return index(id, operands) }
    let rows = StandardLibrary.overloads(of: op)
    for (place, row) in rows.enumerated() {
      guard let result = apply(row, operands) else { continue }
      // With a dynamic operand or null several overloads may fit, and the result is only as certain
      // as they agree.
      let fitsSeveral = operands.contains { known($0).isDynamic || known($0) == .null }
      return fitsSeveral ? agreed(rows[(place + 1)...], operands, result) : result
    }
    return mismatch(op, id, operands)
  }

  private mutating func apply(_ row: [CELType], _ operands: [CELType]) -> CELType? {
    let types = inference.instantiate(row)
    guard inference.assign(operands, to: Array(types.dropLast())) else { return nil }
    return inference.resolve(types[types.count - 1])
  }

  /// The result of the first overload that fits, if those behind it that fit have the same.
  private mutating func agreed(
    _ rows: ArraySlice<[CELType]>, _ operands: [CELType], _ first: CELType
  ) -> CELType {
    for row in rows {
      if let result = apply(row, operands), result != first { return .dyn }
    }
    return first
  }

  private mutating func index(_ id: Expression.ID, _ operands: [CELType]) -> CELType {
    let optional = expression[id].flags == 1
    if case .record(let name) = known(operands[0]), inference.assign(operands[1], to: .string) {
      let type = recordIndex(name, id)
      return optional ? .optional(type) : type
    }
    if known(operands[0]).isDynamic { return optional ? .optional(.dyn) : .dyn }
    for row in StandardLibrary.overloads(of: .index) {
      guard let result = apply(row, operands) else { continue }
      // What is looked up in an optional is one already; an optional in a list is wrapped again.
      if case .optional = row[0] { return result }
      return optional ? .optional(result) : result
    }
    return mismatch(.index, id, operands)
  }

  private func recordIndex(_ record: String, _ id: Expression.ID) -> CELType {
    let key = expression[expression.child(1, of: id)]
    guard key.kind == .literal, case .string(let octets) = expression.constants[Int(key.payload)]
    else { return .dyn }
    return environment.records[record]?.attributes[String(decoding: octets, as: UTF8.self)] ?? .dyn
  }

  private mutating func mismatch(
    _ op: Expression.Operator, _ id: Expression.ID, _ operands: [CELType]
  ) -> CELType {
    let types = operands.map { known($0) }
    if types.contains(.unknown) { return .unknown }
    let place = expression[id].place
    guard types.count == 2 else {
      return report(
        "no-such-overload", "`\(op.symbol)` does not take \(types[0].shown)", at: place,
        help: op == .not ? helpForCondition(types[0], expression.child(0, of: id)) : nil)
    }
    let (left, right) = (types[0].shown, types[1].shown)
    let message =
      switch op {
      case .equal, .notEqual: "`\(op.symbol)` does not compare \(left) with \(right)"
      case .index: "a value of type \(left) can't be indexed by \(right)"
      case .in: "`in` can't look for \(left) in \(right)"
      default: "`\(op.symbol)` does not take \(left) and \(right)"
      }
    return report(
      "no-such-overload", message, at: place, help: help(for: op, id, types[0], types[1]))
  }
}

extension CELType {
  /// The type in messages: parameters that nothing is known of are shown as `dyn`.
  var shown: String {
    switch self {
    case .parameter: "dyn"
    case .list(let element): "list(\(element.shown))"
    case .map(let key, let value): "map(\(key.shown), \(value.shown))"
    default: description
    }
  }
}
