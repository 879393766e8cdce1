/// The rule of a zone for the years no file lists, in the form of POSIX's `TZ` variable:
/// `EST5EDT,M3.2.0,M11.1.0`, with the extensions of RFC 9636 (times from -167 to 167 hours).
struct PosixRule: Sendable, Equatable {
  /// Seconds east outside of daylight saving time.
  private let standard: Int32
  private let daylight: Daylight?

  private struct Daylight: Sendable, Equatable {
    /// Seconds east; less than the standard offset where winter is the exception (Ireland).
    let offset: Int32
    let start: Change
    let end: Change
  }

  /// Seconds east at `seconds` since the epoch.
  func offset(at seconds: Int64) -> Int32 {
    guard let daylight else { return standard }
    // Far beyond any calendar only absence of overflow matters.
    let seconds = min(max(seconds, -1 << 55), 1 << 55)
    let days = (seconds + Int64(standard)).flooringDivision(by: .secondsPerDay).quotient
    let year = CivilDate(daysSinceEpoch: days).year
    // A change may fall into a neighbouring year, so the latest of three years' changes decides.
    // Of two at the same instant the later listed one wins: where daylight saving lasts all year,
    // the start of a year coincides with the end of the year before.
    var latest = Int64.min
    var offset = standard
    for year in year - 1...year + 1 {
      let start = daylight.start.seconds(in: year) - Int64(standard)
      if start <= seconds, start >= latest { (latest, offset) = (start, daylight.offset) }
      let end = daylight.end.seconds(in: year) - Int64(daylight.offset)
      if end <= seconds, end >= latest { (latest, offset) = (end, standard) }
    }
    return offset
  }

  /// `nil` when the text is not a rule.
  init?(_ text: ArraySlice<UInt8>) {
    var cursor = ByteCursor(text)
    guard Self.skipName(&cursor), let west = Self.time(&cursor, maximumHours: 24) else {
      return nil
    }
    standard = -west
    guard !cursor.isAtEnd else {
      daylight = nil
      return
    }
    guard Self.skipName(&cursor) else { return nil }
    var offset = standard + 3600
    if let byte = cursor.peek, byte != UInt8(ascii: ",") {
      guard let west = Self.time(&cursor, maximumHours: 24) else { return nil }
      offset = -west
    }
    guard cursor.skip(","), let start = Change(&cursor), cursor.skip(","),
      let end = Change(&cursor), cursor.isAtEnd
    else { return nil }
    daylight = Daylight(offset: offset, start: start, end: end)
  }

  /// `EST` or `<+0330>`: at least three characters.
  private static func skipName(_ cursor: inout ByteCursor<ArraySlice<UInt8>>) -> Bool {
    let isQuoted = cursor.skip("<")
    var length = 0
    while let byte = cursor.peek, isNamePart(byte, isQuoted: isQuoted) {
      guard cursor.next() != nil else { break }
      length += 1
    }
    return length >= 3 && (!isQuoted || cursor.skip(">"))
  }

  private static func isNamePart(_ byte: UInt8, isQuoted: Bool) -> Bool {
    if byte.asciiLowercased &- UInt8(ascii: "a") < 26 { return true }
    let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    return isQuoted && (isSign || byte.digitValue != nil)
  }

  /// `-2:30:15`, in seconds.
  fileprivate static func time(
    _ cursor: inout ByteCursor<ArraySlice<UInt8>>, maximumHours: Int64
  ) -> Int32? {
    let sign = cursor.sign()
    guard let hours = cursor.number(upTo: 3), hours <= maximumHours else { return nil }
    var seconds = hours * 3600
    for unit in [60, 1] as [Int64] {
      guard cursor.skip(":") else { break }
      guard let part = cursor.number(digits: 2), part <= 59 else { return nil }
      seconds += part * unit
    }
    return Int32(truncatingIfNeeded: sign == .minus ? -seconds : seconds)
  }
}

/// The moment of a year when the clocks change.
private struct Change: Sendable, Equatable {
  private let day: Day
  /// Seconds after that day's midnight, on the clock in force before the change.
  private let time: Int32

  private enum Day: Sendable, Equatable {
    /// `Jn`: 1 to 365, the leap day not counted.
    case withoutLeapDay(Int64)
    /// `n`: 0 to 365, the leap day counted.
    case sinceNewYear(Int64)
    /// `Mm.w.d`: the week's `weekday` of the month; week 5 is the last one.
    case weekday(month: Int64, week: Int64, weekday: Int64)
  }

  init?(_ cursor: inout ByteCursor<ArraySlice<UInt8>>) {
    guard let day = Self.day(&cursor) else { return nil }
    self.day = day
    guard cursor.skip("/") else {
      time = 7200
      return
    }
    guard let time = PosixRule.time(&cursor, maximumHours: 167) else { return nil }
    self.time = time
  }

  private static func day(_ cursor: inout ByteCursor<ArraySlice<UInt8>>) -> Day? {
    if cursor.skip("M") {
      guard let month = cursor.number(upTo: 2), (1...12).contains(month), cursor.skip("."),
        let week = cursor.number(digits: 1), (1...5).contains(week), cursor.skip("."),
        let weekday = cursor.number(digits: 1), weekday <= 6
      else { return nil }
      return .weekday(month: month, week: week, weekday: weekday)
    }
    let skipsLeapDay = cursor.skip("J")
    guard let number = cursor.number(upTo: 3) else { return nil }
    if skipsLeapDay { return (1...365).contains(number) ? .withoutLeapDay(number) : nil }
    return number <= 365 ? .sinceNewYear(number) : nil
  }

  /// Seconds since the epoch if the local clock were UTC.
  func seconds(in year: Int64) -> Int64 {
    let days: Int64
    switch day {
    case .withoutLeapDay(let number):
      let leapDay: Int64 = number >= 60 && CivilDate.isLeap(year: year) ? 1 : 0
      days = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + number - 1 + leapDay
    case .sinceNewYear(let number):
      days = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + number
    case .weekday(let month, let week, let weekday):
      let first = CivilDate(year: year, month: month, day: 1).daysSinceEpoch
      let wait = (weekday - first - 4).flooringDivision(by: 7).remainder
      let day = wait + 7 * (week - 1)
      days = first + (day < CivilDate.days(inMonth: month, of: year) ? day : day - 7)
    }
    return days * .secondsPerDay + Int64(time)
  }
}
