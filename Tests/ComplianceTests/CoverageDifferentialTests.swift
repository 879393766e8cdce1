import PolicyEngine
import Testing

@testable import Compliance

/// Coverage against a tree walker of thirty lines: random conditions over random facts, some of
/// which are not given.
@Suite struct CoverageDifferentialTests {
  indirect enum Tree {
    case leaf(Int)
    case not(Tree)
    case and([Tree])
    case or([Tree])
    case choice(Tree, Tree, Tree)

    var text: String {
      switch self {
      case .leaf(let number): "resource.a\(number)"
      case .not(let tree): "!(\(tree.text))"
      case .and(let trees): "(\(trees.map(\.text).joined(separator: " && ")))"
      case .or(let trees): "(\(trees.map(\.text).joined(separator: " || ")))"
      case .choice(let test, let yes, let no): "(\(test.text) ? \(yes.text) : \(no.text))"
      }
    }
  }

  /// What each leaf came to, in the order of the text: true, false, error.
  struct Walk {
    var counts: [[Int]] = []
    var next = 0

    /// Evaluates a tree, or only passes over its leaves; nil is an error.
    mutating func visit(_ tree: Tree, _ facts: [Int: Bool], reached: Bool) -> Bool? {
      switch tree {
      case .leaf(let number):
        if next == counts.count { counts.append([0, 0, 0]) }
        let value = facts[number]
        if reached { counts[next][value == nil ? 2 : value == true ? 0 : 1] += 1 }
        next += 1
        return value
      case .not(let tree): return visit(tree, facts, reached: reached).map { !$0 }
      case .and(let trees): return chain(trees, facts, reached, decisive: false)
      case .or(let trees): return chain(trees, facts, reached, decisive: true)
      case .choice(let test, let yes, let no):
        // The branches are values, not tests: they are no clauses.
        guard let value = visit(test, facts, reached: reached),
          case .leaf(let number) = value ? yes : no
        else { return nil }
        return facts[number]
      }
    }

    private mutating func chain(
      _ trees: [Tree], _ facts: [Int: Bool], _ reached: Bool, decisive: Bool
    ) -> Bool? {
      var result: Bool? = !decisive
      var isDecided = false
      for tree in trees {
        let value = visit(tree, facts, reached: reached && !isDecided)
        guard !isDecided else { continue }
        if value == decisive { isDecided = true }
        if value == nil { result = nil }
      }
      return isDecided ? decisive : result
    }
  }

  /// SplitMix64, so that a failing seed fails again.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  static func tree(_ depth: Int, _ generator: inout Generator) -> Tree {
    guard depth > 0 else { return .leaf(.random(in: 0..<6, using: &generator)) }
    func some(_ generator: inout Generator) -> [Tree] {
      (0..<Int.random(in: 2...3, using: &generator)).map { _ in tree(depth - 1, &generator) }
    }
    switch Int.random(in: 0..<9, using: &generator) {
    case 0...2: return .and(some(&generator))
    case 3...5: return .or(some(&generator))
    case 6: return .not(tree(depth - 1, &generator))
    case 7:
      return .choice(
        tree(depth - 1, &generator), .leaf(.random(in: 0..<6, using: &generator)),
        .leaf(.random(in: 0..<6, using: &generator)))
    default: return .leaf(.random(in: 0..<6, using: &generator))
    }
  }

  /// Facts of the resource, about a quarter of which are missing.
  static func facts(_ generator: inout Generator) -> [Int: Bool] {
    var facts: [Int: Bool] = [:]
    for number in 0..<6 where Int.random(in: 0..<4, using: &generator) > 0 {
      facts[number] = Bool.random(using: &generator)
    }
    return facts
  }

  @Test(arguments: 0..<40) func countsAreThoseOfAWalk(_ seed: Int) async throws {
    var generator = Generator(state: UInt64(seed))
    for _ in 0..<5 {
      let tree = Self.tree(3, &generator)
      let all = (0..<8).map { _ in Self.facts(&generator) }
      var walk = Walk()
      for facts in all {
        walk.next = 0
        _ = walk.visit(tree, facts, reached: true)
      }
      #expect(try await counts(tree, all) == walk.counts, "seed \(seed): \(tree.text)")
    }
  }

  private func counts(_ tree: Tree, _ all: [[Int: Bool]]) async throws -> [[Int]] {
    let set = try policies(
      #""rules": [{ "id": "r", "description": "d", "effect": "warn", "when": "\#(tree.text)", "message": "m" }]"#
    )
    let cases = all.enumerated().map { index, facts in
      let text = facts.map { "\"a\($0.key)\": \($0.value)" }.joined(separator: ", ")
      return #"{ "name": "\#(index)", "request": \#(request(text)), "expect": { "excludes": [] } }"#
    }
    let suite = try TestSuite(set, documents: [document(cases.joined(separator: ","))])
    let run = await (try TestRunner(suite, covers: true)).run()
    let clauses = try #require(run.coverage?.rules.first).clauses
    return clauses.map { [$0.isTrue, $0.isFalse, $0.isError] }
  }
}
