import Testing

@testable import CEL

@Suite struct DoubleFormatTests {
  static let fixedTexts: [(Double, Int, String)] = [
    (1.2345, 3, "1.234"), (2.345, 2, "2.35"), (2, 3, "2.000"), (3, 6, "3.000000"),
    (123, 0, "123"), (3.5001, 0, "4"), (0.5, 0, "0"), (1.5, 0, "2"), (2.5, 0, "2"),
    (-0.5, 0, "-0"), (-1.5, 0, "-2"), (123.4999, 3, "123.500"), (-123.4999, 3, "-123.500"),
    (123.4994, 3, "123.499"), (-1.2, 5, "-1.20000"), (2.71828, 6, "2.718280"),
    (0, 2, "0.00"), (-0.0, 1, "-0.0"), (0.04, 1, "0.0"), (0.05, 1, "0.1"), (0.25, 1, "0.2"),
    (0.75, 1, "0.8"), (9.995, 2, "9.99"), (99.5, 0, "100"), (9.96, 1, "10.0"), (0.96, 1, "1.0"),
    (0.006, 2, "0.01"), (0.004, 2, "0.00"), (0.005, 2, "0.01"), (0.0005, 2, "0.00"),
    (1e21, 2, "1000000000000000000000.00"), (1e23, 0, "99999999999999991611392"),
    (0.1, 55, "0.1000000000000000055511151231257827021181583404541015625"),
    (0.1, 30, "0.100000000000000005551115123126"), (1, -3, "1"),
    (.nan, 2, "NaN"), (.infinity, 2, "Infinity"), (-.infinity, 2, "-Infinity"),
  ]

  @Test(arguments: fixedTexts) func fixed(value: Double, precision: Int, expected: String) {
    #expect(DoubleFormat.fixed(value, precision: precision) == expected)
  }

  static let scientificTexts: [(Double, Int, String)] = [
    (2.71828, 6, "2.718280e+00"), (2, 6, "2.000000e+00"), (12345.678, 6, "1.234568e+04"),
    (1052.032911275, 6, "1.052033e+03"), (0, 6, "0.000000e+00"), (-0.0, 2, "-0.00e+00"),
    (1, 0, "1e+00"), (1.5, 0, "2e+00"), (2.5, 0, "2e+00"), (9.5, 0, "1e+01"), (8.5, 0, "8e+00"),
    (9.995e9, 2, "1.00e+10"), (9.985e9, 2, "9.98e+09"), (9.996e9, 2, "1.00e+10"),
    (1e-7, 1, "1.0e-07"),
    (.leastNonzeroMagnitude, 3, "4.941e-324"), (1.7976931348623157e308, 3, "1.798e+308"),
    (1e100, 2, "1.00e+100"),
    (-1.25, 1, "-1.2e+00"), (.nan, 6, "NaN"), (.infinity, 6, "Infinity"),
    (-.infinity, 6, "-Infinity"),
  ]

  @Test(arguments: scientificTexts) func scientific(value: Double, precision: Int, expected: String)
  {
    #expect(DoubleFormat.scientific(value, precision: precision) == expected)
  }

  static let shortestTexts: [(Double, String)] = [
    (4.2, "4.2"), (56.8, "56.8"), (1, "1"), (-0.0, "-0"), (1e-7, "0.0000001"),
    (1e21, "1000000000000000000000"), (123_456_789, "123456789"), (0.1, "0.1"),
    (.infinity, "Infinity"), (-.infinity, "-Infinity"), (.nan, "NaN"),
  ]

  @Test(arguments: shortestTexts) func shortest(value: Double, expected: String) {
    #expect(DoubleFormat.shortest(value) == expected)
  }

  @Test func precisionIsCut() {
    let longest = "0." + String(repeating: "0", count: DoubleFormat.maximumPrecision)
    #expect(DoubleFormat.fixed(0, precision: DoubleFormat.maximumPrecision) == longest)
    #expect(DoubleFormat.fixed(0, precision: .max) == longest)
    #expect(DoubleFormat.scientific(1, precision: .max).utf8.count == longest.utf8.count + 4)
    #expect(DoubleFormat.scientific(1, precision: .min) == "1e+00")
  }

  /// The least double has 751 digits, after 323 zeros.
  @Test func everyDigitOfTheLeastDouble() {
    let text = DoubleFormat.scientific(.leastNonzeroMagnitude, precision: 1000)
    #expect(text.hasPrefix("4.94065645841246544176568792868221372365059802614324"))
    let digits = text.dropFirst(2).prefix(1000)
    #expect(digits.hasSuffix(String(repeating: "0", count: 250)))
    #expect(digits.dropLast(250).hasSuffix("265625"))
  }

  @Test func seventeenDigitsReadBack() {
    var random = PrimitiveRandom(seed: 6)
    for _ in 0..<5_000 {
      let value = random.finiteDouble()
      let scientific = DoubleFormat.scientific(value, precision: 16)
      #expect(Double(scientific)?.bitPattern == value.bitPattern)
      let near = Double.random(in: -1e6...1e6, using: &random)
      #expect(Double(DoubleFormat.fixed(near, precision: 40)) == near)
      let short = DoubleFormat.shortest(near)
      #expect(Double(short) == near)
    }
  }

  /// Quarters and eighths are exact in both bases, so integers can predict the rounding.
  @Test func halvesGoToEven() {
    for eighths in -4000...4000 {
      let value = Double(eighths) / 8
      let thousandths = eighths.magnitude * 125
      let (quotient, rest) = thousandths.quotientAndRemainder(dividingBy: 10)
      let rounded = rest > 5 || (rest == 5 && quotient % 2 == 1) ? quotient + 1 : quotient
      let cents = rounded % 100
      let sign = value.sign == .minus ? "-" : ""
      let expected = "\(sign)\(rounded / 100).\(cents < 10 ? "0" : "")\(cents)"
      #expect(DoubleFormat.fixed(value, precision: 2) == expected)
    }
  }
}
