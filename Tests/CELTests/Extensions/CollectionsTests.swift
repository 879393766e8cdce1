import CEL
import Testing

@Suite("lists, sets, optionals, encoders") struct CollectionsTests {
  static let lists: [Outcome] = [
    Outcome("[1, 1u, 1.0, '1', 2].distinct()", "[1, \"1\", 2]"),
    Outcome("['b', 'a', 'b'].distinct()", "[\"b\", \"a\"]"),
    Outcome("[[1], [1.0], [2]].distinct().size()", "2"),
    // On either side of the length up to which elements are compared in place.
    Outcome("lists.range(24).map(x, x % 5).distinct()", "[0, 1, 2, 3, 4]"),
    Outcome("lists.range(25).map(x, x % 5).distinct()", "[0, 1, 2, 3, 4]"),
    Outcome("lists.range(24).map(x, dyn(x) == 23 ? dyn(1.0) : dyn(x % 3)).distinct()", "[0, 1, 2]"),
    Outcome("lists.range(25).map(x, dyn(x) == 24 ? dyn(1.0) : dyn(x % 3)).distinct()", "[0, 1, 2]"),
    Outcome("[b'a', 'a', b'a', null, false, 0, null].distinct().size()", "5"),
    Outcome("[[1], 2, [1], 2, 3].distinct()", "[[1], 2, 3]"),
    Outcome("[1, [2, [3, [4]]]].flatten()", "[1, 2, [3, [4]]]"),
    Outcome("[1, [2, [3, [4]]]].flatten(9223372036854775807)", "[1, 2, 3, 4]"),
    Outcome("[[1]].flatten(0)", "[[1]]"),
    Outcome("[1].flatten(-1)", "error: invalid_argument"),
    Outcome("lists.range(3)", "[0, 1, 2]"), Outcome("lists.range(0)", "[]"),
    Outcome("lists.range(-1)", "error: invalid_argument"),
    Outcome("lists.range(9223372036854775807)", "error: memory_exceeded"),
    Outcome("[1, 2, 3].reverse()", "[3, 2, 1]"),
    Outcome("[1, 2, 3, 4].slice(1, 4).slice(1, 2)", "[3]"),
    Outcome("[1, 2, 3].slice(3, 3)", "[]"),
    Outcome("[1, 2, 3].slice(0, 4)", "error: index_out_of_range"),
    Outcome("[1, 2, 3].slice(2, 1)", "error: invalid_argument"),
    Outcome("[1, 2, 3].slice(-1, 9223372036854775807)", "error: invalid_argument"),
    Outcome("[3, 1, 2].sort()", "[1, 2, 3]"), Outcome("[].sort()", "[]"),
    Outcome("[double('nan'), 1.0, double('-inf'), 0.5].sort()", "[-Inf, 0.5, 1.0, NaN]"),
    Outcome("['b', dyn(1)].sort()", "error: invalid_argument"),
    Outcome("[dyn([1])].sort()", "error: invalid_argument"),
    Outcome("[[1]].sort()", "refused"),
    Outcome("[3, 1, 2, 4].sortBy(x, x % 2)", "[2, 4, 3, 1]"),
    Outcome("[1].sortBy(x, 1 / 0)", "error: division_by_zero"),
    Outcome("{'a': 1}.sortBy(x, x)", "refused"),
    Outcome("dyn({'a': 1}).sortBy(x, x)", "error: no_such_overload"),
    Outcome("sets.contains([1, 2.0, 3u], [1u, 2, 3.0])", "true"),
    Outcome("sets.contains([], [1])", "false"),
    Outcome("sets.equivalent([1, 1], [1.0, dyn(1u)])", "true"),
    Outcome("sets.intersects([1, 2], [3, 2])", "true"),
    Outcome("sets.intersects([], [])", "false"),
    Outcome("sets.contains([double('nan')], [double('nan')])", "false"),
  ]

