import CEL
import Testing

@Suite("regex") struct RegexFunctionsTests {
  static let table: [Outcome] = [
    Outcome("regex.replace('foo bar', '(fo)o (ba)r', r'\\2 \\1')", "\"ba fo\""),
    Outcome("regex.replace('abc', '', '-')", "\"-a-b-c-\""),
    Outcome("regex.replace('日本', '', '-')", "\"-日-本-\""),
    Outcome("regex.replace('baac', 'a*', '-')", "\"-b-c-\""),
    Outcome("regex.replace('aaa', '(a)(b)?', r'[\\1\\2]', 2)", "\"[a][a]a\""),
    Outcome("regex.replace('aaa', '(', 'b')", "refused"),
    Outcome("regex.replace('aaa', dyn('('), 'b', 0)", "\"aaa\""),
    Outcome("regex.replace('aaa', dyn('('), 'b')", "error: invalid_regex"),
    Outcome("regex.replace('a', 'a', r'\\1')", "error: invalid_argument"),
    Outcome("regex.replace('a', 'a', r'x\\')", "error: invalid_argument"),
    Outcome("regex.replace('a', 'a', r'\\x')", "error: invalid_argument"),
    Outcome("regex.replace('b', 'a', r'\\x')", "\"b\""),
    Outcome("regex.replace('aab', '^a', '')", "\"ab\""),
    Outcome("regex.extract('item-42', r'item-(\\d+)')", "optional.of(\"42\")"),
    Outcome("regex.extract('item-', r'item-(\\d*)')", "optional.none()"),
    Outcome("regex.extract('x', 'y')", "optional.none()"),
    Outcome("regex.extract('ab', '(a)(b)')", "error: invalid_argument"),
    Outcome("regex.extractAll('a1b22', r'\\d+')", "[\"1\", \"22\"]"),
    Outcome("regex.extractAll('a=,b=c', r'(\\w?)(?:=|$)')", "[\"a\", \"b\", \"c\"]"),
    Outcome("regex.extractAll('abc', dyn('('))", "error: invalid_regex"),
  ]

  @Test(arguments: table) func outcome(_ outcome: Outcome) {
    #expect(outcome.actual() == outcome.expected)
  }
}
