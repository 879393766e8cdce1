/// Resolves names, finds types, reports what can never work.
///
/// Checking never changes what an expression means: it only rejects. Without type checking the same
/// walk runs with every type `dyn`, so that names resolve alike.
package struct Checker {
  let environment: Environment
  var checked: CheckedExpression
  var inference = Inference()
  var diagnostics: [Diagnostic] = []
  private var scope: [(name: String, type: CELType, node: Expression.ID, index: Int)] = []
  /// Functions of the host by name.
  var hostFunctions: [String: [Int]] = [:]

  var expression: Expression { checked.expression }

  /// Checks an expression; all errors that were found, or the checked expression.
  package static func check(
    _ expression: Expression, in environment: Environment
  ) -> (checked: CheckedExpression?, diagnostics: [Diagnostic]) {
    var checker = Checker(expression, environment)
    let type = checker.visit(expression.root)
    guard !checker.diagnostics.contains(where: { $0.severity == .error }) else {
      return (nil, checker.diagnostics)
    }
    for index in checker.checked.types.indices {
      checker.checked.types[index] = checker.inference.resolve(
        checker.checked.types[index], final: true)
    }
    checker.checked.type = checker.inference.resolve(type, final: true)
    checker.checked.warnings = checker.diagnostics
    return (checker.checked, checker.diagnostics)
  }

  private init(_ expression: Expression, _ environment: Environment) {
    self.environment = environment
    checked = CheckedExpression(
      expression: expression,
      references: [Reference](repeating: .none, count: expression.nodes.count),
      types: [CELType](repeating: .dyn, count: expression.nodes.count), type: .dyn)
    for (index, function) in environment.hostFunctions.enumerated() {
      hostFunctions[function.overload.name, default: []].append(index)
    }
  }

  var strict: Bool { environment.checksTypes }

  mutating func report(
    _ code: String, _ message: String, at span: SourceSpan, help: String? = nil
  ) -> CELType {
    if diagnostics.count < 20 {
      diagnostics.append(Diagnostic(code, message, at: span, help: help))
    }
    return .unknown
  }

  /// The type of a node as far as it is known, for messages and decisions.
  func known(_ type: CELType) -> CELType { inference.resolve(type) }

  @discardableResult
  mutating func visit(_ id: Expression.ID) -> CELType {
    let type = typeOf(id)
    checked.types[Int(id)] = type
    return type
  }

  private mutating func typeOf(_ id: Expression.ID) -> CELType {
    let node = expression[id]
    switch node.kind {
    case .literal: return typeOfLiteral(node)
    case .identifier: return identifier(id, node)
    case .select: return selection(id, node)
    case .presence: return presence(id)
    case .call: return call(id)
    case .memberCall: return memberCall(id)
    case .list: return list(id)
    case .map: return map(id)
    case .message: return message(id)
    case .operation: return operation(id)
    case .conditional: return conditional(id)
    case .and, .or:
      for child in expression.children(of: id) {
        require(.bool, visit(child), at: child, of: node.kind == .and ? "&&" : "||")
      }
      return .bool
    case .comprehension: return comprehension(id)
    }
  }

  private func typeOfLiteral(_ node: Expression.Node) -> CELType {
    switch expression.constants[Int(node.payload)] {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    }
  }

  mutating func require(_ wanted: CELType, _ found: CELType, at id: Expression.ID, of what: String)
  {
    guard strict, !inference.assign(found, to: wanted) else { return }
    _ = report(
      "type-mismatch", "`\(what)` takes \(wanted), this is \(known(found))",
      at: expression[id].span,
      help: wanted == .bool ? helpForCondition(known(found), id) : nil)
  }

  // MARK: Names

  func local(_ name: String) -> (type: CELType, node: Expression.ID, index: Int)? {
    scope.last { $0.name == name }.map { ($0.type, $0.node, $0.index) }
  }

  mutating func with<T>(
    _ variables: [(String, CELType)], of node: Expression.ID, _ body: (inout Checker) -> T
  ) -> T {
    for (index, variable) in variables.enumerated() {
      scope.append((variable.0, variable.1, node, index))
    }
    defer { scope.removeLast(variables.count) }
    return body(&self)
  }

  private mutating func identifier(_ id: Expression.ID, _ node: Expression.Node) -> CELType {
    let name = expression.names[Int(node.payload)]
    if node.flags == 0, let local = local(name) {
      checked.references[Int(id)] = .local(local.node, local.index)
      return local.type
    }
    if let type = resolve(node.flags == 1 ? "." + name : name, id) { return type }
    checked.references[Int(id)] = .unresolved
    guard strict else { return .dyn }
    return undeclared(name, at: node.span)
  }

  /// A variable or type of this (dotted) name.
  mutating func resolve(_ name: String, _ id: Expression.ID) -> CELType? {
    for candidate in environment.candidates(for: name) {
      if let type = environment.variables[candidate] {
        checked.references[Int(id)] = .variable(candidate)
        return strict ? type : .dyn
      }
      if let type = Self.typeNames[candidate] {
        if let library = Self.libraryOfType[candidate], !environment.extensions.contains(library) {
          continue
        }
        checked.references[Int(id)] = .type(type.runtimeName)
        return .type(type)
      }
      if candidate == WellKnownType.nullValue {
        checked.references[Int(id)] = .number(0)
        return strict ? .int : .dyn
      }
    }
    return nil
  }

  private mutating func undeclared(_ name: String, at span: SourceSpan) -> CELType {
    let names = Array(environment.variables.keys) + scope.map(\.name) + ["true", "false", "null"]
    return report(
      "undeclared-reference", "there is no variable `\(name)`", at: span,
      help: helpForVariable(name, at: span, among: names))
  }

  static let typeNames: [String: CELType] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string,
    "bytes": .bytes,
    "list": .list(.dyn), "map": .map(.dyn, .dyn), "null_type": .null, "type": .type(.dyn),
    "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration,
    "optional_type": .optional(.dyn), "net.IP": .opaque("net.IP", []),
    "net.CIDR": .opaque("net.CIDR", []),
  ]
  static let libraryOfType: [String: Extensions] = [
    "optional_type": .optionals, "net.IP": .network, "net.CIDR": .network,
  ]

  /// The dotted name that a chain of selections spells, unless it begins at a comprehension's
  /// variable.
  func qualifiedName(_ id: Expression.ID) -> String? {
    var parts: [String] = []
    var id = id
    while true {
      let node = expression[id]
      guard node.kind == .identifier || node.kind == .select else { return nil }
      parts.append(expression.names[Int(node.payload)])
      if node.kind == .identifier {
        if node.flags == 0, local(parts[parts.count - 1]) != nil { return nil }
        return (node.flags == 1 ? "." : "") + parts.reversed().joined(separator: ".")
      }
      guard node.flags == 0 else { return nil }
      id = expression.child(0, of: id)
    }
  }

  // MARK: Selection

  private mutating func selection(_ id: Expression.ID, _ node: Expression.Node) -> CELType {
    if node.flags == 0, let name = qualifiedName(id), let type = resolve(name, id) {
      return type
    }
    let operand = known(visit(expression.child(0, of: id)))
    let type = field(of: operand, id)
    guard node.flags == 1 else { return type }
    // What is selected from an optional is one already; an optional in a field is wrapped again.
    if case .optional = operand { return type }
    return .optional(type)
  }

  private mutating func presence(_ id: Expression.ID) -> CELType {
    let operand = visit(expression.child(0, of: id))
    _ = field(of: known(operand), id)
    return .bool
  }

  private mutating func field(of type: CELType, _ id: Expression.ID) -> CELType {
    guard strict else { return .dyn }
    switch type {
    case .dyn, .unknown, .parameter: return type == .unknown ? .unknown : .dyn
    case .map(let key, let value):
      guard inference.assign(.string, to: key) else {
        return report(
          "type-mismatch", "the keys of this map are \(key), not string", at: expression[id].place,
          help: "look it up with `[…]`")
      }
      return value
    case .record(let name): return attribute(expression.name(of: id), of: name, id)
    case .optional(let inner): return .optional(field(of: known(inner), id))
    case .nullable(let inner): return field(of: inner, id)
    default:
      return report(
        "no-fields", "a value of type \(type) has no fields", at: expression[id].place,
        help: helpForField(expression.name(of: id), of: type))
    }
  }

  private mutating func attribute(_ name: String, of record: String, _ id: Expression.ID) -> CELType
  {
    guard let declared = environment.records[record] else { return .dyn }
    if let type = declared.attributes[name] { return type }
    if declared.isOpen { return .dyn }
    let operand = expression.text(of: expression.child(0, of: id))
    let near = suggestion(for: name, among: declared.attributes.keys)
    let names = declared.attributes.keys.sorted().prefix(12).map { "`\($0)`" }.joined(
      separator: ", ")
    return report(
      "unknown-attribute", "unknown attribute `\(operand).\(name)`", at: expression[id].place,
      help: near.map { "did you mean `\($0)`?" } ?? (names.isEmpty ? nil : "declared are \(names)"))
  }
}
