import Testing

@testable import CEL

@Suite struct TimestampTests {
  static let accepted: [(String, Int64, UInt32, String)] = [
    ("2009-02-13T23:31:30Z", 1_234_567_890, 0, "2009-02-13T23:31:30Z"),
    (
      "9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999,
      "9999-12-31T23:59:59.999999999Z"
    ),
    ("0001-01-01T00:00:00Z", -62_135_596_800, 0, "0001-01-01T00:00:00Z"),
    ("1970-01-01T00:00:00.5Z", 0, 500_000_000, "1970-01-01T00:00:00.5Z"),
    ("1969-12-31T23:59:59.000000001Z", -1, 1, "1969-12-31T23:59:59.000000001Z"),
    ("2026-01-02T03:04:05.600+02:00", 1_767_315_845, 600_000_000, "2026-01-02T01:04:05.6Z"),
    (
      "2026-01-01T00:00:00.1234567899Z", 1_767_225_600, 123_456_789,
      "2026-01-01T00:00:00.123456789Z"
    ),
    ("2026-01-01T00:00:00-00:00", 1_767_225_600, 0, "2026-01-01T00:00:00Z"),
    ("2026-01-01T00:00:00+23:59", 1_767_139_260, 0, "2025-12-31T00:01:00Z"),
    ("2000-02-29T12:00:00Z", 951_825_600, 0, "2000-02-29T12:00:00Z"),
    ("0000-12-31T23:30:00-01:00", -62_135_595_000, 0, "0001-01-01T00:30:00Z"),
    ("2023-02-03T23:31:20+00:00", 1_675_467_080, 0, "2023-02-03T23:31:20Z"),
    ("1900-02-28T23:59:59.120Z", -2_203_891_201, 120_000_000, "1900-02-28T23:59:59.12Z"),
  ]

  @Test(arguments: accepted)
  func accepts(text: String, seconds: Int64, nanoseconds: UInt32, printed: String) throws {
    let timestamp = try #require(Timestamp(rfc3339: text.utf8))
    #expect(timestamp == Timestamp(trusted: seconds, nanoseconds: nanoseconds))
    #expect(timestamp.text == printed)
    #expect(Timestamp(rfc3339: Array(text.utf8)[...]) == timestamp)
  }

  static let refused = [
    "", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "2026-01-01T23:60:00Z",
    "2026-01-01T23:59:60Z", "2016-12-31T23:59:60Z", "10000-01-01T00:00:00Z",
    "2026-01-01t00:00:00Z", "2026-01-01T00:00:00z", "2026-01-01 00:00:00Z",
    "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+05:60", "2026-01-01T00:00:00+0530",
    "2026-01-01T00:00:00+05", "2026-01-01T00:00:00Z ", " 2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z", "2026-01-01T0:00:00Z",
    "2026-1-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z",
    "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "0000-12-31T23:59:59Z",
    "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "-001-01-01T00:00:00Z",
    "2026-01-01T00:00Z", "2026-01-01T00:00:00ZZ", "2026-01-01T00:00:00Z+01:00", "T", "2026",
  ]

  @Test(arguments: refused) func refuses(text: String) {
    #expect(Timestamp(rfc3339: text.utf8) == nil)
  }

  @Test func componentsAreNormalised() {
    let before = Timestamp(trusted: -1, nanoseconds: 999_999_999)
    #expect(Timestamp(seconds: 0, nanoseconds: -1) == before)
    let after = Timestamp(trusted: 3, nanoseconds: 500_000_000)
    #expect(Timestamp(seconds: 1, nanoseconds: 2_500_000_000) == after)
    #expect(Timestamp(seconds: 253_402_300_800, nanoseconds: -1)?.nanoseconds == 999_999_999)
    #expect(Timestamp(seconds: 253_402_300_800, nanoseconds: 0) == nil)
    #expect(Timestamp(seconds: 253_402_300_799, nanoseconds: 1_000_000_000) == nil)
    #expect(Timestamp(seconds: -62_135_596_801, nanoseconds: 0) == nil)
    #expect(Timestamp(seconds: -62_135_596_800, nanoseconds: -1) == nil)
    for seconds in [Int64.min, .max] {
      for nanoseconds in [Int64.min, -1, 0, .max] {
        #expect(Timestamp(seconds: seconds, nanoseconds: nanoseconds) == nil)
      }
    }
  }

