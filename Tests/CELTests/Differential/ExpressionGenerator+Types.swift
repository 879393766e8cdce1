/// One form after another for each type.
extension ExpressionGenerator {
  private static let ordered: [GeneratedType] = GeneratedType.scalars
  private static let relations = ["<", "<=", ">", ">="]

  mutating func bool(_ depth: Int) -> GeneratedTree {
    switch number(0, 15) {
    case 0: return GeneratedTree(kind: .unary("!"), children: [tree(.bool, depth)])
    case 1, 2, 3:
      let parts = (0..<number(2, 4)).map { _ in tree(.bool, depth) }
      return GeneratedTree(kind: .chain(pick(["&&", "||"])), children: parts)
    case 4, 5:
      let type = self.type()
      return binary(pick(["==", "!="]), type, type, depth)
    case 6:
      let numbers: [GeneratedType] = [.int, .uint, .double]
      return binary(pick(["==", "!="] + Self.relations), .dyn, pick(numbers), depth)
    case 7, 8:
      let type = pick(Self.ordered)
      return binary(pick(Self.relations), type, type, depth)
    case 9 where chance(35):
      // Numbers of one type in a constant list of another, which the compiler makes a set of.
      let numbers: [GeneratedType] = [.int, .uint, .double]
      let element = call("dyn", leaf(pick(numbers)))
      return GeneratedTree(
        kind: .binary("in"), children: [element, .leaf(literal(.list(pick(numbers))))])
    case 9:
      let type = pick([.string, .string, .int, .double, self.type()] as [GeneratedType])
      return binary("in", type, .list(type), depth)
    case 10:
      let key = keyType()
      return binary("in", key, .map(key, pick(GeneratedType.scalars)), depth)
    case 11:
      return GeneratedTree(
        kind: .presence(pick(Self.fields)), children: [tree(.map(.string, type()), depth)])
    case 12:
      return member(pick(["startsWith", "endsWith", "contains"]), .string, .string, at: depth)
    case 13: return matches(depth)
    default: return quantifier(depth)
    }
  }

  private static let patterns = ["a", "^a", "b$", "a.c", "^a*b", ".*", "", "^$", "é", "^.$"]

  private mutating func matches(_ depth: Int) -> GeneratedTree {
    let pattern =
      chance(3) ? "(" : pick(Self.patterns)
    let parts = [tree(.string, depth), GeneratedTree.leaf("'\(pattern)'")]
    return GeneratedTree(kind: chance(70) ? .member("matches") : .call("matches"), children: parts)
  }

  private mutating func quantifier(_ depth: Int) -> GeneratedTree {
    if chance(20) { return intersection(depth) }
    if chance(35) { return repeated(depth) }
    let name = pick(["all", "exists", "exists_one"])
    if chance(15) {
      let (range, key, value) = pairs(depth)
      return with(key, value) { generator, names in
        GeneratedTree(kind: .macro(name, names), children: [range, generator.tree(.bool, depth)])
      }
    }
    let (range, element) = self.range(depth)
    return with(element) { generator, variable in
      GeneratedTree(
        kind: .macro(name, [variable]), children: [range, generator.tree(.bool, depth)])
    }
  }

  /// `xs.exists(x, x in ys)`, which the compiler knows as one instruction.
  private mutating func intersection(_ depth: Int) -> GeneratedTree {
    let type = pick([.string, .string, .int, .dyn] as [GeneratedType])
    let xs = tree(.list(type), depth)
    var paths = ["lx", "doc.l", "x0"]
    if type != .int || disorder > 0 { paths += ["ls0", "ls1", "ls0", "doc", "ms"] }
    if type != .string || disorder > 0 { paths += ["li", "mi"] }
    return with(type) { generator, name in
      let ys =
        generator.chance(70)
        ? GeneratedTree.leaf(generator.pick(paths)) : generator.tree(.list(type), depth)
      let body = GeneratedTree(kind: .binary("in"), children: [.leaf(name), ys])
      return GeneratedTree(kind: .macro("exists", [name]), children: [xs, body])
    }
  }

