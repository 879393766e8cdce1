import CEL
import Foundation
import Testing

/// The machine against the reference, on random expressions and random data.
///
/// `CEL_DIFFERENTIAL_ROUNDS=1000000 swift test -c release --filter DifferentialTests` for a long
/// run; `CEL_DIFFERENTIAL_SEED` begins elsewhere. A failure prints the smallest expression found
/// and a file for `FailCases`, which are run first, always.
@Suite(.serialized) struct DifferentialTests {
  static let rounds = setting("CEL_DIFFERENTIAL_ROUNDS") ?? 20_000
  static let firstSeed = UInt64(setting("CEL_DIFFERENTIAL_SEED") ?? 1)

  private static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  @Test(arguments: FailCase.all) func staysFixed(_ failCase: FailCase) throws {
    for seed in failCase.seeds { #expect(Self.failure(ofSeed: seed) == nil) }
    for expression in failCase.expressions {
      let world = GeneratedWorld(bindings: try failCase.bindings())
      let disagreement = Comparison(text: expression, world: world).disagreement()
      #expect(disagreement == nil, "\(expression)")
    }
  }

  /// Both halves of the seeds at the same time: the machine that runs the tests has two cores or
  /// more.
  @Test(arguments: 0..<2) func agreesWithTheReference(half: Int) {
    var failures = 0
    for round in 0..<Self.rounds / 2 where failures < 5 {
      let seed = Self.firstSeed + UInt64(2 * round + half)
      guard let failure = Self.failure(ofSeed: seed) else { continue }
      failures += 1
      Issue.record("\(failure)")
    }
  }

  /// What goes wrong for a seed, shrunk and ready to be kept.
  static func failure(ofSeed seed: UInt64) -> String? {
    var generator = ExpressionGenerator(seed: seed)
    let tree = generator.expression()
    let world = GeneratedWorld(seed: seed)
    let isWellTyped = generator.disorder == 0
    func disagreement(_ tree: GeneratedTree) -> String? {
      Comparison(text: tree.text, world: world, isWellTyped: isWellTyped).disagreement()
    }
    guard let first = disagreement(tree) else { return nil }
    // A cut may lose a variable or a type; that is not the failure that was found.
    let kind = first.prefix(6)
    let smallest =
      first.hasPrefix("the checker")
      ? tree : tree.shrunk { disagreement($0).map { $0.prefix(6) == kind } ?? false }
    let used = world.bindings.filter { smallest.text.contains($0.key) }.sorted { $0.key < $1.key }
    return """
      seed \(seed): \(disagreement(smallest) ?? first)
      expression \(smallest.text)
      \(used.map { "bind \($0.key) \($0.value)" }.joined(separator: "\n"))
      """
  }
}

/// A file of `FailCases`: comments, `seed N`, `expression …` and `bind NAME LITERAL`, a line each.
struct FailCase: Sendable, CustomTestStringConvertible {
  let name: String
  var seeds: [UInt64] = []
  var expressions: [String] = []
  private var literals: [(name: String, text: String)] = []

  var testDescription: String { name }

  static let all: [FailCase] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "FailCases")
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (files ?? []).filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }
      .compactMap(FailCase.init)
  }()

  private init?(_ file: URL) {
    name = file.deletingPathExtension().lastPathComponent
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "seed": seeds += UInt64(parts[1]).map { [$0] } ?? []
      case "expression": expressions.append(parts[1])
      default:
        let binding = parts[1].split(separator: " ", maxSplits: 1).map(String.init)
        if binding.count == 2 { literals.append((binding[0], binding[1])) }
      }
    }
  }

  /// The values of the variables, which are written as expressions.
  func bindings() throws -> [String: CELValue] {
    var bindings: [String: CELValue] = [:]
    for (name, text) in literals { bindings[name] = try Environment().compile(text).evaluate() }
    return bindings
  }
}
