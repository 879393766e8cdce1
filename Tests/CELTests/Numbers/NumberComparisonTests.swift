import Testing

@testable import CEL

@Suite struct NumberComparisonTests {
  static let integers: [(Int64, UInt64, Int)] = [
    (1, 1, 0), (-1, 0, -1), (-1, .max, -1), (.min, 0, -1), (.max, 9_223_372_036_854_775_807, 0),
    (.max, 9_223_372_036_854_775_808, -1), (1, 0, 1), (0, 0, 0), (1, 9_223_372_036_854_775_808, -1),
  ]

  @Test(arguments: integers) func intAndUint(int: Int64, uint: UInt64, expected: Int) {
    #expect(NumberComparison.compare(int, uint) == expected)
  }

  static let ints: [(Int64, Double, Int?)] = [
    (.max, 9_223_372_036_854_775_808.0, 0), (.max, 9_223_372_036_854_777_857.0, -1),
    (.max, -9_223_372_036_854_777_857.0, 1), (.min, -9_223_372_036_854_775_809.0, 0),
    (.min, -9_223_372_036_854_777_857.0, 1), (9_007_199_254_740_993, 9_007_199_254_740_992.0, 0),
    (1, 1.0, 0), (1, 1.5, -1), (0, -0.0, 0), (2, 1.5, 1), (1, .nan, nil),
    (.max, .infinity, -1), (.min, -.infinity, 1),
  ]

  @Test(arguments: ints) func intAndDouble(int: Int64, double: Double, expected: Int?) {
    #expect(NumberComparison.compare(int, double) == expected)
  }

  static let uints: [(UInt64, Double, Int?)] = [
    (.max, 18_446_744_073_709_590_000.0, -1), (.max, 0x1p64.nextUp, -1),
    (.max, 18_446_744_073_709_551_616.0, 0), (.max, -1.0, 1), (0, -0.0, 0), (0, -0.5, 1),
    (9_223_372_036_854_775_807, -1.0, 1), (5, .nan, nil), (0, -.infinity, 1), (.max, .infinity, -1),
  ]

  @Test(arguments: uints) func uintAndDouble(uint: UInt64, double: Double, expected: Int?) {
    #expect(NumberComparison.compare(uint, double) == expected)
  }

  @Test func doubles() {
    #expect(NumberComparison.compare(-0.0, 0.0) == 0)
    #expect(NumberComparison.compare(1.0, 2.0) == -1)
    #expect(NumberComparison.compare(.infinity, 2.0) == 1)
    #expect(NumberComparison.compare(Double.nan, .nan) == nil)
    #expect(NumberComparison.compare(1.0, .nan) == nil)
  }

  static let conversions: [(Double, exact: Int64?, truncated: Int64?)] = [
    (1.9, nil, 1), (-7.9, nil, -7), (11.5, nil, 11), (-0.0, 0, 0), (-0.5, nil, 0), (3, 3, 3),
    (9_223_372_036_854_775_807.0, nil, nil), (-9_223_372_036_854_775_808.0, .min, nil),
    (9_223_372_036_854_774_784.0, 9_223_372_036_854_774_784, 9_223_372_036_854_774_784),
    (-9_223_372_036_854_774_784.0, -9_223_372_036_854_774_784, -9_223_372_036_854_774_784),
    (-9_223_372_036_854_777_856.0, nil, nil), (1e99, nil, nil), (-1e99, nil, nil),
    (.nan, nil, nil), (.infinity, nil, nil), (-.infinity, nil, nil),
    (.leastNonzeroMagnitude, nil, 0),
    (36_028_797_018_963_968, 36_028_797_018_963_968, 36_028_797_018_963_968),
  ]

  @Test(arguments: conversions)
  func toInt(value: Double, exact: Int64?, truncated: Int64?) {
    #expect(NumberComparison.exactInt64(value) == exact)
    #expect(NumberComparison.truncatedInt64(value) == truncated)
  }

  static let unsignedConversions: [(Double, exact: UInt64?, truncated: UInt64?)] = [
    (1.9, nil, 1), (25.5, nil, 25), (-0.0, 0, 0), (-0.5, nil, nil), (-1, nil, nil), (3, 3, 3),
    (18_446_744_073_709_551_615.0, nil, nil), (0x1p64, nil, nil), (1e99, nil, nil),
    (18_446_744_073_709_549_568.0, 18_446_744_073_709_549_568, 18_446_744_073_709_549_568),
    (.nan, nil, nil), (.infinity, nil, nil), (-.infinity, nil, nil),
    (.leastNonzeroMagnitude, nil, 0),
  ]

  @Test(arguments: unsignedConversions)
  func toUint(value: Double, exact: UInt64?, truncated: UInt64?) {
    #expect(NumberComparison.exactUInt64(value) == exact)
    #expect(NumberComparison.truncatedUInt64(value) == truncated)
  }

  private static func checked(_ integer: Double, _ double: Double, _ least: Int64) -> Int? {
    if double < Double(least) { return 1 }
    if double > (least == 0 ? 0x1p64 : 0x1p63) { return -1 }
    return NumberComparison.compare(integer, double)
  }

  /// cel-go checks the range before it converts; the comment in the source says it need not.
  @Test func agreesWithARangeCheckFirst() {
    var random = PrimitiveRandom(seed: 7)
    for _ in 0..<20_000 {
      let shift = UInt64.random(in: 0..<64, using: &random)
      let int = Int64(bitPattern: random.next()) >> Int64(shift)
      let near = Double(int) * Double.random(in: 0.5...1.5, using: &random)
      for double in [near, random.finiteDouble(), Double(int).nextUp, Double(int)] {
        #expect(NumberComparison.compare(int, double) == Self.checked(Double(int), double, .min))
        let uint = UInt64(bitPattern: int)
        #expect(NumberComparison.compare(uint, double) == Self.checked(Double(uint), double, 0))
        #expect(NumberComparison.exactInt64(double) == Int64(exactly: double))
        #expect(NumberComparison.exactUInt64(double) == UInt64(exactly: double))
      }
    }
  }
}