  /// Loops that compute something again and again: a list that is searched for each element of
  /// another, parts that do not depend on the loop, in branches that may never be taken.
  private mutating func repeated(_ depth: Int) -> GeneratedTree {
    let type = pick([.string, .string, .int, .double, .dyn] as [GeneratedType])
    let xs = tree(.list(type), depth)
    return with(type) { generator, x in
      let ys = generator.searched(type, depth)
      let element = GeneratedTree.leaf(x)
      var body: GeneratedTree
      switch generator.number(0, 3) {
      case 0, 1: body = GeneratedTree(kind: .binary("in"), children: [element, ys])
      default:
        body = generator.with(type) { generator, y in
          let sought =
            generator.chance(75)
            ? element
            : GeneratedTree(
              kind: .conditional,
              children: [
                generator.tree(.bool, depth - 1), element, generator.tree(type, depth - 1),
              ])
          let sides = [GeneratedTree.leaf(y), sought]
          let equal = GeneratedTree(
            kind: .binary("=="), children: generator.chance(50) ? sides : sides.reversed())
          return GeneratedTree(kind: .macro("exists", [y]), children: [ys, equal])
        }
      }
      if generator.chance(30) { body = GeneratedTree(kind: .unary("!"), children: [body]) }
      if generator.chance(40) {
        // With something beside it that may decide first, and that no round changes.
        let parts = [generator.outside(depth - 1), body]
        body = GeneratedTree(
          kind: .chain(generator.pick(["&&", "||"])),
          children: generator.chance(50) ? parts : parts.reversed())
      }
      let name = generator.pick(["all", "exists", "exists_one", "filter"])
      let loop = GeneratedTree(kind: .macro(name, [x]), children: [xs, body])
      guard name == "filter" else { return loop }
      return GeneratedTree(kind: .binary("=="), children: [loop, xs])
    }
  }

  /// A list, most of the time long and the same for every round.
  private mutating func searched(_ type: GeneratedType, _ depth: Int) -> GeneratedTree {
    var paths = ["lx", "doc.l", "x0", "doc.m", "absent"]
    if type == .string { paths += ["ls0", "ls1", "ls0", "ls1", "ms"] }
    if type == .int || disorder > 0 { paths += ["li", "li", "mi"] }
    if type == .double || disorder > 0 { paths += ["ld", "dyn(li)"] }
    if chance(60) { return .leaf(pick(paths)) }
    return outside { $0.tree(.list(type), depth) }
  }

  /// A condition that does not know the variables of the loops around it.
  private mutating func outside(_ depth: Int) -> GeneratedTree {
    outside { $0.tree(.bool, depth) }
  }

  private mutating func outside(_ make: (inout Self) -> GeneratedTree) -> GeneratedTree {
    let hidden = locals
    locals = chance(70) ? [] : Array(hidden.dropLast())
    defer { locals = hidden }
    return make(&self)
  }

  /// Something to iterate, and what its elements are.
  private mutating func range(_ depth: Int) -> (GeneratedTree, GeneratedType) {
    if chance(25) {
      let key = keyType()
      return (tree(.map(key, pick(GeneratedType.scalars)), depth), key)
    }
    let element = type(1)
    return (tree(.list(element), depth), element)
  }

  private mutating func pairs(_ depth: Int) -> (GeneratedTree, GeneratedType, GeneratedType) {
    let value = pick(GeneratedType.scalars)
    if chance(50) { return (tree(.list(value), depth), .int, value) }
    let key = keyType()
    return (tree(.map(key, value), depth), key, value)
  }

  // MARK: Numbers

