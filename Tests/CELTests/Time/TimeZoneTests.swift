import Testing

@testable import CEL

@Suite struct TimeZoneTests {
  /// Offsets that were looked up elsewhere, written as people write them.
  static let known: [(String, String, String)] = [
    ("America/New_York", "1800-01-01T00:00:00Z", "-04:56:02"),
    ("America/New_York", "1883-11-18T16:59:59Z", "-04:56:02"),
    ("America/New_York", "1883-11-18T17:00:00Z", "-05:00"),
    ("America/New_York", "1943-07-01T00:00:00Z", "-04:00"),
    ("America/New_York", "2026-03-08T06:59:59Z", "-05:00"),
    ("America/New_York", "2026-03-08T07:00:00Z", "-04:00"),
    ("America/New_York", "2026-11-01T05:59:59Z", "-04:00"),
    ("America/New_York", "2026-11-01T06:00:00Z", "-05:00"),
    ("America/New_York", "2100-07-01T00:00:00Z", "-04:00"),
    ("America/New_York", "2100-12-31T23:59:59Z", "-05:00"),
    ("America/New_York", "9999-07-01T00:00:00Z", "-04:00"),
    ("Europe/London", "1900-06-01T00:00:00Z", "+00:00"),
    ("Europe/London", "1800-01-01T00:00:00Z", "-00:01:15"),
    ("Europe/London", "1970-01-01T00:00:00Z", "+01:00"),
    ("Europe/London", "2026-07-01T00:00:00Z", "+01:00"),
    ("Europe/London", "2100-07-01T00:00:00Z", "+01:00"),
    ("Europe/London", "2100-01-01T00:00:00Z", "+00:00"),
    ("Europe/Paris", "2026-03-29T00:59:59Z", "+01:00"),
    ("Europe/Paris", "2026-03-29T01:00:00Z", "+02:00"),
    ("Australia/Sydney", "2009-02-13T23:31:30Z", "+11:00"),
    ("Australia/Sydney", "2026-07-01T00:00:00Z", "+10:00"),
    ("Australia/Sydney", "2100-01-01T00:00:00Z", "+11:00"),
    ("Australia/Sydney", "2100-07-01T00:00:00Z", "+10:00"),
    ("Australia/Sydney", "2100-12-31T23:59:59Z", "+11:00"),
    ("Australia/Sydney", "2100-04-03T15:59:59Z", "+11:00"),
    ("Australia/Sydney", "2100-04-03T16:00:00Z", "+10:00"),
    ("Asia/Kathmandu", "2009-02-13T23:31:30Z", "+05:45"),
    ("Asia/Kathmandu", "1980-01-01T00:00:00Z", "+05:30"),
    ("Asia/Kathmandu", "2100-01-01T00:00:00Z", "+05:45"),
    ("Europe/Dublin", "2100-01-01T00:00:00Z", "+00:00"),
    ("Europe/Dublin", "2100-07-01T00:00:00Z", "+01:00"),
    ("Asia/Jerusalem", "2100-07-01T00:00:00Z", "+03:00"),
    ("Asia/Jerusalem", "2100-01-01T00:00:00Z", "+02:00"),
    ("America/Nuuk", "2100-01-01T00:00:00Z", "-02:00"),
    ("America/Nuuk", "2100-07-01T00:00:00Z", "-01:00"),
    ("Africa/Monrovia", "1971-06-01T00:00:00Z", "-00:44:30"),
    ("US/Central", "2009-02-13T23:31:30Z", "-06:00"),
    ("UTC", "2009-02-13T23:31:30Z", "+00:00"),
    ("Asia/Kolkata", "2026-01-01T00:00:00Z", "+05:30"),
    ("Australia/Lord_Howe", "2100-01-01T00:00:00Z", "+11:00"),
    ("Australia/Lord_Howe", "2100-07-01T00:00:00Z", "+10:30"),
  ]

  @Test(.enabled(if: ZoneFiles.areInstalled, "no zone files on this machine"), arguments: known)
  func knownOffset(zone: String, instant: String, expected: String) throws {
    let rules = try #require(TimeZoneRules(tzif: try ZoneFiles.bytes(zone)))
    let timestamp = try #require(Timestamp(rfc3339: instant.utf8))
    #expect(rules.offset(at: timestamp.seconds) == Self.seconds(expected))
  }

  private static func seconds(_ text: String) -> Int32? {
    let parts = text.dropFirst().split(separator: ":").compactMap { Int32($0) } + [0]
    guard parts.count >= 3 else { return nil }
    let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    return text.hasPrefix("-") ? -seconds : seconds
  }

  @Test(.enabled(if: ZoneFiles.areInstalled, "no zone files on this machine"))
  func filesWithLeapSecondsAreRefused() throws {
    guard let bytes = try? ZoneFiles.bytes("right/Europe/London") else { return }
    #expect(TimeZoneRules(tzif: bytes) == nil)
  }

