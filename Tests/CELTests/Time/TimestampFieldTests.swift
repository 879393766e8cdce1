import Testing

@testable import CEL

@Suite struct TimestampFieldTests {
  static let fields: [(String, String, TimestampField, Int64)] = [
    ("2009-02-13T23:31:30Z", "UTC", .date, 13), ("2009-02-13T23:31:30Z", "", .dayOfMonth, 12),
    ("2009-02-13T23:31:20.123456789Z", "UTC", .milliseconds, 123),
    ("2009-02-13T23:31:30Z", "UTC", .minutes, 31), ("2009-02-13T23:31:30Z", "UTC", .month, 1),
    ("2009-02-13T23:31:30Z", "UTC", .seconds, 30), ("2009-02-13T23:31:30Z", "UTC", .hours, 23),
    ("2009-02-13T23:31:30Z", "UTC", .dayOfWeek, 5), ("2009-02-13T23:31:30Z", "UTC", .dayOfYear, 43),
    ("2009-02-13T23:31:30Z", "+11:00", .dayOfMonth, 13),
    ("2009-02-13T02:00:00Z", "-02:30", .dayOfMonth, 11),
    ("2009-02-13T23:31:30Z", "-09:30", .fullYear, 2009),
    ("2009-02-13T23:31:30Z", "-00:00", .seconds, 30),
    ("2009-02-13T23:31:30Z", "05:45", .minutes, 16), ("2026-01-01T00:00:00Z", "-00:01", .date, 31),
    ("2026-01-01T00:00:00Z", "-00:01", .dayOfYear, 364),
    ("2024-12-31T00:00:00Z", "UTC", .dayOfYear, 365),
    ("2026-01-04T00:00:00Z", "UTC", .dayOfWeek, 0),
    ("1969-12-31T23:59:59.5Z", "UTC", .milliseconds, 500),
    ("1969-12-31T23:59:59Z", "UTC", .dayOfWeek, 3), ("1969-12-31T23:59:59Z", "UTC", .seconds, 59),
    ("0001-01-01T00:00:00Z", "-00:01", .fullYear, 0),
    ("0001-01-01T00:00:00Z", "UTC", .dayOfWeek, 1),
    ("9999-12-31T23:59:59Z", "+23:59", .fullYear, 10_000),
    ("2000-02-29T00:00:00Z", "UTC", .date, 29),
    ("2000-03-01T00:00:00Z", "UTC", .month, 2), ("2000-12-31T00:00:00Z", "UTC", .month, 11),
  ]

  @Test(arguments: fields)
  func timestampField(text: String, zone: String, field: TimestampField, expected: Int64) throws {
    let timestamp = try #require(Timestamp(rfc3339: text.utf8))
    let offset = try #require(FixedOffset.parse(zone.utf8))
    #expect(value(of: field, at: timestamp, offset: offset) == expected)
  }

  static let durations: [(String, TimestampField, Int64?)] = [
    ("10000s", .hours, 2), ("3730s", .minutes, 62), ("123.321456789s", .milliseconds, 321),
    ("-90m", .hours, -1), ("-1.9s", .seconds, -1), ("-1.9s", .milliseconds, -900),
    ("3723.456s", .seconds, 3723), ("1h", .fullYear, nil), ("1h", .date, nil),
    ("-9223372036854775808ns", .milliseconds, -854),
  ]

  @Test(arguments: durations)
  func durationField(text: String, field: TimestampField, expected: Int64?) throws {
    let nanoseconds = try #require(DurationText.parse(text.utf8))
    #expect(value(of: field, duration: nanoseconds) == expected)
  }

  static let offsets: [(String, Int32?)] = [
    ("UTC", 0), ("", 0), ("+11:00", 39_600), ("-02:30", -9_000), ("02:00", 7_200), ("-00:00", 0),
    ("-00:01", -60), ("+23:59", 86_340), ("-23:59", -86_340), ("+5:30", 19_800), ("9:5", 32_700),
    ("+24:00", nil), ("+25:00", nil), ("+05:60", nil), ("+05", nil), ("0530", nil), ("Z", nil),
    ("utc", nil), ("Local", nil), ("GMT", nil), ("+", nil), (":", nil), ("+:30", nil), ("05:", nil),
    ("+005:00", nil), ("+05:000", nil), ("+05:30:00", nil), ("--05:30", nil), ("+05:-30", nil),
    (" 05:30", nil), ("05:30 ", nil), ("Europe/Paris", nil),
  ]

  @Test(arguments: offsets) func fixedOffset(text: String, expected: Int32?) {
    #expect(FixedOffset.parse(text.utf8) == expected)
  }

  /// Walks through the whole range day by day with a calendar that only counts.
  @Test func everyDayOfTheRange() {
    var date = CivilDate(year: 1, month: 1, day: 1)
    var dayOfYear: Int64 = 0
    for days in -719_162...2_932_896 as ClosedRange<Int64> {
      guard CivilDate(daysSinceEpoch: days) == date, date.daysSinceEpoch == days,
        date.dayOfYear == dayOfYear
      else {
        Issue.record("day \(days) is not \(date)")
        return
      }
      date.day += 1
      dayOfYear += 1
      if date.day > CivilDate.days(inMonth: date.month, of: date.year) {
        date.day = 1
        date.month += 1
      }
      if date.month > 12 {
        (date.month, dayOfYear) = (1, 0)
        date.year += 1
      }
    }
    #expect(date == CivilDate(year: 10_000, month: 1, day: 1))
  }
}
