import AllocationCounter
import CEL
import Testing

/// Conditions allocate nothing once their storage is warm, so that a gate under load neither waits
/// for the heap nor grows.
@Suite struct AllocationTests {
  static let bindings: [String: CELValue] = [
    "a": 1, "d": 2.5, "s": "flight-delay-prediction", "t": .bool(true),
    "xs": .list((0..<50).map { .int(Int64($0)) }),
    "user": [
      "age": 20, "department": "ml", "roles": ["editor", "viewer"], "suspended": false,
      "name": "alice",
    ],
    "group": ["roles": .list((0..<50).map { .string("role-\($0)") })],
  ]

  /// Expressions whose operands are scalars, and tests over lists: all without making anything.
  static let expressions = [
    "a == 1", "a + 2 * 3 - 4 > -9", "a % 2 == 1 && d / 2.0 < 2.0", "t ? a : 2",
    "-a < 0 || !t", "d >= 2", "a != 1u", "'editor' in user.roles",
    "user.department in ['ml', 'ops', 'web']", "has(user.name) && !has(user.age.x) || true",
    "s.matches('[0-9]$')", "s.matches('^[a-z]+(-[a-z]+)*$')", "s.startsWith('flight')",
    "s.contains('delay') && s.endsWith('tion')", "size(s) > 3 && size(xs) == 50",
    "xs.all(x, x >= 0)", "xs.exists(x, x == 49)", "xs.exists_one(x, x > 48)",
    "user.roles.exists(r, r in group.roles)", "xs.all(i, x, i == x)",
    "user.age >= 18 && user.department == 'ml' && 'editor' in user.roles && !user.suspended"
      + " && user.name.startsWith('a')",
    "timestamp('2026-01-02T03:04:05Z') < timestamp('2027-01-02T03:04:05Z')",
    "duration('90s') == duration('1m30s')", "int(d) == 2 && double(a) == 1.0",
    "user.missing == 1 || true",
  ]

  /// Allocations of so many evaluations after as many to warm up.
  static func allocations(_ expression: String, rounds: Int) throws -> (UInt64, String) {
    var environment = Environment(extensions: .all)
    for name in bindings.keys { environment.declare(name) }
    var evaluator = Evaluator(try environment.compile(expression))
    for (name, value) in bindings { try evaluator.bind(name, to: value) }
    for _ in 0..<rounds {
      evaluator.refuel()
      _ = evaluator.run()
    }
    let before = allocation_count()
    for _ in 0..<rounds {
      evaluator.refuel()
      _ = evaluator.run()
    }
    return (allocation_count() - before, "\(evaluator.run())")
  }

  @Test(.enabled(if: allocation_counter_works(), "allocations can't be counted here"))
  func thePlantedAllocationIsCounted() {
    let before = allocation_count()
    allocation_plant(100)
    #expect(allocation_count() == before + 1)
    // What Swift itself allocates is seen as well.
    let array = (0..<1_000).map { $0 &* 3 }
    #expect(array.count == 1_000 && allocation_count() > before + 1)
  }

  @Test(
    .enabled(if: allocation_counter_works(), "allocations can't be counted here"),
    arguments: expressions)
  func evaluatesWithoutAllocating(_ expression: String) throws {
    let (allocations, value) = try Self.allocations(expression, rounds: 50)
    #expect(allocations == 0, "\(expression) = \(value)")
  }

  /// The control: an expression that makes texts does allocate, and is found out.
  @Test(.enabled(if: allocation_counter_works(), "allocations can't be counted here"))
  func anExpressionThatSortsIsFoundOut() throws {
    let (allocations, _) = try Self.allocations("group.roles.sort()", rounds: 50)
    #expect(allocations >= 50)
  }
}
