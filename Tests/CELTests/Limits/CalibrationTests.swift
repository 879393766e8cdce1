import CEL
import Testing
import WorstCases

/// The budget is spent in proportion to the work: whatever an expression repeats, it is stopped
/// soon. `bench --worst` shows the time; here the steps are counted.
@Suite struct CalibrationTests {
  /// A twentieth of the default budget, so that this is quick without optimisations too.
  private static let budget = Limits.defaultBudget / 20

  private static func end(_ text: String, budget: Int = budget) throws -> (
    outcome: String, spent: Int
  ) {
    var environment = WorstCase.environment
    environment.budget = budget
    let compiled = try environment.compile(text)
    var evaluator = Evaluator(compiled)
    for name in compiled.variables {
      try evaluator.bind(name, to: WorstCase.bindings[name] ?? .null)
    }
    evaluator.refuel()
    return (evaluator.outcome(), evaluator.spent)
  }

  @Test(arguments: WorstCase.all) func isStopped(_ worst: WorstCase) throws {
    let (outcome, spent) = try Self.end(worst.expression)
    #expect(
      ["budget_exceeded", "memory_exceeded"].contains(outcome), "\(worst) ends as \(outcome)")
    // The last operation may ask for more than there is, but not for more than one text or list is
    // worth.
    #expect(spent > Self.budget || outcome == "memory_exceeded", "\(worst) takes \(spent) steps")
    #expect(spent <= Self.budget + 1_400_000, "\(worst) takes \(spent) steps")
  }

  /// Something that costs in proportion to its operands, and the fewest steps it may cost.
  static let prices: [(text: String, least: Int)] = [
    ("int(z) == 1", 1_000_000 / 16), ("double(z) == 1.0", 1_000_000 / 16),
    ("double(f) > 0.0", 1_000_000 / 16), ("uint(z) == 1u", 1_000_000 / 16),
    ("int(s) == 0 || true", 1_000_000 / 16), ("'%X'.format([s]) != ''", 2_000_000 / 16),
    ("'%s'.format([y]) != ''", 3_000_000 / 16), ("string(d[0]) != ''", 8),
    ("'%.100e'.format([q[1]]) != ''", 1_000), ("'%.1f'.format([d[1]]) != ''", 16),
    ("!a.contains(a16)", 15_000_000 / 16), ("!a.contains(a32)", 1_000_000 / 16),
    // A literal of 31 octets is compared at every place.
    ("!a.matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')", 1_000_000 / 8 + 900_000),
    // 2^12 states and more, each made once.
    ("!s.matches('(a|b)*a(a|b){12}c')", 1_000_000 / 8),
    ("!'x'.matches('x?' + t[0])", 1_000 + 15 * 100),
    ("'x'.matches('\\\\pL{900}' + t[0]) || true", 5_000),
    ("regex.extractAll(s, 'b+') != []", 500_000 * 8),
  ]

  @Test(arguments: prices) func costsAtLeast(_ price: (text: String, least: Int)) throws {
    let (_, spent) = try Self.end(price.text, budget: 100_000_000)
    #expect(spent >= price.least, "\(price.text) costs \(spent)")
  }

  /// Searching again behind each match must not pay for the whole rest each time: texts of a few
  /// thousand octets with a match everywhere are what people have.
  @Test func repeatedSearchIsLinear() throws {
    let (one, few) = try Self.end(
      "regex.replace(a.substring(0, 1000), 'a', 'b') != ''", budget: .max)
    let (two, many) = try Self.end(
      "regex.replace(a.substring(0, 8000), 'a', 'b') != ''", budget: .max)
    #expect(one == "value" && two == "value")
    // The text that `substring` looks at is the same for both.
    #expect(many < 8 * few)
    #expect(many < Limits.defaultBudget / 4)
  }

  /// A search that would go on for long is stopped inside, not after it.
  @Test func searchesAreStoppedInside() throws {
    let patterns = ["(a|b)*a(a|b){60}c", "((a|b){1,30}){1,30}c", "(a?){100}a{100}c"]
    for pattern in patterns {
      let (outcome, spent) = try Self.end("s.matches('\(pattern)')", budget: 200_000)
      #expect(outcome == "budget_exceeded" || spent < 200_000, "\(pattern)")
      let (again, more) = try Self.end("regex.extract(s, '\(pattern)').hasValue()", budget: 200_000)
      #expect(again == "budget_exceeded" || more < 200_000, "\(pattern)")
      #expect(spent < 400_000 && more < 400_000, "\(pattern): \(spent), \(more)")
    }
  }
}
