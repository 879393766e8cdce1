/// What the accessors `getFullYear()` to `getMilliseconds()` ask for.
package enum TimestampField: UInt8, Sendable, CaseIterable {
  case fullYear, month, date, dayOfMonth, dayOfWeek, dayOfYear
  case hours, minutes, seconds, milliseconds
}

/// A field of `timestamp` on a clock `offset` seconds east of UTC.
///
/// Months and days count from zero and Sunday is 0, except that `date` counts from one. The year
/// may be 0 or 10000 when the offset moves the first or the last day of the range.
package func value(
  of field: TimestampField, at timestamp: Timestamp, offset: Int32
) -> Int64 {
  // Wrapping cannot happen inside the range; outside of it a wrong field is better than a trap.
  let local = timestamp.seconds &+ Int64(offset)
  let (days, second) = local.flooringDivision(by: .secondsPerDay)
  switch field {
  case .fullYear: return CivilDate(daysSinceEpoch: days).year
  case .month: return CivilDate(daysSinceEpoch: days).month - 1
  case .date: return CivilDate(daysSinceEpoch: days).day
  case .dayOfMonth: return CivilDate(daysSinceEpoch: days).day - 1
  case .dayOfWeek: return (days + 4).flooringDivision(by: 7).remainder  // 1970 began on a Thursday
  case .dayOfYear: return CivilDate(daysSinceEpoch: days).dayOfYear
  case .hours: return second / 3600
  case .minutes: return second / 60 % 60
  case .seconds: return second % 60
  case .milliseconds: return Int64(timestamp.nanoseconds / 1_000_000)
  }
}

/// A field of a duration in nanoseconds: the whole duration in that unit, cut toward zero, but for
/// milliseconds only the part below a second, as the conformance suite has it.
///
/// `nil` for the fields of a calendar, which a duration does not have.
package func value(of field: TimestampField, duration nanoseconds: Int64) -> Int64? {
  switch field {
  case .hours: nanoseconds / 3_600_000_000_000
  case .minutes: nanoseconds / 60_000_000_000
  case .seconds: nanoseconds / .nanosecondsPerSecond
  case .milliseconds: nanoseconds % .nanosecondsPerSecond / 1_000_000
  case .fullYear, .month, .date, .dayOfMonth, .dayOfWeek, .dayOfYear: nil
  }
}