  static let sums: [(String, Int64, String?)] = [
    ("2009-02-13T23:00:00Z", 240_000_000_000, "2009-02-13T23:04:00Z"),
    ("0001-01-01T00:00:01.999999999Z", 999_999_999, "0001-01-01T00:00:02.999999998Z"),
    ("2009-02-13T23:10:00Z", -600_000_000_000, "2009-02-13T23:00:00Z"),
    ("0001-01-01T00:00:00Z", -1_000_000_000, nil), ("0001-01-01T00:00:00Z", -1, nil),
    ("9999-12-31T23:59:59.999999999Z", 1, nil), ("9999-12-31T23:59:59Z", 1_000_000_000, nil),
    ("9999-12-31T23:59:59Z", .max, nil), ("0001-01-01T00:00:00Z", .min, nil),
    ("1970-01-01T00:00:00Z", .max, "2262-04-11T23:47:16.854775807Z"),
    ("1970-01-01T00:00:00Z", .min, "1677-09-21T00:12:43.145224192Z"),
  ]

  @Test(arguments: sums) func adds(text: String, duration: Int64, expected: String?) throws {
    let timestamp = try #require(Timestamp(rfc3339: text.utf8))
    #expect(timestamp.adding(duration)?.text == expected)
    if duration != .min { #expect(timestamp.subtracting(-duration)?.text == expected) }
  }

  @Test func subtractsTheShortestDuration() throws {
    let epoch = Timestamp(trusted: 0, nanoseconds: 0)
    #expect(epoch.subtracting(.min)?.text == "2262-04-11T23:47:16.854775808Z")
  }

  @Test func differences() throws {
    let first = try #require(Timestamp(rfc3339: "0001-01-01T00:00:00Z".utf8))
    let last = try #require(Timestamp(rfc3339: "9999-12-31T23:59:59Z".utf8))
    #expect(last.since(first) == nil)
    #expect(first.since(last) == nil)
    let epoch = Timestamp(trusted: 0, nanoseconds: 0)
    let half = Timestamp(trusted: -1, nanoseconds: 500_000_000)
    #expect(half.since(epoch) == -500_000_000)
    #expect(epoch.since(half) == 500_000_000)
    for limit in [Int64.min, .max] {
      let edge = try #require(epoch.adding(limit))
      #expect(edge.since(epoch) == limit)
      #expect(edge.adding(limit.signum())?.since(epoch) == nil)
    }
  }

  @Test func order() {
    let early = Timestamp(trusted: -1, nanoseconds: 999_999_999)
    let late = Timestamp(trusted: 0, nanoseconds: 0)
    #expect(early < late)
    #expect(late < Timestamp(trusted: 0, nanoseconds: 1))
    #expect(!(late < late))
  }

  @Test func printedTimestampsReadBack() throws {
    var random = PrimitiveRandom(seed: 8)
    for _ in 0..<20_000 {
      let seconds = Int64.random(in: Timestamp.range, using: &random)
      let scale = [1, 1_000, 1_000_000].randomElement(using: &random) ?? 1 as Int64
      let nanoseconds = Int64.random(in: 0..<1_000_000_000, using: &random) / scale * scale
      let timestamp = try #require(Timestamp(seconds: seconds, nanoseconds: nanoseconds))
      #expect(Timestamp(rfc3339: timestamp.text.utf8) == timestamp)
      let duration = Int64(bitPattern: random.next())
      if let sum = timestamp.adding(duration) {
        #expect(sum.since(timestamp) == duration)
        #expect(sum.subtracting(duration) == timestamp)
      }
    }
  }

  @Test func anyTextIsReadOrRefused() {
    var random = PrimitiveRandom(seed: 9)
    let valid = Array("2026-01-31T23:59:58.123+05:30".utf8)
    for _ in 0..<20_000 {
      var bytes = valid
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        bytes[index] = random.text(from: "0123456789-+:.TZ", length: 1).first ?? 0
      }
      bytes.removeLast(Int.random(in: 0...2, using: &random))
      if let timestamp = Timestamp(rfc3339: bytes) {
        #expect(Timestamp.range.contains(timestamp.seconds))
      }
    }
  }

  /// Not instants of CEL, but nothing may trap on them.
  @Test(arguments: [Int64.min, -62_135_596_801, 253_402_300_800, .max])
  func outOfRangeComponentsAreHarmless(seconds: Int64) {
    let wild = Timestamp(trusted: seconds, nanoseconds: .max)
    #expect(!wild.text.isEmpty)
    _ = wild.adding(.max)
    _ = wild.adding(.min)
    _ = wild.subtracting(.max)
    _ = wild.since(Timestamp(trusted: .max, nanoseconds: 0))
    _ = wild.since(Timestamp(trusted: .min, nanoseconds: 0))
    for field in TimestampField.allCases {
      _ = value(of: field, at: wild, offset: .max)
      _ = value(of: field, at: wild, offset: .min)
    }
  }
}
