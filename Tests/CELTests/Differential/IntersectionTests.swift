import CEL
import Testing

/// `xs.exists(x, x in ys)` is one instruction; the same question put so that the compiler does not
/// see it has the same answer.
@Suite struct IntersectionTests {
  private static let plain = [
    "xs.exists(x, x in ys)",
    "xs.exists(x, x in ys) ? true : false",
    "!!xs.exists(x, x in ys)",
    "xs.exists(x, x in ys) || false",
    "xs.exists(x, x in ys) && true",
    "doc.xs.exists(x, x in doc.ys)",
    "cel.bind(own, ys, xs.exists(x, x in own))",
    "[0].exists(i, xs.exists(x, x in ys))",
  ]
  private static let hidden = "xs.exists(x, ys.exists(y, y == x))"

  private static let environment: Environment = {
    var environment = Environment(extensions: Comparison.extensions)
    for name in ["xs", "ys", "doc"] { environment.declare(name) }
    return environment
  }()

  private static func outcome(
    _ compiled: CompiledExpression, _ xs: CELValue, _ ys: CELValue
  ) -> Comparison.Outcome {
    do {
      return .value(try compiled.evaluate(["xs": xs, "ys": ys, "doc": ["xs": xs, "ys": ys]]))
    } catch {
      return .failure(error.code)
    }
  }

  private func check(
    _ rounds: Int, seed: UInt64, _ make: (inout GeneratedWorld.ValueMaker) -> CELValue
  ) throws {
    let hidden = try Self.environment.compile(Self.hidden)
    let forms = try Self.plain.map { ($0, try Self.environment.compile($0)) }
    var maker = GeneratedWorld.ValueMaker(random: PrimitiveRandom(seed: seed))
    for _ in 0..<rounds {
      let (xs, ys) = (make(&maker), make(&maker))
      let wanted = Self.outcome(hidden, xs, ys)
      for (text, form) in forms {
        #expect(Self.outcome(form, xs, ys) == wanted, "\(text) with xs \(xs), ys \(ys)")
      }
    }
  }

  @Test func listsOfTexts() throws {
    try check(150, seed: 1) { maker in
      let universe = maker.pick([8, 60, 2_000])
      let count = maker.pick([0, 1, 5, 12, 40])
      return .list(
        (0..<count).map { _ in .string("t\(Int.random(in: 0..<universe, using: &maker.random))") })
    }
  }

  /// Lists that are long enough for an index, searched by each element of another: by way of it, and
  /// word for word.
  @Test func searchesInLongLists() throws {
    var plain = Self.environment
    plain.optimizes = false
    let forms = [
      "xs.all(x, x in ys)", "xs.filter(x, x in ys)", "xs.exists_one(x, x in ys)",
      "xs.filter(x, ys.exists(y, y == x))", "xs.all(x, ys.exists(y, x == y))",
      "xs.map(x, x in ys)", "[1, 2].map(i, xs.filter(x, x in doc.ys && i > 0))",
      "xs.filter(x, doc.ys.exists(y, y == x))", "xs.filter(x, !(x in ys.map(y, y)))",
    ].map { text in
      (text, Result { try Self.environment.compile(text) }, Result { try plain.compile(text) })
    }
    var maker = GeneratedWorld.ValueMaker(random: PrimitiveRandom(seed: 5))
    for round in 0..<60 {
      // Texts; integers and bools; with one of anything among them, which no index takes.
      let universe = maker.pick([20, 150, 5_000])
      func element() -> CELValue {
        let number = Int.random(in: 0..<universe, using: &maker.random)
        if round % 3 == 0 { return .string("t\(number)") }
        if maker.chance(1), round % 3 == 2 { return maker.value(.dyn, 1) }
        return maker.chance(20) ? .bool(maker.chance(50)) : .int(Int64(number))
      }
      let ys = CELValue.list((0..<maker.pick([11, 40, 150, 400])).map { _ in element() })
      let others: [CELValue] = [
        .double(3), .double(3.5), .uint(4), .double(0x1p53), .null, "t1", .list([]),
      ]
      let xs = CELValue.list(
        (0..<maker.pick([1, 4, 30])).map { _ in maker.chance(25) ? maker.pick(others) : element() })
      for (text, fast, slow) in forms {
        let (given, wanted) = (
          Self.outcome(try fast.get(), xs, ys), Self.outcome(try slow.get(), xs, ys)
        )
        #expect(given == wanted, "\(text) with xs \(xs), ys \(ys)")
      }
    }
  }

  /// One element that is not a text sends long lists back to comparing one by one.
  @Test func listsOfAnything() throws {
    try check(150, seed: 2) { maker in
      var elements = (0..<maker.pick([1, 14, 30])).map { _ in
        CELValue.string(maker.pick(["a", "b", "é", "e\u{301}"]))
      }
      elements[maker.pick(Array(elements.indices))] = maker.value(.dyn, 1)
      return .list(elements)
    }
  }

  @Test func whatIsNoList() throws {
    try check(100, seed: 3) { maker in
      maker.value(maker.pick([.dyn, .list(.dyn), .map(.string, .int)]), 1)
    }
  }

  /// Texts that are made while evaluating have numbers beyond those that the program began with.
  @Test func newTexts() throws {
    let environment = Self.environment
    let short = try environment.compile("xs.map(x, x + '!').exists(x, x in doc.ys)")
    let long = try environment.compile("xs.exists(x, doc.ys.exists(y, y == x + '!'))")
    let xs = CELValue.list((0..<400).map { .string("text \($0)") })
    for last in ["text 399!", "text 400!"] {
      let ys = CELValue.list([.string("nothing"), .string(last)])
      #expect(Self.outcome(short, xs, ys) == Self.outcome(long, xs, ys))
    }
  }
}
