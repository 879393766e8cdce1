import CEL

/// Names and fields.
extension ReferenceEvaluator {
  /// An identifier or a selection: a comprehension's variable, the longest dotted name that is
  /// declared, or a field.
  func name(_ id: ID, _ scope: Scope) throws(ReferenceFailure) -> CELValue {
    if let dotted = dottedName(id) {
      let first = dotted.split(separator: ".", omittingEmptySubsequences: false)[0]
      if let local = scope.last(where: { $0.name == first }) {
        if expression[id].kind == .identifier { return try local.value.get() }
      } else if let value = try declared(dotted) {
        return value
      }
    }
    guard expression[id].kind == .select else { throw ReferenceFailure("no_such_attribute") }
    guard let value = try field(expression.name(of: id), of: child(0, of: id, scope)) else {
      throw ReferenceFailure("no_such_key")
    }
    return value
  }

  /// `a.b.c` as it is written, with its leading dot; nil for what is not only names.
  private func dottedName(_ id: ID) -> String? {
    let node = expression[id]
    switch node.kind {
    case .identifier: return (node.flags == 1 ? "." : "") + expression.name(of: id)
    case .select:
      return dottedName(expression.child(0, of: id)).map { "\($0).\(expression.name(of: id))" }
    default: return nil
    }
  }

  /// The variable or type of this name: in the container first, then in each namespace around it.
  private func declared(_ name: String) throws(ReferenceFailure) -> CELValue? {
    var candidates: [String] = []
    if name.hasPrefix(".") {
      candidates = [String(name.dropFirst())]
    } else {
      var prefix = container.split(separator: ".")
      while !prefix.isEmpty {
        candidates.append((prefix + [Substring(name)]).joined(separator: "."))
        prefix.removeLast()
      }
      candidates.append(name)
    }
    for candidate in candidates {
      if variables.contains(candidate) {
        guard let value = bindings[candidate] else { throw ReferenceFailure("no_such_attribute") }
        return value
      }
      if Self.types.contains(candidate) { return .type(candidate) }
    }
    return nil
  }

  private static let types: Set<String> = [
    "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type",
    "google.protobuf.Timestamp", "google.protobuf.Duration",
  ]

  /// The value under a string key of a map; what is not a map has no fields.
  func field(_ name: String, of operand: CELValue) throws(ReferenceFailure) -> CELValue? {
    guard case .map(let entries) = operand else { throw ReferenceFailure("no_such_field") }
    return entries.first { ReferenceEquality.isSameKey($0.key, .string(name)) }?.value
  }
}
