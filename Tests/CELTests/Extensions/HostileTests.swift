import CEL
import Testing

/// Expressions that would take for ever, or all memory, if nothing counted.
@Suite("hostile extension calls") struct HostileTests {
  static let exploding: [String] = [
    // Texts that grow.
    "s.replace('a', s)", "s.replace('', s)", "regex.replace(s, 'a', s)",
    "regex.replace(s, '(a)', r'\\1\\1' + s)",
    "words.join(s)", "'%s%s%s'.format([s, s, s]).replace('a', s)",
    "words.map(x, s).join()", "words.map(x, '%s'.format([words]))",
    "words.map(x, json.encode(words))",
    "words.map(x, base64.encode(bytes(s + s)))", "words.map(x, strings.quote(s))",
    // Shared parts that are written out again and again.
    "cel.bind(a, [1, 1, 1, 1], cel.bind(b, [a, a, a, a], cel.bind(c, [b, b, b, b], cel.bind(d, [c, c, c, c], cel.bind(e, [d, d, d, d], cel.bind(f, [e, e, e, e], cel.bind(g, [f, f, f, f], cel.bind(h, [g, g, g, g], cel.bind(i, [h, h, h, h], cel.bind(j, [i, i, i, i], OF(j)))))))))))",
    // Much work and little result.
    "numbers.distinct()", "sets.equivalent(numbers, numbers.reverse())",
    "s.lastIndexOf(s.substring(50000) + 'b')",
    "words.exists(x, s.indexOf(s.substring(50000) + x) > 0)",
    "words.map(x, regex.extractAll(s, 'a.*b|a'))",
    "regex.extractAll(s, 'a.*b|a')", "words.map(x, words.sort())",
    "words.map(x, lists.range(100000))",
    "words.map(x, s.split(''))", "words.map(x, (numbers + [double(size(x))]).reverse())",
    "longs.sort()",
  ]

  static let expanded = exploding.flatMap { source in
    source.contains("OF(")
      ? [
        "'%s'.format([j])", "json.encode(j)", "j.flatten(100)",
        "google.protobuf.ListValue{values: j}",
      ].map {
        source.replacing("OF(j)", with: $0)
      } : [source]
  }

  static let bindings: [String: CELValue] = {
    let text = String(repeating: "a", count: 100_000)
    let prefix = String(repeating: "a", count: 20_000)
    return [
      "s": .string(text),
      "words": .list((0..<10_000).map { .string("w\($0)") }),
      "numbers": .list((0..<10_000).map { .double(Double($0) + 0.5) }),
      "longs": .list((0..<1_000).map { .string(prefix + "\($0)") }),
    ]
  }()

  @Test(arguments: expanded) func ends(_ source: String) {
    let clock = ContinuousClock()
    var outcome = ""
    // Word for word, because what loops keep makes some of them cheap; those must end soon too.
    let time = clock.measure {
      outcome = Outcome.of(source, Self.bindings, budget: 100_000, optimizes: false)
      _ = Outcome.of(source, Self.bindings, budget: 100_000)
    }
    #expect(outcome == "error: budget_exceeded" || outcome == "error: memory_exceeded")
    // With a tenth of the usual budget, because a debug build is slow: what matters is that it is
    // not minutes.
    #expect(time < .seconds(20))
  }

  @Test(
    "work in proportion to its input pays in proportion",
    arguments: [
      "s.replace('a', 'b')", "s.reverse()", "s.trim()", "s.split('').size()", "words.join()",
      "words.distinct()", "words.sort()", "base64.decode(s)", "'%s'.format([s])", "json.encode(s)",
    ])
  func budgets(_ source: String) {
    #expect(Outcome.of(source, Self.bindings).hasPrefix("error") == false)
    #expect(Outcome.of(source, Self.bindings, budget: 100) == "error: budget_exceeded")
  }

  static let small: [String] = [
    "cidr('10.0.0.0/8').containsIP(x)", "string(ip(x))", "google.protobuf.StringValue{value: x}",
    "google.protobuf.Struct{fields: {x: bytes(x)}}", "x.replace('1', x)", "x.split('.')",
    "x.substring(1, 3) + x.charAt(0)", "x.reverse() + x.upperAscii()", "strings.quote(x)",
    "'%s %X'.format([x, x])", "regex.replace(x, '[0-9]+', r'<\\0>')", "regex.extract(x, '[0-9]+')",
    "regex.extractAll(x, '[0-9]+')", "json.encode([x])", "base64.decode(base64.encode(bytes(x)))",
    "[x, x + '1'].join()", "string(bytes(x))", "x + 'y'", "{x: 1}[x]", "[x].distinct().sort()",
  ]

  /// A slice of the arena that is alive while a text is added makes a copy of all texts: not wrong,
  /// but a thousand times slower when the request is large.
  @Test("a large request does not make small calls slow") func copiesNothing() throws {
    var environment = Environment(extensions: .all)
    for name in ["ips", "big", "n"] { environment.declare(name, .dyn) }
    let calls = Self.small.enumerated().reduce("null") {
      "n == \($1.offset) ? dyn(\($1.element)) : \($0)"
    }
    var evaluator = Evaluator(try environment.compile("ips.map(x, \(calls)).size()"))
    try evaluator.bind("big", to: .string(String(repeating: "a", count: 32 << 20)))
    try evaluator.bind("ips", to: .list((0..<400).map { .string("10.1.\($0 / 250).\($0 % 250)") }))
    for (index, call) in Self.small.enumerated() {
      try evaluator.bind("n", to: .int(Int64(index)))
      let clock = ContinuousClock()
      var value = CELValue.null
      let time = try clock.measure { value = try evaluator.evaluate() }
      #expect(value == 400)
      // A copy of 32 MB takes some 4 ms: 400 of them take 1.6 s.
      #expect(time < .milliseconds(800), "\(call)")
    }
  }

  @Test("an evaluation after one that failed is not disturbed") func afterFailure() throws {
    var environment = Environment(extensions: .all)
    environment.declare("s", .string)
    environment.declare("r", .string)
    let rule = try environment.compile("regex.replace(s, 'a', r) + '%s'.format([s])")
    var evaluator = Evaluator(rule)
    try evaluator.bind("s", to: "aab")
    try evaluator.bind("r", to: "\\x")
    #expect(throws: EvaluationError.self) { try evaluator.evaluate() }
    evaluator.reset()
    try evaluator.bind("s", to: "aab")
    try evaluator.bind("r", to: "\\0!")
    #expect(try evaluator.evaluate() == "a!a!baab")
  }
}
