import CEL
import Testing

/// Estimates of cost against what evaluations really take.
@Suite struct CostTests {
  private static func environment(checks: Bool = true) -> Environment {
    var environment = Environment(extensions: .all)
    environment.checksTypes = checks
    for (name, type) in GeneratedWorld.types { environment.declare(name, type) }
    return environment
  }

  // MARK: By hand

  /// Two to ten elements in `li`, a hundred octets or fewer in `s0` and `s1`.
  private static func sized() -> Environment {
    var environment = environment()
    environment.declare(size: 2...10, of: "li")
    environment.declare(size: 0...100, of: "s0")
    environment.declare(size: 0...100, of: "s1")
    environment.declare(size: 1...5, of: "ms")
    return environment
  }

  @Test func boundsBySizes() throws {
    let environment = Self.sized()
    func cost(_ text: String) throws -> CostEstimate { try environment.compile(text).cost }
    let nothing = try cost("1 + 2 == 3 && b0")
    #expect(nothing.minimum == 0 && nothing.maximum == 0)
    #expect(try cost("s0 + s1 == s0").maximum == 1 + 200 / 16)
    #expect(try cost("s0.matches('^[a-z]+$')").maximum == 2 + 100 / 8 + 1)
    #expect(try cost("s0.matches('^[a-z]+$')").minimum == 0)
    let one = try cost("li.all(x, x > i0)")
    let round = try #require(one.maximum) / 10
    #expect(one.minimum == round && one.maximum == 10 * round)
    // Nesting multiplies.
    let two = try #require(try cost("li.all(x, li.all(y, x > y))").maximum)
    #expect(two >= 100 * round && two <= 200 * round)
    let three = try #require(try cost("li.all(x, li.all(y, li.all(z, x > y + z)))").maximum)
    #expect(three >= 1_000 * round && three <= 2_000 * round)
    // A list that is built by every round.
    let built = try cost("li.map(x, [x, x])")
    #expect(built.minimum >= 2 && (built.maximum ?? 0) >= 10 * 3)
  }

  /// Where nothing is known there is no bound, and the part that has none is named.
  @Test func unboundedElsewhere() throws {
    let environment = Self.sized()
    for (text, part) in [
      ("b0 && lx.all(x, x == 1)", "lx.all(x, x == 1)"), ("li == [1] || x0 == x1", "x0 == x1"),
      ("'%s'.format([s0]) == s0", "'%s'.format([s0])"), ("s0.matches(s1)", "s0.matches(s1)"),
      ("ls0.sort() == ls1", "ls0.sort()"),
    ] {
      let cost = try environment.compile(text).cost
      #expect(cost.maximum == nil, "\(text)")
      let span = try #require(cost.unbounded)
      let found = Array(text.utf8)[Int(span.start)..<Int(span.end)]
      #expect(String(decoding: found, as: UTF8.self) == part)
      #expect("\(cost)" == "at least \(cost.minimum) steps")
    }
  }

  @Test func refusesByCost() throws {
    let hundred = "[" + (0..<100).map { "\($0)" }.joined(separator: ", ") + "]"
    let huge = "\(hundred).map(a, \(hundred).map(b, \(hundred).map(c, [a, b, c]))) == []"
    var environment = Self.sized()
    #expect(try environment.compile(huge).cost.minimum > Limits.defaultBudget)
    environment.costCheck = .possible
    #expect(throws: CompilationError.self) { try environment.compile(huge) }
    _ = try environment.compile("lx.all(x, x == 1)")
    environment.costCheck = .bounded
    func code(_ text: String) -> String? {
      do throws(CompilationError) {
        _ = try environment.compile(text)
        return nil
      } catch {
        return error.diagnostics.first?.code
      }
    }
    #expect(code(huge) == "cost-above-budget")
    #expect(code("lx.all(x, x == 1)") == "cost-unbounded")
    #expect(code("li.all(x, li.all(y, x > y))") == nil)
    environment.budget = 100
    #expect(code("li.all(x, li.all(y, x > y))") == "cost-above-budget")
  }

  // MARK: By property

  /// Declares the sizes that a value has, a little larger now and then.
  private static func declare(
    _ value: CELValue, at path: String, in environment: inout Environment,
    _ random: inout PrimitiveRandom
  ) {
    let slack = Int.random(in: 0...2, using: &random)
    func declare(_ count: Int) {
      environment.declare(size: max(0, count - slack)...(count + slack), of: path)
    }
    func inside(_ values: [CELValue], _ suffix: String) {
      var sizes: ClosedRange<Int>?
      for case let count? in values.map(length) {
        sizes = min(sizes?.lowerBound ?? count, count)...max(sizes?.upperBound ?? count, count)
      }
      if let sizes { environment.declare(size: sizes, of: path + suffix) }
    }
    switch value {
    case .list(let elements):
      declare(elements.count)
      inside(elements, "[]")
    case .map(let entries):
      declare(entries.count)
      inside(entries.map(\.value), "[]")
      inside(entries.map(\.key), "{}")
    default: if let count = length(value) { declare(count) }
    }
  }

  private static func length(_ value: CELValue) -> Int? {
    switch value {
    case .string(let text): text.utf8.count
    case .bytes(let octets): octets.count
    case .list(let elements): elements.count
    case .map(let entries): entries.count
    default: nil
    }
  }

  /// Random well-typed expressions over random values within their declared sizes: what they take
  /// lies within the estimate.
  @Test(arguments: 0..<2) func staysWithinTheEstimate(half: Int) throws {
    var (bounded, looping, wide) = (0, 0, 0)
    for round in 0..<3_000 {
      let seed = UInt64(2 * round + half) + 900_000
      var generator = ExpressionGenerator(seed: seed)
      generator.disorder = 0
      let text = generator.expression().text
      let world = GeneratedWorld(seed: seed)
      var environment = Environment(extensions: Comparison.extensions)
      environment.optimizes = round % 3 != 0
      environment.budget = .max
      for (name, type) in world.types { environment.declare(name, type) }
      for (name, value) in world.bindings.sorted(by: { $0.key < $1.key }) {
        Self.declare(value, at: name, in: &environment, &generator.random)
      }
      guard let compiled = try? environment.compile(text) else { continue }
      var evaluator = Evaluator(compiled)
      for (name, value) in world.bindings { try evaluator.bind(name, to: value) }
      evaluator.refuel()
      _ = evaluator.run()
      let (spent, cost) = (evaluator.spent, compiled.cost)
      let isWithin = spent >= cost.minimum && spent <= cost.maximum ?? .max
      #expect(isWithin, "seed \(seed): \(spent) steps, estimated \(cost): \(text)")
      if cost.maximum != nil { bounded += 1 }
      if cost.minimum > 0 { looping += 1 }
      if let maximum = cost.maximum, maximum > 0 { wide += 1 }
    }
    // The estimates say something: most have a bound, and some have a least.
    #expect(bounded > 1_500 && wide > 500 && looping > 50, "\(bounded), \(wide), \(looping)")
  }
}
