import CEL

/// The variables of generated expressions, with random values: what a request in JSON would give,
/// and every other type too.
struct GeneratedWorld: Sendable {
  var bindings: [String: CELValue] = [:]
  /// The declared type of each variable.
  var types: [String: CELType] = Self.types

  static let variables: [(name: String, type: GeneratedType)] = [
    ("b0", .bool), ("b1", .bool), ("i0", .int), ("i1", .int), ("u0", .uint), ("d0", .double),
    ("s0", .string),
    ("s1", .string), ("y0", .bytes), ("t0", .timestamp), ("r0", .duration), ("ls0", .list(.string)),
    ("ls1", .list(.string)), ("li", .list(.int)), ("ld", .list(.double)), ("lx", .list(.dyn)),
    ("ms", .map(.string, .int)), ("mi", .map(.int, .string)), ("doc", .map(.string, .dyn)),
    ("x0", .dyn),
    ("x1", .dyn), ("absent", .dyn),
  ]
  static let types = Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0.type.celType) })
  static let names = Dictionary(grouping: variables, by: \.type).mapValues { $0.map(\.name) }

  init(bindings: [String: CELValue]) {
    self.bindings = bindings
    for name in bindings.keys where types[name] == nil { types[name] = .dyn }
  }

  /// The world of a seed. About one variable in twelve has no value, and now and then one with a
  /// dot hides a field.
  init(seed: UInt64) {
    var maker = ValueMaker(random: PrimitiveRandom(seed: ~seed))
    for (name, type) in Self.variables where name != "absent" && !maker.chance(8) {
      bindings[name] = name == "doc" ? maker.document() : maker.value(type, 2)
    }
    if maker.chance(10) {
      types["doc.s"] = .dyn
      bindings["doc.s"] = "dotted"
    }
  }

  /// Random values.
  struct ValueMaker {
    var random: PrimitiveRandom

    mutating func chance(_ percent: Int) -> Bool {
      Int.random(in: 0..<100, using: &random) < percent
    }
    mutating func pick<T>(_ choices: [T]) -> T {
      choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    mutating func value(_ type: GeneratedType, _ depth: Int) -> CELValue {
      switch type {
      case .null: return .null
      case .bool: return .bool(chance(50))
      case .int: return .int(pick([0, 1, -1, 2, 3, 10, 86_400, .max, .min, 9_007_199_254_740_993]))
      case .uint: return .uint(pick([0, 1, 2, 10, .max, 1 << 63]))
      case .double:
        return .double(pick([0, -0.0, 1, 1.5, 3, -2, 1e300, .nan, .infinity, 0x1p53, 0x1p63]))
      case .string:
        return .string(
          pick(["", "a", "b", "ab", "admin", "editor", "é", "e\u{301}", "s", "5", "😀"]))
      case .bytes: return .bytes(pick([[], [97], [255], [0, 1], [0xc3, 0xa9]]))
      case .timestamp:
        return .timestamp(
          seconds: pick([0, -1, 1_709_210_096, 253_402_300_799]), nanoseconds: pick([0, 5_000_000]))
      case .duration: return .duration(pick([0, 1, -1, 90_061_001_000_000, .max, .min]))
      case .type: return .type(pick(["int", "string", "list"]))
      case .dyn:
        let types: [GeneratedType] =
          GeneratedType.scalars + [.null, .list(.dyn), .list(.string), .map(.string, .dyn)]
        return value(depth > 0 ? pick(types) : pick(GeneratedType.scalars), depth - 1)
      case .list(let element):
        // Long enough, sometimes, for the ways that the machine has for long lists.
        let count = chance(10) ? 14 : Int.random(in: 0...4, using: &random)
        return .list((0..<count).map { _ in value(element, depth - 1) })
      case .map(let key, let element):
        var entries: [CELValue.Entry] = []
        for _ in 0..<(chance(10) ? 24 : 3) {
          let name = value(key, 0)
          if entries.contains(where: { ReferenceEquality.isSameKey($0.key, name) }) { continue }
          entries.append(.init(name, value(element, depth - 1)))
        }
        return .map(entries)
      }
    }

    /// A JSON object with the fields that the generator asks for, most of the time.
    mutating func document() -> CELValue {
      var entries: [CELValue.Entry] = []
      func text(_ name: String) -> CELValue { .string(name) }
      if chance(85) { entries.append(.init(text("s"), value(.string, 0))) }
      if chance(85) {
        entries.append(.init(text("n"), chance(50) ? value(.int, 0) : value(.double, 0)))
      }
      if chance(85) { entries.append(.init(text("b"), value(.bool, 0))) }
      if chance(85) {
        entries.append(.init(text("l"), value(.list(chance(80) ? .string : .dyn), 1)))
      }
      if chance(85) { entries.append(.init(text("m"), value(.map(.string, .dyn), 2))) }
      if chance(50) { entries.append(.init(text("k"), .null)) }
      return .map(entries)
    }
  }
}
