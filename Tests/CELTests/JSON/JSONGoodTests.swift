import CEL
import Testing

@Suite struct JSONGoodTests {
  typealias Case = (text: String, value: JSONValue)

  static let values: [Case] = [
    ("null", .null), ("true", .bool(true)), ("false", .bool(false)), (" \t\r\n null\n", .null),
    ("[]", .array([])), ("{}", .object([])), ("[ ]", .array([])), ("{\n}", .object([])),
    ("[[]]", .array([.array([])])), ("[{},[]]", .array([.object([]), .array([])])),
    ("[1,2]", .array([.int(1), .int(2)])), ("[ 1 , 2 ]", .array([.int(1), .int(2)])),
    ("[null,true,false]", .array([.null, .bool(true), .bool(false)])),
    (#"{"a":1}"#, object(("a", .int(1)))), (#"{"":0}"#, object(("", .int(0)))),
    (#"{ "a" : [ ] , "b" : { } }"#, object(("a", .array([])), ("b", .object([])))),
    (#"{"a":{"a":{"a":1}}}"#, object(("a", object(("a", object(("a", .int(1)))))))),
    (#"{"a":[{"b":2}],"c":3}"#, object(("a", .array([object(("b", .int(2)))])), ("c", .int(3)))),
    (#"{"a":1,"A":2,"b":1}"#, object(("a", .int(1)), ("A", .int(2)), ("b", .int(1)))),
    // Equal to Swift strings, different to JSON.
    (#"{"\u00e9":1,"e\u0301":2}"#, object(("\u{E9}", .int(1)), ("e\u{301}", .int(2)))),
    (#"[[[[[[1]]]],2],3]"#, deep),
  ]

  static let strings: [Case] = [
    (#""""#, .string("")), (#""a""#, .string("a")), (#"" ""#, .string(" ")),
    (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
    (#""\u0041""#, .string("A")), (#""\u00e9\u00E9""#, .string("\u{E9}\u{E9}")),
    (#""\u0000""#, .string("\0")), (#""\u001f\u007f\u0080""#, .string("\u{1F}\u{7F}\u{80}")),
    (#""\u07ff\u0800\uffff""#, .string("\u{7FF}\u{800}\u{FFFF}")),
    (#""\ud800\udc00\udbff\udfff""#, .string("\u{10000}\u{10FFFF}")),
    (#""\uD83D\uDE00x""#, .string("😀x")), (#""\ud7ff\ue000""#, .string("\u{D7FF}\u{E000}")),
    (#""\\u0041""#, .string(#"\u0041"#)), (#""\\\\n""#, .string(#"\\n"#)),
    (#""/""#, .string("/")), (#""é€😀""#, .string("é€😀")), ("\"\u{7F}\"", .string("\u{7F}")),
    ("\"\u{2028}\u{2029}\u{FEFF}\"", .string("\u{2028}\u{2029}\u{FEFF}")),
    (#""{}[],:""#, .string("{}[],:")), (#""12345678""#, .string("12345678")),
    (#""1234567\n89é\u0041bcdefghijk\\""#, .string("1234567\n89éAbcdefghijk\\")),
    (#"["\n","x","\t\r"]"#, .array([.string("\n"), .string("x"), .string("\t\r")])),
  ]

  static let numbers: [Case] = [
    ("0", .int(0)), ("-0", .int(0)), ("7", .int(7)), ("-7", .int(-7)), ("10", .int(10)),
    ("123456789012345678", .int(123_456_789_012_345_678)),
    ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("9223372036854775808", .uint(1 << 63)), ("18446744073709551615", .uint(.max)),
    ("18446744073709551616", .double(18446744073709551616)),
    ("-9223372036854775809", .double(-9223372036854775808)),
    ("99999999999999999999", .double(1e20)),
    ("-18446744073709551615", .double(-18446744073709551616)),
  ]

  static let doubles: [(text: String, value: Double)] = [
    ("1.0", 1), ("1e3", 1000), ("1E3", 1000), ("1e+3", 1000),
    ("1e-3", 0.001), ("1.5e2", 150), ("-0.0", -0.0),
    ("0.0", 0), ("0e0", 0), ("-0e5", -0.0), ("0.1", 0.1),
    ("1e01", 10), ("1e00", 1), ("0e999999999999999999999", 0),
    ("3.141592653589793", 3.141592653589793), ("1e22", 1e22),
    ("1e23", 1e23), ("1.7976931348623157e308", 1.7976931348623157e308),
    ("1.7976931348623158e308", 1.7976931348623157e308),
    ("2.2250738585072011e-308", .leastNormalMagnitude.nextDown),
    ("2.2250738585072014e-308", .leastNormalMagnitude),
    ("5e-324", .leastNonzeroMagnitude), ("2.4703282292062328e-324", .leastNonzeroMagnitude),
    ("2.4703282292062327e-324", 0), ("1e-999999999999999999999", 0),
    // Halfway between two doubles: to even, and away from it as soon as there is one digit more.
    ("9007199254740993.0", 9007199254740992),
    ("9007199254740993.00000000000000000000000000000000001", 9007199254740994),
    ("9007199254740995.0", 9007199254740996),
    ("1.00000000000000011102230246251565404236316680908203125", 1),
    ("1.00000000000000011102230246251565404236316680908203126", 1.0000000000000002),
    ("0.000000000000000000000000000000000000000000000000001", 1e-51),
  ]

  @Test(arguments: values.indices) func value(_ index: Int) { check(Self.values[index]) }
  @Test(arguments: strings.indices) func string(_ index: Int) { check(Self.strings[index]) }
  @Test(arguments: numbers.indices) func number(_ index: Int) {
    checkNumber(Self.numbers[index])
  }

  @Test(arguments: doubles.indices) func double(_ index: Int) {
    checkNumber((Self.doubles[index].text, .double(Self.doubles[index].value)))
  }

  private func checkNumber(_ sample: Case) {
    let (text, value) = sample
    check((text, value))
    check(("[\(text)]", .array([value])))
    check(("{\"a\":\(text) }", Self.object(("a", value))))
  }

  /// Ten thousand digits round as if all of them had been looked at, and take no longer than they
  /// should.
  @Test func longNumbers() {
    let zeros = String(repeating: "0", count: 10_000)
    check(("1.\(zeros)", .double(1)))
    check(("1.00000000000000011102230246251565404236316680908203125\(zeros)", .double(1)))
    check(
      (
        "1.00000000000000011102230246251565404236316680908203125\(zeros)1",
        .double(1.0000000000000002)
      ))
    check(("1\(zeros)e-10000", .double(1)))
    check(("0.\(zeros)1e10001", .double(1)))
    check(("0.\(zeros)\(zeros)", .double(0)))
    check(("1\(zeros.prefix(308))", .double(1e308)))
    #expect(readJSON("1\(zeros.prefix(309))").error?.code == .numberOutOfRange)
  }

  /// A string may end, or need a second look, at any place of the eight bytes that are read
  /// together.
  @Test func everyAlignment() {
    for length in 0...40 {
      for place in 0...length {
        for special in ["", "\\n", "\\u00e9", "é", "€", "😀", "\u{7F}"] {
          let before = String(repeating: "a", count: place)
          let after = String(repeating: "b", count: length - place)
          let text = "\"\(before)\(special)\(after)\""
          #expect(readJSON(text).value == JSONReference.read(Array(text.utf8)))
        }
      }
    }
  }

  @Test func whiteSpaceOfEveryLength() {
    for length in 0...40 {
      let space = String(repeating: " ", count: length)
      let value = JSONValue.array([.int(1), .int(2)])
      check(("\(space)[\(space)1\(space),\(space)2\(space)]\(space)", value))
      check(("\n\(space)[\t\(space)1\(space)\r\n,\(space) 2\n\(space)]\(space)\n", value))
    }
  }

  private func check(_ sample: Case) {
    let (text, value) = sample
    let result = readJSON(text)
    #expect(result.value == value, "\(text.prefix(100)) \(String(describing: result.error))")
    #expect(JSONReference.read(Array(text.utf8)) == value, "the oracle: \(text.prefix(100))")
  }

  private static func object(_ members: (String, JSONValue)...) -> JSONValue {
    .object(members.map { .init(name: Array($0.0.utf8), value: $0.1) })
  }

  private static let deep: JSONValue = {
    var value = JSONValue.int(1)
    for _ in 0..<4 { value = .array([value]) }
    return .array([.array([value, .int(2)]), .int(3)])
  }()
}
