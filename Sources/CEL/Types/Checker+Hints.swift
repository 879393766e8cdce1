/// What to do about operands that do not fit, and names that are not there.
extension Checker {
  // MARK: Operators

  func help(for op: Expression.Operator, _ id: Expression.ID, _ left: CELType, _ right: CELType)
    -> String?
  {
    switch op {
    case .equal, .notEqual: helpForEquality(id, left, right)
    case .in: helpForMembership(left, right)
    case .index: helpForIndex(left, right)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: helpForOrder(id, left, right)
    case .modulo where left == .double || right == .double:
      "the remainder is for int and uint; convert with `int(…)`"
    default: helpForArithmetic(op, left, right)
    }
  }

  private static let numbers: Set<CELType> = [.int, .uint, .double]

  private func conversion(_ left: CELType, _ right: CELType) -> String? {
    guard left != right, Self.numbers.contains(left), Self.numbers.contains(right) else {
      return nil
    }
    return "convert one side: `\(left)(…)` or `\(right)(…)`"
  }

  private func helpForEquality(_ id: Expression.ID, _ left: CELType, _ right: CELType) -> String {
    if let help = conversion(left, right) ?? timeHelp(left, right) { return help }
    if left == .null || right == .null {
      let other = left == .null ? right : left
      return "\(other.shown) is never null; whether a field is there says `has(a.b)`"
    }
    for (type, other) in [(left, right), (right, left)] {
      if case .optional = type { return "take the value out of the optional with `.orValue(…)`" }
      if case .type = type, other == .string { return "types have no quotes: `type(x) == string`" }
      if case .list(let element) = type, element == other {
        return "to look for an element write `x in list`"
      }
    }
    return "compare values of one type, or write `dyn(…)` around one of them"
  }

  private func helpForMembership(_ left: CELType, _ right: CELType) -> String {
    if case .list = left, right == .string || !isCollection(right) {
      return "the list stands on the right: `x in list`"
    }
    if right == .string { return "for part of a text write `text.contains(part)`" }
    return "the right side must be a list of \(left.shown), or a map with such keys"
  }

  private func isCollection(_ type: CELType) -> Bool {
    switch type {
    case .list, .map: true
    default: false
    }
  }

  private func helpForIndex(_ collection: CELType, _ key: CELType) -> String? {
    switch collection {
    case .list where key == .string:
      "a list is indexed by number; to look for an element write `x in list`"
    case .map(let own, _): "its keys are \(own.shown)"
    case .record: "its attributes have names: `a.b` or `a['b']`"
    case .string: "for part of a text use `startsWith`, `contains` or `matches`"
    default: nil
    }
  }

  private func helpForOrder(_ id: Expression.ID, _ left: CELType, _ right: CELType) -> String? {
    let operand = expression[expression.child(0, of: id)]
    if operand.kind == .operation, left == .bool,
      Self.isOrder(expression.op(of: expression.child(0, of: id)))
    {
      return "comparisons do not chain: write `a < b && b < c`"
    }
    if let help = timeHelp(left, right) { return help }
    if left == .string, Self.numbers.contains(right) {
      return "convert the text with `\(right)(…)`"
    }
    if right == .string, Self.numbers.contains(left) { return "convert the text with `\(left)(…)`" }
    if isCollection(left), Self.numbers.contains(right) {
      return "compare how many there are: `.size()`"
    }
    return nil
  }

  private static func isOrder(_ op: Expression.Operator) -> Bool {
    op.rawValue >= Expression.Operator.equal.rawValue
      && op.rawValue <= Expression.Operator.greaterOrEqual.rawValue
  }

  private func helpForArithmetic(_ op: Expression.Operator, _ left: CELType, _ right: CELType)
    -> String?
  {
    if let help = conversion(left, right) { return help }
    if case .optional = left { return "take the value out of the optional with `.orValue(…)`" }
    guard op == .add || op == .subtract else { return nil }
    if left == .timestamp || right == .timestamp, left != right {
      return "times move by durations, such as `duration('1h')`"
    }
    if let help = timeHelp(left, right) { return help }
    guard op == .add else { return nil }
    for (type, other) in [(left, right), (right, left)] {
      if case .list = type { return "put the element into a list of its own: `[x]`" }
      if type == .string, Self.numbers.contains(other) || other == .bool || other == .bytes {
        return "convert the other side with `string(…)`"
      }
    }
    return nil
  }

  /// A time or a duration beside what stands for one elsewhere.
  private func timeHelp(_ left: CELType, _ right: CELType) -> String? {
    for (type, other) in [(left, right), (right, left)]
    where type == .timestamp || type == .duration {
      if other == .string { return "convert the text: `\(type)('…')`" }
      if other == .int {
        return type == .timestamp ? "convert seconds with `timestamp(…)`" : "write `duration('1h')`"
      }
    }
    return nil
  }

  /// What makes a condition of a value that is none.
  func helpForCondition(_ type: CELType, _ id: Expression.ID) -> String? {
    let text = expression.text(of: id)
    let shown = text.utf8.count <= 40 && !text.contains("\n") ? text : "x"
    switch type {
    case .string: return "compare it: `\(shown) != ''`"
    case .int, .uint, .double:
      return "compare it: `\(shown) != 0\(type == .uint ? "u" : type == .double ? ".0" : "")`"
    case .list, .map: return "ask whether there is something in it: `\(shown).size() > 0`"
    default: return nil
    }
  }

