import CEL
import Testing

/// What people read, word for word.
@Suite struct JSONMessageTests {
  typealias Case = (text: String, message: String, help: String?)

  static let texts: [Case] = [
    (
      #"{"a":1x"#, "expected a comma or `}` after a member, found `x`", nil
    ),
    (
      "[1 2]", "expected a comma or `]` after an element, found `2`",
      "a comma may be missing before it"
    ),
    (
      "{\"a\":1\n\"b\":2}", "expected a comma or `}` after a member, found `\"`",
      "a comma may be missing before it"
    ),
    (
      "[\n {\"a\":1]", "expected a comma or `}` after a member, found `]`",
      "the object starts at line 2, column 2"
    ),
    (
      "\n[1,[2,3]", "expected a comma or `]` after an element, found the end of the text",
      "the array starts at line 2, column 1"
    ),
    ("[1,]", "expected a value after the comma, found `]`", "remove the comma before it"),
    (
      #"{"a":1,}"#, "expected a member name in double quotes after the comma, found `}`",
      "remove the comma before it"
    ),
    ("{a:1}", "expected a member name in double quotes or `}`, found `a`", nil),
    (
      "{'a':1}", "expected a member name in double quotes or `}`, found `'`",
      "names are written in straight double quotes"
    ),
    (
      #"{"a" = 1}"#, "expected a colon after a member name, found `=`",
      "a name and its value stand as `\"name\": value`"
    ),
    (#"{"a":}"#, "expected a value after the colon, found `}`", nil),
    (
      #"{"a":alice}"#, "expected a value after the colon, found `alice`",
      "strings are written in double quotes"
    ),
    ("[NaN]", "expected a value or `]`, found `NaN`", "JSON has only finite numbers"),
    ("None", "expected a value, found `None`", "it is written `null`"),
    ("+1", "expected a value, found `+`", "a positive number is written without a sign"),
    ("[1, // one\n2]", "expected a value after the comma, found `/`", "JSON has no comments"),
    (
      "{} {}", "expected the end of the text after the value, found `{`", "one text holds one value"
    ),
    ("", "expected a value, found an empty text", nil),
    ("\u{1B}", "expected a value, found U+001B", nil),
    ("[\u{202E}]", "expected a value or `]`, found U+202E", nil),
    ("-x", "expected a digit after `-`, found `x`", "strings are written in double quotes"),
    ("1.", "expected a digit after the decimal point, found the end of the text", nil),
    ("1e]", "expected a digit in the exponent, found `]`", nil),
    (
      "007", "expected no further digit after a leading `0`",
      "remove the zeros at the start; an octal or padded number is written as a string"
    ),
    (
      "1e400", "expected a number a double can hold, found one beyond 1.8e308",
      "write it as a string"
    ),
    (
      "[1,\n \"abc", "expected the closing quote of a string, found the end of the text",
      "the string starts at line 2, column 2"
    ),
    (
      "\"ab\ncd\"", "expected the closing quote of a string, found the end of the line",
      "the string starts at line 1, column 1; a line break inside a string is written `\\n`"
    ),
    ("\"\t\"", "expected no tab character in a string", "a tab inside a string is written `\\t`"),
    (
      "\"abcd\u{1}\"", "expected no control character in a string, found U+0001",
      "it is written `\\u0001`"
    ),
    (#""\d+""#, #"expected an escape that JSON has, found `\d`"#, JSONMessageTests.escapes),
    (#""\u12x4""#, #"expected four hexadecimal digits after `\u`, found `\u12x4`"#, nil),
    (#""\"#, "expected the rest of an escape, found the end of the text", nil),
    (
      #""\ud83d!""#, #"expected a pair of surrogates, found `\ud83d` alone"#,
      #"a character beyond U+FFFF takes two escapes, such as `\ud83d\ude00`"#
    ),
    (
      "\u{FEFF}{}", "expected a value, found a byte order mark",
      "save the text as UTF-8 without a byte order mark"
    ),
    ("{\0}\0", "expected UTF-8, found what looks like UTF-16", "save the text as UTF-8"),
    (
      "{\"id\": 1,\r\n \"naïve\": 2,\r  \"naïve\": 3}",
      "expected each name once in an object, found `naïve` again",
      "`naïve` stood first at line 2, column 2; remove one of the two"
    ),
    (
      #"{"é": 1, "b": {}, "b": 2}"#, "expected each name once in an object, found `b` again",
      "`b` stood first at line 1, column 10; remove one of the two"
    ),
  ]

  static let escapes =
    #"a backslash itself is written `\\`; the escapes are `\"`, `\\`, `\/`, `\b`, `\f`, "#
    + #"`\n`, `\r`, `\t`, and `\u` with four digits"#

  @Test(arguments: texts.indices) func words(_ index: Int) {
    let (text, message, help) = Self.texts[index]
    let error = readJSON(text).error
    #expect(error?.message == message)
    #expect(error?.help == help)
  }

  @Test func invalidBytes() {
    let error = readJSON([0x22, 0x61, 0x62, 0x63, 0x64, 0xC3, 0x22]).error
    #expect(error?.message == "expected UTF-8, found byte 0xC3")
    #expect(readJSON([0x5B, 0x31, 0x20, 0x20, 0x9]).error?.code == .unexpectedEnd)
  }

  @Test func limits() {
    #expect(
      readJSON("[1,2]", JSONLimits(bytes: 4)).error?.message == "expected at most 4 bytes, found 5")
    #expect(
      readJSON("[[1]]", JSONLimits(depth: 1)).error?.message
        == "expected at most 1 arrays and objects inside one another")
    #expect(
      readJSON("[1,2]", JSONLimits(nodes: 2)).error?.message
        == "expected at most 2 values and names in one text")
  }

  /// A name is shown as it is spelled, harmlessly, and not at any length.
  @Test func longNames() {
    let name = String(repeating: "é", count: 1000)
    let long = readJSON("{\"\(name)\":1,\"\(name)\":2}").error
    #expect(
      long?.message
        == "expected each name once in an object, found `\(name.prefix(32))…` again")
    let hidden = readJSON("{\"\u{202E}\":1,\"\u{202E}\":2}").error
    #expect(hidden?.message == "expected each name once in an object, found `U+202E` again")
    let quoted = readJSON(#"{"a\"\\":1,"a\"\\":2}"#).error
    #expect(quoted?.message == #"expected each name once in an object, found `a\"\\` again"#)
  }
}
