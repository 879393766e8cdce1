import Testing

@testable import CEL

@Suite struct DoubleTextTests {
  static let numbers: [(String, Double)] = [
    ("0.0", 0), ("123", 123), ("123.456", 123.456), ("1.38e-23", 1.38e-23),
    ("-5.43e-21", -5.43e-21), ("1.", 1), (".5", 0.5), ("+.5e1", 5), ("1E3", 1000),
    ("1e+3", 1000), ("00012", 12), ("0e99999999999999999999", 0), ("1e-400", 0),
    ("1e-99999999999999999999", 0), ("5e-324", .leastNonzeroMagnitude),
    ("2.5e-324", .leastNonzeroMagnitude),
    ("2.4e-324", 0), ("1.7976931348623157e308", 1.7976931348623157e308),
    ("1.7976931348623158e308", 1.7976931348623157e308), ("1e22", 1e22), ("1e23", 1e23),
    ("9007199254740993", 9_007_199_254_740_992),
    ("9007199254740993.00000000000000001", 9_007_199_254_740_994),
    ("123456789012345678901234567890", 123_456_789_012_345_677_877_719_597_056), ("0.1", 0.1),
    // Rounded through 80 bits, as the compiler does with literals here, this would be 2^64.
    ("18446744073709553665.0", 0x1p64.nextUp), ("9223372036854777857.0", 0x1p63.nextUp),
    ("0x1p4", 16), ("0X1.8P-1", 0.75), ("-0x.8p1", -1), ("0x1.p+2", 4), ("0x10p0", 16),
    ("0x1p-1074", .leastNonzeroMagnitude), ("0xffffffffffffffp0", 0x1p56), ("inf", .infinity),
    ("Inf", .infinity), ("+Infinity", .infinity), ("-inf", -.infinity), ("-INFINITY", -.infinity),
  ]

  @Test(arguments: numbers) func accepts(text: String, expected: Double) {
    #expect(DoubleText.parse(text.utf8) == expected)
    #expect(DoubleText.parse(Array(text.utf8)[...]) == expected)
  }

  static let refused = [
    "", "+", "-", ".", "e5", "1e", "1e+", ".e1", "1.2.3", "1_000.0", "0x1", "0x1.8", "0xp1",
    "0x.p1", "0x1p", "0x_1p4", "1p4", " 1", "1 ", "1f", "1d", "+nan", "-NaN", "nano", "in",
    "infinit", "infinityy", "--1", "1e400", "-1e400", "1.7976931348623159e308", "0x1p1024",
    "1,5", "٣", "NaN()", "1e5.5", "0x1e5",
  ]

  @Test(arguments: refused) func refuses(text: String) {
    #expect(DoubleText.parse(text.utf8) == nil)
  }

  @Test func signsAndNaN() throws {
    #expect(try #require(DoubleText.parse("NaN".utf8)).isNaN)
    #expect(try #require(DoubleText.parse("nAn".utf8)).isNaN)
    #expect(try #require(DoubleText.parse("-0".utf8)).sign == .minus)
    #expect(try #require(DoubleText.parse("-1e-400".utf8)).sign == .minus)
    #expect(try #require(DoubleText.parse("0".utf8)).sign == .plus)
  }

  @Test func longTexts() {
    let zeros = String(repeating: "0", count: 10_000)
    #expect(DoubleText.parse("1\(zeros)e-10000".utf8) == 1)
    #expect(DoubleText.parse("0.\(zeros)1e10001".utf8) == 1)
    #expect(DoubleText.parse("\(zeros).\(zeros)".utf8) == 0)
    #expect(DoubleText.parse("1\(zeros)".utf8) == nil)
  }

  static let printed: [(Double, String)] = [
    (1, "1"), (-0.0, "-0"), (0, "0"), (-4.5e-3, "-0.0045"), (123.456, "123.456"),
    (0.0001, "0.0001"), (0.00001, "1e-05"), (1e-6, "1e-06"), (1e-7, "1e-07"),
    (100_000, "100000"), (123_456, "123456"), (1e6, "1e+06"), (1_234_567, "1.234567e+06"),
    (123_456_789, "1.23456789e+08"), (999_999.5, "999999.5"), (1e21, "1e+21"), (1e22, "1e+22"),
    (1e100, "1e+100"), (1.5e-300, "1.5e-300"), (.leastNonzeroMagnitude, "5e-324"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
    (9_007_199_254_740_992, "9.007199254740992e+15"),
    (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1.9, "1.9"), (56.8, "56.8"),
  ]

  @Test(arguments: printed) func prints(value: Double, expected: String) {
    #expect(DoubleText.format(value) == expected)
  }

  @Test func printedDoublesReadBack() {
    var random = PrimitiveRandom(seed: 3)
    for _ in 0..<20_000 {
      let value = random.finiteDouble()
      #expect(DoubleText.parse(DoubleText.format(value).utf8)?.bitPattern == value.bitPattern)
      #expect(DoubleText.parse(value.description.utf8)?.bitPattern == value.bitPattern)
    }
  }

  /// The short way of the parser must agree with the general one.
  @Test func shortDecimalsRoundOnce() {
    var random = PrimitiveRandom(seed: 4)
    for _ in 0..<20_000 {
      let whole = Int64.random(in: 0...999_999, using: &random)
      let fraction = Int64.random(in: 0...9_999_999, using: &random)
      let exponent = Int.random(in: -30...30, using: &random)
      let text = "\(whole).\(fraction)e\(exponent)"
      #expect(DoubleText.parse(text.utf8) == Double(text), "`\(text)`")
    }
  }

  @Test func anyTextIsReadOrRefused() {
    var random = PrimitiveRandom(seed: 5)
    for _ in 0..<20_000 {
      let bytes = random.text(from: "0123456789..eE+-xXpPinfa_", length: 12)
      let value = DoubleText.parse(bytes)
      let text = String(decoding: bytes, as: UTF8.self)
      if let value { #expect(Double(text) == value, "`\(text)`") }
    }
  }
}
