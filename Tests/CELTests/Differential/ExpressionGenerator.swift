import CEL

/// What a generated expression is meant to be.
indirect enum GeneratedType: Hashable, Sendable {
  case null, bool, int, uint, double, string, bytes, timestamp, duration, type, dyn
  case list(GeneratedType)
  case map(GeneratedType, GeneratedType)

  static let scalars: [GeneratedType] = [
    .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration,
  ]

  var celType: CELType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .type: .type(.dyn)
    case .dyn: .dyn
    case .list(let element): .list(element.celType)
    case .map(let key, let value): .map(key.celType, value.celType)
    }
  }
}

/// Random expressions over the variables of `GeneratedWorld`, the same ones for the same seed.
///
/// With `disorder` above zero parts of wrong types are mixed in: those expressions are for the
/// machine's own checks, and the type checker may refuse them.
struct ExpressionGenerator {
  var random: PrimitiveRandom
  /// Out of a hundred parts, how many have a random type.
  var disorder: Int
  /// Variables of macros, innermost last.
  var locals: [(name: String, type: GeneratedType)] = []

  init(seed: UInt64) {
    random = PrimitiveRandom(seed: seed)
    disorder = 0
    disorder = chance(50) ? 0 : number(1, 15)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  mutating func number(_ low: Int, _ high: Int) -> Int {
    Int.random(in: low...high, using: &random)
  }
  mutating func pick<T>(_ choices: [T]) -> T {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  /// A whole expression.
  mutating func expression() -> GeneratedTree {
    let depth = number(1, 5)
    return tree(chance(60) ? .bool : type(), depth)
  }

  mutating func type(_ depth: Int = 2) -> GeneratedType {
    switch number(0, depth > 0 ? 12 : 7) {
    case 8: .null
    case 12: .type
    case 9, 10: .list(type(depth - 1))
    case 11: .map(keyType(), type(depth - 1))
    case let scalar: GeneratedType.scalars[scalar]
    }
  }

  mutating func keyType() -> GeneratedType { pick([.string, .string, .int, .uint, .bool]) }

  // MARK: Trees

  mutating func tree(_ wanted: GeneratedType, _ depth: Int) -> GeneratedTree {
    let type = chance(disorder) ? self.type() : wanted
    if depth <= 0 || chance(12) { return leaf(type) }
    if chance(14) { return general(type, depth - 1) }
    switch type {
    case .bool: return bool(depth - 1)
    case .int: return int(depth - 1)
    case .uint, .double: return otherNumber(type, depth - 1)
    case .string: return string(depth - 1)
    case .bytes:
      return chance(50) ? binary("+", .bytes, .bytes, depth - 1) : call("bytes", .string, depth - 1)
    case .timestamp: return timestamp(depth - 1)
    case .duration: return duration(depth - 1)
    case .list(let element): return list(element, depth - 1)
    case .map(let key, let value): return map(key, value, depth - 1)
    case .type: return GeneratedTree(kind: .call("type"), children: [tree(self.type(), depth - 1)])
    case .dyn: return dynamic(depth - 1)
    case .null: return leaf(type)
    }
  }

  func call(_ name: String, _ parts: GeneratedTree...) -> GeneratedTree {
    GeneratedTree(kind: .call(name), children: parts)
  }
  mutating func call(_ name: String, _ type: GeneratedType, _ depth: Int) -> GeneratedTree {
    GeneratedTree(kind: .call(name), children: [tree(type, depth)])
  }
  mutating func binary(
    _ op: String, _ left: GeneratedType, _ right: GeneratedType, _ depth: Int
  ) -> GeneratedTree {
    GeneratedTree(kind: .binary(op), children: [tree(left, depth), tree(right, depth)])
  }
  mutating func member(
    _ name: String, _ receiver: GeneratedType, _ arguments: GeneratedType..., at depth: Int
  ) -> GeneratedTree {
    GeneratedTree(kind: .member(name), children: ([receiver] + arguments).map { tree($0, depth) })
  }

  /// Forms that have every type.
  private mutating func general(_ type: GeneratedType, _ depth: Int) -> GeneratedTree {
    if chance(disorder) {
      // A function with any number of operands in any style.
      let name = pick([
        "size", "matches", "contains", "int", "type", "getHours", "timestamp", "nothing",
      ])
      let operands = (0..<number(0, 3)).map { _ in tree(self.type(), depth) }
      return GeneratedTree(
        kind: chance(50) && !operands.isEmpty ? .member(name) : .call(name), children: operands)
    }
    switch number(0, 6) {
    case 0, 1:
      return GeneratedTree(
        kind: .conditional, children: [tree(.bool, depth), tree(type, depth), tree(type, depth)])
    case 2:
      return GeneratedTree(kind: .index, children: [tree(.list(type), depth), tree(.int, depth)])
    case 3:
      let key = keyType()
      return GeneratedTree(
        kind: .index, children: [tree(.map(key, type), depth), tree(key, depth)])
    case 4:
      let field = GeneratedTree.leaf("'\(pick(Self.fields))'")
      let map = GeneratedTree(kind: .map, children: [field, tree(type, depth)])
      return GeneratedTree(kind: .select(pick(Self.fields)), children: [map])
    case 5:
      let bound = self.type()
      let value = tree(bound, depth)
      return with(bound) { generator, name in
        GeneratedTree(kind: .bind(name), children: [value, generator.tree(type, depth)])
      }
    default: return chance(50) ? dynamic(depth) : leaf(type)
    }
  }

  /// How few elements a literal may have. What is in an empty one nobody knows, and the checker
  /// takes the first thing that its elements are used as: in an expression that must be well-typed
  /// it would not be.
  var fewest: Int { disorder == 0 ? 1 : 0 }

  static let fields = ["s", "n", "b", "l", "m", "k", "missing"]

  /// `doc.m.k`, `dyn(…)` and the like: values whose type only evaluation knows.
  mutating func dynamic(_ depth: Int) -> GeneratedTree {
    if depth <= 0 || chance(30) { return call("dyn", tree(type(), depth)) }
    var operand = GeneratedTree.leaf(pick(["doc", "doc", "doc", "x0"]))
    for step in 0..<number(1, 3) {
      operand =
        step == 0 || chance(85)
        ? GeneratedTree(kind: .select(pick(Self.fields)), children: [operand])
        : GeneratedTree(
          kind: .index, children: [operand, tree(pick([.string, .int, .dyn]), depth - 1)])
    }
    return operand
  }

  /// Makes something with a new variable in scope; now and then the name hides another.
  mutating func with<T>(_ type: GeneratedType, _ body: (inout Self, String) -> T) -> T {
    let name = chance(15) ? pick(["x", "i0", "s0"]) : ["x", "y", "z", "v", "w"][locals.count % 5]
    locals.append((name, type))
    defer { locals.removeLast() }
    return body(&self, name)
  }
  mutating func with<T>(
    _ first: GeneratedType, _ second: GeneratedType, _ body: (inout Self, [String]) -> T
  ) -> T {
    locals += [("k\(locals.count)", first), ("v\(locals.count)", second)]
    defer { locals.removeLast(2) }
    return body(&self, locals.suffix(2).map(\.name))
  }
}
