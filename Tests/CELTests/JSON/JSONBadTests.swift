import CEL
import Testing

@Suite struct JSONBadTests {
  typealias Code = JSONError.Code
  typealias Case = (text: String, code: Code, offset: Int)

  static let structures: [Case] = [
    ("", .unexpectedEnd, 0), (" \n", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1),
    ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
    (#"{"a""#, .unexpectedEnd, 4), (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":1"#, .unexpectedEnd, 6),
    (#"{"a":1,"#, .unexpectedEnd, 7), ("[[]", .unexpectedEnd, 3), ("]", .unexpectedCharacter, 0),
    ("}", .unexpectedCharacter, 0), (",", .unexpectedCharacter, 0), (":", .unexpectedCharacter, 0),
    ("[1,]", .unexpectedCharacter, 3), ("[,1]", .unexpectedCharacter, 1),
    ("[1,,2]", .unexpectedCharacter, 3), ("[1 2]", .unexpectedCharacter, 3),
    ("[1:2]", .unexpectedCharacter, 2), ("[1}", .unexpectedCharacter, 2),
    (#"{"a":1]"#, .unexpectedCharacter, 6), (#"{"a":1,}"#, .unexpectedCharacter, 7),
    ("{,}", .unexpectedCharacter, 1), (#"{"a"}"#, .unexpectedCharacter, 4),
    (#"{"a" 1}"#, .unexpectedCharacter, 5), (#"{"a"=1}"#, .unexpectedCharacter, 4),
    (#"{"a"::1}"#, .unexpectedCharacter, 5), (#"{"a":}"#, .unexpectedCharacter, 5),
    (#"{"a":1 "b":2}"#, .unexpectedCharacter, 7), ("{1:2}", .unexpectedCharacter, 1),
    ("{a:1}", .unexpectedCharacter, 1), ("{null:1}", .unexpectedCharacter, 1),
    ("{'a':1}", .unexpectedCharacter, 1), (#"{"a":1,,"b":2}"#, .unexpectedCharacter, 7),
    ("['a']", .unexpectedCharacter, 1), ("1 2", .trailingContent, 2), ("{}}", .trailingContent, 2),
    ("[]]", .trailingContent, 2), ("{}{}", .trailingContent, 2), ("[],", .trailingContent, 2),
    ("null x", .trailingContent, 5), ("nullx", .trailingContent, 4),
    ("\"a\"\"b\"", .trailingContent, 3), ("[1]//", .trailingContent, 3),
    ("// a\n1", .unexpectedCharacter, 0), ("/* a */ 1", .unexpectedCharacter, 0),
    ("[1,/**/2]", .unexpectedCharacter, 3), ("# a\n1", .unexpectedCharacter, 0),
    ("1\0", .invalidUTF8, 1), ("[1\0]", .unexpectedCharacter, 2),
    ("[1,\u{B}2]", .unexpectedCharacter, 3),
    ("\u{A0}1", .unexpectedCharacter, 0), ("[\u{2028}]", .unexpectedCharacter, 1),
    ("nul", .unexpectedCharacter, 0), ("tru", .unexpectedCharacter, 0),
    ("fals", .unexpectedCharacter, 0),
    ("n", .unexpectedCharacter, 0), ("nulL", .unexpectedCharacter, 0),
    ("True", .unexpectedCharacter, 0),
    ("undefined", .unexpectedCharacter, 0), ("NaN", .unexpectedCharacter, 0),
    ("[truefalse]", .unexpectedCharacter, 5), ("*", .unexpectedCharacter, 0),
  ]

  static let numbers: [Case] = [
    ("-", .invalidNumber, 1), ("--1", .invalidNumber, 1), ("-a", .invalidNumber, 1),
    ("-Infinity", .invalidNumber, 1), ("-.5", .invalidNumber, 1), ("01", .invalidNumber, 0),
    ("-01", .invalidNumber, 1), ("00", .invalidNumber, 0), ("012.5", .invalidNumber, 0),
    ("1.", .invalidNumber, 2), ("[1.]", .invalidNumber, 3), ("1.e5", .invalidNumber, 2),
    ("1e", .invalidNumber, 2), ("1e+", .invalidNumber, 3), ("[1E-]", .invalidNumber, 4),
    ("1.5e", .invalidNumber, 4), ("1e1.5", .trailingContent, 3), ("1.2.3", .trailingContent, 3),
    ("0x10", .trailingContent, 1), ("1_000", .trailingContent, 1), ("1,000", .trailingContent, 1),
    ("+1", .unexpectedCharacter, 0), (".5", .unexpectedCharacter, 0),
    ("Infinity", .unexpectedCharacter, 0),
    ("1e309", .numberOutOfRange, 0), ("[-1e309]", .numberOutOfRange, 1),
    ("1.7976931348623159e308", .numberOutOfRange, 0),
    ("1e999999999999999999999999", .numberOutOfRange, 0), ("１", .unexpectedCharacter, 0),
    ("0." + String(repeating: "0", count: 400) + "1e99999", .numberOutOfRange, 0),
  ]

  static let strings: [Case] = [
    ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2), ("\"abcdefghijk", .unexpectedEnd, 12),
    ("\"é", .unexpectedEnd, 3), ("\"\\\"", .unexpectedEnd, 3), ("\"a\\", .unexpectedEnd, 2),
    ("\"a\nb\"", .controlCharacter, 2), ("\"a\tb\"", .controlCharacter, 2),
    ("\"abc\0\"", .controlCharacter, 4), ("\"abcdefghi\u{1F}\"", .controlCharacter, 10),
    (#""\x41""#, .invalidEscape, 1), (#""\'""#, .invalidEscape, 1), (#""\a""#, .invalidEscape, 1),
    (#""\U0041""#, .invalidEscape, 1), (#""\0""#, .invalidEscape, 1), (#""\é""#, .invalidEscape, 1),
    (#""\u""#, .invalidEscape, 1), (#""\u00""#, .invalidEscape, 1),
    (#""\u004""#, .invalidEscape, 1),
    (#""\u00g0""#, .invalidEscape, 1), (#""\u+123""#, .invalidEscape, 1),
    (#""\u{41}""#, .invalidEscape, 1),
    (#""ab\u12"#, .invalidEscape, 3), (#""\ud800""#, .unpairedSurrogate, 1),
    (#""\udc00""#, .unpairedSurrogate, 1), (#""a\udfffb""#, .unpairedSurrogate, 2),
    (#""\ud800\ud800""#, .unpairedSurrogate, 1), (#""\ud800\u0041""#, .unpairedSurrogate, 1),
    (#""\ud800x""#, .unpairedSurrogate, 1), (#""\ud800\n""#, .unpairedSurrogate, 1),
    (#""\udc00\ud800""#, .unpairedSurrogate, 1), (#""\ud800\uzzzz""#, .invalidEscape, 7),
    (#""\ud83d\ude0""#, .invalidEscape, 7),
  ]

  static let doubleNames: [Case] = [
    (#"{"a":1,"a":2}"#, .duplicateKey, 7), (#"{"a":1,"b":2,"a":1}"#, .duplicateKey, 13),
    (#"{"a":1,"\u0061":2}"#, .duplicateKey, 7), (#"{"\u0061":1,"a":2}"#, .duplicateKey, 12),
    (#"{"\/":1,"/":2}"#, .duplicateKey, 8), (#"{"":1,"":2}"#, .duplicateKey, 6),
    (#"{"é":1,"\u00e9":2}"#, .duplicateKey, 8), (#"{"😀":1,"\ud83d\ude00":2}"#, .duplicateKey, 10),
    (#"[{"x":{"b":[{}],"b":[]}}]"#, .duplicateKey, 16),
    (#"{"a":{"b":1},"c":[1,[2]],"a":1}"#, .duplicateKey, 25),
    (#"{"\n":1,"b":2,"c":3,"c":4}"#, .duplicateKey, 20),
  ]

  @Test(arguments: structures.indices) func structure(_ index: Int) {
    check(Self.structures[index])
  }
  @Test(arguments: numbers.indices) func number(_ index: Int) { check(Self.numbers[index]) }
  @Test(arguments: strings.indices) func string(_ index: Int) { check(Self.strings[index]) }
  @Test(arguments: doubleNames.indices) func doubleName(_ index: Int) {
    check(Self.doubleNames[index])
  }

  static let encodings: [(bytes: [UInt8], code: Code, offset: Int)] = [
    ([0xEF, 0xBB, 0xBF, 0x31], .byteOrderMark, 0), ([0xEF, 0xBB, 0xBF], .byteOrderMark, 0),
    ([0xFF, 0xFE, 0x31, 0x00], .invalidUTF8, 0), ([0xFE, 0xFF, 0x00, 0x31], .invalidUTF8, 0),
    ([0x7B, 0x00, 0x7D, 0x00], .invalidUTF8, 1), ([0x00, 0x7B, 0x00, 0x7D], .invalidUTF8, 0),
    ([0x22, 0x00, 0x61, 0x00], .invalidUTF8, 1), ([0xFF], .invalidUTF8, 0),
    ([0x80], .invalidUTF8, 0),
    ([0x5B, 0xC3], .invalidUTF8, 1), ([0x5B, 0x31, 0xC3, 0x28, 0x5D], .invalidUTF8, 2),
    ([0x22, 0xC3, 0x22], .invalidUTF8, 1), ([0x22, 0xE2, 0x82], .invalidUTF8, 1),
    ([0x22, 0xC0, 0xAF, 0x22], .invalidUTF8, 1),
    ([0x22, 0x61, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, 2),
    ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xF0, 0x80, 0x80, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xE0, 0x80, 0x80, 0x22], .invalidUTF8, 1), ([0x22, 0xFC, 0x80, 0x22], .invalidUTF8, 1),
    ([0x22, 0xE2, 0x82, 0xAC, 0xBF, 0x22], .invalidUTF8, 4),
  ]

  @Test(arguments: encodings.indices) func encoding(_ index: Int) {
    let (bytes, code, offset) = Self.encodings[index]
    let error = readJSON(bytes).error
    #expect(error?.code == code)
    #expect(error?.offset == offset)
  }

  /// Every pair of bytes, and every kind of third and fourth byte, is judged as the standard
  /// library judges it.
  @Test func everySequence() {
    let ends: [[UInt8]] = [
      [], [0x80], [0xBF], [0x7F], [0xC0], [0x80, 0x80], [0xBF, 0xBF], [0x80, 0x41], [0x80, 0xC0],
    ]
    var wrong: [[UInt8]] = []
    for first in UInt8(0x80)...0xFF {
      for second in UInt8.min...0xFF {
        for end in ends {
          let inside = [first, second] + end
          let bytes = [0x22] + inside + [0x22]
          if (readJSON(bytes).error == nil) != (JSONReference.read(bytes) != nil) {
            wrong.append(inside)
          }
        }
      }
    }
    #expect(wrong == [])
  }

  private func check(_ sample: Case) {
    let error = readJSON(sample.text).error
    #expect(error?.code == sample.code, "\(sample.text.prefix(100))")
    #expect(error?.offset == sample.offset, "\(sample.text.prefix(100))")
    #expect(JSONReference.read(Array(sample.text.utf8)) == nil, "the oracle: \(sample.text)")
  }
}
