import Testing

@testable import CEL

@Suite struct IntegerTextTests {
  static let ints: [(String, Int64?)] = [
    ("987", 987), ("+5", 5), ("-5", -5), ("-0", 0), ("0", 0), ("007", 7),
    ("9223372036854775807", .max), ("9223372036854775808", nil),
    ("-9223372036854775808", .min), ("-9223372036854775809", nil),
    ("99999999999999999999999999", nil), ("18446744073709551616", nil),
    ("", nil), ("+", nil), ("-", nil), ("--1", nil), ("+-1", nil), (" 5", nil), ("5 ", nil),
    ("0x10", nil), ("1_000", nil), ("1.0", nil), ("1e3", nil), ("5u", nil), ("\u{0661}", nil),
  ]

  @Test(arguments: ints) func int(text: String, expected: Int64?) {
    #expect(IntegerText.int(text.utf8) == expected)
  }

  static let uints: [(String, UInt64?)] = [
    ("300", 300), ("0", 0), ("000", 0), ("18446744073709551615", .max),
    ("18446744073709551616", nil), ("184467440737095516150", nil),
    ("+5", nil), ("-0", nil), ("-1", nil), ("", nil), (" 5", nil), ("5u", nil), ("0x1", nil),
  ]

  @Test(arguments: uints) func uint(text: String, expected: UInt64?) {
    #expect(IntegerText.uint(text.utf8) == expected)
  }

  @Test func agreesWithTheStandardLibrary() {
    var random = PrimitiveRandom(seed: 1)
    for _ in 0..<20_000 {
      let text = String(decoding: random.text(from: "0123456789+-9 ", length: 21), as: UTF8.self)
      #expect(IntegerText.int(text.utf8) == Int64(text), "`\(text)`")
      let unsigned = text.hasPrefix("+") || text.hasPrefix("-") ? nil : UInt64(text)
      #expect(IntegerText.uint(text.utf8) == unsigned, "`\(text)`")
    }
  }

  @Test func printedIntegersReadBack() {
    var random = PrimitiveRandom(seed: 2)
    for shift in 0..<64 {
      let unsigned = random.next() >> UInt64(shift)
      #expect(IntegerText.uint(String(unsigned).utf8) == unsigned)
      let signed = Int64(bitPattern: random.next()) >> Int64(shift)
      #expect(IntegerText.int(Array(String(signed).utf8)[...]) == signed)
    }
  }

  static let bools: [(String, Bool?)] = [
    ("1", true), ("t", true), ("T", true), ("TRUE", true), ("true", true), ("True", true),
    ("0", false), ("f", false), ("F", false), ("FALSE", false), ("false", false),
    ("False", false), ("tRUE", nil), ("TrUe", nil), ("yes", nil), ("", nil), ("true ", nil),
    ("tru", nil), ("2", nil), ("00", nil),
  ]

  @Test(arguments: bools) func bool(text: String, expected: Bool?) {
    #expect(BoolText.parse(text.utf8) == expected)
  }
}
