import CEL
import Testing

@Suite("math") struct MathTests {
  static let table: [Outcome] = [
    Outcome("math.greatest(1, 2.5, 3u)", "3u"),
    Outcome("math.greatest(1, 2, 3, 4, 5, 6, 7)", "7"),
    Outcome("math.least([3, 1, 2])", "1"),
    Outcome("math.least(1, 1.0)", "1"),
    Outcome("math.greatest(-9223372036854775808, 18446744073709551615u)", "18446744073709551615u"),
    Outcome("math.greatest([])", "error: invalid_argument"),
    Outcome("math.greatest()", "refused"),
    Outcome("math.greatest('a')", "refused"),
    Outcome("math.greatest(1, 2, dyn('a'))", "error: no_such_overload"),
    Outcome("math.greatest(1.0, double('NaN'))", "error: invalid_argument"),
    Outcome("math.greatest(1, 2, 1 / 0)", "error: division_by_zero"),
    Outcome("math.ceil(1.2)", "2.0"), Outcome("math.floor(-1.2)", "-2.0"),
    Outcome("math.round(2.5)", "3.0"), Outcome("math.round(-2.5)", "-3.0"),
    Outcome("math.round(0.49999999999999994)", "0.0"),
    Outcome("math.round(4503599627370495.5) == 4503599627370496.0", "true"),
    Outcome("math.trunc(-1.9)", "-1.0"), Outcome("math.ceil(1e300)", "1e+300"),
    Outcome("math.floor(double('inf'))", "+Inf"), Outcome("math.trunc(double('nan'))", "NaN"),
    Outcome("math.ceil(-0.5) == 0.0", "true"),
    Outcome("math.abs(-9223372036854775808)", "error: overflow"),
    Outcome("math.abs(-9223372036854775807)", "9223372036854775807"),
    Outcome("math.abs(-0.0)", "0.0"), Outcome("math.sign(-3)", "-1"),
    Outcome("math.sign(3u)", "1u"), Outcome("math.sign(double('nan'))", "NaN"),
    Outcome("math.sqrt(49)", "7.0"), Outcome("math.sqrt(-1.0)", "NaN"),
    Outcome("math.bitShiftLeft(1, 63)", "-9223372036854775808"),
    Outcome("math.bitShiftLeft(1, 64)", "0"),
    Outcome("math.bitShiftLeft(1, 9223372036854775807)", "0"),
    Outcome("math.bitShiftRight(-1, 63)", "1"),
    Outcome("math.bitShiftRight(1u, -1)", "error: invalid_argument"),
    Outcome("math.bitNot(0u)", "18446744073709551615u"), Outcome("math.bitXor(5, 1)", "4"),
    Outcome("math.bitAnd(1, 1u)", "refused"),
    Outcome("math.isNaN(0.0 / 0.0) && math.isInf(1.0 / 0.0) && !math.isFinite(1.0 / 0.0)", "true"),
    Outcome("math.ceil(1)", "refused"),
  ]

  @Test(arguments: table) func outcome(_ outcome: Outcome) {
    #expect(outcome.actual() == outcome.expected)
  }
}