  mutating func int(_ depth: Int) -> GeneratedTree {
    switch number(0, 9) {
    case 0...4: return binary(pick(["+", "-", "*", "/", "%"]), .int, .int, depth)
    case 5: return GeneratedTree(kind: .unary("-"), children: [tree(.int, depth)])
    case 6:
      let sized = pick([.string, .bytes, .list(type(0)), .map(keyType(), .int)] as [GeneratedType])
      return chance(50) ? call("size", sized, depth) : member("size", sized, at: depth)
    case 7: return call("int", pick([.int, .uint, .double, .string, .timestamp, .duration]), depth)
    case 8:
      let name = pick(["getHours", "getMinutes", "getSeconds", "getMilliseconds"])
      return member(name, .duration, at: depth)
    default:
      let name = pick(ReferenceCalendar.names.sorted())
      let time = tree(.timestamp, depth)
      let zone = GeneratedTree.leaf(
        "'\(pick(["UTC", "+01:30", "-08:00", "+14:00", "Nowhere/At_All"]))'")
      return GeneratedTree(kind: .member(name), children: chance(50) ? [time] : [time, zone])
    }
  }

  mutating func otherNumber(_ type: GeneratedType, _ depth: Int) -> GeneratedTree {
    let isDouble = type == .double
    if chance(30) {
      return call(isDouble ? "double" : "uint", pick([.int, .uint, .double, .string]), depth)
    }
    if isDouble, chance(15) {
      return GeneratedTree(kind: .unary("-"), children: [tree(type, depth)])
    }
    return binary(pick(["+", "-", "*", "/", isDouble ? "+" : "%"]), type, type, depth)
  }

  // MARK: Texts and times

  mutating func string(_ depth: Int) -> GeneratedTree {
    guard chance(60) else { return call("string", pick(GeneratedType.scalars + [.double]), depth) }
    return binary("+", .string, .string, depth)
  }

  mutating func timestamp(_ depth: Int) -> GeneratedTree {
    switch number(0, 4) {
    case 0: call("timestamp", .int, depth)
    case 1: binary("+", .duration, .timestamp, depth)
    default: binary(pick(["+", "-"]), .timestamp, .duration, depth)
    }
  }

  mutating func duration(_ depth: Int) -> GeneratedTree {
    switch number(0, 4) {
    case 0: call("duration", .duration, depth)
    case 1, 2: binary("-", .timestamp, .timestamp, depth)
    default: binary(pick(["+", "-"]), .duration, .duration, depth)
    }
  }

  // MARK: Collections

  mutating func list(_ element: GeneratedType, _ depth: Int) -> GeneratedTree {
    switch number(0, 7) {
    case 0, 1, 2:
      return GeneratedTree(
        kind: .list, children: (0..<number(fewest, 4)).map { _ in tree(element, depth) })
    case 3: return binary("+", .list(element), .list(element), depth)
    case 4:
      let range = tree(.list(element), depth)
      return with(element) { generator, name in
        GeneratedTree(
          kind: .macro("filter", [name]), children: [range, generator.tree(.bool, depth)])
      }
    case 5:
      let (range, key, value) = pairs(depth)
      return with(key, value) { generator, names in
        let bodies = generator.bodies(element, depth)
        return GeneratedTree(kind: .macro("transformList", names), children: [range] + bodies)
      }
    default:
      let (range, type) = self.range(depth)
      return with(type) { generator, name in
        let bodies = generator.bodies(element, depth)
        return GeneratedTree(kind: .macro("map", [name]), children: [range] + bodies)
      }
    }
  }

  /// The result of a round, with or without a condition before it.
  private mutating func bodies(_ type: GeneratedType, _ depth: Int) -> [GeneratedTree] {
    chance(30) ? [tree(.bool, depth), tree(type, depth)] : [tree(type, depth)]
  }

  mutating func map(_ key: GeneratedType, _ value: GeneratedType, _ depth: Int) -> GeneratedTree {
    if key == .int, chance(30) {
      let element = pick(GeneratedType.scalars)
      let range = tree(.list(element), depth)
      return with(.int, element) { generator, names in
        let bodies = generator.bodies(value, depth)
        return GeneratedTree(kind: .macro("transformMap", names), children: [range] + bodies)
      }
    }
    // Mostly a few entries; now and then enough for a hash index.
    let count = chance(6) ? number(9, 12) : number(fewest, 3)
    let entries = (0..<count).flatMap { _ in
      [count > 3 ? leaf(key) : tree(key, depth), count > 3 ? leaf(value) : tree(value, depth)]
    }
    return GeneratedTree(kind: .map, children: entries)
  }
}