  static let optionals: [Outcome] = [
    Outcome("optional.of(1).or(optional.of(1 / 0)).value()", "1"),
    Outcome("optional.of(1).orValue(1 / 0)", "1"),
    Outcome("optional.none().orValue(1 / 0)", "error: division_by_zero"),
    Outcome("optional.of(1 / 0).orValue(2)", "error: division_by_zero"),
    Outcome("optional.none().value()", "error: optional_none"),
    Outcome("dyn(1).orValue(2)", "error: no_such_overload"),
    Outcome(
      "[null, false, 0, 0u, 0.0, '', b'', [], {}].exists(x, optional.ofNonZeroValue(x).hasValue())",
      "false"),
    Outcome("optional.ofNonZeroValue('x')", "optional.of(\"x\")"),
    Outcome("[optional.of(1), optional.none()].unwrapOpt()", "[1]"),
    Outcome("optional.unwrap([dyn(1)])", "error: no_such_overload"),
    Outcome("[1, 2].first().value() + [1, 2].last().value()", "3"),
    Outcome("[].last()", "optional.none()"),
    Outcome("{'a': {'b': [1]}}.?a.b[0]", "optional.of(1)"),
    Outcome("{'a': {'b': [dyn(1)]}}.?a.c[0].d", "optional.none()"),
    Outcome("{'a': dyn(1)}.?a.b", "error: no_such_field"),
    Outcome("optional.of([1])[dyn('x')]", "error: invalid_index"),
    Outcome("[?optional.none(), ?optional.of(1)]", "[1]"),
    Outcome("optional.of(1) == optional.of(1.0)", "refused"),
    Outcome("optional.of(1) == optional.of(dyn(1.0))", "true"),
    Outcome("optional.of(2).optMap(x, x * 2)", "optional.of(4)"),
    Outcome("type(optional.none()) == optional_type", "true"),
    Outcome("optional.of(2).optFlatMap(x, x)", "refused"),
    Outcome("optional.of(2).optFlatMap(x, dyn(optional.of(x)))", "optional.of(2)"),
    Outcome("[1].transformMapEntry(k, v, [])", "refused"),
  ]

  static let encoders: [Outcome] = [
    Outcome("base64.encode(b'hello')", "\"aGVsbG8=\""),
    Outcome("base64.encode(b'')", "\"\""),
    Outcome("base64.decode('aGVsbG8')", "b\"hello\""),
    Outcome("base64.decode('aGVs\\r\\nbG8=')", "b\"hello\""),
    Outcome("base64.decode('a')", "error: invalid_conversion"),
    Outcome("base64.decode('aGVsbG8==')", "error: invalid_conversion"),
    Outcome("base64.decode('=')", "error: invalid_conversion"),
    Outcome("base64.decode('aGV=sbG8=')", "error: invalid_conversion"),
    Outcome("base64.decode('é')", "error: invalid_conversion"),
    Outcome("base64.decode('__7_')", "error: invalid_conversion"),
    Outcome("base64.decodeUrl(base64.encodeUrl(b'\\xff\\xfe\\xff')) == b'\\xff\\xfe\\xff'", "true"),
    Outcome(
      "json.encode([1, 1.0, 1e21, 1e-7, -0.5, 9007199254740992, b'hi', null]) == '[1,1,1e+21,1e-7,-0.5,\"9007199254740992\",\"aGk=\",null]'",
      "true"),
    // Members stand in the order of their names: equal maps have equal texts.
    Outcome(
      "json.encode({'<': '\\u0001\"', 2: true}) == '{\"2\":true,\"\\\\u003c\":\"\\\\u0001\\\\\"\"}'",
      "true"),
    Outcome(
      "json.encode({'b': 1, 'a': {'é': 1, 'z': 2}}) == json.encode({'a': {'z': 2, 'é': 1}, 'b': 1})",
      "true"),
    Outcome(
      "json.encode({'b': 1, 'a': 2, 'aa': 3, '': 4}) == '{\"\":4,\"a\":2,\"aa\":3,\"b\":1}'", "true"
    ),
    Outcome(
      "json.encode({10: 1, 9: 2, true: 3, 1u: 4}) == '{\"1\":4,\"10\":1,\"9\":2,\"true\":3}'",
      "true"),
    Outcome("json.encode({1: 'a', '1': 'b'})", "error: invalid_argument"),
    Outcome("json.encode({})", "\"{}\""),
    Outcome(
      "json.encode('a\\u2028\\u2029\\u202a\\u00a8é') == '\"a\\\\u2028\\\\u2029\\u202a\\u00a8é\"'",
      "true"),
    Outcome("json.encode(double('inf'))", "error: invalid_argument"),
    Outcome("json.encode(optional.none())", "error: optional_none"),
    Outcome("json.encode(int)", "error: invalid_argument"),
  ]

  @Test(arguments: lists + optionals + encoders) func outcome(_ outcome: Outcome) {
    #expect(outcome.actual() == outcome.expected)
  }
}
