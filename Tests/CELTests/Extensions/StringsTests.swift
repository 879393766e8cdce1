import CEL
import Testing

@Suite("strings") struct StringsTests {
  static let positions: [Outcome] = [
    Outcome("'tacocat'.charAt(3)", "\"o\""),
    Outcome("'tacocat'.charAt(7)", "\"\""),
    Outcome("'tacocat'.charAt(8)", "error: index_out_of_range"),
    Outcome("'tacocat'.charAt(-9223372036854775808)", "error: index_out_of_range"),
    Outcome("'😀bc'.charAt(0)", "\"😀\""),
    Outcome("'ta©o©αT'.indexOf('©', 3)", "4"),
    Outcome("'ta©o©αT'.indexOf('T')", "6"),
    Outcome("'abc'.indexOf('', 3)", "3"),
    Outcome("'abc'.indexOf('', 4)", "error: index_out_of_range"),
    Outcome("'abc'.indexOf('c', 9223372036854775807)", "error: index_out_of_range"),
    Outcome("'abc'.indexOf('abcd')", "-1"),
    Outcome("'bananananana'.lastIndexOf('nana', 7)", "6"),
    Outcome("'ta©o©αT'.lastIndexOf('©')", "4"),
    Outcome("'abc'.lastIndexOf('')", "3"),
    Outcome("'abc'.lastIndexOf('c', 3)", "-1"),
    Outcome("'abc'.lastIndexOf('c', 4)", "error: index_out_of_range"),
    Outcome("''.lastIndexOf('@')", "-1"),
    Outcome("'ta©o©αT'.substring(2, 6)", "\"©o©α\""),
    Outcome("'abc'.substring(3)", "\"\""),
    Outcome("'abc'.substring(4)", "error: index_out_of_range"),
    Outcome("'abc'.substring(2, 1)", "error: invalid_argument"),
    Outcome("'abc'.substring(-1, 1)", "error: index_out_of_range"),
  ]

  static let shapes: [Outcome] = [
    Outcome("'a,b,c'.split(',')", "[\"a\", \"b\", \"c\"]"),
    Outcome("'a,b,c'.split(',', 2)", "[\"a\", \"b,c\"]"),
    Outcome("'a,b,c'.split(',', 0)", "[]"),
    Outcome("'a😀'.split('')", "[\"a\", \"😀\"]"),
    Outcome("''.split('')", "[]"),
    Outcome("''.split(',')", "[\"\"]"),
    Outcome("'abab'.replace('', '-')", "\"-a-b-a-b-\""),
    Outcome("'é'.replace('', '-')", "\"-é-\""),
    Outcome("'abab'.replace('', '-', 2)", "\"-a-bab\""),
    Outcome("'aaa'.replace('a', 'b', 2)", "\"bba\""),
    Outcome("'aaa'.replace('a', 'b', 0)", "\"aaa\""),
    Outcome("'aaaa'.replace('aa', 'a')", "\"aa\""),
    Outcome("' \\u00a0\\u3000x\\u200b '.trim()", "\"x\u{200b}\""),
    Outcome("'  '.trim()", "\"\""),
    Outcome("'😀é'.reverse()", "\"é😀\""),
    Outcome("'ÆaB'.lowerAscii() + 'ÆaB'.upperAscii()", "\"ÆabÆAB\""),
    Outcome("strings.quote('a\"\\n\\\\') == '\"a\\\\\"\\\\n\\\\\\\\\"'", "true"),
    Outcome("['a', 'b'].join('-') + [].join('-')", "\"a-b\""),
    Outcome("dyn(['a', 1]).join()", "error: no_such_overload"),
  ]

  static let formats: [Outcome] = [
    Outcome(
      "'%s %d %.2f %x %b %o %e %X'.format(['a', 1, 2.345, 255, 5, 8, 12345.678, 'hi'])",
      "\"a 1 2.35 ff 101 10 1.234568e+04 6869\""),
    Outcome(
      "'%s'.format([{'b': 1, 'a': [1, 2.0, null, true, 'x']}])",
      "\"{a: [1, 2, null, true, x], b: 1}\""),
    Outcome("'%x %o %b'.format([-255, -8, -5])", "\"-ff -10 -101\""),
    Outcome("'%d%%'.format([18446744073709551615u])", "\"18446744073709551615%\""),
    Outcome("'%f %e'.format([double('NaN'), double('-inf')])", "\"NaN -Infinity\""),
    Outcome("'%s'.format([b'a\\xff'])", "\"a\u{fffd}\""),
    Outcome("'%s %s'.format([type(1), duration('90s')])", "\"int 90s\""),
    Outcome("'%.100f'.format([1.0]).size()", "102"),
    Outcome("'%.101f'.format([1.0])", "refused"),
    Outcome("'%.99999999999999999999999999f'.format([1.0])", "refused"),
    Outcome("'%.f'.format([1.0])", "refused"),
    Outcome("'%'.format([1])", "refused"),
    Outcome("'%5d'.format([1])", "refused"),
    Outcome("'%s'.format([1, 2])", "refused"),
    Outcome("'%s %s'.format([1])", "refused"),
    Outcome("dyn('%.101f').format([1.0])", "error: invalid_argument"),
    Outcome("dyn('%').format([1])", "error: invalid_argument"),
    Outcome("dyn('%s %s').format([1])", "error: invalid_argument"),
    Outcome("dyn('%s').format([1, 2])", "\"1\""),
    Outcome("'%d'.format([dyn('x')])", "error: invalid_argument"),
    Outcome("'%s'.format([optional.of(1)])", "error: invalid_argument"),
  ]

  @Test(arguments: positions + shapes + formats) func table(_ outcome: Outcome) {
    #expect(outcome.actual() == outcome.expected)
  }

  @Test(arguments: positions + shapes) func withoutTypes(_ outcome: Outcome) {
    #expect(outcome.actual(checked: false) == outcome.expected)
  }

  @Test("a call with too many arguments has no value, also without types") func arity() {
    #expect(Outcome.of("'abc'.substring(1, 2, 3)") == "refused")
    #expect(Outcome.of("'abc'.substring(1, 2, 3)", checked: false) == "error: no_such_function")
  }
}
