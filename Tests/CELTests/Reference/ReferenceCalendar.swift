import CEL

/// Fields of timestamps and durations, by counting days from 1970 one year at a time.
enum ReferenceCalendar {
  static let names: Set<String> = [
    "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear",
    "getHours",
    "getMinutes", "getSeconds", "getMilliseconds",
  ]

  static func field(
    _ name: String, _ operand: CELValue, _ zone: CELValue?
  ) throws(ReferenceFailure) -> CELValue {
    switch (operand, zone) {
    case (.duration(let nanoseconds), .none): return try ofDuration(name, nanoseconds)
    case (.timestamp(let seconds, let nanoseconds), .none):
      return .int(ofTime(name, seconds, nanoseconds))
    case (.timestamp(let seconds, let nanoseconds), .string(let zone)?):
      return .int(ofTime(name, seconds + (try offset(zone)), nanoseconds))
    default: throw .noOverload
    }
  }

  private static func ofDuration(
    _ name: String, _ nanoseconds: Int64
  ) throws(ReferenceFailure) -> CELValue {
    switch name {
    case "getHours": return .int(nanoseconds / 3_600_000_000_000)
    case "getMinutes": return .int(nanoseconds / 60_000_000_000)
    case "getSeconds": return .int(nanoseconds / 1_000_000_000)
    case "getMilliseconds": return .int(nanoseconds / 1_000_000 % 1_000)
    default: throw .noOverload
    }
  }

  /// `UTC` and fixed offsets; the environment of the tests has no database of zones.
  private static func offset(_ zone: String) throws(ReferenceFailure) -> Int64 {
    if zone == "UTC" { return 0 }
    let octets = Array(zone.utf8)
    let digits = octets.map { Int64($0) - 48 }
    guard octets.count == 6, [43, 45].contains(octets[0]), octets[3] == 58,
      [1, 2, 4, 5].allSatisfy({ (0...9).contains(digits[$0]) })
    else { throw ReferenceFailure("unknown_time_zone") }
    let seconds = (digits[1] * 10 + digits[2]) * 3_600 + (digits[4] * 10 + digits[5]) * 60
    return octets[0] == 45 ? -seconds : seconds
  }

  private static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }
  private static func length(ofYear year: Int64) -> Int64 { isLeap(year) ? 366 : 365 }

  private static func ofTime(_ name: String, _ seconds: Int64, _ nanoseconds: UInt32) -> Int64 {
    var day = seconds / 86_400
    var second = seconds % 86_400
    if second < 0 {
      second += 86_400
      day -= 1
    }
    // 1970-01-01 was a Thursday.
    let weekday = ((day + 4) % 7 + 7) % 7
    var year: Int64 = 1970
    while day < 0 {
      year -= 1
      day += length(ofYear: year)
    }
    while day >= length(ofYear: year) {
      day -= length(ofYear: year)
      year += 1
    }
    let dayOfYear = day
    var month: Int64 = 0
    for length in [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30] as [Int64] {
      guard day >= length else { break }
      day -= length
      month += 1
    }
    switch name {
    case "getFullYear": return year
    case "getMonth": return month
    case "getDate": return day + 1
    case "getDayOfMonth": return day
    case "getDayOfWeek": return weekday
    case "getDayOfYear": return dayOfYear
    case "getHours": return second / 3_600
    case "getMinutes": return second / 60 % 60
    case "getSeconds": return second % 60
    default: return Int64(nanoseconds / 1_000_000)
    }
  }
}