  @Test func fixedOffset() {
    for seconds in [Int32.min, -3600, 0, 20_700, .max] {
      let rules = TimeZoneRules(fixedOffset: seconds)
      for time in [Int64.min, 0, .max] { #expect(rules.offset(at: time) == seconds) }
    }
  }

  @Test func transitionsAreIncluded() throws {
    let bytes = ZoneFiles.make(
      transitions: [(-100, 1), (0, 2), (100, 0)], types: [10, 20, -30])
    let rules = try #require(TimeZoneRules(tzif: bytes))
    let expected: [(Int64, Int32)] = [
      (.min, 10), (-101, 10), (-100, 20), (-1, 20), (0, -30), (99, -30), (100, 10), (.max, 10),
    ]
    for (time, offset) in expected { #expect(rules.offset(at: time) == offset) }
  }

  @Test func firstVersionHasNoFooter() throws {
    let bytes = ZoneFiles.make(
      version: "\0", transitions: [(-100, 1), (100, 0)], types: [0, 3600])
    let rules = try #require(TimeZoneRules(tzif: bytes))
    #expect(rules.offset(at: -101) == 0)
    #expect(rules.offset(at: -100) == 3600)
    #expect(rules.offset(at: 1_000_000) == 0)
  }

  /// Footer, instant, offset; the file has no transitions, so the footer decides everywhere.
  static let footers: [(String, String, Int32)] = [
    ("UTC0", "2026-07-01T00:00:00Z", 0),
    ("<+0545>-5:45", "2026-07-01T00:00:00Z", 20_700),
    ("<-123045>12:30:45", "2026-07-01T00:00:00Z", -45_045),
    ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", -18_000),
    ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -14_400),
    ("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T05:59:59Z", -14_400),
    ("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", -18_000),
    // Southern: daylight saving time spans the new year.
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2025-12-31T14:00:00Z", 39_600),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-04-04T15:59:59Z", 39_600),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-04-04T16:00:00Z", 36_000),
    ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-10-03T16:00:00Z", 39_600),
    // Jn never counts the leap day: J60 is 1 March; 59 is 29 February in leap years.
    ("AAA0BBB,J60/0,J300/0", "2024-02-29T23:59:59Z", 0),
    ("AAA0BBB,J60/0,J300/0", "2024-03-01T00:00:00Z", 3_600),
    ("AAA0BBB,J59/0,J300/0", "2024-02-28T00:00:00Z", 3_600),
    ("AAA0BBB,J60/0,J300/0", "2025-03-01T00:00:00Z", 3_600),
    ("AAA0BBB,59/0,300/0", "2024-02-28T23:59:59Z", 0),
    ("AAA0BBB,59/0,300/0", "2024-02-29T00:00:00Z", 3_600),
    ("AAA0BBB,59/0,300/0", "2025-03-01T00:00:00Z", 3_600),
    ("AAA0BBB,0/0,300/0", "2025-01-01T00:00:00Z", 3_600),
    // Greenland: an hour before midnight, so negative on the local clock.
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7_200),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3_600),
    // Israel: 26 hours after the Thursday began is Friday at two.
    ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-26T23:59:59Z", 7_200),
    ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", 10_800),
    // Ireland: the standard offset is the summer's.
    ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3_600),
    // All year, as RFC 9636 writes it: also at the joint of two years.
    ("EST5EDT,0/0,J365/25", "2025-12-31T23:00:00Z", -14_400),
    ("EST5EDT,0/0,J365/25", "2026-01-01T04:59:59Z", -14_400),
    ("EST5EDT,0/0,J365/25", "2026-01-01T05:00:00Z", -14_400),
    ("EST5EDT,0/0,J365/25", "2026-07-01T00:00:00Z", -14_400),
    // The furthest times leave the year.
    ("AAA0BBB,J1/-167,J200", "2025-12-25T00:59:59Z", 0),
    ("AAA0BBB,J1/-167,J200", "2025-12-25T01:00:00Z", 3_600),
    ("AAA0BBB,J100,J365/167", "2026-01-06T21:59:59Z", 3_600),
    ("AAA0BBB,J100,J365/167", "2026-01-06T22:00:00Z", 0),
    // Half an hour, written in full.
    ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", 39_600),
  ]

  @Test(arguments: footers) func footer(rule: String, instant: String, expected: Int32) throws {
    let rules = try #require(TimeZoneRules(tzif: ZoneFiles.make(types: [77], footer: rule)))
    let timestamp = try #require(Timestamp(rfc3339: instant.utf8))
    #expect(rules.offset(at: timestamp.seconds) == expected)
  }

  @Test func footerTakesOverAtTheLastTransition() throws {
    let bytes = ZoneFiles.make(transitions: [(0, 1)], types: [10, 20], footer: "AAA-1")
    let rules = try #require(TimeZoneRules(tzif: bytes))
    #expect(rules.offset(at: -1) == 10)
    #expect(rules.offset(at: 0) == 3600)
    #expect(rules.offset(at: .max) == 3600)
    let plain = try #require(TimeZoneRules(tzif: ZoneFiles.make(types: [77])))
    #expect(plain.offset(at: 0) == 77)
  }
}