  // MARK: Functions

  /// What functions of other languages are called here.
  private static let functions: [String: String] = [
    "len": "size(…)", "length": "size(…)", "count": "size()", "strlen": "size(…)",
    "includes": "x in list", "has": "x in list", "hasKey": "key in map",
    "containsKey": "key in map",
    "some": "list.exists(x, …)", "any": "list.exists(x, …)", "every": "list.all(x, …)",
    "each": "list.all(x, …)",
    "forEach": "list.all(x, …)", "one": "list.exists_one(x, …)", "select": "list.filter(x, …)",
    "collect": "list.map(x, …)",
    "upper": "upperAscii()", "lower": "lowerAscii()", "toUpper": "upperAscii()",
    "toLower": "lowerAscii()",
    "toUpperCase": "upperAscii()", "toLowerCase": "lowerAscii()", "isEmpty": "size() == 0",
    "toString": "string(…)",
    "str": "string(…)", "float": "double(…)", "number": "double(…)", "integer": "int(…)",
    "boolean": "bool(…)",
    "match": "matches(…)", "regex": "matches(…)", "test": "matches(…)", "like": "matches(…)",
    "typeof": "type(…)",
    "defined": "has(a.b)",
    "date": "timestamp(…)", "datetime": "timestamp(…)", "time": "timestamp(…)", "equals": "==",
  ]

  /// How the macros of the core language are called.
  private static let macros: [String: String] = [
    "all": "list.all(x, x > 0)", "exists": "list.exists(x, x > 0)",
    "exists_one": "list.exists_one(x, x > 0)",
    "filter": "list.filter(x, x > 0)", "map": "list.map(x, x + 1)", "has": "has(a.b)",
  ]

  /// Whether a call that is no function was meant for a macro: its operands would only be
  /// misunderstood.
  func looksLikeMacro(_ name: String) -> Bool {
    Self.macros[name] != nil || Self.functions[name]?.hasPrefix("list.") == true
  }

  mutating func reportUnknown(_ name: String, _ id: Expression.ID, near names: [String]) -> CELType
  {
    let place = expression[id].place
    if let form = Self.macros[name], environment.extensions.contains(.macros) {
      let isTaken = (name == "has") != (expression[id].kind == .memberCall)
      return report(
        "undeclared-function",
        isTaken
          ? "the macro `\(name)` does not take these operands" : "there is no function `\(name)`",
        at: place, help: "the macro is written `\(form)`")
    }
    if environment.variables[name] != nil, expression[id].kind == .call {
      return report(
        "undeclared-function", "`\(name)` is a variable, not a function", at: place,
        help: "write it without parentheses")
    }
    let help =
      Self.functions[name].map { "write `\($0)`" }
      ?? suggestion(for: name, among: names).map { "did you mean `\($0)`?" }
    return report("undeclared-function", "there is no function `\(name)`", at: place, help: help)
  }

  /// A call in the other style, with the author's own operands if they are short.
  func otherStyle(_ name: String, _ id: Expression.ID, _ overload: Overload) -> String {
    let operands = expression.children(of: id).map { expression.text(of: $0) }
    let isShort =
      operands.reduce(0) { $0 + $1.utf8.count } <= 60 && !operands.contains { $0.contains("\n") }
    guard isShort, let first = operands.first else { return "write `\(overload)`" }
    return overload.isMember
      ? "write `\(first).\(name)(\(operands.dropFirst().joined(separator: ", ")))`"
      : "write `\(name)(\(operands.joined(separator: ", ")))`"
  }

  // MARK: Names

  /// What nothing, true and false are called elsewhere.
  private static let constants: [String: String] = [
    "nil": "null", "none": "null", "undefined": "null", "void": "null", "null": "null",
    "true": "true", "false": "false",
    "yes": "true", "no": "false", "nan": "double('NaN')", "infinity": "double('Infinity')",
  ]

  func helpForVariable(_ name: String, at span: SourceSpan, among names: [String]) -> String? {
    if let constant = Self.constants[name.lowercased()] { return "write `\(constant)`" }
    if let near = suggestion(for: name, among: names) { return "did you mean `\(near)`?" }
    let dotted = environment.variables.keys.filter { $0.hasPrefix(name + ".") }.sorted()
    let known =
      dotted.isEmpty ? environment.variables.keys.sorted().filter { !$0.contains(".") } : dotted
    let list = known.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    // A lone word may be a text whose quotes were forgotten.
    let end = Int(span.end)
    let next = end < expression.source.count ? expression.source[end] : 0
    let isAlone = next != UInt8(ascii: ".") && next != UInt8(ascii: "[") && dotted.isEmpty
    let text = isAlone ? "a text has quotes: `'\(name)'`" : nil
    guard !list.isEmpty else { return text }
    return "declared are \(list)" + (text.map { "; \($0)" } ?? "")
  }

  func helpForField(_ name: String, of type: CELType) -> String? {
    let functions = StandardLibrary.functions[name] ?? []
    if functions.contains(where: {
      $0.overload.isMember && environment.extensions.contains($0.library)
    }) {
      return "a function is called with parentheses: `.\(name)()`"
    }
    if ["length", "count", "len"].contains(name), type == .string || isCollection(type) {
      return "write `.size()`"
    }
    if case .list = type {
      return
        "to look at every element write `list.exists(x, x.\(name) == …)` or `all`, `filter`, `map`"
    }
    return nil
  }
}
