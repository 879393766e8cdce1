import CEL
import Foundation
import Testing

/// Whatever an author writes, evaluation ends soon: with the budget spent, or with too much data.
@Suite(.timeLimit(.minutes(20))) struct BudgetTests {
  private static let thousand = CELValue.list((0..<1_000).map { .int(Int64($0)) })
  private static let texts = CELValue.list((0..<1_000).map { .string("text number \($0)") })
  private static let long = CELValue.string(String(repeating: "ab", count: 500_000))

  /// What ends soon takes a second without optimisation; what does not, minutes or for ever.
  private static let soon = Duration.seconds(20)

  /// Processor time of this thread: others may use the machine, too.
  private static func spent() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  private static func end(_ text: String, checks: Bool = false, optimizes: Bool = true) throws -> (
    code: String?, time: Duration
  ) {
    var environment = Environment(extensions: Comparison.extensions)
    environment.checksTypes = checks
    environment.optimizes = optimizes
    for name in ["l", "t", "s"] { environment.declare(name) }
    let compiled = try environment.compile(text)
    var evaluator = Evaluator(compiled)
    try evaluator.bind("l", to: thousand)
    try evaluator.bind("t", to: texts)
    try evaluator.bind("s", to: long)
    let begin = spent()
    do throws(EvaluationError) {
      _ = try evaluator.evaluate()
      return (nil, spent() - begin)
    } catch {
      return (error.code, spent() - begin)
    }
  }

  static let bombs = [
    "l.all(a, l.all(b, l.all(c, a + b + c >= 0)))",
    "l.exists(a, l.exists(b, l.exists(c, a + b + c < 0)))",
    "l.exists_one(a, l.exists_one(b, a == b) && l.exists_one(c, l.exists_one(d, d == a)))",
    "l.map(a, l.map(b, l.map(c, c)))",
    "l.filter(a, l.filter(b, l.filter(c, true) == []) == [])",
    "l.transformMap(i, a, l.transformMap(j, b, l.transformMap(k, c, c)))",
    "l.map(a, l).map(b, b + l + b).map(c, c + c + c)",
    "l.all(a, l.map(b, b) == l.map(c, c))",
    "l.all(a, l == l && l.all(b, l == l))",
    "l.all(a, t.all(b, b in t))",
    "l.all(a, l.all(b, {1: 1, 2: 2} == {2: 2, 1: 1}))",
    "t.all(a, t.exists(x, x in [a, a, a, a]) || l.all(b, true))",
    "l.all(a, t.map(b, b + string(a)).size() > 0)",
    "l.all(a, !s.contains('zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz'))",
    "l.all(a, l.all(b, !s.contains('abz')))",
    "l.all(a, !s.matches('(a|b)*c'))",
    "l.all(a, !s.matches('(a|b)*c' + string(a)))",
    "l.all(a, !'x'.matches('(a|b)*c' + string(a)))",
    "l.all(a, size(s) > 0)",
    "l.all(a, s < s + 'a')",
    "l.all(a, s + string(a) != s)",
    "l.all(a, bytes(s) == b'' || string(bytes(s)) != '')",
    // One element that is no text, so that the lists are compared one by one.
    "(t + [1]).map(a, (t + [1]).exists(x, x in l))",
    "l.all(i, l.all(a, true) && l.all(b, true))",
  ]

  @Test(arguments: bombs) func endsSoon(_ text: String) throws {
    // Word for word; what loops keep makes some of them cheap, and those must end soon too.
    let (code, time) = try Self.end(text, optimizes: false)
    #expect(try Self.end(text).time < Self.soon, "\(text), optimised")
    #expect(
      code == "budget_exceeded" || code == "memory_exceeded",
      "\(text) ends with \(code ?? "a value")")
    #expect(time < Self.soon, "\(text) took \(time)")
  }

  /// `[x + x, x + x]`, thirty times over: the lists are shared, but what they spell is not.
  @Test func lengthDoubles() throws {
    let text = (0..<30).reduce("[s]") { text, _ in "\(text).map(x, x + x)" }
    #expect(try Self.end(text).code == "budget_exceeded")
    let lists = (0..<30).reduce("[l]") { text, _ in "\(text).map(x, x + x)" }
    #expect(["budget_exceeded", "memory_exceeded"].contains(try Self.end(lists).code))
  }

  /// Each step doubles what a copy of the result would hold, while inside hardly anything is added.
  @Test func resultsDouble() throws {
    let pairs = (0..<60).reduce("[1]") { text, _ in "\(text).map(x, [x, x])" }
    #expect(try Self.end(pairs).code == "result_too_large")
    let nested = (0..<60).reduce("1") { text, _ in "cel.bind(x, \(text), [x, x])" }
    #expect(try Self.end(nested).code == "result_too_large")
    // Comparing such a value with itself walks every path to it.
    let compared =
      "cel.bind(a, \(nested), cel.bind(b, \(nested.replacing("1", with: "2")), a == b))"
    #expect(try Self.end(compared).code == nil)
    #expect(try Self.end("cel.bind(a, \(nested), a == a)").code == "budget_exceeded")
  }

  /// A small text that is made again and again beside a large one must not cost what the large one
  /// does.
  @Test func manySmallTextsBesideALargeOne() throws {
    let (code, time) = try Self.end(
      "cel.bind(big, s + s, l.all(a, l.all(b, 'x' + string(a * 1000 + b) != big)))")
    #expect(code == "budget_exceeded")
    #expect(time < Self.soon, "took \(time)")
  }

  // MARK: Compiling

  private static func grown(_ times: Int, from start: String, _ step: (String) -> String) -> String
  {
    (0..<times).reduce(start) { text, _ in step(text) }
  }
  private static func row(_ count: Int, of term: String, with separator: String) -> String {
    Array(repeating: term, count: count).joined(separator: separator)
  }

  /// Texts that made the compiler slow, or could: types that double with each level, many uses of
  /// type parameters.
  static let sources: [String] = [
    grown(40, from: "[1]") { "\($0).map(x, {x: x})" },
    grown(40, from: "[1]") { "\($0).map(x, [x, x])" },
    grown(100, from: "1") { "cel.bind(x, \($0), [x, x] + [x, x])" },
    grown(100, from: "{}") { "cel.bind(x, \($0), {x: x})" },
    row(14_000, of: "x==y", with: "&&"),
    row(12_000, of: "[]==[]", with: "||"),
    "[" + row(24_000, of: "[x]", with: ",") + "]",
    row(8_000, of: "size([])>0", with: "||"),
    row(15_000, of: "nope", with: "||"),
    row(8_000, of: "l.all(x,x)", with: "&&"),
    "[" + row(24_000, of: "'a'", with: ",") + "].exists(x, x == 'b')",
    "{" + (0..<9_000).map { "\($0):1" }.joined(separator: ",") + "}[1]",
  ]

  /// Nothing doubles with each level, and nothing is square in the length.
  @Test(arguments: sources) func compilesSoon(_ text: String) {
    var environment = Environment(extensions: Comparison.extensions)
    for name in ["x", "y", "l"] { environment.declare(name) }
    let begin = Self.spent()
    _ = try? environment.compile(text)
    let time = Self.spent() - begin
    #expect(text.utf8.count <= Limits.sourceOctets)
    #expect(time < Self.soon, "\(text.prefix(60))… took \(time)")
  }
}
