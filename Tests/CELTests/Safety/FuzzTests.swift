import CEL
import Foundation
import Testing

/// Anything may be handed to the compiler, and whatever compiles may be evaluated: nothing ends the
/// process.
///
/// `CEL_FUZZ_ROUNDS` raises the number of texts.
@Suite struct FuzzTests {
  private static let rounds =
    ProcessInfo.processInfo.environment["CEL_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 200_000

  private static let tokens = [
    "1", "0", "-1", "1u", "1.5", ".5", "1e9", "0x", "0xFF", "9223372036854775808",
    "18446744073709551616u", "1e999", "''",
    "'a'", "\"b\"", "'''c'''", "r'\\'", "b'\\xff'", "br''", "'\\u00e9'", "'\\ud800'", "'\\q'", "'",
    "\"", "'''", "`a-b`", "``",
    "true", "false", "null", "in", "x", "m", "l", "s", "nope", "if", "size", "has", "all", "exists",
    "exists_one", "map",
    "filter", "matches", "type", "int", "string", "timestamp", "duration", "dyn", "cel", "bind",
    "transformMap", "optMap",
    "sortBy", "google", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "+", "-", "*", "/", "%",
    "!", "==", "!=", "<", "<=",
    ">", ">=", "&&", "||", "=", "&", "|", ";", "#", "@", "\\", " ", "\n", "\t", "// c\n", "\u{0}",
    "“", "é", "😀", "\u{202E}",
    ".all(x, ", ".map(x, ", "has(m.", "size(", "m.a", "l[0]", "x, x", "? 1 : 2", "'a' + ",
    "optional.none()", "[?", ".?",
  ]
  private static let seeds = [
    "m.a.b == 'x' && l.exists(x, x in m.c) || !has(m.d.e)",
    "[1, 2u, 3.0, 'a', b'b', null, {1: 2}].map(x, type(x))",
    "timestamp('2024-01-01T00:00:00Z').getHours('UTC') + size(s) - int('7') * 3 / 2 % 5",
    "l.filter(x, x > 1).map(y, {'a': y}).all(z, z.a == 2) ? s.matches('^[a-z]+$') : s.startsWith('b')",
    "cel.bind(v, l, v + v).transformMap(i, x, i != 2, x * x)[1] == 4",
    "m[?'a'].optMap(x, x + 1).orValue(1) == -x",
  ]

  private static func environments() -> [Environment] {
    [Extensions.core, .all].flatMap { extensions in
      [true, false].map { checks in
        var environment = Environment(extensions: extensions)
        environment.checksTypes = checks
        environment.budget = 2_000
        for (name, type) in [
          ("x", CELType.dyn), ("m", .map(.string, .dyn)), ("l", .list(.int)), ("s", .string),
        ] {
          environment.declare(name, type)
        }
        return environment
      }
    }
  }

  private static let bindings: [String: CELValue] = [
    "x": 3, "m": ["a": ["b": "x"], "c": [1, 2]], "l": [1, 2, 3], "s": "abc",
  ]

  private static func soup(_ random: inout PrimitiveRandom) -> String {
    (0..<Int.random(in: 1...14, using: &random)).map { _ in
      tokens[Int.random(in: 0..<tokens.count, using: &random)]
        + (Bool.random(using: &random) ? " " : "")
    }.joined()
  }

  /// An expression with octets changed, lost, doubled or replaced by a token.
  private static func mutant(_ random: inout PrimitiveRandom) -> String {
    var octets = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) where !octets.isEmpty {
      let place = Int.random(in: 0..<octets.count, using: &random)
      let end = min(octets.count, place + Int.random(in: 0...6, using: &random))
      switch Int.random(in: 0..<4, using: &random) {
      case 0: octets[place] = UInt8.random(in: 0...255, using: &random)
      case 1: octets.removeSubrange(place..<end)
      case 2:
        octets.insert(
          contentsOf: octets[place..<end], at: Int.random(in: 0...octets.count, using: &random))
      default:
        octets.replaceSubrange(
          place..<end, with: tokens[Int.random(in: 0..<tokens.count, using: &random)].utf8)
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }

  /// Compiles and evaluates; every diagnostic must stand inside the text and can be shown.
  private static func run(_ text: String, _ environment: Environment) -> Bool {
    do throws(CompilationError) {
      let compiled = try environment.compile(text)
      do throws(EvaluationError) {
        _ = try compiled.evaluate(bindings)
      } catch {
        if Int(error.span.end) > text.utf8.count || error.message.isEmpty { return false }
      }
    } catch {
      for diagnostic in error.diagnostics
      where diagnostic.span.start > diagnostic.span.end
        || Int(diagnostic.span.end) > text.utf8.count
        || diagnostic.message.isEmpty
      {
        return false
      }
      return !error.description.isEmpty
    }
    return true
  }

  @Test(arguments: 0..<2) func survives(half: Int) {
    var random = PrimitiveRandom(seed: UInt64(half) + 99)
    let environments = Self.environments()
    var wrong = 0
    for round in 0..<Self.rounds / 2 where wrong < 5 {
      let text = round % 2 == 0 ? Self.soup(&random) : Self.mutant(&random)
      if !Self.run(text, environments[round / 2 % environments.count]) {
        wrong += 1
        Issue.record("a place outside the text, or no message: \(text.debugDescription)")
      }
    }
  }

  /// What fuzzing found.
  @Test(arguments: [
    "matches('a')", "true || b'a'.size() > 0", "'a' == 'b' || 'c'.size() > 0 || 'd'.size() > 0",
    "'\\", "'''\\", "b'\\x", "`",
    "0x", "1.", "[,", "{,", "x{", "x{a", "cel.bind(", "has()", "has(1)", "[].all()", "[].all(1, 2)",
    "..", "a.b.c.d{",
  ])
  func keepsWorking(_ text: String) {
    for environment in Self.environments() { #expect(Self.run(text, environment), "\(text)") }
  }
}
