import Testing

@testable import CEL

@Suite struct DurationTextTests {
  static let accepted: [(String, Int64)] = [
    ("1000000s", 1_000_000_000_000_000), ("1.5h", 5_400_000_000_000), ("0", 0), ("-0", 0),
    ("+0", 0), ("0s", 0), ("1ns", 1), ("1us1ms", 1_001_000), ("1µs", 1_000), ("1\u{03BC}s", 1_000),
    (".5s", 500_000_000), ("1.s", 1_000_000_000), ("-1.5s", -1_500_000_000), ("+5s", 5_000_000_000),
    ("1h1m1.001s", 3_661_001_000_000), ("1s1h", 3_601_000_000_000), ("1h45m47s", 6_347_000_000_000),
    ("-999999999ns", -999_999_999), ("1s1s", 2_000_000_000), ("1.9ns", 1), ("-0.9ns", 0),
    ("0.3333333333333333333h", 1_200_000_000_000), ("0.100000000000000000000h", 360_000_000_000),
    ("9223372036854775807ns", .max), ("-9223372036854775808ns", .min),
    ("2562047h", 9_223_369_200_000_000_000),
    ("9223372036.854775807s", .max), ("-9223372036.854775808s", .min),
    ("39h9m14.425s", 140_954_425_000_000), ("0.9223372036854775807h", 3_320_413_933_267),
    ("90.5s", 90_500_000_000), ("000000000000000000000000001s", 1_000_000_000),
  ]

  @Test(arguments: accepted) func accepts(text: String, expected: Int64) {
    #expect(DurationText.parse(text.utf8) == expected)
    #expect(DurationText.parse(Array(text.utf8)[...]) == expected)
  }

  static let refused = [
    "", "+", "-", "1", "1.", ".", "s", ".s", "+.s", "-.s", "1d", "1w", "1y", "3000000h",
    "9223372036854775808ns", "-9223372036854775809ns", "9223372036.854775808s",
    "320000000000s", "-320000000000s", "1h-5m", "1h 5m", " 1s", "1s ", "1S", "1H", "1sec",
    "1mss", "1.2.3s", "1e3s", "0x1s", "00", "99999999999999999999s", "1msabc", "1\u{B5}", "--1s",
    "2562047h2562047h", "1_0s",
  ]

  @Test(arguments: refused) func refuses(text: String) {
    #expect(DurationText.parse(text.utf8) == nil)
  }

  static let printed: [(Int64, String)] = [
    (3_661_001_000_000, "3661.001s"), (-1_500_000_000, "-1.5s"), (0, "0s"), (1, "0.000000001s"),
    (-1, "-0.000000001s"), (90_500_000_000, "90.5s"), (5_400_000_000_000, "5400s"),
    (1_001_000, "0.001001s"), (.max, "9223372036.854775807s"), (.min, "-9223372036.854775808s"),
    (6_347_000_000_000, "6347s"), (100_000_000, "0.1s"),
  ]

  @Test(arguments: printed) func prints(nanoseconds: Int64, expected: String) {
    #expect(DurationText.format(nanoseconds) == expected)
  }

  @Test func printedDurationsReadBack() {
    var random = PrimitiveRandom(seed: 10)
    for _ in 0..<20_000 {
      let shift = Int64.random(in: 0..<64, using: &random)
      let nanoseconds = Int64(bitPattern: random.next()) >> shift
      #expect(DurationText.parse(DurationText.format(nanoseconds).utf8) == nanoseconds)
      #expect(DurationText.parse("\(nanoseconds)ns".utf8) == nanoseconds)
    }
  }

  @Test func anyTextIsReadOrRefused() {
    var random = PrimitiveRandom(seed: 11)
    for _ in 0..<20_000 {
      let bytes = random.text(from: "0123456789.+-hmsnuµ", length: 24)
      if let nanoseconds = DurationText.parse(bytes) {
        #expect(DurationText.parse(DurationText.format(nanoseconds).utf8) == nanoseconds)
      }
    }
  }
}
