@testable import CEL
import Testing

/// Every constant of `Limits`, from either side.
@Suite struct SizeLimitTests {
  private func refusal(_ text: String, _ environment: Environment = Environment()) -> [String]? {
    do throws(CompilationError) {
      _ = try environment.compile(text)
      return nil
    } catch {
      return error.diagnostics.map(\.code)
    }
  }

  private func failure(_ text: String, _ bindings: [String: CELValue] = [:], budget: Int? = nil)
    -> String?
  {
    var environment = Environment(extensions: .all)
    for name in bindings.keys { environment.declare(name) }
    if let budget { environment.budget = budget }
    do {
      _ = try environment.compile(text).evaluate(bindings)
      return nil
    } catch {
      return (error as? EvaluationError)?.code ?? "\(error)"
    }
  }

  @Test func sourceOctets() {
    let longest = "1" + String(repeating: " ", count: Limits.sourceOctets - 1)
    #expect(refusal(longest) == nil)
    #expect(refusal(longest + " ") == ["too-long"])
    // Octets, not characters.
    let text = "'" + String(repeating: "é", count: Limits.sourceOctets / 2 - 1) + "'"
    #expect(refusal(text) == nil)
    #expect(refusal(text + "  ") == nil || refusal(text + "   ") == ["too-long"])
    #expect(refusal(text + " ") == ["too-long"])
  }

  /// The limit on nodes can't be reached before the one on octets: the smallest node that is not a
  /// leaf takes two.
  @Test func expressionNodes() {
    let text = "[" + Array(repeating: "1", count: 49_999).joined(separator: ",") + "]"
    #expect(text.utf8.count <= Limits.sourceOctets)
    #expect(refusal(text) == nil)
    #expect(Limits.expressionNodes >= Limits.sourceOctets)
  }

  private func nested(_ depth: Int) -> CELValue {
    (0..<depth).reduce(CELValue.int(1)) { value, index in
      index % 2 == 0 ? .list([value]) : ["a": value]
    }
  }

  @Test func valueDepth() {
    #expect(failure("x == x", ["x": nested(Limits.valueDepth)]) == nil)
    #expect(failure("x == x", ["x": nested(Limits.valueDepth + 1)]) == "invalid_binding")
    #expect(failure("x == x", ["x": nested(5_000)]) == "invalid_binding")
  }

  /// The least budget that an expression needs, found by halving, and one step less.
  @Test func budget() {
    let text = "[1, 2, 3, 4, 5, 6, 7, 8].map(x, x + 1) == [2]"
    var (low, high) = (0, 1_000)
    while low + 1 < high {
      let middle = (low + high) / 2
      if failure(text, budget: middle) == nil { high = middle } else { low = middle }
    }
    #expect(high > 8)
    #expect(failure(text, budget: high) == nil)
    #expect(failure(text, budget: high - 1) == "budget_exceeded")
    #expect(Environment().budget == Limits.defaultBudget)
  }

  @Test func evaluationOctets() {
    // Doubling: 2^26 octets are the limit, and earlier texts count too.
    let start = CELValue.string(String(repeating: "x", count: 1 << 20))
    func doubled(_ times: Int) -> String {
      (0..<times).reduce("s") { text, _ in "cel.bind(t, \(text), t + t)" } + ".size() > 0"
    }
    let budget = 1 << 40
    #expect(failure(doubled(4), ["s": start], budget: budget) == nil)
    #expect(failure(doubled(7), ["s": start], budget: budget) == "memory_exceeded")
  }

  @Test func evaluationElements() {
    let list = CELValue.list(Array(repeating: .int(1), count: 1 << 18))
    func joined(_ times: Int) -> String {
      (0..<times).reduce("l") { text, _ in "cel.bind(t, \(text), t + t)" } + ".size() > 0"
    }
    let budget = 1 << 40
    #expect(failure(joined(2), ["l": list], budget: budget) == nil)
    #expect(failure(joined(5), ["l": list], budget: budget) == "memory_exceeded")
  }

  @Test func resultValues() {
    // A list of lists: the lists are shared inside the engine, but each counts where it is handed
    // out.
    let row = CELValue.list(Array(repeating: .int(1), count: 999))
    let text = "rows.map(r, row)"
    func rows(_ count: Int) -> [String: CELValue] {
      ["row": row, "rows": .list(Array(repeating: .int(0), count: count))]
    }
    // Each row counts a thousand, with itself, and the list around them one.
    let fitting = Limits.resultValues / 1_000 - 1
    #expect(failure(text, rows(fitting)) == nil)
    #expect(failure(text, rows(fitting + 1)) == "result_too_large")
  }

  /// Every element of a list that is not constant needs a register while it is made, and every
  /// variable has one.
  @Test func registers() {
    var environment = Environment()
    environment.declare("x")
    let fits = "[" + Array(repeating: "x", count: 49_000).joined(separator: ",") + "]"
    #expect(refusal(fits, environment) == nil)
    for index in 0...Limits.registers - 49_000 { environment.declare("v\(index)") }
    #expect(refusal(fits, environment) == ["too-complex"])
    #expect(refusal("[x, x]", environment) == nil)
  }

  /// Maps of any size behave alike on either side of the one where they get an index.
  @Test func linearMapEntries() throws {
    for count in [Limits.linearMapEntries, Limits.linearMapEntries + 1] {
      let entries = (0..<count).map { CELValue.Entry(.string("k\($0)"), .int(Int64($0))) }
      let map = CELValue.map(entries)
      #expect(
        failure(
          "m.k0 == 0 && m.k\(count - 1) == \(count - 1) && !has(m.k\(count)) ? 1 : [1][1]",
          ["m": map]) == nil)
      #expect(failure("m.k\(count)", ["m": map]) == "no_such_key")
      #expect(failure("m", ["m": .map(entries + [entries[0]])]) == "invalid_binding")
    }
  }
}
