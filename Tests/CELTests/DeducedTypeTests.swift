import CEL
import Testing

/// What the checker deduces where types meet: null beside what may be null, optionals in optionals.
@Suite("deduced types") struct DeducedTypeTests {
  /// An expression and its type, nil if it is refused.
  static let table: [(String, CELType?)] = [
    // Null goes with times, optionals and opaque types, in either order, and with nothing else.
    ("[optional.of(1), null][0]", .optional(.int)),
    ("[null, optional.of(1)][0]", .optional(.int)),
    ("[duration('1s'), null][0]", .duration),
    ("[null, duration('1s')][0]", .duration),
    ("[timestamp(0), null][0]", .timestamp),
    ("[ip('::1'), null][0]", .opaque("net.IP", [])),
    ("true ? duration('1s') : null", .duration),
    ("true ? null : optional.of('a')", .optional(.string)),
    ("{'a': null, 'b': timestamp(0)}", .map(.string, .timestamp)),
    ("optional.of(1) == null", .bool),
    ("null != optional.none()", .bool),
    ("duration('1s') == null", .bool),
    ("[1, null]", .list(.dyn)),
    ("[null, null]", .list(.null)),
    ("true ? 1 : null", nil),
    ("'a' == null", nil),
    ("[1] == null", nil),
    ("type(1) == null", nil),
    // What lies in an optional may be an optional itself.
    ("{'a': optional.of(1)}.?a", .optional(.optional(.int))),
    ("{'a': optional.of(1)}[?'a']", .optional(.optional(.int))),
    ("[optional.of(1)][?0]", .optional(.optional(.int))),
    ("optional.of({'a': optional.of(1)}).a", .optional(.optional(.int))),
    ("optional.of([optional.of(1)])[0]", .optional(.optional(.int))),
    ("optional.of([optional.of(1)])[?0]", .optional(.optional(.int))),
    ("{'a': optional.of(1)}.?a.value().value()", .int),
    ("{'a': optional.of(1)}.?a.orValue(optional.none()).orValue(2)", .int),
    ("{'a': optional.of(1)}.?a.orValue(2)", nil),
    ("{'a': {'b': 1}}.?a.b", .optional(.int)),
    ("{'a': {'b': 1}}.?a.?b", .optional(.int)),
    ("optional.of({'a': 1}).?a", .optional(.int)),
    ("optional.of([1])[?0]", .optional(.int)),
    // Where several overloads fit, the result is what they agree on.
    ("null + null", .dyn),
    ("duration('1s') + null", .dyn),
    ("timestamp(0) - null", .dyn),
    ("timestamp(0) + null", .timestamp),
    ("null == null", .bool),
    ("dyn(1) + 1", .int),
    ("dyn(1) + dyn(1)", .dyn),
    ("timestamp(0) - dyn(1)", .dyn),
    ("dyn(1) < 2", .bool),
    ("[] + dyn([1])", .list(.dyn)),
    ("dyn([1]) + [1]", .list(.int)),
    // Conversions of durations.
    ("int(duration('1s'))", .int),
    ("duration(1)", nil),
    ("duration(1.0)", nil),
  ]

  @Test(arguments: table) func deduced(_ expression: String, _ type: CELType?) {
    let environment = Environment(extensions: .all)
    #expect((try? environment.type(of: expression)) == type, "\(expression)")
  }

  /// Without checking the same values come, and the same errors.
  static let values: [Outcome] = [
    Outcome("[optional.of(1), null][1] == null", "true"),
    Outcome("optional.of(1) == null", "false"),
    Outcome("{'a': optional.of(1)}.?a.value().value()", "1"),
    Outcome("{'a': optional.of(1)}.?a.value().value() + 1", "2"),
    Outcome("optional.of({'a': optional.of(1)}).a.value().value()", "1"),
    Outcome("int(duration('1s'))", "1000000000"),
    Outcome("int(duration('-1.5s'))", "-1500000000"),
    Outcome("int(duration('9223372036.854775807s'))", "9223372036854775807"),
    Outcome("int(timestamp('1970-01-01T00:00:01.9Z'))", "1"),
    Outcome("duration(dyn(1))", "error: no_such_overload"),
  ]

  @Test(arguments: values) func value(_ outcome: Outcome) {
    #expect(outcome.actual() == outcome.expected)
    #expect(Outcome.of(outcome.source, checked: false) == outcome.expected)
  }
}
